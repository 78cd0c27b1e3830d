from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evproto.ocpp_client.device_model import (
    Attribute,
    AttributeEntry,
    Component,
    ComponentEntry,
    DataType,
    DeviceModel,
    MonitorEntry,
    Mutability,
    Reason,
    Variable,
    VariableEntry,
    standard_component,
)
from evproto.ocpp_client.device_model.monitor_types import (
    ClearMonitoringStatus,
    MonitoringBase,
    MonitorKind,
    MonitorType,
    SetMonitoringStatus,
    Trigger,
)
from evproto.ocpp_client.device_model.monitors import (
    MonitoringCriterion,
    MonitoringResult,
    MonitorRequest,
    Monitors,
    Triggered,
)
from evproto.ocpp_client.device_model.reports import Selection

FAN = Component("Fan", evse_id=1)
SPEED = Variable("Speed")
STATE = Variable("State")
SINCE = Variable("Since")
ACCEPTED = SetMonitoringStatus.ACCEPTED
FACTORY = (
    MonitorEntry(type=MonitorType.UPPER_THRESHOLD, value=900, severity=1, kind="HardWired"),
    MonitorEntry(type=MonitorType.UPPER_THRESHOLD, value=800, severity=2),
)


def fan(monitors: tuple[MonitorEntry, ...] = ()) -> ComponentEntry:
    def variable(name: str, data_type: DataType, value: str, **more: object) -> VariableEntry:
        attributes = (
            AttributeEntry(value=value, persistent=False),
            AttributeEntry(type=Attribute.TARGET, mutability=Mutability.READ_WRITE, value=value),
        )
        return VariableEntry(
            name=name,
            data_type=data_type,
            supports_monitoring=True,
            attributes=attributes,
            **more,  # type: ignore[arg-type]
        )

    quiet = VariableEntry(name="Quiet", data_type=DataType.INTEGER)
    return ComponentEntry(
        name="Fan",
        evse_id=1,
        variables=(
            variable("Speed", DataType.INTEGER, "300", min_limit="0", max_limit="1000", monitors=monitors),
            variable("State", DataType.STRING, "off"),
            variable("Since", DataType.DATE_TIME, "2026-01-01T00:00:00Z"),
            quiet,
        ),
    )


class Bench:
    """Monitors of a fan in virtual time; the clock of the wall says 10:00:00 at 0 s."""

    def __init__(self, path: Path | str = ":memory:", monitors: tuple[MonitorEntry, ...] = ()) -> None:
        self.model = DeviceModel(path, [fan(monitors), standard_component("MonitoringCtrlr")])
        self.monitors = Monitors(self.model, 0.0, seconds_of_day=lambda now: (36_000 + now) % 86_400)
        self.now = 0.0

    def watch(self, type_: MonitorType, value: float, variable: Variable = SPEED, **more: object) -> int:
        result = self.ask(type_, value, variable, **more)
        assert result.status is ACCEPTED
        assert result.id is not None
        return result.id

    def ask(
        self, type_: MonitorType, value: float, variable: Variable = SPEED, **more: object
    ) -> MonitoringResult:
        request = {"component": FAN, "variable": variable, "type": type_, "value": value, "severity": 5}
        return self.monitors.set(MonitorRequest(**(request | more)), self.now)  # type: ignore[arg-type]

    def write(self, value: str, variable: Variable = SPEED, attribute: Attribute = Attribute.ACTUAL) -> None:
        self.model.write(FAN, variable, value, self.now, attribute)

    def run(self, until: float) -> None:
        while (deadline := self.monitors.deadline) is not None and deadline <= until:
            self.monitors.advance(deadline)
        self.now = until

    def events(self) -> list[Triggered]:
        events = []
        while (event := self.monitors.next_event()) is not None:
            events.append(event)
        return events

    def told(self) -> list[tuple[str, str, bool]]:
        return [(event.trigger.value, event.actual, event.cleared) for event in self.events()]


