"""Sessions for tests: run one in virtual time and look at its trace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from evproto.charger.config import checked
from evproto.charger.demo.session import Outcome, run_virtual
from evproto.charger.demo.settings import DemoConfig
from evproto.core import Kind, Trace


@dataclass(frozen=True, slots=True)
class Session:
    """A session that was run: how it ended, its folder, and the records of its trace."""

    outcome: Outcome
    folder: Path
    records: list[Trace]

    def names(self, kind: Kind, *sources: str) -> list[str]:
        """The names of the records of a kind, of all sources or of these."""
        return [r.name for r in self.records if r.kind is kind and (not sources or r.source in sources)]

    def happened(self, name: str) -> bool:
        """Whether a record has this name."""
        return any(record.name == name for record in self.records)

    def samples(self, key: str) -> list[Any]:
        """One value of all samples, in the order of time."""
        return [record.details[key] for record in self.records if record.kind is Kind.SAMPLE]


Charge: TypeAlias = Callable[..., Session]
"""Runs a session with settings of `DemoConfig`."""


def charge_in(folder: Path, **settings: Any) -> Session:
    """Run a session in virtual time with these settings of `DemoConfig`."""
    outcome = run_virtual(checked(DemoConfig, "settings", settings), folder)
    return Session(outcome, folder, read_trace(folder))


def read_trace(folder: Path) -> list[Trace]:
    """The records of a session folder."""
    return [Trace.from_json(line) for line in (folder / "trace.jsonl").read_text("utf-8").splitlines()]


def untimed(folder: Path) -> list[Trace]:
    """The records of a session folder, all at time 0."""
    return [replace(record, time=0.0) for record in read_trace(folder)]
