"""What a viewer has to remember of a session, kept up to date from its trace records."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from evproto.charger.report.story import by_ev, phase_of
from evproto.core import JsonValue, Kind, Trace

KEPT = 40
"""Messages and events that are remembered."""
POWER_VALUES = 66
"""Power values that are remembered: as many as the view is wide."""

NOTABLE = frozenset(
    {
        "CablePluggedIn",
        "CablePulled",
        "FaultInjected",
        "StopPressed",
        "SessionStarted",
        "AuthorizationWanted",
        "AuthorizationDone",
        "IsolationTestWanted",
        "PreChargeWanted",
        "ContactorWanted",
        "ChargingStarted",
        "ChargingStopped",
        "RenegotiationStarted",
        "WeldingChecked",
        "Late",
        "SessionEnded",
    }
)
"""The events that people want to see while a session runs; the trace has all."""


@dataclass(slots=True)
class Line:
    """One message, or a run of the same pair: when it was last seen and how often."""

    time: float
    name: str
    by_ev: bool
    count: int = 1


@dataclass(slots=True)
class Picture:
    """The present state of a session. Call it with each trace record."""

    time: float = 0.0
    phase: str = "Waiting"
    values: dict[str, JsonValue] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    messages: deque[Line] = field(default_factory=lambda: deque(maxlen=KEPT))
    events: deque[Trace] = field(default_factory=lambda: deque(maxlen=KEPT))
    power_w: deque[float] = field(default_factory=lambda: deque(maxlen=POWER_VALUES))
    faults: int = 0
    _samples: int = 0

    def __call__(self, record: Trace) -> None:
        self.time = max(self.time, record.time)
        match record.kind:
            case Kind.SAMPLE:
                self._sample(record)
            case Kind.SENT if record.raw is not None:
                self._message(record)
            case Kind.STATE:
                self.states[record.source] = record.name
            case Kind.NOTE if record.name in NOTABLE:
                self.events.append(record)
            case Kind.FAULT:
                self.events.append(record)
                self.faults += 1
            case _:
                pass

    def number(self, key: str) -> float:
        """The last sample's value, 0.0 when there is none."""
        value = self.values.get(key)
        return float(value) if isinstance(value, int | float) else 0.0

    def _sample(self, record: Trace) -> None:
        self.values = dict(record.details)
        self._samples += 1
        if self._samples % 3 == 0:
            self.power_w.append(self.number("power_w"))

    def _message(self, record: Trace) -> None:
        self.phase = phase_of(record.name)
        sender = by_ev(record.source)
        # A loop alternates request and response: look for the same message two lines up.
        if len(self.messages) >= 2:
            line = self.messages[-2]
            if line.name == record.name and line.by_ev == sender:
                self.messages.remove(line)
                line.time, line.count = record.time, line.count + 1
                self.messages.append(line)
                return
        self.messages.append(Line(record.time, record.name, sender))