def test_a_threshold_alerts_once_beyond_its_value_and_clears_behind_it() -> None:
    bench = Bench()
    bench.watch(MonitorType.UPPER_THRESHOLD, 500)
    for value in ("500", "501", "700", "500", "499"):
        bench.write(value)
    assert bench.told() == [("Alerting", "501", False), ("Alerting", "500", True)]


def test_a_lower_threshold_looks_the_other_way() -> None:
    bench = Bench()
    bench.watch(MonitorType.LOWER_THRESHOLD, 200)
    for value in ("200", "199", "200"):
        bench.write(value)
    assert bench.told() == [("Alerting", "199", False), ("Alerting", "200", True)]


def test_a_threshold_that_is_passed_already_alerts_at_once() -> None:
    bench = Bench()
    bench.watch(MonitorType.UPPER_THRESHOLD, 200)
    assert bench.told() == [("Alerting", "300", False)]


def test_an_alert_that_is_out_is_not_told_again_after_a_restart_but_its_end_is(tmp_path: Path) -> None:
    path = tmp_path / "dm.db"
    bench = Bench(path)
    bench.watch(MonitorType.UPPER_THRESHOLD, 200)
    bench.watch(MonitorType.UPPER_THRESHOLD, 400, severity=6)
    bench.write("500")
    bench.model.close()
    restarted = Bench(path)
    assert restarted.told() == [("Alerting", "300", True)]
    restarted.write("100")
    assert restarted.told() == [("Alerting", "100", True)]


def test_a_delta_counts_from_the_value_that_was_told_last() -> None:
    bench = Bench()
    bench.watch(MonitorType.DELTA, 50)
    for value in ("349", "350", "301", "300", "300"):
        bench.write(value)
    assert bench.told() == [("Delta", "350", False), ("Delta", "300", False)]


def test_a_delta_counts_anew_after_a_restart(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "dm.db")
    bench.watch(MonitorType.DELTA, 50)
    bench.write("340")
    bench.model.close()
    restarted = Bench(tmp_path / "dm.db")
    restarted.write("349")
    assert restarted.told() == []
    restarted.write("350")
    assert restarted.told() == [("Delta", "350", False)]


def test_a_delta_of_what_is_no_quantity_tells_every_change() -> None:
    bench = Bench()
    bench.watch(MonitorType.DELTA, 1000, STATE)
    for value in ("on", "on", "off"):
        bench.write(value, STATE)
    assert bench.told() == [("Delta", "on", False), ("Delta", "off", False)]


def test_a_delta_of_a_time_is_in_seconds() -> None:
    bench = Bench()
    bench.watch(MonitorType.DELTA, 60, SINCE)
    bench.write("2026-01-01T00:00:59Z", SINCE)
    assert bench.told() == []
    bench.write("2026-01-01T01:01:00+01:00", SINCE)
    assert len(bench.told()) == 1


def test_a_target_delta_is_told_once_for_each_parting() -> None:
    bench = Bench()
    bench.watch(MonitorType.TARGET_DELTA, 100)
    for value in ("399", "400", "450", "300", "200"):
        bench.write(value)
    assert bench.told() == [("Delta", "400", False), ("Delta", "200", False)]


def test_a_new_target_parts_the_values_too() -> None:
    bench = Bench()
    bench.watch(MonitorType.TARGET_DELTA_RELATIVE, 0.25)
    bench.model.set(FAN, SPEED, "390", 0.0, Attribute.TARGET)
    assert bench.told() == []
    bench.model.set(FAN, SPEED, "400", 0.0, Attribute.TARGET)
    assert bench.told() == [("Delta", "300", False)]


