"""Invariant: whatever comes back, the poller raises nothing and keeps one request under way at most."""

from __future__ import annotations

from _runner import run

from evproto.core.modbus import Failed, Failure, Refused, Registers
from evproto.modbus_meter import MeterConfig, Poller, meter_map

MAPS = [meter_map(name) for name in ("eastron_sdm630", "abb_b23", "carlo_gavazzi_em24")]


def check(data: bytes) -> None:
    """Each byte decides what comes back; the rest are its registers."""
    poller = Poller([MeterConfig(name=m.id, map=m, unit=unit) for unit, m in enumerate(MAPS, 1)])
    now = 0.0
    poller.start(now)
    waiting = 0
    for place, byte in enumerate(data[:200]):
        request = poller.next_output()
        assert poller.next_output() is None
        count = request.count if request else 1
        function = request.function if request else 3
        unit = request.unit if request and byte & 1 else byte % 5
        match byte % 5:
            case 0:
                poller.receive(Failed(failure=Failure.TIMEOUT), now)
            case 1:
                poller.receive(Refused(unit=unit, function=function, code=byte), now)
            case 2:
                now = poller.deadline if poller.deadline is not None else now
            case _:
                raw = (data[place:] * count)[: 2 * count].ljust(2 * count, b"\0")
                poller.receive(Registers(unit=unit, function=function, data=raw), now)
        poller.advance(now)
        while poller.next_event() is not None:
            waiting += 1
    assert waiting <= 100 * len(data) + 100


if __name__ == "__main__":
    run(check, [bytes(range(3, 200, 5)), b"\x03\x08" * 60])
