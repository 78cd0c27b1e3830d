"""What the application says wrong is told to it at once, never to the peer in the middle of a session."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from evproto.core import ConfigError, StateError
from evproto.iso15118.iso2 import Evcc, Secc, SeccState
from evproto.iso15118.iso2.samples import METER, response
from evproto.iso15118.iso2.testing import EvccProbe, SeccProbe
from evproto.iso15118.testing import AC_MODES, evcc_config, secc_config
from evproto.v2gtp.charging import (
    EvAcLimits,
    EvDcLimits,
    EvseAcLimits,
    EvseDcLimits,
    ProfileEntry,
    Schedule,
    ScheduleEntry,
    Service,
)

NAN, INFINITE = float("nan"), float("inf")
DC = EvseDcLimits(max_voltage_v=500.0, max_current_a=100.0, max_power_w=50_000.0)


@pytest.mark.parametrize(
    "changes",
    [
        {"dc_limits": replace(DC, max_power_w=INFINITE)},
        {"ac_limits": EvseAcLimits(nominal_voltage_v=NAN, max_current_a=32.0)},
        {"services": tuple(Service(id=number) for number in range(2, 11))},
        {"services": (Service(id=2, name="x" * 33),)},
        {"services": (Service(id=2, category="Parking"),)},
        {"services": (Service(id=70_000),)},
        {"services": (Service(id=2, parameter_sets={1: {}}),)},
        {"services": (Service(id=2, parameter_sets={1: {"Port": 2**40}}),)},
    ],
)
def test_a_charger_that_no_message_can_describe_is_a_config_error(changes: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        Secc(replace(secc_config(), **changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"evcc_id": b""},
        {"evcc_id": bytes(7)},
        {"modes": ()},
        {"dc_limits": None},
        {"modes": AC_MODES, "ac_limits": None},
        {"resume": b""},
        {"resume": bytes(9)},
        {"departure_s": -1},
        {"loop_interval_s": NAN},
        {"dc_limits": EvDcLimits(max_voltage_v=NAN, max_current_a=1.0)},
        {
            "ac_limits": EvAcLimits(
                max_voltage_v=1.0, max_current_a=1.0, min_current_a=1.0, energy_wh=INFINITE
            )
        },
    ],
)
def test_a_car_that_no_message_can_describe_is_a_config_error(changes: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        Evcc(replace(evcc_config(), **changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"meter_id": "x" * 33},
        {"energy_wh": -1},
        {"energy_wh": 2**64},
        {"signature": bytes(65)},
        {"status": 40_000},
        {"time_s": 2**63},
    ],
)
def test_a_meter_reading_that_does_not_fit_is_a_value_error(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        SeccProbe().session.meter(replace(METER, **changes), 0.0)


@pytest.mark.parametrize("power", [NAN, INFINITE])
def test_a_schedule_without_a_finite_power_is_a_value_error(power: float) -> None:
    entry = ScheduleEntry(start_s=0, max_power_w=power)
    with pytest.raises(ValueError, match="max_power_w"):
        SeccProbe().session.set_schedules((Schedule(id=1, entries=(entry,), end_s=10),), 0.0)


def test_limits_that_are_not_finite_are_a_value_error_on_both_sides() -> None:
    with pytest.raises(ValueError, match="max_current_a"):
        SeccProbe().session.set_limits(replace(DC, max_current_a=NAN), 0.0)
    with pytest.raises(ValueError, match="max_current_a"):
        EvccProbe().session.set_limits(EvDcLimits(max_voltage_v=1.0, max_current_a=NAN), 0.0)


def test_a_charger_that_asked_to_stop_does_not_renegotiate() -> None:
    probe = SeccProbe()
    probe.reach(SeccState.DC_CHARGING)
    probe.session.stop(probe.now)
    with pytest.raises(StateError):
        probe.session.renegotiate(probe.now)


def choosing() -> EvccProbe:
    probe = EvccProbe(replace(evcc_config(), own_schedule=True))
    probe.reach("ChargeParameterDiscoveryReq")
    probe.answer(response("ChargeParameterDiscoveryReq"))
    return probe


def test_a_schedule_that_was_not_offered_cannot_be_chosen() -> None:
    with pytest.raises(ValueError, match="was not offered"):
        choosing().session.choose_schedule(7, (), 0.0)


@pytest.mark.parametrize(
    "entry",
    [
        ProfileEntry(start_s=-1, max_power_w=1.0),
        ProfileEntry(start_s=0, max_power_w=NAN),
        ProfileEntry(start_s=0, max_power_w=1.0, phases=4),
    ],
)
def test_a_profile_that_does_not_fit_is_a_value_error(entry: ProfileEntry) -> None:
    with pytest.raises(ValueError, match=r"fit|max_power_w"):
        choosing().session.choose_schedule(1, (entry,), 0.0)


def test_a_choice_that_nobody_wants_is_a_state_error() -> None:
    with pytest.raises(StateError):
        EvccProbe().session.choose_schedule(1, (), 0.0)


def test_decisions_of_the_car_after_the_end_are_state_errors_and_facts_are_ignored() -> None:
    probe = EvccProbe()
    session = probe.session
    session.abort(0.0)
    probe.pump()
    for decision in (session.stop, session.pause, session.renegotiate, session.abort):
        with pytest.raises(StateError):
            decision(0.0)
    session.contactor(True, 0.0)
    session.unplugged(0.0)
    session.set_battery(1.0, 1.0, 0.0)
    session.set_progress(0.0, complete=True)
    session.connection_lost(0.0)
    assert session.next_event() is None


@pytest.mark.parametrize("value", [NAN, INFINITE])
def test_a_fact_of_the_car_that_no_message_can_carry_is_a_value_error(value: float) -> None:
    session = EvccProbe().session
    for command in (
        lambda: session.set_battery(value, 1.0, 0.0),
        lambda: session.set_targets(1.0, value, 0.0),
        lambda: session.set_progress(0.0, time_to_full_s=value),
    ):
        with pytest.raises(ValueError, match=r"is (nan|inf)"):
            command()