def test_a_periodic_monitor_tells_at_every_interval_since_it_was_set() -> None:
    bench = Bench()
    bench.run(7.0)
    bench.watch(MonitorType.PERIODIC, 60)
    bench.run(200.0)
    assert [(event.at, event.trigger) for event in bench.events()] == [
        (at, Trigger.PERIODIC) for at in (67.0, 127.0, 187.0)
    ]


def test_a_clock_aligned_monitor_tells_at_multiples_since_midnight() -> None:
    bench = Bench()
    bench.run(100.0)
    bench.watch(MonitorType.PERIODIC_CLOCK_ALIGNED, 900)
    bench.run(2_000.0)
    assert [event.at for event in bench.events()] == [900.0, 1800.0]


def test_a_clock_aligned_monitor_starts_anew_at_midnight() -> None:
    bench = Bench()
    bench.run(50_000.0)
    bench.watch(MonitorType.PERIODIC_CLOCK_ALIGNED, 25_000)
    bench.run(80_000.0)
    assert [event.at for event in bench.events()] == [50_400.0, 75_400.0]


@given(st.integers(1, 86_400), st.floats(0.0, 86_400.0))
@settings(max_examples=60, deadline=None)
def test_a_clock_aligned_monitor_tells_once_at_each_of_its_moments(interval: int, start: float) -> None:
    clock: Callable[[float], float] = lambda now: int((start + now) * 1000) / 1000 % 86_400  # noqa: E731
    model = DeviceModel(":memory:", [fan()])
    monitors = Monitors(model, 0.0, seconds_of_day=clock)
    request = MonitorRequest(
        component=FAN,
        variable=SPEED,
        type=MonitorType.PERIODIC_CLOCK_ALIGNED,
        value=interval,
        severity=5,
    )
    assert monitors.set(request, 0.0).status is ACCEPTED
    for _ in range(5):
        assert monitors.deadline is not None
        monitors.advance(monitors.deadline)
        event = monitors.next_event()
        assert event is not None
        assert monitors.next_event() is None
        late = clock(event.at) % interval
        assert min(late, interval - late) < 0.01 or clock(event.at) < 0.01 or clock(event.at) > 86_399.99


def test_the_clock_of_the_wall_can_be_set() -> None:
    offset = 0.0
    model = DeviceModel(":memory:", [fan()])
    monitors = Monitors(model, 0.0, seconds_of_day=lambda now: now + offset)
    request = MonitorRequest(
        component=FAN, variable=SPEED, type=MonitorType.PERIODIC_CLOCK_ALIGNED, value=900, severity=5
    )
    monitors.set(request, 0.0)
    assert monitors.deadline == 900.0
    offset = 850.0
    monitors.clock_set(10.0)
    assert monitors.deadline == 50.0


def test_intervals_that_were_slept_through_are_told_once() -> None:
    bench = Bench()
    bench.watch(MonitorType.PERIODIC, 1)
    bench.monitors.advance(86_400.0)
    assert len(bench.events()) == 1
    assert bench.monitors.deadline == 86_401.0


def test_a_monitor_for_transactions_holds_during_one_at_its_evse_only() -> None:
    bench = Bench()
    bench.watch(MonitorType.UPPER_THRESHOLD, 200, transaction=True)
    bench.watch(MonitorType.PERIODIC, 60, transaction=True)
    bench.monitors.transaction_started(2, "t2", 0.0)
    bench.run(100.0)
    assert bench.events() == []
    bench.monitors.transaction_started(1, "t1", 100.0)
    bench.run(170.0)
    events = bench.events()
    assert [(event.at, event.trigger.value) for event in events] == [(100.0, "Alerting"), (160.0, "Periodic")]
    assert {event.transaction_id for event in events} == {"t1"}
    bench.monitors.transaction_ended(1, 170.0)
    bench.write("100")
    bench.run(300.0)
    assert bench.events() == []


