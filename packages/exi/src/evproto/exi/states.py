"""The states of a compiled grammar, read from the lines of `Grammar.tables()`."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ._native import Grammar

_STATE: Final = re.compile(r"s(\d+) width=(\d+) second=\[(.*?)\] content2=s\d+")
_PRODUCTION: Final = re.compile(r"s(\d+)\.\d+ (.*)")
_TAIL: Final = re.compile(
    r"(?: -> s(?P<next>\d+))?(?: set=(?P<set>\d+))?"
    r"(?: count=(?P<inc>\d+) at=(?P<bound>\d+) -> s(?P<alt>\d+))?$"
)
_NAMED: Final = re.compile(r"(SE|AT)\(\{(.*?)\}([^)]*)\) ?(.*?)(?: nillable=\w+)?$", re.DOTALL)
_CODEC: Final = re.compile(r"(\w+):(\w+)(.*)", re.DOTALL)
_ROOTS: Final = ("document", "fragment")


@dataclass(slots=True)
class ValueCodec:
    """How a value is represented: the kinds of EXI 1.0 section 7.1."""

    kind: str
    bits: int = 0
    low: int = 0
    enumeration: tuple[str, ...] = ()
    charset: tuple[str, ...] = ()
    item: ValueCodec | None = None
    primitive: str = ""


@dataclass(slots=True)
class Step:
    """A production: an event, and the state after it."""

    event: str
    uri: str = ""
    local: str = ""
    codec: ValueCodec | None = None
    start: int | None = None
    """The first state of the content, for elements of a complex type."""
    next: int | None = None
    set: int = 0
    inc: int = 0
    bound: int = 0
    alt: int | None = None

    def follow(self, counters: list[int]) -> int | None:
        """The state after this step; `counters` are those of the element."""
        for index in range(len(counters)):
            if self.set >> index & 1:
                counters[index] = 1
        if self.inc:
            counters[self.inc - 1] += 1
            if counters[self.inc - 1] == self.bound:
                return self.alt
        return self.next


@dataclass(slots=True)
class StateTable:
    """A state: the width of its first code part, its steps, and its second-level events."""

    width: int
    second: tuple[str, ...]
    steps: list[Step] = field(default_factory=list)


@dataclass(slots=True)
class States:
    """All states, and where documents and fragments begin."""

    document: int
    fragment: int
    states: dict[int, StateTable]


def read_states(grammar: Grammar) -> States:
    """The states of a grammar."""
    roots = dict.fromkeys(_ROOTS, 0)
    states: dict[int, StateTable] = {}
    for line in grammar.tables():
        word, _, rest = line.partition(" ")
        if word in _ROOTS:
            roots[word] = int(rest[1:])
        elif found := _STATE.fullmatch(line):
            second = tuple(found[3].split(",")) if found[3] else ()
            states[int(found[1])] = StateTable(int(found[2]), second)
        elif found := _PRODUCTION.fullmatch(line):
            states[int(found[1])].steps.append(_step(found[2]))
    return States(roots["document"], roots["fragment"], states)


def _step(text: str) -> Step:
    tail = _TAIL.search(text)
    assert tail is not None
    step = _event(text[: tail.start()])
    numbers = {name: int(value) for name, value in tail.groupdict().items() if value is not None}
    step.next, step.alt = numbers.get("next"), numbers.get("alt")
    step.set, step.inc, step.bound = numbers.get("set", 0), numbers.get("inc", 0), numbers.get("bound", 0)
    return step


def _event(text: str) -> Step:
    named = _NAMED.fullmatch(text)
    if named is None:
        event, _, codec = text.partition(" ")
        return Step(event, codec=_codec(codec) if codec else None)
    event, uri, local, target = named.groups()
    if local == "*":
        return Step(f"{event}(uri:*)", uri)
    start = re.fullmatch(r"s(\d+)/s\d+", target)
    if start is not None:
        return Step(event, uri, local, start=int(start[1]))
    return Step(event, uri, local, codec=_codec(target))


def _codec(text: str) -> ValueCodec:
    found = _CODEC.fullmatch(text)
    assert found is not None, text
    kind, primitive, rest = found.groups()
    item = re.search(r" items=\((.*)\)$", rest, re.DOTALL)
    number = {name: int(value) for name, value in re.findall(r" (bits|low)=(-?\d+)", rest)}
    return ValueCodec(
        kind,
        number.get("bits", 0),
        number.get("low", 0),
        _strings(rest, "of", '"'),
        _strings(rest, "charset", "'"),
        None if item is None else _codec(item[1]),
        primitive,
    )


def _strings(text: str, name: str, quote: str) -> tuple[str, ...]:
    start = text.find(f" {name}=[")
    if start < 0:
        return ()
    body = text[start + len(name) + 3 :]
    found = re.findall(rf"{quote}((?:[^{quote}\\]|\\.)*){quote}(, |\])", body)
    values = []
    for value, after in found:
        values.append(_unquoted(value))
        if after == "]":
            break
    return tuple(values)


def _unquoted(text: str) -> str:
    text = re.sub(r"\\u\{([0-9a-f]+)\}", lambda code: chr(int(code[1], 16)), text)
    return str(json.loads(f'"{text}"')) if "\\" in text and "\\'" not in text else text.replace("\\'", "'")
