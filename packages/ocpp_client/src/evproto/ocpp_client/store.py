"""The durable memory of a charging station: transactions, sequence numbers and the message queue.

A fact is written with its transaction row, its sequence number and its message in one SQLite
transaction before it has any effect outside; so after a crash at any point the back end hears of
everything, in order and without a gap. Order is the order of a key, never of a clock.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from evproto.core import StateError
from evproto.ocpp_client.sqlite_file import open_file, put_aside
from evproto.ocpp_client.store_queue import QUEUE_SCHEMA, MessageQueue, Queued
from evproto.ocpp_client.store_tokens import TOKENS_SCHEMA, TokenLists
from evproto.ocpp_client.store_transactions import TRANSACTIONS_SCHEMA, OpenTransaction, Transactions
from evproto.ocpp_client.types import OcppStruct

__all__ = ["OpenTransaction", "Queued", "Store"]

SCHEMA_VERSION = 2

_SCHEMA = f"""
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
{TRANSACTIONS_SCHEMA}
{QUEUE_SCHEMA}
{TOKENS_SCHEMA}
"""


class Batch:
    """What is written inside `with store.batch():` stands together after a crash, or not at all."""

    __slots__ = ("_store", "_waiting")

    def __init__(self, store: Store, waiting: bool) -> None:
        self._store = store
        self._waiting = waiting

    def __enter__(self) -> None:
        self._store._begin(self._waiting)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._store._end(failed=kind is not None)


class Store(TokenLists):
    """The SQLite file of one charging station, which is its alone while it is open.

    `recovered` says that the file was damaged and was put aside as `*.corrupt`; the station
    tells its back end so (security event). Raises sqlite3.OperationalError where the disk fails or
    the file is in use.
    """

    def __init__(self, path: Path | str, *, max_queued: int = 50_000) -> None:
        self.recovered = False
        self._waits = True
        super().__init__(self._open(str(path)))
        self._transactions = Transactions(self._db)
        self._queue = MessageQueue(self._db, max_queued)

    def close(self) -> None:
        """Write what is left to write and close the file."""
        self.write_removal()
        self._db.close()

    # --- writing: all of it inside `batch` ---

    def batch(self, *, waiting: bool = True) -> Batch:
        """Everything written inside stands together after a crash, or not at all.

        waiting: until the disk has it, so that it outlives a loss of power, too.
        """
        return Batch(self, waiting)

    def begin_transaction(self, transaction_id: str, evse_id: int, facts: dict[str, object]) -> None:
        """A new transaction; its sequence starts at 0."""
        self._in_batch()
        self._transactions.begin(transaction_id, evse_id, facts)

    def update_transaction(self, transaction_id: str, facts: dict[str, object]) -> None:
        """New facts in place of the old ones."""
        self._in_batch()
        self._transactions.update(transaction_id, facts)

    def end_transaction(self, transaction_id: str) -> None:
        """The transaction is over; its row goes when its last message is answered."""
        self._in_batch()
        self._transactions.end(transaction_id)

    def take_seq_no(self, transaction_id: str) -> int:
        """The next sequence number of the transaction."""
        self._in_batch()
        return self._transactions.take_seq_no(transaction_id)

    def enqueue(
        self,
        message_id: str,
        action: str,
        payload: bytes,
        *,
        transaction_id: str | None = None,
        droppable: bool = False,
        request: OcppStruct | None = None,
    ) -> int:
        """Put a message at the end; gives its key. `droppable`: the first to go when the queue is full.

        Mark the updates between the first and the last message of a transaction so, unless they
        carry an energy register that billing needs. request: what `encode` made the payload of; it
        saves reading it back.
        """
        self._in_batch()
        key = None if transaction_id is None else self._transactions.key(transaction_id)
        return self._queue.append(
            message_id, action, payload, transaction_id, key, droppable=droppable, request=request
        )

    # --- the queue from its head ---

    def head(self) -> Queued | None:
        """The message that is to be answered first."""
        return self._queue.head()

    def count_attempt(self, head: Queued) -> int:
        """One more refusal or time-out; gives the new count."""
        with self.batch():
            return self._queue.count_attempt(head)

    def remove(self, head: Queued, *, effect: Callable[[], None] | None = None) -> None:
        """The head was answered, or given up; a transaction that ended goes with its last message.

        effect: writes what the answer taught, in the same batch. Without one the row goes with the
        next batch, so that a message costs one commit and not two; `write_removal` makes it go now.
        After a crash in between the message is sent once more, with its old id. The disk is not
        waited for: after a loss of power all that was answered since the last fact is.
        """
        self.write_removal()
        if effect is None:
            self._queue.mark_answered(head)
            return
        with self.batch():
            effect()
            self._remove(head)

    def write_removal(self) -> None:
        """Write what `remove` left to the next batch.

        Given before any other message leaves, this makes sure that after a crash only the last one
        of all can go twice.
        """
        if self._queue.answered is not None:
            with self.batch(waiting=False):
                pass

    def __len__(self) -> int:
        """How many messages wait."""
        return len(self._queue)

    def has_queued(self, transaction_id: str | None = None) -> bool:
        """Whether messages of this transaction wait, or of any."""
        answered = self._queue.answered
        return (
            self._db.execute(
                "SELECT 1 FROM queue JOIN transactions ON transactions.key = transaction_key "
                "WHERE transaction_id = coalesce(?, transaction_id) AND queue.key <> ? LIMIT 1",
                (transaction_id, 0 if answered is None else answered.key),
            ).fetchone()
            is not None
        )

    # --- what a restart asks ---

    def open_transactions(self) -> list[OpenTransaction]:
        """The transactions that had not ended, oldest first."""
        return self._transactions.open()

    def facts(self, transaction_id: str) -> dict[str, object] | None:
        """The facts of a transaction, also of one that ended but has messages in the queue."""
        return self._transactions.facts(transaction_id)

    # --- values by name ---

    def next_boot(self) -> int:
        """Count this start: 1, 2, ...; a part of every message id, so that none comes twice."""
        with self.batch():
            boot = int(self.get("boot", "0")) + 1
            self._put("boot", str(boot))
        return boot

    def get(self, key: str, default: str = "") -> str:
        """A value that `put` stored."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return default if row is None else str(row[0])

    def put(self, key: str, value: str) -> None:
        """Store a value, in the open batch or by its own."""
        if self._db.in_transaction:
            self._put(key, value)
            return
        with self.batch():
            self._put(key, value)

    def _put(self, key: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    # --- the file ---

    def _open(self, path: str) -> sqlite3.Connection:
        try:
            return _connect(path)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) or path == ":memory:":
                raise
        self.recovered = True
        put_aside(Path(path))
        return _connect(path)

    # --- the batch ---

    def _begin(self, waiting: bool) -> None:
        if self._db.in_transaction:
            raise StateError("a batch is open")
        if waiting is not self._waits:
            self._db.execute(f"PRAGMA synchronous = {'FULL' if waiting else 'NORMAL'}")
            self._waits = waiting
        self._db.execute("BEGIN IMMEDIATE")
        try:
            self._remove(self._queue.begin())
        except BaseException:
            self._roll_back()
            raise

    def _end(self, *, failed: bool) -> None:
        if failed:
            self._roll_back()
            return
        try:
            self._transactions.write()
            self._db.execute("COMMIT")
        except BaseException:
            self._roll_back()
            raise
        self._queue.committed()
        self._transactions.committed()

    def _roll_back(self) -> None:
        if self._db.in_transaction:  # a full disk has rolled back by itself
            self._db.execute("ROLLBACK")
        self._transactions.forget()
        self._queue.forget()

    def _remove(self, queued: Queued | None) -> None:
        if queued is None:
            return
        self._queue.delete(queued)
        if queued.transaction_id is not None:
            self._transactions.release(queued.transaction_id)


def _connect(path: str) -> sqlite3.Connection:
    try:
        # Many simulated stations live in one process: for them memory counts, not speed.
        prepared = 0 if path == ":memory:" else 32
        return open_file(path, _SCHEMA, SCHEMA_VERSION, *_PRAGMAS, prepared=prepared)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            raise sqlite3.OperationalError(f"{path} is in use by another station") from None
        raise


_PRAGMAS = ("page_size = 1024", "locking_mode = EXCLUSIVE", "busy_timeout = 0")
"""Rows are small and each commit writes whole pages, so pages are small. What memory holds of the
tables is true only while nobody else writes them; and a lock that is kept costs no system calls."""
