"""Block G of part 6: availability, in virtual time; each test follows the steps of its case."""

from __future__ import annotations

import pytest

from evproto.ocpp_client.bridge import Restart, SetOperative, TokenRefused
from evproto.ocpp_client.testing import Bench2
from evproto.ocpp_client.v201 import datatypes as d
from evproto.ocpp_client.v201 import enums as e
from evproto.ocpp_client.v201 import messages as m

OCCUPIED, AVAILABLE, UNAVAILABLE = ["Occupied"], ["Available"], ["Unavailable"]
PLACES = ((1, 1), (2, 1), (2, 2))


@pytest.fixture
def bench() -> Bench2:
    """EVSE 1 with one connector, EVSE 2 with two."""
    bench: Bench2 = Bench2(connectors=(1, 2)).boot()
    return bench


def change(bench: Bench2, status: str, evse_id: int | None = None, connector_id: int | None = None) -> str:
    """ChangeAvailability; gives its status."""
    place = None if evse_id is None else d.EVSE(id=evse_id, connector_id=connector_id)
    operative = e.OperationalStatusEnum(status)
    answer = bench.call(m.ChangeAvailabilityRequest(operational_status=operative, evse=place))
    return str(answer.status.value)


def all_statuses(bench: Bench2) -> dict[tuple[int, int], list[str]]:
    return {place: bench.statuses(*place) for place in PLACES}


def only(wanted: list[str], *places: tuple[int, int]) -> dict[tuple[int, int], list[str]]:
    """What is heard where only these connectors are reported."""
    return {place: wanted if place in places else [] for place in PLACES}


def take_out(bench: Bench2, *place: int) -> None:
    """State Unavailable."""
    assert change(bench, "Inoperative", *place) == "Accepted"
    bench.forget()


def reboot(bench: Bench2) -> None:
    """State Booted by a reset."""
    bench.call(m.ResetRequest(type=e.ResetEnum.IMMEDIATE))
    assert bench.told(Restart)
    bench.forget()
    bench.power_cycle()
    (security,) = bench.said(m.SecurityEventNotificationRequest)
    assert security.type == "ResetOrReboot"


# --- status ---


def test_tc_g_01_cs_a_vehicle_makes_the_connector_occupied(bench: Bench2) -> None:
    bench.plug()
    assert all_statuses(bench) == only(OCCUPIED, (1, 1))


def test_tc_g_02_cs_without_it_the_connector_is_available(bench: Bench2) -> None:
    bench.plug()
    bench.forget()
    bench.unplug()
    assert all_statuses(bench) == only(AVAILABLE, (1, 1))


def test_the_other_connector_of_an_evse_is_not_reported(bench: Bench2) -> None:
    """G01.FR.08."""
    bench.plug(2)
    assert all_statuses(bench) == only(OCCUPIED, (2, 1))


# --- change availability: an EVSE ---


def test_tc_g_03_cs_an_evse_is_taken_out_of_use(bench: Bench2) -> None:
    assert change(bench, "Inoperative", 2) == "Accepted"
    assert all_statuses(bench) == only(UNAVAILABLE, (2, 1), (2, 2))
    assert bench.told(SetOperative) == [SetOperative(2, False, 1), SetOperative(2, False, 2)]


def test_tc_g_04_cs_an_evse_is_put_back_into_use(bench: Bench2) -> None:
    take_out(bench, 2)
    assert change(bench, "Operative", 2) == "Accepted"
    assert all_statuses(bench) == only(AVAILABLE, (2, 1), (2, 2))
    assert bench.told(SetOperative) == [SetOperative(2, True, 1), SetOperative(2, True, 2)]


def test_tc_g_09_cs_an_evse_in_use_stays_in_use(bench: Bench2) -> None:
    assert change(bench, "Operative", 1) == "Accepted"
    assert all_statuses(bench) == only([])


def test_tc_g_10_cs_an_evse_out_of_use_stays_out_of_use(bench: Bench2) -> None:
    take_out(bench, 1)
    assert change(bench, "Inoperative", 1) == "Accepted"
    assert all_statuses(bench) == only([])
    assert bench.station.statuses[1, 1] == "Unavailable"


@pytest.mark.parametrize("stop_point", ["Authorized", "EVConnected", "ParkingBayOccupancy,EVConnected"])
@pytest.mark.parametrize(
    "place",
    [
        pytest.param((1,), id="TC_G_11_CS"),
        pytest.param((1, 1), id="TC_G_17_CS"),
        pytest.param((), id="TC_G_14_CS"),
    ],
)
def test_what_is_taken_out_of_use_waits_for_its_transaction(place: tuple[int, ...], stop_point: str) -> None:
    bench = Bench2(connectors=(1, 2), settings={"TxCtrlr.TxStopPoint": stop_point}).boot()
    bench.charge()
    assert change(bench, "Inoperative", *place) == "Scheduled"
    others = () if place else ((2, 1), (2, 2))
    assert all_statuses(bench) == only(UNAVAILABLE, *others)
    bench.run(60.0)
    assert bench.statuses(1) == []
    bench.forget()
    bench.token()
    if stop_point != "Authorized":
        assert bench.statuses(1) == []
        bench.unplug()
    bench.run(1.0)
    assert all_statuses(bench) == only(UNAVAILABLE, (1, 1))
    assert bench.told(SetOperative) == [SetOperative(1, False, 1)]


# --- change availability: the station ---


