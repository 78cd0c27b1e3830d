"""The device model in the messages of 2.0.1 and 2.1: GetVariables, SetVariables, reports (B05 to B08)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any

from evproto.ocpp_client.codec import encode
from evproto.ocpp_client.device_model.model import DeviceModel
from evproto.ocpp_client.device_model.record import Cell, Record
from evproto.ocpp_client.device_model.reports import Selection, chunks
from evproto.ocpp_client.device_model.terms import (
    Attribute,
    Component,
    GetResult,
    Mutability,
    Reason,
    SetResult,
    SetStatus,
    Variable,
)
from evproto.ocpp_client.types import OcppStruct
from evproto.ocpp_client.version import Version

VALUES_LIST_LENGTH = 1000
"""What VariableCharacteristicsType.valuesList holds at most."""


class Wire:
    """Translates for one version; ValueError for 1.6, which has no device model."""

    def __init__(self, version: Version) -> None:
        if version is Version.V16:
            raise ValueError("OCPP 1.6 has no device model")
        module = f"evproto.ocpp_client.{version.value.module}"
        self.types: Any = import_module(f"{module}.datatypes")
        self.enums: Any = import_module(f"{module}.enums")
        self._messages: Any = import_module(f"{module}.messages")

    def get_variables(self, model: DeviceModel, request: Any) -> Any:
        """The GetVariablesResponse to a GetVariablesRequest."""
        limit = _reporting_size(model)
        results = tuple(self._get(model, data, limit) for data in request.get_variable_data)
        return self._messages.GetVariablesResponse(get_variable_result=results)

    def set_variables(self, model: DeviceModel, request: Any, now: float) -> Any:
        """The SetVariablesResponse to a SetVariablesRequest; what it accepts is done."""
        results = tuple(self._set(model, data, now) for data in request.set_variable_data)
        return self._messages.SetVariablesResponse(set_variable_result=results)

    def report(
        self, model: DeviceModel, records: Iterable[Record], message: str = "GetReport"
    ) -> Iterator[tuple[OcppStruct, ...]]:
        """The reportData of one NotifyReport after the other, within the limits of `message`."""
        limit = _reporting_size(model)
        entries = (self.report_data(record, limit) for record in records)
        return self.cut(model, "DeviceDataCtrlr", message, entries)

    def cut(
        self, model: DeviceModel, component: str, message: str, entries: Iterable[OcppStruct]
    ) -> Iterator[tuple[OcppStruct, ...]]:
        """Entries in portions that ItemsPerMessage and BytesPerMessage of a component allow."""
        most_items = model.number(component, "ItemsPerMessage", message, default=50)
        most_bytes = model.number(component, "BytesPerMessage", message, default=65_536) - _ENVELOPE
        for chunk in chunks(entries, most_items=most_items, most_bytes=most_bytes, size_of=_size):
            yield tuple(chunk)

    def report_data(self, record: Record, limit: int = 2500) -> Any:
        """One variable as ReportData; what is write-only has no value, a long value is cut (B07)."""
        return self.types.ReportData(
            component=self.component(record.component),
            variable=self.variable(record.variable),
            variable_attribute=tuple(self._attribute(cell, limit) for cell in record.cells),
            variable_characteristics=self._characteristics(record),
        )

    def component(self, component: Component) -> Any:
        """The name of a component as the version writes it."""
        evse = None
        if component.evse_id is not None:
            evse = self.types.EVSE(id=component.evse_id, connector_id=component.connector_id)
        return self.types.Component(name=component.name, instance=component.instance, evse=evse)

    def variable(self, variable: Variable) -> Any:
        """The name of a variable as the version writes it."""
        return self.types.Variable(name=variable.name, instance=variable.instance)

    def status_info(self, reason: Reason | None) -> Any:
        """A StatusInfo, where there is a reason."""
        return None if reason is None else self.types.StatusInfo(reason_code=reason.value)

    def _get(self, model: DeviceModel, data: Any, limit: int) -> Any:
        attribute = read_attribute(data.attribute_type)
        result: GetResult = model.get(
            read_component_name(data.component), read_variable(data.variable), attribute
        )
        return self.types.GetVariableResult(
            attribute_status=self.enums.GetVariableStatusEnum(result.status.value),
            component=data.component,
            variable=data.variable,
            attribute_type=self.enums.AttributeEnum(attribute.value),
            attribute_value=None if result.value is None else result.value[:limit],
            attribute_status_info=self.status_info(result.reason),
        )

    def _set(self, model: DeviceModel, data: Any, now: float) -> Any:
        attribute = read_attribute(data.attribute_type)
        component, variable = read_component_name(data.component), read_variable(data.variable)
        if len(data.attribute_value) > model.number(
            "DeviceDataCtrlr", "ConfigurationValueSize", default=1000
        ):
            result = SetResult(SetStatus.REJECTED, Reason.TOO_LARGE_ELEMENT)
        else:
            result = model.set(component, variable, data.attribute_value, now, attribute)
        return self.types.SetVariableResult(
            attribute_status=self.enums.SetVariableStatusEnum(result.status.value),
            component=data.component,
            variable=data.variable,
            attribute_type=self.enums.AttributeEnum(attribute.value),
            attribute_status_info=self.status_info(result.reason),
        )

    def _attribute(self, cell: Cell, limit: int) -> Any:
        traits = cell.traits
        hidden = traits.mutability is Mutability.WRITE_ONLY or cell.configured is None
        return self.types.VariableAttribute(
            type=self.enums.AttributeEnum(traits.attribute.value),
            value=None if hidden else (cell.configured or "")[:limit],
            mutability=self.enums.MutabilityEnum(traits.mutability.value),
            persistent=traits.persistent,
            constant=traits.constant,
        )

    def _characteristics(self, record: Record) -> Any:
        characteristics = record.characteristics
        low, high = characteristics.min_limit, characteristics.max_limit
        return self.types.VariableCharacteristics(
            data_type=self.enums.DataEnum(characteristics.data_type.value),
            unit=characteristics.unit,
            min_limit=None if low is None else float(low),
            max_limit=None if high is None else float(high),
            values_list=",".join(characteristics.values_list)[:VALUES_LIST_LENGTH] or None,
            supports_monitoring=characteristics.supports_monitoring,
        )


def read_component_name(message: Any) -> Component:
    """The component that a message of either version names."""
    if message.evse is None:
        return Component(message.name, message.instance)
    return Component(message.name, message.instance, message.evse.id, message.evse.connector_id)


def read_variable(message: Any) -> Variable:
    """The variable that a message of either version names."""
    return Variable(message.name, message.instance)


def read_attribute(message: Any) -> Attribute:
    """The attribute that a message of either version names; Actual where it names none."""
    return Attribute.ACTUAL if message is None else Attribute(message.value)


def read_selection(message: Any) -> Selection:
    """A ComponentVariable of either version."""
    variable = None if message.variable is None else read_variable(message.variable)
    return Selection(read_component_name(message.component), variable)


_ENVELOPE = 256
"""Bytes of the frame and of the other fields of the message."""


def _reporting_size(model: DeviceModel) -> int:
    return model.number("DeviceDataCtrlr", "ReportingValueSize", default=2500)


def _size(entry: OcppStruct) -> int:
    return len(encode(entry)) + 1
