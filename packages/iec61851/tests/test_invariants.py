"""The seventeen invariants of a supply, held over random walks of voltages, commands and time.

The oracle knows only what went in and what came out, never the machine's own mind. The number of
steps is set by EVPROTO_INVARIANT_STEPS; the default keeps CI quick.
"""

from __future__ import annotations

import math
import os
import random
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evproto.core import StateError
from evproto.iec61851 import (
    CCS2,
    NO_WAKE_UP,
    TYPE1,
    TYPE2_SOCKET,
    ContactorFeedback,
    ContactorMayClose,
    CurrentSample,
    CutPilot,
    Fault,
    FaultRaised,
    FaultsCleared,
    LockFeedback,
    PilotSample,
    PilotState,
    PluggedIn,
    ProximitySample,
    ResidualCurrent,
    SetContactor,
    SetLock,
    SetPhases,
    SetPilot,
    Simulation,
    StateChanged,
    Step,
    Supply,
    SupplyConfig,
    SupplyTiming,
    TestResidualCurrent,
    Unplugged,
    Vehicle,
    VehicleConfig,
    VehicleTiming,
    WakeUpStep,
    current_for_duty,
)
from evproto.iec61851.generator import E, F

STEPS = int(os.environ.get("EVPROTO_INVARIANT_STEPS", "90000"))
EPSILON = 1e-6
VOLTS = {"A": 12.0, "B": 9.0, "C": 6.0, "D": 3.0, "E": 0.0}

WAKES = (WakeUpStep(2.0, E, 4.0), WakeUpStep(2.0, F, 4.0), WakeUpStep(3.0, E, 1.0))
CONFIGS = {
    "tethered": SupplyConfig(wake_up=WAKES, max_current_1ph_a=20.0),
    "socket": SupplyConfig(profile=TYPE2_SOCKET, max_current_a=63.0, wake_up=WAKES),
    "ventilated without cut": SupplyConfig(
        profile=TYPE1, max_current_a=80.0, ventilation=True, can_cut=False, wake_up=WAKES, phases=1
    ),
    "self-test": SupplyConfig(profile=TYPE2_SOCKET, residual_self_test=True, wake_up=WAKES),
    "direct current": SupplyConfig(profile=CCS2, wake_up=NO_WAKE_UP),
    "without feedback": SupplyConfig(
        profile=TYPE2_SOCKET, contactor_feedback=False, lock_feedback=False, lock_when_plugged=True
    ),
}


