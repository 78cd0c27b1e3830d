"""Faults on purpose, at the places where the world's parts meet."""

from __future__ import annotations

from evproto.charger.demo.settings import DemoConfig, FaultName
from evproto.charger.ports import NetworkOutput, Side

HEADER = 8
"""Bytes of a V2GTP header."""
REMEMBERED = 2
"""The first requests, of which the last is sent again out of order: handshake and session setup."""

_AT_A_TIME = frozenset(
    {
        FaultName.PULLED_CABLE,
        FaultName.SILENT_CAR,
        FaultName.SILENT_STATION,
        FaultName.MALFORMED_FRAME,
        FaultName.MALFORMED_MESSAGE,
        FaultName.OUT_OF_ORDER,
        FaultName.EMERGENCY_STOP,
    }
)


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
        if not isinstance(output, bytes):
            return output
        if side is Side.EVSE:
            silent = self._struck and self.fault is FaultName.SILENT_STATION
            return None if silent else output
        if len(self._first) < REMEMBERED:
            self._first.append(output)
            if self.fault is FaultName.OUT_OF_ORDER:
                return output
        return self._spoil(output)

    def _spoil(self, request: bytes) -> bytes:
        """The first request after the strike, spoiled; all others as they are."""
        if not self._struck or self._done:
            return request
        self._done = True
        match self.fault:
            case FaultName.MALFORMED_FRAME:
                return bytes((request[0] ^ 0xFF,)) + request[1:]
            case FaultName.MALFORMED_MESSAGE:
                return request[:HEADER] + bytes(byte ^ 0xFF for byte in request[HEADER:])
            case FaultName.OUT_OF_ORDER:
                return self._first[-1]
        return request
