"""What the back end has the station do: start, stop, unlock, reset, availability (chapter 5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from evproto.ocpp_client.bridge import (
    Fact,
    Restart,
    SetOperative,
    TokenRefused,
    Unlock,
    UnlockDone,
    UnlockOutcome,
)
from evproto.ocpp_client.types import OcppStruct
from evproto.ocpp_client.v16.authorization import Authorizer, Decision
from evproto.ocpp_client.v16.charge_point import MAX_HELD, Block, ChargePoint, Reply
from evproto.ocpp_client.v16.connector import Connector
from evproto.ocpp_client.v16.enums import (
    AvailabilityStatus,
    AvailabilityType,
    Reason,
    RemoteStartStopStatus,
    ResetStatus,
    ResetType,
    UnlockStatus,
)
from evproto.ocpp_client.v16.messages import (
    ChangeAvailabilityRequest,
    ChangeAvailabilityResponse,
    RemoteStartTransactionRequest,
    RemoteStartTransactionResponse,
    RemoteStopTransactionRequest,
    RemoteStopTransactionResponse,
    ResetRequest,
    ResetResponse,
    UnlockConnectorRequest,
    UnlockConnectorResponse,
)
from evproto.ocpp_client.v16.security_events import RESET
from evproto.ocpp_client.v16.sessions import Sessions
from evproto.ocpp_client.v16.smart_charging import TX, SmartCharging
from evproto.ocpp_client.v16.transactions import Transactions

INOPERATIVE = "v16.inoperative"
RESET_GRACE = {ResetType.SOFT: 30.0, ResetType.HARD: 5.0}
"""Seconds that a reset waits for the queue to empty; what is left goes after the restart."""


class RemoteControl(Block):
    """Sections 5.2, 5.11, 5.12, 5.14 and 5.18."""

    def __init__(
        self,
        point: ChargePoint,
        authorizer: Authorizer,
        sessions: Sessions,
        transactions: Transactions,
        charging: SmartCharging,
    ) -> None:
        super().__init__(point)
        self._authorizer = authorizer
        self._sessions = sessions
        self._transactions = transactions
        self._charging = charging
        self._scheduled: dict[int, bool] = {}
        self._unlocking: dict[int, list[Reply]] = {}
        self._reset: ResetType | None = None

    def handlers(self) -> Mapping[str, Callable[[Any, float], OcppStruct]]:
        return {
            "RemoteStartTransaction": self._remote_start,
            "RemoteStopTransaction": self._remote_stop,
            "Reset": self._on_reset,
            "ChangeAvailability": self._change_availability,
        }

    def slow_handlers(self) -> Mapping[str, Callable[[Any, Reply, float], None]]:
        return {"UnlockConnector": self._unlock}

    def restore(self, now: float) -> None:
        """What the back end made inoperative stays so over a restart (section 5.2)."""
        for place in msgspec.json.decode(self._point.store.get(INOPERATIVE, "[]"), type=list[int]):
            if place in self._point.connectors:
                self._point.connectors[place].operative = False
                self._point.emit(SetOperative(place, False))

    def tell(self, fact: Fact, now: float) -> None:
        if isinstance(fact, UnlockDone):
            unlocked = fact.outcome is UnlockOutcome.UNLOCKED
            status = UnlockStatus.UNLOCKED if unlocked else UnlockStatus.UNLOCK_FAILED
            for reply in self._unlocking.pop(fact.evse_id, []):
                reply(UnlockConnectorResponse(status=status), now)

    def settle(self, now: float) -> None:
        """After everything that happens: carry out what waited for a transaction or the queue."""
        for place in [place for place in self._scheduled if not self._is_busy(place)]:
            self._set_operative(place, self._scheduled.pop(place))
        if self._reset is not None and len(self._point.store) == 0:
            self._restart()

    def on_timer(self, name: str, now: float) -> None:
        self._restart()

    # --- transactions ---

    def _remote_start(
        self, request: RemoteStartTransactionRequest, now: float
    ) -> RemoteStartTransactionResponse:
        connector = self._sessions.place_for(
            request.id_tag, self._parent(request.id_tag, now), request.connector_id
        )
        profile = request.charging_profile
        wrong_profile = profile is not None and profile.charging_profile_purpose is not TX
        if connector is None or wrong_profile or not self._point.accepted or self._reset is not None:
            return RemoteStartTransactionResponse(status=RemoteStartStopStatus.REJECTED)
        if profile is not None:
            self._charging.promise(connector, profile)
        self._point.afterwards(lambda at: self._start(connector, request.id_tag, at))
        return RemoteStartTransactionResponse(status=RemoteStartStopStatus.ACCEPTED)

    def _start(self, connector: Connector, id_tag: str, now: float) -> None:
        """AuthorizeRemoteTxRequests: as if the tag had been presented here (section 5.11)."""
        if self._point.configuration.flag("AuthorizeRemoteTxRequests"):
            self._authorizer.decide(
                id_tag, lambda decision, at: self._on_decision(connector, id_tag, decision, at), now
            )
        else:
            self._sessions.claim(connector, id_tag, self._parent(id_tag, now), now)

    def _on_decision(self, connector: Connector, id_tag: str, decision: Decision, now: float) -> None:
        if decision.accepted and connector.free:
            self._sessions.claim(connector, id_tag, decision.parent_id_tag, now)
        else:
            self._point.emit(TokenRefused(decision.status.value, connector.id))

    def _parent(self, id_tag: str, now: float) -> str | None:
        known = self._authorizer.known(id_tag, now)
        return known.parent_id_tag if known else None

    def _remote_stop(
        self, request: RemoteStopTransactionRequest, now: float
    ) -> RemoteStopTransactionResponse:
        for connector in self._point.outlets():
            transaction = connector.transaction
            if transaction is not None and transaction.id == request.transaction_id:
                self._point.afterwards(
                    lambda at, where=connector: self._transactions.end(where, Reason.REMOTE, at)  # type: ignore[misc]
                )
                return RemoteStopTransactionResponse(status=RemoteStartStopStatus.ACCEPTED)
        return RemoteStopTransactionResponse(status=RemoteStartStopStatus.REJECTED)

    def _unlock(self, request: UnlockConnectorRequest, reply: Reply, now: float) -> None:
        """A running transaction is ended first (section 5.18)."""
        connector = self._point.outlet(request.connector_id)
        if connector is None or self._point.description.fixed_cables:
            reply(UnlockConnectorResponse(status=UnlockStatus.NOT_SUPPORTED), now)
            return
        self._transactions.end(connector, Reason.UNLOCK_COMMAND, now)
        waiting = self._unlocking.setdefault(connector.id, [])
        waiting.append(reply)
        del waiting[:-MAX_HELD]
        self._point.emit(Unlock(connector.id))

    # --- reset ---

    def _on_reset(self, request: ResetRequest, now: float) -> ResetResponse:
        self._point.afterwards(lambda at: self._begin_reset(request.type, at))
        return ResetResponse(status=ResetStatus.ACCEPTED)

    def _begin_reset(self, kind: ResetType, now: float) -> None:
        self._reset = kind
        reason = Reason.SOFT_RESET if kind is ResetType.SOFT else Reason.HARD_RESET
        for connector in self._point.outlets():
            self._transactions.end(connector, reason, now)
        self._point.timers.start("remote:reset", now + RESET_GRACE[kind])

    def _restart(self) -> None:
        if self._reset is not None:
            self._point.store.put(RESET, self._reset.value)
            self._point.emit(Restart(hard=self._reset is ResetType.HARD))
            self._reset = None
            self._point.timers.stop("remote:reset")

    # --- availability ---

    def _change_availability(
        self, request: ChangeAvailabilityRequest, now: float
    ) -> ChangeAvailabilityResponse:
        if request.connector_id not in self._point.connectors:
            return ChangeAvailabilityResponse(status=AvailabilityStatus.REJECTED)
        operative = request.type is AvailabilityType.OPERATIVE
        places = list(self._point.connectors) if request.connector_id == 0 else [request.connector_id]
        waiting = [place for place in places if self._is_busy(place) and not operative]
        for place in places:
            self._scheduled.pop(place, None)
            if place in waiting:
                self._scheduled[place] = operative
            else:
                self._set_operative(place, operative)
        status = AvailabilityStatus.SCHEDULED if waiting else AvailabilityStatus.ACCEPTED
        return ChangeAvailabilityResponse(status=status)

    def _is_busy(self, place: int) -> bool:
        """Whether a transaction runs there; anywhere for 0."""
        if place == 0:
            return any(True for _ in self._point.transactions())
        return self._point.connectors[place].transaction is not None

    def _set_operative(self, place: int, operative: bool) -> None:
        connector = self._point.connectors[place]
        if connector.operative is operative:
            return
        connector.operative = operative
        if not operative:
            connector.claim = None
            self._point.timers.stop(f"sessions:{place}")
        off = [one.id for one in self._point.connectors.values() if not one.operative]
        self._point.store.put(INOPERATIVE, msgspec.json.encode(off).decode())
        self._point.emit(SetOperative(place, operative))
