"""The charger's conformance cases, group CmSlacParm."""

from __future__ import annotations

import dataclasses

import pytest

from evproto.slac import (
    EvseState,
    Failure,
    MatchingFailed,
    MatchingStarted,
    ReportSent,
    RunFailed,
)
from evproto.slac.emulator.bench import EV_MAC, EVSE_MAC, MODEM_MAC, OTHER_EV, RUN, EvseBench, failures, only
from evproto.slac.emulator.modem import EmulatedModem
from evproto.slac.messages import (
    BROADCAST,
    CmAttenCharInd,
    CmSlacParmCnf,
    CmSlacParmReq,
)


class TestSeccCmSlacParm:
    def test_request_is_answered_at_once_with_the_values_of_table_a_2(self, evse: EvseBench) -> None:
        answer = only(evse.parameters(), CmSlacParmCnf)
        assert answer == CmSlacParmCnf(
            m_sound_target=BROADCAST,
            num_sounds=10,
            time_out=6,
            resp_type=1,
            forwarding_sta=EV_MAC,
            run_id=RUN,
        )

    def test_answer_goes_to_the_car_alone(self, evse: EvseBench) -> None:
        evse.parameters()
        assert evse.sent[-1][1].destination == EV_MAC
        assert evse.sent[-1][1].source == EVSE_MAC

    @pytest.mark.parametrize("field", ["application_type", "security_type"])
    def test_request_of_another_application_or_security_type_is_ignored(
        self, evse: EvseBench, field: str
    ) -> None:
        request = dataclasses.replace(CmSlacParmReq(run_id=RUN), **{field: 1})
        assert evse.give(EV_MAC, request, BROADCAST) == []
        assert evse.station.runs == 0

    def test_request_for_another_address_is_ignored(self, evse: EvseBench) -> None:
        assert evse.give(EV_MAC, CmSlacParmReq(run_id=RUN), OTHER_EV) == []

    @pytest.mark.parametrize("pilot", ["A", "E", "F"])
    def test_request_without_a_car_at_the_plug_is_ignored(self, pilot: str) -> None:
        bench = EvseBench(plugged=False)
        bench.pilot(pilot)
        assert bench.parameters() == []

    @pytest.mark.parametrize("pilot", ["B", "C", "D"])
    def test_request_is_answered_in_each_state_with_a_car(self, pilot: str) -> None:
        bench = EvseBench(plugged=False)
        bench.pilot(pilot)
        only(bench.parameters(), CmSlacParmCnf)

    def test_request_that_comes_again_is_answered_again(self, evse: EvseBench) -> None:
        assert evse.parameters() == evse.parameters()
        assert len(evse.got(MatchingStarted)) == 1

    def test_request_of_a_known_run_begins_it_anew(self, evse: EvseBench) -> None:
        evse.to_sounding()
        evse.sound(3)
        evse.parameters()
        evse.start()
        evse.sound(9)
        assert evse.got(ReportSent) == []
        evse.sound(1)
        assert evse.got(ReportSent) == [ReportSent(EV_MAC, 10.0, 10)]

    def test_request_with_a_new_run_replaces_the_cars_old_run(self, evse: EvseBench) -> None:
        evse.to_sounding()
        evse.parameters(run=b"run-0002")
        assert failures(evse) == [Failure.REPLACED]
        assert evse.station.runs == 1

    def test_run_ends_without_a_start_after_tt_match_sequence(self, evse: EvseBench) -> None:
        evse.parameters()
        evse.wait(0.399)
        assert evse.got(RunFailed) == []
        evse.wait(0.002)
        assert failures(evse) == [Failure.NO_START]

    def test_silence_for_tt_evse_slac_init_ends_matching(self, evse: EvseBench) -> None:
        evse.wait(39.9)
        assert evse.got(MatchingFailed) == []
        evse.wait(0.2)
        assert evse.got(MatchingFailed) == [MatchingFailed(Failure.SLAC_INIT)]
        assert evse.station.state is EvseState.UNMATCHED

    def test_request_just_before_tt_evse_slac_init_is_answered(self, evse: EvseBench) -> None:
        evse.wait(39.9)
        only(evse.parameters(), CmSlacParmCnf)
        evse.wait(0.2)
        assert evse.got(MatchingFailed) == []

    def test_request_after_tt_evse_slac_init_is_ignored(self, evse: EvseBench) -> None:
        evse.wait(41)
        assert evse.parameters() == []

    def test_matching_begins_anew_after_the_pilots_error_state(self, evse: EvseBench) -> None:
        evse.wait(41)
        evse.pilot("E")
        evse.pilot("B")
        only(evse.parameters(), CmSlacParmCnf)

    def test_failed_runs_may_be_tried_anew_for_tt_matching_repetition(self, evse: EvseBench) -> None:
        evse.wait(39)
        evse.parameters()
        evse.wait(10.3)
        assert evse.got(MatchingFailed) == []
        evse.wait(0.2)
        assert evse.got(MatchingFailed) == [MatchingFailed(Failure.REPETITION)]

    def test_five_cars_are_matching_at_once(self, evse: EvseBench) -> None:
        cars = [bytes([2, 0, 0, 0, 0, number]) for number in range(5)]
        for car in cars:
            evse.to_sounding(car, car + b"xx")
        for car in cars:
            evse.sound(9, source=car, run=car + b"xx")
        for car in cars:
            report = only(evse.sound(1, source=car, run=car + b"xx"), CmAttenCharInd)
            assert isinstance(report, CmAttenCharInd) and report.source_address == car
        assert evse.station.runs == 5

    def test_table_of_runs_is_bounded_and_keeps_those_that_sound(self, evse: EvseBench) -> None:
        evse.to_sounding()
        for number in range(1000):
            evse.parameters(b"\x02\x99" + number.to_bytes(4, "big"), number.to_bytes(8, "big"))
        assert evse.station.runs == evse.station.config.max_runs
        only(evse.sound(10), CmAttenCharInd)

    def test_full_table_of_sounding_runs_takes_no_other(self, evse: EvseBench) -> None:
        for number in range(16):
            evse.to_sounding(bytes([2, 0, 0, 0, 1, number]))
        assert evse.parameters() == []

    def test_unplugging_ends_all_runs(self, evse: EvseBench) -> None:
        evse.to_sounding()
        evse.to_wait_match(OTHER_EV, b"run-0009")
        evse.pilot("A")
        assert failures(evse) == [Failure.STOPPED, Failure.STOPPED]
        assert evse.station.deadline is None

    def test_plug_in_before_the_key_is_set_is_not_forgotten(self) -> None:
        bench = EvseBench(modem=EmulatedModem(mac=MODEM_MAC, silent=True), plugged=True)
        assert bench.parameters() == []
        bench.modem.silent = False
        bench.wait(10)
        only(bench.parameters(), CmSlacParmCnf)
