"""Brings the SQLite file in line with the component files, without losing what others have set."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from evproto.core import ConfigError
from evproto.ocpp_client.device_model.definition import ComponentEntry, VariableEntry
from evproto.ocpp_client.device_model.monitor_types import MonitorKind, MonitorType
from evproto.ocpp_client.device_model.terms import Component, Source, Variable


@dataclass(frozen=True, slots=True)
class Dropped:
    """A value of another source that the component files do not allow any more; the default is back."""

    component: Component
    variable: Variable
    source: Source


def reload(db: sqlite3.Connection, entries: Iterable[ComponentEntry]) -> list[Dropped]:
    """Write the definitions of all component files; what came from files and is in none now goes.

    Call it inside a batch. Values of the back end and the station stand, as far as they still fit.
    Raises ConfigError for a component that stands in two files.
    """
    stale = {row[0] for row in db.execute("SELECT id FROM component WHERE from_file")}
    dropped: list[Dropped] = []
    seen = set()
    for entry in entries:
        if entry.component.key in seen:
            raise ConfigError(f"{entry.component} stands in two component files")
        seen.add(entry.component.key)
        component_id, lost = write_component(db, entry, from_file=True)
        dropped += lost
        stale.discard(component_id)
    db.executemany("DELETE FROM component WHERE id = ?", [(id,) for id in stale])
    return dropped


def write_component(
    db: sqlite3.Connection, entry: ComponentEntry, *, from_file: bool
) -> tuple[int, list[Dropped]]:
    """Write one component; gives its row and the values that fit no more."""
    name, instance = entry.name, entry.instance or ""
    [component_id] = db.execute(
        "INSERT INTO component (name, instance, evse_id, connector_id, from_file) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET name = excluded.name, from_file = excluded.from_file RETURNING id",
        (name, instance, entry.evse_id or 0, entry.connector_id or 0, from_file),
    ).fetchone()
    stale = {row[0] for row in db.execute("SELECT id FROM variable WHERE component_id = ?", (component_id,))}
    dropped = []
    for variable in entry.variables:
        variable_id = _write_variable(db, component_id, variable)
        lost = _write_attributes(db, variable_id, variable)
        dropped += [Dropped(entry.component, variable.variable, source) for source in lost]
        _write_monitors(db, variable_id, variable)
        stale.discard(variable_id)
    db.executemany("DELETE FROM variable WHERE id = ?", [(id,) for id in stale])
    return component_id, dropped


def _write_variable(db: sqlite3.Connection, component_id: int, entry: VariableEntry) -> int:
    row = db.execute(
        "INSERT INTO variable (component_id, name, instance, data_type, unit, min_limit, max_limit, "
        "values_list, supports_monitoring, reboot_required) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET name = excluded.name, data_type = excluded.data_type, "
        "unit = excluded.unit, min_limit = excluded.min_limit, max_limit = excluded.max_limit, "
        "values_list = excluded.values_list, supports_monitoring = excluded.supports_monitoring, "
        "reboot_required = excluded.reboot_required RETURNING id",
        (
            component_id,
            entry.name,
            entry.instance or "",
            entry.data_type.value,
            entry.unit,
            entry.min_limit,
            entry.max_limit,
            ",".join(entry.values_list),
            entry.supports_monitoring,
            entry.reboot_required,
        ),
    ).fetchone()
    return int(row[0])


def _write_attributes(db: sqlite3.Connection, variable_id: int, entry: VariableEntry) -> list[Source]:
    stale = []
    lost = []
    types = {attribute.type.value for attribute in entry.attributes}
    rows = db.execute("SELECT type, value, source FROM attribute WHERE variable_id = ?", (variable_id,))
    for type_, value, source in rows.fetchall():
        misfit = source and value is not None and entry.characteristics.refuse(value) is not None
        if type_ not in types or misfit:
            stale.append((variable_id, type_))
        if misfit:
            lost.append(Source(source))
    db.executemany("DELETE FROM attribute WHERE variable_id = ? AND type = ?", stale)
    db.executemany(
        "INSERT INTO attribute (variable_id, type, mutability, persistent, constant, value) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET mutability = excluded.mutability, "
        "persistent = excluded.persistent, constant = excluded.constant, "
        "value = iif(source = 0 OR excluded.constant, excluded.value, value), "
        "source = iif(excluded.constant, 0, source)",
        [
            (
                variable_id,
                attribute.type.value,
                attribute.mutability.value,
                attribute.persistent,
                attribute.constant,
                None if attribute.value is None else entry.characteristics.canonical(attribute.value),
            )
            for attribute in entry.attributes
        ],
    )
    return lost


def _write_monitors(db: sqlite3.Connection, variable_id: int, entry: VariableEntry) -> None:
    """Rows know the file's entry that they came from, even when the back end has changed them."""
    wanted = {msgspec.json.encode(monitor): monitor for monitor in entry.monitors}
    rows = db.execute(
        "SELECT id, kind, type, factory FROM monitor WHERE variable_id = ?", (variable_id,)
    ).fetchall()
    for id_, kind, type_, factory in rows:
        if not entry.supports(MonitorType(type_)):
            db.execute("DELETE FROM monitor WHERE id = ?", (id_,))
        elif factory is not None and wanted.pop(factory, None) is None:
            if kind == MonitorKind.CUSTOM.value:
                db.execute("UPDATE monitor SET factory = NULL WHERE id = ?", (id_,))
            else:
                db.execute("DELETE FROM monitor WHERE id = ?", (id_,))
    for factory, monitor in wanted.items():
        place = (variable_id, monitor.type.value, monitor.severity)
        taken = db.execute(
            "SELECT 1 FROM monitor WHERE variable_id = ? AND type = ? AND severity = ? AND active", place
        ).fetchone()
        db.execute(
            "INSERT INTO monitor (variable_id, type, severity, value, in_transaction, kind, active, factory) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (*place, monitor.value, monitor.transaction, monitor.kind, taken is None, factory),
        )
