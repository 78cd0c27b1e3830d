"""The driver at the station: a tag, a cable, and in which order they come (sections 3.6, 4.1, 4.8)."""

from __future__ import annotations

from evproto.ocpp_client.bridge import (
    Fact,
    Flow,
    Plugged,
    TokenAccepted,
    TokenPresented,
    TokenRefused,
    Unlock,
    Unplugged,
)
from evproto.ocpp_client.v16.authorization import Authorizer, Decision
from evproto.ocpp_client.v16.charge_point import Block, ChargePoint, tag_matches
from evproto.ocpp_client.v16.connector import Claim, Connector
from evproto.ocpp_client.v16.enums import Reason
from evproto.ocpp_client.v16.reservations import Reservations
from evproto.ocpp_client.v16.transactions import Transactions


class Sessions(Block):
    """Joins tags and vehicles to transactions."""

    def __init__(
        self,
        point: ChargePoint,
        authorizer: Authorizer,
        reservations: Reservations,
        transactions: Transactions,
    ) -> None:
        super().__init__(point)
        self._authorizer = authorizer
        self._reservations = reservations
        self._transactions = transactions

    def tell(self, fact: Fact, now: float) -> None:
        match fact:
            case Plugged(evse_id):
                if (connector := self._point.outlet(evse_id)) is not None:
                    self._on_plugged(connector, now)
            case Unplugged():
                if (connector := self._point.outlet(fact.evse_id)) is not None:
                    self._on_unplugged(connector, fact.cable_left, now)
            case TokenPresented(token, evse_id):
                self._on_token(token, evse_id, now)
            case _:
                pass

    def place_for(self, id_tag: str, parent_id_tag: str | None, connector_id: int | None) -> Connector | None:
        """The connector where the tag may charge: with its vehicle first, then reserved for it."""
        found = [
            connector
            for connector in self._point.outlets()
            if connector_id in (None, connector.id)
            and connector.free
            and self._reservations.permits(connector, id_tag, parent_id_tag)
        ]
        found.sort(
            key=lambda one: (
                not one.plugged,
                not self._reservations.is_reserved_for(one, id_tag, parent_id_tag),
                one.finishing,
            )
        )
        return found[0] if found else None

    def claim(self, connector: Connector, id_tag: str, parent_id_tag: str | None, now: float) -> None:
        """The tag may charge here: now, or when its vehicle comes in time."""
        self._point.emit(TokenAccepted(connector.id))
        if connector.plugged:
            self._transactions.begin(connector, id_tag, parent_id_tag, now)
            return
        connector.claim = Claim(id_tag, parent_id_tag)
        timeout = self._point.configuration.number("ConnectionTimeOut")
        if timeout:
            self._point.timers.start(f"sessions:{connector.id}", now + timeout)

    def decided(self, token: str, evse_id: int | None, decision: Decision, now: float) -> None:
        """A token was decided on: it ends a transaction of its group, or may charge."""
        if not decision.accepted:
            self._point.emit(TokenRefused(decision.status.value, evse_id))
            return
        group = self._running_in_group(decision.parent_id_tag, evse_id)
        if group is not None:
            self._transactions.end(group, Reason.LOCAL, now, id_tag=token)
            return
        connector = self.place_for(token, decision.parent_id_tag, evse_id)
        if connector is None:
            self._point.emit(TokenRefused("no connector is free", evse_id))
        else:
            self.claim(connector, token, decision.parent_id_tag, now)

    def on_timer(self, name: str, now: float) -> None:
        """ConnectionTimeOut: no vehicle came (section 9.1.6)."""
        self._point.connectors[int(name)].claim = None

    # --- tags ---

    def _on_token(self, token: str, evse_id: int | None, now: float) -> None:
        running = self._running(token, evse_id)
        if running is not None:
            # The tag that started may stop without being asked about (section 4.10).
            self._transactions.end(running, Reason.LOCAL, now, id_tag=token)
            return
        claimed = next((one for one in self._point.outlets() if _claims(one, token, evse_id)), None)
        if claimed is not None:
            claimed.claim = None
            self._point.timers.stop(f"sessions:{claimed.id}")
            return
        self._authorizer.decide(token, lambda decision, at: self.decided(token, evse_id, decision, at), now)

    def _running(self, token: str, evse_id: int | None) -> Connector | None:
        for connector in self._point.outlets():
            transaction = connector.transaction
            if transaction and evse_id in (None, connector.id) and tag_matches(transaction.id_tag, token):
                return connector
        return None

    def _running_in_group(self, parent_id_tag: str | None, evse_id: int | None) -> Connector | None:
        """A tag of the same group stops a transaction (section 3.6)."""
        for connector in self._point.outlets():
            transaction = connector.transaction
            if (
                transaction
                and evse_id in (None, connector.id)
                and tag_matches(transaction.parent_id_tag, parent_id_tag)
            ):
                return connector
        return None

    # --- cables ---

    def _on_plugged(self, connector: Connector, now: float) -> None:
        connector.plugged, connector.cable_left, connector.finishing = True, False, False
        self._point.timers.stop(f"sessions:{connector.id}")
        claim = connector.claim
        if claim is None:
            return
        connector.claim = None
        if connector.free:
            self._transactions.begin(connector, claim.id_tag, claim.parent_id_tag, now)

    def _on_unplugged(self, connector: Connector, cable_left: bool, now: float) -> None:
        """What happens at the vehicle's side is set by two keys (sections 9.1.23 and 9.1.33)."""
        was_plugged, connector.plugged, connector.cable_left = connector.plugged, False, cable_left
        configuration = self._point.configuration
        if connector.transaction is None or not was_plugged:
            connector.finishing = connector.finishing and cable_left
            return
        if not configuration.flag("StopTransactionOnEVSideDisconnect"):
            connector.flow = Flow.SUSPENDED_EV
            return
        self._transactions.end(connector, Reason.EV_DISCONNECTED, now)
        if cable_left and configuration.flag("UnlockConnectorOnEVSideDisconnect"):
            self._point.emit(Unlock(connector.id))


def _claims(connector: Connector, token: str, evse_id: int | None) -> bool:
    claim = connector.claim
    return claim is not None and evse_id in (None, connector.id) and tag_matches(claim.id_tag, token)
