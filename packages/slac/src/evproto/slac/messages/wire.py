"""How a management message entry (MME) stands in bytes: declared once per class, compiled once.

A message is a frozen dataclass whose fields carry their wire format. Integers are little-endian,
addresses and keys are raw bytes. The last field may be a tail: a list whose length stands in the
message. Reading is tolerant in length, as peers differ: what is missing reads as zero as long as
the part that identifies the message is there, and what follows is left. Writing is exact.
"""

from __future__ import annotations

import operator
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Annotated, Any, ClassVar, TypeAlias, TypeVar, get_type_hints

from evproto.core import DecodeError, EncodeError

MMV_AV_1_0 = 0
MMV_AV_1_1 = 1
MMV_AV_2_0 = 2


@dataclass(frozen=True, slots=True)
class Wire:
    """The struct format of a field, with reserved bytes ("x") before or after it."""

    format: str


class Tail:
    """A last field of variable length."""

    def read(self, data: bytes, at: int, head: Any, mmv: int) -> object:
        """The field's value; `head` is the message with the fields before it."""
        raise NotImplementedError

    def write(self, value: Any) -> bytes:
        """The bytes of the value, with its count."""
        raise NotImplementedError


class Rest(Tail):
    """All bytes that are left."""

    def read(self, data: bytes, at: int, head: Any, mmv: int) -> bytes:
        return data[at:]

    def write(self, value: bytes) -> bytes:
        return value


class Counted(Tail):
    """Bytes behind their number; the number's format may hold reserved bytes."""

    def __init__(self, count_format: str) -> None:
        self._count = struct.Struct(count_format)

    def read(self, data: bytes, at: int, head: Any, mmv: int) -> bytes:
        begin = at + self._count.size
        if len(data) < begin:
            raise DecodeError("cut off before the number of entries", offset=at)
        (count,) = self._count.unpack_from(data, at)
        if count > len(data) - begin:
            raise DecodeError(f"{count} entries announced, {len(data) - begin} bytes left", offset=at)
        return data[begin : begin + count]

    def write(self, value: bytes) -> bytes:
        try:
            return self._count.pack(len(value)) + value
        except struct.error as error:
            raise EncodeError(f"{len(value)} entries are too many") from error


U8: TypeAlias = Annotated[int, Wire("B")]
U16: TypeAlias = Annotated[int, Wire("H")]
U32: TypeAlias = Annotated[int, Wire("I")]
Mac: TypeAlias = Annotated[bytes, Wire("6s")]
RunId: TypeAlias = Annotated[bytes, Wire("8s")]
StationId: TypeAlias = Annotated[bytes, Wire("17s")]
Nid: TypeAlias = Annotated[bytes, Wire("7s")]
Nonce: TypeAlias = Annotated[bytes, Wire("4s")]
Key: TypeAlias = Annotated[bytes, Wire("16s")]
"""A secret: declare such a field with repr=False; `redact` blanks it."""

ZERO_ID = bytes(17)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mme:
    """Base of all messages."""

    MMTYPE: ClassVar[int]
    MMV: ClassVar[int]
    OUI: ClassVar[bytes]
    LAYOUT: ClassVar[Layout]


