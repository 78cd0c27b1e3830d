"""The car's conformance cases of ISO 15118-5's group CmAmpMap; the bodies are our own."""

from __future__ import annotations

import dataclasses

import pytest

from evproto.slac import (
    AmplitudeMapAnswered,
    AmplitudeMapReceived,
)
from evproto.slac.emulator.bench import EV_MAC, EVSE_MAC, OTHER_EVSE, EvBench
from evproto.slac.messages import (
    CmAmpMapCnf,
    CmAmpMapReq,
    CmAttenCharInd,
    CmAttenCharRsp,
    CmSlacMatchCnf,
    CmSlacMatchReq,
    Mme,
)

NMK = b"a secret network"
NID = b"\1\2\3\4\5\6\7"


def kinds(messages: list[Mme]) -> list[type[Mme]]:
    return [type(message) for message in messages]


def report(bench: EvBench, **changes: object) -> CmAttenCharInd:
    whole = CmAttenCharInd(source_address=EV_MAC, run_id=bench.run, num_sounds=10, aag=bytes([10]) * 58)
    return dataclasses.replace(whole, **changes)  # type: ignore[arg-type]


def confirmation(bench: EvBench, evse: bytes = EVSE_MAC, **changes: object) -> CmSlacMatchCnf:
    whole = CmSlacMatchCnf(pev_mac=EV_MAC, evse_mac=evse, run_id=bench.run, nid=NID, nmk=NMK)
    return dataclasses.replace(whole, **changes)  # type: ignore[arg-type]


def to_match(bench: EvBench) -> None:
    """Up to CM_SLAC_MATCH.REQ to the only charger."""
    bench.to_reports()
    assert kinds(bench.report(10)) == [CmAttenCharRsp, CmSlacMatchReq]


def to_linked(bench: EvBench) -> None:
    to_match(bench)
    bench.linked = True
    bench.give(EVSE_MAC, confirmation(bench))
    bench.wait(0.3)


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
