"""The car's conformance cases, group CmSlacMatch."""

from __future__ import annotations

import pytest

from evproto.slac import (
    EvConfig,
    Failure,
    KeySet,
    Matched,
)
from evproto.slac.emulator.bench import (
    EV_MAC,
    EVSE_MAC,
    NID,
    NMK,
    OTHER_EV,
    OTHER_EVSE,
    EvBench,
    confirmation,
    failures,
    kinds,
    to_match,
)
from evproto.slac.messages import (
    CmSlacMatchReq,
)


class TestEvccCmSlacMatch:
    def test_request_has_the_values_of_table_a_7(self) -> None:
        bench = EvBench(EvConfig(pev_id=b"WVWZZZ1KZAW000001"))
        to_match(bench)
        frame = bench.sent[-1][1]
        assert frame.destination == EVSE_MAC
        assert frame.message == CmSlacMatchReq(
            pev_id=b"WVWZZZ1KZAW000001", pev_mac=EV_MAC, evse_mac=EVSE_MAC, run_id=bench.run
        )

    def test_request_is_sent_three_times_then_the_run_fails(self, ev: EvBench) -> None:
        to_match(ev)
        assert kinds(ev.wait(0.59)) == [CmSlacMatchReq] * 2
        ev.wait(0.02)
        assert failures(ev) == [Failure.NO_MATCH_RESPONSE]

    @pytest.mark.parametrize("late", [0.0, 0.25, 0.45])
    def test_confirmation_of_any_of_the_requests_is_taken(self, ev: EvBench, late: float) -> None:
        to_match(ev)
        ev.wait(late)
        ev.give(EVSE_MAC, confirmation(ev))
        assert ev.got(Matched) == [Matched(EVSE_MAC, ev.run)]

    @pytest.mark.parametrize(
        "changes",
        [
            {"application_type": 1},
            {"security_type": 1},
            {"run_id": b"another!"},
            {"mvf_length": 0x55},
            {"pev_mac": OTHER_EV},
            {"evse_mac": OTHER_EVSE},
        ],
        ids=lambda changes: next(iter(changes)),
    )
    def test_confirmation_with_a_wrong_value_is_ignored(
        self, ev: EvBench, changes: dict[str, object]
    ) -> None:
        to_match(ev)
        ev.give(EVSE_MAC, confirmation(ev, **changes))
        assert ev.got(Matched) == []
        assert kinds(ev.wait(0.21)) == [CmSlacMatchReq]

    def test_length_with_the_high_byte_first_is_tolerated(self, ev: EvBench) -> None:
        to_match(ev)
        ev.give(EVSE_MAC, confirmation(ev, mvf_length=0x5600))
        assert ev.got(Matched)

    def test_confirmation_of_another_charger_is_ignored(self, ev: EvBench) -> None:
        to_match(ev)
        ev.give(OTHER_EVSE, confirmation(ev))
        ev.give(OTHER_EVSE, confirmation(ev, OTHER_EVSE))
        assert ev.got(Matched) == []

    @pytest.mark.parametrize("stage", ["begin", "to_reports"])
    def test_confirmation_without_a_request_is_ignored(self, ev: EvBench, stage: str) -> None:
        getattr(ev, stage)()
        ev.give(EVSE_MAC, confirmation(ev))
        assert ev.got(Matched) == [] and ev.modem.nmk != NMK

    def test_confirmation_for_a_neighbour_is_ignored(self, ev: EvBench) -> None:
        to_match(ev)
        ev.give(EVSE_MAC, confirmation(ev), OTHER_EV)
        assert ev.got(Matched) == []

    def test_key_and_identifier_go_to_the_own_modem(self, ev: EvBench) -> None:
        to_match(ev)
        ev.give(EVSE_MAC, confirmation(ev))
        assert (ev.modem.nmk, ev.modem.nid) == (NMK, NID)
        assert ev.got(KeySet) == [KeySet(NID, True)]

    def test_second_confirmation_changes_nothing(self, ev: EvBench) -> None:
        to_match(ev)
        ev.give(EVSE_MAC, confirmation(ev))
        ev.give(EVSE_MAC, confirmation(ev, nmk=b"another key here"))
        assert ev.modem.nmk == NMK
