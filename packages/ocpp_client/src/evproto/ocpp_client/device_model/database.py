"""The SQLite file of the device model: opening, damage, snapshots.

Names do not heed case, and what is absent is '' or 0, so that UNIQUE means what the standard means.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from evproto.ocpp_client.sqlite_file import open_file, put_aside

SCHEMA_VERSION = 1

_SCHEMA = """
CREATE TABLE component (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL COLLATE NOCASE CHECK (name <> ''),
    instance TEXT NOT NULL COLLATE NOCASE DEFAULT '',
    evse_id INTEGER NOT NULL DEFAULT 0 CHECK (evse_id >= 0),
    connector_id INTEGER NOT NULL DEFAULT 0 CHECK (connector_id >= 0),
    from_file INTEGER NOT NULL,
    UNIQUE (name, instance, evse_id, connector_id),
    CHECK (connector_id = 0 OR evse_id > 0)
);
CREATE TABLE variable (
    id INTEGER PRIMARY KEY,
    component_id INTEGER NOT NULL REFERENCES component (id) ON DELETE CASCADE,
    name TEXT NOT NULL COLLATE NOCASE CHECK (name <> ''),
    instance TEXT NOT NULL COLLATE NOCASE DEFAULT '',
    data_type TEXT NOT NULL,
    unit TEXT,
    min_limit TEXT,
    max_limit TEXT,
    values_list TEXT NOT NULL DEFAULT '',
    supports_monitoring INTEGER NOT NULL,
    reboot_required INTEGER NOT NULL,
    UNIQUE (component_id, name, instance)
);
CREATE TABLE attribute (
    variable_id INTEGER NOT NULL REFERENCES variable (id) ON DELETE CASCADE,
    type TEXT NOT NULL,
    mutability TEXT NOT NULL,
    persistent INTEGER NOT NULL,
    constant INTEGER NOT NULL,
    value TEXT CHECK (length(value) <= 2500),
    source INTEGER NOT NULL DEFAULT 0 CHECK (source BETWEEN 0 AND 2),
    PRIMARY KEY (variable_id, type)
) WITHOUT ROWID;
CREATE TABLE monitor (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    variable_id INTEGER NOT NULL REFERENCES variable (id) ON DELETE CASCADE,
    type TEXT NOT NULL,
    value REAL NOT NULL,
    severity INTEGER NOT NULL CHECK (severity BETWEEN 0 AND 9),
    in_transaction INTEGER NOT NULL,
    kind TEXT NOT NULL,
    active INTEGER NOT NULL,
    alerting INTEGER NOT NULL DEFAULT 0,
    factory BLOB
);
CREATE UNIQUE INDEX monitor_by_variable ON monitor (variable_id, type, severity) WHERE active;
CREATE INDEX monitor_of_variable ON monitor (variable_id);
"""


class Database:
    """One connection; `recovered` says that the file was damaged and put aside as `*.corrupt`.

    Then the last snapshot takes its place, or an empty file where there is none. Raises
    sqlite3.OperationalError where the disk fails.
    """

    def __init__(self, path: Path | str) -> None:
        self.recovered = False
        self._path = str(path)
        self.connection = self._open()

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Everything written inside stands together after a crash, or not at all; may be nested."""
        if self.connection.in_transaction:
            yield
            return
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def snapshot(self) -> None:
        """Write a copy that stands in when the file is found damaged."""
        if self._path == ":memory:":
            return
        fresh = Path(self._path + ".snapshot-new")
        fresh.unlink(missing_ok=True)
        self.connection.execute("VACUUM INTO ?", (str(fresh),))
        fresh.replace(self._path + ".snapshot")

    def _open(self) -> sqlite3.Connection:
        try:
            return _connect(self._path)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) or self._path == ":memory:":
                raise
        self.recovered = True
        put_aside(Path(self._path))
        self._restore()
        return _connect(self._path)

    def _restore(self) -> None:
        """A snapshot that is damaged too, or of another version, is no help."""
        if not Path(self._path + ".snapshot").exists():
            return
        try:
            with (
                closing(_connect(self._path + ".snapshot")) as snapshot,
                closing(sqlite3.connect(self._path)) as target,
            ):
                snapshot.backup(target)
        except sqlite3.DatabaseError:
            Path(self._path).unlink(missing_ok=True)


def _connect(path: str) -> sqlite3.Connection:
    # The cache is in KiB: reads come from memory, writes are small.
    return open_file(path, _SCHEMA, SCHEMA_VERSION, "cache_size = -64")
