"""Whole ISO 15118-2 DC sessions per second in virtual time: both sides, codec included."""

from __future__ import annotations

import time

from _report import Figure, options, report

from evproto.core.testing import Pair
from evproto.iso15118 import iso2
from evproto.iso15118.testing import DC_MODES, IdealCar, IdealCharger, context, evcc_config, secc_config
from evproto.v2gtp.charging import EvccEvent, SeccEvent, SessionEnded

LOOPS = 10
"""Answers of the charge loop in a session."""


def session() -> int:
    """Run one session to its end; the number of messages."""
    secc = iso2.Secc(secc_config(*DC_MODES)).open(context(iso2.APP_PROTOCOL), 0.0)
    evcc = iso2.Evcc(evcc_config(*DC_MODES)).open(context(iso2.APP_PROTOCOL), 0.0)
    pair: Pair[SeccEvent, EvccEvent] = Pair(
        secc, evcc, on_event_a=lambda event: charger(event), on_event_b=lambda event: car(event)
    )
    charger = IdealCharger(secc, lambda: pair.time.now)
    car = IdealCar(evcc, lambda: pair.time.now, lambda state: secc.pilot(state, pair.time.now), loops=LOOPS)
    pair.run(until=60.0, stop=lambda: pair.closed)
    ends = [event for event in (*pair.events_a, *pair.events_b) if isinstance(event, SessionEnded)]
    assert len(ends) == 2, "the session did not end"
    assert all(end.ok for end in ends), "the session ended with a fault"
    return pair.a_to_b.sent + pair.b_to_a.sent


def main() -> None:
    """Measure for the time that was asked for."""
    parser = options(__doc__)
    parser.add_argument("--seconds", type=float, default=3.0, help="how long to measure")
    arguments = parser.parse_args()
    messages = session()
    count, start = 0, time.perf_counter()
    while (spent := time.perf_counter() - start) < arguments.seconds:
        session()
        count += 1
    rate = count / spent
    case = f"ISO 15118-2 DC, {messages} messages"
    report(
        [
            Figure(case=case, measure="sessions per second", value=rate, unit="1/s"),
            Figure(case=case, measure="time per session", value=1000 / rate, unit="ms"),
            Figure(case=case, measure="time per message", value=1e6 / rate / messages, unit="us"),
        ],
        as_json=arguments.json,
    )


if __name__ == "__main__":
    main()
