"""The capture of a session: packets that Wireshark's dissectors accept and follow."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from evproto.charger.ports import Side
from evproto.charger.report.capture import Conversation
from evproto.core.pcapng import decode

EV = ("::1", 50_000)
EVSE = ("::1", 60_000)
SDP_REQUEST = bytes.fromhex("01fe9000000000021000")
SDP_RESPONSE = bytes.fromhex("01fe900100000014") + bytes(15) + bytes.fromhex("01ea601000")


def converse(conversation: Conversation) -> None:
    conversation.datagram(0.0, Side.EV, ("::1", 49_200), ("ff02::1", 15118), SDP_REQUEST)
    conversation.datagram(0.001, Side.EVSE, ("::1", 15118), ("::1", 49_200), SDP_RESPONSE)
    conversation.connected(0.002, EV, EVSE)
    conversation.data(0.003, Side.EV, b"question" * 500)
    conversation.data(0.004, Side.EVSE, b"answer")
    conversation.closed(0.005, Side.EV)
    conversation.closed(0.006, Side.EVSE)


def test_each_packet_is_written_at_once() -> None:
    pieces: list[bytes] = []
    conversation = Conversation(pieces.append, epoch_ns=1_000_000_000)
    conversation.datagram(0.5, Side.EV, ("::1", 49_200), ("ff02::1", 15118), b"hello")
    capture = decode(b"".join(pieces))
    assert capture.fault is None
    assert [packet.time_ns for packet in capture.packets] == [1_500_000_000]
    assert capture.packets[0].data.endswith(b"hello")


def test_nothing_follows_the_end_of_a_side() -> None:
    pieces: list[bytes] = []
    conversation = Conversation(pieces.append)
    converse(conversation)
    count = conversation.packet_count
    conversation.data(1.0, Side.EV, b"late")
    conversation.closed(1.0, Side.EV)
    assert conversation.packet_count == count


def test_data_without_a_connection_is_no_packet() -> None:
    pieces: list[bytes] = []
    conversation = Conversation(pieces.append)
    conversation.data(0.0, Side.EV, b"early")
    assert conversation.packet_count == 0


@pytest.mark.interop
@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")
def test_tshark_follows_the_streams_and_finds_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "session.pcapng"
    with path.open("wb") as file:
        converse(Conversation(file.write))
    assert tshark(path, "tcp.analysis.flags or _ws.malformed or tcp.checksum.status == 0") == ""
    followed = tshark(path, "", "-q", "-z", "follow,tcp,raw,0")
    assert (b"question" * 500)[:1440].hex() in followed
    assert b"answer".hex() in followed


def tshark(path: Path, expression: str, *options: str) -> str:
    command = ["tshark", "-r", str(path), "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE"]
    command += ["-Y", expression] if expression else []
    return subprocess.run([*command, *options], check=True, capture_output=True, text=True).stdout
