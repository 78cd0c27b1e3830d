"""Smart charging of OCPP 1.6: the certification tool's cases, and an oracle for the composite."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evproto.ocpp_client import Timestamp
from evproto.ocpp_client.bridge import SetLimit
from evproto.ocpp_client.v16 import messages as m
from evproto.ocpp_client.v16.datatypes import ChargingProfile, ChargingSchedule, ChargingSchedulePeriod
from evproto.ocpp_client.v16.enums import (
    ChargingProfileKind,
    ChargingProfilePurpose,
    ChargingProfileStatus,
    ChargingRateUnit,
    ClearChargingProfileStatus,
    GetCompositeScheduleStatus,
    RecurrencyKind,
)

NOON = Timestamp.of(datetime(2026, 1, 1, 12, tzinfo=UTC))
MAX = ChargingProfilePurpose.CHARGE_POINT_MAX_PROFILE
DEFAULT = ChargingProfilePurpose.TX_DEFAULT_PROFILE
TX = ChargingProfilePurpose.TX_PROFILE


def after(seconds: float) -> Timestamp:
    return Timestamp.of(NOON + timedelta(seconds=seconds))


def profile(purpose: ChargingProfilePurpose, *steps: tuple[int, float], **more: Any) -> ChargingProfile:
    kind = more.pop("kind", ChargingProfileKind.ABSOLUTE)
    start = None if kind is ChargingProfileKind.RELATIVE else more.pop("start", NOON)
    schedule = ChargingSchedule(
        charging_rate_unit=more.pop("unit", ChargingRateUnit.A),
        charging_schedule_period=tuple(
            ChargingSchedulePeriod(start_period=at, limit=limit) for at, limit in steps
        ),
        start_schedule=start,
        duration=more.pop("duration", None),
    )
    return ChargingProfile(
        charging_profile_id=more.pop("id", 1),
        stack_level=more.pop("level", 0),
        charging_profile_purpose=purpose,
        charging_profile_kind=kind,
        charging_schedule=schedule,
        **more,
    )


def install(bench: Any, connector_id: int, given: ChargingProfile) -> ChargingProfileStatus:
    request = m.SetChargingProfileRequest(connector_id=connector_id, cs_charging_profiles=given)
    status: ChargingProfileStatus = bench.call(request).status
    return status


def composite(bench: Any, connector_id: int, duration: int = 300, **more: Any) -> list[tuple[int, float]]:
    request = m.GetCompositeScheduleRequest(connector_id=connector_id, duration=duration, **more)
    answer = bench.call(request)
    assert answer.status is GetCompositeScheduleStatus.ACCEPTED
    return [(one.start_period, one.limit) for one in answer.charging_schedule.charging_schedule_period]


def test_tc_056_cp_a_default_profile_limits_the_next_transaction(bench: Any) -> None:
    assert install(bench, 1, profile(DEFAULT, (0, 6.0))) is ChargingProfileStatus.ACCEPTED
    assert bench.told(SetLimit) == [SetLimit(1, 6.0)]
    bench.charge()
    bench.run(3600.0)
    bench.token()
    assert bench.said(m.StopTransactionRequest)[0].meter_stop - 1000 == pytest.approx(6 * 690, rel=0.01)


def test_tc_057_cp_a_transaction_profile_goes_before_the_default_and_ends_with_it(bench: Any) -> None:
    install(bench, 1, profile(DEFAULT, (0, 10.0), id=1))
    bench.charge()
    assert install(bench, 1, profile(TX, (0, 16.0), id=2, transaction_id=1)) is ChargingProfileStatus.ACCEPTED
    assert bench.told(SetLimit) == [SetLimit(1, 16.0)]
    bench.token()
    assert bench.told(SetLimit) == [SetLimit(1, 16.0), SetLimit(1, 10.0)]


def test_tc_058_1_cp_a_transaction_profile_needs_a_transaction(bench: Any) -> None:
    assert install(bench, 1, profile(TX, (0, 6.0))) is ChargingProfileStatus.REJECTED


def test_tc_058_2_cp_a_transaction_profile_needs_its_own_transaction(bench: Any) -> None:
    bench.charge()
    wrong = profile(TX, (0, 6.0), transaction_id=99)
    assert install(bench, 1, wrong) is ChargingProfileStatus.REJECTED


def test_tc_059_cp_the_profile_of_a_remote_start_holds_from_its_transaction_on(bench: Any) -> None:
    given = profile(TX, (0, 8.0), (100, 20.0), kind=ChargingProfileKind.RELATIVE)
    bench.call(m.RemoteStartTransactionRequest(id_tag="FAR", connector_id=1, charging_profile=given))
    assert bench.told(SetLimit) == []
    bench.run(10.0)
    bench.plug()
    bench.run(101.0)
    assert bench.told(SetLimit) == [SetLimit(1, 8.0), SetLimit(1, 20.0)]


def test_tc_060_cp_a_remote_start_takes_no_profile_of_another_purpose(bench: Any) -> None:
    given = profile(DEFAULT, (0, 8.0))
    request = m.RemoteStartTransactionRequest(id_tag="FAR", connector_id=1, charging_profile=given)
    assert bench.call(request).status.value == "Rejected"


def test_tc_066_cp_the_composite_schedule_is_the_lowest_of_station_and_connector(bench: Any) -> None:
    install(bench, 0, profile(MAX, (0, 20.0), (120, 9.0), id=1, start=after(1)))
    install(bench, 1, profile(DEFAULT, (0, 6.0), (60, 16.0), id=2, start=after(1)))
    assert composite(bench, 1) == [(0, 6.0), (60, 16.0), (120, 9.0)]
    assert composite(bench, 2) == [(0, 20.0), (120, 9.0)]
    assert composite(bench, 0) == [(0, 20.0), (120, 9.0)]


def test_the_composite_is_given_in_the_unit_that_was_asked_for(bench: Any) -> None:
    install(bench, 1, profile(DEFAULT, (0, 6900.0), unit=ChargingRateUnit.W))
    assert composite(bench, 1) == [(0, 10.0)]
    assert composite(bench, 1, charging_rate_unit=ChargingRateUnit.W) == [(0, 6900.0)]


def test_the_composite_of_an_unknown_connector_is_rejected(bench: Any) -> None:
    answer = bench.call(m.GetCompositeScheduleRequest(connector_id=9, duration=60))
    assert answer.status is GetCompositeScheduleStatus.REJECTED


def test_tc_067_cp_profiles_are_cleared_by_id_or_by_criteria(bench: Any) -> None:
    install(bench, 1, profile(DEFAULT, (0, 6.0), id=1, level=0))
    install(bench, 1, profile(DEFAULT, (0, 7.0), id=2, level=1))
    install(bench, 2, profile(DEFAULT, (0, 8.0), id=3, level=0))
    assert bench.call(m.ClearChargingProfileRequest(id=2)).status is ClearChargingProfileStatus.ACCEPTED
    assert composite(bench, 1) == [(0, 6.0)]
    by_level = m.ClearChargingProfileRequest(charging_profile_purpose=DEFAULT, stack_level=0)
    assert bench.call(by_level).status is ClearChargingProfileStatus.ACCEPTED
    assert composite(bench, 1) == composite(bench, 2) == [(0, 32.0)]
    assert bench.call(m.ClearChargingProfileRequest()).status is ClearChargingProfileStatus.UNKNOWN


def test_tc_072_cp_the_highest_stack_level_that_says_something_rules(bench: Any) -> None:
    install(bench, 1, profile(DEFAULT, (0, 6.0), id=1, level=0, start=after(1)))
    install(bench, 1, profile(DEFAULT, (0, 10.0), id=2, level=1, start=after(61), duration=60))
    assert composite(bench, 1) == [(0, 6.0), (60, 10.0), (120, 6.0)]


def test_a_recurring_profile_comes_back_every_day(bench: Any) -> None:
    daily = profile(
        DEFAULT,
        (0, 6.0),
        kind=ChargingProfileKind.RECURRING,
        recurrency_kind=RecurrencyKind.DAILY,
        start=after(1 - 10 * 86_400 + 60),
        duration=60,
    )
    install(bench, 1, daily)
    assert composite(bench, 1) == [(0, 32.0), (60, 6.0), (120, 32.0)]
    bench.run(86_400.0)
    assert bench.told(SetLimit) == [SetLimit(1, 6.0), SetLimit(1, 32.0)]


def test_a_profile_holds_only_while_it_is_valid(bench: Any) -> None:
    install(bench, 1, profile(DEFAULT, (0, 6.0), valid_from=after(31), valid_to=after(91)))
    assert composite(bench, 1) == [(0, 32.0), (30, 6.0), (90, 32.0)]


@pytest.mark.parametrize(
    ("connector_id", "given"),
    [
        (1, profile(MAX, (0, 6.0))),
        (0, profile(MAX, (0, 6.0), kind=ChargingProfileKind.RELATIVE)),
        (9, profile(DEFAULT, (0, 6.0))),
        (1, profile(DEFAULT, (10, 6.0))),
        (1, profile(DEFAULT, (0, 6.0), (20, 7.0), (10, 8.0))),
        (1, profile(DEFAULT, (0, -1.0))),
        (1, profile(DEFAULT, (0, 6.0), level=100)),
        (1, profile(DEFAULT, (0, 6.0), kind=ChargingProfileKind.RECURRING)),
        (1, profile(DEFAULT, *((second, 6.0) for second in range(49)))),
    ],
)
def test_an_unsound_profile_is_rejected(bench: Any, connector_id: int, given: ChargingProfile) -> None:
    assert install(bench, connector_id, given) is ChargingProfileStatus.REJECTED


def test_profiles_outlive_a_power_failure(bench: Any) -> None:
    install(bench, 1, profile(DEFAULT, (0, 6.0)))
    bench.power_cycle()
    assert composite(bench, 1) == [(0, 6.0)]
    assert SetLimit(1, 6.0) in bench.told(SetLimit)


LIMITS = st.integers(1, 40).map(float)
PROFILES = st.lists(
    st.tuples(
        st.sampled_from([MAX, DEFAULT]),
        st.integers(0, 3),
        st.integers(-50, 100),
        st.none() | st.integers(1, 100),
        st.lists(st.tuples(st.integers(1, 90), LIMITS), max_size=3, unique_by=lambda step: step[0]),
        LIMITS,
    ),
    max_size=5,
)


@settings(deadline=None, max_examples=60)
@given(PROFILES)
def test_the_composite_is_what_a_second_by_second_reading_gives(make_bench: Any, drawn: list[Any]) -> None:
    bench = make_bench().boot()
    rules = {}
    for number, (purpose, level, start, duration, steps, first) in enumerate(drawn):
        periods = [(0, first), *sorted(steps)]
        made = profile(purpose, *periods, id=number, level=level, start=after(1 + start), duration=duration)
        assert install(bench, 0, made) is ChargingProfileStatus.ACCEPTED
        rules[purpose, level] = (start, duration, periods)

    def limit_of(purpose: ChargingProfilePurpose, second: int) -> float:
        for level in (3, 2, 1, 0):
            start, duration, periods = rules.get((purpose, level), (10**9, None, []))
            into = second - start
            if into >= 0 and (duration is None or into < duration):
                return float([limit for at, limit in periods if at <= into][-1])
        return 32.0

    expected = [min(32.0, limit_of(MAX, second), limit_of(DEFAULT, second)) for second in range(150)]
    found = composite(bench, 1, 150)
    assert [[limit for at, limit in found if at <= second][-1] for second in range(150)] == expected
