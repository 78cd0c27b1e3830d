"""The device model: every variable of the station, read from memory and kept in SQLite.

The back end reads and writes by `get` and `set`, with the answers of B05 and B06; the modules of
the station by `value`, `flag`, `number`, `names` and `write`, and they subscribe to changes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from evproto.ocpp_client.device_model.characteristics import members, parse_number
from evproto.ocpp_client.device_model.database import Database
from evproto.ocpp_client.device_model.definition import ComponentEntry
from evproto.ocpp_client.device_model.record import Cell, Record, read_records
from evproto.ocpp_client.device_model.reload import Dropped, reload, write_component
from evproto.ocpp_client.device_model.terms import (
    Attribute,
    Changed,
    Component,
    GetResult,
    GetStatus,
    Mutability,
    Reason,
    SetResult,
    SetStatus,
    Source,
    Variable,
)

Listener = Callable[[Changed, float], None]
Guard = Callable[[str], Reason | None]


class DeviceModel:
    """The model of one station in one SQLite file, made from its component files.

    `recovered`: the file was damaged and rebuilt; `dropped`: values that the component files do
    not allow any more. Raises ConfigError for a component that stands in two files and
    sqlite3.OperationalError where the disk fails.
    """

    def __init__(self, path: Path | str, entries: Iterable[ComponentEntry]) -> None:
        self._database = Database(path)
        with self._database.batch():
            self.dropped: list[Dropped] = reload(self.database, entries)
        self._components: dict[tuple[str, str, int, int], dict[tuple[str, str], Record]] = {}
        self._listeners: dict[tuple[str, str] | None, list[Listener]] = {}
        self._guards: dict[tuple[str, str], Guard] = {}
        self._read(None)

    @property
    def recovered(self) -> bool:
        """Whether the file was found damaged; the station tells its back end so."""
        return self._database.recovered

    @property
    def database(self) -> sqlite3.Connection:
        """The connection, for the monitors' table."""
        return self._database.connection

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Everything written inside is on the disk together, by one commit; may be nested.

        Where it fails, what is read is again what is on the disk; subscribers are not told of that.
        """
        outermost = not self.database.in_transaction
        try:
            with self._database.batch():
                yield
        except BaseException:
            if outermost:
                self._follow_disk()
            raise

    def snapshot(self) -> None:
        """Write a copy that stands in when the file is found damaged."""
        self._database.snapshot()

    def add(self, entry: ComponentEntry) -> None:
        """A component that is in no file (a network profile); it outlives every reload."""
        with self.batch():
            component_id, _ = write_component(self.database, entry, from_file=False)
        self._components.pop(entry.component.key, None)
        self._read(component_id)

    # --- for the back end ---

    def get(
        self, component: Component, variable: Variable, attribute: Attribute = Attribute.ACTUAL
    ) -> GetResult:
        """Read one attribute as GetVariables does (B06)."""
        record = self._find(component, variable)
        if isinstance(record, GetStatus):
            return GetResult(record)
        cell = record.cell(attribute)
        if cell is None:
            return GetResult(GetStatus.NOT_SUPPORTED_ATTRIBUTE_TYPE)
        if cell.traits.mutability is Mutability.WRITE_ONLY:
            return GetResult(GetStatus.REJECTED, reason=Reason.WRITE_ONLY)
        return GetResult(GetStatus.ACCEPTED, cell.configured or "")

    def set(
        self,
        component: Component,
        variable: Variable,
        value: str,
        now: float,
        attribute: Attribute = Attribute.ACTUAL,
    ) -> SetResult:
        """Write one attribute as SetVariables does (B05); what is accepted stands on the disk."""
        record = self._find(component, variable)
        if isinstance(record, GetStatus):
            return SetResult(SetStatus(record.value))
        cell = record.cell(attribute)
        if cell is None:
            return SetResult(SetStatus.NOT_SUPPORTED_ATTRIBUTE_TYPE)
        if cell.traits.mutability is Mutability.READ_ONLY or cell.traits.constant:
            return SetResult(SetStatus.REJECTED, Reason.READ_ONLY)
        if (reason := self._refuse(record, attribute, value)) is not None:
            return SetResult(SetStatus.REJECTED, reason)
        value = record.characteristics.canonical(value)
        self._store(record, attribute, cell, value, Source.BACK_END)
        if record.reboot_required:
            cell.pending = value
            return SetResult(SetStatus.REBOOT_REQUIRED)
        self._change(record, attribute, cell, value, now)
        return SetResult(SetStatus.ACCEPTED)

    # --- for the modules of the station ---

    def value(
        self, component: Component, variable: Variable, attribute: Attribute = Attribute.ACTUAL
    ) -> str | None:
        """The value that holds now, also of what is write-only; None when there is none."""
        record = self._find(component, variable)
        if isinstance(record, GetStatus):
            return None
        cell = record.cell(attribute)
        return None if cell is None else cell.value

    def flag(self, component: str, variable: str, *, default: bool = False) -> bool:
        """A boolean of a component of the whole station."""
        value = self.value(Component(component), Variable(variable))
        return default if not value else value == "true"

    def number(self, component: str, variable: str, instance: str | None = None, *, default: int = 0) -> int:
        """An integer of a component of the whole station."""
        value = self.value(Component(component), Variable(variable, instance))
        return int(value) if value else default

    def names(self, component: str, variable: str) -> tuple[str, ...]:
        """A list of a component of the whole station."""
        return tuple(members(self.value(Component(component), Variable(variable)) or ""))

    def write(
        self,
        component: Component,
        variable: Variable,
        value: str,
        now: float,
        attribute: Attribute = Attribute.ACTUAL,
    ) -> None:
        """A new value of the station itself, also of what is read-only.

        A measured value may be out of its limits (part 1, section 4.3), but not of another type.
        Raises KeyError for what does not exist, ValueError for a text that is no such value.
        """
        record = self.record(component, variable)
        cell = record.cell(attribute)
        if cell is None:
            raise KeyError(f"{component.name}.{variable.name} has no {attribute.value}")
        reason = record.characteristics.refuse(value)
        if reason not in (None, Reason.VALUE_TOO_LOW, Reason.VALUE_TOO_HIGH):
            raise ValueError(f"{component.name}.{variable.name} cannot hold this value: {reason.value}")
        if cell.traits.constant:
            raise ValueError(f"{component.name}.{variable.name} is constant")
        value = record.characteristics.canonical(value)
        if value != cell.configured:
            self._store(record, attribute, cell, value, Source.STATION)
            cell.pending = None
            self._change(record, attribute, cell, value, now)

    def forget(self, component: Component, variable: Variable, now: float) -> None:
        """The station does not know the value any more (the vehicle has gone); KeyError as in `write`."""
        record = self.record(component, variable)
        cell = record.actual
        if cell.configured is not None:
            self._store(record, Attribute.ACTUAL, cell, None, Source.STATION)
            cell.pending = None
            self._change(record, Attribute.ACTUAL, cell, None, now)

    def subscribe(self, listener: Listener, component: str | None = None, variable: str = "") -> None:
        """Call `listener(changed, now)` after every change: of all, or of the variables of one name."""
        key = None if component is None else (component.casefold(), variable.casefold())
        self._listeners.setdefault(key, []).append(listener)

    def guard(self, component: str, variable: str, guard: Guard) -> None:
        """Ask before the back end's value is taken; a reason refuses it."""
        self._guards[component.casefold(), variable.casefold()] = guard

    def record(self, component: Component, variable: Variable) -> Record:
        """All that is known of a variable; KeyError when it does not exist."""
        found = self._find(component, variable)
        if isinstance(found, GetStatus):
            raise KeyError(f"{component.name}.{variable.name}: {found.value}")
        return found

    def find(self, component: Component, variable: Variable) -> Record | GetStatus:
        """All that is known of a variable, or which part of its name is unknown."""
        return self._find(component, variable)

    def __iter__(self) -> Iterator[Record]:
        """Every variable, components in the order of their definition."""
        for variables in tuple(self._components.values()):
            yield from tuple(variables.values())

    def __len__(self) -> int:
        return sum(map(len, self._components.values()))

    def _find(self, component: Component, variable: Variable) -> Record | GetStatus:
        variables = self._components.get(component.key)
        if variables is None:
            return GetStatus.UNKNOWN_COMPONENT
        return variables.get(variable.key, GetStatus.UNKNOWN_VARIABLE)

    def _refuse(self, record: Record, attribute: Attribute, value: str) -> Reason | None:
        reason = record.characteristics.refuse(value)
        if reason is None and record.characteristics.data_type.is_number:
            reason = _refuse_by_bounds(record, attribute, value)
        guard = self._guards.get((record.component.name.casefold(), record.variable.name.casefold()))
        if reason is None and guard is not None:
            reason = guard(value)
        return reason

    def _store(
        self, record: Record, attribute: Attribute, cell: Cell, value: str | None, source: Source
    ) -> None:
        if cell.traits.persistent:
            with self.batch():
                self.database.execute(
                    "UPDATE attribute SET value = ?, source = ? WHERE variable_id = ? AND type = ?",
                    (value, source, record.id, attribute.value),
                )
        cell.source = source

    def _change(
        self, record: Record, attribute: Attribute, cell: Cell, value: str | None, now: float
    ) -> None:
        if value == cell.value:
            return
        cell.value = value
        changed = Changed(record.component, record.variable, attribute, value or "", cell.source)
        name = (record.component.name.casefold(), record.variable.name.casefold())
        for listener in (*self._listeners.get(name, ()), *self._listeners.get(None, ())):
            listener(changed, now)

    def _follow_disk(self) -> None:
        for stored in read_records(self.database, None):
            record = self.record(stored.component, stored.variable)
            for cell, saved in zip(record.cells, stored.cells, strict=True):
                if not cell.traits.persistent:
                    continue
                cell.source = saved.source
                if record.reboot_required:
                    cell.pending = saved.value if saved.value != cell.value else None
                else:
                    cell.value = saved.value

    def _read(self, component_id: int | None) -> None:
        for record in read_records(self.database, component_id):
            self._components.setdefault(record.component.key, {})[record.variable.key] = record


def _refuse_by_bounds(record: Record, attribute: Attribute, text: str) -> Reason | None:
    """MinSet and MaxSet bound the other values, and each other (part 1, section 4.3)."""
    number = parse_number(record.characteristics.data_type, text)
    assert number is not None
    low = None if attribute is Attribute.MIN_SET else record.number(Attribute.MIN_SET)
    high = None if attribute is Attribute.MAX_SET else record.number(Attribute.MAX_SET)
    if low is not None and number < low:
        return Reason.VALUE_TOO_LOW
    if high is not None and number > high:
        return Reason.VALUE_TOO_HIGH
    return None
