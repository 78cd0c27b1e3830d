"""How the parts of a supply act together on each reading, command and timer.

The rules stand in rules.py, the steps between signals in generator.py, the contactor's times in
interlock.py, readings in watch.py; this machine turns what they decide into outputs and events.
"""

from __future__ import annotations

import math

from evproto.core import Kind, Machine, Trace, TraceSink
from evproto.iec61851 import supply_io as io
from evproto.iec61851.config import SupplyConfig
from evproto.iec61851.contactor import Actuator
from evproto.iec61851.duty import current_for_duty
from evproto.iec61851.generator import X1, E, F, Generator, Signal, SignalKind, Signals, Step
from evproto.iec61851.interlock import Interlock
from evproto.iec61851.phases import PhaseStage, PhaseSwitch
from evproto.iec61851.rules import PERMANENT, Situation, lock_wanted, offered_a
from evproto.iec61851.selftest import SelfTest
from evproto.iec61851.states import CONNECTED, Level, PilotState
from evproto.iec61851.supply_io import Fault, SupplyEvent, SupplyInput, SupplyOutput
from evproto.iec61851.toggles import ToggleCounter
from evproto.iec61851.wakeup import WakeUp
from evproto.iec61851.watch import Watch

_POWER = (Level.C, Level.D)


class SupplyEngine(Machine[SupplyInput, SupplyOutput, SupplyEvent]):
    """Everything of a supply but its commands."""

    def __init__(self, config: SupplyConfig | None = None, *, trace: TraceSink | None = None) -> None:
        super().__init__(trace=trace)
        self.config = config or SupplyConfig()
        timing = self.config.timing
        self._timing = timing
        self._situation = Situation(self.config, phases=self.config.phases)
        self._watch = Watch(self._situation, self._timers, self._fail)
        self._step_signal = F
        self._generator = Generator(timing, self._step_signal)
        self._interlock = Interlock(timing)
        self._contactor = Actuator(
            feedback=self.config.contactor_feedback,
            within_s=timing.feedback_s,
            late_on=Fault.STUCK_CONTACTOR,
            late_off=Fault.WELDED_CONTACTOR,
        )
        self._lock = Actuator(
            feedback=self.config.lock_feedback,
            within_s=timing.lock_s,
            late_on=Fault.LOCK,
            late_off=Fault.LOCK,
        )
        self._self_test = SelfTest(wanted=self.config.residual_self_test, within_s=timing.self_test_s)
        self._toggles = ToggleCounter(timing)
        self._wake = WakeUp(self.config.wake_up)
        self._wake_climbed = False
        self._phases = PhaseSwitch(self.config.phases, timing)
        self._state = PilotState.UNKNOWN
        self._level = Level.INVALID
        self._cable = self._situation.cable
        self._offered: float | None = 0.0
        self._signals = Signals(self.config.resolution, can_cut=self.config.can_cut)
        self._f_until = -math.inf
        self._release_at: float | None = None
        self._now = -math.inf
        self._outputs.extend((io.SetPilot(X1.duty), io.SetContactor(False)))

    def _take(self, item: SupplyInput, now: float) -> bool:
        """Note a reading; tells whether it may change anything."""
        match item:
            case io.PilotSample():
                return self._watch.pilot(item, now)
            case io.ProximitySample():
                return self._watch.proximity(item, now)
            case io.CurrentSample():
                return self._watch.currents(item, now)
            case io.ContactorFeedback():
                return self._contactor.fed_back(item.closed, now)
            case io.LockFeedback():
                return self._lock.fed_back(item.locked, now)
            case io.ResidualCurrent() if self._self_test.runs:
                self._self_test.take(item.tripped)
                return True
            case io.ResidualCurrent():
                return self._watch.residual(item, now)
            case io.ReadingsLost():
                self._watch.lose()
                self._forget_positions()
                return True

    def _forget_positions(self) -> None:
        """A feedback that stays away is neither a weld nor an open contactor."""
        self._contactor.forget()
        self._lock.forget()

    def _on_timer(self, name: str, now: float) -> None:
        self._now = max(self._now, now)
        if name.startswith("watch ") and not self._watch.on_timer(name, now):
            return
        if name == "watch silence":
            self._forget_positions()
        self._evaluate(now)

    def _enter(self, now: float) -> float:
        """A clock that runs backwards stands still here."""
        now = max(now, self._now)
        self._now = now
        self.advance(now)
        return now

    def _evaluate(self, now: float) -> None:
        """Let every part act on the situation until none has anything to do."""
        while True:
            done = len(self._outputs) + len(self._events)
            self._note_level(now)
            self._note_cable()
            self._check_actuators(now)
            self._drive_self_test(now)
            self._drive_contactor(now)
            self._drive_phases(now)
            self._drive_wake_up(now)
            self._drive_pilot(now)
            self._drive_lock(now)
            self._report_state(now)
            if done == len(self._outputs) + len(self._events):
                break
        self._arm_timers(now)

    def _note_level(self, now: float) -> None:
        level, previous = self._situation.level, self._level
        if self._toggles.due is not None and now >= self._toggles.due:
            self._tell_if(self._toggles.end())
        if level is previous:
            return
        self._level = level
        self._report_state(now)
        self._note_plug(previous, level, now)
        self._tell_if(self._toggles.changed(previous, level, now))
        if level in _POWER:
            self._wake.reset()
            self._wake_climbed = False
            self._events.append(io.PowerRequested(ventilation=level is Level.D))
        elif level is Level.B and previous in _POWER:
            self._events.append(io.PowerReleased())

    def _note_plug(self, previous: Level, level: Level, now: float) -> None:
        situation = self._situation
        if level in CONNECTED and not situation.plugged:
            situation.plugged = True
            situation.simplified = previous is Level.A and level in _POWER
            self._events.append(io.PluggedIn(simplified=situation.simplified))
            self._watch.plugged(now)
        elif level is Level.B:
            situation.simplified = False
        elif level is Level.A and situation.plugged:
            self._unplug(now)

    def _unplug(self, now: float) -> None:
        situation = self._situation
        situation.plugged = situation.simplified = situation.authorized = False
        situation.offer_digital = situation.urgent = situation.force_unlocked = False
        situation.offer_a = 0.0
        self._open(io.Reason.UNPLUGGED, now)
        self._wake.reset()
        self._wake_climbed = False
        self._watch.unplugged()
        self._self_test.reset()
        self._events.append(io.Unplugged())
        self._clear(situation.faults & PERMANENT, now)

    def _note_cable(self) -> None:
        cable = self._situation.cable
        if cable != self._cable:
            self._cable = cable
            self._events.append(io.CableRated(cable.current_a if cable else None))

    def _check_actuators(self, now: float) -> None:
        for actuator in (self._contactor, self._lock):
            fault = actuator.check(now)
            if fault is not None:
                self._fail(fault, now)
        self._situation.locked = self._lock.is_on

    def _drive_self_test(self, now: float) -> None:
        test, situation = self._self_test, self._situation
        if test.due is not None and now >= test.due:
            test.reset()
            self._fail(Fault.RESIDUAL_CURRENT_TEST, now)
        ready = situation.plugged and situation.authorized and not situation.faults
        if ready and not test.passed and not test.runs and self._contactor.is_off:
            test.begin(now)
            self._put(io.TestResidualCurrent(), now)
        situation.residual_tested = test.passed

    def _drive_contactor(self, now: float) -> None:
        verdict = self._interlock.decide(
            self._situation, closed=self._contactor.commanded, opened=self._contactor.is_off, now=now
        )
        if verdict is True:
            self._events.append(io.ContactorMayClose())
            if self.config.closes_by_itself:
                self._command_contactor(True, now)
        elif verdict is not False:
            self._phases.under_load |= verdict is io.Reason.STOP_TIMEOUT
            self._command_contactor(False, now)
            self._events.append(io.ContactorMustOpen(verdict))

    def _open(self, reason: io.Reason, now: float) -> None:
        if self._interlock.revoke() or self._contactor.commanded:
            self._command_contactor(False, now)
            self._events.append(io.ContactorMustOpen(reason))

    def _command_contactor(self, closed: bool, now: float) -> None:
        if closed is not self._contactor.commanded:
            self._contactor.command(closed, now)
            self._put(io.SetContactor(closed), now)

    def _drive_phases(self, now: float) -> None:
        phases, situation = self._phases, self._situation
        due = phases.due is None or now >= phases.due
        if phases.stage is PhaseStage.DWELL:
            if due:
                phases.finish()
        elif phases.stage is not PhaseStage.IDLE and due:
            phases.due = None
            if self._contactor.is_off and situation.enabled and not situation.faults:
                self._next_phase_stage(now)
        situation.phases = phases.phases

    def _next_phase_stage(self, now: float) -> None:
        """The contactor is open: with no vehicle the relay moves at once, else under a cut pilot."""
        phases, signal = self._phases, self._situation.signal.kind
        if self._situation.state.letter == "A":
            self._move_phases(now, dwell=False)
        elif phases.stage is PhaseStage.STOPPING and signal is SignalKind.X1:
            phases.opened(now)
        elif phases.stage is PhaseStage.OPEN:
            phases.cut(now)
        elif phases.stage is PhaseStage.CUT:
            self._move_phases(now, dwell=True)

    def _move_phases(self, now: float, *, dwell: bool) -> None:
        phases = self._phases.move(now, dwell=dwell)
        self._put(io.SetPhases(phases), now)
        self._events.append(io.PhasesSwitched(phases))

    def _drive_wake_up(self, now: float) -> None:
        wake = self._wake
        due = wake.due is not None and now >= wake.due
        if wake.active is not None:
            if due:
                wake.stop()
        elif not self._sleeps():
            wake.stop()
        elif due:
            wake.begin(now)
            self._wake_climbed = wake.exhausted
            self._events.append(io.WakeUpStarted(wake.number))
        elif wake.exhausted and self._wake_climbed:
            self._wake_climbed = False
            self._events.append(io.WakeUpExhausted())
        else:
            wake.wait(now)

    def _sleeps(self) -> bool:
        situation = self._situation
        return (
            self._level is Level.B
            and situation.signal.kind is SignalKind.NOMINAL
            and situation.authorized
            and not situation.faults
        )

    def _drive_pilot(self, now: float) -> None:
        target, hold_s = self._target(now)
        situation = self._situation
        # a limit that binds below the offer is a matter of safety, not of grid comfort
        urgent = situation.urgent or offered_a(situation) < situation.offer_a
        # E or F would open a closed contactor under load; x1 lets the vehicle stop first
        step = Step.X1 if self._contactor.commanded else situation.step
        self._generator.want(target, step=step, hold_s=hold_s, urgent=urgent)
        signal = self._generator.step(now)
        if signal is not None:
            self._apply(signal, now)

    def _target(self, now: float) -> tuple[Signal, float]:
        """The signal that the situation asks for, and the least time in it when it is E or F."""
        situation = self._situation
        wake = self._wake.active
        if situation.faults:
            standing = now < self._f_until or not situation.faults.isdisjoint(PERMANENT)
            return (F if standing else X1), self._timing.f_after_fault_s
        if not situation.enabled:
            return (X1 if self._contactor.commanded else F), 0.0
        if self._phases.stage is not PhaseStage.IDLE:
            return (self._signals.cut if self._phases.cuts else X1), 0.0
        if wake is not None:
            return (self._signals.cut if wake.signal is E else F), wake.hold_s
        if self._level not in CONNECTED:
            return X1, 0.0
        if situation.offer_digital:
            return self._signals.digital, 0.0
        return (self._signals.nominal(offered_a(situation)) if situation.authorized else X1), 0.0

    def _apply(self, signal: Signal, now: float) -> None:
        previous = self._situation.signal
        self._situation.signal = signal
        if signal.duty != previous.duty:
            self._put(io.SetPilot(signal.duty), now)
        if (signal.kind is SignalKind.E) is not (previous.kind is SignalKind.E):
            self._put(io.CutPilot(signal.kind is SignalKind.E), now)
        self._watch.signal_changed(previous, signal, now)
        offered = None if signal.kind is SignalKind.DIGITAL else current_for_duty(signal.duty)
        if offered != self._offered:
            self._offered = offered
            self._events.append(io.OfferChanged(offered))

    def _drive_lock(self, now: float) -> None:
        if not self.config.profile.supply_lock:
            return
        trouble = bool(self._situation.faults) or self._level is Level.E
        if not trouble or not self._contactor.is_off:
            self._release_at = None
        elif self._release_at is None:
            self._release_at = now + self._timing.fault_unlock_s
        if self._contactor.unknown:
            return
        released = self._release_at is not None and now >= self._release_at
        wanted = lock_wanted(self._situation, contactor_open=self._contactor.is_off, released=released)
        if wanted is not self._lock.commanded:
            self._lock.command(wanted, now)
            self._put(io.SetLock(wanted), now)
            self._events.append(io.LockWanted(wanted))

    def _fail(self, fault: Fault, now: float) -> None:
        if fault in self._situation.faults:
            return
        self._situation.faults.add(fault)
        self._f_until = now + self._timing.f_after_fault_s
        self._wake.stop()
        if self._phases.abort():
            self._events.append(io.PhaseSwitchAborted())
        self._events.append(io.FaultRaised(fault))
        self._record_as(Kind.FAULT, fault.value, now)

    def _clear(self, kept: set[Fault], now: float) -> None:
        faults = self._situation.faults
        if self._watch.residual_tripped:
            kept = kept | {Fault.RESIDUAL_CURRENT}
        if faults and not faults <= kept:
            faults &= kept
            if not faults:
                self._f_until = now
                self._events.append(io.FaultsCleared())

    def _report_state(self, now: float) -> None:
        state, previous = self._situation.state, self._state
        if state is not previous:
            self._state = state
            self._events.append(io.StateChanged(previous, state))
            self._record_as(Kind.STATE, state.value, now)

    def _arm_timers(self, now: float) -> None:
        self._arm("signal", self._generator.due)
        self._arm("interlock", self._interlock.due)
        self._arm("contactor", self._contactor.due)
        self._arm("lock", self._lock.due)
        self._arm("self-test", self._self_test.due)
        self._arm("toggles", self._toggles.due)
        self._arm("wake-up", self._wake.due)
        self._arm("phases", self._phases.due)
        self._arm("fault", self._f_until if now < self._f_until else None)
        release = self._release_at
        self._arm("release", release if release is not None and now < release else None)

    def _arm(self, name: str, due: float | None) -> None:
        if due is None:
            self._timers.stop(name)
        elif self._timers.at(name) != due:
            self._timers.start(name, due)

    def _put(self, output: SupplyOutput, now: float) -> None:
        self._outputs.append(output)
        if self._trace is not None:
            self._record_as(Kind.SENT, str(output), now)

    def _tell_if(self, event: SupplyEvent | None) -> None:
        if event is not None:
            self._events.append(event)

    def _record_as(self, kind: Kind, name: str, now: float) -> None:
        if self._trace is not None:
            self._record(Trace(time=now, source="supply", kind=kind, name=name))
