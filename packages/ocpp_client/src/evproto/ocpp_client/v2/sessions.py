"""The driver at the station: a token, a cable, and in which order they come (E02, E03, E07, E09)."""

from __future__ import annotations

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
    Unplugged,
)
from evproto.ocpp_client.v2.authorization import Authorizer, Decision
from evproto.ocpp_client.v2.charging_station import Block, ChargingStation
from evproto.ocpp_client.v2.evse import Evse, Grant, same_token
from evproto.ocpp_client.v2.transactions import Transactions
from evproto.ocpp_client.v21.datatypes import IdToken
from evproto.ocpp_client.v21.enums import ReasonEnum, TriggerReasonEnum


class Sessions(Block):
    """Joins tokens and vehicles to what transactions begin and end by."""

    name = "sessions"

    def __init__(self, station: ChargingStation, authorizer: Authorizer, transactions: Transactions) -> None:
        super().__init__(station)
        self._authorizer = authorizer
        self._transactions = transactions

    def tell(self, fact: Fact, now: float) -> None:
        match fact:
            case TokenPresented():
                token = IdToken(id_token=fact.token, type=fact.kind)
                self._on_token(token, fact.evse_id, now)
            case _ if (evse := self._station.evses.get(getattr(fact, "evse_id", 0))) is not None:
                self._on_fact(evse, fact, now)
            case _:
                pass

    def grant(self, evse: Evse, grant: Grant, trigger: TriggerReasonEnum, now: float) -> None:
        """The driver may charge here: now, or when his vehicle comes in time (E03)."""
        evse.grant = grant
        self._station.emit(TokenAccepted(evse.id))
        timeout = self._station.model.number("TxCtrlr", "EVConnectionTimeOut")
        if evse.connector is None and timeout:
            self._start(str(evse.id), now + timeout)
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
        evse.flow = None
        self._stop(str(evse.id))
        self._transactions.follow(evse, trigger, now, reason=reason, id_token=id_token)

    def place_for(self, id_token: IdToken, evse_id: int | None) -> Evse | None:
        """The EVSE where the token may charge, with a vehicle first; None where there is none."""
        found = [
            evse
            for evse in self._station.evses.values()
            if evse_id in (None, evse.id) and evse.grant is None and self._station.is_usable(evse)
        ]
        found.sort(key=lambda evse: evse.connector is None)
        return found[0] if found else None

    def on_timer(self, name: str, now: float) -> None:
        """EVConnectionTimeOut: no vehicle came (E03.FR.05)."""
        self.revoke(
            self._station.evses[int(name)], TriggerReasonEnum.EV_CONNECT_TIMEOUT, ReasonEnum.TIMEOUT, now
        )

    # --- tokens ---

    def _on_token(self, token: IdToken, evse_id: int | None, now: float) -> None:
        held = self._held_by(token, evse_id)
        if held is not None:
            # Who started may stop without being asked about (E07.FR.04).
            self.revoke(held, TriggerReasonEnum.STOP_AUTHORIZED, ReasonEnum.LOCAL, now, id_token=token)
            return
        self._authorizer.decide(
            token, lambda decision, at: self._on_decision(token, evse_id, decision, at), now
        )

    def _on_decision(self, token: IdToken, evse_id: int | None, decision: Decision, now: float) -> None:
        if not decision.accepted:
            self._station.emit(TokenRefused(decision.status.value, evse_id))
            return
        place = self.place_for(token, evse_id)
        if place is None:
            self._station.emit(TokenRefused("NoFreeEvse", evse_id))
            return
        grant = Grant(token, decision.group_id_token)
        self.grant(place, grant, TriggerReasonEnum.AUTHORIZED, now)

    def _held_by(self, token: IdToken, evse_id: int | None) -> Evse | None:
        for evse in self._station.evses.values():
            if evse.grant and evse_id in (None, evse.id) and same_token(evse.grant.id_token, token):
                return evse
        return None

    # --- cables and energy ---

    def _on_fact(self, evse: Evse, fact: Fact, now: float) -> None:
        match fact:
            case Plugged(connector_id=connector_id):
                self._on_plugged(evse, connector_id, now)
            case Unplugged():
                self._on_unplugged(evse, fact, now)
            case BayChanged(occupied=occupied) if occupied is not evse.bay_occupied:
                evse.bay_occupied = occupied
                trigger = TriggerReasonEnum.EV_DETECTED if occupied else TriggerReasonEnum.EV_DEPARTED
                self._transactions.follow(evse, trigger, now)
            case FlowChanged(flow=flow) if evse.powered and flow is not evse.flow:
                evse.flow = flow
                self._transactions.follow(
                    evse, TriggerReasonEnum.CHARGING_STATE_CHANGED, now, reason=_STOPPED_BY[flow]
                )
            case StopPressed(emergency=True):
                self._transactions.end(
                    evse, TriggerReasonEnum.ABNORMAL_CONDITION, ReasonEnum.EMERGENCY_STOP, now
                )
            case StopPressed() if evse.grant is not None:
                self.revoke(evse, TriggerReasonEnum.STOP_AUTHORIZED, ReasonEnum.LOCAL, now)
            case _:
                pass

    def _on_plugged(self, evse: Evse, connector_id: int, now: float) -> None:
        connector = evse.connectors.get(connector_id)
        if connector is None or connector.plugged:
            return
        connector.plugged, connector.cable_left = True, False
        self._stop(str(evse.id))
        self._transactions.follow(evse, TriggerReasonEnum.CABLE_PLUGGED_IN, now)

    def _on_unplugged(self, evse: Evse, fact: Unplugged, now: float) -> None:
        connector = evse.connectors.get(fact.connector_id)
        if connector is None:
            return
        was_plugged, connector.plugged, connector.cable_left = connector.plugged, False, fact.cable_left
        if was_plugged:
            evse.flow = None
            if self._station.model.flag("TxCtrlr", "StopTxOnEVSideDisconnect"):
                evse.grant = None
            self._transactions.follow(
                evse, TriggerReasonEnum.EV_COMMUNICATION_LOST, now, reason=ReasonEnum.EV_DISCONNECTED
            )


_STOPPED_BY = {
    Flow.CHARGING: ReasonEnum.OTHER,
    Flow.SUSPENDED_EV: ReasonEnum.STOPPED_BY_EV,
    Flow.SUSPENDED_EVSE: ReasonEnum.OTHER,
}
"""Why a transaction ends that ends when energy no longer flows."""
