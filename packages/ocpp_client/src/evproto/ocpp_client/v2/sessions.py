"""The driver at the station: a token, a cable, and in which order they come (E02, E03, E07, E09, E10)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from evproto.ocpp_client.bridge import (
    BayChanged,
    Fact,
    Flow,
    FlowChanged,
    Plugged,
    StopPressed,
    TokenAccepted,
    TokenPresented,
    TokenRefused,
    Unlock,
    Unplugged,
)
from evproto.ocpp_client.bridge_authorization import ContractPresented
from evproto.ocpp_client.v2.authorization import Authorizer, Decision
from evproto.ocpp_client.v2.charging_station import Block, ChargingStation
from evproto.ocpp_client.v2.evse import Connector, Evse, Grant, same_token
from evproto.ocpp_client.v2.tokens import E_MAID, OF_VEHICLES, token_key
from evproto.ocpp_client.v2.transactions import Transactions
from evproto.ocpp_client.v21.datatypes import AdditionalInfo, IdToken
from evproto.ocpp_client.v21.enums import ReasonEnum, TriggerReasonEnum

Take: TypeAlias = Callable[[IdToken, Decision, int | None, float], bool]
"""Gets an accepted token and the EVSE of its reader; gives whether it has dealt with it."""


class Sessions(Block):
    """Joins tokens and vehicles to what transactions begin and end by."""

    name = "sessions"

    def __init__(self, station: ChargingStation, authorizer: Authorizer, transactions: Transactions) -> None:
        super().__init__(station)
        self._authorizer = authorizer
        self._transactions = transactions
        self._takers: list[Take] = []
        self._asking: set[tuple[str, int | None]] = set()

    def let_take(self, take: Take) -> None:
        """Offer accepted tokens to another block before they start or stop anything."""
        self._takers.append(take)

    def tell(self, fact: Fact, now: float) -> None:
        match fact:
            case TokenPresented():
                self._on_token(_presented(fact), fact.evse_id or None, now)
            case ContractPresented():
                self._on_token(IdToken(id_token=fact.emaid, type=E_MAID), fact.evse_id, now, contract=fact)
            case _ if (evse := self._station.evses.get(getattr(fact, "evse_id", 0))) is not None:
                self._on_fact(evse, fact, now)
            case _:
                pass

    def grant(self, evse: Evse, grant: Grant, trigger: TriggerReasonEnum, now: float) -> None:
        """The driver may charge here: now, or when his vehicle comes in time (E03)."""
        evse.grant = grant
        if evse.transaction is not None:
            evse.transaction.stopped_reason = None
        self._station.emit(TokenAccepted(evse.id))
        if evse.connector is None:
            self._await_cable(evse, now)
        self._transactions.follow(evse, trigger, now)

    def revoke(
        self,
        evse: Evse,
        trigger: TriggerReasonEnum,
        reason: ReasonEnum,
        now: float,
        *,
        id_token: IdToken | None = None,
    ) -> None:
        """The driver may not charge any more; this ends the transaction where TxStopPoint says so."""
        evse.grant = None
        self._stop(str(evse.id))
        if evse.transaction is not None:
            evse.transaction.stopped_reason = reason
        self._transactions.follow(evse, trigger, now, reason=reason, id_token=id_token, deauthorized=True)
        if evse.flow is not None:
            # The charger was told to stop: this is another event, and may be the one that ends it.
            evse.flow = None
            self._transactions.follow(evse, TriggerReasonEnum.CHARGING_STATE_CHANGED, now, reason=reason)

    def place_for(self, id_token: IdToken, evse_id: int | None, allowed: tuple[int, ...] = ()) -> Evse | None:
        """The EVSE where the token may charge, with a vehicle first; None where there is none.

        EVSE 0 where there are several and the driver has yet to plug in at one of them. allowed:
        the only ones where this token may (IdTokenInfo.evseId).
        """
        found = [
            evse
            for evse in self._station.evses.values()
            if evse_id in (None, evse.id)
            and evse.id in (allowed or (evse.id,))
            and evse.grant is None
            and not _is_anothers(evse, id_token)
            and self._station.is_usable(evse)
        ]
        with_vehicle = [evse for evse in found if evse.connector is not None or evse.bay_occupied]
        if with_vehicle or len(self._station.evses) == 1 or evse_id is not None:
            return next(iter(with_vehicle or found), None)
        return self._station.whole if found and self._station.whole.grant is None else None

    def on_timer(self, name: str, now: float) -> None:
        """EVConnectionTimeOut: no vehicle came (E03.FR.05), or none came back (E10.FR.02)."""
        evse = self._station.evses.get(int(name), self._station.whole)
        self.revoke(evse, TriggerReasonEnum.EV_CONNECT_TIMEOUT, ReasonEnum.TIMEOUT, now)

    # --- tokens ---

    def _on_token(
        self, token: IdToken, evse_id: int | None, now: float, *, contract: ContractPresented | None = None
    ) -> None:
        if token.type in OF_VEHICLES and evse_id is not None and self._held(evse_id):
            self._station.emit(TokenAccepted(evse_id))
            return
        locked = self._cable_of(token, evse_id)
        held = next((one for one in self._held(evse_id) if same_token(_granted(one), token)), None)
        if locked is not None:
            self._station.emit(Unlock(locked.evse_id, locked.id))  # E09.FR.03
        elif held is not None:
            # Who started may stop without being asked about (E07.FR.04).
            self.revoke(held, TriggerReasonEnum.STOP_AUTHORIZED, ReasonEnum.LOCAL, now, id_token=token)
        else:
            self._authorize(token, evse_id, contract, now)

    def _authorize(
        self, token: IdToken, evse_id: int | None, contract: ContractPresented | None, now: float
    ) -> None:
        """A token that is presented again before the answer has come is presented once."""
        asking = token_key(token).casefold(), evse_id
        if asking in self._asking:
            return
        self._asking.add(asking)

        def decided(decision: Decision, at: float) -> None:
            self._asking.discard(asking)
            self._on_decision(token, evse_id, decision, at)

        self._authorizer.decide(token, decided, now, contract=contract)

    def _on_decision(self, token: IdToken, evse_id: int | None, decision: Decision, now: float) -> None:
        if not decision.accepted:
            self._station.emit(TokenRefused(decision.reason, evse_id))
            return
        if any(take(token, decision, evse_id, now) for take in self._takers):
            return
        for held in self._held(evse_id):
            # A token of the same group may stop, too (C09.FR.03, E07.FR.05).
            if held.grant is not None and same_token(held.grant.group_id_token, decision.group_id_token):
                trigger = TriggerReasonEnum.STOP_AUTHORIZED
                self.revoke(held, trigger, ReasonEnum.LOCAL, now, id_token=token)
                return
        place = self.place_for(token, evse_id, decision.evse_ids)
        if place is None:
            elsewhere = evse_id is not None and evse_id not in (decision.evse_ids or (evse_id,))
            self._station.emit(TokenRefused("NotForThisEvse" if elsewhere else "NoFreeEvse", evse_id))
        else:
            grant = Grant(token, decision.group_id_token, evse_ids=decision.evse_ids)
            self.grant(place, grant, TriggerReasonEnum.AUTHORIZED, now)

    def _held(self, evse_id: int | None) -> list[Evse]:
        """Where drivers may charge: at this EVSE or at any."""
        return [evse for evse in self._station.places() if evse.grant and evse_id in (None, evse.id)]

    def _cable_of(self, token: IdToken, evse_id: int | None) -> Connector | None:
        for connector in self._station.connectors():
            if evse_id in (None, connector.evse_id) and same_token(connector.cable_of, token):
                return connector
        return None

    # --- cables and energy ---

    def _on_fact(self, evse: Evse, fact: Fact, now: float) -> None:
        match fact:
            case Plugged(connector_id=connector_id):
                self._on_plugged(evse, evse.connectors[connector_id], now)
            case Unplugged(connector_id=connector_id):
                self._on_unplugged(evse, evse.connectors[connector_id], fact.cable_left, now)
            case BayChanged(occupied=occupied) if occupied is not evse.bay_occupied:
                evse.bay_occupied = occupied
                trigger = TriggerReasonEnum.EV_DETECTED if occupied else TriggerReasonEnum.EV_DEPARTED
                self._transactions.follow(evse, trigger, now)
            case FlowChanged(flow=flow) if evse.powered and flow is not evse.flow:
                evse.flow = flow
                trigger = TriggerReasonEnum.CHARGING_STATE_CHANGED
                self._transactions.follow(evse, trigger, now, reason=_STOPPED_BY[flow])
            case StopPressed(emergency=True):
                trigger = TriggerReasonEnum.ABNORMAL_CONDITION
                self._transactions.end(evse, trigger, ReasonEnum.EMERGENCY_STOP, now)
            case StopPressed() if evse.grant is not None:
                self.revoke(evse, TriggerReasonEnum.STOP_AUTHORIZED, ReasonEnum.LOCAL, now)
            case _:
                pass

    def _on_plugged(self, evse: Evse, connector: Connector, now: float) -> None:
        if connector.plugged:
            return
        connector.plugged, connector.cable_left, connector.cable_of = True, False, None
        whole = self._station.whole
        if whole.grant is not None and self._may_take_place(whole.grant, evse):
            self._transactions.move(evse)
            self._stop("0")
        self._stop(str(evse.id))
        self._transactions.follow(evse, TriggerReasonEnum.CABLE_PLUGGED_IN, now)

    def _on_unplugged(self, evse: Evse, connector: Connector, cable_left: bool, now: float) -> None:
        """What follows at the vehicle's side is set by two variables (E09, E10)."""
        was_plugged, connector.plugged, connector.cable_left = connector.plugged, False, cable_left
        if not cable_left:
            connector.cable_of = None
        if not was_plugged:
            return
        model, owner = self._station.model, _granted(evse)
        evse.flow = None
        ends = model.flag("TxCtrlr", "StopTxOnEVSideDisconnect")
        if ends:
            evse.grant = None
        elif evse.grant is not None and not cable_left:
            self._await_cable(evse, now)
        reason, trigger = ReasonEnum.EV_DISCONNECTED, TriggerReasonEnum.EV_COMMUNICATION_LOST
        self._transactions.follow(evse, trigger, now, reason=reason, deauthorized=ends)
        if cable_left and ends:
            self._free_cable(connector, owner)

    def _may_take_place(self, grant: Grant, evse: Evse) -> bool:
        allowed = evse.id in (grant.evse_ids or (evse.id,))
        return allowed and evse.grant is None and self._station.is_usable(evse)

    def _free_cable(self, connector: Connector, owner: IdToken | None) -> None:
        if self._station.model.flag("OCPPCommCtrlr", "UnlockOnEVSideDisconnect"):
            self._station.emit(Unlock(connector.evse_id, connector.id))
        else:
            connector.cable_of = owner

    def _await_cable(self, evse: Evse, now: float) -> None:
        timeout = self._station.model.number("TxCtrlr", "EVConnectionTimeOut")
        if timeout:
            self._start(str(evse.id), now + timeout)


def _presented(fact: TokenPresented) -> IdToken:
    additional = tuple(AdditionalInfo(additional_id_token=id, type=kind) for id, kind in fact.additional)
    return IdToken(id_token=fact.token, type=fact.kind, additional_info=additional or None)


def _is_anothers(evse: Evse, id_token: IdToken) -> bool:
    """Whether the transaction goes on with the vehicle of a driver who has stopped."""
    transaction = evse.transaction
    if transaction is None or transaction.id_token is None:
        return False
    occupied = evse.connector is not None or evse.bay_occupied
    return occupied and not same_token(transaction.id_token, id_token)


def _granted(evse: Evse) -> IdToken | None:
    return None if evse.grant is None else evse.grant.id_token


_STOPPED_BY = {
    Flow.CHARGING: ReasonEnum.OTHER,
    Flow.SUSPENDED_EV: ReasonEnum.STOPPED_BY_EV,
    Flow.SUSPENDED_EVSE: ReasonEnum.OTHER,
}
"""Why a transaction ends that ends when energy no longer flows."""
