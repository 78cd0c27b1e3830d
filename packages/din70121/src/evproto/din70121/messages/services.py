"""Services of DIN SPEC 70121 and how they are offered and taken (V2G_CI_MsgDataTypes)."""

from __future__ import annotations

from evproto.exi import attribute, choice, element
from evproto.exi.types import Byte, Int, Short

from .enumerations import EVSESupportedEnergyTransfer, PaymentOption, ServiceCategory, ValueType
from .namespaces import DataType
from .physical import PhysicalValue
from .simple_types import ServiceID, ServiceName, ServiceScope


class ServiceTag(DataType):
    """What a service is."""

    service_id: ServiceID = element("ServiceID")
    service_name: ServiceName | None = element("ServiceName", default=None)
    service_category: ServiceCategory = element("ServiceCategory")
    service_scope: ServiceScope | None = element("ServiceScope", default=None)


class Service(DataType):
    """A service that the SECC offers."""

    service_tag: ServiceTag = element("ServiceTag")
    free_service: bool = element("FreeService")


class ServiceTagList(DataType):
    """The services on offer besides charging."""

    service: tuple[Service, ...] = element("Service", occurs=(1, None))


class ServiceCharge(Service, element="ServiceCharge"):
    """The charging service with the energy transfer of the outlet."""

    energy_transfer_type: EVSESupportedEnergyTransfer = element("EnergyTransferType")


class SelectedService(DataType):
    """One service taken, with the parameter set chosen."""

    service_id: ServiceID = element("ServiceID")
    parameter_set_id: Short | None = element("ParameterSetID", default=None)


class SelectedServiceList(DataType):
    """The services that the EVCC takes, charging included."""

    selected_service: tuple[SelectedService, ...] = element("SelectedService", occurs=(1, None))


class Parameter(
    DataType,
    content=choice("bool_value", "byte_value", "short_value", "int_value", "physical_value", "string_value"),
):
    """A named value; exactly one of the values is given, and `value_type` says which."""

    name: str = attribute("Name")
    value_type: ValueType = attribute("ValueType")
    bool_value: bool | None = element("boolValue", default=None)
    byte_value: Byte | None = element("byteValue", default=None)
    short_value: Short | None = element("shortValue", default=None)
    int_value: Int | None = element("intValue", default=None)
    physical_value: PhysicalValue | None = element("physicalValue", default=None)
    string_value: str | None = element("stringValue", default=None)


class ParameterSet(DataType):
    """One way of having a service."""

    parameter_set_id: Short = element("ParameterSetID")
    parameter: tuple[Parameter, ...] = element("Parameter", occurs=(1, None))


class ServiceParameterList(DataType):
    """The ways in which a service can be had."""

    parameter_set: tuple[ParameterSet, ...] = element("ParameterSet", occurs=(1, None))


class PaymentOptions(DataType):
    """The ways of payment on offer."""

    payment_option: tuple[PaymentOption, ...] = element("PaymentOption", occurs=(1, None))
