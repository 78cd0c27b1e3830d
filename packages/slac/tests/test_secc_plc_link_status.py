"""The charger's conformance cases, group PlcLinkStatus."""

from __future__ import annotations

import pytest

from evproto.core import StateError
from evproto.slac import (
    ErrorRoutineRequested,
    EvseState,
    Failure,
    LinkReady,
    MatchingFailed,
    ModemFault,
    ModemFound,
    RunFailed,
    Vendor,
)
from evproto.slac.emulator.bench import EV_MAC, MODEM_MAC, OTHER_EV, EvseBench, failures, only
from evproto.slac.emulator.modem import EmulatedModem
from evproto.slac.messages import (
    CmSlacParmCnf,
)


class TestSeccPlcLinkStatus:
    def test_link_is_told_when_the_modem_has_it(self, evse: EvseBench) -> None:
        evse.to_wait_match()
        evse.match()
        evse.wait(3)
        assert evse.got(LinkReady) == []
        evse.linked = True
        evse.wait(0.3)
        assert evse.got(LinkReady) == [LinkReady(True)]

    def test_lumissil_modem_is_asked_in_its_own_words(self) -> None:
        bench = EvseBench(modem=EmulatedModem(mac=MODEM_MAC, vendor=Vendor.LUMISSIL))
        assert bench.got(ModemFound) == [ModemFound(Vendor.LUMISSIL, "", MODEM_MAC)]
        bench.to_matched()
        assert bench.got(LinkReady) == [LinkReady(True)]

    def test_modem_of_unknown_make_is_taken_at_its_key(self) -> None:
        bench = EvseBench(modem=EmulatedModem(mac=MODEM_MAC, vendor=Vendor.UNKNOWN))
        bench.wait(1)
        bench.to_wait_match()
        bench.match()
        assert bench.got(LinkReady) == [LinkReady(True)]

    def test_link_is_given_up_after_tt_match_join_and_the_key_is_changed(self, evse: EvseBench) -> None:
        evse.to_wait_match()
        old = evse.modem.nmk
        evse.match()
        evse.wait(11.99)
        assert evse.got(RunFailed) == []
        evse.wait(0.02)
        assert failures(evse) == [Failure.NOT_JOINED]
        assert evse.modem.nmk != old
        only(evse.parameters(run=b"run-0002"), CmSlacParmCnf)

    def test_lost_link_asks_for_the_error_routine_once(self, evse: EvseBench) -> None:
        evse.to_matched()
        old = evse.modem.nmk
        evse.linked = False
        evse.wait(60)
        assert evse.got(ErrorRoutineRequested) == [ErrorRoutineRequested("link lost")]
        assert evse.got(LinkReady) == [LinkReady(True), LinkReady(False)]
        assert evse.modem.nmk != old

    def test_one_report_of_a_missing_link_is_not_believed(self, evse: EvseBench) -> None:
        evse.to_matched()
        evse.linked = False
        evse.wait(1.0)
        evse.linked = True
        evse.wait(10)
        assert evse.got(LinkReady) == [LinkReady(True)]

    def test_modem_that_falls_silent_loses_the_link(self, evse: EvseBench) -> None:
        evse.to_matched()
        evse.modem.silent = True
        evse.wait(10)
        assert evse.got(ModemFault)[0] == ModemFault("it does not tell its link")
        assert evse.got(LinkReady) == [LinkReady(True), LinkReady(False)]

    def test_car_is_matched_anew_after_the_error_routine(self, evse: EvseBench) -> None:
        evse.to_matched()
        evse.station.d_link_error(evse.now)
        evse.settle()
        assert evse.got(ErrorRoutineRequested) == [ErrorRoutineRequested("D-LINK_ERROR")]
        assert evse.parameters(run=b"run-0002") == []
        evse.pilot("E")
        evse.wait(4)
        evse.pilot("B")
        only(evse.parameters(run=b"run-0002"), CmSlacParmCnf)

    def test_terminate_leaves_the_network_with_a_new_key_within_tp_match_leave(self, evse: EvseBench) -> None:
        evse.to_matched()
        old = evse.modem.nmk
        evse.station.d_link_terminate(evse.now)
        evse.settle()
        evse.wait(1.0)
        assert evse.modem.nmk != old and evse.station.nmk == evse.modem.nmk
        assert evse.got(LinkReady) == [LinkReady(True), LinkReady(False)]
        assert evse.got(ErrorRoutineRequested) == []

    def test_car_is_not_matched_again_after_terminate_until_it_wakes_us_up(self, evse: EvseBench) -> None:
        evse.to_matched()
        evse.station.d_link_terminate(evse.now)
        evse.wait(100)
        assert evse.parameters(run=b"run-0002") == []
        assert evse.got(MatchingFailed) == []
        evse.station.match_again(evse.now)
        only(evse.parameters(run=b"run-0002"), CmSlacParmCnf)

    def test_matching_again_needs_a_car_and_no_match(self, evse: EvseBench) -> None:
        with pytest.raises(StateError):
            evse.station.match_again(0.0)
        evse.to_matched()
        with pytest.raises(StateError):
            evse.station.match_again(evse.now)
        evse.pilot("A")
        with pytest.raises(StateError):
            evse.station.match_again(evse.now)

    def test_unplugging_leaves_the_network_with_a_new_key(self, evse: EvseBench) -> None:
        evse.to_matched()
        old = evse.modem.nmk
        evse.pilot("A")
        assert evse.modem.nmk != old
        assert evse.station.state is EvseState.UNMATCHED

    def test_every_session_has_another_key(self, evse: EvseBench) -> None:
        keys = set()
        for number in range(5):
            evse.pilot("B")
            run = bytes([number]) * 8
            evse.to_wait_match(run=run)
            evse.linked = True
            evse.match(run=run)
            keys.add(evse.modem.nmk)
            evse.wait(1)
            evse.pilot("A")
            evse.linked = False
            evse.wait(1)
        assert len(keys) == 5

    def test_pause_keeps_the_match_and_asks_the_modem_nothing(self, evse: EvseBench) -> None:
        evse.to_matched()
        evse.station.d_link_pause(evse.now)
        evse.linked = False
        evse.wait(600)
        assert evse.got(LinkReady) == [LinkReady(True)]
        assert evse.station.matched_ev == EV_MAC
        evse.linked = True
        evse.station.resume(evse.now)
        evse.settle()
        evse.wait(0.3)
        assert evse.got(LinkReady) == [LinkReady(True), LinkReady(True)]

    def test_resume_gives_up_after_t_conn_resume(self, evse: EvseBench) -> None:
        evse.to_matched()
        evse.station.d_link_pause(evse.now)
        evse.linked = False
        evse.station.resume(evse.now)
        evse.wait(6.1)
        assert failures(evse) == [Failure.NOT_JOINED]

    def test_new_car_is_not_answered_while_one_is_matched(self, evse: EvseBench) -> None:
        evse.to_matched()
        assert evse.parameters(OTHER_EV, b"run-0009") == []

    @pytest.mark.parametrize("command", ["d_link_terminate", "d_link_error", "d_link_pause", "resume"])
    def test_link_commands_need_a_match(self, evse: EvseBench, command: str) -> None:
        with pytest.raises(StateError):
            getattr(evse.station, command)(0.0)
