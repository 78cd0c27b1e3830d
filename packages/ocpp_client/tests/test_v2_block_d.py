"""Block D: the local authorization list (D01, D02), and what it decides (C13, C14). Part 6 has no cases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from evproto.ocpp_client.bridge import TokenRefused
from evproto.ocpp_client.testing import NOON, Bench2
from evproto.ocpp_client.types import Timestamp
from evproto.ocpp_client.v201 import datatypes as d
from evproto.ocpp_client.v201 import messages as m
from evproto.ocpp_client.v201.enums import (
    AuthorizationStatusEnum,
    IdTokenEnum,
    MessageFormatEnum,
    UpdateEnum,
)


def make(**settings: object) -> Bench2:
    return Bench2(settings={name.replace("__", "."): value for name, value in settings.items()}).boot()


def entry(token: str, status: str | None = "Accepted", **more: Any) -> d.AuthorizationData:
    about = None if status is None else d.IdTokenInfo(status=AuthorizationStatusEnum(status), **more)
    return d.AuthorizationData(
        id_token=d.IdToken(id_token=token, type=IdTokenEnum.ISO14443), id_token_info=about
    )


def send(
    bench: Bench2, version: int, *entries: d.AuthorizationData, kind: UpdateEnum = UpdateEnum.FULL
) -> tuple[str, str | None]:
    """Status and reason code."""
    answer = bench.call(
        m.SendLocalListRequest(
            version_number=version, update_type=kind, local_authorization_list=entries or None
        )
    )
    return answer.status.value, answer.status_info and answer.status_info.reason_code


def change(bench: Bench2, version: int, *entries: d.AuthorizationData) -> tuple[str, str | None]:
    return send(bench, version, *entries, kind=UpdateEnum.DIFFERENTIAL)


def version(bench: Bench2) -> int:
    number: int = bench.call(m.GetLocalListVersionRequest()).version_number
    return number


def count(bench: Bench2) -> int:
    return bench.model.number("LocalAuthListCtrlr", "Entries")


def listed(bench: Bench2) -> list[str]:
    return sorted(key.partition("/")[2] for key, _ in bench.store.tokens("v2.list"))


OK = ("Accepted", None)


def test_a_full_list_replaces_what_was_there(bench2: Bench2) -> None:
    assert version(bench2) == 0
    assert send(bench2, 4, entry("A"), entry("B")) == OK
    assert (version(bench2), listed(bench2), count(bench2)) == (4, ["A", "B"], 2)
    assert bench2.model.number("LocalAuthListCtrlr", "Storage") > 0
    assert send(bench2, 2, entry("C")) == OK
    assert (version(bench2), listed(bench2), count(bench2)) == (2, ["C"], 1)


def test_a_full_list_without_entries_empties_it(bench2: Bench2) -> None:
    send(bench2, 4, entry("A"))
    assert send(bench2, 5) == OK
    assert (version(bench2), listed(bench2), count(bench2)) == (5, [], 0)


def test_a_differential_update_adds_changes_and_removes(bench2: Bench2) -> None:
    send(bench2, 1, entry("A"), entry("B"), entry("C"))
    assert change(bench2, 2, entry("A", None), entry("b", "Blocked"), entry("D")) == OK
    assert (version(bench2), count(bench2)) == (2, 3)
    assert sorted(token.upper() for token in listed(bench2)) == ["B", "C", "D"]
    bench2.set("AuthCtrlr.DisableRemoteAuthorization", True)
    bench2.token("B")
    assert bench2.told(TokenRefused) == [TokenRefused("Blocked", 1)]


def test_a_differential_update_without_entries_is_a_new_version(bench2: Bench2) -> None:
    send(bench2, 1, entry("A"))
    assert change(bench2, 7) == OK
    assert (version(bench2), listed(bench2)) == (7, ["A"])


@pytest.mark.parametrize("number", [5, 4, 0])
def test_a_differential_update_of_an_old_version_is_a_mismatch(bench2: Bench2, number: int) -> None:
    send(bench2, 5, entry("A"))
    assert change(bench2, number, entry("B")) == ("VersionMismatch", None)
    assert (version(bench2), listed(bench2)) == (5, ["A"])


@pytest.mark.parametrize("number", [0, -1])
def test_a_version_is_positive(bench2: Bench2, number: int) -> None:
    assert send(bench2, number, entry("A")) == ("Failed", "ValuePositiveOnly")


def test_an_update_that_fails_changes_nothing() -> None:
    bench = make(LocalAuthListCtrlr__ItemsPerMessage=2, LocalAuthListCtrlr__BytesPerMessage=1000)
    send(bench, 1, entry("A"))
    assert send(bench, 2, entry("B"), entry("b")) == ("Failed", "InvalidIdToken")
    assert send(bench, 2, entry("B"), entry("C", None)) == ("Failed", "MissingParam")
    assert send(bench, 2, entry("B"), entry("C"), entry("D")) == ("Failed", "TooManyElements")
    long = d.MessageContent(format=MessageFormatEnum.UTF8, content="X" * 500)
    heavy = [entry("B", personal_message=long), entry("C", personal_message=long)]
    assert send(bench, 2, *heavy) == ("Failed", "TooLargeElement")
    assert (version(bench), listed(bench)) == (1, ["A"])


def test_a_list_that_would_grow_over_its_limit_is_refused_whole(bench2: Bench2) -> None:
    tokens = [entry(f"{number:05}") for number in range(10_000)]
    for part in range(10):
        some = tokens[part * 1000 : part * 1000 + 1000]
        assert (change if part else send)(bench2, part + 1, *some) == OK
    assert count(bench2) == 10_000
    assert change(bench2, 11, entry("00000", "Blocked"), entry("ONE MORE")) == ("Failed", "OutOfStorage")
    assert (version(bench2), count(bench2)) == (10, 10_000)
    bench2.set("AuthCtrlr.LocalPreAuthorize", True)
    bench2.token("00000")
    assert bench2.told(TokenRefused) == []


def test_a_list_that_is_disabled_is_neither_told_nor_changed(bench2: Bench2) -> None:
    send(bench2, 3, entry("A"))
    bench2.set("LocalAuthListCtrlr.Enabled", False)
    assert version(bench2) == 0
    assert send(bench2, 4, entry("B")) == ("Failed", "NotEnabled")
    assert change(bench2, 4, entry("B")) == ("Failed", "NotEnabled")
    bench2.set("LocalAuthListCtrlr.Enabled", True)
    assert (version(bench2), listed(bench2)) == (3, ["A"])


def test_the_list_is_kept_over_a_restart(bench2: Bench2) -> None:
    send(bench2, 3, entry("A"))
    bench2.power_cycle()
    assert (version(bench2), listed(bench2), count(bench2)) == (3, ["A"], 1)


# --- what it decides ---


def asked(bench: Bench2) -> list[str]:
    return [call.id_token.id_token for call in bench.said(m.AuthorizeRequest)]


def is_charging(bench: Bench2) -> bool:
    return bench.charger._outlets[1].charging


def test_online_a_listed_token_starts_without_being_asked_about() -> None:
    bench = make(AuthCtrlr__LocalPreAuthorize=True)
    send(bench, 1, entry("TAG"))
    bench.plug()
    bench.token()
    assert asked(bench) == []
    assert is_charging(bench)


@pytest.mark.parametrize("final", [False, True])
def test_online_a_token_that_is_listed_as_not_accepted_is_asked_about_unless_that_is_disabled(
    final: bool,
) -> None:
    bench = make(AuthCtrlr__LocalPreAuthorize=True, LocalAuthListCtrlr__DisablePostAuthorize=final)
    send(bench, 1, entry("TAG", "Blocked"))
    bench.plug()
    bench.token()
    assert asked(bench) == ([] if final else ["TAG"])
    assert is_charging(bench) is not final


@pytest.mark.parametrize("status", ["Accepted", "Blocked"])
def test_the_list_goes_before_the_cache(status: str) -> None:
    bench = make(AuthCtrlr__LocalPreAuthorize=True)
    other = {"Accepted": "Blocked", "Blocked": "Accepted"}[status]
    about = d.IdTokenInfo(status=AuthorizationStatusEnum(other))
    bench.script("Authorize", m.AuthorizeResponse(id_token_info=about))
    bench.token()
    bench.token()
    send(bench, 1, entry("TAG", status))
    bench.plug()
    bench.offline()
    bench.token()
    assert is_charging(bench) is (status == "Accepted")


@pytest.mark.parametrize(
    ("status", "may", "charges"),
    [
        ("Accepted", True, True),
        ("Accepted", False, False),
        ("Blocked", True, False),
        ("Expired", True, False),
    ],
)
def test_offline_the_list_decides(status: str, may: bool, charges: bool) -> None:
    bench = make(AuthCtrlr__LocalAuthorizeOffline=may)
    send(bench, 1, entry("TAG", status))
    bench.plug()
    bench.offline()
    bench.token()
    assert is_charging(bench) is charges


def test_offline_an_unknown_token_may_charge_but_not_one_that_is_listed_as_invalid() -> None:
    bench = make(AuthCtrlr__OfflineTxForUnknownIdEnabled=True)
    send(bench, 1, entry("BAD", "Invalid"))
    bench.plug()
    bench.offline()
    bench.token("BAD")
    assert not is_charging(bench)
    bench.token("STRANGER")
    assert is_charging(bench)


def test_a_listed_token_expires() -> None:
    bench = make()
    noon = Timestamp.of(NOON + timedelta(minutes=1))
    send(bench, 1, entry("TAG", cache_expiry_date_time=noon))
    bench.plug()
    bench.offline()
    bench.run(60.0)
    bench.token()
    assert bench.told(TokenRefused) == [TokenRefused("Expired", 1)]


def test_a_group_of_the_list_may_stop() -> None:
    bench = make(AuthCtrlr__LocalPreAuthorize=True)
    group = d.IdToken(id_token="FAMILY", type=IdTokenEnum.CENTRAL)
    send(bench, 1, entry("TAG", group_id_token=group), entry("WIFE", group_id_token=group))
    bench.charge()
    bench.token("WIFE")
    assert asked(bench) == []
    assert bench.events_of()[-1].event_type.value == "Ended"


def test_a_listed_token_is_not_cached_too() -> None:
    bench = make()
    send(bench, 1, entry("TAG"))
    bench.token()
    assert asked(bench) == ["TAG"]
    assert bench.store.tokens("v2.cache") == []
