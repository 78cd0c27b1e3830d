"""The charger's conformance cases, group AttenuationCharacterization."""

from __future__ import annotations

import dataclasses

import pytest

from evproto.slac import (
    EvseConfig,
    Failure,
    FrameIgnored,
    ReportSent,
    RunFailed,
)
from evproto.slac.emulator.bench import EV_MAC, MODEM_MAC, OTHER_EV, RUN, EvseBench, failures, only
from evproto.slac.messages import (
    BROADCAST,
    CmAttenCharInd,
    CmAttenCharRsp,
    CmAttenProfileInd,
    CmMnbcSoundInd,
    CmSlacMatchCnf,
    CmStartAttenCharInd,
    qualcomm,
)

START = CmStartAttenCharInd(forwarding_sta=EV_MAC, run_id=RUN)
RESPONSE = CmAttenCharRsp(source_address=EV_MAC, run_id=RUN)


class TestSeccAttenuationCharacterization:
    @pytest.mark.parametrize(
        "change",
        [
            {"application_type": 1},
            {"security_type": 1},
            {"run_id": b"another!"},
            {"num_sounds": 0},
            {"time_out": 0},
        ],
        ids=lambda change: next(iter(change)),
    )
    def test_start_with_a_wrong_value_is_ignored(self, evse: EvseBench, change: dict[str, object]) -> None:
        evse.parameters()
        evse.give(EV_MAC, dataclasses.replace(START, **change), BROADCAST)  # type: ignore[arg-type]
        evse.wait(0.5)
        assert failures(evse) == [Failure.NO_START]

    @pytest.mark.parametrize(
        "change",
        [{"resp_type": 0}, {"forwarding_sta": bytes(6)}],
        ids=["resp_type", "forwarding_sta"],
    )
    def test_strict_takes_the_start_of_table_a_4_only(self, change: dict[str, object]) -> None:
        for strict, expected in ((True, [Failure.NO_START]), (False, [])):
            bench = EvseBench(EvseConfig(strict=strict))
            bench.parameters()
            bench.give(EV_MAC, dataclasses.replace(START, **change), BROADCAST)  # type: ignore[arg-type]
            bench.wait(0.5)
            assert failures(bench) == expected

    def test_start_of_another_car_changes_nothing(self, evse: EvseBench) -> None:
        evse.parameters()
        evse.start(OTHER_EV, b"foreign!")
        evse.start()
        only(evse.sound(10), CmAttenCharInd)

    def test_start_without_parameters_is_ignored(self, evse: EvseBench) -> None:
        assert evse.start() == []
        assert evse.got(FrameIgnored)

    def test_one_of_three_starts_is_enough(self, evse: EvseBench) -> None:
        evse.to_sounding()
        only(evse.sound(10), CmAttenCharInd)

    def test_only_the_first_start_starts_the_clock(self, evse: EvseBench) -> None:
        evse.to_sounding()
        evse.wait(0.3)
        evse.start()
        evse.sound(1)
        evse.wait(0.29)
        assert evse.got(ReportSent) == []
        only(evse.wait(0.02), CmAttenCharInd)

    def test_time_out_of_the_start_is_the_time_for_sounds(self, evse: EvseBench) -> None:
        evse.parameters()
        evse.give(EV_MAC, dataclasses.replace(START, time_out=10), BROADCAST)
        evse.sound(1)
        assert evse.wait(0.99) == []
        only(evse.wait(0.02), CmAttenCharInd)

    def test_number_of_sounds_of_the_start_is_what_is_waited_for(self, evse: EvseBench) -> None:
        evse.parameters()
        evse.start(sounds=3)
        assert evse.sound(2) == []
        only(evse.sound(1), CmAttenCharInd)

    def test_report_has_the_values_of_table_a_4(self, evse: EvseBench) -> None:
        evse.to_sounding()
        report = only(evse.sound(10, level=17), CmAttenCharInd)
        expected = CmAttenCharInd(source_address=EV_MAC, run_id=RUN, num_sounds=10, aag=bytes([17]) * 58)
        assert report == expected
        assert evse.sent[-1][1].destination == EV_MAC

    def test_report_is_the_mean_of_all_sounds(self, evse: EvseBench) -> None:
        evse.to_sounding()
        evse.sound(5, level=10)
        evse.sound(4, level=21)
        report = only(evse.sound(1, level=21), CmAttenCharInd)
        assert isinstance(report, CmAttenCharInd) and report.aag == bytes([16]) * 58

    def test_own_path_is_taken_off_and_nothing_gets_negative(self) -> None:
        bench = EvseBench(EvseConfig(attenuation_offset_db=12))
        bench.to_sounding()
        bench.sound(9, level=15)
        assert bench.got(ReportSent) == []
        report = only(bench.sound(1, level=15), CmAttenCharInd)
        assert isinstance(report, CmAttenCharInd) and report.aag == bytes([3]) * 58
        bench.to_sounding()
        report = only(bench.sound(10, level=5), CmAttenCharInd)
        assert isinstance(report, CmAttenCharInd) and report.aag == bytes(58)

    @pytest.mark.parametrize("arrived", range(1, 10))
    def test_lost_sounds_are_reported_for_what_arrived(self, evse: EvseBench, arrived: int) -> None:
        evse.to_sounding()
        evse.sound(arrived, level=20)
        assert evse.wait(0.599) == []
        report = only(evse.wait(0.101), CmAttenCharInd)
        assert isinstance(report, CmAttenCharInd)
        assert (report.num_sounds, set(report.aag)) == (arrived, {20})

    def test_no_sound_at_all_is_not_reported(self, evse: EvseBench) -> None:
        evse.to_sounding()
        assert evse.wait(1.0) == []
        assert failures(evse) == [Failure.NO_SOUND]

    def test_sounds_without_the_modems_profiles_are_not_reported(self, evse: EvseBench) -> None:
        evse.to_sounding()
        for left in range(9, -1, -1):
            sound = CmMnbcSoundInd(cnt=left, run_id=RUN, rnd=bytes(16))
            assert evse.give(EV_MAC, sound, BROADCAST) == []
        assert evse.wait(1.0) == []

    def test_sound_of_another_car_is_not_counted(self, evse: EvseBench) -> None:
        evse.to_sounding()
        evse.sound(5)
        evse.sound(10, source=OTHER_EV, run=b"foreign!")
        assert evse.got(ReportSent) == []

    @pytest.mark.parametrize("source", [OTHER_EV, EV_MAC], ids=["stranger", "the car"])
    def test_profile_that_is_not_the_own_modems_is_ignored(self, evse: EvseBench, source: bytes) -> None:
        evse.to_sounding()
        for _ in range(10):
            assert evse.give(source, CmAttenProfileInd(pev_mac=EV_MAC, aag=bytes(58))) == []
        assert evse.wait(1.0) == []

    def test_profile_with_other_groups_is_left_out(self, evse: EvseBench) -> None:
        evse.to_sounding()
        evse.sound(9)
        assert evse.give(MODEM_MAC, CmAttenProfileInd(pev_mac=EV_MAC, aag=bytes(57))) == []
        assert evse.give(MODEM_MAC, CmAttenProfileInd(pev_mac=EV_MAC, aag=b"")) == []
        only(evse.sound(1), CmAttenCharInd)

    def test_profile_in_qualcomms_own_form_is_taken(self, evse: EvseBench) -> None:
        evse.to_sounding()
        profile = qualcomm.VsAttenuationCharacteristicsInd(pev_mac=EV_MAC, num_groups=58, aag=bytes([8]) * 58)
        for _ in range(9):
            assert evse.give(MODEM_MAC, profile, BROADCAST) == []
        report = only(evse.give(MODEM_MAC, profile, BROADCAST), CmAttenCharInd)
        assert isinstance(report, CmAttenCharInd) and report.aag == bytes([8]) * 58

    def test_report_is_sent_three_times_when_nobody_confirms(self, evse: EvseBench) -> None:
        evse.to_sounding()
        evse.sound(10)
        sent = evse.wait(0.399)
        assert [type(message) for message in sent] == [CmAttenCharInd]
        assert len(evse.wait(0.15)) == 1
        assert evse.wait(0.2) == []
        assert failures(evse) == [Failure.NO_ATTENUATION_RESPONSE]

    @pytest.mark.parametrize("late", [0.1, 0.3, 0.5])
    def test_confirmation_of_any_of_the_reports_is_taken(self, evse: EvseBench, late: float) -> None:
        evse.to_sounding()
        evse.sound(10)
        evse.wait(late)
        evse.response()
        assert evse.wait(5) == []
        only(evse.match(), CmSlacMatchCnf)

    @pytest.mark.parametrize(
        "change",
        [
            {"application_type": 1},
            {"security_type": 1},
            {"run_id": b"another!"},
            {"result": 1},
            {"source_address": OTHER_EV},
        ],
        ids=lambda change: next(iter(change)),
    )
    def test_confirmation_with_a_wrong_value_is_ignored(
        self, evse: EvseBench, change: dict[str, object]
    ) -> None:
        evse.to_sounding()
        evse.sound(10)
        evse.give(EV_MAC, dataclasses.replace(RESPONSE, **change))  # type: ignore[arg-type]
        only(evse.wait(0.25), CmAttenCharInd)

    def test_confirmation_of_another_car_is_ignored(self, evse: EvseBench) -> None:
        evse.to_sounding()
        evse.sound(10)
        evse.response(OTHER_EV)
        only(evse.wait(0.25), CmAttenCharInd)

    def test_confirmation_that_comes_again_changes_nothing(self, evse: EvseBench) -> None:
        evse.to_wait_match()
        evse.response()
        only(evse.match(), CmSlacMatchCnf)

    def test_run_ends_without_a_request_after_tt_evse_match_session(self, evse: EvseBench) -> None:
        evse.to_wait_match()
        evse.wait(9.99)
        assert evse.got(RunFailed) == []
        evse.wait(0.02)
        assert failures(evse) == [Failure.NO_MATCH_REQUEST]
