"""The states of the control pilot and the sequences between them, IEC 61851-1 Tables A.4 and A.6.

Every pair of states that has a sequence of its own stands in `SEQUENCES`; the tests and the
document draw on it.
"""

from __future__ import annotations

import enum


class Level(enum.Enum):
    """The class of the positive pilot voltage, seen at the supply."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"
    INVALID = "invalid"
    """No reading yet, no reading any more, or a voltage that no state has."""


CONNECTED = frozenset({Level.B, Level.C, Level.D})
"""Levels that show a vehicle."""


class PilotState(enum.Enum):
    """A state of Table A.4; 1 is without PWM, 2 with PWM."""

    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"
    C1 = "C1"
    C2 = "C2"
    D1 = "D1"
    D2 = "D2"
    E = "E"
    F = "F"
    UNKNOWN = "unknown"

    @property
    def letter(self) -> str:
        """A to F, or "unknown"."""
        name: str = self.value
        return name if self is PilotState.UNKNOWN else name[0]


def state_of(level: Level, pwm: bool) -> PilotState:
    """The state that a level makes with or without PWM."""
    if level is Level.INVALID:
        return PilotState.UNKNOWN
    if level in (Level.E, Level.F):
        return PilotState(level.value)
    return PilotState(level.value + ("2" if pwm else "1"))


def sequence_of(previous: PilotState, state: PilotState) -> str | None:
    """The sequence number of Table A.6 that the change follows, or None where it has none."""
    return SEQUENCES.get((previous, state))


def _sequences() -> dict[tuple[PilotState, PilotState], str]:
    table: dict[tuple[PilotState, PilotState], str] = {}
    for number, pairs in {
        "1.1": "A1-B1 A2-B2 A2-B1 A1-B2",
        "1.2": "A1-C1 A1-D1 A2-C2 A2-D2",
        "2.1": "B1-A1 B2-A2 B2-A1",
        "2.2": "C1-A1 D1-A1 C2-A2 C2-A1 D2-A2 D2-A1",
        "3.1": "B1-B2",
        "3.2": "C1-C2 D1-D2",
        "4": "B2-C2 B2-D2",
        "8.1": "C2-B2 D2-B2",
        "9.1": "B2-B1",
        "9.2": "C2-C1 D2-D1",
        "10.1": "C1-B1 D1-B1",
    }.items():
        for pair in pairs.split():
            before, after = pair.split("-")
            table[PilotState(before), PilotState(after)] = number
    for state in PilotState:
        if state.letter in "ABCD":
            table[state, PilotState.E] = "11"
            table[state, PilotState.F] = "12"
    return table


SEQUENCES = _sequences()
"""(previous, state) to the sequence number of Table A.6."""
