"""Configuration keys (sections 5.3 and 5.8)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from evproto.ocpp_client.outbox import Outbox, RetryPolicy
from evproto.ocpp_client.types import OcppStruct
from evproto.ocpp_client.v16.charge_point import Block, ChargePoint
from evproto.ocpp_client.v16.datatypes import KeyValue
from evproto.ocpp_client.v16.enums import ConfigurationStatus
from evproto.ocpp_client.v16.messages import (
    ChangeConfigurationRequest,
    ChangeConfigurationResponse,
    GetConfigurationRequest,
    GetConfigurationResponse,
)

Changed = Callable[[str, float], None]
Taker = Callable[[str, float], ConfigurationStatus]
"""Takes a new value of one key and says what becomes of it."""


def retry_policy(point: ChargePoint) -> RetryPolicy:
    """Sections 9.1.31 and 9.1.32; no attempts at all would lose every message, so there is one."""
    configuration = point.configuration
    return RetryPolicy(
        attempts=max(configuration.number("TransactionMessageAttempts"), 1),
        interval=configuration.number("TransactionMessageRetryInterval"),
    )


class Settings(Block):
    """Reads and changes keys; `changed` tells every block of a new value.

    takers: by key, the block that decides about it by itself.
    """

    def __init__(
        self, point: ChargePoint, outbox: Outbox, changed: Changed, takers: Mapping[str, Taker]
    ) -> None:
        super().__init__(point)
        self._takers = {name.casefold(): taker for name, taker in takers.items()}
        self._outbox = outbox
        self._changed = changed

    def handlers(self) -> Mapping[str, Callable[[Any, float], OcppStruct]]:
        return {
            "GetConfiguration": self._get,
            "ChangeConfiguration": self._change,
        }

    def configured(self, name: str, now: float) -> None:
        if name.startswith("TransactionMessage"):
            self._outbox.set_policy(retry_policy(self._point))

    def _get(self, request: GetConfigurationRequest, now: float) -> GetConfigurationResponse:
        configuration = self._point.configuration
        if not request.key:
            return GetConfigurationResponse(configuration_key=tuple(configuration))
        asked = request.key[: configuration.number("GetConfigurationMaxKeys")]
        known: list[KeyValue] = []
        unknown: list[str] = []
        for name in asked:
            found = configuration.find(name)
            if found is None:
                unknown.append(name)
            else:
                known.append(found)
        return GetConfigurationResponse(
            configuration_key=tuple(known) or None, unknown_key=tuple(unknown) or None
        )

    def _change(self, request: ChangeConfigurationRequest, now: float) -> ChangeConfigurationResponse:
        taker = self._takers.get(request.key.casefold())
        if taker is not None:
            return ChangeConfigurationResponse(status=taker(request.value, now))
        status = self._point.configuration.change(request.key, request.value, now)
        if status is ConfigurationStatus.ACCEPTED:
            key = self._point.configuration.find(request.key)
            assert key is not None
            self._point.afterwards(lambda at: self._changed(key.key, at))
        return ChangeConfigurationResponse(status=status)
