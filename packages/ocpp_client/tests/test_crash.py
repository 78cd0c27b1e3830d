"""A station is killed at random points; the back end still hears of everything once and in order."""

from __future__ import annotations

import importlib.util
import json
import os
import random
import signal
import socket
import sys
import time
from collections import defaultdict
from pathlib import Path
from types import ModuleType

import pytest

KILLS = int(os.environ.get("EVPROTO_CRASH_KILLS", "1000"))


def station_module() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "crash_station", Path(__file__).with_name("crash_station.py")
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


OTHERS = {
    "BootNotification": {"status": "Accepted", "currentTime": "2026-01-01T12:00:00Z", "interval": 86400}
}


class BackEnd:
    """Answers, sometimes not at all and sometimes twice; keeps what each message id said."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.seen: dict[str, str] = {}
        self.last = ""
        self.numbers: dict[str, list[int]] = defaultdict(list)
        self.kinds: dict[str, list[str]] = defaultdict(list)

    def frame(self, line: bytes) -> bytes:
        _, id, action, payload = json.loads(line)
        if action != "TransactionEvent":
            return self._answer(id, OTHERS.get(action, {}))
        if id in self.seen:
            assert self.seen[id] == json.dumps(payload), "one id stands for two messages"
            assert id == self.last, "more than the very last message came once more"
        else:
            self.seen[id] = json.dumps(payload)
            transaction_id = payload["transactionInfo"]["transactionId"]
            self.numbers[transaction_id].append(payload["seqNo"])
            self.kinds[transaction_id].append(payload["eventType"])
        self.last = id
        return self._answer(id, {})

    def _answer(self, id: str, payload: object) -> bytes:
        answer = json.dumps([3, id, payload]).encode() + b"\n"
        luck = self.chance.random()
        return b"" if luck < 0.05 else answer * 2 if luck < 0.1 else answer

    def check(self, *, finished: bool) -> None:
        transactions = list(self.numbers)
        for transaction_id, numbers in self.numbers.items():
            assert numbers == list(range(len(numbers))), f"{transaction_id}: lost, doubled or out of order"
            kinds = self.kinds[transaction_id]
            assert kinds[0] == "Started"
            assert "Started" not in kinds[1:]
            assert "Ended" not in kinds[:-1]
            if finished and transaction_id != transactions[-1]:
                assert kinds[-1] == "Ended", f"{transaction_id}: its end was lost"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="forks a warm interpreter")
@pytest.mark.parametrize(
    ("program", "kills"),
    [("run", KILLS), ("run_station", KILLS // 5), ("run_resuming_station", KILLS // 5)],
)
def test_no_kill_loses_reorders_or_doubles_a_transaction_message(
    tmp_path: Path, program: str, kills: int
) -> None:
    run = getattr(station_module(), program)
    path = str(tmp_path / "station.db")
    chance = random.Random(7)
    back_end = BackEnd(seed=8)
    for kill in range(kills):
        ours, theirs = socket.socketpair()
        child = os.fork()
        if child == 0:
            try:
                ours.close()
                run(path, theirs, kill)
            finally:
                os._exit(0)
        theirs.close()
        # Every second one dies while it starts, the others after so many calls, however slow the machine is.
        first = chance.randint(1, 20) if kill % 2 else 0
        received = serve(ours, back_end, first=first, then=chance.uniform(0.0, 0.02))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        drain(ours, back_end, received)
        ours.close()
    back_end.check(finished=True)
    assert len(back_end.numbers) > kills // 20
    assert len(back_end.seen) > kills // 4


def serve(link: socket.socket, back_end: BackEnd, *, first: int, then: float) -> bytes:
    """Answer the first calls, then until the moment of the kill, which falls anywhere in the station's work.

    Gives the begin of a line that has not come whole.
    """
    received = b""
    until = time.monotonic() + (10.0 if first else then)
    while (left := until - time.monotonic()) > 0:
        link.settimeout(left)
        try:
            received += link.recv(65536)
        except TimeoutError:
            break
        *lines, received = received.split(b"\n")
        for line in lines:
            link.sendall(back_end.frame(line))
        if first and (first := max(first - len(lines), 0)) == 0:
            until = time.monotonic() + then
    return received


def drain(link: socket.socket, back_end: BackEnd, received: bytes) -> None:
    """What was on the wire when the station died arrives all the same; its answers do not."""
    link.settimeout(None)
    try:
        while data := link.recv(65536):
            received += data
    except ConnectionError:
        pass
    for line in received.split(b"\n")[:-1]:
        back_end.frame(line)
