from __future__ import annotations

import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evproto.core import DecodeError, EncodeError
from evproto.core.pcapng import Interface, LinkType, Packet, decode, encode, encode_packet

ETHERNET = Interface(link_type=LinkType.ETHERNET, name="eth0", description="modem", timestamp_digits=9)
RAW = Interface(link_type=LinkType.RAW_IP, name="pilot")
FRAME = bytes(12) + b"\x88\xe1" + bytes(46)


def test_capture_reads_back_what_was_written() -> None:
    packets = [
        Packet(time_ns=1_700_000_000_123_456_789, data=FRAME, comment="höchst"),
        Packet(time_ns=1_700_000_000_123_456_000, data=b"E" * 21, interface=1, original_length=99),
    ]
    capture = decode(encode([ETHERNET, RAW], packets, application="test", comment="a session"))
    assert capture.interfaces == (ETHERNET, RAW)
    assert list(capture.packets) == packets
    assert (capture.application, capture.comment, capture.fault) == ("test", "a session", None)


def test_microsecond_interface_drops_what_it_cannot_hold() -> None:
    capture = decode(encode([RAW], [Packet(time_ns=1_999, data=b"")]))
    assert capture.packets[0].time_ns == 1_000


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 2**63), st.binary(max_size=70), st.text(max_size=20))))
def test_any_packets_survive_the_round_trip(rows: list[tuple[int, bytes, str]]) -> None:
    packets = [Packet(time_ns=at, data=data, comment=comment) for at, data, comment in rows]
    assert list(decode(encode([ETHERNET], packets)).packets) == packets


def test_live_capture_is_the_head_and_one_block_per_packet() -> None:
    packet = Packet(time_ns=5, data=FRAME)
    assert encode([ETHERNET]) + encode_packet(packet, [ETHERNET]) == encode([ETHERNET], [packet])


@pytest.mark.parametrize("cut", range(1, 40))
def test_cut_off_file_keeps_the_packets_before_the_cut(cut: int) -> None:
    whole = encode([ETHERNET], [Packet(time_ns=1, data=FRAME), Packet(time_ns=2, data=FRAME)])
    capture = decode(whole[:-cut])
    assert [packet.time_ns for packet in capture.packets] == [1]
    assert capture.fault is not None


def test_big_endian_section_with_binary_resolution_is_read() -> None:
    def block(kind: int, body: bytes) -> bytes:
        return struct.pack(">II", kind, len(body) + 12) + body + struct.pack(">I", len(body) + 12)

    section = block(0x0A0D0D0A, struct.pack(">IHHq", 0x1A2B3C4D, 1, 0, -1))
    resolution = struct.pack(">HHB3xHHqI", 9, 1, 0x80 | 10, 14, 8, 100, 0)
    interface = block(1, struct.pack(">HHI", 1, 0, 0) + resolution)
    packet = block(6, struct.pack(">IIIII", 0, 0, 512, 2, 2) + b"ab\0\0")
    capture = decode(section + interface + packet)
    assert [(p.time_ns, p.data) for p in capture.packets] == [(100_500_000_000, b"ab")]


def test_second_section_counts_its_interfaces_anew() -> None:
    first = encode([ETHERNET], [Packet(time_ns=1, data=b"a")])
    second = encode([RAW], [Packet(time_ns=2000, data=b"b")])
    capture = decode(first + second)
    assert [(p.interface, p.data) for p in capture.packets] == [(0, b"a"), (1, b"b")]


def test_unknown_and_simple_and_obsolete_blocks_are_read_past() -> None:
    def block(kind: int, body: bytes) -> bytes:
        return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)

    unknown = block(0x0BAD, bytes(8))
    simple = block(3, struct.pack("<I", 3) + b"abc\0")
    obsolete = block(2, struct.pack("<HHIIII", 0, 0, 0, 7, 1, 1) + b"x\0\0\0")
    capture = decode(encode([RAW]) + unknown + simple + obsolete)
    assert [(p.time_ns, p.data) for p in capture.packets] == [(0, b"abc"), (7000, b"x")]


def test_length_word_beyond_the_data_allocates_nothing() -> None:
    capture = decode(encode([RAW]) + struct.pack("<III", 6, 0xFFFFFFF0, 0))
    assert capture.packets == () and "block length" in (capture.fault or "")


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=200))
def test_any_bytes_give_a_capture_or_decode_error(data: bytes) -> None:
    for candidate in (data, encode([RAW]) + data):
        try:
            decode(candidate)
        except DecodeError:
            assert candidate is data


def test_packet_of_an_interface_that_is_not_there_is_refused() -> None:
    with pytest.raises(EncodeError, match="no interface 1"):
        encode([RAW], [Packet(time_ns=0, data=b"", interface=1)])


@pytest.mark.interop
@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")
def test_tshark_reads_frames_times_and_comments(tmp_path: Path) -> None:
    file = tmp_path / "capture.pcapng"
    packet = Packet(time_ns=1_700_000_000_123_456_789, data=FRAME, comment="from the test")
    file.write_bytes(encode([ETHERNET], [packet], comment="a session"))
    fields = ["frame.time_epoch", "frame.len", "eth.type", "frame.comment"]
    command = ["tshark", "-r", str(file), "-T", "fields", *(word for f in fields for word in ("-e", f))]
    line = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    time, length, ethertype, comment = line.split("\t")
    assert "123456789" in time
    assert (length, ethertype, comment) == ("60", "0x88e1", "from the test")
