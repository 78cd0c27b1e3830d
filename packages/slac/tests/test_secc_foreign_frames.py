"""The charger's conformance cases, group ForeignFrames."""

from __future__ import annotations

import dataclasses

import pytest

from evproto.slac.emulator.bench import EV_MAC, EVSE_MAC, OTHER_EV, RUN, EvseBench, only
from evproto.slac.messages import (
    BROADCAST,
    CmAmpMapCnf,
    CmAmpMapReq,
    CmAttenCharInd,
    CmAttenCharRsp,
    CmAttenProfileInd,
    CmMnbcSoundInd,
    CmSetKeyCnf,
    CmSlacMatchReq,
    CmSlacParmReq,
    CmStartAttenCharInd,
    CmValidateReq,
    Frame,
    Mme,
    encode,
    qualcomm,
)

START = CmStartAttenCharInd(forwarding_sta=EV_MAC, run_id=RUN)
MATCH = CmSlacMatchReq(pev_mac=EV_MAC, evse_mac=EVSE_MAC, run_id=RUN)


class TestSeccForeignFrames:
    @pytest.mark.parametrize(
        "data",
        [
            b"",
            bytes(13),
            EVSE_MAC + EV_MAC + b"\x08\x00" + bytes(46),
            EVSE_MAC + EV_MAC + b"\x88\xe1\x01\x6e\x60",
            EVSE_MAC + EV_MAC + b"\x88\xe1\x00\x00\xa0",
        ],
        ids=["empty", "short", "IPv4", "cut", "no OUI"],
    )
    def test_broken_frame_changes_nothing(self, evse: EvseBench, data: bytes) -> None:
        evse.to_sounding()
        evse.give_raw(data)
        only(evse.sound(10), CmAttenCharInd)

    def test_own_frame_that_comes_back_changes_nothing(self, evse: EvseBench) -> None:
        frame = encode(Frame(BROADCAST, EVSE_MAC, CmSlacParmReq(run_id=RUN)))
        assert evse.give_raw(frame) == []

    @pytest.mark.parametrize("stage", ["parameters", "to_sounding", "to_wait_match", "to_matched"])
    def test_all_messages_of_a_stranger_change_nothing(self, evse: EvseBench, stage: str) -> None:
        getattr(evse, stage)()
        before = (evse.station.state, evse.station.runs, evse.station.nmk, evse.station.deadline)
        run = b"foreign!"
        strangers: list[Mme] = [
            dataclasses.replace(START, run_id=run),
            CmMnbcSoundInd(cnt=1, run_id=run, rnd=bytes(16)),
            CmAttenProfileInd(pev_mac=EV_MAC, aag=bytes(58)),
            CmAttenCharRsp(source_address=EV_MAC, run_id=RUN),
            MATCH,
            CmValidateReq(),
            CmAmpMapReq.of(bytes(4)),
            CmAmpMapCnf(),
            CmSetKeyCnf(result=1),
            qualcomm.VsPlLnkStatusCnf(link=0),
            qualcomm.VsHstActionInd(action=0),
        ]
        for message in strangers:
            assert evse.give(OTHER_EV, message) == []
        assert (evse.station.state, evse.station.runs, evse.station.nmk, evse.station.deadline) == before
