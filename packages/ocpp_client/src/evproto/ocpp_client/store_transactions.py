"""The table of transactions: rows of those that run are kept in memory and written once a batch."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

import msgspec

from evproto.core import StateError

TRANSACTIONS_SCHEMA = """
CREATE TABLE transactions (
    key INTEGER PRIMARY KEY,
    transaction_id TEXT NOT NULL UNIQUE,
    evse_id INTEGER NOT NULL,
    next_seq_no INTEGER NOT NULL DEFAULT 0,
    ended INTEGER NOT NULL DEFAULT 0,
    facts BLOB NOT NULL
);
"""


@dataclass(frozen=True, slots=True)
class OpenTransaction:
    """A transaction that has not ended, as it stands in the store."""

    transaction_id: str
    evse_id: int
    next_seq_no: int
    facts: dict[str, object]


@dataclass(slots=True)
class _Row:
    key: int
    next_seq_no: int
    ended: int
    facts: bytes
    changed: bool = False


class Transactions:
    """Reads and writes the table; the store opens and closes the batches around it."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._rows: dict[str, _Row] = {}

    def begin(self, transaction_id: str, evse_id: int, facts: dict[str, object]) -> None:
        """A new one."""
        self._db.execute(
            "INSERT INTO transactions (transaction_id, evse_id, facts) VALUES (?, ?, ?)",
            (transaction_id, evse_id, msgspec.json.encode(facts)),
        )

    def update(self, transaction_id: str, facts: dict[str, object]) -> None:
        """New facts in place of the old ones."""
        row = self._row(transaction_id)
        row.facts, row.changed = msgspec.json.encode(facts), True

    def end(self, transaction_id: str) -> None:
        """It is over."""
        row = self._row(transaction_id)
        row.ended, row.changed = 1, True

    def take_seq_no(self, transaction_id: str) -> int:
        """Its next sequence number."""
        row = self._row(transaction_id)
        row.next_seq_no, row.changed = row.next_seq_no + 1, True
        return row.next_seq_no - 1

    def key(self, transaction_id: str) -> int | None:
        """Its key, or None where there is no such transaction."""
        row = self._find(transaction_id)
        return None if row is None else row.key

    def facts(self, transaction_id: str) -> dict[str, object] | None:
        """Its facts, or None where there is no such transaction."""
        row = self._find(transaction_id)
        if row is None:
            return None
        facts: dict[str, object] = msgspec.json.decode(row.facts)
        return facts

    def open(self) -> list[OpenTransaction]:
        """Those that had not ended, oldest first."""
        self.write()
        rows = self._db.execute(
            "SELECT transaction_id, evse_id, next_seq_no, facts FROM transactions "
            "WHERE NOT ended ORDER BY key"
        )
        return [OpenTransaction(row[0], row[1], row[2], msgspec.json.decode(row[3])) for row in rows]

    def release(self, transaction_id: str) -> None:
        """A message of it is gone; one that ended goes with its last message."""
        row = self._rows.get(transaction_id)
        if row is None or row.ended:
            self._db.execute(
                "DELETE FROM transactions WHERE transaction_id = ? AND ended "
                "AND NOT EXISTS (SELECT 1 FROM queue WHERE transaction_key = transactions.key)",
                (transaction_id,),
            )

    # --- the batch around it ---

    def write(self) -> None:
        """Put the changes of this batch into the table, one statement for each transaction."""
        for row in self._rows.values():
            if row.changed:
                self._db.execute(
                    "UPDATE transactions SET next_seq_no = ?, ended = ?, facts = ? WHERE key = ?",
                    (row.next_seq_no, row.ended, row.facts, row.key),
                )
                row.changed = False

    def committed(self) -> None:
        """The batch stands: what ended is not needed at hand any more."""
        for transaction_id in [id for id, row in self._rows.items() if row.ended]:
            del self._rows[transaction_id]

    def forget(self) -> None:
        """The batch failed: the table is right, memory is not."""
        self._rows.clear()

    def _row(self, transaction_id: str) -> _Row:
        row = self._find(transaction_id)
        if row is None:
            raise StateError(f"no transaction {transaction_id}")
        return row

    def _find(self, transaction_id: str) -> _Row | None:
        if (row := self._rows.get(transaction_id)) is not None:
            return row
        found = self._db.execute(
            "SELECT key, next_seq_no, ended, facts FROM transactions WHERE transaction_id = ?",
            (transaction_id,),
        ).fetchone()
        if found is None:
            return None
        row = self._rows[transaction_id] = _Row(*found)
        return row