def test_an_alert_of_a_transaction_that_ended_by_a_loss_of_power_does_not_hide_the_next(
    tmp_path: Path,
) -> None:
    path = tmp_path / "dm.db"
    bench = Bench(path)
    bench.watch(MonitorType.UPPER_THRESHOLD, 200, transaction=True)
    bench.monitors.transaction_started(1, "t1", 0.0)
    assert len(bench.events()) == 1
    bench.model.close()
    restarted = Bench(path)
    assert restarted.events() == []
    restarted.monitors.transaction_started(1, "t2", 1.0)
    assert [event.transaction_id for event in restarted.events()] == ["t2"]


def test_only_what_is_severe_enough_is_told() -> None:
    bench = Bench()
    bench.watch(MonitorType.DELTA, 1, severity=4)
    assert bench.monitors.set_level(3, 0.0)
    bench.write("400")
    assert bench.events() == []
    assert bench.monitors.set_level(4, 0.0)
    bench.write("500")
    assert len(bench.events()) == 1
    assert not bench.monitors.set_level(10, 0.0)


def test_the_value_of_what_is_write_only_is_not_told() -> None:
    secret = VariableEntry(
        name="Secret",
        data_type=DataType.STRING,
        supports_monitoring=True,
        attributes=(AttributeEntry(mutability=Mutability.WRITE_ONLY, value="old"),),
    )
    component = Component("Vault")
    model = DeviceModel(":memory:", [ComponentEntry(name="Vault", variables=(secret,))])
    monitors = Monitors(model, 0.0, seconds_of_day=lambda now: now)
    request = MonitorRequest(
        component=component, variable=Variable("Secret"), type=MonitorType.DELTA, value=1, severity=5
    )
    assert monitors.set(request, 0.0).status is ACCEPTED
    model.set(component, Variable("Secret"), "new", 0.0)
    event = monitors.next_event()
    assert event is not None
    assert event.actual == ""


def test_nothing_is_told_while_monitoring_is_off() -> None:
    bench = Bench()
    bench.watch(MonitorType.DELTA, 1)
    bench.model.set(Component("MonitoringCtrlr"), Variable("Enabled"), "false", 0.0)
    bench.write("400")
    assert bench.events() == []


@pytest.mark.parametrize(
    ("component", "variable", "type_", "status"),
    [
        (Component("Pump"), SPEED, MonitorType.DELTA, SetMonitoringStatus.UNKNOWN_COMPONENT),
        (FAN, Variable("Noise"), MonitorType.DELTA, SetMonitoringStatus.UNKNOWN_VARIABLE),
        (FAN, Variable("Quiet"), MonitorType.DELTA, SetMonitoringStatus.UNSUPPORTED_MONITOR_TYPE),
        (FAN, STATE, MonitorType.UPPER_THRESHOLD, SetMonitoringStatus.UNSUPPORTED_MONITOR_TYPE),
        (FAN, SINCE, MonitorType.PERIODIC, SetMonitoringStatus.UNSUPPORTED_MONITOR_TYPE),
        (FAN, STATE, MonitorType.PERIODIC, ACCEPTED),
        (FAN, SPEED, MonitorType.LOWER_THRESHOLD, ACCEPTED),
    ],
)
def test_a_monitor_has_to_suit_its_variable(
    component: Component, variable: Variable, type_: MonitorType, status: SetMonitoringStatus
) -> None:
    assert Bench().ask(type_, 60, variable, component=component).status is status


@pytest.mark.parametrize(
    ("type_", "value", "reason"),
    [
        (MonitorType.UPPER_THRESHOLD, 1001, Reason.VALUE_TOO_HIGH),
        (MonitorType.LOWER_THRESHOLD, -1, Reason.VALUE_TOO_LOW),
        (MonitorType.DELTA, -1, Reason.VALUE_POSITIVE_ONLY),
        (MonitorType.PERIODIC, 0, Reason.VALUE_TOO_LOW),
        (MonitorType.PERIODIC_CLOCK_ALIGNED, 86_401, Reason.VALUE_TOO_HIGH),
        (MonitorType.DELTA, float("nan"), Reason.INVALID_VALUE),
    ],
)
def test_a_monitor_with_an_impossible_value_is_rejected(
    type_: MonitorType, value: float, reason: Reason
) -> None:
    result = Bench().ask(type_, value)
    assert (result.status, result.reason) == (SetMonitoringStatus.REJECTED, reason)


