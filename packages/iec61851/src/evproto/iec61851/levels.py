"""From pilot voltages to levels: tolerances and hysteresis, IEC 61851-1 Table A.2, A.4.11."""

from __future__ import annotations

from evproto.iec61851.states import Level

NOMINAL_V = {Level.A: 12.0, Level.B: 9.0, Level.C: 6.0, Level.D: 3.0, Level.E: 0.0, Level.F: -12.0}
"""The nominal positive voltage of each level; the supply accepts 1 V to either side."""

LOW_PRESENT_V = -10.5
"""With PWM the negative half reads below this where a diode (or nothing) is at the vehicle's end;
without a diode it is loaded like the positive half: -9 V or nearer to zero."""

_HIGHEST_V = 13.5
_BORDERS = (
    (10.5, Level.A, Level.B),
    (7.5, Level.B, Level.C),
    (4.5, Level.C, Level.D),
    (1.5, Level.D, Level.E),
)
_E_LOWEST_V = -1.5
_F_V = (-13.5, -10.5)


def level_of(high_v: float, held: Level = Level.INVALID, hysteresis_v: float = 0.3) -> Level:
    """The level of a positive pilot voltage; a border moves away from the level that is `held`."""
    if not high_v <= _HIGHEST_V:  # written so that NaN is invalid too
        return Level.INVALID
    for border, above, below in _BORDERS:
        shift = -hysteresis_v if held is above else hysteresis_v if held is below else 0.0
        if high_v >= border + shift:
            return above
    if high_v >= _E_LOWEST_V:
        return Level.E
    return Level.F if _F_V[0] <= high_v <= _F_V[1] else Level.INVALID


def low_shows_diode(low_v: float) -> bool:
    """Whether the negative half stands alone: a diode keeps the vehicle's load from it."""
    return _F_V[0] <= low_v <= LOW_PRESENT_V
