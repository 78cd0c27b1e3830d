"""From trace records to what a person wants to see: messages, curves, events, phases, facts."""

from __future__ import annotations

import statistics
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import Any

from evproto.charger.report.decoding import Reading, read_message
from evproto.core import JsonValue, Kind, Trace
from evproto.iso15118.iso2 import STRICT

PHASES = {
    "SdpRequest": "Discovery",
    "SdpResponse": "Discovery",
    "SupportedAppProtocol": "Handshake",
    "SessionSetup": "Setup",
    "ServiceDiscovery": "Setup",
    "ServiceDetail": "Setup",
    "PaymentServiceSelection": "Setup",
    "PaymentDetails": "Authorization",
    "Authorization": "Authorization",
    "ChargeParameterDiscovery": "Parameters",
    "CableCheck": "Cable check",
    "PreCharge": "Pre-charge",
    "PowerDelivery": "Power delivery",
    "CurrentDemand": "Energy transfer",
    "ChargingStatus": "Energy transfer",
    "MeteringReceipt": "Energy transfer",
    "WeldingDetection": "Welding check",
    "SessionStop": "Stop",
}
"""The part of a session that a message pair belongs to."""

PERFORMANCE_S = {name: timing.performance for name, timing in STRICT.messages.items()}
"""Seconds that the station may take for its answer to a request (ISO 15118-2 Table 109)."""

MOST_READ = 500
"""Messages at either end of a phase that the page shows decoded; those between keep their bytes only."""

ReadMessage = Callable[[Trace], Reading]


@dataclass(slots=True, kw_only=True)
class Message:
    """One message on its way. Times in seconds from the start.

    received: None when it never arrived. answer_s: on a response, what its sender took for it.
    foreign: it was received, but the peer's own machine never sent it.
    """

    name: str
    by_ev: bool
    sent: float
    phase: str
    raw: str
    details: dict[str, JsonValue]
    received: float | None = None
    answer_s: float | None = None
    late: bool = False
    foreign: bool = False
    xml: str | None = None


@dataclass(slots=True, kw_only=True)
class Happening:
    """A line for the list of events."""

    time: float
    source: str
    name: str
    kind: str
    details: dict[str, JsonValue]


@dataclass(slots=True, kw_only=True)
class Story:
    """All that the page shows, as plain data."""

    messages: list[Message] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)
    series: dict[str, list[JsonValue]] = field(default_factory=dict)
    phases: list[dict[str, JsonValue]] = field(default_factory=list)
    facts: dict[str, JsonValue] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The story as JSON data."""
        return asdict(self)


def tell(records: Iterable[Trace], read: ReadMessage = read_message) -> Story:
    """The story of a session; `read` tells what a message says."""
    ordered = list(records)
    story = Story(messages=_messages(ordered, read))
    story.happenings = _happenings(ordered)
    _mark_late(story)
    story.series = _series(ordered)
    story.phases = _phases(story.messages)
    story.facts = _facts(ordered, story)
    return story


def by_ev(source: str) -> bool:
    """Whether a record's source is a part of the car."""
    return source.split(".")[0] in ("ev", "evcc", "vehicle")


def phase_of(name: str) -> str:
    """The phase of a message, from its name with or without Req and Res."""
    stem = name[0:1].upper() + name[1:]
    if stem not in PHASES:
        stem = stem.removesuffix("Req").removesuffix("Res")
    return PHASES.get(stem, "Other")


_HAPPENINGS = (Kind.STATE, Kind.TIMER, Kind.FAULT, Kind.NOTE)


def _messages(records: list[Trace], read: ReadMessage) -> list[Message]:
    """Every message once: from the sender's record, with the time of the receiver's."""
    pairing = _Pairing()
    for record in records:
        if record.raw is not None and record.kind is Kind.SENT:
            pairing.sent(record)
        elif record.raw is not None and record.kind is Kind.RECEIVED:
            pairing.received(record)
    for index, (message, record) in enumerate(pairing.found):
        if _worth_reading(pairing.found, index):
            reading = read(record)
            message.details, message.xml = reading.details, reading.xml
    return [message for message, _ in pairing.found]


