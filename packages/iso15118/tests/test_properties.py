"""What holds for every session, whatever the peer, the link and the application do."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evproto.core import StateError
from evproto.iso15118.iso2 import SeccState
from evproto.iso15118.iso2.messages import ChargeProgress, PowerDeliveryReq, PreChargeRes
from evproto.iso15118.iso2.samples import BATTERY_V, METER, REQUEST_NAMES, change, request, response
from evproto.iso15118.iso2.states import REQUESTS
from evproto.iso15118.iso2.testing import EvccProbe, SeccProbe
from evproto.iso15118.iso2.values import volts
from evproto.iso15118.testing import AC_MODES, DC_MODES, secc_config
from evproto.v2gtp.charging import (
    ChargingStarted,
    ContactorWanted,
    EvError,
    Isolation,
    IsolationTestWanted,
    Pilot,
    PreChargeWanted,
    SessionEnded,
    SupplyOffWanted,
    TargetsChanged,
)
from evproto.v2gtp.language import Frame

LONGEST_SILENCE_S = 60.0


def spoil(frame: Frame, rng: random.Random) -> Frame:
    """A frame with a flipped bit, cut short or with a byte more."""
    payload = bytearray(frame.payload)
    match rng.randrange(3):
        case 0 if payload:
            payload[rng.randrange(len(payload))] ^= 1 << rng.randrange(8)
        case 1:
            del payload[rng.randrange(len(payload) + 1) :]
        case _:
            payload.append(rng.randrange(256))
    return Frame(frame.payload_type, bytes(payload))


@pytest.mark.parametrize("is_dc", [True, False], ids=["DC", "AC"])
@pytest.mark.parametrize("seed", range(60))
def test_a_lossy_and_corrupting_link_ends_every_session_within_its_timeouts(
    drive: Any, is_dc: bool, seed: int
) -> None:
    rate = (0.003, 0.01, 0.03, 0.1)[seed % 4]
    chances = {"delay": 0.002, "loss": rate, "corrupt": rate, "duplicate": rate, "corruptor": spoil}
    session = drive(is_dc=is_dc, seed=seed, loops=30, ac_seconds=10.0, chances=chances)
    session.run(until=30.0 + 2 * LONGEST_SILENCE_S)
    charger, car = session.ends
    assert charger.ok or charger.detail or charger.reason.name == "CONNECTION_LOST"
    assert car.ok or car.detail or car.reason.name == "CONNECTION_LOST"


Action = Callable[[SeccProbe], object]


def tell(command: Callable[[Any, float], object]) -> Action:
    """A command of the application; one at the wrong time is its own fault."""

    def act(probe: SeccProbe) -> None:
        try:
            command(probe.session, probe.now)
        except StateError:
            return
        probe.response()

    return act


def asks(name: str, progress: ChargeProgress = ChargeProgress.START) -> Action:
    return lambda probe: probe.ask(request(name, is_dc=probe.is_dc, progress=progress))


SECC_ACTIONS: list[Action] = [
    *(asks(name) for name in REQUEST_NAMES),
    asks("PowerDeliveryReq", ChargeProgress.STOP),
    asks("PowerDeliveryReq", ChargeProgress.RENEGOTIATE),
    *(
        tell(lambda session, now, state=state: session.pilot(state, now))
        for state in Pilot
        if state is not Pilot.A
    ),
    *(tell(lambda session, now, ok=ok: session.authorize(ok, now)) for ok in (True, False)),
    *(tell(lambda session, now, level=level: session.isolation_result(level, now)) for level in Isolation),
    *(tell(lambda session, now, closed=closed: session.contactor(closed, now)) for closed in (True, False)),
    tell(lambda session, now: session.stop(now)),
    tell(lambda session, now: session.renegotiate(now)),
    tell(lambda session, now: session.emergency_shutdown(now)),
    tell(lambda session, now: session.meter(METER, now)),
    tell(lambda session, now: session.set_present(BATTERY_V, 10.0, now)),
    lambda probe: probe.wait(0.3),
    lambda probe: probe.wait(5.0),
]


def secc_invariants(probe: SeccProbe, good_isolation: bool) -> None:
    tested, power, supply = False, False, False
    for event in probe.events:
        match event:
            case IsolationTestWanted():
                tested = good_isolation
            case ContactorWanted(closed=True):
                assert tested or not probe.is_dc, "contactor wanted before the isolation test"
                power = True
            case ContactorWanted(closed=False):
                assert not supply, "the contactor is to open while the supply is on"
                power = False
            case PreChargeWanted() | TargetsChanged():
                assert power, "supply wanted while the contactor is open"
                supply = True
            case SupplyOffWanted():
                supply = False
            case ChargingStarted():
                assert power, "charging without the contactor"
            case SessionEnded():
                assert not power and not supply
                assert event is probe.events[-1], "something after the end"
    if probe.ended:
        assert probe.session.deadline is None
        assert probe.session.state is SeccState.ENDED


@settings(deadline=None, max_examples=150)
@given(
    st.booleans(),
    st.sampled_from([state for state in SeccState if state is not SeccState.ENDED]),
    st.lists(st.sampled_from(SECC_ACTIONS), max_size=25),
)
def test_whatever_happens_the_contactor_is_wanted_closed_only_when_it_is_safe(
    passive: bool, state: SeccState, actions: list[Action]
) -> None:
    ac_only = state.name.startswith("AC") or state in (SeccState.STOPPED, SeccState.POWER_DELIVERY)
    probe = receipts(is_dc=not ac_only)
    probe.reach(state)
    probe.passive = passive
    for action in actions:
        action(probe)
    secc_invariants(probe, good_isolation=True)


def receipts(*, is_dc: bool) -> SeccProbe:
    config = replace(secc_config(*(DC_MODES if is_dc else AC_MODES)), receipt_wanted=True)
    return SeccProbe(config, is_dc=is_dc)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.sampled_from(SECC_ACTIONS), max_size=40))
def test_no_bad_isolation_ever_closes_the_contactor(actions: list[Action]) -> None:
    probe = SeccProbe(passive=True)
    probe.reach(SeccState.CABLE_CHECK)
    probe.session.pilot(Pilot.C, probe.now)
    probe.ask(request("CableCheckReq"))
    probe.session.isolation_result(Isolation.FAULT, probe.now)
    for action in actions:
        action(probe)
    assert probe.contactor is not True


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from([state for state in SeccState if state is not SeccState.ENDED]),
    st.binary(max_size=200),
    st.sampled_from([0x8001, 0x8002, 0x9000, 0xFFFF]),
)
def test_any_payload_in_any_state_of_the_charger_is_answered_or_ends_the_session(
    state: SeccState, payload: bytes, payload_type: int
) -> None:
    ac_only = state.name.startswith("AC") or state in (SeccState.STOPPED, SeccState.POWER_DELIVERY)
    probe = receipts(is_dc=not ac_only)
    probe.reach(state)
    probe.send(payload, payload_type)
    secc_invariants(probe, good_isolation=True)


EvccAction = Callable[[EvccProbe], object]


def charger_says(name: str) -> EvccAction:
    return lambda probe: probe.answer(response(name, is_dc=probe.is_dc))


def good_answer(probe: EvccProbe) -> None:
    if probe.session.asked:
        probe.answer(response(probe.asked, is_dc=probe.is_dc))


def car_tells(command: Callable[[Any, float], object]) -> EvccAction:
    def act(probe: EvccProbe) -> None:
        try:
            command(probe.session, probe.now)
        except StateError:
            return
        probe.pump()

    return act


def low_voltage(probe: EvccProbe) -> None:
    if probe.session.asked and probe.asked == "PreChargeReq":
        probe.answer(change(response("PreChargeReq"), PreChargeRes, evse_present_voltage=volts(0.0)))


EVCC_ACTIONS: list[EvccAction] = [
    *[good_answer] * 12,
    *(charger_says(name) for name in REQUESTS),
    low_voltage,
    *(
        car_tells(lambda session, now, closed=closed: session.contactor(closed, now))
        for closed in (True, False)
    ),
    car_tells(lambda session, now: session.stop(now)),
    car_tells(lambda session, now: session.pause(now)),
    car_tells(lambda session, now: session.renegotiate(now)),
    car_tells(lambda session, now: session.set_progress(now, complete=True)),
    car_tells(lambda session, now: session.set_ready(False, EvError.NO_DATA, now)),
    lambda probe: probe.wait(0.1),
    lambda probe: probe.wait(1.0),
]


def evcc_invariants(probe: EvccProbe) -> None:
    closed = False
    for event in probe.events:
        match event:
            case ContactorWanted():
                closed = event.closed
            case ChargingStarted():
                assert closed or not probe.is_dc, "charging with the contactor open"
            case SessionEnded():
                assert not closed
                assert event is probe.events[-1], "something after the end"
    starts = [body for body in probe.requests if isinstance(body, PowerDeliveryReq)]
    if probe.is_dc and any(body.charge_progress is ChargeProgress.START for body in starts):
        names = [type(body).__name__ for body in probe.requests]
        assert names.index("PreChargeReq") < names.index("PowerDeliveryReq")
    if probe.ended:
        assert probe.session.deadline is None


@settings(deadline=None, max_examples=150)
@given(
    st.booleans(),
    st.sampled_from([name for name in REQUESTS if name != "ServiceDetailReq"]),
    st.lists(st.sampled_from(EVCC_ACTIONS), max_size=25),
)
def test_whatever_happens_the_car_closes_its_contactor_only_after_pre_charge(
    passive: bool, name: str, actions: list[EvccAction]
) -> None:
    probe = EvccProbe(is_dc=name != "ChargingStatusReq")
    probe.reach(name)
    probe.passive = passive
    for action in actions:
        action(probe)
    evcc_invariants(probe)


@settings(deadline=None, max_examples=100)
@given(
    st.sampled_from([name for name in REQUESTS if name != "ServiceDetailReq"]),
    st.binary(max_size=200),
    st.sampled_from([0x8001, 0x8002, 0x9000, 0xFFFF]),
)
def test_any_payload_at_any_request_of_the_car_is_taken_or_ends_the_session(
    name: str, payload: bytes, payload_type: int
) -> None:
    probe = EvccProbe(is_dc=name != "ChargingStatusReq")
    probe.reach(name)
    probe.send(payload, payload_type)
    evcc_invariants(probe)