def test_a_second_monitor_of_the_same_type_and_severity_is_a_duplicate() -> None:
    bench = Bench()
    first = bench.watch(MonitorType.DELTA, 1)
    assert bench.ask(MonitorType.DELTA, 2).status is SetMonitoringStatus.DUPLICATE
    assert bench.ask(MonitorType.DELTA, 2, id=first).id == first
    assert bench.watch(MonitorType.DELTA, 2, severity=6) != first


def test_a_replaced_monitor_watches_its_new_value_only() -> None:
    bench = Bench()
    first = bench.watch(MonitorType.UPPER_THRESHOLD, 400)
    bench.watch(MonitorType.UPPER_THRESHOLD, 600, id=first)
    bench.write("500")
    assert bench.events() == []
    bench.write("601")
    assert len(bench.events()) == 1


def test_an_id_that_is_none_or_of_another_variable_is_rejected() -> None:
    bench = Bench()
    first = bench.watch(MonitorType.DELTA, 1)
    assert bench.ask(MonitorType.DELTA, 1, id=first + 1).reason is Reason.NOT_FOUND
    assert bench.ask(MonitorType.DELTA, 1, STATE, id=first).reason is Reason.NOT_FOUND
    assert bench.ask(MonitorType.DELTA, 1, severity=10).reason is Reason.VALUE_OUT_OF_RANGE


def test_there_are_not_more_monitors_than_the_station_can_hold() -> None:
    model = DeviceModel(":memory:", [fan()])
    monitors = Monitors(model, 0.0, seconds_of_day=lambda now: now, most_custom=3)
    results = [
        monitors.set(
            MonitorRequest(component=FAN, variable=SPEED, type=MonitorType.DELTA, value=1, severity=severity),
            0.0,
        )
        for severity in range(5)
    ]
    assert [result.status for result in results[:3]] == [ACCEPTED] * 3
    assert {result.reason for result in results[3:]} == {Reason.OUT_OF_STORAGE}


def test_a_cleared_monitor_is_gone_also_after_a_restart_and_its_id_is_never_used_again(
    tmp_path: Path,
) -> None:
    bench = Bench(tmp_path / "dm.db")
    first = bench.watch(MonitorType.PERIODIC, 60)
    assert bench.monitors.clear(first, 0.0) is ClearMonitoringStatus.ACCEPTED
    assert bench.monitors.clear(first, 0.0) is ClearMonitoringStatus.NOT_FOUND
    assert bench.monitors.deadline is None
    bench.model.close()
    assert Bench(tmp_path / "dm.db").watch(MonitorType.PERIODIC, 60) > first


def kinds(bench: Bench) -> list[tuple[MonitorKind, float]]:
    return [(monitor.kind, monitor.value) for _, monitors in bench.monitors.report() for monitor in monitors]


def test_what_is_hard_wired_is_neither_changed_nor_cleared() -> None:
    bench = Bench(monitors=FACTORY)
    [(_, [hard_wired, _])] = bench.monitors.report()
    assert bench.monitors.clear(hard_wired.id, 0.0) is ClearMonitoringStatus.REJECTED
    assert bench.ask(MonitorType.UPPER_THRESHOLD, 1, id=hard_wired.id).reason is Reason.READ_ONLY


