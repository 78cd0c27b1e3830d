"""The charger's conformance cases, group CmAmpMap."""

from __future__ import annotations

import pytest

from evproto.core import StateError
from evproto.slac import (
    AmplitudeMapAnswered,
    AmplitudeMapReceived,
)
from evproto.slac.emulator.bench import EV_MAC, OTHER_EV, EvseBench
from evproto.slac.messages import (
    CmAmpMapCnf,
    CmAmpMapReq,
)


class TestSeccCmAmpMap:
    def test_map_is_confirmed_and_told(self, evse: EvseBench) -> None:
        evse.to_matched()
        answer = evse.give(EV_MAC, CmAmpMapReq.of(bytes([5]) * 917))
        assert answer == [CmAmpMapCnf(result=0)]
        assert evse.got(AmplitudeMapReceived) == [AmplitudeMapReceived(bytes([5]) * 917)]

    def test_map_is_confirmed_before_the_link_is_up(self, evse: EvseBench) -> None:
        evse.to_wait_match()
        evse.match()
        assert evse.give(EV_MAC, CmAmpMapReq.of(bytes(8))) == [CmAmpMapCnf(result=0)]

    def test_map_without_carriers_is_ignored(self, evse: EvseBench) -> None:
        evse.to_matched()
        assert evse.give(EV_MAC, CmAmpMapReq(amlen=0, amdata=b"")) == []

    def test_map_of_another_car_is_ignored(self, evse: EvseBench) -> None:
        evse.to_matched()
        assert evse.give(OTHER_EV, CmAmpMapReq.of(bytes(8))) == []

    def test_map_before_the_match_is_ignored(self, evse: EvseBench) -> None:
        evse.to_wait_match()
        assert evse.give(EV_MAC, CmAmpMapReq.of(bytes(8))) == []

    @pytest.mark.parametrize(("result", "accepted"), [(0, True), (1, False)])
    def test_own_map_is_sent_and_its_answer_told(self, evse: EvseBench, result: int, accepted: bool) -> None:
        evse.to_matched()
        evse.station.send_amplitude_map(bytes([3]) * 10, evse.now)
        evse.settle()
        assert evse.sent[-1][1].message == CmAmpMapReq.of(bytes([3]) * 10)
        evse.give(EV_MAC, CmAmpMapCnf(result=result))
        assert evse.got(AmplitudeMapAnswered) == [AmplitudeMapAnswered(accepted)]

    def test_own_map_is_sent_three_times_when_nobody_answers(self, evse: EvseBench) -> None:
        evse.to_matched()
        evse.station.send_amplitude_map(bytes(4), evse.now)
        assert len(evse.wait(0.59)) == 3
        assert evse.wait(1) == []
        assert evse.got(AmplitudeMapAnswered) == [AmplitudeMapAnswered(False)]

    def test_answer_without_a_question_is_ignored(self, evse: EvseBench) -> None:
        evse.to_matched()
        evse.give(EV_MAC, CmAmpMapCnf(result=0))
        assert evse.got(AmplitudeMapAnswered) == []

    def test_own_map_needs_a_match_and_one_at_a_time(self, evse: EvseBench) -> None:
        with pytest.raises(StateError):
            evse.station.send_amplitude_map(bytes(4), 0.0)
        evse.to_matched()
        evse.station.send_amplitude_map(bytes(4), evse.now)
        with pytest.raises(StateError):
            evse.station.send_amplitude_map(bytes(4), evse.now)
