"""Any payloads, at any request, leave the EVCC of ISO 15118-2 either alive or ended with an open contactor.

It never raises, says nothing after its end, and keeps no timer then.
"""

from __future__ import annotations

from _runner import run

from evproto.iso15118.iso2.messages import Body, MessageHeader, V2GMessage, encode
from evproto.iso15118.iso2.samples import SESSION_ID, response
from evproto.iso15118.iso2.states import REQUESTS
from evproto.iso15118.iso2.testing import EvccProbe

NAMES = [name for name in REQUESTS if name != "ServiceDetailReq"]


def check(data: bytes) -> None:
    """The first byte picks the request; the rest is cut into payloads at 0x00 0xFF."""
    if not data:
        return
    name = NAMES[data[0] % len(NAMES)]
    probe = EvccProbe(is_dc=name != "ChargingStatusReq")
    probe.reach(name)
    for payload in data[1:].split(b"\x00\xff"):
        probe.send(payload)
        probe.wait(0.1)
    if probe.session.state == "ended":
        assert probe.ended is not None, "ended without a last word"
        assert probe.contactor is False, "ended with the contactor closed"
        assert probe.session.deadline is None, "a timer runs after the end"


def seeds() -> list[bytes]:
    """Each good response at each request."""
    header = MessageHeader(session_id=SESSION_ID)
    payloads = [
        encode(V2GMessage(header=header, body=Body(body_element=response(name)))) for name in REQUESTS
    ]
    return [bytes([number]) + payload for number in range(len(NAMES)) for payload in payloads]


if __name__ == "__main__":
    run(check, seeds())
