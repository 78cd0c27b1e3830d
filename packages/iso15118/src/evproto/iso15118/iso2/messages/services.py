"""Services of ISO 15118-2 and how they are offered and taken (annex C.4, V2G_CI_MsgDataTypes)."""

from __future__ import annotations

from evproto.exi import attribute, choice, element
from evproto.exi.types import Byte, Int, Short

from .enumerations import EnergyTransferMode, PaymentOption, ServiceCategory
from .namespaces import DataType
from .physical import PhysicalValue
from .simple_types import ServiceID, ServiceName, ServiceScope


class Service(DataType):
    """A service that the SECC offers."""

    service_id: ServiceID = element("ServiceID")
    service_name: ServiceName | None = element("ServiceName", default=None)
    service_category: ServiceCategory = element("ServiceCategory")
    service_scope: ServiceScope | None = element("ServiceScope", default=None)
    free_service: bool = element("FreeService")


class ServiceList(DataType):
    """The value added services on offer."""

    service: tuple[Service, ...] = element("Service", occurs=(1, 8))


class SelectedService(DataType):
    """One service taken, with the parameter set chosen from ServiceDetailRes."""

    service_id: ServiceID = element("ServiceID")
    parameter_set_id: Short | None = element("ParameterSetID", default=None)


class SelectedServiceList(DataType):
    """The services that the EVCC takes, charging included."""

    selected_service: tuple[SelectedService, ...] = element("SelectedService", occurs=(1, 16))


class SupportedEnergyTransferMode(DataType):
    """The energy transfer modes that the charging point can do."""

    energy_transfer_mode: tuple[EnergyTransferMode, ...] = element("EnergyTransferMode", occurs=(1, 6))


class ChargeService(Service):
    """The charging service with the energy transfer modes of the outlet."""

    supported_energy_transfer_mode: SupportedEnergyTransferMode = element("SupportedEnergyTransferMode")


class Parameter(
    DataType,
    content=choice("bool_value", "byte_value", "short_value", "int_value", "physical_value", "string_value"),
):
    """A named value; exactly one of its fields but the name is given."""

    name: str = attribute("Name")
    bool_value: bool | None = element("boolValue", default=None)
    byte_value: Byte | None = element("byteValue", default=None)
    short_value: Short | None = element("shortValue", default=None)
    int_value: Int | None = element("intValue", default=None)
    physical_value: PhysicalValue | None = element("physicalValue", default=None)
    string_value: str | None = element("stringValue", default=None)


class ParameterSet(DataType):
    """One way of having a service."""

    parameter_set_id: Short = element("ParameterSetID")
    parameter: tuple[Parameter, ...] = element("Parameter", occurs=(1, 16))


class ServiceParameterList(DataType):
    """The ways in which a service can be had."""

    parameter_set: tuple[ParameterSet, ...] = element("ParameterSet", occurs=(1, 255))


class PaymentOptionList(DataType):
    """The ways of identification on offer."""

    payment_option: tuple[PaymentOption, ...] = element("PaymentOption", occurs=(1, 2))
