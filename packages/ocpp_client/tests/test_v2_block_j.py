"""Block J of part 6: meter values, in virtual time; each test follows the steps of its case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from evproto.ocpp_client import Version
from evproto.ocpp_client.bridge import Metered, Reading, SignedReading
from evproto.ocpp_client.testing import Bench2
from evproto.ocpp_client.v201 import messages as m

ENERGY = "Energy.Active.Import.Register"
QUIET = {"SampledDataCtrlr.TxUpdatedInterval": 0, "AlignedDataCtrlr.Interval": 0}


def make(version: Version = Version.V201, evse_count: int = 2, **settings: Any) -> Bench2:
    named = {name.replace("__", "."): value for name, value in settings.items()}
    return Bench2(version, evse_count=evse_count, settings=QUIET | named).boot()


def contexts(value: Any) -> set[str]:
    return {one.context.value for one in value.sampled_value}


def measurands(value: Any) -> set[str]:
    return {one.measurand.value for one in value.sampled_value}


def moments(values: list[Any]) -> list[str]:
    return [f"{value.timestamp:%H:%M:%S}" for value in values]


def test_tc_j_01_cs_clock_aligned_values_without_a_transaction() -> None:
    bench = make(AlignedDataCtrlr__Interval=30, AlignedDataCtrlr__Measurands=f"{ENERGY},Voltage")
    bench.tell(Metered(0, (Reading(measurand=ENERGY, value=7.0, unit="kWh"),)))
    bench.run(90.0)
    values = bench.said(m.MeterValuesRequest)
    assert [value.evse_id for value in values] == [0, 1, 2] * 3
    for request in values:
        (value,) = request.meter_value
        assert contexts(value) == {"Sample.Clock"}
        assert measurands(value) == ({ENERGY} if request.evse_id == 0 else {ENERGY, "Voltage"})
    found = moments([value.meter_value[0] for value in values if value.evse_id == 1])
    assert found == ["12:00:30", "12:01:00", "12:01:30"]


def test_tc_j_02_cs_clock_aligned_values_in_a_transaction() -> None:
    bench = make(AlignedDataCtrlr__Interval=30)
    bench.charge(1)
    bench.run(60.0)
    events = bench.events_of()
    assert {event.trigger_reason.value for event in events} == {"MeterValueClock"}
    for event in events:
        assert contexts(event.meter_value[0]) == {"Sample.Clock"}
        assert measurands(event.meter_value[0]) == {ENERGY}
    assert moments([event.meter_value[0] for event in events]) == ["12:00:30", "12:01:00"]
    assert {value.evse_id for value in bench.said(m.MeterValuesRequest)} == {2}


def ended(bench: Bench2) -> list[Any]:
    """Stop after a while; the meter values of the Ended event."""
    bench.run(100.0)
    bench.token()
    bench.unplug()
    event = bench.events_of()[-1]
    assert event.event_type.value == "Ended"
    return list(event.meter_value)


def test_tc_j_03_cs_clock_aligned_values_of_the_ended_event() -> None:
    bench = make(AlignedDataCtrlr__TxEndedInterval=30, SampledDataCtrlr__TxEndedMeasurands="")
    bench.charge()
    values = ended(bench)
    assert moments(values) == ["12:00:30", "12:01:00", "12:01:30"]
    assert all(contexts(value) == {"Sample.Clock"} for value in values)
    assert all(measurands(value) == {ENERGY} for value in values)


def sign(bench: Bench2, value: float = 1_000.0) -> None:
    """A meter that signs everything."""
    signed = SignedReading(data="T0NNRg==", encoding="OCMF", signing_method="ECDSA", public_key="KEY")
    bench.tell(Metered(1, (Reading(measurand=ENERGY, value=value, unit="Wh", signed=signed),)))


def keys(values: list[Any]) -> list[str | None]:
    found = []
    for value in values:
        for sampled in value.sampled_value:
            signed = sampled.signed_meter_value
            found.append(signed and signed.public_key)
    return found


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("Never", ["", "", ""]),
        ("OncePerTransaction", ["KEY", "", ""]),
        ("EveryMeterValue", ["KEY", "KEY", "KEY"]),
    ],
)
def test_tc_j_04_cs_signed_clock_aligned_values_of_the_ended_event(when: str, expected: list[str]) -> None:
    bench = make(
        AlignedDataCtrlr__TxEndedInterval=30,
        AlignedDataCtrlr__SignReadings=True,
        SampledDataCtrlr__TxEndedMeasurands="",
        OCPPCommCtrlr__PublicKeyWithSignedMeterValue=when,
    )
    bench.charger._interval = 1e9  # this meter speaks through `sign` alone
    bench.charge()
    sign(bench)
    values = ended(bench)
    assert moments(values) == ["12:00:30", "12:01:00", "12:01:30"]
    assert keys(values) == expected


def test_tc_j_06_cs_no_values_during_a_transaction() -> None:
    bench = make(
        AlignedDataCtrlr__Interval=30,
        AlignedDataCtrlr__SendDuringIdle=True,
        SampledDataCtrlr__TxStartedMeasurands="",
        SampledDataCtrlr__TxEndedMeasurands="",
    )
    bench.run(30.0)
    assert len(bench.said(m.MeterValuesRequest)) == 2
    bench.forget()
    bench.plug()
    bench.token()
    bench.run(65.0)
    assert bench.said(m.MeterValuesRequest) == []
    assert all(event.meter_value is None for event in bench.events_of())
    bench.token()
    bench.unplug()
    assert bench.events_of()[-1].meter_value is None
    bench.run(30.0)
    assert len(bench.said(m.MeterValuesRequest)) == 2


def test_tc_j_07_cs_sampled_values_of_the_started_event() -> None:
    bench = make(
        TxCtrlr__TxStartPoint="EVConnected",
        SampledDataCtrlr__TxStartedMeasurands=f"{ENERGY},Power.Active.Import,Voltage",
    )
    bench.plug()
    started = bench.events_of()[0]
    assert started.event_type.value == "Started"
    (value,) = started.meter_value
    assert contexts(value) == {"Transaction.Begin"}
    assert measurands(value) == {ENERGY, "Power.Active.Import", "Voltage"}


def test_tc_j_08_cs_sampled_values_of_the_begin_once_the_evse_is_known() -> None:
    bench = make(TxCtrlr__TxStartPoint="Authorized")
    bench.token("TAG", None)
    bench.plug(2)
    bench.run(1.0)
    started, updated, *later = bench.events_of()
    assert started.event_type.value == "Started"
    assert started.meter_value is None
    assert started.evse is None
    assert updated.event_type.value == "Updated"
    assert updated.evse.id == 2
    assert contexts(updated.meter_value[0]) == {"Transaction.Begin"}
    assert all(event.meter_value is None for event in later)


def test_tc_j_09_cs_sampled_values_of_updated_events() -> None:
    bench = make(
        SampledDataCtrlr__TxUpdatedInterval=30,
        SampledDataCtrlr__TxUpdatedMeasurands=f"{ENERGY},Current.Import",
    )
    bench.charge()
    bench.run(90.0)
    events = bench.events_of()
    assert [event.trigger_reason.value for event in events] == ["MeterValuePeriodic"] * 3
    assert [event.event_type.value for event in events] == ["Updated"] * 3
    values = [event.meter_value[0] for event in events]
    assert all(contexts(value) == {"Sample.Periodic"} for value in values)
    assert all(measurands(value) == {ENERGY, "Current.Import"} for value in values)
    assert moments(values) == ["12:00:31", "12:01:01", "12:01:31"]
    energies = [value.sampled_value[0].value for value in values]
    assert energies == sorted(energies)
    assert energies[-1] > energies[0]


def test_tc_j_10_cs_sampled_values_of_the_ended_event() -> None:
    bench = make(SampledDataCtrlr__TxEndedInterval=30, AlignedDataCtrlr__TxEndedInterval=0)
    bench.charge()
    first, *periodic, last = ended(bench)
    assert contexts(first) == {"Transaction.Begin"}
    assert moments(periodic) == ["12:00:31", "12:01:01", "12:01:31"]
    assert all(contexts(value) == {"Sample.Periodic"} for value in periodic)
    assert contexts(last) == {"Transaction.End"}
    assert all(measurands(value) == {ENERGY} for value in (*periodic, last))


def test_tc_j_11_cs_signed_sampled_values_of_the_ended_event() -> None:
    bench = make(
        SampledDataCtrlr__TxEndedInterval=30,
        SampledDataCtrlr__SignReadings=True,
        AlignedDataCtrlr__TxEndedInterval=0,
        OCPPCommCtrlr__PublicKeyWithSignedMeterValue="EveryMeterValue",
    )
    bench.charger._interval = 1e9
    sign(bench)
    bench.charger._meter = lambda outlet, now: None
    bench.charge()
    values = ended(bench)
    assert contexts(values[-1]) == {"Transaction.End"}
    assert keys(values) == ["KEY"] * 5


# --- beyond part 6 ---


def test_in_2_1_each_kind_of_event_is_signed_by_its_own_word() -> None:
    for started in (False, True):
        bench = make(
            Version.V21,
            SampledDataCtrlr__SignReadings=True,
            SampledDataCtrlr__SignStartedReadings=started,
        )
        sign(bench)
        bench.charger._meter = lambda outlet, now: None
        bench.plug()
        bench.token()
        begin = bench.events_of()[0].meter_value[0].sampled_value[0]
        assert (begin.signed_meter_value is not None) is started


def test_changed_intervals_hold_at_once() -> None:
    bench = make(SampledDataCtrlr__TxUpdatedInterval=300)
    bench.charge()
    bench.set("SampledDataCtrlr.TxUpdatedInterval", 10)
    bench.set("AlignedDataCtrlr.Interval", 60)
    bench.run(50.0)
    assert [event.trigger_reason.value for event in bench.events_of()] == ["MeterValuePeriodic"] * 5
    assert bench.said(m.MeterValuesRequest) == []
    bench.run(5.0)
    assert len(bench.said(m.MeterValuesRequest)) == 1


def test_the_register_goes_without_phases_where_the_variable_says_so() -> None:
    for total_only in (False, True):
        bench = make(SampledDataCtrlr__RegisterValuesWithoutPhases=total_only)
        readings = [Reading(measurand=ENERGY, value=9.0, unit="Wh", phase=phase) for phase in (None, "L1")]
        bench.tell(Metered(1, tuple(readings)))
        bench.charger._meter = lambda outlet, now: None
        bench.plug()
        bench.token()
        (value,) = bench.events_of()[0].meter_value
        assert len(value.sampled_value) == (1 if total_only else 2)


def test_sampling_that_is_disabled_samples_nothing() -> None:
    bench = make(SampledDataCtrlr__Enabled=False, SampledDataCtrlr__TxUpdatedInterval=10)
    bench.charge()
    assert bench.said(m.MeterValuesRequest) == []
    bench.run(50.0)
    assert bench.events_of() == []


@pytest.mark.parametrize("queued", [False, True])
def test_values_outside_of_transactions_wait_for_the_back_end_only_where_all_messages_do(
    queued: bool,
) -> None:
    bench = make(AlignedDataCtrlr__Interval=30, OCPPCommCtrlr__QueueAllMessages=queued)
    bench.offline()
    bench.run(60.0)
    bench.online()
    values = [call.meter_value[0] for call in bench.said(m.MeterValuesRequest)]
    assert moments(values) == (["12:00:30", "12:00:30", "12:01:00", "12:01:00"] if queued else [])


def test_the_begin_is_not_repeated_after_a_loss_of_power() -> None:
    bench = make(TxCtrlr__ResumptionTimeout=120)
    bench.charge()
    bench.forget()
    bench.power_cycle()
    bench.plug()
    assert all(event.meter_value is None for event in bench.events_of())


def test_clock_aligned_values_follow_the_clock_of_the_back_end() -> None:
    bench = Bench2(settings=QUIET | {"AlignedDataCtrlr.Interval": 900})
    wall = bench.csms._clock
    wall.set(wall.at(0.0) + timedelta(seconds=890), 0.0)
    bench.boot()
    bench.run(10.0)
    assert len(bench.said(m.MeterValuesRequest)) == 2
