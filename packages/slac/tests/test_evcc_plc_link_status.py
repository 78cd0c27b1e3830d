"""The car's conformance cases, group PlcLinkStatus."""

from __future__ import annotations

import pytest

from evproto.core import StateError
from evproto.slac import (
    EvState,
    Failure,
    LinkReady,
)
from evproto.slac.emulator.bench import (
    EVSE_MAC,
    MODEM_MAC,
    NMK,
    EvBench,
    confirmation,
    failures,
    kinds,
    to_linked,
    to_match,
)
from evproto.slac.emulator.modem import EmulatedModem
from evproto.slac.messages import (
    CmSlacParmReq,
)


class TestEvccPlcLinkStatus:
    def test_link_is_told_when_the_modem_has_it(self, ev: EvBench) -> None:
        to_match(ev)
        ev.give(EVSE_MAC, confirmation(ev))
        ev.wait(5)
        assert ev.got(LinkReady) == []
        ev.linked = True
        ev.wait(0.3)
        assert ev.got(LinkReady) == [LinkReady(True)]
        assert ev.station.matched_evse == EVSE_MAC

    def test_link_is_given_up_after_tt_match_join(self, ev: EvBench) -> None:
        to_match(ev)
        ev.give(EVSE_MAC, confirmation(ev))
        ev.wait(11.99)
        assert failures(ev) == []
        ev.wait(0.02)
        assert failures(ev) == [Failure.NOT_JOINED]
        assert ev.modem.nmk != NMK

    def test_key_that_the_modem_refuses_fails_the_run(self) -> None:
        bench = EvBench(modem=EmulatedModem(mac=MODEM_MAC, refuse_keys=3))
        to_match(bench)
        bench.give(EVSE_MAC, confirmation(bench))
        bench.wait(5)
        assert failures(bench)[:1] == [Failure.KEY_REFUSED]

    def test_key_that_the_modem_refuses_at_first_is_given_again(self) -> None:
        bench = EvBench(modem=EmulatedModem(mac=MODEM_MAC, refuse_keys=1))
        to_linked(bench)
        bench.wait(3)
        assert bench.modem.nmk == NMK
        assert bench.got(LinkReady) == [LinkReady(True)]

    def test_lost_link_is_told_and_the_network_left(self, ev: EvBench) -> None:
        to_linked(ev)
        ev.linked = False
        ev.wait(5)
        assert ev.got(LinkReady) == [LinkReady(True), LinkReady(False)]
        assert ev.modem.nmk != NMK and ev.state_is(EvState.UNMATCHED)

    @pytest.mark.parametrize("command", ["d_link_terminate", "d_link_error", "stop"])
    def test_network_is_left_with_a_new_key_within_tp_match_leave(self, ev: EvBench, command: str) -> None:
        to_linked(ev)
        getattr(ev.station, command)(ev.now)
        ev.settle()
        ev.wait(1.0)
        assert ev.modem.nmk != NMK
        assert ev.got(LinkReady) == [LinkReady(True), LinkReady(False)]

    def test_matching_may_begin_anew_after_an_error(self, ev: EvBench) -> None:
        to_linked(ev)
        ev.station.d_link_error(ev.now)
        ev.settle()
        ev.station.start(ev.now)
        ev.settle()
        assert kinds([ev.sent[-1][1].message]) == [CmSlacParmReq]

    def test_pause_keeps_the_match_and_resume_finds_the_link(self, ev: EvBench) -> None:
        to_linked(ev)
        ev.station.d_link_pause(ev.now)
        ev.linked = False
        ev.wait(600)
        ev.linked = True
        ev.station.resume(ev.now)
        ev.wait(0.3)
        assert ev.got(LinkReady) == [LinkReady(True), LinkReady(True)]
        assert ev.station.matched_evse == EVSE_MAC

    @pytest.mark.parametrize("command", ["d_link_terminate", "d_link_error", "d_link_pause", "resume"])
    def test_link_commands_need_a_match(self, ev: EvBench, command: str) -> None:
        with pytest.raises(StateError):
            getattr(ev.station, command)(0.0)
