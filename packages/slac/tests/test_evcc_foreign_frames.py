"""The car's conformance cases of ISO 15118-5's group ForeignFrames; the bodies are our own."""

from __future__ import annotations

import dataclasses

import pytest

from evproto.slac.emulator.bench import EV_MAC, EVSE_MAC, OTHER_EV, EvBench
from evproto.slac.messages import (
    BROADCAST,
    CmAttenCharInd,
    CmMnbcSoundInd,
    CmSlacMatchReq,
    CmSlacParmReq,
    CmStartAttenCharInd,
    Mme,
)


def kinds(messages: list[Mme]) -> list[type[Mme]]:
    return [type(message) for message in messages]


def report(bench: EvBench, **changes: object) -> CmAttenCharInd:
    whole = CmAttenCharInd(source_address=EV_MAC, run_id=bench.run, num_sounds=10, aag=bytes([10]) * 58)
    return dataclasses.replace(whole, **changes)  # type: ignore[arg-type]


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
