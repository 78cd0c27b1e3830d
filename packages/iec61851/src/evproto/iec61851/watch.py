"""What the supply reads: levels, diode, silence, proximity, currents, residual current."""

from __future__ import annotations

from collections.abc import Callable

from evproto.core import Timers
from evproto.iec61851 import supply_io as io
from evproto.iec61851.debounce import Debounce
from evproto.iec61851.generator import Signal, SignalKind
from evproto.iec61851.levels import level_of, low_shows_diode
from evproto.iec61851.proximity import Latch, Proximity
from evproto.iec61851.rules import Situation, limit_a, offered_a
from evproto.iec61851.states import CONNECTED, Level

_BLIND = (SignalKind.E, SignalKind.F)


class Watch:
    """Debounces readings into the situation; `fail(fault, now)` hears of faults.

    Its timers begin with "watch": give them back to `on_timer`.
    """

    def __init__(self, situation: Situation, timers: Timers, fail: Callable[[io.Fault, float], None]) -> None:
        timing = situation.config.timing
        self.residual_tripped = False
        self._situation = situation
        self._timers = timers
        self._timing = timing
        self._fail = fail
        self._levels = Debounce(Level.INVALID, timing.debounce_s, timing.debounce_limit_s)
        self._cables: Debounce[Proximity | None] = Debounce(None, timing.debounce_s, timing.debounce_limit_s)
        self._least_cable: Proximity | None = None
        self._sampled = 0.0
        self._level_from = 0.0
        self._low_from = 0.0

    def signal_changed(self, previous: Signal, signal: Signal, now: float) -> None:
        """The pilot's signal changed: readings may be of the one before for a while."""
        self._low_from = now + self._timing.settle_s
        self._trust_diode()
        if previous.kind in _BLIND:
            self._level_from = now + self._timing.settle_s
        if signal.kind in _BLIND:
            self._levels.force(self._levels.held)
            self._timers.stop("watch level")
            self._timers.stop("watch pilot")

    def pilot(self, sample: io.PilotSample, now: float) -> bool:
        """Take a pilot sample; tells whether anything in the situation changed."""
        self._sampled = now
        if "watch silence" not in self._timers:
            self._timers.start("watch silence", now + self._timing.sample_timeout_s)
        signal = self._situation.signal
        if signal.kind in _BLIND or now < self._level_from:
            return False
        changed = self._feed_level(level_of(sample.high_v, self._levels.held), now)
        if signal.pwm and sample.low_v is not None and now >= self._low_from:
            changed |= self._judge_diode(sample.low_v, now)
        return changed

    def proximity(self, sample: io.ProximitySample, now: float) -> bool:
        """Take a proximity sample; tells whether a cable's rating changed."""
        table = self._situation.config.profile.supply_proximity
        if table is None:
            return False
        self._cables.feed(table.read(sample.resistance_ohm), now)
        return self._confirm_cable(now)

    def currents(self, sample: io.CurrentSample, now: float) -> bool:
        """Take the currents: too much for too long is a fault. They never change anything at once."""
        situation = self._situation
        if situation.signal.kind is SignalKind.NOMINAL:
            allowed = offered_a(situation)
        elif situation.signal.kind is SignalKind.DIGITAL and not situation.config.profile.direct_current:
            allowed = limit_a(situation)
        else:
            return False  # x1: the stop time takes care of it; direct current: the communication does
        allowed = (allowed + 0.5) * 1.1
        if all(current <= allowed for current in sample.phases_a):
            self._timers.stop("watch overcurrent")
        elif "watch overcurrent" not in self._timers:
            self._timers.start("watch overcurrent", now + self._timing.overcurrent_s)
        return False

    def residual(self, sample: io.ResidualCurrent, now: float) -> bool:
        """Take the state of the residual current device; tells whether it is news."""
        if sample.tripped is self.residual_tripped:
            return False
        self.residual_tripped = sample.tripped
        if sample.tripped:
            self._fail(io.Fault.RESIDUAL_CURRENT, now)
        return True

    def lose(self) -> None:
        """The board fell silent: the vehicle's state is unknown."""
        self._levels.force(Level.INVALID)
        self._timers.stop("watch level")
        self._hold(Level.INVALID)

    def on_timer(self, name: str, now: float) -> bool:
        """One of its timers fell due; tells whether anything in the situation changed."""
        match name:
            case "watch level":
                return self._confirm_level(now)
            case "watch cable":
                return self._confirm_cable(now)
            case "watch silence":
                return self._check_silence(now)
            case "watch diode":
                self._fail(io.Fault.DIODE, now)
            case "watch pilot":
                self._fail(io.Fault.PILOT, now)
            case _:
                self._fail(io.Fault.OVERCURRENT, now)
        return True

    def unplugged(self) -> None:
        """Forget what belongs to the vehicle that left."""
        self._timers.stop("watch overcurrent")
        self._least_cable = None
        self._situation.cable = self._usable(self._cables.held)

    def plugged(self, now: float) -> None:
        """A vehicle came: a plug whose coding is bad is a fault from now on."""
        self._rate_cable(now)

    def _feed_level(self, level: Level, now: float) -> bool:
        levels = self._levels
        if level is levels.held and levels.due is None:
            return False
        # -12 V that the supply does not send itself belongs to no state
        levels.feed(Level.INVALID if level is Level.F else level, now)
        if levels.due is None:
            self._timers.stop("watch level")
        else:
            self._timers.start("watch level", levels.due)
        return self._confirm_level(now)

    def _confirm_level(self, now: float) -> bool:
        if not self._levels.confirm(now):
            return False
        self._timers.stop("watch level")
        self._hold(self._levels.held)
        if self._levels.held is Level.INVALID:
            self._timers.start("watch pilot", now + self._timing.diode_fault_s)
        return True

    def _hold(self, level: Level) -> None:
        self._situation.level = level
        self._timers.stop("watch pilot")
        if level not in CONNECTED:
            self._situation.diode_seen = False
            self._trust_diode()

    def _judge_diode(self, low_v: float, now: float) -> bool:
        if self._levels.held not in CONNECTED or self._levels.due is not None:
            return False
        situation = self._situation
        if not low_shows_diode(low_v):
            if not situation.diode_doubted:
                situation.diode_doubted = True
                self._timers.start("watch diode", now + self._timing.diode_fault_s)
            return False
        new = situation.diode_doubted or not situation.diode_seen
        self._trust_diode()
        situation.diode_seen = True
        return new

    def _trust_diode(self) -> None:
        self._situation.diode_doubted = False
        self._timers.stop("watch diode")

    def _check_silence(self, now: float) -> bool:
        due = self._sampled + self._timing.sample_timeout_s
        if now < due:
            self._timers.start("watch silence", due)
            return False
        self.lose()
        return True

    def _confirm_cable(self, now: float) -> bool:
        confirmed = self._cables.confirm(now)
        if self._cables.due is None:
            self._timers.stop("watch cable")
        else:
            self._timers.start("watch cable", self._cables.due)
        if confirmed:
            self._rate_cable(now)
        return confirmed

    def _rate_cable(self, now: float) -> None:
        """A rating may fall while a vehicle is there, but never rise."""
        read = self._cables.held
        situation = self._situation
        if read is not None and read.latch is Latch.ERROR and situation.plugged:
            self._fail(io.Fault.PROXIMITY, now)
        cable = self._usable(read)
        if cable is not None and situation.plugged:
            least = self._least_cable
            if least is not None and (least.current_a or 0.0) < (cable.current_a or 0.0):
                cable = least
            self._least_cable = cable
        situation.cable = cable

    @staticmethod
    def _usable(read: Proximity | None) -> Proximity | None:
        return read if read is not None and read.latch is Latch.MATED else None
