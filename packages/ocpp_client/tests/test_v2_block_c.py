"""Block C of part 6: authorization, in virtual time; each test follows the steps of its case."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from evproto.ocpp_client import Version
from evproto.ocpp_client.bridge import (
    BayChanged,
    DriverTold,
    MessageLost,
    Pause,
    Stop,
    StopPressed,
    TokenAccepted,
    TokenPresented,
    TokenRefused,
)
from evproto.ocpp_client.bridge_authorization import (
    CertificateHash,
    ChooseTransactions,
    ContractPresented,
    LanguagesPreferred,
    PaymentSettled,
    ReceiptMade,
    TransactionsChosen,
    VatNumberChecked,
    VatNumberEntered,
    WebPaymentStarted,
)
from evproto.ocpp_client.csms import Refusal
from evproto.ocpp_client.rpc_frames import ErrorCode
from evproto.ocpp_client.testing import NOON, Bench2
from evproto.ocpp_client.types import Timestamp
from evproto.ocpp_client.v2.authorization_cache import AuthorizationCache
from evproto.ocpp_client.v21 import enums as enums21
from evproto.ocpp_client.v21 import messages as m21
from evproto.ocpp_client.v201 import datatypes as d
from evproto.ocpp_client.v201 import messages as m
from evproto.ocpp_client.v201.enums import (
    AuthorizationStatusEnum,
    AuthorizeCertificateStatusEnum,
    ClearCacheStatusEnum,
    IdTokenEnum,
    MessageFormatEnum,
)

LOCAL = "AuthCtrlr.LocalPreAuthorize"
FAMILY = d.IdToken(id_token="FAMILY", type=IdTokenEnum.CENTRAL)
MASTER = d.IdToken(id_token="POLICE", type=IdTokenEnum.CENTRAL)


def make(
    version: Version = Version.V201, about: Any = None, evse_count: int = 2, **settings: object
) -> Bench2:
    named = {name.replace("__", "."): value for name, value in settings.items()}
    named = {"SampledDataCtrlr.TxUpdatedInterval": 0, "TxCtrlr.TxStartPoint": "Authorized", **named}
    return Bench2(version, evse_count=evse_count, settings=named, about=about).boot()


def info(status: str = "Accepted", **more: Any) -> d.IdTokenInfo:
    return d.IdTokenInfo(status=AuthorizationStatusEnum(status), **more)


def know(bench: Bench2, **infos: d.IdTokenInfo) -> None:
    """What the back end says of tokens from now on, Accepted of all others."""

    def answer(request: Any) -> Any:
        token = request.id_token
        found = None if token is None else infos.get(token.id_token, info())
        if isinstance(request, m.AuthorizeRequest):
            return m.AuthorizeResponse(id_token_info=found)
        return m.TransactionEventResponse(id_token_info=found)

    bench.script("Authorize", answer)
    bench.script("TransactionEvent", answer)


def cache(bench: Bench2, token: str = "TAG", about: d.IdTokenInfo | None = None) -> None:
    """Memory state IdTokenCached: the back end was asked once, and nothing came of it."""
    about = about or info()
    know(bench, **{token: about})
    bench.token(token)
    if about.status is AuthorizationStatusEnum.ACCEPTED:
        bench.token(token)
    assert [call.id_token.id_token for call in asked(bench)] == [token]
    bench.forget()


def asked(bench: Bench2) -> list[Any]:
    return bench.said(m.AuthorizeRequest)


def is_charging(bench: Bench2, evse_id: int = 1) -> bool:
    return bench.charger._outlets[evse_id].charging


def leave(bench: Bench2, token: str = "TAG") -> None:
    """From the transaction to the empty bay."""
    bench.token(token)
    bench.unplug()
    bench.tell(BayChanged(1, False))


# --- C01: the back end refuses ---


@pytest.mark.parametrize(
    ("case", "status"),
    [
        ("TC_C_02_CS", "Invalid"),
        ("TC_C_02_CS", "Unknown"),
        ("TC_C_06_CS", "Blocked"),
        ("TC_C_07_CS", "Expired"),
        ("TC_C_56_CS", "Unknown"),
    ],
)
def test_a_token_that_is_not_accepted_starts_nothing(bench2: Bench2, case: str, status: str) -> None:
    know(bench2, BAD=info(status))
    bench2.plug()
    bench2.token("BAD")
    bench2.run(30.0)
    (request,) = asked(bench2)
    assert (request.id_token.id_token, request.id_token.type) == ("BAD", IdTokenEnum.ISO14443)
    assert bench2.events_of() == []
    assert bench2.told(TokenRefused) == [TokenRefused(status, 1)]
    assert not is_charging(bench2)


def test_tc_c_05_cs_a_refused_token_before_the_cable_starts_nothing() -> None:
    bench = make(TxCtrlr__TxStartPoint="Authorized")
    know(bench, BAD=info("Invalid"))
    bench.token("BAD")
    bench.run(30.0)
    bench.plug()
    assert len(asked(bench)) == 1
    assert bench.events_of() == []


def test_tc_c_04_cs_another_token_does_not_stop_a_transaction(bench2: Bench2) -> None:
    bench2.charge(1)
    bench2.token("OTHER")
    bench2.run(30.0)
    assert bench2.events_of() == []
    assert is_charging(bench2)
    assert bench2.told(TokenRefused) == [TokenRefused("NoFreeEvse", 1)]


@pytest.mark.parametrize("kind", ["eMAID", "ISO14443", "ISO15693", "KeyCode", "Local", "MacAddress"])
def test_every_kind_of_token_is_asked_about(kind: str) -> None:
    bench = make()
    bench.plug()
    bench.token("TAG", kind=kind)
    assert [call.id_token.type.value for call in asked(bench)] == [kind]
    assert bench.triggers[0] == "Authorized"


def test_a_token_of_the_same_id_and_another_kind_is_another_token() -> None:
    bench = make(AuthCtrlr__LocalPreAuthorize=True)
    cache(bench, "1234")
    bench.token("1234", kind="KeyCode")
    assert [call.id_token.type for call in asked(bench)] == [IdTokenEnum.KEY_CODE]


@pytest.mark.parametrize(
    ("token", "kind"), [("X" * 37, "ISO14443"), ("", "ISO14443"), ("X", "DirectPayment")]
)
def test_a_token_that_2_0_1_cannot_say_is_refused_at_the_station(
    bench2: Bench2, token: str, kind: str
) -> None:
    bench2.token(token, kind=kind)
    assert asked(bench2) == []
    assert bench2.told(TokenRefused) == [TokenRefused("Invalid", 1)]


def test_2_1_has_longer_tokens_and_kinds_of_its_own() -> None:
    bench = make(Version.V21)
    bench.plug()
    bench.token("X" * 255, kind="DirectPayment")
    (request,) = bench.said(m21.AuthorizeRequest)
    assert (len(request.id_token.id_token), request.id_token.type) == (255, "DirectPayment")


def test_without_authorization_nobody_is_asked() -> None:
    bench = make(AuthCtrlr__Enabled=False)
    bench.plug()
    bench.token()
    assert asked(bench) == []
    assert is_charging(bench)


def test_additional_ids_are_passed_on(bench2: Bench2) -> None:
    bench2.tell(TokenPresented("TAG", 1, additional=(("UID-2", "internal"),)))
    (request,) = asked(bench2)
    assert request.id_token.additional_info == (
        d.AdditionalInfo(additional_id_token="UID-2", type="internal"),
    )


def test_an_additional_id_that_cannot_be_said_is_refused_at_the_station(bench2: Bench2) -> None:
    bench2.tell(TokenPresented("TAG", 1, additional=(("X" * 37, "internal"),)))
    assert asked(bench2) == []
    assert bench2.told(TokenRefused) == [TokenRefused("Invalid", 1)]


def test_language_and_message_of_the_driver_reach_the_display(bench2: Bench2) -> None:
    hello = d.MessageContent(format=MessageFormatEnum.UTF8, content="Goedemorgen", language="nl")
    know(bench2, TAG=info(language1="nl", language2="de", personal_message=hello))
    bench2.token()
    assert bench2.told(LanguagesPreferred) == [LanguagesPreferred(("nl", "de"))]
    assert bench2.told(DriverTold) == [DriverTold(None, "Goedemorgen", "UTF8", "nl")]


def test_a_token_for_one_evse_charges_nowhere_else() -> None:
    bench = make()
    know(bench, TAG=info(evse_id=(2,)))
    bench.plug(1)
    bench.token("TAG", 1)
    assert bench.told(TokenRefused) == [TokenRefused("NotForThisEvse", 1)]
    bench.token("TAG", None)
    bench.run(1.0)
    assert not is_charging(bench, 1)
    bench.plug(2)
    bench.run(1.0)
    assert is_charging(bench, 2)
    assert not is_charging(bench, 1)


def test_the_right_to_one_evse_waits_for_the_cable_there() -> None:
    bench = make(evse_count=3)
    know(bench, TAG=info(evse_id=(2, 3)))
    bench.token("TAG", None)
    bench.plug(1)
    bench.run(1.0)
    assert not is_charging(bench, 1)
    bench.plug(3)
    bench.run(1.0)
    assert is_charging(bench, 3)


def test_a_token_that_is_presented_twice_before_the_answer_counts_once() -> None:
    bench = make()
    bench.plug()
    bench.station.tell(TokenPresented("TAG", None), bench.now)
    bench.station.tell(TokenPresented("tag", None), bench.now)
    bench.pump()
    bench.run(1.0)
    assert len(asked(bench)) == 1
    assert is_charging(bench)
    bench.token("TAG", None)
    assert not is_charging(bench)


@pytest.mark.parametrize("kind", ["MacAddress", "eMAID"])
def test_a_vehicle_that_tells_who_it_is_again_does_not_stop(kind: str) -> None:
    bench = make()
    bench.plug()
    bench.token("CAR", kind=kind)
    bench.run(5.0)
    bench.forget()
    bench.token("CAR", kind=kind)
    bench.run(5.0)
    assert bench.told(TokenAccepted) == [TokenAccepted(1)]
    assert bench.events_of() == []
    assert is_charging(bench)


# --- C12: the cache decides ---


def test_tc_c_08_cs_a_cached_token_starts_without_being_asked_about() -> None:
    bench = make(AuthCtrlr__LocalPreAuthorize=True)
    cache(bench)
    bench.plug()
    bench.token()
    assert asked(bench) == []
    assert bench.triggers[0] == "Authorized"
    assert is_charging(bench)


@pytest.mark.parametrize(
    ("case", "status"),
    [("TC_C_09_CS", "Invalid"), ("TC_C_10_CS", "Blocked"), ("TC_C_11_CS", "Expired")],
)
def test_a_token_that_is_cached_as_not_accepted_is_asked_about(case: str, status: str) -> None:
    bench = make(AuthCtrlr__LocalPreAuthorize=True)
    cache(bench, about=info(status))
    bench.plug()
    bench.token()
    (request,) = asked(bench)
    assert (request.id_token.id_token, request.id_token.type) == ("TAG", IdTokenEnum.ISO14443)
    assert bench.events_of() == []
    assert not is_charging(bench)


def test_tc_c_12_cs_a_token_that_is_cached_as_invalid_may_have_become_valid() -> None:
    bench = make(AuthCtrlr__LocalPreAuthorize=True)
    cache(bench, about=info("Invalid"))
    know(bench)
    bench.plug()
    bench.token()
    assert len(asked(bench)) == 1
    assert bench.triggers[0] == "Authorized"
    assert is_charging(bench)


@pytest.mark.parametrize("start", ["Authorized", "ParkingBayOccupancy", "PowerPathClosed"])
def test_tc_c_13_cs_a_cached_token_before_the_cable(start: str) -> None:
    bench = make(AuthCtrlr__LocalPreAuthorize=True)
    cache(bench)
    bench.set("TxCtrlr.TxStartPoint", start)
    bench.tell(BayChanged(1, True))
    bench.forget()
    bench.token()
    assert asked(bench) == []
    kinds = {"Authorized": ["Started"], "ParkingBayOccupancy": ["Updated"], "PowerPathClosed": []}
    assert [event.event_type.value for event in bench.events_of()] == kinds[start]
    for event in bench.events_of():
        assert event.trigger_reason.value == "Authorized"
        assert event.id_token == d.IdToken(id_token="TAG", type=IdTokenEnum.ISO14443)
    assert not is_charging(bench)
    bench.plug()
    assert is_charging(bench)


def offline_start(bench: Bench2, seconds: float) -> list[Any]:
    """A cached token starts offline and turns out to be invalid; gives the events of the offline time."""
    cache(bench)
    bench.plug()
    bench.forget()
    bench.offline()
    bench.token()
    bench.run(seconds)
    know(bench, TAG=info("Invalid"))
    bench.online()
    bench.run(2.0)
    found = [event for event in bench.events_of() if event.offline]
    assert found[0].id_token == d.IdToken(id_token="TAG", type=IdTokenEnum.ISO14443)
    assert found[0].trigger_reason.value == "Authorized"
    assert any(event.trigger_reason.value == "ChargingStateChanged" for event in found)
    assert not any(event.trigger_reason.value == "Deauthorized" for event in found)
    return found


def invalid_later(stop: bool, energy: int) -> Bench2:
    return make(
        AuthCtrlr__LocalPreAuthorize=True,
        AuthCtrlr__OfflineTxForUnknownIdEnabled=True,
        TxCtrlr__StopTxOnInvalidId=stop,
        TxCtrlr__MaxEnergyOnInvalidId=energy,
    )


def test_tc_c_15_cs_an_invalid_token_gets_a_little_energy_and_no_more() -> None:
    bench = invalid_later(stop=False, energy=500)
    before = offline_start(bench, 60.0)
    assert all(event.transaction_info.charging_state.value != "SuspendedEVSE" for event in before)
    assert is_charging(bench)
    bench.run(300.0)
    assert not is_charging(bench)
    last = bench.events_of()[-1]
    assert (last.event_type.value, last.trigger_reason.value) == ("Updated", "Deauthorized")
    assert last.transaction_info.charging_state.value == "SuspendedEVSE"
    given = bench.charger._outlets[1].energy - 1_000.0
    assert 500 <= given <= 500 + 11_000 * 10 / 3600  # the meter tells every 10 seconds


@pytest.mark.parametrize(("case", "energy"), [("TC_C_16_CS", 0), ("TC_C_18_CS", 500)])
def test_an_invalid_token_may_end_the_transaction(case: str, energy: int) -> None:
    bench = invalid_later(stop=True, energy=energy)
    offline_start(bench, 5.0)
    last = bench.events_of()[-1]
    assert (last.event_type.value, last.trigger_reason.value) == ("Ended", "Deauthorized")
    assert not last.offline
    assert not is_charging(bench)
    assert bench.told(Stop)


def test_tc_c_17_cs_an_invalid_token_may_suspend_the_transaction() -> None:
    bench = invalid_later(stop=False, energy=0)
    offline_start(bench, 5.0)
    last = bench.events_of()[-1]
    assert last.event_type.value == "Updated"
    assert last.transaction_info.charging_state.value == "SuspendedEVSE"
    assert bench.told(Pause) == [Pause(1)]
    assert not is_charging(bench)


def test_tc_c_57_cs_a_cached_refusal_may_be_final() -> None:
    bench = make(AuthCtrlr__LocalPreAuthorize=True, AuthCacheCtrlr__DisablePostAuthorize=True)
    cache(bench, about=info("Invalid"))
    bench.plug()
    bench.token()
    assert asked(bench) == []
    assert bench.told(TokenRefused) == [TokenRefused("Invalid", 1)]
    assert not is_charging(bench)


# --- C10, C11: what the cache holds ---


@pytest.mark.parametrize("start", ["Authorized", "PowerPathClosed"])
def test_tc_c_32_cs_the_cache_is_kept_over_a_reboot(start: str) -> None:
    bench = make(AuthCtrlr__LocalPreAuthorize=True)
    cache(bench)
    bench.set("TxCtrlr.TxStartPoint", start)
    bench.power_cycle()
    bench.forget()
    bench.token()
    bench.plug()
    assert asked(bench) == []
    assert ("Authorized" in bench.triggers) is (start == "Authorized")
    assert bench.events_of()[0].id_token.id_token == "TAG"
    assert is_charging(bench)


def test_tc_c_33_cs_the_answer_to_authorize_is_cached() -> None:
    bench = make(AuthCtrlr__LocalPreAuthorize=True, LocalAuthListCtrlr__Enabled=True)
    know(bench)
    bench.plug()
    bench.token()
    assert len(asked(bench)) == 1
    assert is_charging(bench)
    leave(bench)
    bench.forget()
    know(bench, TAG=info("Invalid"))
    bench.plug()
    bench.token()
    assert asked(bench) == []
    first = bench.events_of()[0]
    assert (first.trigger_reason.value, first.id_token.id_token) == ("Authorized", "TAG")


def test_tc_c_34_cs_the_answer_to_a_transaction_event_is_cached() -> None:
    bench = make(AuthCtrlr__LocalPreAuthorize=True, LocalAuthListCtrlr__Enabled=True)
    cache(bench)
    know(bench, TAG=info("Invalid"))
    bench.plug()
    bench.token()
    assert asked(bench) == []
    first = bench.events_of()[0]
    assert (first.event_type.value, first.trigger_reason.value) == ("Started", "Authorized")
    bench.unplug()
    bench.tell(BayChanged(1, False), BayChanged(1, True))
    bench.plug()
    bench.token()
    assert [call.id_token.id_token for call in asked(bench)] == ["TAG"]


def test_tc_c_36_cs_without_local_pre_authorization_the_cache_decides_nothing() -> None:
    bench = make(AuthCtrlr__LocalPreAuthorize=False)
    cache(bench)
    know(bench, TAG=info("Invalid"))
    bench.token()
    assert [call.id_token.id_token for call in asked(bench)] == ["TAG"]
    assert bench.told(TokenRefused) == [TokenRefused("Invalid", 1)]


def test_tc_c_37_cs_the_cache_is_cleared() -> None:
    bench = make(AuthCtrlr__LocalPreAuthorize=True)
    cache(bench)
    assert size(bench) > 0
    assert bench.call(m.ClearCacheRequest()).status is ClearCacheStatusEnum.ACCEPTED
    assert size(bench) == 0
    bench.tell(BayChanged(1, True))
    bench.plug()
    bench.token()
    assert [call.id_token.id_token for call in asked(bench)] == ["TAG"]
    assert bench.triggers[0] == "Authorized"
    assert is_charging(bench)


def test_tc_c_38_cs_a_cache_that_is_disabled_is_not_cleared() -> None:
    bench = make()
    cache(bench)
    bench.set("AuthCacheCtrlr.Enabled", False)
    answer = bench.call(m.ClearCacheRequest())
    assert answer.status is ClearCacheStatusEnum.REJECTED
    assert answer.status_info.reason_code == "NotEnabled"


def size(bench: Bench2) -> int:
    return bench.model.number("AuthCacheCtrlr", "Storage")


def test_a_cache_that_is_disabled_takes_and_gives_nothing() -> None:
    bench = make(AuthCtrlr__LocalPreAuthorize=True, AuthCacheCtrlr__Enabled=False)
    bench.token()
    bench.token()
    bench.token()
    assert len(asked(bench)) == 2
    assert size(bench) == 0


def test_tc_c_46_cs_a_cached_token_that_is_not_used_is_forgotten() -> None:
    bench = make(AuthCtrlr__LocalPreAuthorize=True, AuthCacheCtrlr__LifeTime=60)
    cache(bench)
    bench.plug()
    bench.run(60.0)
    bench.token()
    assert [call.id_token.id_token for call in asked(bench)] == ["TAG"]
    assert is_charging(bench)


def test_a_use_keeps_a_token_in_the_cache() -> None:
    bench = make(AuthCtrlr__LocalPreAuthorize=True, AuthCacheCtrlr__LifeTime=60)
    cache(bench)
    for _ in range(3):
        bench.run(40.0)
        bench.token()
        bench.token()
    assert asked(bench) == []


def test_the_back_end_may_say_how_long_a_token_is_kept() -> None:
    bench = make(AuthCtrlr__LocalPreAuthorize=True, AuthCacheCtrlr__LifeTime=10)
    cache(bench, about=info(cache_expiry_date_time=Timestamp.of(NOON + timedelta(minutes=10))))
    bench.run(500.0)
    bench.token()
    assert asked(bench) == []
    bench.token()
    bench.run(200.0)
    bench.token()
    assert len(asked(bench)) == 1


def test_concurrent_tx_is_of_the_moment_and_does_not_overwrite_the_cache() -> None:
    bench = make(AuthCtrlr__LocalPreAuthorize=True)
    cache(bench)
    bench.set(LOCAL, False)
    know(bench, TAG=info("ConcurrentTx"))
    bench.token()
    bench.set(LOCAL, True)
    bench.forget()
    bench.token()
    assert asked(bench) == []
    assert bench.told(TokenRefused) == []


@pytest.mark.parametrize("policy", ["LRU", "LFU"])
def test_a_full_cache_forgets_refused_tokens_first_and_then_by_policy(
    monkeypatch: pytest.MonkeyPatch, policy: str
) -> None:
    bench = make(AuthCtrlr__LocalPreAuthorize=True, AuthCacheCtrlr__Policy=policy)
    cache(bench, "OFTEN")
    one = size(bench)
    for _ in range(4):
        bench.token("OFTEN")
    cache(bench, "LATE")
    cache(bench, "BAD", info("Blocked"))
    room = 3 * one + 50
    monkeypatch.setattr(AuthorizationCache, "_room", lambda self: room)
    cache(bench, "NEW")
    assert not _is_cached(bench, "BAD")
    assert all(_is_cached(bench, token) for token in ("OFTEN", "LATE", "NEW"))
    room = 2 * one + 50
    cache(bench, "LAST")
    assert size(bench) <= room
    assert _is_cached(bench, "OFTEN") is (policy == "LFU")


def _is_cached(bench: Bench2, token: str) -> bool:
    return bench.store.token("v2.cache", f"ISO14443/{token}") is not None


# --- C09: groups ---


def test_tc_c_39_cs_a_token_of_the_same_group_stops() -> None:
    bench = make()
    know(bench, TAG=info(group_id_token=FAMILY), WIFE=info(group_id_token=FAMILY))
    bench.plug()
    bench.token("TAG")
    first = bench.events_of()[0]
    assert (first.event_type.value, first.trigger_reason.value) == ("Started", "Authorized")
    assert first.id_token.id_token == "TAG"
    bench.run(5.0)
    bench.token("WIFE")
    assert [call.id_token.id_token for call in asked(bench)] == ["TAG", "WIFE"]
    last = bench.events_of()[-1]
    assert last.trigger_reason.value == "StopAuthorized"
    assert last.id_token == d.IdToken(id_token="WIFE", type=IdTokenEnum.ISO14443)
    assert not is_charging(bench)


def test_tc_c_41_cs_cached_tokens_of_the_same_group_start_and_stop() -> None:
    bench = make(AuthCtrlr__LocalPreAuthorize=True)
    cache(bench, "TAG", info(group_id_token=FAMILY))
    cache(bench, "WIFE", info(group_id_token=FAMILY))
    bench.plug()
    bench.token("TAG")
    bench.run(5.0)
    bench.token("WIFE")
    assert asked(bench) == []
    assert bench.triggers[0] == "Authorized"
    last = bench.events_of()[-1]
    assert (last.trigger_reason.value, last.id_token.id_token) == ("StopAuthorized", "WIFE")


@pytest.mark.parametrize(
    "cached", [pytest.param(False, id="TC_C_42_CS"), pytest.param(True, id="TC_C_44_CS")]
)
def test_an_invalid_token_of_the_same_group_does_not_stop(cached: bool) -> None:
    bench = make(AuthCtrlr__LocalPreAuthorize=cached)
    if cached:
        cache(bench, "TAG", info(group_id_token=FAMILY))
        cache(bench, "BAD", info("Invalid", group_id_token=FAMILY))
    know(bench, TAG=info(group_id_token=FAMILY), BAD=info("Invalid", group_id_token=FAMILY))
    bench.plug()
    bench.token("TAG")
    bench.run(5.0)
    bench.forget()
    bench.token("BAD")
    bench.run(30.0)
    assert [call.id_token.id_token for call in asked(bench)] == ["BAD"]
    assert bench.events_of() == []
    assert is_charging(bench)


# --- C16: the master pass ---


def police(**more: Any) -> Bench2:
    bench = make(AuthCtrlr__MasterPassGroupId="POLICE", **more)
    know(bench, OFFICER=info(group_id_token=MASTER))
    return bench


@pytest.mark.parametrize("start", ["Authorized", "PowerPathClosed"])
def test_tc_c_45_cs_a_master_pass_starts_nothing(start: str) -> None:
    bench = police(TxCtrlr__TxStartPoint=start)
    bench.token("OFFICER")
    assert [call.id_token.id_token for call in asked(bench)] == ["OFFICER"]
    bench.plug()
    bench.run(30.0)
    assert bench.events_of() == []
    assert not is_charging(bench)
    assert bench.told(TokenRefused) == [TokenRefused("MasterPass", 1)]


def both_charge(bench: Bench2) -> None:
    bench.charge(1, "ONE")
    bench.charge(2, "TWO")


def stops(bench: Bench2) -> list[tuple[str, str, str | None]]:
    """Token, reason and trigger of all events."""
    return [
        (event.id_token.id_token, event.transaction_info.stopped_reason.value, event.trigger_reason.value)
        for event in bench.events_of()
    ]


STOP = ("OFFICER", "MasterPass", "StopAuthorized")


@pytest.mark.parametrize(
    ("chosen", "charging"),
    [pytest.param((1, 2), False, id="TC_C_47_CS"), pytest.param((1,), True, id="TC_C_48_CS")],
)
def test_the_bearer_of_a_master_pass_chooses_what_to_stop(chosen: tuple[int, ...], charging: bool) -> None:
    bench = police(about={"chooses": True})
    both_charge(bench)
    bench.token("OFFICER", None)
    assert [call.id_token.id_token for call in asked(bench)] == ["OFFICER"]
    assert bench.told(ChooseTransactions) == [ChooseTransactions((1, 2))]
    assert bench.events_of() == []
    bench.tell(TransactionsChosen(chosen))
    assert stops(bench) == [STOP] * len(chosen)
    assert not is_charging(bench, 1)
    assert is_charging(bench, 2) is charging


def test_a_choice_that_nobody_was_asked_for_stops_nothing() -> None:
    bench = police(about={"chooses": True})
    both_charge(bench)
    bench.tell(TransactionsChosen((1, 2)))
    bench.token("OFFICER", None)
    bench.run(120.0)
    bench.tell(TransactionsChosen((1, 2)))
    assert bench.events_of() == []


def test_tc_c_49_cs_a_master_pass_stops_all_transactions() -> None:
    bench = police()
    both_charge(bench)
    bench.token("OFFICER", None)
    assert [call.id_token.id_token for call in asked(bench)] == ["OFFICER"]
    assert stops(bench) == [STOP, STOP]
    assert not (is_charging(bench, 1) or is_charging(bench, 2))


# --- C13, C15: offline ---


def test_tc_c_26_cs_offline_an_unknown_token_may_charge() -> None:
    bench = make(
        AuthCtrlr__LocalPreAuthorize=True,
        AuthCtrlr__OfflineTxForUnknownIdEnabled=True,
        AuthCtrlr__LocalAuthorizeOffline=True,
        TxCtrlr__StopTxOnInvalidId=False,
        TxCtrlr__MaxEnergyOnInvalidId=0,
    )
    bench.offline()
    bench.token()
    bench.plug()
    bench.run(5.0)
    assert is_charging(bench)
    know(bench, TAG=info("Invalid"))
    bench.online()
    bench.run(2.0)
    early = [event for event in bench.events_of() if event.offline]
    assert early[0].event_type.value == "Started"
    assert any(event.transaction_info.charging_state.value == "SuspendedEVSE" for event in bench.events_of())
    assert not is_charging(bench)
    bench.forget()
    bench.token()
    bench.unplug()
    assert "StopAuthorized" in bench.triggers


@pytest.mark.parametrize(
    ("known", "unknown_may", "offline_may", "charges"),
    [
        ("Accepted", False, True, True),
        ("Accepted", False, False, False),
        ("Accepted", True, False, True),
        ("Blocked", True, True, False),
        ("Blocked", False, True, False),
        (None, False, True, False),
        (None, True, True, True),
    ],
)
def test_offline_the_settings_decide(
    known: str | None, unknown_may: bool, offline_may: bool, charges: bool
) -> None:
    bench = make(
        AuthCtrlr__OfflineTxForUnknownIdEnabled=unknown_may, AuthCtrlr__LocalAuthorizeOffline=offline_may
    )
    if known:
        cache(bench, about=info(known))
    bench.plug()
    bench.offline()
    bench.token()
    assert is_charging(bench) is charges


@pytest.mark.parametrize("answer", [None, Refusal(ErrorCode.INTERNAL_ERROR)])
def test_a_back_end_that_does_not_answer_is_as_good_as_offline(answer: Any) -> None:
    bench = make()
    cache(bench)
    bench.script("Authorize", answer)
    bench.plug()
    bench.token()
    bench.run(60.0)
    assert is_charging(bench)


def test_without_remote_authorization_list_and_cache_decide() -> None:
    bench = make()
    cache(bench)
    bench.set("AuthCtrlr.DisableRemoteAuthorization", True)
    bench.plug()
    bench.token("STRANGER")
    assert not is_charging(bench)
    bench.token("TAG")
    assert is_charging(bench)
    assert asked(bench) == []


# --- C07: contracts ---

HASH = CertificateHash(
    algorithm="SHA256",
    issuer_name_hash="ab",
    issuer_key_hash="cd",
    serial_number="1",
    responder_url="http://ocsp.example",
)
CONTRACT = ContractPresented(emaid="DEABC123", evse_id=1, hashes=(HASH,), verified=True)
UNVERIFIED = ContractPresented(emaid="DEABC123", evse_id=1, certificate="PEM")


def plug_and_charge(**settings: object) -> Bench2:
    bench = make(about={"plug_and_charge": True}, ISO15118Ctrlr__PnCEnabled=True, **settings)
    bench.plug()
    return bench


def test_a_contract_is_asked_about_with_the_hashes_of_its_chain() -> None:
    bench = plug_and_charge()
    bench.tell(CONTRACT)
    (request,) = asked(bench)
    assert request.id_token == d.IdToken(id_token="DEABC123", type=IdTokenEnum.E_MAID)
    (hashes,) = request.iso15118_certificate_hash_data
    assert (hashes.serial_number, hashes.responder_url) == ("1", "http://ocsp.example")
    assert request.certificate is None
    assert is_charging(bench)


@pytest.mark.parametrize(
    "contract",
    [
        replace(CONTRACT, hashes=(HASH,) * 5),
        replace(CONTRACT, hashes=(replace(HASH, serial_number="f" * 41),)),
        replace(UNVERIFIED, certificate="X" * 5501),
        replace(CONTRACT, emaid="X" * 37),
    ],
)
def test_a_chain_that_cannot_be_said_is_refused_at_the_station(contract: ContractPresented) -> None:
    bench = plug_and_charge(ISO15118Ctrlr__CentralContractValidationAllowed=True)
    bench.tell(contract)
    assert asked(bench) == []
    assert bench.told(TokenRefused) == [TokenRefused("Invalid", 1)]


def test_a_contract_needs_a_certificate_that_is_accepted_too() -> None:
    bench = plug_and_charge()
    revoked = AuthorizeCertificateStatusEnum.CERTIFICATE_REVOKED
    bench.script("Authorize", m.AuthorizeResponse(id_token_info=info(), certificate_status=revoked))
    bench.tell(CONTRACT)
    assert not is_charging(bench)
    assert bench.told(TokenRefused) == [TokenRefused("CertificateRevoked", 1)]


@pytest.mark.parametrize("central", [True, False])
def test_a_chain_without_our_root_is_for_a_back_end_that_verifies_it(central: bool) -> None:
    bench = plug_and_charge(ISO15118Ctrlr__CentralContractValidationAllowed=central)
    bench.tell(UNVERIFIED)
    assert [call.certificate for call in asked(bench)] == (["PEM"] if central else [])
    assert is_charging(bench) is central


@pytest.mark.parametrize(
    ("contract", "allowed", "unknown_may", "charges"),
    [
        (CONTRACT, False, True, False),
        (CONTRACT, True, False, False),
        (CONTRACT, True, True, True),
        (UNVERIFIED, True, True, False),
    ],
)
def test_offline_the_charger_must_have_verified_the_contract(
    contract: ContractPresented, allowed: bool, unknown_may: bool, charges: bool
) -> None:
    bench = plug_and_charge(
        ISO15118Ctrlr__ContractValidationOffline=allowed,
        AuthCtrlr__OfflineTxForUnknownIdEnabled=unknown_may,
    )
    bench.offline()
    bench.tell(contract)
    assert is_charging(bench) is charges


def test_offline_a_known_emaid_charges() -> None:
    bench = plug_and_charge(ISO15118Ctrlr__ContractValidationOffline=True)
    bench.tell(CONTRACT)
    leave_by_button(bench)
    bench.offline()
    bench.plug()
    bench.tell(CONTRACT)
    assert is_charging(bench)


def leave_by_button(bench: Bench2) -> None:
    bench.tell(StopPressed(1))
    bench.unplug()


def test_without_plug_and_charge_no_contract_is_taken() -> None:
    bench = plug_and_charge()
    bench.set("ISO15118Ctrlr.PnCEnabled", False)
    bench.tell(CONTRACT)
    assert asked(bench) == []
    assert not is_charging(bench)


# --- on the line of 2.1 ---


def test_the_cache_is_the_same_on_a_line_of_2_1() -> None:
    bench = make(Version.V21, AuthCtrlr__LocalPreAuthorize=True)
    bench.token()
    bench.token()
    bench.token()
    assert len(bench.said(m21.AuthorizeRequest)) == 1
    answer = bench.call(m21.ClearCacheRequest())
    assert answer.status is enums21.ClearCacheStatusEnum.ACCEPTED


# --- C18 to C25: payment on a line of 2.1 ---


def test_a_settlement_arrives_also_after_an_absence_of_the_link_and_brings_a_receipt() -> None:
    bench = make(Version.V21)
    bench.script("NotifySettlement", m21.NotifySettlementResponse(receipt_url="https://receipt.example"))
    bench.offline()
    bench.tell(PaymentSettled(psp_ref="PSP-1", status="Settled", amount=12.5, transaction_id="T-1"))
    bench.power_cycle()
    (request,) = bench.said(m21.NotifySettlementRequest)
    assert (request.psp_ref, request.status.value, request.settlement_amount) == ("PSP-1", "Settled", 12.5)
    assert request.transaction_id == "T-1"
    assert bench.told(ReceiptMade) == [ReceiptMade(psp_ref="PSP-1", receipt_url="https://receipt.example")]


def test_a_settlement_that_cannot_be_said_is_told_to_be_lost() -> None:
    settled = PaymentSettled(psp_ref="X" * 256, status="Settled", amount=1.0)
    for version in (Version.V21, Version.V201):
        bench = make(version)
        bench.tell(settled)
        assert [lost.action for lost in bench.told(MessageLost)] == ["NotifySettlement"]


def test_the_vat_number_of_a_company_is_checked() -> None:
    bench = make(Version.V21)
    company = m21.datatypes.Address(name="Evproto", address1="Street 1", city="Town", country="DE")
    bench.script(
        "VatNumberValidation",
        m21.VatNumberValidationResponse(
            vat_number="DE1", status=enums21.GenericStatusEnum.ACCEPTED, company=company
        ),
    )
    bench.tell(VatNumberEntered("DE1", 1), VatNumberEntered("1" * 21, 1))
    lines = ("Evproto", "Street 1", "Town", "DE")
    assert bench.told(VatNumberChecked) == [
        VatNumberChecked(vat_number="DE1", known=True, company=lines, evse_id=1),
        VatNumberChecked(vat_number="1" * 21, known=None, evse_id=1),
    ]


def test_a_payment_in_the_web_is_shown() -> None:
    bench = make(Version.V21)
    bench.call(m21.NotifyWebPaymentStartedRequest(evse_id=2, timeout=90))
    bench.call(m21.NotifyWebPaymentStartedRequest(evse_id=9, timeout=90))
    assert bench.told(WebPaymentStarted) == [WebPaymentStarted(2, 90)]
