"""The car's conformance cases, group AttenuationCharacterization."""

from __future__ import annotations

import pytest

from evproto.slac import (
    CandidatesRanked,
    EvState,
    Failure,
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
    report_of,
    to_match,
)
from evproto.slac.messages import (
    BROADCAST,
    CmAttenCharRsp,
    CmMnbcSoundInd,
    CmSlacMatchReq,
    CmSlacParmReq,
    CmStartAttenCharInd,
)


class TestEvccAttenuationCharacterization:
    def test_three_starts_and_ten_sounds_follow_each_other_at_20_ms(self, ev: EvBench) -> None:
        ev.begin()
        ev.confirm()
        ev.wait(1)
        burst = [(at, frame) for at, frame in ev.sent if not isinstance(frame.message, CmSlacParmReq)]
        assert (
            kinds([frame.message for _, frame in burst]) == [CmStartAttenCharInd] * 3 + [CmMnbcSoundInd] * 10
        )
        assert [round(at, 6) for at, _ in burst] == [round(0.02 * step, 6) for step in range(13)]
        assert {frame.destination for _, frame in burst} == {BROADCAST}

    def test_start_has_the_values_of_table_a_4(self, ev: EvBench) -> None:
        ev.begin()
        assert ev.confirm() == [
            CmStartAttenCharInd(num_sounds=10, time_out=6, forwarding_sta=EV_MAC, run_id=ev.run)
        ]

    def test_sounds_count_down_with_random_values(self, ev: EvBench) -> None:
        ev.to_reports()
        sounds = [f.message for _, f in ev.sent if isinstance(f.message, CmMnbcSoundInd)]
        assert [sound.cnt for sound in sounds] == list(range(9, -1, -1))
        assert {sound.run_id for sound in sounds} == {ev.run}
        assert len({sound.rnd for sound in sounds}) == 10

    def test_number_of_sounds_is_what_the_charger_asked_for(self, ev: EvBench) -> None:
        ev.begin()
        ev.give(EVSE_MAC, parameters_of(ev, num_sounds=4))
        assert len([m for m in ev.wait(1) if isinstance(m, CmMnbcSoundInd)]) == 4

    def test_report_is_confirmed_with_the_values_of_table_a_4(self, ev: EvBench) -> None:
        ev.to_reports()
        assert ev.report(10)[0] == CmAttenCharRsp(source_address=EV_MAC, run_id=ev.run, result=0)

    def test_report_that_comes_again_is_confirmed_again(self, ev: EvBench) -> None:
        to_match(ev)
        assert kinds(ev.report(10)) == [CmAttenCharRsp]

    def test_only_the_first_report_of_a_charger_counts(self, ev: EvBench) -> None:
        ev.to_reports(EVSE_MAC, OTHER_EVSE)
        ev.report(30)
        ev.report(5)
        ev.report(12, OTHER_EVSE)
        assert ev.got(CandidatesRanked) == [CandidatesRanked(((OTHER_EVSE, 12.0), (EVSE_MAC, 30.0)))]

    @pytest.mark.parametrize(
        "changes",
        [
            {"application_type": 1},
            {"security_type": 1},
            {"run_id": b"another!"},
            {"num_sounds": 0},
            {"source_address": OTHER_EV},
            {"aag": b""},
        ],
        ids=lambda changes: next(iter(changes)),
    )
    def test_report_with_a_wrong_value_is_ignored(self, ev: EvBench, changes: dict[str, object]) -> None:
        ev.to_reports()
        assert ev.give(EVSE_MAC, report_of(ev, **changes)) == []
        assert kinds(ev.report(10)) == [CmAttenCharRsp, CmSlacMatchReq]

    def test_report_before_the_parameters_is_ignored(self, ev: EvBench) -> None:
        ev.begin()
        assert ev.report(10) == []

    def test_report_while_sounding_is_confirmed_and_kept(self, ev: EvBench) -> None:
        ev.begin()
        ev.confirm()
        ev.wait(0.1)
        assert kinds(ev.report(10)) == [CmAttenCharRsp]
        assert kinds(ev.wait(0.2))[-1] is CmSlacMatchReq

    def test_reports_of_all_known_chargers_are_awaited(self, ev: EvBench) -> None:
        ev.to_reports(EVSE_MAC, OTHER_EVSE)
        assert kinds(ev.report(10)) == [CmAttenCharRsp]
        assert ev.wait(0.5) == []

    def test_missing_reports_are_given_up_after_tt_ev_atten_results(self, ev: EvBench) -> None:
        ev.to_reports(EVSE_MAC, OTHER_EVSE)
        ev.report(10)
        ev.wait(1.2 - ev.now - 0.001)
        assert ev.state_is(EvState.REPORTS)
        assert kinds(ev.wait(0.002)) == [CmSlacMatchReq]

    def test_no_report_at_all_fails_the_run(self, ev: EvBench) -> None:
        ev.to_reports()
        ev.wait(1.0)
        assert failures(ev) == [Failure.NO_REPORT]

    def test_charger_that_gave_no_parameters_may_report(self, ev: EvBench) -> None:
        ev.to_reports(OTHER_EVSE)
        ev.report(10)
        assert kinds(ev.report(30, OTHER_EVSE))[-1] is CmSlacMatchReq
        assert ev.sent[-1][1].destination == EVSE_MAC

    @pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
    def test_nearest_charger_is_chosen_in_whatever_order_they_report(
        self, ev: EvBench, order: tuple[int, ...]
    ) -> None:
        chargers = [(EVSE_MAC, 12), (OTHER_EVSE, 25), (b"\x02\x10\0\0\0\3", 60)]
        ev.to_reports(*(mac for mac, _ in chargers))
        for index in order:
            mac, level = chargers[index]
            ev.report(level, mac)
        assert ev.sent[-1][1].destination == EVSE_MAC
        assert kinds([ev.sent[-1][1].message]) == [CmSlacMatchReq]

    def test_charger_beyond_the_indirect_limit_is_not_chosen(self, ev: EvBench) -> None:
        ev.to_reports()
        ev.report(45)
        ev.wait(1.0)
        assert failures(ev) == [Failure.NOT_FOUND]

    def test_number_of_chargers_is_bounded(self, ev: EvBench) -> None:
        ev.begin()
        for number in range(1000):
            ev.confirm(b"\x02\x99" + number.to_bytes(4, "big"))
        ev.wait(0.3)
        assert ev.report(10) == []
