"""The durable memory of a charging station: transactions, sequence numbers and the message queue.

A fact is written with its transaction row, its sequence number and its message in one SQLite
transaction before it has any effect outside; so after a crash at any point the back end hears of
everything once, in order and without a gap. Order is the order of a key, never of a clock.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from evproto.core import StateError
from evproto.ocpp_client.sqlite_file import open_file, put_aside

SCHEMA_VERSION = 1

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE transactions (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    transaction_id TEXT NOT NULL UNIQUE,
    evse_id INTEGER NOT NULL,
    next_seq_no INTEGER NOT NULL DEFAULT 0,
    ended INTEGER NOT NULL DEFAULT 0,
    facts BLOB NOT NULL
);
CREATE TABLE queue (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id TEXT NOT NULL,
    action TEXT NOT NULL,
    payload BLOB NOT NULL,
    transaction_key INTEGER REFERENCES transactions (key),
    droppable INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE tokens (
    list TEXT NOT NULL,
    token TEXT NOT NULL COLLATE NOCASE,
    info BLOB NOT NULL,
    used INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (list, token)
) WITHOUT ROWID;
CREATE INDEX queue_by_droppable ON queue (droppable, transaction_key, key);
"""

_RANK_SPAN = 1 << 40
"""`tokens.used` is the rank times this, and the count of writes."""

_TOKEN_BYTES = "length(CAST(token AS BLOB)) + length(info)"


@dataclass(frozen=True, slots=True)
class Queued:
    """A message that waits for its answer. `attempts` counts refusals and time-outs, not lost links."""

    key: int
    message_id: str
    action: str
    payload: bytes
    transaction_id: str | None
    attempts: int


@dataclass(frozen=True, slots=True)
class OpenTransaction:
    """A transaction that has not ended, as it stands in the store."""

    transaction_id: str
    evse_id: int
    next_seq_no: int
    facts: dict[str, object]


