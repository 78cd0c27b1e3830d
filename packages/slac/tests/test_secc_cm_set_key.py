"""The charger's conformance cases, group CmSetKey."""

from __future__ import annotations

import pytest

from evproto.slac import (
    FrameIgnored,
    KeySense,
    KeySet,
    LinkReady,
    ModemConfig,
    ModemFault,
    ModemFound,
)
from evproto.slac.emulator.bench import MODEM_MAC, OTHER_EV, EvseBench, only
from evproto.slac.emulator.modem import EmulatedModem
from evproto.slac.messages import (
    CmSetKeyCnf,
    CmSlacParmCnf,
    qualcomm,
)


class TestSeccCmSetKey:
    @pytest.mark.parametrize("result", [0, 1])
    def test_both_senses_of_success_are_known_by_the_network(self, result: int) -> None:
        bench = EvseBench(modem=EmulatedModem(mac=MODEM_MAC, set_key_result=result))
        assert bench.got(KeySet) == [KeySet(bench.modem.nid, True)]
        only(bench.parameters(), CmSlacParmCnf)

    @pytest.mark.parametrize("result", [0, 1])
    @pytest.mark.parametrize("refusals", [1, 2])
    def test_refused_key_is_given_again(self, result: int, refusals: int) -> None:
        modem = EmulatedModem(mac=MODEM_MAC, set_key_result=result, refuse_keys=refusals)
        bench = EvseBench(modem=modem)
        bench.wait(10)
        assert bench.got(KeySet) == [KeySet(modem.nid, True)]
        assert modem.nmk == bench.station.nmk

    @pytest.mark.parametrize(("sense", "success"), [(KeySense.HPGP, 0), (KeySense.QUALCOMM, 1)])
    def test_fixed_sense_needs_no_question_for_the_network(self, sense: KeySense, success: int) -> None:
        modem = EmulatedModem(mac=MODEM_MAC, set_key_result=success, refuse_keys=2)
        bench = EvseBench(modem=modem, modem_config=ModemConfig(key_sense=sense))
        assert bench.got(KeySet) == [KeySet(modem.nid, False)]
        assert modem.refuse_keys == 0 and bench.now == 0.0

    def test_modem_that_always_refuses_is_a_fault_and_no_car_is_answered(self) -> None:
        bench = EvseBench(modem=EmulatedModem(mac=MODEM_MAC, refuse_keys=1000))
        bench.wait(60)
        assert ModemFault("it did not take the key") in bench.events
        assert bench.parameters() == []

    def test_silent_modem_is_a_fault_and_is_tried_anew(self) -> None:
        bench = EvseBench(modem=EmulatedModem(mac=MODEM_MAC, silent=True))
        bench.wait(3)
        assert bench.got(ModemFault) == [ModemFault("it did not confirm the key")]
        bench.modem.silent = False
        bench.wait(10)
        assert len(bench.got(KeySet)) == 1

    def test_request_has_the_values_of_table_a_8(self) -> None:
        raw: list[bytes] = []
        bench = EvseBench(trace=lambda record: raw.append(record.raw or b""))
        request = next(data for data in raw if data[15:17] == b"\x08\x60")
        assert request[:6] == qualcomm.LOCAL_MODEM
        nid = bench.modem.nid.hex()
        assert request[14:].hex().startswith("010860000001" + "00" * 8 + "0400000000" + nid + "01")

    def test_confirmation_of_a_stranger_is_ignored(self, evse: EvseBench) -> None:
        evse.give(OTHER_EV, CmSetKeyCnf(result=0))
        assert len(evse.got(KeySet)) == 1
        assert evse.got(FrameIgnored)

    def test_vendor_message_of_a_stranger_is_ignored(self, evse: EvseBench) -> None:
        evse.to_matched()
        for _ in range(10):
            evse.give(OTHER_EV, qualcomm.VsPlLnkStatusCnf(link=0))
        evse.wait(5)
        assert evse.got(LinkReady) == [LinkReady(True)]

    def test_modem_address_may_be_fixed_beforehand(self) -> None:
        bench = EvseBench(modem_config=ModemConfig(mac=b"\x02\x77\0\0\0\0"))
        assert bench.got(ModemFound) == []
        assert bench.got(FrameIgnored)
