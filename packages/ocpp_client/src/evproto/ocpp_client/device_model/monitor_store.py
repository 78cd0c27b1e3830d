"""The table of monitors: which there are, which the factory gave, which the back end has changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from evproto.ocpp_client.device_model.definition import MonitorEntry
from evproto.ocpp_client.device_model.model import DeviceModel
from evproto.ocpp_client.device_model.monitor_types import MonitoringBase, MonitorKind, MonitorType

_CUSTOM = MonitorKind.CUSTOM.value
_HARD_WIRED = MonitorKind.HARD_WIRED.value


@dataclass(frozen=True, slots=True)
class Monitor:
    """One monitor that is in force; `value` is a limit, a difference or an interval in seconds."""

    id: int
    record_id: int
    type: MonitorType
    value: float
    severity: int
    transaction: bool
    kind: MonitorKind


class MonitorStore:
    """Reads and writes the monitors of a device model; each change is one commit."""

    def __init__(self, model: DeviceModel) -> None:
        self._model = model

    @property
    def _db(self) -> sqlite3.Connection:
        return self._model.database

    def active(self) -> Iterator[tuple[Monitor, bool]]:
        """All monitors in force, oldest first, each with whether its alert is out."""
        rows = self._db.execute(
            "SELECT id, variable_id, type, value, severity, in_transaction, kind, alerting "
            "FROM monitor WHERE active ORDER BY id"
        )
        for id_, variable_id, type_, value, severity, transaction, kind, alerting in rows.fetchall():
            monitor = Monitor(
                id_,
                variable_id,
                MonitorType(type_),
                value,
                severity,
                bool(transaction),
                MonitorKind(kind),
            )
            yield monitor, bool(alerting)

    def insert(
        self, record_id: int, type_: MonitorType, value: float, severity: int, transaction: bool
    ) -> int:
        """A new monitor of the back end; gives its id, which is never used again."""
        with self._model.batch():
            cursor = self._db.execute(
                "INSERT INTO monitor (variable_id, type, value, severity, in_transaction, kind, active) "
                "VALUES (?, ?, ?, ?, ?, ?, 1)",
                (record_id, type_.value, value, severity, transaction, _CUSTOM),
            )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def replace(self, id_: int, type_: MonitorType, value: float, severity: int, transaction: bool) -> None:
        """The back end changes a monitor; so it is a custom one."""
        with self._model.batch():
            self._db.execute(
                "UPDATE monitor SET type = ?, value = ?, severity = ?, in_transaction = ?, kind = ?, "
                "alerting = 0 WHERE id = ?",
                (type_.value, value, severity, transaction, _CUSTOM, id_),
            )

    def remove(self, id_: int) -> None:
        """Remove a monitor; one of the factory's can come back."""
        with self._model.batch():
            self._restore_factory("id = ?", (id_,), active=False)
            self._db.execute("DELETE FROM monitor WHERE id = ? AND factory IS NULL", (id_,))

    def set_alerting(self, id_: int, alerting: bool) -> None:
        """Remember that an alert is out, so that its end is told even after a restart."""
        with self._model.batch():
            self._db.execute("UPDATE monitor SET alerting = ? WHERE id = ?", (alerting, id_))

    def set_base(self, base: MonitoringBase) -> None:
        """Put in force what the base says (N03); the hard-wired ones always are."""
        with self._model.batch():
            if base is MonitoringBase.ALL:
                # A custom monitor of the same type and severity keeps its place.
                self._db.execute("UPDATE OR IGNORE monitor SET active = 1 WHERE NOT active")
                return
            self._db.execute("DELETE FROM monitor WHERE factory IS NULL")
            self._restore_factory("kind <> ?", (_HARD_WIRED,), active=base is MonitoringBase.FACTORY_DEFAULT)

    def _restore_factory(self, where: str, values: tuple[object, ...], *, active: bool) -> None:
        """What the factory gave is as it was; two steps, for two monitors may have changed places."""
        rows = self._db.execute(
            f"SELECT id, factory FROM monitor WHERE factory IS NOT NULL AND {where}", values
        ).fetchall()
        self._db.executemany("UPDATE monitor SET active = 0 WHERE id = ?", [(row[0],) for row in rows])
        for id_, factory in rows:
            entry = msgspec.json.decode(factory, type=MonitorEntry)
            self._db.execute(
                "UPDATE OR IGNORE monitor SET type = ?, value = ?, severity = ?, in_transaction = ?, "
                "kind = ?, active = ?, alerting = 0 WHERE id = ?",
                (
                    entry.type.value,
                    entry.value,
                    entry.severity,
                    entry.transaction,
                    entry.kind,
                    active,
                    id_,
                ),
            )