class Store:
    """The SQLite file of one charging station.

    `recovered` says that the file was damaged and was put aside as `*.corrupt`; the station
    tells its back end so (security event). Raises sqlite3.OperationalError where the disk fails.
    """

    def __init__(self, path: Path | str, *, max_queued: int = 50_000) -> None:
        self.recovered = False
        self._waits = True
        self._uses: dict[str, int] = {}
        self._max_queued = max_queued
        self._db = self._open(str(path))

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    # --- writing: all of it inside `batch` ---

    @contextmanager
    def batch(self, *, waiting: bool = True) -> Iterator[None]:
        """Everything written inside stands together after a crash, or not at all.

        waiting: until the disk has it, so that it outlives a loss of power, too.
        """
        if self._db.in_transaction:
            raise StateError("a batch is open")
        if waiting is not self._waits:
            self._db.execute(f"PRAGMA synchronous = {'FULL' if waiting else 'NORMAL'}")
            self._waits = waiting
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def begin_transaction(self, transaction_id: str, evse_id: int, facts: dict[str, object]) -> None:
        """A new transaction; its sequence starts at 0."""
        self._in_batch()
        self._db.execute(
            "INSERT INTO transactions (transaction_id, evse_id, facts) VALUES (?, ?, ?)",
            (transaction_id, evse_id, msgspec.json.encode(facts)),
        )

    def update_transaction(self, transaction_id: str, facts: dict[str, object]) -> None:
        """New facts in place of the old ones."""
        self._in_batch()
        self._one_row(
            "UPDATE transactions SET facts = ? WHERE transaction_id = ?",
            (msgspec.json.encode(facts), transaction_id),
        )

    def end_transaction(self, transaction_id: str) -> None:
        """The transaction is over; its row goes when its last message is answered."""
        self._in_batch()
        self._one_row("UPDATE transactions SET ended = 1 WHERE transaction_id = ?", (transaction_id,))

    def take_seq_no(self, transaction_id: str) -> int:
        """The next sequence number of the transaction."""
        self._in_batch()
        row = self._db.execute(
            "UPDATE transactions SET next_seq_no = next_seq_no + 1 WHERE transaction_id = ? "
            "RETURNING next_seq_no - 1",
            (transaction_id,),
        ).fetchone()
        if row is None:
            raise StateError(f"no transaction {transaction_id}")
        return int(row[0])

    def enqueue(
        self,
        message_id: str,
        action: str,
        payload: bytes,
        *,
        transaction_id: str | None = None,
        droppable: bool = False,
    ) -> int:
        """Put a message at the end; gives its key. `droppable`: the first to go when the queue is full.

        Mark the updates between the first and the last message of a transaction so, unless they
        carry an energy register that billing needs.
        """
        self._in_batch()
        cursor = self._db.execute(
            "INSERT INTO queue (message_id, action, payload, transaction_key, droppable) VALUES "
            "(?, ?, ?, (SELECT key FROM transactions WHERE transaction_id = ?), ?)",
            (message_id, action, payload, transaction_id, droppable),
        )
        key = cursor.lastrowid
        assert key is not None
        self._make_room()
        return key

    # --- the queue from its head ---

    def head(self) -> Queued | None:
        """The message that is to be answered first."""
        row = self._db.execute(
            "SELECT queue.key, message_id, action, payload, transaction_id, attempts FROM queue "
            "LEFT JOIN transactions ON transactions.key = transaction_key ORDER BY queue.key LIMIT 1"
        ).fetchone()
        return None if row is None else Queued(*row)

    def count_attempt(self, key: int) -> int:
        """One more refusal or time-out; gives the new count."""
        with self.batch():
            row = self._db.execute(
                "UPDATE queue SET attempts = attempts + 1 WHERE key = ? RETURNING attempts", (key,)
            ).fetchone()
        if row is None:
            raise StateError(f"no message {key} in the queue")
        return int(row[0])

    def remove(self, key: int, *, effect: Callable[[], None] | None = None) -> None:
        """The message was answered, or given up; a transaction that ended goes with its last message.

        effect: writes what the answer taught, in the same batch. Without one the disk is not
        waited for: a crash loses nothing, and after a loss of power the message may be sent once
        more, with its old id.
        """
        with self.batch(waiting=effect is not None):
            if effect is not None:
                effect()
            deleted = self._db.execute("DELETE FROM queue WHERE key = ? RETURNING transaction_key", (key,))
            row = deleted.fetchone()
            if row is not None and row[0] is not None:
                self._db.execute(
                    "DELETE FROM transactions WHERE key = :key AND ended "
                    "AND NOT EXISTS (SELECT 1 FROM queue WHERE transaction_key = :key)",
                    {"key": row[0]},
                )

    def __len__(self) -> int:
        """How many messages wait."""
        return int(self._db.execute("SELECT count(*) FROM queue").fetchone()[0])

    def has_queued(self, transaction_id: str | None = None) -> bool:
        """Whether messages of this transaction wait, or of any."""
        return (
            self._db.execute(
                "SELECT 1 FROM queue JOIN transactions ON transactions.key = transaction_key "
                "WHERE transaction_id = coalesce(?, transaction_id) LIMIT 1",
                (transaction_id,),
            ).fetchone()
            is not None
        )

    # --- what a restart asks ---

    def open_transactions(self) -> list[OpenTransaction]:
        """The transactions that had not ended, oldest first."""
        rows = self._db.execute(
            "SELECT transaction_id, evse_id, next_seq_no, facts FROM transactions "
            "WHERE NOT ended ORDER BY key"
        )
        return [OpenTransaction(row[0], row[1], row[2], msgspec.json.decode(row[3])) for row in rows]

    def facts(self, transaction_id: str) -> dict[str, object] | None:
        """The facts of a transaction, also of one that ended but has messages in the queue."""
        row = self._db.execute(
            "SELECT facts FROM transactions WHERE transaction_id = ?", (transaction_id,)
        ).fetchone()
        if row is None:
            return None
        facts: dict[str, object] = msgspec.json.decode(row[0])
        return facts

    # --- lists of tokens: the cache, the local list ---

    def put_token(
        self, name: str, token: str, info: bytes, *, most: int | None = None, rank: int = 0
    ) -> None:
        """Remember a token; where there are more than `most`, those written longest ago go.

        rank: those of a lower one go first.
        """
        self._in_batch()
        used = rank * _RANK_SPAN + self._count_use(name)
        self._db.execute(
            "INSERT OR REPLACE INTO tokens (list, token, info, used) VALUES (?, ?, ?, ?)",
            (name, token, info, used),
        )
        if most is not None:
            self._db.execute(
                "DELETE FROM tokens WHERE list = :list AND token IN "
                "(SELECT token FROM tokens WHERE list = :list ORDER BY used DESC LIMIT -1 OFFSET :most)",
                {"list": name, "most": most},
            )

    def trim_tokens(self, name: str, most_bytes: int) -> int:
        """Forget tokens, those of low rank and long ago first, until they fit; gives the bytes left."""
        self._in_batch()
        self._db.execute(
            "DELETE FROM tokens WHERE list = :list AND token IN (SELECT token FROM (SELECT token, "
            f"sum({_TOKEN_BYTES}) OVER (ORDER BY used DESC) AS total FROM tokens WHERE list = :list) "
            "WHERE total > :most)",
            {"list": name, "most": most_bytes},
        )
        return self.size_of_tokens(name)

    def size_of_tokens(self, name: str) -> int:
        """The bytes that a list of tokens takes."""
        row = self._db.execute(
            f"SELECT coalesce(sum({_TOKEN_BYTES}), 0) FROM tokens WHERE list = ?", (name,)
        ).fetchone()
        return int(row[0])

    def tokens(self, name: str) -> list[tuple[str, bytes]]:
        """All tokens of a list with what is remembered of them, those that would go first first."""
        rows = self._db.execute("SELECT token, info FROM tokens WHERE list = ? ORDER BY used", (name,))
        return [(row[0], bytes(row[1])) for row in rows]

    def token(self, name: str, token: str) -> bytes | None:
        """What is remembered of a token; its case does not matter (idToken is a CiString)."""
        row = self._db.execute(
            "SELECT info FROM tokens WHERE list = ? AND token = ?", (name, token)
        ).fetchone()
        return None if row is None else bytes(row[0])

    def drop_token(self, name: str, token: str) -> None:
        """Forget one token."""
        self._in_batch()
        self._db.execute("DELETE FROM tokens WHERE list = ? AND token = ?", (name, token))

    def clear_tokens(self, name: str) -> None:
        """Forget a whole list."""
        self._in_batch()
        self._db.execute("DELETE FROM tokens WHERE list = ?", (name,))

    def count_tokens(self, name: str) -> int:
        """How many tokens a list holds."""
        return int(self._db.execute("SELECT count(*) FROM tokens WHERE list = ?", (name,)).fetchone()[0])

    def _count_use(self, name: str) -> int:
        """The next number of a list; asked of the disk once, since that takes the whole list."""
        if name not in self._uses:
            row = self._db.execute(
                "SELECT coalesce(max(used % ?), 0) FROM tokens WHERE list = ?", (_RANK_SPAN, name)
            ).fetchone()
            self._uses[name] = int(row[0])
        self._uses[name] += 1
        return self._uses[name]

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

    def _make_room(self) -> None:
        """Thin out droppable messages evenly: every second one, so that the course stays visible."""
        first, last = self._db.execute(
            "SELECT (SELECT min(key) FROM queue), (SELECT max(key) FROM queue)"
        ).fetchone()
        # Counting is slow in a long queue, and it cannot hold more than its keys span.
        if last - first < self._max_queued or len(self) <= self._max_queued:
            return
        self._db.execute(
            "DELETE FROM queue WHERE key IN (SELECT key FROM (SELECT key, row_number() OVER "
            "(PARTITION BY transaction_key ORDER BY key) AS place FROM queue "
            "WHERE droppable AND attempts = 0) WHERE place % 2 = 0)"
        )

    def _one_row(self, statement: str, values: tuple[object, ...]) -> None:
        if self._db.execute(statement, values).rowcount != 1:
            raise StateError(f"no transaction {values[-1]}")

    def _in_batch(self) -> None:
        if not self._db.in_transaction:
            raise StateError("write inside a batch")


def _connect(path: str) -> sqlite3.Connection:
    # Many simulated stations live in one process: small pages keep each of them small.
    pragmas = ("page_size = 1024",) if path == ":memory:" else ()
    return open_file(path, _SCHEMA, SCHEMA_VERSION, *pragmas)
