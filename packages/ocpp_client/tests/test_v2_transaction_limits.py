"""Transactions with fixed cost, energy, time or state of charge (E16 of OCPP 2.1)."""

from __future__ import annotations

from typing import Any

import pytest

from evproto.ocpp_client import Version
from evproto.ocpp_client.bridge import Flow, FlowChanged, LimitChosen, Metered, Pause, Reading, Start
from evproto.ocpp_client.testing import Bench2
from evproto.ocpp_client.v21 import datatypes as d
from evproto.ocpp_client.v21 import messages as m


def make(version: Version = Version.V21, **settings: Any) -> Bench2:
    quiet = {"SampledDataCtrlr.TxUpdatedInterval": 0}
    named = {name.replace("__", "."): value for name, value in settings.items()}
    return Bench2(version, settings=quiet | named).boot()


def last(bench: Bench2) -> tuple[str, str, str | None]:
    event = bench.events_of()[-1]
    state = event.transaction_info.charging_state
    return event.event_type.value, event.trigger_reason.value, state and state.value


def test_a_limit_of_the_back_end_is_confirmed_and_kept() -> None:
    bench = make()
    bench.charge()
    given = d.TransactionLimit(max_energy=500.0)

    def answer(request: Any) -> m.TransactionEventResponse:
        first = request.trigger_reason.value == "ChargingStateChanged"
        return m.TransactionEventResponse(transaction_limit=given if first else None)

    bench.script("TransactionEvent", answer)
    bench.tell(FlowChanged(1, Flow.SUSPENDED_EV))
    bench.tell(FlowChanged(1, Flow.CHARGING))
    assert [event.trigger_reason.value for event in bench.events_of()].count("LimitSet") == 2
    assert bench.events_of()[-1].transaction_info.transaction_limit == given
    bench.run(170.0)
    assert last(bench) == ("Updated", "EnergyLimitReached", "SuspendedEVSE")
    assert bench.told(Pause) == [Pause(1)]


def test_a_driver_sets_a_limit_at_the_station_and_raises_it() -> None:
    bench = make()
    bench.charge()
    bench.tell(LimitChosen(evse_id=1, energy=100.0))
    assert last(bench)[:2] == ("Updated", "LimitSet")
    bench.run(60.0)
    assert last(bench)[:2] == ("Updated", "EnergyLimitReached")
    bench.events.clear()
    bench.tell(LimitChosen(evse_id=1, energy=1_000.0))
    assert bench.told(Start) == [Start(1)]
    assert last(bench) == ("Updated", "ChargingStateChanged", "Charging")


def test_a_time_limit_runs_from_the_start_of_the_transaction() -> None:
    bench = make()
    bench.charge()
    bench.tell(LimitChosen(evse_id=1, seconds=60))
    bench.run(54.0)
    assert last(bench)[1] == "LimitSet"
    bench.run(2.0)
    assert last(bench) == ("Updated", "TimeLimitReached", "SuspendedEVSE")


def test_a_limit_of_cost_follows_what_the_back_end_tells() -> None:
    bench = make()
    id = bench.charge()
    bench.tell(LimitChosen(evse_id=1, cost=5.0))
    bench.call(m.CostUpdatedRequest(total_cost=4.9, transaction_id=id))
    assert last(bench)[1] == "LimitSet"
    bench.call(m.CostUpdatedRequest(total_cost=5.0, transaction_id=id))
    assert last(bench)[1] == "CostLimitReached"


def test_a_limit_of_the_state_of_charge_follows_the_vehicle() -> None:
    bench = make()
    bench.charge()
    bench.tell(LimitChosen(evse_id=1, soc=80))
    for soc in (79.0, 80.0):
        bench.tell(Metered(1, (Reading(measurand="SoC", value=soc, unit="Percent"),)))
    assert last(bench)[1] == "SoCLimitReached"


def test_values_without_the_register_do_not_lose_the_energy_so_far() -> None:
    bench = make()
    bench.charge()
    bench.run(60.0)
    bench.tell(Metered(1, (Reading(measurand="SoC", value=50.0, unit="Percent"),)))
    bench.tell(LimitChosen(evse_id=1, energy=100.0))
    assert last(bench)[1] == "EnergyLimitReached"


def test_where_energy_transfer_is_the_stop_point_a_limit_ends_the_transaction() -> None:
    bench = make(TxCtrlr__TxStopPoint="EnergyTransfer")
    bench.charge()
    bench.tell(LimitChosen(evse_id=1, energy=100.0))
    bench.run(60.0)
    event = bench.events_of()[-1]
    assert last(bench)[:2] == ("Ended", "EnergyLimitReached")
    assert event.transaction_info.stopped_reason.value == "EnergyLimitReached"


def test_a_limit_that_is_not_supported_is_not_taken() -> None:
    bench = make(TxCtrlr__SupportedLimits="MaxEnergy")
    bench.charge()
    bench.tell(LimitChosen(evse_id=1, energy=100.0, cost=1.0))
    assert bench.events_of()[-1].transaction_info.transaction_limit == d.TransactionLimit(max_energy=100.0)


@pytest.mark.parametrize("cycles", [1, 2])
def test_a_limit_outlives_a_loss_of_power(cycles: int) -> None:
    bench = make(TxCtrlr__ResumptionTimeout=300)
    bench.charge()
    bench.tell(LimitChosen(evse_id=1, energy=100_000.0, seconds=100))
    for _ in range(cycles):
        bench.power_cycle()
        bench.plug()
    bench.run(60.0)
    assert bench.triggers[-1] != "TimeLimitReached"
    bench.run(60.0)
    assert bench.triggers.count("TimeLimitReached") == 1


def test_a_limit_that_was_reached_holds_after_a_loss_of_power() -> None:
    bench = make(TxCtrlr__ResumptionTimeout=300)
    bench.charge()
    bench.tell(LimitChosen(evse_id=1, seconds=30))
    bench.run(40.0)
    bench.power_cycle()
    bench.plug()
    bench.run(20.0)
    assert bench.told(Pause) == [Pause(1)] * 2


def test_on_a_line_of_2_0_1_limits_hold_in_its_own_words() -> None:
    bench = make(Version.V201)
    bench.charge()
    bench.tell(LimitChosen(evse_id=1, energy=100.0, soc=80))
    bench.tell(Metered(1, (Reading(measurand="SoC", value=80.0, unit="Percent"),)))
    assert last(bench) == ("Updated", "ChargingStateChanged", "SuspendedEVSE")
    assert len(bench.events_of()) == 1
