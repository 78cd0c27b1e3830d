"""Any payloads, in any state, leave the SECC of ISO 15118-2 either alive or ended with an open contactor.

It never raises, says nothing after its end, and keeps no timer then.
"""

from __future__ import annotations

from _runner import run

from evproto.iso15118.iso2 import SeccState
from evproto.iso15118.iso2.messages import Body, MessageHeader, V2GMessage, encode
from evproto.iso15118.iso2.samples import REQUEST_NAMES, request
from evproto.iso15118.iso2.testing import SeccProbe
from evproto.iso15118.testing import AC_MODES, DC_MODES, secc_config

STATES = [state for state in SeccState if state is not SeccState.ENDED and not state.name.endswith("RECEIPT")]
AC_ONLY = {SeccState.POWER_DELIVERY, SeccState.AC_STARTED, SeccState.AC_CHARGING, SeccState.STOPPED}


def check(data: bytes) -> None:
    """The first byte picks the state; the rest is cut into payloads at 0x00 0xFF."""
    if not data:
        return
    state = STATES[data[0] % len(STATES)]
    is_dc = state not in AC_ONLY
    probe = SeccProbe(secc_config(*(DC_MODES if is_dc else AC_MODES)), is_dc=is_dc)
    probe.reach(state)
    for payload in data[1:].split(b"\x00\xff"):
        probe.send(payload)
        probe.wait(0.1)
    if probe.session.state is SeccState.ENDED:
        assert probe.ended is not None, "ended without a last word"
        assert probe.contactor is False, "ended with the contactor closed"
        assert probe.session.deadline is None, "a timer runs after the end"


def seeds() -> list[bytes]:
    """Each good request in each state, with the session id that a probe gives."""
    header = MessageHeader(session_id=bytes(range(2, 10)))
    payloads = [
        encode(V2GMessage(header=header, body=Body(body_element=request(name)))) for name in REQUEST_NAMES
    ]
    return [bytes([number]) + payload for number in range(len(STATES)) for payload in payloads]


if __name__ == "__main__":
    run(check, seeds())
