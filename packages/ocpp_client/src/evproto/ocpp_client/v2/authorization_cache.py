"""Block C, the authorization cache: what the back end said of tokens, also over a restart (C10, C11)."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from evproto.core import DecodeError
from evproto.ocpp_client.codec import decode, encode
from evproto.ocpp_client.device_model import Changed, Component, Variable
from evproto.ocpp_client.types import OcppStruct, Timestamp
from evproto.ocpp_client.v2.charging_station import Block, Handler
from evproto.ocpp_client.v2.tokens import UNASKED, read_token, token_key
from evproto.ocpp_client.v21.datatypes import IdToken, IdTokenInfo, StatusInfo
from evproto.ocpp_client.v21.enums import AuthorizationStatusEnum, ClearCacheStatusEnum
from evproto.ocpp_client.v21.messages import ClearCacheRequest, ClearCacheResponse

CONTROLLER = "AuthCacheCtrlr"
CACHE = "v2.cache"
MAX_USES = 1 << 20


class CachedToken(OcppStruct, frozen=True, kw_only=True):
    """used: when the token was last written or presented."""

    info: IdTokenInfo
    used: Timestamp
    uses: int = 1


class AuthorizationCache(Block):
    """Where there is no more room those go first that may not charge, then by Policy (C10.FR.07)."""

    name = "auth-cache"

    def handlers(self) -> Mapping[str, Handler]:
        return {"ClearCache": self._clear}

    def restore(self, now: float) -> None:
        self._show_size(self._station.store.size_of_tokens(CACHE), now)

    def variable_changed(self, changed: Changed, now: float) -> None:
        if (changed.component.name, changed.variable.name) == (CONTROLLER, "Policy"):
            self._rank_anew()

    @property
    def enabled(self) -> bool:
        """AuthCacheCtrlr.Enabled."""
        return self._station.model.flag(CONTROLLER, "Enabled")

    def find(self, id_token: IdToken, now: float, *, used: bool = False) -> IdTokenInfo | None:
        """What is known of a token and still holds. `used`: this is a use, which keeps it longer."""
        if not self.enabled:
            return None
        entry = self._read(id_token)
        if entry is None:
            return None
        if self._has_expired(entry, now):
            with self._station.store.batch():
                self._station.store.drop_token(CACHE, token_key(id_token))
            return None
        if used:
            uses = min(entry.uses + 1, MAX_USES)
            self._write(id_token, replace(entry, used=self._station.clock.at(now), uses=uses), now)
        return entry.info

    def keep(self, id_token: IdToken, info: IdTokenInfo, now: float) -> None:
        """Keep what the back end said; ConcurrentTx is of the moment and is not kept."""
        if not self.enabled or id_token.type in UNASKED:
            return
        if info.status is AuthorizationStatusEnum.CONCURRENT_TX:
            return
        before = self._read(id_token)
        uses = 1 if before is None else before.uses
        self._write(id_token, CachedToken(info=info, used=self._station.clock.at(now), uses=uses), now)

    def forget(self, id_token: IdToken, now: float) -> None:
        """Forget one token, also while the cache is not used (N10)."""
        with self._station.store.batch():
            self._station.store.drop_token(CACHE, token_key(id_token))
        self._show_size(self._station.store.size_of_tokens(CACHE), now)

    def _has_expired(self, entry: CachedToken, now: float) -> bool:
        """The back end's word on it, or LifeTime without a use (C10.FR.08, C10.FR.10)."""
        clock = self._station.clock
        if entry.info.cache_expiry_date_time is not None:
            return clock.seconds_until(entry.info.cache_expiry_date_time, now) <= 0
        life_time = self._station.model.number(CONTROLLER, "LifeTime")
        return bool(life_time) and -clock.seconds_until(entry.used, now) >= life_time

    # --- the store ---

    def _read(self, id_token: IdToken) -> CachedToken | None:
        return read_token(self._station.store, CACHE, id_token, CachedToken)

    def _write(self, id_token: IdToken, entry: CachedToken, now: float) -> None:
        store = self._station.store
        with store.batch():
            store.put_token(CACHE, token_key(id_token), encode(entry), rank=self._rank(entry))
            size = store.size_of_tokens(CACHE)
            if (room := self._room()) is not None and size > room:
                size = store.trim_tokens(CACHE, room)
        self._show_size(size, now)

    def _rank(self, entry: CachedToken) -> int:
        if entry.info.status is not AuthorizationStatusEnum.ACCEPTED:
            return 0
        return entry.uses if "LFU" in self._station.model.names(CONTROLLER, "Policy") else 1

    def _rank_anew(self) -> None:
        store = self._station.store
        with store.batch():
            for key, text in store.tokens(CACHE):
                try:
                    store.put_token(CACHE, key, text, rank=self._rank(decode(CachedToken, text)))
                except DecodeError:
                    store.drop_token(CACHE, key)

    def _room(self) -> int | None:
        """The limit of Storage, bytes."""
        record = self._station.model.record(Component(CONTROLLER), Variable("Storage"))
        most = record.characteristics.max_limit
        return None if most is None else int(most)

    def _show_size(self, size: int, now: float) -> None:
        self._station.model.write(Component(CONTROLLER), Variable("Storage"), str(size), now)

    def _clear(self, request: ClearCacheRequest, now: float) -> ClearCacheResponse:
        if not self.enabled:
            reason = StatusInfo(reason_code="NotEnabled")
            return ClearCacheResponse(status=ClearCacheStatusEnum.REJECTED, status_info=reason)
        with self._station.store.batch():
            self._station.store.clear_tokens(CACHE)
        self._show_size(0, now)
        return ClearCacheResponse(status=ClearCacheStatusEnum.ACCEPTED)
