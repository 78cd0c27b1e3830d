"""The serial line protocol between a host and a microcontroller that does the hard timing.

One frame is one ASCII line, `payload*crc`, ended by a line feed; docs/control-pilot.md specifies
it. This module is the codec for both ends; serial_link.py is the host's end of the dialogue.
"""

from __future__ import annotations

import binascii
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from evproto.core import DecodeError, EncodeError
from evproto.iec61851 import supply_io as io

VERSION = 1
MAX_LINE = 80
"""The longest line in bytes, without its line feed."""
DUTY_STEPS = 10_000
"""The duty cycle travels in steps of 0.01 %."""

_MAX_MILLI = 1_000_000
_OPEN = "-"


@dataclass(frozen=True, slots=True)
class Hello:
    """The microcontroller started, or was asked: the protocol's version and the firmware's name."""

    version: int
    firmware: str


@dataclass(frozen=True, slots=True)
class Ack:
    """The command of this number was carried out."""

    number: int


@dataclass(frozen=True, slots=True)
class Reject:
    """The command of this number was refused; the reason is one word."""

    number: int
    reason: str


Report: TypeAlias = (
    io.PilotSample
    | io.ProximitySample
    | io.ContactorFeedback
    | io.LockFeedback
    | io.CurrentSample
    | io.ResidualCurrent
    | Hello
    | Ack
    | Reject
)
"""What the microcontroller sends."""


@dataclass(frozen=True, slots=True)
class Query:
    """The host asks for a Hello and for all readings."""


@dataclass(frozen=True, slots=True)
class KeepAlive:
    """The host lives; without it the microcontroller opens the contactor after a second."""


Command: TypeAlias = io.SupplyOutput | Query | KeepAlive
"""What the host sends, with a number from 0 to 99."""


