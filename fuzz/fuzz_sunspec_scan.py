"""Invariant: any registers give values that are right or None, or NoSunSpecError, in bounded requests."""

from __future__ import annotations

import random

from _runner import run

from evproto.core.modbus import Code, Refused, Registers
from evproto.sunspec import Library, NoSunSpecError, scan
from evproto.sunspec.testing import DER, device_of

LIBRARY = Library()


def check(data: bytes) -> None:
    """The first byte bounds the block length; the rest are the registers behind the mark."""
    most = max(2, data[0] % 126) if data else 125
    registers = b"SunS" + data[1:]
    flow = scan(1, LIBRARY)
    try:
        request = next(flow)
        for _ in range(3000):
            start = 2 * (request.address - 40000)
            part = registers[start : start + 2 * request.count] if start >= 0 else b""
            fits = request.count <= most and len(part) == 2 * request.count
            answer = (
                Registers(unit=1, function=3, data=part)
                if fits
                else Refused(unit=1, function=3, code=Code.ILLEGAL_ADDRESS)
            )
            request = flow.send(answer)
        raise AssertionError("the scan does not end")
    except NoSunSpecError:
        return
    except StopIteration as end:
        for model in end.value:
            for point in model.points():
                assert point.value is None or point.value == point.value


def seeds() -> list[bytes]:
    """Registers of real models."""
    rng = random.Random(0)
    images = []
    for numbers in ((1, 103, 203), DER):
        models = device_of(*numbers, seed=rng.randrange(100)).models
        images.append(b"\x7d" + b"".join(model.data() for model in models) + b"\xff\xff\0\0")
    return images


if __name__ == "__main__":
    run(check, seeds())
