"""What is usual is read and written as words; nothing of that may be seen from outside.

Events go the long way, element by element: they tell what is right.
"""

from __future__ import annotations

import dataclasses
import enum
import random
import sys
from collections.abc import Iterator
from typing import Annotated, Any

import pytest

from evproto.core import DecodeError, EncodeError
from evproto.exi import Codec, Message, Namespace, element
from evproto.exi.types import ANONYMOUS, Byte, HexBinary, Int, Interval, Length, Short, UnsignedShort

NAMESPACE = Namespace("urn:example:usual")

Exponent = Annotated[Byte, ANONYMOUS, Interval(ge=-3, le=3)]
Wide = Annotated[Short, ANONYMOUS, Interval(ge=-2000, le=2000)]
Key = Annotated[HexBinary, ANONYMOUS, Length(min_length=2, max_length=200)]


@NAMESPACE.enumeration("unitType")
class Unit(enum.Enum):
    AMPERE = "A"
    VOLT = "V"
    WATT = "W"
    SECOND = "s"
    HOUR = "h"


class Amount(Message, namespace=NAMESPACE):
    """One word with an integer of open width at its end."""

    exponent: Exponent = element("Exponent")
    unit: Unit = element("Unit")
    value: Short = element("Value")


class Flags(Message, namespace=NAMESPACE):
    """One word of fixed width."""

    ready: bool = element("Ready")
    wide: Wide = element("Wide")


class Inner(Message, namespace=NAMESPACE):
    """Words, and what is none."""

    key: Key = element("Key")
    flags: Flags = element("Flags")
    amount: Amount | None = element("Amount", default=None)
    number: Int | None = element("Number", default=None)
    last: bool | None = element("Last", default=None)


class Outer(Message, namespace=NAMESPACE, element="Outer"):
    """Objects in an object."""

    first: Inner = element("First")
    second: Inner | None = element("Second", default=None)
    many: tuple[Amount, ...] = element("Many", occurs=(0, 3))
    port: UnsignedShort | None = element("Port", default=None)


CODEC = Codec("usual", NAMESPACE)
AMOUNT = Amount(exponent=-1, unit=Unit.WATT, value=1255)
INNER = Inner(key=b"12345678", flags=Flags(ready=True, wide=-700), amount=AMOUNT, last=False)
OUTER = Outer(
    first=INNER, second=dataclasses.replace(INNER, number=-(2**31), amount=None), many=(AMOUNT,) * 3
)


class DerivedInt(int):
    pass


class DerivedBytes(bytes):
    pass


def outer_of(**fields: Any) -> Outer:
    return Outer(first=dataclasses.replace(INNER, **fields), many=())


def damaged(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.randint(1, 3)):
        changed[rng.randrange(1, len(data))] ^= 1 << rng.randrange(8)
    return bytes(changed[: rng.randint(1, len(data) + 20)])


def fault(work: Any, data: bytes) -> tuple[int | None, str] | None:
    try:
        work(data)
    except DecodeError as error:
        return error.offset, error.path
    return None


@pytest.mark.parametrize(
    "value", [*range(-70, 70), 127, 128, 255, 256, 257, 16383, 16384, 32767, -16384, -16385, -32768]
)
def test_integers_of_every_size_come_back(value: int) -> None:
    message = outer_of(amount=dataclasses.replace(AMOUNT, value=value))
    assert CODEC.decode(CODEC.encode(message)) == message


@pytest.mark.parametrize("value", [2**15, 2**30 - 1, 2**30, 2**60, 2**62, 2**63 - 1, 2**64, 2**200])
def test_integers_beyond_their_type_are_refused_with_their_path(value: int) -> None:
    for wrong in (value, -value - 1):
        with pytest.raises(EncodeError) as caught:
            CODEC.encode(outer_of(amount=dataclasses.replace(AMOUNT, value=wrong)))
        assert caught.value.path == "Outer/First/Amount/Value"


def test_integers_at_the_edge_of_a_digit_are_read_whole() -> None:
    for value in (2**30 - 1, 2**30, -(2**30), -(2**30) - 1, 2**31 - 1, -(2**31)):
        message = outer_of(number=value)
        assert CODEC.decode(CODEC.encode(message)) == message


def test_an_integer_that_is_kept_is_one_object_with_its_own_references() -> None:
    data = CODEC.encode(outer_of(amount=dataclasses.replace(AMOUNT, value=-31_007)))
    messages: list[Any] = [CODEC.decode(data) for _ in range(100)]
    value = messages[0].first.amount.value
    assert all(message.first.amount.value is value for message in messages)
    before = sys.getrefcount(value)
    del messages
    assert sys.getrefcount(value) == before - 100


