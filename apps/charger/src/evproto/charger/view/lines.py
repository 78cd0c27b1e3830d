"""A session as a plain log, for terminals that are none (files, CI)."""

from __future__ import annotations

from collections.abc import Callable

from evproto.charger.report.story import by_ev
from evproto.charger.view.picture import NOTABLE
from evproto.core import Kind, Trace


class LineLog:
    """Writes a line for each thing of note; repeated messages and samples are thinned out.

    Every message is shown the first two times in a row of the same pair, then counted until
    another one comes. Samples are shown every `sample_every` seconds while power flows.
    """

    def __init__(self, write: Callable[[str], object], *, sample_every: float = 5.0) -> None:
        self._write = write
        self._every = sample_every
        self._next_sample = 0.0
        self._recent: list[str] = []
        self._states: dict[str, str] = {}
        self._skipped = 0

    def __call__(self, record: Trace) -> None:
        match record.kind:
            case Kind.SENT if record.raw is not None:
                self._message(record)
            case Kind.SAMPLE:
                self._sample(record)
            case Kind.STATE:
                self._state(record)
            case Kind.FAULT:
                self._line(record, "FAULT", f"{record.name} {_words(record)}")
            case Kind.NOTE if record.name in NOTABLE:
                self._line(record, "event", f"{record.name} {_words(record)}")
            case _:
                pass

    def _message(self, record: Trace) -> None:
        if record.name in self._recent:
            self._skipped += 1
            return
        if self._skipped:
            self._write(f"{'':>9}  {'':<10}  … and {self._skipped} more")
            self._skipped = 0
        self._recent = [*self._recent[-1:], record.name]
        size = f"{len(record.raw)} bytes" if record.raw is not None else ""
        arrow = "EV → EVSE" if by_ev(record.source) else "EV ← EVSE"
        self._line(record, arrow, f"{record.name}  {size}")

    def _state(self, record: Trace) -> None:
        # The car's state is the request that it sent, which is told already.
        if self._states.get(record.source) != record.name and not record.name.endswith("Req"):
            self._line(record, "state", record.name)
        self._states[record.source] = record.name

    def _sample(self, record: Trace) -> None:
        values = record.details
        if record.time < self._next_sample or not values.get("power_w"):
            return
        self._next_sample = record.time + self._every
        text = "{voltage_v} V  {current_a} A  {power_w} W  {energy_wh} Wh  SoC {soc_percent} %"
        self._line(record, "power", text.format(**values))

    def _line(self, record: Trace, what: str, text: str) -> None:
        self._write(f"{record.time:9.3f}  {what:<10}  {record.source:<10}  {text}".rstrip())


def _words(record: Trace) -> str:
    return ", ".join(f"{key} {value}" for key, value in record.details.items() if value not in (None, ""))
