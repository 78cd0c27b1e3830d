"""The duty cycle law of the control pilot, IEC 61851-1 Tables A.7 and A.8 (SAE J1772 alike).

All arithmetic is exact. What the supply sends is floored to what its PWM hardware resolves, so
that a vehicle never reads more than was meant.
"""

from __future__ import annotations

import enum
import math
from fractions import Fraction

MIN_CURRENT_A = 6
"""The least current that a pilot can offer."""
MAX_CURRENT_A = 80
"""The most that a pilot can offer."""

X1_DUTY = Fraction(1)
F_DUTY = Fraction(0)
DIGITAL_DUTY = Fraction(1, 20)
"""5 %: digital communication decides (ISO 15118, DIN SPEC 70121, SAE J2847/2)."""

_KNEE = Fraction(85, 100)  # the end of 0.6 A per percent
_TOP = Fraction(96, 100)
_LOW_SLOPE_A = 60  # ampere per unit of duty, up to the knee
_HIGH_SLOPE_A = 250  # beyond the knee
_HIGH_ZERO = Fraction(64, 100)


class DutyBand(enum.Enum):
    """What a duty cycle means to the vehicle."""

    CONSTANT = "constant"
    """No PWM: +12 V (x1) or -12 V (F)."""
    DIGITAL = "digital"
    NOMINAL = "nominal"
    NOT_ALLOWED = "not allowed"
    """A duty cycle at which no charging is allowed."""


def duty_for_current(current_a: float | Fraction, resolution: int = 10_000) -> Fraction:
    """The duty cycle, 0 to 1, that offers `current_a`, as a whole number of 1/`resolution` steps.

    Currents above 80 A give 80 A; between 51 and 52.5 A no duty cycle exists and 51 A is offered.
    `current_for_duty` of the result never exceeds `current_a`. Below 6 A raises ValueError.
    """
    wanted = Fraction(current_a)
    if wanted < MIN_CURRENT_A:
        raise ValueError(f"a pilot offers {MIN_CURRENT_A} A or more, not {float(wanted):g} A")
    if wanted >= _HIGH_SLOPE_A * (_KNEE - _HIGH_ZERO):
        duty = min(wanted / _HIGH_SLOPE_A + _HIGH_ZERO, _TOP)
    else:
        duty = min(wanted / _LOW_SLOPE_A, _KNEE)
    return Fraction(math.floor(duty * resolution), resolution)


def digital_duty(resolution: int = 10_000) -> Fraction:
    """5 % as a whole number of 1/`resolution` steps, rounded down."""
    return Fraction(math.floor(DIGITAL_DUTY * resolution), resolution)


def band_of_duty(duty: float | Fraction) -> DutyBand:
    """What the duty cycle, 0 to 1, means."""
    percent = duty * 100
    if percent <= 0 or percent >= 100:
        return DutyBand.CONSTANT
    if 3 <= percent <= 7:
        return DutyBand.DIGITAL
    if 8 <= percent <= 97:
        return DutyBand.NOMINAL
    return DutyBand.NOT_ALLOWED


def current_for_duty(duty: float | Fraction) -> float:
    """The current in ampere that a vehicle may draw at the duty cycle; 0 outside of 8 to 97 %."""
    if band_of_duty(duty) is not DutyBand.NOMINAL:
        return 0.0
    # whole numbers only: they keep a fraction exact and a float fast
    percent = duty * 100
    if percent < 10:
        return float(MIN_CURRENT_A)
    if percent <= 85:
        return float(duty * _LOW_SLOPE_A)
    return float(min((percent - 64) * 5 / 2, MAX_CURRENT_A))
