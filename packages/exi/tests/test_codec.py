"""Round trips and hostile bytes over the toy schema, through the Python face."""

import dataclasses
import random
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evproto.core import DecodeError, EncodeError
from evproto.exi import QName, from_json, from_xml, to_json, to_xml
from evproto.exi.testing import RandomMessages


def test_every_kind_of_field_comes_back(toys: ModuleType) -> None:
    data = toys.CODEC.encode(toys.DRAWING)
    assert toys.CODEC.decode(data) == toys.DRAWING
    assert toys.CODEC.decode_as(toys.Drawing, data) == toys.DRAWING


def test_random_messages_come_back(toys: ModuleType) -> None:
    make = RandomMessages(toys.CODEC, random.Random(1), foreign=True)
    for _ in range(300):
        message = make.of(toys.Drawing)
        assert toys.CODEC.decode(toys.CODEC.encode(message)) == message


def test_random_messages_repeat_with_their_seed(toys: ModuleType) -> None:
    one, other = (RandomMessages(toys.CODEC, random.Random(5)) for _ in range(2))
    assert [one.of(toys.Drawing) for _ in range(20)] == [other.of(toys.Drawing) for _ in range(20)]


def test_views_come_back(toys: ModuleType) -> None:
    make = RandomMessages(toys.CODEC, random.Random(2), foreign=True, empty=False)
    for _ in range(150):
        message = make.of(toys.Drawing)
        assert from_xml(to_xml(message, toys.CODEC), toys.CODEC) == message
        assert from_xml(to_xml(message, toys.CODEC, indent=None), toys.CODEC) == message
        assert from_json(to_json(message, toys.CODEC), toys.CODEC) == message


def test_a_fragment_is_named_where_its_class_has_no_element_of_its_own(toys: ModuleType) -> None:
    amount = toys.Amount(name="some", share=3)
    data = toys.CODEC.encode_fragment(amount, QName("urn:toy", "Amount"))
    assert data == toys.CODEC.encode_fragment(amount, "Amount")
    assert toys.CODEC.decode_fragment_as(toys.Amount, data) == amount


def test_zero_bytes_after_the_end_are_let_pass_and_counted(toys: ModuleType) -> None:
    data = toys.CODEC.encode(toys.DRAWING)
    assert toys.CODEC.decode(data + b"\0\0") == toys.DRAWING
    assert toys.CODEC.decode_prefix(data + b"\0\0") == (toys.DRAWING, len(data))
    with pytest.raises(DecodeError):
        toys.CODEC.decode(data + b"\1")


def test_another_root_than_the_wanted_one_is_refused(toys: ModuleType) -> None:
    data = toys.CODEC.encode(toys.Circle(colour=toys.Colour.RED, radius=3))
    with pytest.raises(DecodeError, match="expected Drawing, got Circle"):
        toys.CODEC.decode_as(toys.Drawing, data)


def test_an_abstract_element_is_decoded(toys: ModuleType) -> None:
    # EXI gives the abstract head a code; nothing is gained by refusing who uses it.
    shape = toys.Shape(colour=toys.Colour.GREEN)
    assert toys.CODEC.decode(toys.CODEC.encode(shape)) == shape


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"title": "x"}, "Drawing/Title"),
        ({"title": 5}, "Drawing/Title"),
        ({"hex": b"123"}, "Drawing/Hex"),
        ({"open": None}, "Drawing"),
    ],
)
def test_a_bad_value_is_named_by_its_path(toys: ModuleType, changes: dict[str, object], path: str) -> None:

    message = dataclasses.replace(toys.DRAWING, **changes)
    with pytest.raises(EncodeError) as caught:
        toys.CODEC.encode(message)
    assert caught.value.path.startswith(path)


def test_more_copies_than_the_schema_allows_are_refused(toys: ModuleType) -> None:
    amount = toys.Amount(name="some", share=3)
    with pytest.raises(EncodeError):
        toys.CODEC.encode(toys.Drawing(title="ab", amount=(amount,) * 3, open=True))


def test_both_or_none_of_a_choice_are_refused(toys: ModuleType) -> None:
    for amount in (toys.Amount(name="some"), toys.Amount(name="some", share=3, whole=3)):
        with pytest.raises(EncodeError):
            toys.CODEC.encode(toys.Drawing(title="ab", amount=(amount,), open=True))


def test_every_truncation_is_a_decode_error_with_its_place(toys: ModuleType) -> None:
    data = toys.CODEC.encode(toys.DRAWING)
    for length in range(len(data)):
        with pytest.raises(DecodeError) as caught:
            toys.CODEC.decode(data[:length])
        assert caught.value.offset is not None
        assert caught.value.unit == "bit"


@settings(deadline=None, max_examples=300)
@given(data=st.binary(max_size=120), flip=st.integers(0, 2000), fragment=st.booleans())
def test_any_bytes_give_a_message_or_a_decode_error(
    toys: ModuleType, data: bytes, flip: int, fragment: bool
) -> None:
    read = toys.CODEC.decode_fragment if fragment else toys.CODEC.decode
    for hostile in (data, b"\x80" + data, _flipped(toys.CODEC.encode(toys.DRAWING), flip)):
        try:
            read(hostile)
        except DecodeError as error:
            assert error.offset is not None


def _flipped(data: bytes, at: int) -> bytes:
    at %= len(data) * 8
    changed = bytearray(data)
    changed[at // 8] ^= 128 >> at % 8
    return bytes(changed)
