"""How every SQLite file of a charging station is opened, and what becomes of a damaged one."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

PRIVATE = 0o600
"""A station's files hold its password and its drivers' tokens: they are for their owner alone."""


def open_file(path: str, schema: str, version: int, *pragmas: str, prepared: int = 128) -> sqlite3.Connection:
    """The file, made with the schema where it is new; what is committed survives a loss of power.

    `pragmas` come first. prepared: how many statements are kept ready, 2 to 5 KiB each.

    Raises sqlite3.DatabaseError for a damaged file, and its OperationalError where the disk fails
    or the file is of another schema version.
    """
    if path != ":memory:":
        with suppress(OSError):  # SQLite says what is wrong; it gives its other files the same mode
            Path(path).touch(mode=PRIVATE)
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=prepared)
    try:
        for pragma in (*pragmas, "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")
        # In memory nothing is damaged, and checking takes 30 KiB that are not given back.
        if path != ":memory:" and connection.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("quick_check found damage")
        found = connection.execute("PRAGMA user_version").fetchone()[0]
        if found == 0:
            connection.executescript(f"BEGIN; {schema} PRAGMA user_version = {version}; COMMIT;")
        elif found != version:
            raise sqlite3.OperationalError(f"{path} is of schema version {found}, not {version}")
    except BaseException:
        connection.close()
        raise
    return connection


def put_aside(path: Path) -> None:
    """Keep a damaged file for the technician, under a name that is free."""
    number = 0
    while (kept := path.with_name(f"{path.name}.corrupt{number or ''}")).exists():
        number += 1
    path.rename(kept)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
