"""The benches: whole stations in virtual time with a simulated charger and a scripted back end."""

from __future__ import annotations

import json
import random
import string
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from msgspec import inspect

from evproto.ocpp_client import PeerFault, Version
from evproto.ocpp_client.bridge import Description
from evproto.ocpp_client.testing import NOON, Bench, Bench2
from evproto.ocpp_client.types import OcppStruct, Timestamp
from evproto.ocpp_client.v16 import messages
from evproto.ocpp_client.v16.station import Station


class Bench16(Bench):
    """A station of 1.6; `keys` are its configuration keys, `parts` further arguments of `Station`."""

    def __init__(
        self,
        *,
        evse_count: int = 2,
        fixed_cables: bool = False,
        lock_jammed: frozenset[int] = frozenset(),
        parts: Mapping[str, Any] | None = None,
        about: Mapping[str, Any] | None = None,
        **keys: object,
    ) -> None:
        self.keys = {name: _written(value) for name, value in keys.items()}
        self.parts = dict(parts or {})
        description = Description(
            vendor="evproto",
            model="bench",
            evse_count=evse_count,
            fixed_cables=fixed_cables,
            **(about or {}),
        )
        super().__init__(Version.V16, description, lock_jammed=lock_jammed)

    def make_station(self) -> None:
        self.station = Station(self.description, self.store, NOON, 0.0, defaults=self.keys, **self.parts)

    def charge(self, evse_id: int = 1, token: str = "TAG") -> None:
        """Into the middle of a transaction; what was said is forgotten."""
        self.plug(evse_id)
        self.token(token, evse_id)
        self.run(5.0)
        assert self.station.statuses[evse_id] == "Charging"
        self.forget()

    def configure(self, **keys: object) -> None:
        for name, value in keys.items():
            answer = self.call(messages.ChangeConfigurationRequest(key=name, value=_written(value)))
            assert answer.status.value == "Accepted", name

    def statuses(self, connector_id: int = 1) -> list[str]:
        found = self.said(messages.StatusNotificationRequest)
        return [one.status.value for one in found if one.connector_id == connector_id]


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.fixture(scope="session")
def make_bench() -> type[Bench16]:
    return Bench16


@pytest.fixture
def bench() -> Any:
    return Bench16().boot()


@pytest.fixture
def bench2() -> Any:
    """A station of 2.0.1, registered; for other settings make a `Bench2` yourself."""
    return Bench2().boot()


Heard = dict[str, list[Any]]


@pytest.fixture(scope="session")
def hear() -> Callable[..., Heard]:
    """What a back end that others wrote hears of us in a course over a real line."""
    return _hear


def _hear(script: str, course: Callable[[int], list[Any]], *arguments: str) -> Heard:
    """By message: what it heard, and by call: how it was answered. `course` gives our own events."""
    program = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name(script)), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert program.stdout is not None
        events = course(json.loads(program.stdout.readline())["port"])
        output, _ = program.communicate("", timeout=20)
    finally:
        program.kill()
        program.wait()
    found: Heard = defaultdict(list)
    for line in map(json.loads, output.splitlines()):
        assert "failed" not in line, line
        if "heard" in line:
            found[line["heard"]].append(line.get("payload"))
        elif "asked" in line:
            found["answer to " + line["asked"]].append(line["answer"])
    assert not [event for event in events if isinstance(event, PeerFault)]
    return found


@pytest.fixture(scope="session")
def random_message() -> Any:
    """`random_message(kind, seed, full=False)`: a message that its declaration allows."""

    def make(kind: type[OcppStruct], seed: int, *, full: bool = False) -> Any:
        return Maker(random.Random(seed), full=full).struct(kind)

    return make


class Maker:
    """Random values of a msgspec type; `full` fills every optional field and every list to its limit."""

    def __init__(self, chance: random.Random, *, full: bool) -> None:
        self.chance = chance
        self.full = full

    def struct(self, kind: type[OcppStruct]) -> Any:
        fields = {
            field.name: self.value(field.type)
            for field in inspect.type_info(kind).fields  # type: ignore[attr-defined]
            if field.required or self.full or self.chance.random() < 0.5
        }
        return kind(**fields)

    def value(self, info: Any) -> Any:
        match info:
            case inspect.StructType():
                return self.struct(info.cls)
            case inspect.UnionType():
                return self.value(next(kind for kind in info.types if not isinstance(kind, inspect.NoneType)))
            case inspect.Metadata():
                return self.value(info.type)
            case inspect.EnumType():
                return self.chance.choice(list[Enum](info.cls))
            case inspect.VarTupleType():
                most = min(info.max_length or 3, 3)
                count = most if self.full else self.chance.randint(info.min_length or 0, most)
                return tuple(self.value(info.item_type) for _ in range(count))
            case inspect.StrType():
                return self.text(info.max_length or 40)
            case inspect.IntType():
                return self.chance.randint(
                    info.ge if info.ge is not None else -99, info.le if info.le is not None else 99
                )
            case inspect.FloatType():
                low = info.ge if info.ge is not None else -99.0
                return float(self.chance.randint(int(low), int(info.le if info.le is not None else 99)))
            case inspect.BoolType():
                return self.chance.random() < 0.5
            case inspect.CustomType() if info.cls is Timestamp:
                start = datetime(2020, 1, 1, tzinfo=UTC)
                return Timestamp.of(start + timedelta(milliseconds=self.chance.randint(0, 10**11)))
            case inspect.DictType():
                return {"vendorId": self.text(20), "extra": [1, None, {"deep": True}]}
            case inspect.AnyType():
                return {"any": [1, "two", None]}
        raise AssertionError(f"no rule for {info}")

    def text(self, limit: int) -> str:
        letters = string.ascii_letters + string.digits + " äß漢😀"
        length = limit if self.full else self.chance.randint(0, min(limit, 40))
        return "".join(self.chance.choices(letters, k=length))