class Layout:
    """The compiled form of one message class."""

    def __init__(self, cls: type[Mme], minimum: str) -> None:
        self.cls = cls
        self.tail_name: str | None = None
        self.tail: Tail | None = None
        self.tail_is_secret = False
        self.names: list[str] = []
        self.secrets: list[tuple[int, int]] = []
        formats = self._collect(cls)
        self.struct = struct.Struct("<" + "".join(formats))
        self.minimum = self._end_of(minimum, formats) if minimum else self.struct.size
        self._sizes = [
            (index, name, int(text[:-1]))
            for index, (name, text) in enumerate(zip(self.names, map(_bare, formats), strict=True))
            if text.endswith("s")
        ]
        self._values = _getter(self.names)
        self._new: Callable[[type[Mme]], Mme] = object.__new__
        self._setters = [self._setter(name) for name in self.names]
        self._set_tail = self._tail_setter()

    def read(self, data: bytes, at: int, mmv: int) -> Mme:
        """The message whose payload begins at `at`."""
        size = self.struct.size
        if len(data) - at < size:
            data = self._filled(data, at)
        values = self.struct.unpack_from(data, at)
        # A frozen dataclass pays for its guard at each field; the slots themselves do not.
        message = self._new(self.cls)
        for setter, value in zip(self._setters, values, strict=False):
            setter(message, value)
        if self._set_tail is not None and self.tail is not None:
            self._set_tail(message, self.tail.read(data, at + size, message, mmv))
        return message

    def write(self, message: Mme) -> bytes:
        """The payload of the message."""
        values = self._values(message)
        for index, name, size in self._sizes:
            if len(values[index]) != size:
                raise EncodeError(f"expected {size} bytes, got {len(values[index])}", path=name)
        try:
            payload = self.struct.pack(*values)
        except struct.error as error:
            raise EncodeError(f"{self.cls.__name__}: {error}") from error
        if self.tail is not None and self.tail_name is not None:
            payload += self.tail.write(getattr(message, self.tail_name))
        return payload

    def _filled(self, data: bytes, at: int) -> bytes:
        """The data with zeros for what is missing, if what identifies the message is there."""
        if len(data) - at < self.minimum:
            reason = f"{len(data) - at} bytes of {self.cls.__name__}, expected {self.struct.size}"
            raise DecodeError(reason, offset=at)
        return data + bytes(at + self.struct.size - len(data))

    def _collect(self, cls: type[Mme]) -> list[str]:
        hints = get_type_hints(cls, include_extras=True)
        formats: list[str] = []
        for entry in fields(cls):
            wire = hints[entry.name].__metadata__[0]
            if isinstance(wire, Tail):
                self.tail_name, self.tail, self.tail_is_secret = entry.name, wire, not entry.repr
                continue
            if not entry.repr:
                self.secrets.append((struct.calcsize("<" + "".join(formats)), struct.calcsize(wire.format)))
            self.names.append(entry.name)
            formats.append(wire.format)
        return formats

    def _setter(self, name: str) -> Callable[[Mme, object], None]:
        setter: Callable[[Mme, object], None] = getattr(self.cls, name).__set__
        return setter

    def _tail_setter(self) -> Callable[[Mme, object], None] | None:
        return self._setter(self.tail_name) if self.tail_name else None

    def _end_of(self, name: str, formats: list[str]) -> int:
        return struct.calcsize("<" + "".join(formats[: self.names.index(name) + 1]))


M = TypeVar("M", bound=type[Mme])

BY_MMTYPE: dict[int, Layout] = {}
"""The messages that every vendor shares."""
BY_VENDOR: dict[tuple[int, bytes], Layout] = {}
"""The messages of one vendor, by MMTYPE and OUI."""


def mme(mmtype: int, *, mmv: int = MMV_AV_1_1, oui: bytes = b"", identified_by: str = "") -> Callable[[M], M]:
    """Make a dataclass a message. Frames that end before the field `identified_by` are refused."""

    def declare(cls: M) -> M:
        cls.MMTYPE, cls.MMV, cls.OUI = mmtype, mmv, oui
        cls.LAYOUT = Layout(cls, identified_by)
        if oui:
            BY_VENDOR[mmtype, oui] = cls.LAYOUT
        else:
            BY_MMTYPE[mmtype] = cls.LAYOUT
        return cls

    return declare


def _bare(text: str) -> str:
    """The format without its reserved bytes: "8s8x" gives "8s"."""
    return re.sub(r"\d*x", "", text)


def _getter(names: list[str]) -> Callable[[Mme], tuple[Any, ...]]:
    if not names:
        return lambda _message: ()
    if len(names) == 1:
        single = operator.attrgetter(names[0])
        return lambda message: (single(message),)
    return operator.attrgetter(*names)
