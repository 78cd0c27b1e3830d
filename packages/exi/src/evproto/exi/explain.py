"""A stream bit by bit: header, event codes, productions, string tables and values with their places."""

from __future__ import annotations

import enum
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Final, TypeAlias

from evproto.core import DecodeError

from .source import Octets

_NAMED: Final = re.compile(r"^(SE|AT)\(\{.*\}(.*?)\)")
_SHOWN: Final = 40
_PIECES: Final = 60


class Kind(enum.StrEnum):
    """What a part of a stream is."""

    HEADER = "header"
    OPTIONS_BEGIN = "options-begin"
    """The parts up to `OPTIONS_END` are those of the options document."""
    OPTIONS_END = "options-end"
    PADDING = "padding"
    CODE = "code"
    """One of up to three parts of an event code: `value` among `count`."""
    PRODUCTION = "production"
    """What the event code chose."""
    TABLE = "table"
    """A uri, local name or prefix: `action` tells how the string table was used."""
    VALUE = "value"
    LITERAL = "literal"
    FLAG = "flag"
    CHANNEL = "channel"
    """The values of one element or attribute begin (compression): `count` of them."""
    INFLATED = "inflated"
    """A compressed part became the stream of bits `value`, of `count` bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some bits of a stream and what they mean.

    `stream` 0 is the stream itself; others were inflated from it. `start` and `end` count bits in it.
    """

    stream: int
    start: int
    end: int
    kind: Kind
    name: str = ""
    text: str = ""
    value: int | None = None
    count: int | None = None
    action: str | None = None
    """"miss", "hit", "local hit" or "global hit"."""


Row: TypeAlias = tuple[int, int, int, str, str, str, int | None, int | None, str | None]
"""A part as the Rust half gives it: its fields in order."""


def part_of(row: Row) -> Part:
    """The part of a row."""
    stream, start, end, kind, name, text, value, count, action = row
    return Part(
        stream=stream,
        start=start,
        end=end,
        kind=Kind(kind),
        name=name,
        text=text,
        value=value,
        count=count,
        action=action,
    )


@dataclass(frozen=True, slots=True)
class Explanation:
    """The parts of a stream in the order in which they are read, and the fault that ended it, if one did."""

    parts: tuple[Part, ...]
    data: Octets
    fault: DecodeError | None = None

    def to_json(self, *, indent: int | None = 1) -> str:
        """The same as a JSON object with `size` in bytes, `parts` and `fault`."""
        parts = [
            {key: value for key, value in asdict(part).items() if value not in (None, "")}
            for part in self.parts
        ]
        fault = None
        if self.fault is not None:
            fault = {"reason": self.fault.reason, "bit": self.fault.offset, "path": self.fault.path}
        return json.dumps({"size": len(self.data), "parts": parts, "fault": fault}, indent=indent)

    def lines(self) -> Iterator[Line]:
        """The same for people: one line per event code or value."""
        yield from _Lines(self).all()


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the place as byte.bit, the bits, how deep it stands, what it means."""

    place: str
    bits: str
    depth: int
    kind: Kind | None
    meaning: str
    note: str = ""

    def __str__(self) -> str:
        note = f"  [{self.note}]" if self.note else ""
        return f"{self.place}  {self.bits:<12} {'  ' * self.depth}{self.meaning}{note}"


class _Lines:
    def __init__(self, explanation: Explanation) -> None:
        self.explanation = explanation
        self.depth = 0
        self.codes: list[Part] = []

    def all(self) -> Iterator[Line]:
        for part in self.explanation.parts:
            if part.kind is Kind.CODE:
                self.codes.append(part)
            elif part.kind is Kind.PRODUCTION:
                yield self._production(part)
            else:
                yield from self._codes()
                if part.kind is Kind.OPTIONS_END:
                    self.depth = 0
                yield self._line(part.stream, part.start, part.end, part.kind, *_meaning(part))
        yield from self._codes()
        fault = self.explanation.fault
        if fault is not None:
            where = f"in {fault.path}" if fault.path else ""
            yield Line(_place(0, fault.offset or 0), "", 0, None, f"!! {fault.reason}", where)

    def _codes(self) -> Iterator[Line]:
        """Event codes that led to no production."""
        for part in self.codes:
            note = f"of 0 to {(part.count or 1) - 1}"
            yield self._line(part.stream, part.start, part.end, part.kind, f"event code {part.value}", note)
        self.codes.clear()

    def _production(self, part: Part) -> Line:
        codes = [code for code in self.codes if code.count != 1] or self.codes
        start = self.codes[0].start if self.codes else part.start
        end = self.codes[-1].end if self.codes else part.end
        self.codes.clear()
        if part.text.startswith("EE"):
            self.depth = max(0, self.depth - 1)
        code = ".".join(str(code.value) for code in codes)
        counts = ".".join(str(code.count) for code in codes)
        note = f"event code {code} of {counts}" if code else "no code"
        meaning = _NAMED.sub(r"\1 \2", part.text)
        line = self._line(part.stream, start, end, part.kind, meaning, note)
        if part.text.startswith("SE"):
            self.depth += 1
        return line

    def _line(self, stream: int, start: int, end: int, kind: Kind, meaning: str, note: str = "") -> Line:
        bits = self._bits(start, end) if stream == 0 else "..." if end > start else "-"
        depth = self.depth if kind not in (Kind.HEADER, Kind.PADDING, Kind.CHANNEL, Kind.INFLATED) else 0
        return Line(_place(stream, start), bits, depth, kind, meaning, note)

    def _bits(self, start: int, end: int) -> str:
        data = self.explanation.data
        shown = "".join(
            str(data[at >> 3] >> 7 - (at & 7) & 1)
            for at in range(start, min(end, start + _SHOWN, len(data) * 8))
        )
        return shown + "..." * (end > start + _SHOWN) or "-"


def _place(stream: int, bit: int) -> str:
    inner = f"{stream}:" if stream else ""
    return f"{inner}{bit >> 3}.{bit & 7}".rjust(8)


def _meaning(part: Part) -> tuple[str, str]:
    """What a part says, and the note behind it."""
    match part.kind:
        case Kind.HEADER:
            return f"header: {part.name}", part.text
        case Kind.OPTIONS_BEGIN:
            return "options document", ""
        case Kind.OPTIONS_END:
            return "end of the options document", ""
        case Kind.PADDING:
            return "padding to the byte", ""
        case Kind.TABLE:
            return f"{part.name} {_quoted(part.text)}", _action(part)
        case Kind.VALUE:
            return _quoted(part.text), f"{part.name}{', ' if part.action else ''}{_action(part)}"
        case Kind.LITERAL:
            return f"{part.name} {_quoted(part.text)}", ""
        case Kind.FLAG:
            return f"{part.name} {'yes' if part.value else 'no'}", ""
        case Kind.CHANNEL:
            return f"channel of {part.text}", f"{part.count} values"
        case Kind.INFLATED:
            return f"deflated, read on as stream {part.value}", f"{part.count} bytes"
    return part.text, ""


def _action(part: Part) -> str:
    if part.action is None:
        return ""
    return part.action if part.value is None else f"{part.action} {part.value}"


def _quoted(text: str) -> str:
    shown = text if len(text) <= _PIECES else text[:_PIECES] + "..."
    return repr(shown)
