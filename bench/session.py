"""Whole ISO 15118-2 DC sessions per second in virtual time: both sides, codec included."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from _report import Figure, options, report

from evproto.iso15118 import iso2
from evproto.iso15118.testing import DC_MODES, IdealCar, IdealCharger, context, evcc_config, secc_config
from evproto.v2gtp.charging import SessionEnded
from evproto.v2gtp.language import Frame

LOOPS = 10
"""Answers of the charge loop in a session."""

CHARGER = iso2.Secc(secc_config(*DC_MODES))
CAR = iso2.Evcc(evcc_config(*DC_MODES))


class Talk:
    """A charger, a car and a clock that jumps to whatever comes next; nothing is lost or late."""

    def __init__(self) -> None:
        self.now = 0.0
        self.messages = 0
        self.secc = CHARGER.open(context(iso2.APP_PROTOCOL), self.now)
        self.evcc = CAR.open(context(iso2.APP_PROTOCOL), self.now)
        self.charger = IdealCharger(self.secc, lambda: self.now)
        self.car = IdealCar(
            self.evcc, lambda: self.now, lambda state: self.secc.pilot(state, self.now), loops=LOOPS
        )
        self.ends: list[SessionEnded] = []

    def run(self) -> None:
        """Talk to the end."""
        while len(self.ends) < 2:
            if self.carry(self.evcc, self.secc, self.car) | self.carry(self.secc, self.evcc, self.charger):
                continue
            deadlines = [at for at in (self.secc.deadline, self.evcc.deadline) if at is not None]
            self.now = min(deadlines)
            self.secc.advance(self.now)
            self.evcc.advance(self.now)

    def carry(self, sender: Any, receiver: Any, application: Callable[[Any], None]) -> bool:
        """Give the sender's frames to the receiver and its events to its application."""
        busy = False
        while (event := sender.next_event()) is not None:
            busy = True
            application(event)
            if type(event) is SessionEnded:
                self.ends.append(event)
        while (output := sender.next_output()) is not None:
            busy = True
            if type(output) is Frame:
                self.messages += 1
                receiver.receive(output, self.now)
        return busy


def session() -> int:
    """Run one session to its end; the number of messages."""
    talk = Talk()
    talk.run()
    assert all(end.ok for end in talk.ends), "the session ended with a fault"
    return talk.messages


def main() -> None:
    """Measure in rounds: the fastest says what one core can do, the median what this machine does."""
    parser = options(__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="how many rounds of 20 sessions")
    arguments = parser.parse_args()
    messages = session()
    times = sorted(one_round(20) for _ in range(arguments.rounds))
    case = f"ISO 15118-2 DC, {messages} messages"
    fastest, median = times[0], times[len(times) // 2]
    report(
        [
            Figure(case=case, measure="sessions per core second", value=1 / fastest, unit="1/s"),
            Figure(case=case, measure="the same, median", value=1 / median, unit="1/s"),
            Figure(case=case, measure="time per session", value=1e3 * fastest, unit="ms"),
            Figure(case=case, measure="time per message", value=1e6 * fastest / messages, unit="us"),
        ],
        as_json=arguments.json,
    )


def one_round(count: int) -> float:
    """Seconds of one core for a session, over so many."""
    start = time.process_time()
    for _ in range(count):
        session()
    return (time.process_time() - start) / count


if __name__ == "__main__":
    main()
