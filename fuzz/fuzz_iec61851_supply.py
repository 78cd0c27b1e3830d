"""Any readings and commands at any times raise nothing in a supply, and it is never closed in A, B, E, F."""

from __future__ import annotations

import struct

from _runner import run

from evproto.core import StateError
from evproto.iec61851 import (
    TYPE2_SOCKET,
    ContactorFeedback,
    CurrentSample,
    Fault,
    LockFeedback,
    PilotSample,
    ProximitySample,
    ReadingsLost,
    ResidualCurrent,
    Supply,
    SupplyConfig,
)

VOLTS = (12.0, 9.0, 6.0, 3.0, 0.0, -12.0, 7.5, 30.0)
WAITS = (0.0, 0.01, 0.05, 0.2, 0.9, 5.0, 60.0, -10.0)


def check(data: bytes) -> None:
    supply = Supply(SupplyConfig(profile=TYPE2_SOCKET))
    now = 0.0
    for at in range(0, min(len(data), 2000) - 1, 2):
        act, how = data[at], data[at + 1]
        now += WAITS[how & 7]
        supply.advance(now)
        try:
            give(supply, act, how >> 3, now, data[at : at + 8])
        except (StateError, ValueError):
            assert act >= 128, "a reading never raises"
        assert sum(1 for _ in iter(supply.next_output, None)) < 50
        while supply.next_event() is not None:
            pass
        if supply.contactor_closed:
            assert supply.state.letter in "CD"
            assert not supply.faults


def give(supply: Supply, act: int, value: int, now: float, raw: bytes) -> None:
    """Bytes below 128 are readings, the others commands."""
    match act:
        case _ if act < 64:
            supply.receive(PilotSample(VOLTS[value & 7], -12.0 if value & 8 else -9.0), now)
        case _ if act < 80:
            supply.receive(ContactorFeedback(supply.contactor_closed if act < 76 else bool(value & 1)), now)
        case _ if act < 96:
            supply.receive(LockFeedback(bool(value & 7)), now)
        case _ if act < 104:
            supply.receive(ProximitySample(value * 50.0), now)
        case _ if act < 112:
            supply.receive(CurrentSample((value * 3.0,)), now)
        case 112:
            supply.receive(ResidualCurrent(bool(value & 1)), now)
        case 113:
            supply.receive(ReadingsLost(), now)
        case _ if act < 128:
            supply.receive(PilotSample(*struct.unpack("<ff", raw.ljust(8, b"\0"))), now)
        case _ if act < 160:
            supply.authorize(now)
        case _ if act < 192:
            supply.offer(value * 2.0, now, urgent=bool(act & 1))
        case _ if act < 208:
            supply.offer_digital(now)
        case _ if act < 212:
            supply.withdraw(now)
        case _ if act < 216:
            supply.fault(list(Fault)[value % len(Fault)], now)
        case _ if act < 228:
            supply.clear_faults(now)
        case _:
            verbs = (supply.disable, supply.enable, supply.force_unlock, supply.wake_up, supply.error_step)
            if value & 1:
                supply.switch_phases(value & 3, now)
            else:
                verbs[value % len(verbs)](now)


SESSION = bytes([160, 64, 130, 0] + [20, 0b01001001] * 6 + [64, 1, 81, 9, 96, 32] + [20, 0b01010001] * 60)

if __name__ == "__main__":
    run(check, [SESSION])
