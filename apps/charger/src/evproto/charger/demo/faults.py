"""Faults on purpose, at the places where the world's parts meet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from evproto.charger.demo.settings import DemoConfig, FaultName
from evproto.charger.ports import NetworkOutput, Side
from evproto.core import Datagram, DecodeError
from evproto.iso15118.iso2 import messages as iso2
from evproto.v2gtp import Frame, PayloadType, encode_frame

HEADER = 8
"""Bytes of a V2GTP header."""
REMEMBERED = 2
"""The first requests, of which the last is sent again out of order: handshake and session setup."""


class FaultInjector:
    """What a fault does to the traffic; what it does to the hardware, the world does itself."""

    def __init__(self, config: DemoConfig) -> None:
        self.fault = config.fault
        self.at = config.fault_at_s if config.fault in _AT_A_TIME else None
        """When the fault strikes; None for none, and for those that lie in the configuration."""
        self._struck = False
        self._done = False
        self._first: list[bytes] = []

    @property
    def name(self) -> str:
        return self.fault.value if self.fault else ""

    @property
    def car_frozen(self) -> bool:
        """Whether the car's control unit hangs: its pilot stays as it is, and it says nothing."""
        return self._struck and self.fault is FaultName.SILENT_CAR

    def begin(self) -> None:
        """The fault strikes now."""
        self._struck = True

    def alter(self, side: Side, output: NetworkOutput) -> NetworkOutput | None:
        """What passes of an output: itself, something else, or nothing."""
        if not isinstance(output, bytes | Datagram):
            return output
        if side is Side.EVSE:
            silent = self._struck and self.fault is FaultName.SILENT_STATION
            return None if silent else output
        if isinstance(output, Datagram):
            return output
        if len(self._first) < REMEMBERED:
            self._first.append(output)
            if self.fault is FaultName.OUT_OF_ORDER:
                return output
        return self._spoil(output)

    def _spoil(self, request: bytes) -> bytes:
        """The first request after the strike that can be spoiled, spoiled; all others as they are."""
        spoiler = _SPOILERS.get(self.fault) if self.fault and self._struck and not self._done else None
        spoiled = spoiler(request, self._first[-1]) if spoiler else None
        self._done |= spoiled is not None
        return request if spoiled is None else spoiled


def _wrong_version(request: bytes, first: bytes) -> bytes:
    return bytes((request[0] ^ 0xFF,)) + request[1:]


def _no_exi(request: bytes, first: bytes) -> bytes:
    return request[:HEADER] + bytes(byte ^ 0xFF for byte in request[HEADER:])


def _again(request: bytes, first: bytes) -> bytes:
    return first


def _foreign_session(request: bytes, first: bytes) -> bytes | None:
    """The same request with the session id of somebody else; not in the handshake, which has none."""
    try:
        message = iso2.decode(request[HEADER:])
    except DecodeError:
        return None
    foreign = bytes(byte ^ 0xFF for byte in message.header.session_id)
    altered = replace(message, header=replace(message.header, session_id=foreign))
    return encode_frame(Frame(PayloadType.EXI, iso2.encode(altered)))


def _out_of_range(request: bytes, first: bytes) -> bytes | None:
    """The same request with one bit of the state of charge turned, so that it says more than 100 %."""
    payload = request[HEADER:]
    for bit in range(8 * len(payload)):
        turned = bytearray(payload)
        turned[bit // 8] ^= 0x80 >> bit % 8
        try:
            iso2.decode(bytes(turned))
        except DecodeError as error:
            if error.path.endswith("EVRESSSOC") and error.reason.startswith("value"):
                return request[:HEADER] + bytes(turned)
    return None


_SPOILERS: dict[FaultName, Callable[[bytes, bytes], bytes | None]] = {
    FaultName.MALFORMED_FRAME: _wrong_version,
    FaultName.MALFORMED_MESSAGE: _no_exi,
    FaultName.OUT_OF_ORDER: _again,
    FaultName.OUT_OF_RANGE: _out_of_range,
    FaultName.FOREIGN_SESSION: _foreign_session,
}
"""What becomes of a request (and an early request, which some need); None where it cannot be done."""

_AT_A_TIME = frozenset(
    {
        FaultName.PULLED_CABLE,
        FaultName.SILENT_CAR,
        FaultName.SILENT_STATION,
        FaultName.EMERGENCY_STOP,
        *_SPOILERS,
    }
)
