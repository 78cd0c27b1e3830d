"""The network's key never reaches a trace, an event, a repr, a log or a capture."""

from __future__ import annotations

import logging

import pytest

from evproto.core.trace import Trace
from evproto.slac.capture import FrameCapture
from evproto.slac.describe import describe_frame
from evproto.slac.emulator import Segment


def spellings(key: bytes) -> list[str]:
    return [key.hex(), key.hex().upper(), key.hex(":"), repr(key)[2:-1], str(list(key))[1:-1]]


def test_key_is_nowhere_but_in_the_frames_themselves(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    records: list[Trace] = []
    capture = bytearray()
    sink = FrameCapture(capture.extend, epoch_ns=0)

    def trace(record: Trace) -> None:
        records.append(record)
        sink(record)

    segment = Segment()
    charger = segment.add_evse("evse", trace=trace)
    car = segment.add_ev("ev", trace=trace)
    segment.line.capture = True
    segment.plug("ev", "evse", 1.0)
    assert segment.run(until=5, stop=lambda: car.matched_evse is not None and charger.state.name == "MATCHED")
    key = segment.line.modems["ev"].nmk
    assert key == charger.nmk

    told = [record.to_json() for record in records]
    told += [repr(vars(segment)), repr(segment.line.modems), caplog.text, repr(charger), repr(car)]
    told += [repr(entry) for events in segment.events.values() for entry in events]
    told += [describe_frame(record.raw) for record in records if record.raw]
    for text in told:
        assert not any(spelling in text for spelling in spellings(key))
    assert key not in capture
    assert {"CmSlacMatchCnf", "CmSetKeyReq"} <= {record.name for record in records}


def test_keys_come_whole_from_the_entropy_that_was_given() -> None:
    drawn: list[bytes] = []
    segment = Segment()
    random = segment._random.randbytes

    def entropy(count: int) -> bytes:
        drawn.append(random(count))
        return drawn[-1]

    charger = segment.add_evse("evse")
    charger._entropy = entropy
    segment.pilot("evse", "B")
    segment.run(until=1)
    charger._renew_key(segment.time.now)
    assert charger.nmk == drawn[-1] and len(drawn[-1]) == 16
