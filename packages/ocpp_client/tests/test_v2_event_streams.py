"""Periodic event streams of 2.1 (N11 to N15), in virtual time."""

from __future__ import annotations

from typing import Any

import pytest

from evproto.ocpp_client import Version
from evproto.ocpp_client.device_model import Component, Variable
from evproto.ocpp_client.testing import Bench2
from evproto.ocpp_client.v21 import datatypes as d
from evproto.ocpp_client.v21 import enums as e
from evproto.ocpp_client.v21 import messages as m

EVSE = d.Component(name="EVSE", evse=d.EVSE(id=1))
CURRENT = d.Variable(name="ACCurrent")
CURRENT_NAME = Variable("ACCurrent")


def willing(**more: Any) -> Bench2:
    """A station whose back end opens every stream."""
    bench: Bench2 = Bench2(Version.V21, **more).boot()
    bench.script("OpenPeriodicEventStream", opened("Accepted"))
    bench.model.write(Component("EVSE", None, 1), CURRENT_NAME, "7", bench.now)
    return bench


def opened(status: str) -> m.OpenPeriodicEventStreamResponse:
    return m.OpenPeriodicEventStreamResponse(status=e.GenericStatusEnum(status))


def stream(bench: Bench2, every: float = 1.0, kind: str = "Periodic", **params: Any) -> Any:
    """SetVariableMonitoring with a stream; gives its result."""
    data = d.SetMonitoringData(
        value=every,
        type=e.MonitorEnum(kind),
        severity=8,
        component=EVSE,
        variable=CURRENT,
        periodic_event_stream=d.PeriodicEventStreamParams(**params),
    )
    request = m.SetVariableMonitoringRequest(set_monitoring_data=(data,))
    (result,) = bench.call(request).set_monitoring_result
    return result


def heard(bench: Bench2) -> list[tuple[int, int]]:
    """Of each message: how many values, how many wait."""
    return [(len(one.data), one.pending) for one in bench.said(m.NotifyPeriodicEventStreamRequest)]


def test_a_monitor_with_a_stream_has_it_opened_and_tells_by_it() -> None:
    bench = willing()
    result = stream(bench, values=5)
    assert result.status is e.SetMonitoringStatusEnum.ACCEPTED
    (opening,) = bench.said(m.OpenPeriodicEventStreamRequest)
    about = opening.constant_stream_data
    assert about.variable_monitoring_id == result.id
    assert about.params.values == 5
    bench.run(10.5)
    assert heard(bench) == [(5, 0), (5, 0)]
    first = bench.said(m.NotifyPeriodicEventStreamRequest)[0]
    assert first.id == about.id
    assert [(element.t, element.v) for element in first.data] == [(float(n), "7") for n in range(5)]
    assert bench.said(m.NotifyEventRequest) == []


def test_what_there_is_goes_when_the_interval_is_over() -> None:
    bench = willing()
    stream(bench, interval=3, values=50)
    bench.run(9.5)
    assert [count for count, _ in heard(bench)] == [3, 3]


def test_a_stream_without_numbers_tells_each_value() -> None:
    bench = willing()
    stream(bench)
    bench.run(3.5)
    assert heard(bench) == [(1, 0)] * 3


def test_where_the_back_end_opens_no_stream_events_tell() -> None:
    bench = willing()
    bench.script("OpenPeriodicEventStream", opened("Rejected"))
    stream(bench, values=5)
    bench.run(2.5)
    assert heard(bench) == []
    assert len(bench.said(m.NotifyEventRequest)) == 2
    assert streams(bench) is None


def streams(bench: Bench2) -> Any:
    answer = bench.call(m.GetPeriodicEventStreamRequest())
    return answer.constant_stream_data


def test_open_streams_are_listed_and_adjusted() -> None:
    bench = willing()
    id = stream(bench, values=5).id
    (about,) = streams(bench)
    assert (about.id, about.params.values) == (id, 5)
    more = d.PeriodicEventStreamParams(values=2)
    answer = bench.call(m.AdjustPeriodicEventStreamRequest(id=id, params=more))
    assert answer.status is e.GenericStatusEnum.ACCEPTED
    bench.run(4.5)
    assert heard(bench) == [(2, 0), (2, 0)]
    answer = bench.call(m.AdjustPeriodicEventStreamRequest(id=999, params=more))
    assert answer.status is e.GenericStatusEnum.REJECTED


def test_with_its_monitor_a_stream_is_closed() -> None:
    bench = willing()
    id = stream(bench, values=5).id
    bench.call(m.ClearVariableMonitoringRequest(id=(id,)))
    (closing,) = bench.said(m.ClosePeriodicEventStreamRequest)
    assert closing.id == id
    bench.run(10.0)
    assert heard(bench) == []
    assert streams(bench) is None


def test_a_base_that_takes_the_monitor_closes_its_stream() -> None:
    bench = willing()
    stream(bench, values=5)
    bench.call(m.SetMonitoringBaseRequest(monitoring_base=e.MonitoringBaseEnum.HARD_WIRED_ONLY))
    assert len(bench.said(m.ClosePeriodicEventStreamRequest)) == 1


def test_values_wait_for_the_link_and_say_how_many() -> None:
    bench = willing()
    stream(bench, values=5)
    bench.offline()
    bench.run(12.5)
    bench.online()
    bench.run(0.1)
    assert heard(bench) == [(5, 7), (5, 2)]


def test_a_stream_is_opened_again_after_a_restart() -> None:
    bench = willing()
    id = stream(bench, values=2).id
    bench.forget()
    bench.power_cycle()
    (opening,) = bench.said(m.OpenPeriodicEventStreamRequest)
    assert opening.constant_stream_data.id == id
    bench.model.write(Component("EVSE", None, 1), CURRENT_NAME, "9", bench.now)
    bench.run(3.0)
    assert (2, 0) in heard(bench)


@pytest.mark.parametrize(("kind", "most"), [("UpperThreshold", 20), ("Periodic", 0)])
def test_a_stream_that_cannot_be_is_refused_with_its_monitor(kind: str, most: int) -> None:
    bench = willing(settings={"MonitoringCtrlr.MaxPeriodicEventStreams": most})
    result = stream(bench, kind=kind, values=5)
    assert result.status is e.SetMonitoringStatusEnum.REJECTED
    assert result.status_info.reason_code == "UnsupportedParam"
    assert bench.calls == []


def test_a_back_end_of_2_0_1_knows_no_streams() -> None:
    bench = Bench2(Version.V201).boot()
    bench.station.receive('[2,"x-1","GetPeriodicEventStream",{}]', bench.now)
    assert "NotImplemented" in (bench.station.next_output() or "")
