"""Block D: the local authorization list (D01, D02). An update stands whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping

from evproto.ocpp_client.codec import encode
from evproto.ocpp_client.device_model import Component, Variable
from evproto.ocpp_client.v2.charging_station import Block, Handler
from evproto.ocpp_client.v2.tokens import read_token, token_key
from evproto.ocpp_client.v21.datatypes import AuthorizationData, IdToken, IdTokenInfo, StatusInfo
from evproto.ocpp_client.v21.enums import SendLocalListStatusEnum, UpdateEnum
from evproto.ocpp_client.v21.messages import (
    GetLocalListVersionRequest,
    GetLocalListVersionResponse,
    SendLocalListRequest,
    SendLocalListResponse,
)

CONTROLLER = "LocalAuthListCtrlr"
LOCAL_LIST = "v2.list"
VERSION = "v2.list-version"
NO_LIST = 0
"""The version of a list that is disabled or was never sent (D02.FR.02, D02.FR.03)."""


class LocalList(Block):
    """The back end writes it, authorization reads it."""

    name = "local-list"

    def handlers(self) -> Mapping[str, Handler]:
        return {"GetLocalListVersion": self._get_version, "SendLocalList": self._send}

    def restore(self, now: float) -> None:
        self._show(now)

    @property
    def enabled(self) -> bool:
        """LocalAuthListCtrlr.Enabled."""
        return self._station.model.flag(CONTROLLER, "Enabled")

    def find(self, id_token: IdToken) -> IdTokenInfo | None:
        """What the list says of a token; None where it says nothing."""
        if not self.enabled:
            return None
        return read_token(self._station.store, LOCAL_LIST, id_token, IdTokenInfo)

    # --- calls of the back end ---

    def _get_version(self, request: GetLocalListVersionRequest, now: float) -> GetLocalListVersionResponse:
        return GetLocalListVersionResponse(version_number=self._version() if self.enabled else NO_LIST)

    def _send(self, request: SendLocalListRequest, now: float) -> SendLocalListResponse:
        full = request.update_type is UpdateEnum.FULL
        if not full and self.enabled and request.version_number <= self._version():
            return SendLocalListResponse(status=SendLocalListStatusEnum.VERSION_MISMATCH)
        reason = self._refuse(request, full)
        if reason is None:
            try:
                self._write(request.version_number, request.local_authorization_list or (), full)
            except _NoRoomError:
                reason = "OutOfStorage"
        if reason is not None:
            status, info = SendLocalListStatusEnum.FAILED, StatusInfo(reason_code=reason)
            return SendLocalListResponse(status=status, status_info=info)
        self._show(now)
        return SendLocalListResponse(status=SendLocalListStatusEnum.ACCEPTED)

    def _refuse(self, request: SendLocalListRequest, full: bool) -> str | None:
        """The reason code of what is wrong with the update as such."""
        model = self._station.model
        entries = request.local_authorization_list or ()
        keys = {token_key(entry.id_token).casefold() for entry in entries}
        if not self.enabled:
            return "NotEnabled"
        if request.version_number <= NO_LIST:
            return "ValuePositiveOnly"
        if len(entries) > model.number(CONTROLLER, "ItemsPerMessage"):
            return "TooManyElements"
        if len(encode(request)) > model.number(CONTROLLER, "BytesPerMessage"):
            return "TooLargeElement"
        if len(keys) != len(entries):
            return "InvalidIdToken"  # a token stands twice (D01.FR.09)
        if full and any(entry.id_token_info is None for entry in entries):
            return "MissingParam"
        return None

    # --- the store ---

    def _write(self, version: int, entries: tuple[AuthorizationData, ...], full: bool) -> None:
        store = self._station.store
        with store.batch():
            if full:
                store.clear_tokens(LOCAL_LIST)
            for entry in entries:
                key = token_key(entry.id_token)
                if entry.id_token_info is None:
                    store.drop_token(LOCAL_LIST, key)
                else:
                    store.put_token(LOCAL_LIST, key, encode(entry.id_token_info))
            if self._is_over("Entries", store.count_tokens(LOCAL_LIST)):
                raise _NoRoomError
            if self._is_over("Storage", store.size_of_tokens(LOCAL_LIST)):
                raise _NoRoomError
            store.put(VERSION, str(version))

    def _version(self) -> int:
        return int(self._station.store.get(VERSION, str(NO_LIST)))

    def _is_over(self, variable: str, value: int) -> bool:
        record = self._station.model.record(Component(CONTROLLER), Variable(variable))
        most = record.characteristics.max_limit
        return most is not None and value > most

    def _show(self, now: float) -> None:
        store, model = self._station.store, self._station.model
        for variable, value in (
            ("Entries", store.count_tokens(LOCAL_LIST)),
            ("Storage", store.size_of_tokens(LOCAL_LIST)),
        ):
            model.write(Component(CONTROLLER), Variable(variable), str(value), now)


class _NoRoomError(Exception):
    """The list would outgrow its limits; rolls the update back."""
