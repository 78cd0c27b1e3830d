"""The car's conformance cases, group ForeignFrames."""

from __future__ import annotations

import pytest

from evproto.slac.emulator.bench import EV_MAC, EVSE_MAC, OTHER_EV, EvBench, kinds
from evproto.slac.messages import (
    BROADCAST,
    CmMnbcSoundInd,
    CmSlacMatchReq,
    CmSlacParmReq,
    CmStartAttenCharInd,
)


class TestEvccForeignFrames:
    @pytest.mark.parametrize("data", [b"", bytes(13), EV_MAC + EVSE_MAC + b"\x88\xe1\x01\x65\x60\0\0abc"])
    def test_broken_frame_changes_nothing(self, ev: EvBench, data: bytes) -> None:
        ev.to_reports()
        ev.give_raw(data)
        assert kinds(ev.report(10))[-1] is CmSlacMatchReq

    def test_messages_of_other_cars_are_passed_over(self, ev: EvBench) -> None:
        ev.to_reports()
        for message in (
            CmSlacParmReq(run_id=ev.run),
            CmStartAttenCharInd(forwarding_sta=OTHER_EV, run_id=ev.run),
            CmMnbcSoundInd(cnt=1, run_id=ev.run, rnd=bytes(16)),
        ):
            assert ev.give(OTHER_EV, message, BROADCAST) == []
        assert kinds(ev.report(10))[-1] is CmSlacMatchReq