class Walk:
    """One supply, the world around it, and the oracle."""

    def __init__(self, config: SupplyConfig, seed: int) -> None:
        # short dwells let a walk see the end of a phase switch more often
        timing = replace(SupplyTiming(), phase_dwell_s=5.0, phase_dwell_under_load_s=6.0)
        self.config = replace(config, timing=timing)
        self.supply = Supply(self.config)
        self.rng = random.Random(seed)
        self.now = 0.0
        self.letter = "A"
        self.diode = True
        self.cable_ohm = 220.0
        self.welded = False
        self.lock_stuck = False
        self.greedy = False
        self.duty = Fraction(1)
        self.cut = False
        self.closed = False
        self.closed_fed = False
        self.lock = False
        self.lock_fed = False
        self.faults: set[Fault] = set()
        self.authorized = False
        self.enabled = True
        self.offer_a = 0.0
        self.simplified = False
        self.phases = config.phases
        self.diode_seen = False
        self.no_power_since: float | None = 0.0
        self.no_diode_since: float | None = None
        self.x1_since = 0.0
        self.ready_since: float | None = None
        self.weld_since: float | None = None
        self.known = False
        self.testing = False
        self.tested = False
        self.pwm_at = -math.inf
        self.family: str | None = None
        self.signal = "x1"
        self.signal_since = 0.0
        self.stepped = True
        self.sampled_at = 0.0
        self.disturbed_at = 0.0

    def run(self, steps: int) -> None:
        self.drain(clearing=False)
        for _ in range(steps):
            self.step()

    def step(self) -> None:
        choice = self.rng.random()
        if choice < 0.05:
            self.change_world()
        elif choice < 0.12:
            self.command(self.rng.randrange(40))
        elif choice < 0.15 and (self.faults or not self.enabled):
            self.command(12 if self.faults else 10)
        self.pass_time()
        self.read()

    def change_world(self) -> None:
        rng = self.rng
        what = rng.randrange(12)
        if what < 8:
            likely = {"A": "BBBBBBBC", "B": "CCCCCCDAE", "C": "BBBBADE", "D": "CB", "E": "BCA"}
            self.letter = rng.choice(likely[self.letter])
        elif what == 8:
            self.diode = rng.random() < 0.9
        elif what == 9:
            self.cable_ohm = rng.choice((100.0, 220.0, 220.0, 220.0, 680.0, 1500.0, 20.0, math.inf))
        elif what == 10:
            self.welded = rng.random() < 0.05
            self.lock_stuck = rng.random() < 0.05
        else:
            self.greedy = rng.random() < 0.1
            if rng.random() < 0.05:
                self.give(ResidualCurrent(True))
                self.give(ResidualCurrent(False))

    def command(self, which: int) -> None:
        rng, supply, now = self.rng, self.supply, self.now
        clearing = False
        try:
            match which:
                case 3:
                    self.authorized = False
                    supply.deauthorize(now)
                case 9:
                    self.offer_a = 0.0
                    supply.withdraw(now)
                case 10:
                    self.enabled = not self.enabled
                    (supply.enable if self.enabled else supply.disable)(now)
                case 11:
                    supply.fault(rng.choice((Fault.INTERNAL, Fault.EMERGENCY_STOP)), now)
                case 12:
                    clearing = True
                    self.weld_since = now if self.weld_since is not None else None
                    supply.clear_faults(now)
                case 13:
                    supply.force_unlock(now)
                case 14:
                    supply.switch_phases(rng.choice((1, 3)), now)
                case 15:
                    supply.wake_up(now)
                case 16:
                    supply.error_step(now)
                case 17 | 18 | 19:
                    supply.offer_digital(now, step=rng.choice((Step.X1, Step.EF)))
                case _ if which < 28:
                    self.authorized = True
                    supply.authorize(now)
                case _:
                    self.offer_a = rng.choice((0.0, 5.9, 6.0, 10.0, 13.3, 16.0, 32.0, 52.0, 63.0, 100.0))
                    step = rng.choice((Step.X1, Step.EF))
                    supply.offer(self.offer_a, now, step=step, urgent=rng.random() < 0.3)
        except (StateError, ValueError):
            pass
        self.drain(clearing=clearing)

    def pass_time(self) -> None:
        """Invariant 15 with it: a clock that jumps back changes nothing."""
        choice = self.rng.random()
        if choice < 0.002:
            self.supply.advance(self.now - 1000.0)
            assert self.supply.next_output() is None
            assert self.supply.next_event() is None
            return
        dt = 0.02 if choice < 0.75 else 0.4 if choice < 0.995 else self.rng.uniform(0.9, 40.0)
        until = self.now + dt * (0.5 + self.rng.random())
        while (deadline := self.supply.deadline) is not None and deadline <= until:
            assert deadline >= self.now - EPSILON
            self.now = max(self.now, deadline)
            self.supply.advance(self.now)
            after = self.supply.deadline
            assert after is None or after > deadline - EPSILON
            self.drain(clearing=False)
            self.check()
        self.now = until
        self.check()

    def read(self) -> None:
        if self.testing and self.rng.random() < 0.3:
            self.testing = False
            self.give(ResidualCurrent(True))
            self.give(ResidualCurrent(False))
            self.tested = True
        self.give(self.pilot_sample())
        chance = self.rng.random()
        closed = self.closed or self.welded
        if chance < 0.1 or (closed is not self.closed_fed and chance < 0.9):
            self.give(ContactorFeedback(closed))
        elif chance < 0.15 or (self.lock is not self.lock_fed and chance < 0.6):
            self.give(LockFeedback(self.lock_fed if self.lock_stuck else self.lock))
        elif chance < 0.25:
            self.give(ProximitySample(self.cable_ohm))
        elif chance < 0.35:
            self.give(CurrentSample((99.0 if self.greedy and self.closed else 5.0,) * 3))

    def pilot_sample(self) -> PilotSample:
        noise = self.rng.uniform(-0.8, 0.8)
        high = VOLTS[self.letter] + noise
        if self.duty == 0:
            return PilotSample(-12.0)
        if self.cut:
            return PilotSample(12.0, None)
        if self.duty == 1:
            return PilotSample(high)
        return PilotSample(high, -12.0 + noise / 2 if self.diode or self.letter == "A" else -high)

    def give(self, item: object) -> None:
        match item:
            case PilotSample():
                self.note_sample(item)
            case ContactorFeedback():
                self.note_feedback(item)
            case LockFeedback():
                self.lock_fed = item.locked
            case ProximitySample():
                self.disturbed_at = self.now
        self.supply.receive(item, self.now)  # type: ignore[arg-type]
        self.drain(clearing=False)
        self.check()

    def note_sample(self, sample: PilotSample) -> None:
        self.sampled_at = self.now
        blind = self.cut or self.duty == 0
        power = self.letter == "C" or (self.letter == "D" and self.config.ventilation)
        if power and not blind:
            self.no_power_since = None
        elif self.no_power_since is None:
            self.no_power_since = self.now
        bad = sample.low_v is not None and sample.low_v > -10.5
        if bad and self.no_diode_since is None:
            self.no_diode_since = self.now
        elif not bad:
            self.no_diode_since = None
        if sample.low_v is not None and not bad and self.letter in "BCD":
            self.diode_seen = True

    def note_feedback(self, feedback: ContactorFeedback) -> None:
        self.closed_fed = feedback.closed
        self.known = True
        if feedback.closed and not self.closed:
            if self.weld_since is None:
                self.weld_since = self.now
        else:
            self.weld_since = None

    def drain(self, *, clearing: bool) -> None:
        before = set(self.faults)
        count = 0
        unplugged = False
        events = []
        while (event := self.supply.next_event()) is not None:
            events.append(event)
        # the state of the world at the moment of the outputs is that after the events
        for event in events:
            match event:
                case FaultRaised():
                    self.faults.add(event.fault)
                case FaultsCleared():
                    self.faults.clear()
                case PluggedIn():
                    self.simplified = event.simplified
                case StateChanged() if event.state.letter == "B":
                    self.simplified = False  # it has a switch S2 after all
                case Unplugged():
                    unplugged = True
                    self.authorized = self.simplified = self.diode_seen = self.tested = False
                    self.offer_a = 0.0
        while (output := self.supply.next_output()) is not None:
            count += 1
            self.obey(output)
        assert count + len(events) <= 20, "16: the queues are bounded"
        lost = before - self.supply.faults
        assert not lost or unplugged or clearing, "14: a fault cleared by itself"
        self.faults = set(self.supply.faults)
        if not self.config.closes_by_itself and any(isinstance(e, ContactorMayClose) for e in events):
            self.supply.close_contactor(self.now)
            self.drain(clearing=clearing)

    def obey(self, output: object) -> None:
        match output:
            case SetPilot():
                self.set_pilot(output.duty)
            case CutPilot():
                self.cut = output.cut
                self.enter("E" if output.cut else self.kind(self.duty))
            case SetContactor():
                if output.closed:
                    self.check_closing()
                elif self.closed:
                    self.weld_since = self.now if self.closed_fed else None
                self.closed = output.closed
            case TestResidualCurrent():
                assert not self.closed
                self.testing = True
            case SetLock():
                if not output.locked:
                    assert not self.closed, "12: unlocked under a closed contactor"
                    assert not self.config.contactor_feedback or not self.closed_fed, "12: welded"
                self.lock = output.locked
                self.disturbed_at = self.now
                if not self.config.lock_feedback:
                    self.lock_fed = output.locked
            case SetPhases():
                assert not self.closed, "11: phases switched under load"
                assert not self.config.contactor_feedback or not self.closed_fed, "11: welded"
                assert self.cut or self.supply.state is PilotState.A1 or not self.config.can_cut, "11: pilot"
                self.phases = output.phases

    @staticmethod
    def kind(duty: Fraction) -> str:
        if duty in (0, 1):
            return "F" if duty == 0 else "x1"
        return "5 %" if duty == Fraction(1, 20) else "nominal"

    def set_pilot(self, duty: Fraction) -> None:
        percent = duty * 100
        assert percent in (0, 5, 100) or 10 <= percent <= 96, f"8: {float(percent)} %"
        kind = self.kind(duty)
        if kind == "nominal":
            limit = min(self.offer_a, self.config.max_current_a, 10.0 if self.simplified else 100.0)
            if self.phases == 1 and self.config.max_current_1ph_a is not None:
                limit = min(limit, self.config.max_current_1ph_a)
            assert current_for_duty(duty) <= limit, "7: over-offered"
            if self.signal == "nominal" and duty > self.duty:
                assert self.now - self.pwm_at >= 5 - EPSILON, "9: PWM raised too soon"
        if kind in ("nominal", "5 %"):
            if self.signal not in ("nominal", "5 %"):
                self.leave(kind)
            assert self.family in (None, kind) or self.stepped, "10: no step between families"
            self.family = kind
            self.stepped = False
            self.pwm_at = self.now
        self.duty = duty
        if not self.cut:
            self.enter(kind)

    def enter(self, signal: str) -> None:
        if signal != self.signal:
            self.leave(signal)
            self.signal = signal
            self.signal_since = self.now

    def leave(self, following: str) -> None:
        stood = self.now - self.signal_since
        if self.signal == "x1" and stood >= 3 - EPSILON:
            self.stepped = True
        if self.signal in ("E", "F") and following not in ("E", "F") and stood >= 4 - EPSILON:
            self.stepped = True

    def check_closing(self) -> None:
        assert self.authorized, "5: not authorized"
        assert 0 < self.duty < 1 and not self.cut, "5: no PWM"
        assert self.diode_seen, "5: no diode seen"
        assert not self.config.profile.supply_lock or (self.lock and self.lock_fed), "5: not locked"
        assert not self.config.contactor_feedback or not self.closed_fed, "5: welded"
        assert not self.supply.faults, "5: fault"
        assert self.tested or not self.config.residual_self_test, "5: untested"

    def check(self) -> None:
        now = self.now
        if now - self.sampled_at > 1.0 - EPSILON:
            self.known = False  # a silent board: its feedbacks are void too
            self.lock_fed = self.lock_fed and not self.config.lock_feedback
            self.weld_since = None
        if self.closed:
            assert not self.faults, "2: closed with a fault"
            assert self.supply.state.value in ("C1", "C2", "D1", "D2"), f"2: closed in {self.supply.state}"
            if self.no_power_since is not None:
                assert now - self.no_power_since < 0.1, "3: no power state, still closed"
            assert now - self.sampled_at <= 1.0 + EPSILON, "2: closed in silence"
            if self.no_diode_since is not None:
                assert now - self.no_diode_since < 3.0, "4: no diode, still closed"
            if self.signal != "x1":
                assert 0 < self.duty < 1, "1: closed in E or F"
            else:
                assert now - self.signal_since <= 6.0 + EPSILON, "1: closed in x1 for too long"
        self.check_closes_in_time(now)
        if (
            self.weld_since is not None
            and self.config.contactor_feedback
            and now - self.weld_since > 0.5 + EPSILON
        ):
            assert Fault.WELDED_CONTACTOR in self.supply.faults, "13: a weld unseen"
            assert self.duty == 0, "13: a weld without F"

    def check_closes_in_time(self, now: float) -> None:
        ready = (
            self.supply.state.value in ("C2", "D2")
            and self.no_power_since is None
            and self.no_diode_since is None
            and self.authorized
            and self.enabled
            and self.diode_seen
            and not self.faults
            and (self.tested or not self.config.residual_self_test)
            and not (self.config.contactor_feedback and (self.closed_fed or not self.known))
            and (not self.config.profile.supply_lock or (self.lock and self.lock_fed))
            and now - self.disturbed_at > 0.2
        )
        if not ready or self.closed:
            self.ready_since = None
        elif self.ready_since is None:
            self.ready_since = now
        else:
            usable = self.config.profile.supply_proximity is None or 60 <= self.cable_ohm <= 4500
            assert not usable or now - self.ready_since <= 3.0, "6: not closed within 3 s of C2"