def _worth_reading(found: list[tuple[Message, Trace]], index: int) -> bool:
    """Whether a message is among the first or last of its phase: a page for hours stays readable."""
    phase = found[index][0].phase
    around = (index - MOST_READ, index + MOST_READ)
    return any(not 0 <= at < len(found) or found[at][0].phase != phase for at in around)


class _Pairing:
    """Finds for each message that was received the one that was sent, and for each answer its request."""

    def __init__(self) -> None:
        self.found: list[tuple[Message, Trace]] = []
        self._under_way: dict[tuple[bool, bytes | None], deque[Message]] = defaultdict(deque)
        self._request: Message | None = None

    def sent(self, record: Trace) -> None:
        ev = by_ev(record.source)
        message = self._add(record, ev)
        self._under_way[ev, record.raw].append(message)
        request = self._request
        if not ev and request is not None and request.received is not None:
            message.answer_s = round(record.time - request.received, 6)
            message.late = message.answer_s > PERFORMANCE_S.get(request.name, float("inf"))
            self._request = None

    def received(self, record: Trace) -> None:
        from_ev = not by_ev(record.source)
        waiting = self._under_way[from_ev, record.raw]
        if waiting:
            message = waiting.popleft()
        else:
            message = self._add(record, from_ev)
            message.foreign = True
        message.received = record.time
        if from_ev:
            self._request = message

    def _add(self, record: Trace, from_ev: bool) -> Message:
        message = Message(
            name=record.name,
            by_ev=from_ev,
            sent=record.time,
            phase=phase_of(record.name),
            raw=(record.raw or b"").hex(),
            details={},
        )
        self.found.append((message, record))
        return message


def _happenings(records: list[Trace]) -> list[Happening]:
    """What happened besides messages and samples; a state is told when it changes."""
    happenings: list[Happening] = []
    states: dict[str, str] = {}
    for record in records:
        if record.kind not in _HAPPENINGS:
            continue
        if record.kind is Kind.STATE:
            if states.get(record.source) == record.name:
                continue
            states[record.source] = record.name
        happenings.append(_happening(record))
    return happenings


def _happening(record: Trace) -> Happening:
    return Happening(
        time=record.time,
        source=record.source,
        name=record.name,
        kind=record.kind.value,
        details=dict(record.details),
    )


def _mark_late(story: Story) -> None:
    """A `Late` of our own side belongs to the message that was sent last before it."""
    for happening in story.happenings:
        if happening.name == "Late" and not happening.details.get("by_peer"):
            side = by_ev(happening.source)
            earlier = [m for m in story.messages if m.by_ev == side and m.sent <= happening.time]
            if earlier:
                earlier[-1].late = True


def _series(records: list[Trace]) -> dict[str, list[JsonValue]]:
    """Columns of the samples: `time` and one for each value."""
    samples = [record for record in records if record.kind is Kind.SAMPLE]
    keys = list(dict.fromkeys(key for sample in samples for key in sample.details))
    series: dict[str, list[JsonValue]] = {"time": [sample.time for sample in samples]}
    for key in keys:
        series[key] = [sample.details.get(key) for sample in samples]
    return series


def _phases(messages: list[Message]) -> list[dict[str, JsonValue]]:
    """Spans of messages of one phase."""
    starts: list[tuple[float, str]] = []
    for message in messages:
        if not starts or starts[-1][1] != message.phase:
            starts.append((message.sent, message.phase))
    if not messages:
        return []
    last = messages[-1].received or messages[-1].sent
    return [
        {"name": name, "start": start, "end": end}
        for (start, name), (end, _) in pairwise([*starts, (last, "")])
    ]


def _facts(records: list[Trace], story: Story) -> dict[str, JsonValue]:
    facts: dict[str, JsonValue] = {"messages": len(story.messages)}
    facts["duration_s"] = records[-1].time - records[0].time if records else 0.0
    answers = [m.answer_s for m in story.messages if m.answer_s is not None]
    if any(answers):
        facts["answer_median_s"] = statistics.median(answers)
        facts["answer_max_s"] = max(answers)
    facts["late"] = sum(message.late for message in story.messages)
    facts["faults"] = sum(happening.kind == Kind.FAULT.value for happening in story.happenings)
    for key, column in story.series.items():
        values = [value for value in column if isinstance(value, int | float)]
        if values and key != "time":
            facts |= {f"{key}_first": values[0], key: values[-1], f"{key}_max": max(values)}
    return facts
