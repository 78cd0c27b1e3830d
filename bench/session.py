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


class Talk:
    """A charger, a car and a clock that jumps to whatever comes next; nothing is lost or late."""

    def __init__(self) -> None:
        self.now = 0.0
        self.messages = 0
        self.secc = iso2.Secc(secc_config(*DC_MODES)).open(context(iso2.APP_PROTOCOL), self.now)
        self.evcc = iso2.Evcc(evcc_config(*DC_MODES)).open(context(iso2.APP_PROTOCOL), self.now)
        self.charger = IdealCharger(self.secc, lambda: self.now)
        self.car = IdealCar(
            self.evcc, lambda: self.now, lambda state: self.secc.pilot(state, self.now), loops=LOOPS
        )
        self.ends: list[SessionEnded] = []

    def run(self) -> None:
        """Talk to the end."""
        while len(self.ends) < 2:
            if self.carry(self.evcc, self.secc, self.car) or self.carry(self.secc, self.evcc, self.charger):
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
    """Measure for the time that was asked for."""
    parser = options(__doc__)
    parser.add_argument("--seconds", type=float, default=3.0, help="how long to measure")
    arguments = parser.parse_args()
    messages = session()
    # Seconds of one core, so that a busy machine does not count.
    count, start = 0, time.process_time()
    while (spent := time.process_time() - start) < arguments.seconds:
        session()
        count += 1
    rate = count / spent
    case = f"ISO 15118-2 DC, {messages} messages"
    report(
        [
            Figure(case=case, measure="sessions per core second", value=rate, unit="1/s"),
            Figure(case=case, measure="time per session", value=1000 / rate, unit="ms"),
            Figure(case=case, measure="time per message", value=1e6 / rate / messages, unit="us"),
        ],
        as_json=arguments.json,
    )


if __name__ == "__main__":
    main()