class LineParser:
    """Cuts a stream of bytes into payloads; a broken line costs only itself."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._skipping = False

    def feed(self, data: bytes) -> Iterator[str | DecodeError]:
        """Take bytes; yields each payload, or the error of a line that is none."""
        for part in data.splitlines(keepends=True) if data else ():
            self._buffer += part[: MAX_LINE + 2]
            if part.endswith((b"\n", b"\r")):
                line = bytes(self._buffer).strip()
                self._buffer.clear()
                skipped, self._skipping = self._skipping, False
                if line and not skipped:
                    yield _payload(line)
            elif len(self._buffer) > MAX_LINE:
                self._buffer.clear()
                if not self._skipping:
                    yield DecodeError(f"a line of more than {MAX_LINE} bytes")
                self._skipping = True


def frame(payload: str) -> bytes:
    """The payload as a line with its check sum (CRC-16 of polynomial 0x1021, start 0xFFFF)."""
    return f"{payload}*{_crc(payload.encode('ascii')):04X}\n".encode("ascii")


def encode_command(number: int, command: Command) -> bytes:
    """The line of a command."""
    return frame(f"{number} {_command_words(command)}")


def decode_command(payload: str) -> tuple[int, Command]:
    """The number and command of a payload; raises DecodeError."""
    number, *words = payload.split(" ")
    return _integer(number, 0, 99), _command_of(words)


def encode_report(report: Report) -> bytes:
    """The line of a report."""
    return frame(_report_words(report))


def decode_report(payload: str) -> Report:
    """The report of a payload; raises DecodeError."""
    match payload.split(" "):
        case ["P", high, low]:
            return io.PilotSample(_milli(high), None if low == _OPEN else _milli(low))
        case ["X", resistance]:
            return io.ProximitySample(float("inf") if resistance == _OPEN else _integer(resistance, 0, 10**6))
        case ["K", closed]:
            return io.ContactorFeedback(_flag(closed))
        case ["L", locked]:
            return io.LockFeedback(_flag(locked))
        case ["I", *currents] if 1 <= len(currents) <= 3:
            return io.CurrentSample(tuple(_milli(current) for current in currents))
        case ["R", tripped]:
            return io.ResidualCurrent(_flag(tripped))
        case ["H", version, firmware]:
            return Hello(_integer(version, 0, 99), _word(firmware))
        case ["A", number]:
            return Ack(_integer(number, 0, 99))
        case ["N", number, reason]:
            return Reject(_integer(number, 0, 99), _word(reason))
    raise DecodeError("no report of this form", path=payload[:16])


def _report_words(report: Report) -> str:
    match report:
        case io.PilotSample(high, low):
            return f"P {_to_milli(high)} {_OPEN if low is None else _to_milli(low)}"
        case io.ProximitySample(resistance):
            return f"X {_OPEN if resistance > 10**6 else _to_milli(resistance / 1000)}"
        case io.ContactorFeedback(closed):
            return f"K {closed:d}"
        case io.LockFeedback(locked):
            return f"L {locked:d}"
        case io.CurrentSample(currents):
            return "I " + " ".join(str(_to_milli(current)) for current in currents)
        case io.ResidualCurrent(tripped):
            return f"R {tripped:d}"
        case Hello(version, firmware):
            return f"H {version} {firmware}"
        case Ack(number):
            return f"A {number}"
        case Reject(number, reason):
            return f"N {number} {reason}"


def _command_words(command: Command) -> str:
    match command:
        case io.SetPilot(duty):
            return f"D {duty * DUTY_STEPS // 1}"
        case io.CutPilot(cut):
            return f"U {cut:d}"
        case io.SetContactor(closed):
            return f"K {closed:d}"
        case io.SetLock(locked):
            return f"L {locked:d}"
        case io.SetPhases(phases):
            return f"F {phases}"
        case io.TestResidualCurrent():
            return "T"
        case Query():
            return "V"
        case KeepAlive():
            return "W"


def _command_of(words: list[str]) -> Command:
    match words:
        case ["D", steps]:
            return io.SetPilot(Fraction(_integer(steps, 0, DUTY_STEPS), DUTY_STEPS))
        case ["U", cut]:
            return io.CutPilot(_flag(cut))
        case ["K", closed]:
            return io.SetContactor(_flag(closed))
        case ["L", locked]:
            return io.SetLock(_flag(locked))
        case ["F", ("1" | "3") as phases]:
            return io.SetPhases(int(phases))
        case ["T"]:
            return io.TestResidualCurrent()
        case ["V"]:
            return Query()
        case ["W"]:
            return KeepAlive()
    raise DecodeError("no command of this form", path=" ".join(words)[:16])


def _payload(line: bytes) -> str | DecodeError:
    payload, star, check = line.rpartition(b"*")
    if not star or len(line) > MAX_LINE or not line.isascii():
        return DecodeError("a line without check sum")
    if check != b"%04X" % _crc(payload):
        return DecodeError("a wrong check sum")
    return payload.decode("ascii")


def _crc(payload: bytes) -> int:
    return binascii.crc_hqx(payload, 0xFFFF)


def _integer(text: str, lowest: int, highest: int) -> int:
    if not re.fullmatch(r"-?[0-9]{1,7}", text):
        raise DecodeError("no whole number", path=text[:16])
    value = int(text)
    if not lowest <= value <= highest:
        raise DecodeError(f"{lowest} to {highest} expected, got {value}")
    return value


def _milli(text: str) -> float:
    return _integer(text, -_MAX_MILLI, _MAX_MILLI) / 1000


def _to_milli(value: float) -> int:
    if math.isnan(value):
        raise EncodeError("not a number cannot be sent")
    return max(-_MAX_MILLI, min(_MAX_MILLI, round(value * 1000)))


def _flag(text: str) -> bool:
    if text not in ("0", "1"):
        raise DecodeError("0 or 1 expected", path=text[:16])
    return text == "1"


def _word(text: str) -> str:
    if not re.fullmatch(r"[!-)+-~]{1,32}", text):
        raise DecodeError("a word of at most 32 characters expected", path=text[:16])
    return text
