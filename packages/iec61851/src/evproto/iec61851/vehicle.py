"""The vehicle's side of the control pilot: IEC 61851-1 Annex A, SAE J1772, ISO 15118-3."""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass, field

from evproto.core import Kind, Machine, StateError, Trace, TraceSink
from evproto.iec61851 import vehicle_io as io
from evproto.iec61851.debounce import Debounce
from evproto.iec61851.duty import DutyBand, band_of_duty, current_for_duty
from evproto.iec61851.profiles import CCS2, ConnectorProfile
from evproto.iec61851.proximity import Latch, Proximity
from evproto.iec61851.states import PilotState
from evproto.iec61851.supply_io import LockFeedback, ProximitySample, StateChanged
from evproto.iec61851.timing import VehicleTiming
from evproto.iec61851.vehicle_io import Load, VehicleEvent, VehicleInput, VehicleOutput

_SIMPLIFIED_MAX_A = 10.0
_ZERO_V = 1.5
_STEP_UP_A = 0.1  # a rise below this is noise of the measurement


class _Pilot(enum.Enum):
    """What the vehicle sees on the pilot."""

    NONE = "none"
    X1 = "x1"
    NOMINAL = "nominal"
    DIGITAL = "digital"
    NOT_ALLOWED = "not allowed"
    F = "F"

    @property
    def ready(self) -> bool:
        return self in (_Pilot.NOMINAL, _Pilot.DIGITAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleConfig:
    """The vehicle's hardware; the defaults are a car of 32 A with a CCS2 inlet.

    max_current_a: the most that the on-board charger draws per phase. ventilation: it asks for
    ventilation (state D). simplified: it has no switch S2 and never draws more than 10 A (A.2.3).
    reads_proximity: the inlet reads the proximity contact; else a lost pilot is an unplugged one.
    """

    profile: ConnectorProfile = CCS2
    max_current_a: float = 32.0
    ventilation: bool = False
    simplified: bool = False
    reads_proximity: bool = True
    timing: VehicleTiming = field(default_factory=VehicleTiming)


class Vehicle(Machine[VehicleInput, VehicleOutput, VehicleEvent]):
    """One inlet of a vehicle.

    `request_power` says that it wants to charge: S2 closes as soon as the supply is ready (B2)
    and the draw follows the duty cycle, or at 5 % whatever the digital communication agrees.
    """

    def __init__(self, config: VehicleConfig | None = None, *, trace: TraceSink | None = None) -> None:
        super().__init__(trace=trace)
        self.config = config or VehicleConfig()
        timing = self.config.timing
        self._timing = timing
        self._pilots = Debounce(_Pilot.NONE, timing.debounce_s, timing.debounce_limit_s)
        self._plugs = Debounce(Proximity(Latch.OPEN), timing.debounce_s, timing.debounce_limit_s)
        self._load = Load.C if self.config.simplified else Load.B
        self._wanted = self.config.simplified
        self._asleep = False
        self._connected = False
        self._stopping = False
        self._mains: bool | None = None
        self._locked = False
        self._available_a = 0.0
        self._draw_a = 0.0
        self._toggles_left = 0
        self._toggles_asked = 0
        self._state = PilotState.A1
        self._read_at = 0.0
        self._now = -math.inf
        self._outputs.extend((io.SetLoad(self._load), io.SetDraw(0.0)))

    @property
    def state(self) -> PilotState:
        """The pilot's state as the vehicle sees it."""
        return self._state

    @property
    def available_a(self) -> float:
        """What the supply offers by duty cycle, in ampere."""
        return self._available_a

    @property
    def draw_a(self) -> float:
        """The most that the on-board charger may draw now, in ampere."""
        return self._draw_a

    @property
    def connected(self) -> bool:
        """Whether a supply is there."""
        return self._connected

    def receive(self, item: VehicleInput, now: float) -> None:
        """Take a reading of the board."""
        now = self._enter(now)
        match item:
            case io.PilotReading():
                if not self._read_pilot(item, now):
                    return
            case ProximitySample():
                self._plugs.feed(self.config.profile.vehicle_proximity.read(item.resistance_ohm), now)
                self._confirm_plug(now)
            case io.MainsPresent():
                self._mains = item.present
            case LockFeedback():
                return
        self._evaluate(now)

    def request_power(self, now: float) -> None:
        """Charge as soon as the supply is ready; wakes a sleeping vehicle."""
        now = self._enter(now)
        self._wanted = True
        self._asleep = False
        self._evaluate(now)

    def release_power(self, now: float) -> None:
        """End the draw, then open S2 (Seq 7 and 8)."""
        now = self._enter(now)
        if self.config.simplified:
            raise StateError("a vehicle with a simplified pilot has no switch to open")
        self._wanted = False
        self._evaluate(now)

    def sleep(self, now: float) -> None:
        """Release power and take no notice of the pilot until the supply wakes the vehicle."""
        self.release_power(now)
        self._asleep = True

    def toggle(self, number: int, now: float) -> None:
        """Send B-C-B toggles: a validation, or a wish to resume. StateError unless in state B."""
        now = self._enter(now)
        if self._state not in (PilotState.B1, PilotState.B2) or self._wanted or self._toggles_left:
            raise StateError(f"no toggles in state {self._state.value}")
        if not 1 <= number <= 3:
            raise ValueError(f"number: 1 to 3 expected, got {number}")
        self._toggles_asked = self._toggles_left = number
        self._set_load(self._closed_load())
        self._timers.start("toggle", now + self._timing.toggle_s)
        self._evaluate(now)

    def _on_timer(self, name: str, now: float) -> None:
        self._now = max(self._now, now)
        match name:
            case "pilot":
                self._confirm_pilot(now)
            case "plug":
                self._confirm_plug(now)
            case "silence":
                self._check_silence(now)
            case "toggle":
                self._next_toggle(now)
            case "close S2":
                self._set_load(self._closed_load())
            case "open S2":
                self._stopping = False
                self._set_load(Load.B)
        self._evaluate(now)

    def _enter(self, now: float) -> float:
        """A clock that runs backwards stands still here."""
        now = max(now, self._now)
        self._now = now
        self.advance(now)
        return now

    def _read_pilot(self, reading: io.PilotReading, now: float) -> bool:
        self._read_at = now
        if "silence" not in self._timers:
            self._timers.start("silence", now + self._timing.sample_timeout_s)
        pilot = _pilot_of(reading)
        changed = False
        if pilot is not self._pilots.held or self._pilots.due is not None:
            self._pilots.feed(pilot, now)
            changed = self._confirm_pilot(now)
        if pilot is self._pilots.held:
            changed |= self._follow(current_for_duty(reading.duty) if pilot is _Pilot.NOMINAL else 0.0)
        return changed

    def _confirm_pilot(self, now: float) -> bool:
        previous = self._pilots.held
        confirmed = self._pilots.confirm(now)
        self._arm("pilot", self._pilots.due)
        if confirmed:
            self._pilot_changed(previous, self._pilots.held)
        return confirmed

    def _pilot_changed(self, previous: _Pilot, pilot: _Pilot) -> None:
        if self._asleep and self._connected and (not previous.ready or not pilot.ready):
            self._wake_by(previous, pilot)
        if pilot is _Pilot.DIGITAL:
            self._events.append(io.DigitalAvailable())

    def _wake_by(self, previous: _Pilot, pilot: _Pilot) -> None:
        """E or F, or PWM that comes anew, wakes; a PWM that ends does not."""
        if pilot is _Pilot.X1 and previous.ready:
            return
        self._asleep = False
        self._events.append(io.WokenUp())

    def _follow(self, current_a: float) -> bool:
        """Take a lower current at once, a higher one when it is more than noise."""
        if self._available_a <= current_a < self._available_a + _STEP_UP_A:
            return False
        self._available_a = current_a
        self._events.append(io.CurrentAvailable(current_a))
        return True

    def _confirm_plug(self, now: float) -> bool:
        before = self._plugs.held
        confirmed = self._plugs.confirm(now)
        self._arm("plug", self._plugs.due)
        if confirmed:
            plug = self._plugs.held
            if plug.latch is Latch.PRESSED:
                self._events.append(io.ReleasePressed())
            elif plug.latch is Latch.MATED and plug.current_a != before.current_a:
                self._events.append(io.CableReadAtInlet(plug.current_a))
        return confirmed

    def _check_silence(self, now: float) -> None:
        due = self._read_at + self._timing.sample_timeout_s
        if now < due:
            self._timers.start("silence", due)
            return
        self._pilots.force(_Pilot.NONE)
        self._timers.stop("pilot")
        self._follow(0.0)

    def _evaluate(self, now: float) -> None:
        self._note_connection()
        self._decide_switch(now)
        self._decide_draw()
        self._decide_lock()
        self._report_state(now)

    def _note_connection(self) -> None:
        connected = self._is_connected()
        if connected is self._connected:
            return
        self._connected = connected
        self._events.append(io.Connected() if connected else io.Disconnected())
        if not connected:
            self._end_toggles()
            self._follow(0.0)

    def _is_connected(self) -> bool:
        if self._pilots.held is not _Pilot.NONE:
            return True
        return self.config.reads_proximity and self._plugs.held.latch in (Latch.MATED, Latch.PRESSED)

    def _decide_switch(self, now: float) -> None:
        if self.config.simplified or self._toggles_left:
            return
        pilot = self._pilots.held
        if self._load is Load.B:
            self._wait_to(
                "close S2",
                self._wanted and not self._asleep and pilot.ready and self._unhindered(),
                now + self._timing.close_s2_s,
            )
            return
        if pilot in (_Pilot.NONE, _Pilot.F) or not self._unhindered():
            self._tell_stop()
            self._timers.stop("open S2")
            self._stopping = False
            self._set_load(Load.B)
            return
        stop = not self._wanted or not pilot.ready
        if not pilot.ready:
            self._tell_stop()
        self._stopping = stop
        self._wait_to("open S2", stop, now + self._timing.stop_draw_s)

    def _unhindered(self) -> bool:
        """The plug is mated and its button not pressed, as far as the inlet reads it."""
        return not self.config.reads_proximity or self._plugs.held.latch is Latch.MATED

    def _tell_stop(self) -> None:
        if not self._stopping and self._wanted:
            self._events.append(io.StopRequested(self._state_now()))

    def _wait_to(self, name: str, wanted: bool, at: float) -> None:
        if not wanted:
            self._timers.stop(name)
        elif name not in self._timers:
            self._timers.start(name, at)

    def _decide_draw(self) -> None:
        draw = self._allowed_a()
        if draw != self._draw_a:
            self._draw_a = draw
            self._outputs.append(io.SetDraw(draw))

    def _allowed_a(self) -> float:
        pilot = self._pilots.held
        closed = self._load is not Load.B and not self._toggles_left
        if not closed or self._stopping or not pilot.ready or self._mains is False or not self._unhindered():
            return 0.0
        limits = [self.config.max_current_a]
        if pilot is _Pilot.NOMINAL:
            limits.append(self._available_a)
        if self.config.simplified:
            limits.append(_SIMPLIFIED_MAX_A)
        if self._plugs.held.current_a is not None:
            limits.append(self._plugs.held.current_a)
        return min(limits)

    def _decide_lock(self) -> None:
        """The plug is locked while S2 is closed, or the mains is there."""
        if not self.config.profile.vehicle_lock:
            return
        wanted = self._connected and (self._load is not Load.B or self._mains is True)
        if wanted is not self._locked:
            self._locked = wanted
            self._outputs.append(io.SetInletLock(wanted))

    def _next_toggle(self, now: float) -> None:
        if self._load is not Load.B:
            self._set_load(Load.B)
            self._toggles_left -= 1
            if not self._toggles_left:
                self._events.append(io.TogglesSent(self._toggles_asked))
                return
        else:
            self._set_load(self._closed_load())
        self._timers.start("toggle", now + self._timing.toggle_s)

    def _end_toggles(self) -> None:
        self._timers.stop("toggle")
        if self._toggles_left:
            self._toggles_left = 0
            self._set_load(Load.B)

    def _closed_load(self) -> Load:
        return Load.D if self.config.ventilation else Load.C

    def _set_load(self, load: Load) -> None:
        if load is not self._load:
            self._load = load
            self._outputs.append(io.SetLoad(load))

    def _state_now(self) -> PilotState:
        pilot = self._pilots.held
        if pilot is _Pilot.F:
            return PilotState.F
        if pilot is _Pilot.NONE:
            return PilotState.E if self._connected else PilotState.A1
        return PilotState(self._load.value + ("1" if pilot is _Pilot.X1 else "2"))

    def _report_state(self, now: float) -> None:
        state = self._state_now()
        if state is self._state:
            return
        self._events.append(StateChanged(self._state, state))
        self._state = state
        if self._trace is not None:
            self._record(Trace(time=now, source="vehicle", kind=Kind.STATE, name=state.value))

    def _arm(self, name: str, due: float | None) -> None:
        if due is None:
            self._timers.stop(name)
        else:
            self._timers.start(name, due)


def _pilot_of(reading: io.PilotReading) -> _Pilot:
    if not reading.high_v >= _ZERO_V:
        return _Pilot.F if reading.high_v <= -_ZERO_V and reading.duty <= 0 else _Pilot.NONE
    return _OF_BAND[band_of_duty(reading.duty)]


_OF_BAND = {
    DutyBand.CONSTANT: _Pilot.X1,
    DutyBand.DIGITAL: _Pilot.DIGITAL,
    DutyBand.NOMINAL: _Pilot.NOMINAL,
    DutyBand.NOT_ALLOWED: _Pilot.NOT_ALLOWED,
}