@pytest.mark.parametrize("name", CONFIGS)
def test_no_walk_breaks_an_invariant_of_the_supply(name: str) -> None:
    share = STEPS // len(CONFIGS)
    lengths = [5000] * (share // 5000) + ([share % 5000] if share % 5000 else [])
    closings = 0
    for seed, steps in enumerate(lengths):
        walk = Walk(CONFIGS[name], seed)
        walk.run(steps)
        closings += walk.pwm_at > 0
    assert closings, "a walk that never charges shows nothing"


@settings(max_examples=60, deadline=None)
@given(
    debounce=st.floats(0.0, 0.1),
    close=st.floats(0.0, 2.0),
    sample=st.floats(0.005, 0.05),
    early=st.booleans(),
    simplified=st.booleans(),
    offer=st.floats(6.0, 32.0),
)
def test_every_vehicle_timing_reaches_c2_and_power_within_three_seconds(
    debounce: float, close: float, sample: float, early: bool, simplified: bool, offer: float
) -> None:
    timing = VehicleTiming(debounce_s=debounce, close_s2_s=close)
    supply, vehicle = Supply(), Vehicle(VehicleConfig(timing=timing, simplified=simplified))
    simulation = Simulation(supply, vehicle, sample_s=sample)
    simulation.run(1.0)
    if early and not simplified:
        vehicle.request_power(simulation.now)
    simulation.plug_in()
    simulation.run(2.0)
    supply.authorize(simulation.now)
    supply.offer(offer, simulation.now)
    if not early and not simplified:
        vehicle.request_power(simulation.now)
    assert simulation.run(5.0, stop=lambda: supply.state is PilotState.C2)
    assert simulation.run(simulation.now + 3.0, stop=lambda: simulation.supply_board.contactor.position)
