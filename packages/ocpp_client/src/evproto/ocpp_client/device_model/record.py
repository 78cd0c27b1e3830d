"""What the device model holds of a variable in memory, and reading it from the SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from evproto.ocpp_client.device_model.characteristics import Characteristics, DataType, parse_number
from evproto.ocpp_client.device_model.definition import shared_characteristics
from evproto.ocpp_client.device_model.terms import Attribute, Component, Mutability, Source, Variable


@dataclass(frozen=True, slots=True)
class Traits:
    """What never changes of an attribute."""

    attribute: Attribute
    mutability: Mutability
    persistent: bool
    constant: bool


@dataclass(slots=True)
class Cell:
    """One attribute. `pending` is what the back end has set for the time after the next start."""

    traits: Traits
    value: str | None = field(repr=False)
    """May be a password, as may be what is pending."""
    source: Source
    pending: str | None = field(default=None, repr=False)

    @property
    def configured(self) -> str | None:
        """What the back end reads: what it has set, also before it holds."""
        return self.value if self.pending is None else self.pending


@dataclass(slots=True)
class Record:
    """One variable with its attributes, Actual first; `id` is its row."""

    id: int
    component: Component
    variable: Variable
    characteristics: Characteristics
    reboot_required: bool
    cells: tuple[Cell, ...]

    @property
    def actual(self) -> Cell:
        """The one attribute that every variable has."""
        return self.cells[0]

    def cell(self, attribute: Attribute) -> Cell | None:
        """One attribute, where the variable has it."""
        for cell in self.cells:
            if cell.traits.attribute is attribute:
                return cell
        return None

    def number(self, attribute: Attribute) -> Decimal | None:
        """The value as a number, or None where there is none."""
        cell = self.cell(attribute)
        if cell is None or cell.value is None or not self.characteristics.data_type.is_number:
            return None
        return parse_number(self.characteristics.data_type, cell.value)


_QUERY = """
SELECT component.id, component.name, component.instance, evse_id, connector_id,
    variable.id, variable.name, variable.instance, data_type, unit, min_limit, max_limit, values_list,
    supports_monitoring, reboot_required,
    type, mutability, persistent, constant, value, source
FROM component
JOIN variable ON component_id = component.id
JOIN attribute ON variable_id = variable.id
WHERE component.id = coalesce(?, component.id)
ORDER BY component.id, variable.id, type <> 'Actual'
"""


def read_records(db: sqlite3.Connection, component_id: int | None) -> Iterator[Record]:
    """The variables of one component or of all, in the order of their definition."""
    component: Component | None = None
    record: Record | None = None
    read_component: int | None = None
    for row in db.execute(_QUERY, (component_id,)):
        if component is None or row[0] != read_component:
            name, instance, evse_id, connector_id = row[1:5]
            component = Component(name, instance or None, evse_id or None, connector_id or None)
            read_component = row[0]
        if record is None or record.id != row[5]:
            if record is not None:
                yield record
            record = _record(component, row[5:15])
        record.cells = (*record.cells, _cell(row[15:]))
    if record is not None:
        yield record


def _record(component: Component, row: tuple[Any, ...]) -> Record:
    id_, name, instance, data_type, unit, low, high, values_list, monitored, reboot_required = row
    values = tuple(values_list.split(",")) if values_list else ()
    characteristics = shared_characteristics(DataType(data_type), unit, low, high, values, bool(monitored))
    variable = _shared_variable(name, instance or None)
    return Record(id_, component, variable, characteristics, bool(reboot_required), ())


def _cell(row: tuple[Any, ...]) -> Cell:
    attribute, mutability, persistent, constant, value, source = row
    if source == Source.DEFAULT and value is not None:
        value = _shared_text(value)
    return Cell(_traits(attribute, mutability, persistent, constant), value, Source(source))


@cache
def _traits(attribute: str, mutability: str, persistent: int, constant: int) -> Traits:
    return Traits(Attribute(attribute), Mutability(mutability), bool(persistent), bool(constant))


@lru_cache(maxsize=4096)
def _shared_variable(name: str, instance: str | None) -> Variable:
    return Variable(name, instance)


@lru_cache(maxsize=4096)
def _shared_text(text: str) -> str:
    """First values are the same in every station of a process."""
    return text
