"""Which variables a report holds (B07, B08), and how it is cut into messages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from evproto.ocpp_client.device_model.model import DeviceModel
from evproto.ocpp_client.device_model.record import Record
from evproto.ocpp_client.device_model.terms import Component, GetStatus, Mutability, Variable

T = TypeVar("T")


class ReportBase(Enum):
    """The reports that need no criteria."""

    CONFIGURATION_INVENTORY = "ConfigurationInventory"
    FULL_INVENTORY = "FullInventory"
    SUMMARY_INVENTORY = "SummaryInventory"


class Criterion(Enum):
    """The state in which a component is reported."""

    ACTIVE = "Active"
    AVAILABLE = "Available"
    ENABLED = "Enabled"
    PROBLEM = "Problem"


@dataclass(frozen=True, slots=True)
class Selection:
    """What a part of a name leaves open (instance, EVSE, connector, the variable) matches all."""

    component: Component
    variable: Variable | None = None

    def holds(self, component: Component, variable: Variable) -> bool:
        """Whether the variable is selected."""
        wanted = self.component
        return (
            _same(wanted.name, component.name)
            and (wanted.instance is None or _same(wanted.instance, component.instance))
            and wanted.evse_id in (None, component.evse_id)
            and wanted.connector_id in (None, component.connector_id)
            and (self.variable is None or self._holds_variable(self.variable, variable))
        )

    @staticmethod
    def _holds_variable(wanted: Variable, variable: Variable) -> bool:
        return _same(wanted.name, variable.name) and (
            wanted.instance is None or _same(wanted.instance, variable.instance)
        )


def base_report(model: DeviceModel, base: ReportBase) -> Iterator[Record]:
    """The variables of a base report."""
    match base:
        case ReportBase.FULL_INVENTORY:
            yield from model
        case ReportBase.CONFIGURATION_INVENTORY:
            yield from filter(_is_configurable, model)
        case ReportBase.SUMMARY_INVENTORY:
            yield from (record for record in model if _is_summary(model, record))


def custom_report(
    model: DeviceModel,
    criteria: Collection[Criterion] = (),
    selections: Collection[Selection] = (),
) -> Iterator[Record]:
    """The variables that are selected, of components that meet one of the criteria.

    A component that does not say whether it is active, available or enabled is so; one that does
    not know of problems has none. No criteria, no selections: everything.
    """
    for record in model:
        selected = any(selection.holds(record.component, record.variable) for selection in selections)
        if (selected or not selections) and _meets(model, record.component, criteria):
            yield record


def chunks(
    items: Iterable[T], *, most_items: int, most_bytes: int, size_of: Callable[[T], int]
) -> Iterator[list[T]]:
    """Cut into messages of at most so many items and bytes; an item too large goes alone."""
    chunk: list[T] = []
    room = most_bytes
    for item in items:
        size = size_of(item)
        if chunk and (len(chunk) >= most_items or size > room):
            yield chunk
            chunk, room = [], most_bytes
        chunk.append(item)
        room -= size
    if chunk:
        yield chunk


_ALARMS = frozenset(("problem", "tripped", "overload", "fallback"))


def _is_configurable(record: Record) -> bool:
    return any(
        cell.traits.mutability is not Mutability.READ_ONLY and not cell.traits.constant
        for cell in record.cells
    )


def _is_summary(model: DeviceModel, record: Record) -> bool:
    """Availability always; of a component that is not well, its alarms and whether it is active."""
    name = record.variable.name.casefold()
    if name == "availabilitystate":
        return True
    if name in _ALARMS:
        return _is_true(record)
    return name == "active" and any(
        isinstance(other := model.find(record.component, Variable(alarm)), Record) and _is_true(other)
        for alarm in sorted(_ALARMS)
    )


def _meets(model: DeviceModel, component: Component, criteria: Collection[Criterion]) -> bool:
    return not criteria or any(_meets_one(model, component, criterion) for criterion in criteria)


def _meets_one(model: DeviceModel, component: Component, criterion: Criterion) -> bool:
    found = model.find(component, Variable(criterion.value))
    if isinstance(found, GetStatus):
        return criterion is not Criterion.PROBLEM
    return _is_true(found)


def _is_true(record: Record) -> bool:
    return record.actual.value == "true"


def _same(one: str, other: str | None) -> bool:
    return other is not None and one.casefold() == other.casefold()
