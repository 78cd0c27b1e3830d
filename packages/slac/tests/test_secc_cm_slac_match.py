"""The charger's conformance cases, group CmSlacMatch."""

from __future__ import annotations

import dataclasses

import pytest

from evproto.slac import (
    EvseConfig,
    Failure,
    Matched,
    RunFailed,
)
from evproto.slac.emulator.bench import EV_MAC, EVSE_MAC, OTHER_EV, RUN, EvseBench, only
from evproto.slac.messages import (
    CmSlacMatchCnf,
    CmSlacMatchReq,
    CmSlacParmCnf,
)

MATCH = CmSlacMatchReq(pev_mac=EV_MAC, evse_mac=EVSE_MAC, run_id=RUN)


class TestSeccCmSlacMatch:
    def test_confirmation_has_the_values_of_table_a_7(self, evse: EvseBench) -> None:
        evse.to_wait_match()
        request = dataclasses.replace(MATCH, pev_id=b"V" * 17)
        answer = only(evse.give(EV_MAC, request), CmSlacMatchCnf)
        assert answer == CmSlacMatchCnf(
            pev_id=b"V" * 17,
            pev_mac=EV_MAC,
            evse_mac=EVSE_MAC,
            run_id=RUN,
            nid=evse.modem.nid,
            nmk=evse.modem.nmk,
        )
        assert evse.sent[-1][1].destination == EV_MAC

    def test_evse_id_is_the_configured_one(self) -> None:
        bench = EvseBench(EvseConfig(evse_id=b"DE*ABC*E12345678*"))
        bench.to_wait_match()
        answer = only(bench.match(), CmSlacMatchCnf)
        assert isinstance(answer, CmSlacMatchCnf) and answer.evse_id == b"DE*ABC*E12345678*"

    @pytest.mark.parametrize(
        "change",
        [
            {"application_type": 1},
            {"security_type": 1},
            {"run_id": b"another!"},
            {"mvf_length": 0x3D},
            {"pev_mac": OTHER_EV},
            {"evse_mac": OTHER_EV},
        ],
        ids=lambda change: next(iter(change)),
    )
    def test_request_with_a_wrong_value_is_ignored(self, evse: EvseBench, change: dict[str, object]) -> None:
        evse.to_wait_match()
        assert evse.give(EV_MAC, dataclasses.replace(MATCH, **change)) == []  # type: ignore[arg-type]
        only(evse.match(), CmSlacMatchCnf)

    def test_length_with_the_high_byte_first_is_tolerated(self, evse: EvseBench) -> None:
        evse.to_wait_match()
        only(evse.give(EV_MAC, dataclasses.replace(MATCH, mvf_length=0x3E00)), CmSlacMatchCnf)

    @pytest.mark.parametrize("stage", ["parameters", "to_sounding"])
    def test_request_before_the_report_is_ignored(self, evse: EvseBench, stage: str) -> None:
        getattr(evse, stage)()
        assert evse.match() == []

    def test_request_before_the_confirmation_of_the_report_is_ignored(self, evse: EvseBench) -> None:
        evse.to_sounding()
        evse.sound(10)
        assert evse.match() == []

    def test_request_of_an_unknown_car_is_ignored(self, evse: EvseBench) -> None:
        evse.to_wait_match()
        assert evse.match(OTHER_EV) == []

    def test_request_just_before_tt_evse_match_session_is_answered(self, evse: EvseBench) -> None:
        evse.to_wait_match()
        evse.wait(9.99)
        only(evse.match(), CmSlacMatchCnf)

    def test_request_that_comes_again_is_answered_until_the_link_is_up(self, evse: EvseBench) -> None:
        evse.to_wait_match()
        first = evse.match()
        assert evse.match() == first
        evse.wait(5)
        assert evse.match() == first
        assert len(evse.got(Matched)) == 1
        evse.linked = True
        evse.wait(0.3)
        assert evse.match() == []

    def test_match_ends_the_runs_of_other_cars(self, evse: EvseBench) -> None:
        evse.to_wait_match()
        evse.to_wait_match(OTHER_EV, b"run-0009")
        evse.match()
        assert evse.got(RunFailed) == [RunFailed(OTHER_EV, b"run-0009", Failure.REPLACED)]
        assert evse.match(OTHER_EV, b"run-0009") == []

    def test_other_cars_get_no_parameters_while_one_joins(self, evse: EvseBench) -> None:
        evse.to_wait_match()
        evse.match()
        assert evse.parameters(OTHER_EV, b"run-0009") == []

    def test_car_that_lost_the_confirmation_may_begin_anew(self, evse: EvseBench) -> None:
        evse.to_wait_match()
        evse.match()
        only(evse.parameters(run=b"run-0002"), CmSlacParmCnf)
        evse.start(run=b"run-0002")
        evse.sound(10, run=b"run-0002")
        evse.response(run=b"run-0002")
        only(evse.match(run=b"run-0002"), CmSlacMatchCnf)

    def test_matched_car_is_named(self, evse: EvseBench) -> None:
        evse.to_matched()
        assert evse.got(Matched) == [Matched(EV_MAC, RUN)]
        assert evse.station.matched_ev == EV_MAC

    def test_far_car_does_not_keep_the_near_one_waiting(self, evse: EvseBench) -> None:
        evse.to_sounding(OTHER_EV, b"far-run!")
        evse.wait(0.05)
        begin = evse.now
        evse.to_sounding()
        for _ in range(10):
            evse.wait(0.02)
            evse.sound(1)
        evse.response()
        only(evse.match(), CmSlacMatchCnf)
        assert evse.now - begin <= 0.3
