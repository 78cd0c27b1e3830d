from __future__ import annotations

import random

import pytest

from evproto.core import DecodeError, Trace
from evproto.slac import Evse, KeySense, Matched, ModemConfig
from evproto.slac.capture import FrameCapture, frames_of, replay
from evproto.slac.describe import describe_event, describe_frame
from evproto.slac.emulator import Segment
from evproto.slac.messages import CmSlacMatchCnf, Frame, decode, encode


def matched_session(keep_keys: bool) -> tuple[bytes, bytes, bytes]:
    """A capture of what the charger sees, the charger's address and its key."""
    frames: list[tuple[float, bytes]] = []
    segment = Segment(seed=4)

    def trace(record: Trace) -> None:
        if record.raw is not None:
            frames.append((record.time, record.raw))

    charger = segment.add_evse("evse", trace=trace)
    segment.add_ev("ev")
    segment.plug("ev", "evse", 1.0)
    segment.run(until=2.0)
    file = bytearray()
    capture = FrameCapture(file.extend, epoch_ns=1_700_000_000_000_000_000, keep_keys=keep_keys)
    for at, data in frames:
        capture.add(data, at)
    return bytes(file), charger.mac, charger.nmk


def test_captured_session_is_played_back_with_its_times() -> None:
    file, mac, _ = matched_session(keep_keys=False)
    # The captured modem names the captured network, not the one of this run's key.
    modem = ModemConfig(key_sense=KeySense.QUALCOMM)
    machine = Evse(mac=mac, entropy=random.Random(0).randbytes, modem=modem)
    machine.start(0.0)
    machine.pilot("B", 0.0)
    outcome = list(replay(frames_of(file), machine, mac=mac))
    matches = [(at, event) for at, event in outcome if isinstance(event, Matched)]
    assert len(matches) == 1
    assert matches[0][0] == pytest.approx(1.2425, abs=0.001)


def test_keys_are_in_a_capture_only_when_asked_for() -> None:
    frame = bytearray()
    key = b"a secret network"
    message = CmSlacMatchCnf(pev_mac=bytes(6), evse_mac=bytes(6), run_id=bytes(8), nid=bytes(7), nmk=key)
    data = encode(Frame(bytes(6), bytes(6), message))
    for keep in (False, True):
        frame.clear()
        FrameCapture(frame.extend, epoch_ns=0, keep_keys=keep).add(data, 1.0)
        assert (key in frame) is keep


def test_other_traffic_in_a_capture_is_passed_over() -> None:
    file = bytearray()
    capture = FrameCapture(file.extend, epoch_ns=0)
    capture.add(bytes(12) + b"\x86\xdd" + bytes(40), 1.0)
    capture.add(bytes(12) + b"\x88\xe1" + bytes(40), 2.5)
    assert [at for at, _ in frames_of(bytes(file))] == [1.5]


def test_file_of_another_kind_is_refused() -> None:
    with pytest.raises(DecodeError, match="pcapng"):
        list(frames_of(b"no capture at all"))


def test_every_captured_frame_has_a_line_for_people() -> None:
    file, _, _ = matched_session(keep_keys=False)
    lines = [describe_frame(data) for _, data in frames_of(file)]
    names = " ".join(lines)
    for name in ("CM_SLAC_PARM.REQ", "CM_ATTEN_CHAR.IND", "CM_SLAC_MATCH.CNF", "CM_SET_KEY.CNF"):
        assert name in names
    assert "58 groups, mean 10.0 dB" in names
    assert not any("broken" in line for line in lines)
    assert "broken frame" in describe_frame(b"")


def test_every_event_has_a_line_for_people() -> None:
    segment = Segment()
    segment.add_evse("evse")
    segment.add_ev("ev")
    segment.plug("ev", "evse", 1.0)
    segment.run(until=2.0)
    lines = [describe_event(event) for events in segment.events.values() for _, event in events]
    assert any(line.startswith("CandidatesRanked candidates=02:10:") for line in lines)


def test_frames_of_the_machines_side_are_left_out_of_the_replay() -> None:
    file, mac, _ = matched_session(keep_keys=False)
    given: list[bytes] = []

    class Ear(Evse):
        def receive(self, item: bytes, now: float) -> None:
            given.append(item)

    list(replay(frames_of(file), Ear(mac=mac, entropy=random.Random(0).randbytes), mac=mac))
    assert given and all(decode(item).source != mac for item in given)
