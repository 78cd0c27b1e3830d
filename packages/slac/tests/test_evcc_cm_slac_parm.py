"""The car's conformance cases, group CmSlacParm."""

from __future__ import annotations

import pytest

from evproto.core import StateError
from evproto.slac import (
    EvConfig,
    EvState,
    Failure,
    FrameIgnored,
    MatchingFailed,
    MatchingStarted,
)
from evproto.slac.emulator.bench import (
    EV_MAC,
    EVSE_MAC,
    OTHER_EV,
    OTHER_EVSE,
    EvBench,
    failures,
    kinds,
    parameters_of,
)
from evproto.slac.messages import (
    BROADCAST,
    CmAttenCharRsp,
    CmSlacMatchReq,
    CmSlacParmCnf,
    CmSlacParmReq,
    CmStartAttenCharInd,
)


class TestEvccCmSlacParm:
    def test_request_goes_to_all_with_the_values_of_table_a_2(self, ev: EvBench) -> None:
        ev.begin()
        assert [frame.message for _, frame in ev.sent] == [CmSlacParmReq(run_id=ev.run)]
        assert ev.sent[0][1].destination == BROADCAST
        assert ev.got(MatchingStarted) == [MatchingStarted(BROADCAST, ev.run)]

    def test_request_is_sent_three_times_at_tt_match_response(self, ev: EvBench) -> None:
        ev.begin()
        ev.wait(0.59)
        assert [(round(at, 3), type(frame.message)) for at, frame in ev.sent] == [
            (0.0, CmSlacParmReq),
            (0.2, CmSlacParmReq),
            (0.4, CmSlacParmReq),
        ]
        assert len({frame.message for _, frame in ev.sent}) == 1

    def test_run_fails_when_nobody_answers(self, ev: EvBench) -> None:
        ev.begin()
        ev.wait(0.61)
        assert failures(ev) == [Failure.NO_PARAMETERS]

    def test_next_run_follows_at_tt_matching_rate_with_another_identifier(self, ev: EvBench) -> None:
        ev.begin()
        first = ev.run
        ev.wait(0.99)
        assert ev.run == first
        ev.wait(0.02)
        assert ev.run != first and ev.state_is(EvState.PARAMETERS)

    def test_matching_is_given_up_after_tt_matching_repetition(self, ev: EvBench) -> None:
        ev.begin()
        ev.wait(9)
        assert ev.got(MatchingFailed) == []
        ev.wait(1.5)
        assert ev.got(MatchingFailed) == [MatchingFailed(Failure.NO_PARAMETERS)]
        assert ev.state_is(EvState.UNMATCHED) and ev.station.deadline is None

    def test_number_of_requests_may_be_raised(self) -> None:
        bench = EvBench(EvConfig(parameter_tries=40))
        bench.begin()
        bench.wait(7.9)
        assert len(bench.sent) == 40

    @pytest.mark.parametrize("answered", [0.0, 0.25, 0.45])
    def test_answer_to_any_of_the_requests_is_taken(self, ev: EvBench, answered: float) -> None:
        ev.begin()
        ev.wait(answered)
        assert kinds(ev.confirm()) == [CmStartAttenCharInd]

    @pytest.mark.parametrize(
        "changes",
        [
            {"application_type": 1},
            {"security_type": 1},
            {"run_id": b"another!"},
            {"num_sounds": 0},
            {"time_out": 0},
        ],
        ids=lambda changes: next(iter(changes)),
    )
    def test_answer_with_a_wrong_value_is_ignored(self, ev: EvBench, changes: dict[str, object]) -> None:
        ev.begin()
        assert ev.give(EVSE_MAC, parameters_of(ev, **changes)) == []
        assert ev.got(FrameIgnored)
        assert kinds(ev.confirm()) == [CmStartAttenCharInd]

    @pytest.mark.parametrize(
        "changes",
        [{"m_sound_target": EVSE_MAC}, {"num_sounds": 9}, {"resp_type": 0}, {"forwarding_sta": bytes(6)}],
        ids=lambda changes: next(iter(changes)),
    )
    def test_strict_takes_the_answer_of_table_a_2_only(self, changes: dict[str, object]) -> None:
        for strict, expected in ((True, []), (False, [CmStartAttenCharInd])):
            bench = EvBench(EvConfig(strict=strict))
            bench.begin()
            assert kinds(bench.give(EVSE_MAC, parameters_of(bench, **changes))) == expected

    def test_answer_to_another_car_is_ignored(self, ev: EvBench) -> None:
        ev.begin()
        assert ev.give(EVSE_MAC, parameters_of(ev), OTHER_EV) == []

    def test_answer_before_the_start_is_ignored(self, ev: EvBench) -> None:
        assert ev.give(EVSE_MAC, CmSlacParmCnf(forwarding_sta=EV_MAC, run_id=bytes(8))) == []

    def test_late_answers_are_noted_while_sounding(self, ev: EvBench) -> None:
        ev.begin()
        ev.confirm()
        ev.wait(0.1)
        ev.confirm(OTHER_EVSE)
        ev.wait(0.2)
        assert kinds(ev.report(10)) == [CmAttenCharRsp]
        assert kinds(ev.report(30, OTHER_EVSE)) == [CmAttenCharRsp, CmSlacMatchReq]

    def test_start_is_refused_while_matching(self, ev: EvBench) -> None:
        ev.begin()
        with pytest.raises(StateError):
            ev.station.start(0.0)

    def test_unplugging_stops_everything(self, ev: EvBench) -> None:
        ev.begin()
        ev.confirm()
        ev.station.stop(ev.now)
        assert ev.wait(20) == []
        assert failures(ev) == [Failure.STOPPED]
