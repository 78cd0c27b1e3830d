"""A stream explained bit by bit: the header, then each event code and value with its place.

This is a second, plain decoder that walks the compiled states. It follows what V2G streams hold;
at a deviation from the schema or an element that a wildcard lets in it says so and ends.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from evproto.core import DecodeError

from .states import States, StateTable, Step, ValueCodec, read_states

if TYPE_CHECKING:
    from ._native import Grammar

_EVENTS = {"Ee": "EE", "Ed": "ED", "Ch": "CH", "ChUntyped": "CH untyped", "SeAny": "SE(*)", "AtAny": "AT(*)"}
_SHOWN = 48
_MAX_DEPTH = 100
_MAX_OCTETS = 4000


def dump_stream(grammar: Grammar, data: bytes, *, fragment: bool = False) -> Iterator[str]:
    """Lines for people: place as byte.bit, bits, what they mean. Never raises for bad data."""
    tracer = _Tracer(read_states(grammar), data)
    try:
        yield from tracer.trace(fragment)
    except DecodeError as failure:
        yield f"{_place(tracer.bits.at)}  !! {failure.reason}"


class _Bits:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, count: int) -> int:
        value = 0
        if self.at + count > len(self.data) * 8:
            raise DecodeError(f"{count} bits are wanted, {len(self.data) * 8 - self.at} are left")
        for _ in range(count):
            value = value << 1 | self.data[self.at >> 3] >> 7 - (self.at & 7) & 1
            self.at += 1
        return value

    def unsigned(self) -> int:
        value = 0
        for shift in range(0, 7 * _MAX_OCTETS, 7):
            octet = self.take(8)
            value |= (octet & 127) << shift
            if octet < 128:
                return value
        raise DecodeError("an integer is too long")

    def octets(self, count: int) -> bytes:
        if self.at + 8 * count > len(self.data) * 8:
            raise DecodeError(f"{count} bytes are wanted, fewer are left")
        return bytes(self.take(8) for _ in range(count))


class _Tracer:
    def __init__(self, states: States, data: bytes) -> None:
        self.states = states
        self.bits = _Bits(data)

    def trace(self, fragment: bool) -> Iterator[str]:
        start = self.bits.at
        header = self.bits.take(8)
        if header != 0x80:
            yield self._line(start, f"header: 0x{header:02x} is not the 0x80 of V2G")
            return
        yield self._line(start, "header: distinguishing bits 10, no options, final version 1")
        root = self.states.fragment if fragment else self.states.document
        yield from self._element(root, 0)
        rest = len(self.bits.data) * 8 - self.bits.at
        padding = rest % 8
        if padding:
            start = self.bits.at
            self.bits.take(padding)
            yield self._line(start, "padding to the byte")
        if rest >= 8:
            yield f"{_place(self.bits.at)}  {rest // 8} bytes follow the end"

    def _element(self, at: int, depth: int) -> Iterator[str]:
        """The events from a state to the end of its element (or of the document)."""
        counters = [0, 0]
        if depth > _MAX_DEPTH:
            raise DecodeError("elements are nested too deeply")
        state: int | None = at
        while state is not None:
            table = self.states.states[state]
            start = self.bits.at
            code = self.bits.take(table.width)
            if code >= len(table.steps):
                yield self._second(start, table, depth)
                return
            step = table.steps[code]
            yield from self._event(start, step, code, len(table.steps), depth)
            state = step.follow(counters)
            if step.event in ("Ee", "Ed") or (depth == 0 and not table.width and not step.local):
                return
            if depth == 0 and state is not None and not self.states.states[state].width:
                return

    def _event(self, start: int, step: Step, code: int, count: int, depth: int) -> Iterator[str]:
        indent = "  " * depth
        among = f"code {code} of 0 to {count - 1}" if count > 1 else "the only declared event"
        event = _EVENTS.get(step.event, step.event)
        yield self._line(start, f"{indent}{event} {step.local}".rstrip() + f"  [{among}]")
        if event.endswith("*)"):
            raise DecodeError("an element or attribute outside the schema is not followed further")
        inner = "  " * (depth + 1)
        if step.event == "ChUntyped":
            yield self._value(ValueCodec("String"), inner)
        elif step.event == "SE" and step.start is not None:
            yield from self._element(step.start, depth + 1)
        elif step.event == "SE" and step.codec is not None:
            yield from self._simple(step.codec, inner)
        elif step.codec is not None:
            yield self._value(step.codec, inner)

    def _simple(self, codec: ValueCodec, indent: str) -> Iterator[str]:
        """The content of an element of simple type: CH, the value, EE, of one bit each."""
        for event in ("CH", "EE"):
            start = self.bits.at
            if self.bits.take(1):
                yield self._line(start, f"{indent}a second-level event in place of {event}")
                raise DecodeError("deviations from the schema are not followed further")
            yield self._line(start, f"{indent}{event}")
            if event == "CH":
                yield self._value(codec, indent + "  ")

    def _second(self, start: int, table: StateTable, depth: int) -> str:
        count = len(table.second)
        code = self.bits.take(math.ceil(math.log2(count)) if count else 0)
        event = table.second[code] if code < count else "an unused code"
        line = self._line(start, f"{'  ' * depth}escape to the second level: {event}")
        if event == "Ee":
            return line
        raise DecodeError(f"{event}: deviations from the schema are not followed further")

    def _value(self, codec: ValueCodec, indent: str) -> str:
        start = self.bits.at
        meaning = self._read(codec)
        return self._line(start, f"{indent}{meaning}  [{_representation(codec)}]")

    def _read(self, codec: ValueCodec) -> str:
        bits = self.bits
        match codec.kind:
            case "NBit":
                return str(codec.low + bits.take(codec.bits))
            case "Unsigned":
                return str(bits.unsigned())
            case "Integer":
                return str(-(bits.unsigned() + 1) if bits.take(1) else bits.unsigned())
            case "Enumeration":
                index = bits.take(codec.bits)
                if index >= len(codec.enumeration):
                    raise DecodeError(f"value {index} of an enumeration of {len(codec.enumeration)}")
                return codec.enumeration[index]
            case "Boolean":
                return "true" if bits.take(1) else "false"
            case "BooleanPattern":
                return ("false", "0", "true", "1")[bits.take(2)]
            case "Binary":
                data = bits.octets(bits.unsigned())
                if codec.primitive == "HexBinary":
                    return data.hex().upper()
                return base64.b64encode(data).decode()
            case "String":
                return self._string(codec)
            case "Decimal":
                return self._decimal()
            case "Float":
                mantissa = -(bits.unsigned() + 1) if bits.take(1) else bits.unsigned()
                exponent = -(bits.unsigned() + 1) if bits.take(1) else bits.unsigned()
                return f"{mantissa}E{exponent}"
            case "List" if codec.item is not None:
                return " ".join(self._read(codec.item) for _ in range(min(bits.unsigned(), _MAX_OCTETS)))
        raise DecodeError(f"values of kind {codec.kind} are not followed further")

    def _string(self, codec: ValueCodec) -> str:
        length = self.bits.unsigned()
        if length < 2:
            raise DecodeError("a hit in the string table is not followed further")
        text = "".join(self._character(codec) for _ in range(length - 2))
        return repr(text)

    def _character(self, codec: ValueCodec) -> str:
        if codec.charset:
            index = self.bits.take(len(codec.charset).bit_length())
            if index < len(codec.charset):
                return codec.charset[index]
        code = self.bits.unsigned()
        if code > 0x10FFFF:
            raise DecodeError(f"0x{code:x} is no character")
        return chr(code)

    def _decimal(self) -> str:
        sign = "-" if self.bits.take(1) else ""
        return f"{sign}{self.bits.unsigned()}.{str(self.bits.unsigned())[::-1]}"

    def _line(self, start: int, meaning: str) -> str:
        data = self.bits.data
        bits = "".join(
            str(data[at >> 3] >> 7 - (at & 7) & 1) for at in range(start, min(self.bits.at, start + _SHOWN))
        )
        more = "..." if self.bits.at > start + _SHOWN else ""
        return f"{_place(start)}  {bits + more or '-':<12} {meaning}"


def _place(at: int) -> str:
    return f"{at >> 3:5}.{at & 7}"


def _representation(codec: ValueCodec) -> str:
    match codec.kind:
        case "NBit":
            return f"{codec.bits} bits from {codec.low}"
        case "Enumeration":
            return f"{codec.bits} bits, an index"
        case "Binary":
            return "length, bytes"
        case "String":
            return "length + 2, characters"
    return codec.kind.lower()
