"""What a component file says: a component with its variables, their first values and monitors.

The structures below are the schema: a file is decoded strictly by them, and `component_schema`
gives them as JSON Schema for editors and other tools.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from importlib import resources
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import Meta

from evproto.core import DecodeError
from evproto.ocpp_client.device_model.characteristics import Characteristics, DataType
from evproto.ocpp_client.device_model.monitor_types import MonitorType
from evproto.ocpp_client.device_model.terms import Attribute, Component, Mutability, Variable

Name: TypeAlias = Annotated[str, Meta(min_length=1, max_length=50)]
Value: TypeAlias = Annotated[str, Meta(max_length=2500)]
Limit: TypeAlias = Annotated[str, Meta(pattern=r"^[+-]?[0-9]{1,18}(\.[0-9]{1,18})?$")]
"""A limit is a text, so that it is exact."""


class _Entry(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, rename="camel"
):
    pass


class AttributeEntry(_Entry, frozen=True, kw_only=True):
    """One attribute and its first value."""

    type: Attribute = Attribute.ACTUAL
    mutability: Mutability = Mutability.READ_ONLY
    value: Value | None = None
    persistent: bool = True
    constant: bool = False


class MonitorEntry(_Entry, frozen=True, kw_only=True):
    """A monitor that the station comes with."""

    type: MonitorType
    value: float
    severity: Annotated[int, Meta(ge=0, le=9)]
    kind: Literal["HardWired", "Preconfigured"] = "Preconfigured"
    transaction: bool = False


class VariableEntry(_Entry, frozen=True, kw_only=True):
    """One variable; `reboot_required`: what the back end sets holds from the next start on."""

    name: Name
    data_type: DataType
    instance: Name | None = None
    unit: Annotated[str, Meta(max_length=16)] | None = None
    min_limit: Limit | None = None
    max_limit: Limit | None = None
    values_list: tuple[str, ...] = ()
    supports_monitoring: bool = False
    reboot_required: bool = False
    attributes: Annotated[tuple[AttributeEntry, ...], Meta(min_length=1, max_length=4)] = (AttributeEntry(),)
    monitors: tuple[MonitorEntry, ...] = ()

    @property
    def variable(self) -> Variable:
        """Its name."""
        return Variable(self.name, self.instance)

    @property
    def label(self) -> str:
        """Its name in one text."""
        return self.name if self.instance is None else f"{self.name}[{self.instance}]"

    def supports(self, type_: MonitorType) -> bool:
        """Whether it can have such a monitor."""
        has_target = any(attribute.type is Attribute.TARGET for attribute in self.attributes)
        return (
            self.supports_monitoring and type_.suits(self.data_type) and (has_target or not type_.is_target)
        )

    @property
    def characteristics(self) -> Characteristics:
        """What its values may be; equal ones are one object, for there are many stations in a process."""
        return shared_characteristics(
            self.data_type,
            self.unit,
            self.min_limit,
            self.max_limit,
            self.values_list,
            self.supports_monitoring,
        )


class ComponentEntry(_Entry, frozen=True, kw_only=True):
    """One component file."""

    name: Name
    variables: tuple[VariableEntry, ...]
    instance: Name | None = None
    evse_id: Annotated[int, Meta(ge=1)] | None = None
    connector_id: Annotated[int, Meta(ge=1)] | None = None

    @property
    def component(self) -> Component:
        """Its name."""
        return Component(self.name, self.instance, self.evse_id, self.connector_id)

    def at(
        self, *, instance: str | None = None, evse_id: int | None = None, connector_id: int | None = None
    ) -> ComponentEntry:
        """The same component at another place of the station."""
        return msgspec.structs.replace(self, instance=instance, evse_id=evse_id, connector_id=connector_id)

    def only(self, *names: str) -> ComponentEntry:
        """With these variables alone; KeyError for a name that is none of its variables."""
        kept = tuple(entry for entry in self.variables if entry.name in names)
        if missing := set(names) - {entry.name for entry in kept}:
            raise KeyError(f"{self.name} has no variable {', '.join(sorted(missing))}")
        return msgspec.structs.replace(self, variables=kept)

    def with_values(self, values: dict[str, str]) -> ComponentEntry:
        """With other first values of Actual, by `Name` or `Name[instance]`; KeyError for an unknown name.

        Raises DecodeError for a value that the variable cannot have.
        """
        if missing := set(values) - {entry.label for entry in self.variables}:
            raise KeyError(f"{self.name} has no variable {', '.join(sorted(missing))}")
        changed = msgspec.structs.replace(
            self, variables=tuple(_with_value(entry, values.get(entry.label)) for entry in self.variables)
        )
        _check(changed)
        return changed


def read_component(text: str | bytes) -> ComponentEntry:
    """Read a component file; DecodeError where it is no JSON, not of the schema or contradicts itself."""
    try:
        entry = msgspec.json.decode(text, type=ComponentEntry)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise DecodeError(str(error)) from error
    _check(entry)
    return entry


def component_schema() -> dict[str, Any]:
    """The JSON Schema of component files."""
    return msgspec.json.schema(ComponentEntry)


def standard_names() -> list[str]:
    """The standard components that `standard_component` knows."""
    return sorted(
        entry.name.removesuffix(".json") for entry in _shipped().iterdir() if entry.name.endswith(".json")
    )


@lru_cache(maxsize=128)
def standard_component(name: str) -> ComponentEntry:
    """A standard component of part 2's appendices; KeyError when there is none of that name."""
    file = _shipped() / f"{name}.json"
    if not name.isalnum() or not file.is_file():
        raise KeyError(f"no standard component {name!r}")
    return read_component(file.read_bytes())


