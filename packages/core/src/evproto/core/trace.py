"""Trace records: the log of a session as data, and the evidence in a test.

A machine calls its `trace` with one record per thing that happened. Written as JSON lines, the
records are the session's log. Keys and secrets never enter a record.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import IO, TypeAlias

JsonValue: TypeAlias = "str | int | float | bool | list[JsonValue] | dict[str, JsonValue] | None"


class Kind(enum.Enum):
    """What a record tells of."""

    SENT = "sent"
    RECEIVED = "received"
    STATE = "state"
    TIMER = "timer"
    FAULT = "fault"
    NOTE = "note"
    SAMPLE = "sample"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One thing that happened.

    time: seconds of the machine's clock. source: which machine ("secc", "evcc.sdp"). name: the
    message, state, timer or fault in the standard's words. raw: the bytes on the wire, where
    there are any. details: plain JSON data for people and for tests.
    """

    time: float
    source: str
    kind: Kind
    name: str
    raw: bytes | None = None
    details: Mapping[str, JsonValue] = field(default_factory=dict)

    def to_json(self) -> str:
        """The record as one line of JSON; bytes as hex."""
        line: dict[str, JsonValue] = {
            "time": round(self.time, 6),
            "source": self.source,
            "kind": self.kind.value,
            "name": self.name,
        }
        if self.raw is not None:
            line["raw"] = self.raw.hex()
        if self.details:
            line["details"] = dict(self.details)
        return json.dumps(line, ensure_ascii=False)

    @classmethod
    def from_json(cls, line: str) -> Trace:
        """The record that `to_json` wrote."""
        data = json.loads(line)
        raw = data.get("raw")
        return cls(
            time=data["time"],
            source=data["source"],
            kind=Kind(data["kind"]),
            name=data["name"],
            raw=None if raw is None else bytes.fromhex(raw),
            details=data.get("details", {}),
        )


TraceSink: TypeAlias = Callable[[Trace], None]
"""What a machine calls with each record."""


class JsonLinesTrace:
    """A sink that writes each record as a line of JSON, at once, so that a crash loses none."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def __call__(self, record: Trace) -> None:
        self._file.write(record.to_json() + "\n")
        self._file.flush()
