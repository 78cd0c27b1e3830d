"""The table of messages that wait; its head and its length are kept in memory."""

from __future__ import annotations

import sqlite3

import msgspec

from evproto.ocpp_client.types import OcppStruct

QUEUE_SCHEMA = """
CREATE TABLE queue (
    key INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL,
    action TEXT NOT NULL,
    payload BLOB NOT NULL,
    transaction_key INTEGER REFERENCES transactions (key),
    droppable INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0
);
"""


class Queued(msgspec.Struct, frozen=True):
    """A message that waits for its answer. `attempts` counts refusals and time-outs, not lost links.

    request: what the payload says, where it did not have to be read from the file.
    """

    key: int
    message_id: str
    action: str
    payload: bytes
    transaction_id: str | None
    attempts: int
    request: OcppStruct | None = None


class MessageQueue:
    """Reads and writes the table; the store opens and closes the batches around it.

    The head that was answered may stay in the table for a while: see `Store.remove`.
    """

    def __init__(self, db: sqlite3.Connection, max_queued: int) -> None:
        self._db = db
        self._max_queued = max_queued
        self._left_by_thinning = 0
        self.answered: Queued | None = None
        self._deleting: Queued | None = None
        self._head: Queued | None = None
        self._in_table = self._count()

    def __len__(self) -> int:
        return self._in_table - (self.answered is not None)

    def head(self) -> Queued | None:
        """The message that is to be answered first."""
        if self._head is None and len(self):
            after = 0 if self.answered is None else self.answered.key
            row = self._db.execute(
                "SELECT queue.key, message_id, action, payload, transaction_id, attempts FROM queue "
                "LEFT JOIN transactions ON transactions.key = transaction_key "
                "WHERE queue.key > ? ORDER BY queue.key LIMIT 1",
                (after,),
            ).fetchone()
            self._head = Queued(*row)
        return self._head

    def append(
        self,
        message_id: str,
        action: str,
        payload: bytes,
        transaction_id: str | None,
        transaction_key: int | None,
        *,
        droppable: bool,
        request: OcppStruct | None,
    ) -> int:
        """Put it at the end; gives its key, which is greater than all that wait."""
        key = self._db.execute(
            "INSERT INTO queue (message_id, action, payload, transaction_key, droppable) "
            "VALUES (?, ?, ?, ?, ?)",
            (message_id, action, payload, transaction_key, droppable),
        ).lastrowid
        assert key is not None
        if not len(self):
            self._head = Queued(key, message_id, action, payload, transaction_id, 0, request)
        self._in_table += 1
        self._make_room()
        return key

    def count_attempt(self, queued: Queued) -> int:
        """One more refusal or time-out of the head; gives the new count."""
        attempts = queued.attempts + 1
        self._db.execute("UPDATE queue SET attempts = ? WHERE key = ?", (attempts, queued.key))
        self._head = msgspec.structs.replace(queued, attempts=attempts)
        return attempts

    def mark_answered(self, queued: Queued) -> None:
        """The head was answered; its row is to go."""
        self.answered = queued
        self._head = None

    def delete(self, queued: Queued) -> None:
        """The row of the head goes."""
        self._db.execute("DELETE FROM queue WHERE key = ?", (queued.key,))
        self._in_table -= 1
        if self._head is not None and self._head.key == queued.key:
            self._head = None

    # --- the batch around it ---

    def begin(self) -> Queued | None:
        """What was answered, which is to be deleted in this batch."""
        self._deleting, self.answered = self.answered, None
        return self._deleting

    def committed(self) -> None:
        """The batch stands."""
        self._deleting = None

    def forget(self) -> None:
        """The batch failed: the table is right, memory is not."""
        self.answered, self._deleting = self._deleting, None
        self._head = None
        self._in_table = self._count()

    def _count(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM queue").fetchone()[0])

    def _make_room(self) -> None:
        """Thin out droppable messages evenly: every second one, so that the course stays visible.

        The head stays, it may be on the wire. Where little can be dropped a full table is not
        searched anew for each message but for every hundredth part of it.
        """
        if self._in_table <= self._max_queued:
            self._left_by_thinning = 0
        elif self._in_table > self._left_by_thinning + self._max_queued // 100:
            self._in_table -= self._db.execute(
                "DELETE FROM queue WHERE key IN (SELECT key FROM (SELECT key, row_number() OVER "
                "(PARTITION BY transaction_key ORDER BY key) AS place FROM queue "
                "WHERE droppable AND attempts = 0 AND key > (SELECT min(key) FROM queue)) "
                "WHERE place % 2 = 0)"
            ).rowcount
            self._left_by_thinning = self._in_table
