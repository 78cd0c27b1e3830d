"""Who may charge: local list, cache, back end, and what holds while offline (sections 3.4, 3.5, 4.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from evproto.core import DecodeError
from evproto.ocpp_client.codec import decode, encode
from evproto.ocpp_client.types import OcppStruct
from evproto.ocpp_client.v16.charge_point import Block
from evproto.ocpp_client.v16.datatypes import IdTagInfo
from evproto.ocpp_client.v16.enums import AuthorizationStatus, ClearCacheStatus
from evproto.ocpp_client.v16.messages import (
    AuthorizeRequest,
    AuthorizeResponse,
    ClearCacheRequest,
    ClearCacheResponse,
)

CACHE = "v16.cache"
LOCAL_LIST = "v16.list"
MAX_CACHED = 10_000
MAX_ID_TAG = 20


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the tag may charge, and to which group it belongs."""

    status: AuthorizationStatus
    parent_id_tag: str | None = None

    @property
    def accepted(self) -> bool:
        """Whether it may."""
        return self.status is AuthorizationStatus.ACCEPTED


Then: TypeAlias = Callable[[Decision, float], None]


class Authorizer(Block):
    """Decides on tags; what the back end says of a tag is remembered in the cache."""

    def handlers(self) -> Mapping[str, Callable[[Any, float], OcppStruct]]:
        return {"ClearCache": self._clear_cache}

    def decide(self, id_tag: str, then: Then, now: float) -> None:
        """Give `then` the decision, at once or when the back end has answered."""
        if not 0 < len(id_tag) <= MAX_ID_TAG:
            then(Decision(AuthorizationStatus.INVALID), now)
            return
        known = self.known(id_tag, now)
        at_once = self._point.configuration.flag("LocalPreAuthorize")
        if self._point.online and not (at_once and known is not None and known.accepted):
            self._point.ask(
                AuthorizeRequest(id_tag=id_tag),
                now,
                lambda answer, at: self._on_answer(id_tag, answer, then, at),
            )
        else:
            then(known if self._point.online and known else self._offline(known), now)

    def known(self, id_tag: str, now: float) -> Decision | None:
        """What list and cache say; the list goes before the cache (section 3.5.2)."""
        configuration = self._point.configuration
        info = None
        if configuration.flag("LocalAuthListEnabled"):
            info = self._read(LOCAL_LIST, id_tag)
        if info is None and configuration.flag("AuthorizationCacheEnabled"):
            info = self._read(CACHE, id_tag)
        if info is None:
            return None
        if info.expiry_date is not None and self._point.clock.seconds_until(info.expiry_date, now) <= 0:
            return Decision(AuthorizationStatus.EXPIRED, info.parent_id_tag)
        return Decision(info.status, info.parent_id_tag)

    def remember(self, id_tag: str, info: IdTagInfo) -> None:
        """Keep in the cache what the back end said; ConcurrentTx is of the moment and is not kept."""
        if not self._point.configuration.flag("AuthorizationCacheEnabled"):
            return
        if info.status is AuthorizationStatus.CONCURRENT_TX:
            return
        with self._point.store.batch():
            self._point.store.put_token(CACHE, id_tag, encode(info), most=MAX_CACHED)

    def _on_answer(self, id_tag: str, answer: AuthorizeResponse | None, then: Then, now: float) -> None:
        if answer is None:
            then(self._offline(self.known(id_tag, now)), now)
            return
        self.remember(id_tag, answer.id_tag_info)
        then(Decision(answer.id_tag_info.status, answer.id_tag_info.parent_id_tag), now)

    def _offline(self, known: Decision | None) -> Decision:
        """Section 3.5: known tags by LocalAuthorizeOffline, unknown ones by AllowOfflineTxForUnknownId."""
        configuration = self._point.configuration
        if known is not None:
            allowed = configuration.flag("LocalAuthorizeOffline")
            return known if allowed else Decision(AuthorizationStatus.INVALID)
        unknown_allowed = configuration.flag("AllowOfflineTxForUnknownId")
        return Decision(AuthorizationStatus.ACCEPTED if unknown_allowed else AuthorizationStatus.INVALID)

    def _read(self, name: str, id_tag: str) -> IdTagInfo | None:
        text = self._point.store.token(name, id_tag)
        if text is None:
            return None
        try:
            return decode(IdTagInfo, text)
        except DecodeError:
            return None  # written by another version of the program; as good as not known

    def _clear_cache(self, request: ClearCacheRequest, now: float) -> ClearCacheResponse:
        if not self._point.configuration.flag("AuthorizationCacheEnabled"):
            return ClearCacheResponse(status=ClearCacheStatus.REJECTED)
        with self._point.store.batch():
            self._point.store.clear_tokens(CACHE)
        return ClearCacheResponse(status=ClearCacheStatus.ACCEPTED)
