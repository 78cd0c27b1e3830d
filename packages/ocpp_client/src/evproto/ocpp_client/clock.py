"""The wall clock of a station, as a function of the caller's monotonic time."""

from __future__ import annotations

from datetime import datetime, timedelta

from evproto.ocpp_client.types import Timestamp

PLAUSIBLE_YEARS = range(2000, 2201)


class WallClock:
    """Counts on from `moment` (aware), which was read at the monotonic time `now`; the back end sets it."""

    def __init__(self, moment: datetime, now: float) -> None:
        self._moment = Timestamp.of(moment)
        self._at = now

    def set(self, moment: datetime, now: float) -> float:
        """Take the back end's time; gives by how many seconds the clock was slow.

        A year that no station sees (before 2000, after 2200) is not taken: 0.0.
        """
        if moment.year not in PLAUSIBLE_YEARS:
            return 0.0
        slow = (Timestamp.of(moment) - self.at(now)).total_seconds()
        self._moment, self._at = Timestamp.of(moment), now
        return slow

    def at(self, now: float) -> Timestamp:
        """The wall time at `now`, UTC."""
        return Timestamp.of(self._moment + timedelta(seconds=now - self._at))

    def seconds_until(self, moment: datetime, now: float) -> float:
        """How far off the moment is; negative when it has passed."""
        return (moment - self.at(now)).total_seconds()

    def seconds_of_day(self, now: float) -> float:
        """Since midnight UTC."""
        moment = self.at(now)
        return (moment - moment.replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds()
