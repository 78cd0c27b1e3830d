"""The car's conformance cases, group CmValidate."""

from __future__ import annotations

import pytest

from evproto.core import ConfigError
from evproto.slac import (
    EvConfig,
    EvState,
    Failure,
    Limits,
    ToggleRequested,
    ValidationEnded,
)
from evproto.slac.emulator.bench import (
    EVSE_MAC,
    OTHER_EV,
    OTHER_EVSE,
    EvBench,
    failures,
    kinds,
)
from evproto.slac.messages import (
    CmSlacMatchReq,
    CmValidateCnf,
    CmValidateReq,
    Mme,
    ValidateResult,
)

READY = CmValidateCnf(result=ValidateResult.READY)


class TestEvccCmValidate:
    @pytest.fixture
    def ambiguous(self) -> EvBench:
        """A car that hears two chargers equally well and has asked the first."""
        bench = EvBench()
        bench.to_reports(EVSE_MAC, OTHER_EVSE)
        bench.report(10)
        bench.report(11, OTHER_EVSE)
        bench.wait(1.2 - bench.now)
        return bench

    def last(self, bench: EvBench) -> tuple[bytes, Mme]:
        return bench.sent[-1][1].destination, bench.sent[-1][1].message

    def test_ambiguous_chargers_are_validated_nearest_first(self, ambiguous: EvBench) -> None:
        assert self.last(ambiguous) == (EVSE_MAC, CmValidateReq(signal_type=0, timer=0, result=1))

    def test_charger_between_the_limits_is_validated(self, ev: EvBench) -> None:
        ev.to_reports()
        ev.report(25)
        assert kinds(ev.wait(1.0))[0] is CmValidateReq

    def test_limits_are_settings(self) -> None:
        bench = EvBench(EvConfig(limits=Limits(direct=30.0)))
        bench.to_reports()
        assert kinds(bench.report(25))[-1] is CmSlacMatchReq

    def test_step_1_is_sent_three_times_then_the_next_charger_is_asked(self, ambiguous: EvBench) -> None:
        before = len(ambiguous.sent)
        ambiguous.wait(0.61)
        asked = [frame.destination for _, frame in ambiguous.sent[before - 1 :]]
        assert asked == [EVSE_MAC] * 3 + [OTHER_EVSE]

    def test_ready_begins_the_toggles(self, ambiguous: EvBench) -> None:
        answer = ambiguous.give(EVSE_MAC, READY)
        (request,) = ambiguous.got(ToggleRequested)
        assert isinstance(request, ToggleRequested) and 1 <= request.toggles <= 3
        assert 0.2 <= request.phase <= 0.4
        (step,) = answer
        assert isinstance(step, CmValidateReq)
        assert (step.timer + 1) / 10 > 2 * request.toggles * request.phase

    def validated(self, bench: EvBench, *, off: int = 0, result: int = ValidateResult.SUCCESS) -> list[Mme]:
        (request,) = bench.got(ToggleRequested)[-1:]
        assert isinstance(request, ToggleRequested)
        bench.wait(2 * request.toggles * request.phase)
        return bench.give(EVSE_MAC, CmValidateCnf(toggle_num=request.toggles + off, result=result))

    def test_success_with_the_right_number_leads_to_the_match(self, ambiguous: EvBench) -> None:
        ambiguous.give(EVSE_MAC, READY)
        assert kinds(self.validated(ambiguous)) == [CmSlacMatchReq]
        assert ambiguous.got(ValidationEnded)[0].success  # type: ignore[union-attr]

    @pytest.mark.parametrize("off", [-1, 1])
    def test_wrong_number_of_toggles_leads_to_the_next_charger(self, ambiguous: EvBench, off: int) -> None:
        ambiguous.give(EVSE_MAC, READY)
        assert kinds(self.validated(ambiguous, off=off)) == [CmValidateReq]
        assert self.last(ambiguous)[0] == OTHER_EVSE

    def test_failure_in_step_2_leads_to_the_next_charger(self, ambiguous: EvBench) -> None:
        ambiguous.give(EVSE_MAC, READY)
        self.validated(ambiguous, result=ValidateResult.FAILURE)
        assert self.last(ambiguous) == (OTHER_EVSE, CmValidateReq())

    @pytest.mark.parametrize("result", [ValidateResult.FAILURE, ValidateResult.SUCCESS, 7])
    def test_refusal_in_step_1_leads_to_the_next_charger(self, ambiguous: EvBench, result: int) -> None:
        ambiguous.give(EVSE_MAC, CmValidateCnf(result=result))
        assert self.last(ambiguous) == (OTHER_EVSE, CmValidateReq())

    def test_not_required_leads_to_the_match(self, ambiguous: EvBench) -> None:
        answer = ambiguous.give(EVSE_MAC, CmValidateCnf(result=ValidateResult.NOT_REQUIRED))
        assert kinds(answer) == [CmSlacMatchReq]

    def test_not_ready_is_asked_again(self, ambiguous: EvBench) -> None:
        assert ambiguous.give(EVSE_MAC, CmValidateCnf(result=ValidateResult.NOT_READY)) == []
        ambiguous.wait(0.21)
        assert self.last(ambiguous) == (EVSE_MAC, CmValidateReq())

    @pytest.mark.parametrize("source", [OTHER_EVSE, OTHER_EV])
    def test_answer_of_another_station_is_ignored(self, ambiguous: EvBench, source: bytes) -> None:
        assert ambiguous.give(source, READY) == []

    def test_answer_of_another_signal_type_is_ignored(self, ambiguous: EvBench) -> None:
        assert ambiguous.give(EVSE_MAC, CmValidateCnf(signal_type=1, result=1)) == []

    def test_answer_to_step_1_that_comes_again_is_ignored(self, ambiguous: EvBench) -> None:
        ambiguous.give(EVSE_MAC, READY)
        assert ambiguous.give(EVSE_MAC, READY) == []

    def test_step_2_is_repeated_when_its_answer_is_lost(self, ambiguous: EvBench) -> None:
        (step,) = ambiguous.give(EVSE_MAC, READY)
        assert isinstance(step, CmValidateReq)
        ambiguous.wait((step.timer + 1) / 10 + 0.21)
        assert self.last(ambiguous) == (EVSE_MAC, step)
        assert len(ambiguous.got(ToggleRequested)) == 1

    def test_no_validated_charger_fails_the_run(self, ambiguous: EvBench) -> None:
        refusal = CmValidateCnf(result=ValidateResult.FAILURE)
        ambiguous.give(EVSE_MAC, refusal)
        ambiguous.give(OTHER_EVSE, refusal)
        assert failures(ambiguous) == [Failure.NOT_VALIDATED]

    @pytest.mark.parametrize(
        ("strict", "expected"), [(False, EvState.MATCH), (True, EvState.RETRY)], ids=["field", "strict"]
    )
    def test_lone_charger_that_knows_no_validation_is_taken_unless_strict(
        self, strict: bool, expected: EvState
    ) -> None:
        bench = EvBench(EvConfig(strict=strict))
        bench.to_reports()
        bench.report(25)
        bench.wait(1.9 - bench.now)
        assert bench.state_is(expected)

    def test_two_equal_chargers_that_know_no_validation_are_not_guessed(self, ambiguous: EvBench) -> None:
        ambiguous.wait(1.3)
        assert failures(ambiguous) == [Failure.NOT_VALIDATED]

    def test_phase_of_a_toggle_is_bounded(self) -> None:
        with pytest.raises(ConfigError, match="phase"):
            EvConfig(phase=0.5)