def test_tc_g_05_cs_the_station_is_taken_out_of_use(bench: Bench2) -> None:
    assert change(bench, "Inoperative") == "Accepted"
    assert all_statuses(bench) == only(UNAVAILABLE, *PLACES)


def test_tc_g_06_cs_the_station_is_put_back_into_use(bench: Bench2) -> None:
    take_out(bench)
    assert change(bench, "Operative") == "Accepted"
    assert all_statuses(bench) == only(AVAILABLE, *PLACES)


def test_tc_g_12_cs_a_station_in_use_stays_in_use(bench: Bench2) -> None:
    assert change(bench, "Operative") == "Accepted"
    assert all_statuses(bench) == only([])


def test_tc_g_13_cs_a_station_out_of_use_stays_out_of_use(bench: Bench2) -> None:
    take_out(bench)
    assert change(bench, "Inoperative") == "Accepted"
    assert all_statuses(bench) == only([])


def test_the_station_does_not_put_back_what_was_taken_out_by_itself(bench: Bench2) -> None:
    take_out(bench, 1)
    take_out(bench)
    assert change(bench, "Operative") == "Accepted"
    assert all_statuses(bench) == only(AVAILABLE, (2, 1), (2, 2))


# --- change availability: a connector ---


def test_tc_g_07_cs_a_connector_is_taken_out_of_use(bench: Bench2) -> None:
    assert change(bench, "Inoperative", 2, 2) == "Accepted"
    assert all_statuses(bench) == only(UNAVAILABLE, (2, 2))
    assert bench.told(SetOperative) == [SetOperative(2, False, 2)]


def test_tc_g_08_cs_a_connector_is_put_back_into_use(bench: Bench2) -> None:
    take_out(bench, 2, 2)
    assert change(bench, "Operative", 2, 2) == "Accepted"
    assert all_statuses(bench) == only(AVAILABLE, (2, 2))


def test_tc_g_15_cs_a_connector_in_use_stays_in_use(bench: Bench2) -> None:
    assert change(bench, "Operative", 1, 1) == "Accepted"
    assert all_statuses(bench) == only([])


def test_tc_g_16_cs_a_connector_out_of_use_stays_out_of_use(bench: Bench2) -> None:
    take_out(bench, 1, 1)
    assert change(bench, "Inoperative", 1, 1) == "Accepted"
    assert all_statuses(bench) == only([])


def test_the_other_connector_need_not_wait_for_a_transaction(bench: Bench2) -> None:
    bench.charge(2)
    assert change(bench, "Inoperative", 2, 2) == "Accepted"
    assert all_statuses(bench) == only(UNAVAILABLE, (2, 2))


@pytest.mark.parametrize(
    ("place", "reason"),
    [((3,), "UnknownEvse"), ((1, 2), "UnknownConnectorId"), ((3, 1), "UnknownEvse")],
)
def test_what_is_not_there_cannot_be_taken_out_of_use(
    bench: Bench2, place: tuple[int, ...], reason: str
) -> None:
    assert change(bench, "Inoperative", *place) == "Rejected"
    assert bench.answers[-1].status_info.reason_code == reason
    assert all_statuses(bench) == only([])


# --- it lasts ---


def test_tc_g_18_cs_an_evse_out_of_use_is_so_after_a_reboot(bench: Bench2) -> None:
    assert change(bench, "Inoperative", 2) == "Accepted"
    assert all_statuses(bench) == only(UNAVAILABLE, (2, 1), (2, 2))
    reboot(bench)
    assert all_statuses(bench) == {(1, 1): AVAILABLE, (2, 1): UNAVAILABLE, (2, 2): UNAVAILABLE}


def test_tc_g_19_cs_a_connector_out_of_use_is_so_after_a_reboot(bench: Bench2) -> None:
    take_out(bench, 2, 2)
    reboot(bench)
    assert all_statuses(bench) == {(1, 1): AVAILABLE, (2, 1): AVAILABLE, (2, 2): UNAVAILABLE}
    assert bench.told(SetOperative) == [SetOperative(2, False, 2)]


def test_tc_g_21_cs_a_station_out_of_use_is_so_after_a_reboot(bench: Bench2) -> None:
    take_out(bench)
    reboot(bench)
    assert all_statuses(bench) == only(UNAVAILABLE, *PLACES)


def test_what_waited_for_a_transaction_is_done_after_a_loss_of_power(bench: Bench2) -> None:
    bench.charge()
    assert change(bench, "Inoperative", 1) == "Scheduled"
    bench.power_cycle()
    assert bench.statuses(1) == UNAVAILABLE


def test_what_is_put_back_is_so_after_a_reboot(bench: Bench2) -> None:
    take_out(bench, 1)
    change(bench, "Operative", 1)
    reboot(bench)
    assert all_statuses(bench) == only(AVAILABLE, *PLACES)


# --- what it means for drivers ---


def test_nobody_charges_where_it_is_out_of_use(bench: Bench2) -> None:
    take_out(bench, 1)
    bench.plug()
    bench.token()
    bench.run(5.0)
    assert bench.station.transaction_ids == {}
    assert bench.told(TokenRefused) == [TokenRefused("NoFreeEvse", 1)]


def test_who_was_let_in_before_is_not_let_in_after_it_is_put_back(bench: Bench2) -> None:
    bench.token()
    take_out(bench, 1)
    change(bench, "Operative", 1)
    bench.plug()
    bench.run(5.0)
    assert bench.station.transaction_ids == {}