def test_the_monitoring_base_says_which_monitors_are_in_force() -> None:
    bench = Bench(monitors=FACTORY)
    hard_wired, factory = (MonitorKind.HARD_WIRED, 900.0), (MonitorKind.PRECONFIGURED, 800.0)
    bench.watch(MonitorType.DELTA, 7)
    assert kinds(bench) == [hard_wired, factory, (MonitorKind.CUSTOM, 7.0)]
    bench.monitors.set_base(MonitoringBase.HARD_WIRED_ONLY, 0.0)
    assert kinds(bench) == [hard_wired]
    bench.monitors.set_base(MonitoringBase.ALL, 0.0)
    assert kinds(bench) == [hard_wired, factory]
    bench.watch(MonitorType.DELTA, 7)
    bench.monitors.set_base(MonitoringBase.ALL, 0.0)
    assert kinds(bench) == [hard_wired, factory, (MonitorKind.CUSTOM, 7.0)]
    bench.monitors.set_base(MonitoringBase.FACTORY_DEFAULT, 0.0)
    assert kinds(bench) == [hard_wired, factory]
    base = bench.model.value(Component("MonitoringCtrlr"), Variable("ActiveMonitoringBase"))
    assert base == "FactoryDefault"


def test_what_the_back_end_changed_is_custom_until_the_factory_default_is_back(tmp_path: Path) -> None:
    path = tmp_path / "dm.db"
    bench = Bench(path, FACTORY)
    [(_, [_, preconfigured])] = bench.monitors.report()
    bench.watch(MonitorType.UPPER_THRESHOLD, 700, id=preconfigured.id, severity=2)
    bench.model.close()
    bench = Bench(path, FACTORY)
    assert kinds(bench) == [(MonitorKind.HARD_WIRED, 900.0), (MonitorKind.CUSTOM, 700.0)]
    bench.monitors.set_base(MonitoringBase.FACTORY_DEFAULT, 0.0)
    assert kinds(bench) == [(MonitorKind.HARD_WIRED, 900.0), (MonitorKind.PRECONFIGURED, 800.0)]


def test_new_component_files_bring_new_monitors_and_take_old_ones(tmp_path: Path) -> None:
    path = tmp_path / "dm.db"
    bench = Bench(path, FACTORY)
    bench.watch(MonitorType.DELTA, 7)
    bench.model.close()
    fresh = MonitorEntry(type=MonitorType.PERIODIC, value=60, severity=9)
    bench = Bench(path, (FACTORY[0], fresh))
    assert sorted(value for _, value in kinds(bench)) == [7.0, 60.0, 900.0]


def test_a_report_holds_what_its_criteria_name() -> None:
    bench = Bench()
    for type_ in (MonitorType.DELTA, MonitorType.TARGET_DELTA, MonitorType.UPPER_THRESHOLD):
        bench.watch(type_, 900)
    bench.watch(MonitorType.PERIODIC, 60, STATE)

    def types(*criteria: MonitoringCriterion, on: Variable | None = None) -> list[MonitorType]:
        report = bench.monitors.report(criteria, [Selection(FAN, on)])
        return [monitor.type for _, monitors in report for monitor in monitors]

    assert types(MonitoringCriterion.THRESHOLD_MONITORING) == [MonitorType.UPPER_THRESHOLD]
    assert types(MonitoringCriterion.DELTA_MONITORING) == [MonitorType.DELTA, MonitorType.TARGET_DELTA]
    assert types(on=STATE) == [MonitorType.PERIODIC]
    assert types(MonitoringCriterion.PERIODIC_MONITORING, on=SPEED) == []


@given(st.lists(st.integers(0, 1000), max_size=30), st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_alerts_and_their_ends_take_turns(values: list[int], limit: int) -> None:
    bench = Bench()
    bench.watch(MonitorType.UPPER_THRESHOLD, limit)
    for value in values:
        bench.write(str(value))
    cleared = [event.cleared for event in bench.events()]
    assert cleared == [index % 2 == 1 for index in range(len(cleared))]
    above = (values or [300])[-1] > limit
    assert (len(cleared) % 2 == 1) is above