def standard_station(connectors: Sequence[int], *controllers: str) -> list[ComponentEntry]:
    """The components that every station of 2.x has, and further standard ones by name.

    connectors: how many connectors each EVSE has, from EVSE 1 on.
    """
    names = ("ChargingStation", *_CORE_CONTROLLERS, *controllers)
    entries = [standard_component(name) for name in names]
    for evse_id, count in enumerate(connectors, start=1):
        entries.append(standard_component("EVSE").at(evse_id=evse_id))
        entries += [
            standard_component("Connector").at(evse_id=evse_id, connector_id=connector_id)
            for connector_id in range(1, count + 1)
        ]
    return entries


_CORE_CONTROLLERS = (
    "AlignedDataCtrlr",
    "AuthCacheCtrlr",
    "AuthCtrlr",
    "ClockCtrlr",
    "DeviceDataCtrlr",
    "LocalAuthListCtrlr",
    "MonitoringCtrlr",
    "OCPPCommCtrlr",
    "SampledDataCtrlr",
    "SecurityCtrlr",
    "TxCtrlr",
)


@lru_cache(maxsize=4096)
def shared_characteristics(
    data_type: DataType,
    unit: str | None,
    min_limit: str | None,
    max_limit: str | None,
    values_list: tuple[str, ...],
    supports_monitoring: bool,
) -> Characteristics:
    """Characteristics whose limits are still texts."""
    return Characteristics(
        data_type, unit, _number(min_limit), _number(max_limit), values_list, supports_monitoring
    )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _shipped() -> Any:
    return resources.files("evproto.ocpp_client.device_model") / "components"


def _with_value(entry: VariableEntry, value: str | None) -> VariableEntry:
    if value is None:
        return entry
    attributes = tuple(
        msgspec.structs.replace(attribute, value=value) if attribute.type is Attribute.ACTUAL else attribute
        for attribute in entry.attributes
    )
    return msgspec.structs.replace(entry, attributes=attributes)


def _check(entry: ComponentEntry) -> None:
    if entry.connector_id is not None and entry.evse_id is None:
        raise DecodeError("a connectorId needs an evseId", path=entry.name)
    seen = set()
    for variable in entry.variables:
        for fault in _faults(variable):
            raise DecodeError(fault, path=f"{entry.name}/{variable.name}")
        if variable.variable.key in seen:
            raise DecodeError("stands twice", path=f"{entry.name}/{variable.name}")
        seen.add(variable.variable.key)


def _faults(entry: VariableEntry) -> Iterator[str]:
    types = [attribute.type for attribute in entry.attributes]
    if len(set(types)) != len(types):
        yield "an attribute stands twice"
    if Attribute.ACTUAL not in types:
        yield "has no Actual"
    if any("," in value for value in entry.values_list):
        yield "a member of the values list has a comma"
    try:
        characteristics = entry.characteristics
    except InvalidOperation:
        yield "a limit is no number"
        return
    for attribute in entry.attributes:
        if attribute.value and (reason := characteristics.refuse(attribute.value)):
            yield f"{attribute.type.value} {attribute.value!r}: {reason.value}"
    for monitor in entry.monitors:
        if not entry.supports(monitor.type):
            yield f"cannot have a monitor {monitor.type.value}"
