"""What goes wrong on purpose: the standard's end, a named event, contactor open, a complete folder."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evproto.charger import Current, DemoConfig, FaultName, run_virtual
from evproto.charger.testing import Charge, read_trace
from evproto.core import Kind, Trace
from evproto.core.pcapng import decode

REASONS = {
    FaultName.PULLED_CABLE: "UNPLUGGED",
    FaultName.SILENT_CAR: "SEQUENCE_TIMEOUT",
    FaultName.SILENT_STATION: "MESSAGE_TIMEOUT",
    FaultName.MALFORMED_FRAME: "CONNECTION_LOST",
    FaultName.MALFORMED_MESSAGE: "MALFORMED_MESSAGE",
    FaultName.OUT_OF_ORDER: "SEQUENCE_ERROR",
    FaultName.OUT_OF_RANGE: "MALFORMED_MESSAGE",
    FaultName.FOREIGN_SESSION: "WRONG_SESSION",
    FaultName.EMERGENCY_STOP: "EMERGENCY_SHUTDOWN",
    FaultName.ISOLATION_FAULT: "ISOLATION_FAULT",
    FaultName.REFUSED_CARD: "NOT_AUTHORIZED",
}

POSSIBLE = [
    (current, fault)
    for current in Current
    for fault in FaultName
    if current is Current.DC or fault not in (FaultName.ISOLATION_FAULT, FaultName.OUT_OF_RANGE)
]
"""AC has no isolation test, and its charge loop tells no state of charge."""

NAMED = {
    FaultName.MALFORMED_FRAME: "WrongVersion",
    FaultName.MALFORMED_MESSAGE: "malformed message",
    FaultName.OUT_OF_ORDER: "FAILED_SequenceError",
    FaultName.OUT_OF_RANGE: "malformed message",
    FaultName.FOREIGN_SESSION: "FAILED_UnknownSession",
    FaultName.EMERGENCY_STOP: "emergency stop",
}


@pytest.mark.parametrize(("current", "fault"), POSSIBLE)
def test_each_fault_ends_the_session_with_its_reason_and_the_contactor_open(
    charge: Charge, current: Current, fault: FaultName
) -> None:
    session = charge(current=current, fault=fault)
    ends = [r for r in session.records if r.name == "SessionEnded"]
    assert ends[0].details["reason"] == REASONS[fault]
    assert not session.outcome.ok
    assert session.outcome.contactor_open
    assert fault not in NAMED or NAMED[fault] in session.names(Kind.FAULT)
    check_folder(session.folder)


def test_a_fault_that_cannot_happen_leaves_the_session_whole(charge: Charge) -> None:
    assert charge(current=Current.AC, fault=FaultName.ISOLATION_FAULT).outcome.ok


@pytest.mark.slow
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    at=st.floats(0.0, 38.0),
    fault=st.sampled_from([fault for fault in FaultName if fault is not FaultName.SILENT_CAR]),
    current=st.sampled_from(Current),
)
def test_a_fault_at_any_moment_leaves_the_contactor_open_and_the_folder_complete(
    tmp_path: Path, at: float, fault: FaultName, current: Current
) -> None:
    outcome = run_virtual(DemoConfig(current=current, fault=fault, fault_at_s=at), tmp_path)
    assert outcome.contactor_open
    check_folder(tmp_path)
    check_safety(read_trace(tmp_path))


def test_a_car_that_finds_no_station_gives_up_after_50_requests(charge: Charge) -> None:
    session = charge(fault=FaultName.SILENT_STATION, fault_at_s=0.0)
    assert session.names(Kind.SENT, "evcc.sdp") == ["SdpRequest"] * 50
    assert session.names(Kind.FAULT) == ["SdpFailed"]
    assert session.outcome.text == "No session"


def test_after_the_cable_is_pulled_no_packet_passes_and_no_current_flows(charge: Charge) -> None:
    session = charge(fault=FaultName.PULLED_CABLE, fault_at_s=12.0)
    after = [record for record in session.records if record.time > 12.2]
    assert not [r for r in after if r.kind in (Kind.SENT, Kind.RECEIVED) and r.raw is not None]
    assert {r.details["current_a"] for r in after if r.kind is Kind.SAMPLE} == {0.0}


def test_an_emergency_stop_opens_the_contactor_within_100_ms(charge: Charge) -> None:
    session = charge(fault=FaultName.EMERGENCY_STOP, fault_at_s=12.0)
    later = [r for r in session.records if r.kind is Kind.SAMPLE and r.time >= 12.1]
    assert {record.details["contactor"] for record in later} == {"open"}


def test_a_car_that_hangs_is_switched_off_after_the_sequence_timeout(charge: Charge) -> None:
    session = charge(fault=FaultName.SILENT_CAR, fault_at_s=12.0)
    opened = next(
        r.time
        for r in session.records
        if r.kind is Kind.SAMPLE and r.time > 12 and r.details["contactor"] == "open"
    )
    assert 60 < opened - 12 < 61


def check_safety(records: list[Trace]) -> None:
    """No current without contactor; no contactor for longer than a sample without pilot state C or D."""
    samples = [record.details for record in records if record.kind is Kind.SAMPLE]
    for before, after in pairwise(samples):
        assert after["contactor"] == "closed" or after["current_a"] == 0
        closed = before["contactor"] == after["contactor"] == "closed"
        assert not closed or "C" in str(before["pilot"]) + str(after["pilot"])


def check_folder(folder: Path) -> None:
    """Trace, capture and page are whole."""
    assert (folder / "trace.jsonl").read_text().endswith("\n")
    capture = decode((folder / "session.pcapng").read_bytes())
    assert capture.fault is None
    page = (folder / "session.html").read_text()
    assert page.rstrip().endswith("</html>")
