"""Any bytes on the serial line give readings or DecodeError; the host's link never raises and stays small."""

from __future__ import annotations

import contextlib

from _runner import run

from evproto.core import DecodeError
from evproto.iec61851.serial_line import (
    MAX_LINE,
    Ack,
    Hello,
    LineParser,
    decode_command,
    decode_report,
    encode_report,
)
from evproto.iec61851.serial_link import SerialLink
from evproto.iec61851.supply_io import PilotSample, SetContactor

HELLO = encode_report(Hello(1, "fuzz"))


def check(data: bytes) -> None:
    for payload in LineParser().feed(data):
        if isinstance(payload, str):
            assert len(payload) <= MAX_LINE
            for decode in (decode_report, decode_command):
                with contextlib.suppress(DecodeError):
                    decode(payload)
    link = SerialLink(0.0)
    link.receive(HELLO, 0.0)
    link.apply(SetContactor(True), 0.0)
    now = 0.0
    for at in range(0, min(len(data), 1024), 16):
        now += 0.02
        link.receive(data[at : at + 16], now)
        while link.next_event() is not None:
            pass
        assert sum(1 for _ in iter(link.next_output, None)) < 20
    assert link.deadline is not None


if __name__ == "__main__":
    run(check, [HELLO, encode_report(PilotSample(9.0, -12.0)), encode_report(Ack(0)), encode_report(Ack(1))])
