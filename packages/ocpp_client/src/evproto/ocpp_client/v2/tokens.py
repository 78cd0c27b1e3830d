"""What identifies a driver: the kinds of tokens, and how tokens are kept."""

from __future__ import annotations

from typing import TypeVar

from evproto.core import DecodeError
from evproto.ocpp_client.codec import decode
from evproto.ocpp_client.store import Store
from evproto.ocpp_client.types import OcppStruct
from evproto.ocpp_client.v21.datatypes import IdToken
from evproto.ocpp_client.v201.enums import IdTokenEnum
from evproto.ocpp_client.version import Version

CENTRAL = "Central"
E_MAID = "eMAID"
NO_AUTHORIZATION = "NoAuthorization"

UNASKED = frozenset({CENTRAL, NO_AUTHORIZATION})
"""Kinds that the back end is never asked about: made by itself (C05.FR.01), or the start button (C02)."""

OF_VEHICLES = frozenset({E_MAID, "EVCCID", "MacAddress", "VIN"})
"""Kinds that a vehicle tells by itself, maybe again while it charges: no driver wants to stop by it."""

MAX_LENGTH = {Version.V201: 36, Version.V21: 255}
MAX_KIND_LENGTH = 20
MAX_ADDITIONAL_KIND_LENGTH = 50

StructT = TypeVar("StructT", bound=OcppStruct)

_KINDS_201 = frozenset(kind.value for kind in IdTokenEnum)


def is_sound(id_token: IdToken, version: Version) -> bool:
    """Whether such a token can be said on a line of this version."""
    if version is Version.V201 and id_token.type not in _KINDS_201:
        return False
    most = MAX_LENGTH[version]
    return (
        0 < len(id_token.id_token) <= most
        and 0 < len(id_token.type) <= MAX_KIND_LENGTH
        and all(
            len(one.additional_id_token) <= most and len(one.type) <= MAX_ADDITIONAL_KIND_LENGTH
            for one in id_token.additional_info or ()
        )
    )


def token_key(id_token: IdToken) -> str:
    """Under which a token is stored: one of another kind is another token."""
    return f"{id_token.type}/{id_token.id_token}"


def read_token(store: Store, name: str, id_token: IdToken, kind: type[StructT]) -> StructT | None:
    """What a list of the store holds of a token; None where it holds nothing that this program can read."""
    text = store.token(name, token_key(id_token))
    if text is None:
        return None
    try:
        return decode(kind, text)
    except DecodeError:
        return None  # written by another version of the program