def test_values_of_derived_classes_are_written_as_those_of_their_base() -> None:
    plain = outer_of(key=b"1234", amount=dataclasses.replace(AMOUNT, exponent=2, value=300))
    amount = Amount(exponent=DerivedInt(2), unit=Unit.WATT, value=DerivedInt(300))
    assert CODEC.encode(outer_of(key=DerivedBytes(b"1234"), amount=amount)) == CODEC.encode(plain)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("exponent", 4),
        ("exponent", -4),
        ("exponent", 2**40),
        ("exponent", True),
        ("exponent", "1"),
        ("exponent", None),
        ("unit", None),
        ("unit", "A"),
        ("unit", 3),
        ("value", None),
        ("value", True),
        ("value", 1.0),
    ],
)
def test_a_wrong_value_in_a_word_is_refused(field: str, value: object) -> None:
    wrong = dataclasses.replace(AMOUNT, **{field: value})  # type: ignore[arg-type]
    for message in (outer_of(amount=wrong), Outer(first=INNER, many=(AMOUNT, wrong))):
        with pytest.raises(EncodeError, match=r".+") as caught:
            CODEC.encode(message)
        assert caught.value.path.startswith("Outer/")


@pytest.mark.parametrize("cls", [Amount, Flags, Inner])
def test_objects_whose_slots_are_empty_are_refused(cls: type) -> None:
    for field in ("flags", "amount"):
        with pytest.raises(EncodeError):
            CODEC.encode(outer_of(**{field: object.__new__(cls)}))
    with pytest.raises(EncodeError):
        CODEC.encode(Outer(first=object.__new__(Inner), many=()))


@pytest.mark.parametrize("length", [0, 1, 2, 3, 8, 126, 127, 128, 200, 201])
def test_bytes_of_every_length_come_back_or_are_refused(length: int) -> None:
    message = outer_of(key=bytes(range(1, 202))[:length])
    if 2 <= length <= 200:
        assert CODEC.decode(CODEC.encode(message)) == message
        return
    with pytest.raises(EncodeError) as caught:
        CODEC.encode(message)
    assert caught.value.path == "Outer/First/Key"


def test_an_object_is_written_by_its_values_not_by_their_addresses() -> None:
    for exponent in range(-3, 4):
        for unit in Unit:
            amount = Amount(exponent=exponent, unit=unit, value=7)
            assert CODEC.decode(CODEC.encode(outer_of(amount=amount))) == outer_of(amount=amount)


def streams() -> Iterator[bytes]:
    """Whole streams, cut ones and damaged ones."""
    rng = random.Random(1)
    for message in (OUTER, outer_of(), outer_of(number=5, last=None)):
        data = CODEC.encode(message)
        yield from (data[:end] for end in range(len(data) + 1))
        yield from (damaged(data, rng) for _ in range(3000))


def test_what_is_wrong_is_found_at_the_same_bit_as_event_by_event() -> None:
    grammar = CODEC.grammar
    seen = 0
    for data in streams():
        long_way = fault(grammar.decode_events, data)
        if long_way is None:
            continue
        found = fault(grammar.decode, data)
        assert found is not None
        # Objects refuse some things that events let pass, and do so before or deeper inside.
        assert found[0] is not None and long_way[0] is not None
        assert found[0] < long_way[0] or (found[0] == long_way[0] and found[1].startswith(long_way[1]))
        seen += found == long_way
    assert seen > 1000


def test_what_is_read_says_the_same_event_by_event() -> None:
    grammar = CODEC.grammar
    seen = 0
    for data in streams():
        if fault(CODEC.decode_prefix, data) is None:
            message, used = CODEC.decode_prefix(data)
            again = CODEC.encode(message)  # type: ignore[arg-type]
            assert grammar.decode_events(again) == grammar.decode_events(data[:used])
            seen += 1
    assert seen > 100


def test_what_fails_in_an_inner_object_leaves_nothing_behind() -> None:
    wrong = [data for data in streams() if fault(CODEC.decode, data) is not None][:500]

    def read_all() -> None:
        for data in wrong:
            fault(CODEC.decode, data)

    read_all()
    before = sys.getallocatedblocks()
    for _ in range(20):
        read_all()
    assert sys.getallocatedblocks() - before < 50
