from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evproto.core import DecodeError
from evproto.v2gtp import Frame, FrameFault, FrameFaultKind, FrameParser, PayloadType
from evproto.v2gtp.frames import HEADER_LENGTH, STREAM_TYPES, decode_datagram, encode_frame

FRAMES = st.lists(st.builds(Frame, st.sampled_from(sorted(STREAM_TYPES)), st.binary(max_size=60)), max_size=8)


def cut(data: bytes, at: list[int]) -> list[bytes]:
    edges = sorted({0, len(data), *(place % (len(data) + 1) for place in at)})
    return [data[start:end] for start, end in itertools.pairwise(edges)]


@settings(deadline=None, max_examples=200)
@given(frames=FRAMES, at=st.lists(st.integers(0, 1000), max_size=12))
def test_frames_survive_every_way_of_splitting_and_coalescing(frames: list[Frame], at: list[int]) -> None:
    parser = FrameParser()
    stream = b"".join(map(encode_frame, frames))
    found = [item for piece in cut(stream, at) for item in parser.feed(piece)]
    assert found == frames
    assert not parser.incomplete


@settings(deadline=None, max_examples=100)
@given(frames=FRAMES)
def test_frames_survive_byte_at_a_time(frames: list[Frame]) -> None:
    parser = FrameParser()
    stream = b"".join(map(encode_frame, frames))
    assert [item for byte in stream for item in parser.feed(bytes([byte]))] == frames


@settings(deadline=None, max_examples=300)
@given(data=st.binary(max_size=300), at=st.lists(st.integers(0, 1000), max_size=6))
def test_any_bytes_give_the_same_items_however_they_are_cut(data: bytes, at: list[int]) -> None:
    whole, pieces = FrameParser(max_payload=32), FrameParser(max_payload=32)
    expected = whole.feed(data)
    found = [item for piece in cut(data, at) for item in pieces.feed(piece)]
    kinds = [item if isinstance(item, Frame) else item.kind for item in found]
    assert kinds == [item if isinstance(item, Frame) else item.kind for item in expected]


def test_wire_form_is_version_inverse_type_and_length_in_network_order() -> None:
    assert encode_frame(Frame(PayloadType.EXI, b"\x80\x00")) == bytes.fromhex("01fe8001000000028000")
    assert encode_frame(Frame(PayloadType.SDP_RESPONSE, b"")) == bytes.fromhex("01fe900100000000")


def test_payload_types_are_those_of_the_three_standards() -> None:
    assert sorted(PayloadType) == [
        *range(0x8001, 0x8007),
        0x8010,
        0x8011,
        *range(0x8101, 0x8105),
        *range(0x9000, 0x9004),
    ]


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("02fe800100000000", FrameFaultKind.WRONG_VERSION),
        ("01ff800100000000", FrameFaultKind.WRONG_INVERSE_VERSION),
        ("01fe8001ffffffff", FrameFaultKind.PAYLOAD_TOO_LONG),
        ("01fe800100010001", FrameFaultKind.PAYLOAD_TOO_LONG),
        ("01fe7fff00000000", FrameFaultKind.UNKNOWN_PAYLOAD_TYPE),
        ("01fe900000000000", FrameFaultKind.UNKNOWN_PAYLOAD_TYPE),
        ("01feffff00000000", FrameFaultKind.UNKNOWN_PAYLOAD_TYPE),
    ],
)
def test_bad_header_gives_its_named_fault(header: str, kind: FrameFaultKind) -> None:
    [fault] = FrameParser().feed(bytes.fromhex(header))
    assert isinstance(fault, FrameFault)
    assert fault.kind is kind
    assert fault.header == bytes.fromhex(header)
    assert fault.fatal == (kind is not FrameFaultKind.UNKNOWN_PAYLOAD_TYPE)


def test_wrong_version_is_a_fault_at_its_first_byte() -> None:
    [fault] = FrameParser().feed(b"\x16")
    assert isinstance(fault, FrameFault)
    assert fault.kind is FrameFaultKind.WRONG_VERSION


def test_nothing_is_taken_after_a_fatal_fault() -> None:
    parser = FrameParser()
    good = encode_frame(Frame(PayloadType.EXI, b"x"))
    assert len(parser.feed(b"\x02" + good)) == 1
    assert parser.feed(good) == []


def test_payload_of_unknown_type_is_left_out_and_the_stream_goes_on() -> None:
    parser = FrameParser()
    good = Frame(PayloadType.EXI, b"ok")
    stream = encode_frame(Frame(0xA000, b"maker's own")) + encode_frame(good)
    items = [item for byte in stream for item in parser.feed(bytes([byte]))]
    assert [type(item) for item in items] == [FrameFault, Frame]
    assert items[1] == good


def test_length_bomb_is_refused_on_the_header_alone() -> None:
    parser = FrameParser(max_payload=100)
    longest = encode_frame(Frame(PayloadType.EXI, bytes(100)))
    assert parser.feed(longest) == [Frame(PayloadType.EXI, bytes(100))]
    [fault] = parser.feed(encode_frame(Frame(PayloadType.EXI, bytes(101)))[:HEADER_LENGTH])
    assert isinstance(fault, FrameFault)
    assert fault.kind is FrameFaultKind.PAYLOAD_TOO_LONG
    assert not parser.incomplete


def test_length_bomb_of_unknown_type_is_fatal_too() -> None:
    [fault] = FrameParser().feed(bytes.fromhex("01feb000ffffffff"))
    assert isinstance(fault, FrameFault)
    assert fault.fatal


def test_frame_that_no_header_can_carry_is_refused() -> None:
    with pytest.raises(ValueError, match="0x10000"):
        encode_frame(Frame(0x10000, b""))


@settings(deadline=None, max_examples=200)
@given(data=st.binary(max_size=40))
def test_datagram_is_exactly_one_frame_or_a_decode_error(data: bytes) -> None:
    try:
        frame = decode_datagram(data)
    except DecodeError:
        return
    assert encode_frame(frame) == data


@pytest.mark.parametrize(
    "spoiled", ["", "01fe9000", "01fe90000000000210", "01fe9000000000011000", "02fe900000000000"]
)
def test_datagram_with_a_wrong_header_or_length_is_a_decode_error(spoiled: str) -> None:
    with pytest.raises(DecodeError):
        decode_datagram(bytes.fromhex(spoiled))
