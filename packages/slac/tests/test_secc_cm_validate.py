"""The charger's conformance cases, group CmValidate."""

from __future__ import annotations

import pytest

from evproto.slac import (
    EvseConfig,
    Failure,
    Validation,
    ValidationEnded,
    ValidationStarted,
)
from evproto.slac.emulator.bench import EV_MAC, OTHER_EV, EvseBench, failures, only
from evproto.slac.messages import (
    CmSlacMatchCnf,
    CmValidateCnf,
    CmValidateReq,
    ValidateResult,
)


class TestSeccCmValidate:
    def step_1(self, bench: EvseBench, source: bytes = EV_MAC) -> CmValidateCnf:
        answer = only(bench.give(source, CmValidateReq()), CmValidateCnf)
        assert isinstance(answer, CmValidateCnf)
        return answer

    def toggle(self, bench: EvseBench, times: int, phase: float = 0.25) -> None:
        for _ in range(times):
            bench.pilot("C")
            bench.wait(phase)
            bench.pilot("B")
            bench.wait(phase)

    def test_step_1_is_answered_ready(self, evse: EvseBench) -> None:
        evse.to_wait_match()
        assert self.step_1(evse) == CmValidateCnf(result=ValidateResult.READY)

    def test_step_1_that_comes_again_is_answered_again(self, evse: EvseBench) -> None:
        evse.to_wait_match()
        assert self.step_1(evse) == self.step_1(evse)

    @pytest.mark.parametrize(
        ("validation", "result"),
        [
            (Validation.NOT_REQUIRED, ValidateResult.NOT_REQUIRED),
            (Validation.UNSUPPORTED, ValidateResult.FAILURE),
        ],
    )
    def test_step_1_is_answered_as_configured(self, validation: Validation, result: ValidateResult) -> None:
        bench = EvseBench(EvseConfig(validation=validation))
        bench.to_wait_match()
        assert self.step_1(bench).result == result
        only(bench.match(), CmSlacMatchCnf)

    def test_second_car_is_not_ready_while_one_is_being_validated(self, evse: EvseBench) -> None:
        evse.to_wait_match()
        evse.to_wait_match(OTHER_EV, b"run-0009")
        self.step_1(evse)
        assert self.step_1(evse, OTHER_EV).result == ValidateResult.NOT_READY
        evse.wait(0.5)
        assert self.step_1(evse, OTHER_EV).result == ValidateResult.READY

    @pytest.mark.parametrize(
        "change",
        [{"signal_type": 1}, {"result": 0}, {"result": 2}, {"result": 3}],
        ids=lambda change: "-".join(map(str, *change.items())),
    )
    def test_step_1_with_a_wrong_value_is_ignored(self, evse: EvseBench, change: dict[str, int]) -> None:
        evse.to_wait_match()
        request = CmValidateReq(**{"timer": 0, **change})
        assert evse.give(EV_MAC, request) == []

    @pytest.mark.parametrize("stage", ["parameters", "to_sounding"])
    def test_request_before_the_report_is_ignored(self, evse: EvseBench, stage: str) -> None:
        getattr(evse, stage)()
        assert evse.give(EV_MAC, CmValidateReq()) == []

    def test_request_of_an_unknown_car_is_ignored(self, evse: EvseBench) -> None:
        evse.to_wait_match()
        assert evse.give(OTHER_EV, CmValidateReq()) == []

    def test_step_2_without_step_1_is_ignored(self, evse: EvseBench) -> None:
        evse.to_wait_match()
        assert evse.give(EV_MAC, CmValidateReq(timer=9)) == []

    def test_step_2_is_awaited_for_tt_match_sequence(self, evse: EvseBench) -> None:
        evse.to_wait_match()
        self.step_1(evse)
        evse.wait(0.41)
        assert evse.give(EV_MAC, CmValidateReq(timer=9)) == []
        self.step_1(evse)
        evse.wait(0.39)
        evse.give(EV_MAC, CmValidateReq(timer=9))
        assert evse.got(ValidationStarted) == [ValidationStarted(EV_MAC, 1.0)]

    @pytest.mark.parametrize("toggles", [1, 2, 3])
    def test_toggles_are_counted_and_reported(self, evse: EvseBench, toggles: int) -> None:
        evse.to_wait_match()
        self.step_1(evse)
        evse.give(EV_MAC, CmValidateReq(timer=19))
        self.toggle(evse, toggles)
        answer = only(evse.wait(2.0), CmValidateCnf)
        assert answer == CmValidateCnf(toggle_num=toggles, result=ValidateResult.SUCCESS)
        assert evse.got(ValidationEnded) == [ValidationEnded(EV_MAC, toggles, True)]

    def test_answer_comes_when_the_time_of_the_request_is_over(self, evse: EvseBench) -> None:
        evse.to_wait_match()
        self.step_1(evse)
        evse.give(EV_MAC, CmValidateReq(timer=11))
        assert evse.wait(1.19) == []
        only(evse.wait(0.02), CmValidateCnf)

    def test_time_is_never_longer_than_tt_evse_vald_toggle(self, evse: EvseBench) -> None:
        evse.to_wait_match()
        self.step_1(evse)
        evse.give(EV_MAC, CmValidateReq(timer=255))
        assert evse.wait(3.49) == []
        only(evse.wait(0.02), CmValidateCnf)

    def test_no_toggle_is_a_failure(self, evse: EvseBench) -> None:
        evse.to_wait_match()
        self.step_1(evse)
        evse.give(EV_MAC, CmValidateReq(timer=9))
        assert only(evse.wait(1.1), CmValidateCnf) == CmValidateCnf(result=ValidateResult.FAILURE)

    @pytest.mark.parametrize("phase", [0.1, 0.5], ids=["too short", "too long"])
    def test_toggles_out_of_time_do_not_count(self, evse: EvseBench, phase: float) -> None:
        evse.to_wait_match()
        self.step_1(evse)
        evse.give(EV_MAC, CmValidateReq(timer=14))
        self.toggle(evse, 1, phase)
        assert only(evse.wait(1.5), CmValidateCnf) == CmValidateCnf(result=ValidateResult.FAILURE)

    def test_toggles_before_step_2_do_not_count(self, evse: EvseBench) -> None:
        evse.to_wait_match()
        self.toggle(evse, 2)
        self.step_1(evse)
        evse.give(EV_MAC, CmValidateReq(timer=9))
        assert only(evse.wait(1.1), CmValidateCnf) == CmValidateCnf(result=ValidateResult.FAILURE)

    def test_lost_answer_to_step_2_is_given_again(self, evse: EvseBench) -> None:
        evse.to_wait_match()
        self.step_1(evse)
        evse.give(EV_MAC, CmValidateReq(timer=9))
        self.toggle(evse, 1)
        first = evse.wait(1.0)
        assert evse.give(EV_MAC, CmValidateReq(timer=9)) == first

    def test_match_request_follows_the_validation(self, evse: EvseBench) -> None:
        evse.to_wait_match()
        self.step_1(evse)
        evse.give(EV_MAC, CmValidateReq(timer=9))
        assert evse.match() == []
        evse.wait(1.1)
        only(evse.match(), CmSlacMatchCnf)

    def test_match_request_may_follow_step_1(self, evse: EvseBench) -> None:
        evse.to_wait_match()
        self.step_1(evse)
        only(evse.match(), CmSlacMatchCnf)

    def test_car_that_stays_silent_after_the_validation_ends_the_run(self, evse: EvseBench) -> None:
        evse.to_wait_match()
        self.step_1(evse)
        evse.wait(10.5)
        assert failures(evse) == [Failure.NO_MATCH_REQUEST]

    def test_unplugging_ends_the_validation(self, evse: EvseBench) -> None:
        evse.to_wait_match()
        self.step_1(evse)
        evse.give(EV_MAC, CmValidateReq(timer=9))
        evse.pilot("A")
        assert evse.wait(5) == []
