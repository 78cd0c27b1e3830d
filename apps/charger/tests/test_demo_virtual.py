"""Whole sessions in virtual time."""

from __future__ import annotations

import pytest

from evproto.charger import Current
from evproto.charger.testing import Charge, untimed
from evproto.core import Kind


@pytest.mark.parametrize("current", Current)
def test_a_session_charges_to_the_target_and_ends_in_good_order(charge: Charge, current: Current) -> None:
    session = charge(current=current)
    assert session.outcome.ok
    assert session.outcome.contactor_open
    assert session.outcome.soc_percent >= 80
    assert not session.names(Kind.FAULT)
    assert not session.happened("Late")


@pytest.mark.parametrize("current", Current)
def test_equal_seeds_give_equal_traces_and_captures(charge: Charge, current: Current) -> None:
    first, second = charge(current=current, seed=5), charge(current=current, seed=5)
    assert first.records == second.records
    assert (first.folder / "session.pcapng").read_bytes() == (second.folder / "session.pcapng").read_bytes()


def test_another_seed_gives_another_session_id(charge: Charge) -> None:
    first, second = charge(seed=1), charge(seed=2)
    assert untimed(first.folder) != untimed(second.folder)


@pytest.mark.parametrize(
    ("current", "steps"),
    [
        (Current.DC, "CableCheckReq PreChargeReq PowerDeliveryReq CurrentDemandReq WeldingDetectionReq"),
        (Current.AC, "PowerDeliveryReq ChargingStatusReq"),
    ],
)
def test_the_messages_come_in_the_order_of_the_standard(charge: Charge, current: Current, steps: str) -> None:
    names = charge(current=current).names(Kind.SENT, "evcc.sdp", "evcc", "evcc.iso2")
    first_seen = list(dict.fromkeys(names))
    setup = (
        "SdpRequest supportedAppProtocolReq SessionSetupReq ServiceDiscoveryReq PaymentServiceSelectionReq"
    )
    expected = f"{setup} AuthorizationReq ChargeParameterDiscoveryReq {steps} SessionStopReq".split()
    assert first_seen == expected


def test_the_pilot_walks_from_a_to_c_and_back(charge: Charge) -> None:
    assert charge().names(Kind.STATE, "supply") == ["A1", "B1", "B2", "C2", "B2", "B1", "A1"]


@pytest.mark.parametrize("current", Current)
def test_current_flows_only_while_the_contactor_is_closed_and_the_pilot_in_c(
    charge: Charge, current: Current
) -> None:
    session = charge(current=current)
    flowing = [
        (contactor, pilot)
        for amps, contactor, pilot in zip(
            session.samples("current_a"),
            session.samples("contactor"),
            session.samples("pilot"),
            strict=True,
        )
        if amps > 0
    ]
    assert set(flowing) == {("closed", "C2")}


def test_the_station_meter_counts_what_the_battery_took(charge: Charge) -> None:
    session = charge(battery={"capacity_wh": 1000.0, "soc_percent": 50.0, "target_soc_percent": 60.0})
    gained = (session.samples("soc_percent")[-1] - 50.0) * 10.0
    assert session.samples("energy_wh")[-1] == pytest.approx(gained, abs=1.0)


def test_the_output_is_at_the_battery_voltage_before_the_car_closes_its_contactor(charge: Charge) -> None:
    session = charge()
    closing = next(
        record.time
        for record in session.records
        if record.source == "ev" and record.name == "ContactorWanted" and record.details["closed"]
    )
    volts = next(
        record.details["voltage_v"]
        for record in session.records
        if record.kind is Kind.SAMPLE and record.time >= closing
    )
    assert volts == pytest.approx(354, abs=20)


def test_a_session_that_takes_too_long_is_ended_by_the_driver_with_the_contactor_open(charge: Charge) -> None:
    session = charge(longest_s=12.0)
    assert session.outcome.text == "Unplugged"
    assert session.outcome.contactor_open
    assert session.records[-1].time < 14


@pytest.mark.parametrize("current", Current)
def test_a_stop_at_the_station_ends_the_session_in_good_order(charge: Charge, current: Current) -> None:
    session = charge(current=current, stop_at_s=12.0)
    assert session.outcome.ok
    assert session.outcome.soc_percent < 70
    assert session.outcome.duration_s < 20
    assert "STOP_CHARGING" in str([r.details for r in session.records if r.name == "NotificationReceived"])


def test_a_weak_supply_limits_current_and_power(charge: Charge) -> None:
    session = charge(supply={"max_current_a": 50.0, "max_power_w": 15_000.0}, battery={"capacity_wh": 300.0})
    assert session.outcome.ok
    assert max(session.samples("current_a")) <= 50.0
    assert max(session.samples("power_w")) <= 15_500


def test_the_onboard_charger_keeps_below_the_limit_of_the_station(charge: Charge) -> None:
    session = charge(current=Current.AC, mains_current_a=10.0, battery={"capacity_wh": 100.0})
    assert session.outcome.ok
    assert max(session.samples("current_a")) == pytest.approx(10.0)
