"""Block G, availability (G03, G04): what the back end takes out of use, and puts back.

Its word is kept at once and over restarts; where a transaction runs it takes effect with its end
(`Evse.is_operative`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from evproto.ocpp_client.bridge import SetOperative
from evproto.ocpp_client.v2.charging_station import Block, ChargingStation, Handler
from evproto.ocpp_client.v2.evse import Connector, Evse
from evproto.ocpp_client.v2.sessions import Sessions
from evproto.ocpp_client.v21.datatypes import EVSE, StatusInfo
from evproto.ocpp_client.v21.enums import (
    ChangeAvailabilityStatusEnum,
    OperationalStatusEnum,
    ReasonEnum,
    TriggerReasonEnum,
)
from evproto.ocpp_client.v21.messages import ChangeAvailabilityRequest, ChangeAvailabilityResponse

INOPERATIVE = "v2.inoperative"
TX_IN_PROGRESS = StatusInfo(reason_code="TxInProgress")


class ChangeAvailability(Block):
    """Tells the charger what may be used, connector by connector."""

    name = "change-availability"

    def __init__(self, station: ChargingStation, sessions: Sessions) -> None:
        super().__init__(station)
        self._sessions = sessions
        self._told: dict[tuple[int, int], bool] = {}

    def handlers(self) -> Mapping[str, Handler]:
        return {"ChangeAvailability": self._change}

    def restore(self, now: float) -> None:
        """What was out of use stays so (G03.FR.08, G04.FR.09)."""
        left = msgspec.json.decode(
            self._station.store.get(INOPERATIVE, "[]"), type=list[tuple[int, int | None]]
        )
        for evse_id, connector_id in left:
            if not evse_id:
                self._station.operative = False
            for holder in self._holders(evse_id, connector_id):
                holder.operative = False
        self._tell_charger()

    def settle(self, now: float) -> None:
        """What waited for the end of a transaction takes effect."""
        for evse in self._station.places():
            if evse.grant is not None and evse.transaction is None and not self._is_operative(evse):
                trigger = TriggerReasonEnum.ABNORMAL_CONDITION
                self._sessions.revoke(evse, trigger, ReasonEnum.OTHER, now)
        self._tell_charger()

    def _change(self, request: ChangeAvailabilityRequest, now: float) -> ChangeAvailabilityResponse:
        place = request.evse or EVSE(id=0)
        holders = list(self._holders(place.id, place.connector_id))
        if place.id and not holders:
            reason = "UnknownConnectorId" if place.id in self._station.evses else "UnknownEvse"
            return ChangeAvailabilityResponse(
                status=ChangeAvailabilityStatusEnum.REJECTED, status_info=StatusInfo(reason_code=reason)
            )
        operative = request.operational_status is OperationalStatusEnum.OPERATIVE
        if not place.id:
            self._station.operative = operative
        for holder in holders:
            holder.operative = operative
        self._keep()
        if not operative and self._waits(place):
            return ChangeAvailabilityResponse(
                status=ChangeAvailabilityStatusEnum.SCHEDULED, status_info=TX_IN_PROGRESS
            )
        return ChangeAvailabilityResponse(status=ChangeAvailabilityStatusEnum.ACCEPTED)

    def _holders(self, evse_id: int, connector_id: int | None) -> Iterator[Evse | Connector]:
        """The EVSE or connector whose flag it is; none for the station, and for what does not exist."""
        evse = self._station.evses.get(evse_id)
        if evse is not None and not connector_id:
            yield evse
        elif evse is not None and connector_id in evse.connectors:
            yield evse.connectors[connector_id]

    def _waits(self, place: EVSE) -> bool:
        """Whether a transaction runs there."""
        for transaction in self._station.transactions():
            here = not place.id or transaction.evse_id == place.id
            if here and (not place.connector_id or transaction.connector_id in (None, place.connector_id)):
                return True
        return False

    def _is_operative(self, evse: Evse) -> bool:
        return evse.is_operative(evse.connector, station_operative=self._station.operative)

    def _keep(self) -> None:
        off: list[tuple[int, int | None]] = [] if self._station.operative else [(0, None)]
        off += [(evse.id, None) for evse in self._station.evses.values() if not evse.operative]
        off += [(one.evse_id, one.id) for one in self._station.connectors() if not one.operative]
        self._station.store.put(INOPERATIVE, msgspec.json.encode(off).decode())

    def _tell_charger(self) -> None:
        for connector in self._station.connectors():
            key = (connector.evse_id, connector.id)
            evse = self._station.evses[connector.evse_id]
            operative = evse.is_operative(connector, station_operative=self._station.operative)
            if self._told.get(key, True) is not operative:
                self._told[key] = operative
                self._station.emit(SetOperative(connector.evse_id, operative, connector.id))
