"""The car's conformance cases, group CmAmpMap."""

from __future__ import annotations

import pytest

from evproto.slac import (
    AmplitudeMapAnswered,
    AmplitudeMapReceived,
)
from evproto.slac.emulator.bench import (
    EVSE_MAC,
    OTHER_EVSE,
    EvBench,
    to_linked,
    to_match,
)
from evproto.slac.messages import (
    CmAmpMapCnf,
    CmAmpMapReq,
)


class TestEvccCmAmpMap:
    def test_map_is_confirmed_and_told(self, ev: EvBench) -> None:
        to_linked(ev)
        assert ev.give(EVSE_MAC, CmAmpMapReq.of(bytes([2]) * 9)) == [CmAmpMapCnf(result=0)]
        assert ev.got(AmplitudeMapReceived) == [AmplitudeMapReceived(bytes([2]) * 9)]

    def test_map_without_carriers_is_ignored(self, ev: EvBench) -> None:
        to_linked(ev)
        assert ev.give(EVSE_MAC, CmAmpMapReq(amlen=0, amdata=b"")) == []

    def test_map_of_another_charger_is_ignored(self, ev: EvBench) -> None:
        to_linked(ev)
        assert ev.give(OTHER_EVSE, CmAmpMapReq.of(bytes(8))) == []

    def test_map_before_the_match_is_ignored(self, ev: EvBench) -> None:
        to_match(ev)
        assert ev.give(EVSE_MAC, CmAmpMapReq.of(bytes(8))) == []

    @pytest.mark.parametrize(("result", "accepted"), [(0, True), (1, False)])
    def test_own_map_is_sent_and_its_answer_told(self, ev: EvBench, result: int, accepted: bool) -> None:
        to_linked(ev)
        ev.station.send_amplitude_map(bytes(10), ev.now)
        ev.settle()
        assert ev.sent[-1][1].message == CmAmpMapReq.of(bytes(10))
        ev.give(EVSE_MAC, CmAmpMapCnf(result=result))
        assert ev.got(AmplitudeMapAnswered) == [AmplitudeMapAnswered(accepted)]

    def test_own_map_is_sent_three_times_when_nobody_answers(self, ev: EvBench) -> None:
        to_linked(ev)
        ev.station.send_amplitude_map(bytes(4), ev.now)
        assert len(ev.wait(0.59)) == 3
        ev.wait(0.02)
        assert ev.got(AmplitudeMapAnswered) == [AmplitudeMapAnswered(False)]
