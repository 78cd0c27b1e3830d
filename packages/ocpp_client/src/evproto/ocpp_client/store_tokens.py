"""Lists of tokens in the store: the cache, the local list."""

from __future__ import annotations

import sqlite3

from evproto.core import StateError

TOKENS_SCHEMA = """
CREATE TABLE tokens (
    list TEXT NOT NULL,
    token TEXT NOT NULL COLLATE NOCASE,
    info BLOB NOT NULL,
    used INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (list, token)
) WITHOUT ROWID;
"""

_RANK_SPAN = 1 << 40
"""`tokens.used` is the rank times this, and the count of writes."""

_TOKEN_BYTES = "length(CAST(token AS BLOB)) + length(info)"


class TokenLists:
    """The part of a `Store` that remembers tokens by the name of a list."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._uses: dict[str, int] = {}

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

    def _in_batch(self) -> None:
        if not self._db.in_transaction:
            raise StateError("write inside a batch")
