"""The local authorization list (sections 3.5.2, 5.10 and 5.15)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from evproto.ocpp_client.codec import encode
from evproto.ocpp_client.types import OcppStruct
from evproto.ocpp_client.v16.authorization import LOCAL_LIST
from evproto.ocpp_client.v16.charge_point import Block
from evproto.ocpp_client.v16.datatypes import AuthorizationData
from evproto.ocpp_client.v16.enums import UpdateStatus, UpdateType
from evproto.ocpp_client.v16.messages import (
    GetLocalListVersionRequest,
    GetLocalListVersionResponse,
    SendLocalListRequest,
    SendLocalListResponse,
)

VERSION = "v16.list_version"
NOT_SUPPORTED = -1


class LocalList(Block):
    """An update stands whole or not at all."""

    def handlers(self) -> Mapping[str, Callable[[Any, float], OcppStruct]]:
        return {"GetLocalListVersion": self._get_version, "SendLocalList": self._send}

    def _get_version(self, request: GetLocalListVersionRequest, now: float) -> GetLocalListVersionResponse:
        enabled = self._point.configuration.flag("LocalAuthListEnabled")
        return GetLocalListVersionResponse(list_version=self._version() if enabled else NOT_SUPPORTED)

    def _send(self, request: SendLocalListRequest, now: float) -> SendLocalListResponse:
        return SendLocalListResponse(status=self._update(request))

    def _update(self, request: SendLocalListRequest) -> UpdateStatus:
        configuration = self._point.configuration
        entries = request.local_authorization_list or ()
        full = request.update_type is UpdateType.FULL
        if not configuration.flag("LocalAuthListEnabled"):
            return UpdateStatus.NOT_SUPPORTED
        if not full and request.list_version <= self._version():
            return UpdateStatus.VERSION_MISMATCH
        if request.list_version <= 0 or not _is_sound(entries, full):
            return UpdateStatus.FAILED
        if len(entries) > configuration.number("SendLocalListMaxLength"):
            return UpdateStatus.FAILED
        try:
            self._write(request.list_version, entries, full)
        except _TooLongError:
            return UpdateStatus.FAILED
        return UpdateStatus.ACCEPTED

    def _write(self, version: int, entries: tuple[AuthorizationData, ...], full: bool) -> None:
        store = self._point.store
        with store.batch():
            if full:
                store.clear_tokens(LOCAL_LIST)
            for entry in entries:
                if entry.id_tag_info is None:
                    store.drop_token(LOCAL_LIST, entry.id_tag)
                else:
                    store.put_token(LOCAL_LIST, entry.id_tag, encode(entry.id_tag_info))
            if store.count_tokens(LOCAL_LIST) > self._point.configuration.number("LocalAuthListMaxLength"):
                raise _TooLongError
            store.put(VERSION, str(version))

    def _version(self) -> int:
        return int(self._point.store.get(VERSION, "0"))


class _TooLongError(Exception):
    """The list would outgrow LocalAuthListMaxLength; rolls the update back."""


def _is_sound(entries: tuple[AuthorizationData, ...], full: bool) -> bool:
    """No tag twice, and a full list says something of each (section 7.2)."""
    tags = {entry.id_tag.casefold() for entry in entries}
    return len(tags) == len(entries) and not (full and any(entry.id_tag_info is None for entry in entries))
