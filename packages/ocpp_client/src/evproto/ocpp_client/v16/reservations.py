"""Reservations (sections 3.10, 5.2 and 5.13); they outlive a restart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from evproto.core import DecodeError
from evproto.ocpp_client.codec import decode, encode
from evproto.ocpp_client.types import OcppStruct
from evproto.ocpp_client.v16.charge_point import Block, ChargePoint, tag_matches
from evproto.ocpp_client.v16.connector import Connector
from evproto.ocpp_client.v16.enums import (
    CancelReservationStatus,
    ChargePointStatus,
    ReservationStatus,
)
from evproto.ocpp_client.v16.messages import (
    CancelReservationRequest,
    CancelReservationResponse,
    ReserveNowRequest,
    ReserveNowResponse,
)

STORED = "v16.reservations"


class Reservations(Block):
    """At most one for each connector, and one for connector 0: some connector, whichever is free."""

    def __init__(self, point: ChargePoint) -> None:
        super().__init__(point)
        self._held: dict[int, ReserveNowRequest] = {}

    def handlers(self) -> Mapping[str, Callable[[Any, float], OcppStruct]]:
        return {"ReserveNow": self._reserve, "CancelReservation": self._cancel}

    def restore(self, now: float) -> None:
        """Take up what was reserved before the restart."""
        for text in msgspec.json.decode(self._point.store.get(STORED, "[]"), type=list[str]):
            try:
                reservation = decode(ReserveNowRequest, text)
            except DecodeError:
                continue  # written by another version of the program
            if reservation.connector_id in self._point.connectors:
                self._hold(reservation, now)

    def permits(self, connector: Connector, id_tag: str, parent_id_tag: str | None) -> bool:
        """Whether the reservations leave this connector to the tag."""
        own = self._held.get(connector.id)
        if own is not None:
            return _is_for(own, id_tag, parent_id_tag)
        station = self._held.get(0)
        if station is None or _is_for(station, id_tag, parent_id_tag):
            return True
        return any(self._is_spare(other) for other in self._point.outlets() if other is not connector)

    def use(self, connector: Connector, id_tag: str, parent_id_tag: str | None, now: float) -> int | None:
        """A transaction of the tag begins here; gives the reservation that this ends, if any."""
        for place in (connector.id, 0):
            held = self._held.get(place)
            if held is not None and _is_for(held, id_tag, parent_id_tag):
                self._release(place)
                return held.reservation_id
        return None

    def is_reserved_for(self, connector: Connector, id_tag: str, parent_id_tag: str | None) -> bool:
        """Whether this very connector waits for the tag."""
        held = self._held.get(connector.id)
        return held is not None and _is_for(held, id_tag, parent_id_tag)

    def accepted(self, now: float) -> None:
        """The back end has set the clock, which may have been wrong since the start."""
        for held in self._held.values():
            self._schedule(held, now)

    def on_timer(self, name: str, now: float) -> None:
        self._release(int(name))

    def _reserve(self, request: ReserveNowRequest, now: float) -> ReserveNowResponse:
        status = self._judge(request)
        if status is ReservationStatus.ACCEPTED:
            for place in [
                at for at, held in self._held.items() if held.reservation_id == request.reservation_id
            ]:
                self._release(place)
            self._hold(request, now)
            self._store()
        return ReserveNowResponse(status=status)

    def _judge(self, request: ReserveNowRequest) -> ReservationStatus:
        """What section 5.13 answers; a reservation of the same id replaces the old one."""
        if request.connector_id not in self._point.connectors:
            return ReservationStatus.REJECTED
        if request.connector_id == 0:
            if not self._point.configuration.flag("ReserveConnectorZeroSupported"):
                return ReservationStatus.REJECTED
            found = [self._state(connector, request) for connector in self._point.outlets()]
            if ReservationStatus.ACCEPTED in found:
                return self._state(self._point.connectors[0], request)
            return next(one for one in _KINDEST if one in found)
        return self._state(self._point.connectors[request.connector_id], request)

    def _state(self, connector: Connector, request: ReserveNowRequest) -> ReservationStatus:
        held = self._held.get(connector.id)
        if held is not None and held.reservation_id != request.reservation_id:
            return ReservationStatus.OCCUPIED
        if connector.status in (ChargePointStatus.AVAILABLE, ChargePointStatus.RESERVED):
            return ReservationStatus.ACCEPTED
        if connector.status is ChargePointStatus.FAULTED:
            return ReservationStatus.FAULTED
        if connector.status is ChargePointStatus.UNAVAILABLE:
            return ReservationStatus.UNAVAILABLE
        return ReservationStatus.OCCUPIED

    def _is_spare(self, connector: Connector) -> bool:
        return connector.free and not connector.plugged and connector.id not in self._held

    def _cancel(self, request: CancelReservationRequest, now: float) -> CancelReservationResponse:
        for place, held in self._held.items():
            if held.reservation_id == request.reservation_id:
                self._release(place)
                return CancelReservationResponse(status=CancelReservationStatus.ACCEPTED)
        return CancelReservationResponse(status=CancelReservationStatus.REJECTED)

    def _hold(self, request: ReserveNowRequest, now: float) -> None:
        place = request.connector_id
        self._held[place] = request
        self._point.connectors[place].reserved = place != 0
        self._schedule(request, now)

    def _schedule(self, request: ReserveNowRequest, now: float) -> None:
        left = self._point.clock.seconds_until(request.expiry_date, now)
        self._point.timers.start(f"reservations:{request.connector_id}", now + max(left, 0.0))

    def _release(self, place: int) -> None:
        del self._held[place]
        self._point.connectors[place].reserved = False
        self._point.timers.stop(f"reservations:{place}")
        self._store()

    def _store(self) -> None:
        texts = [encode(held).decode() for held in self._held.values()]
        self._point.store.put(STORED, msgspec.json.encode(texts).decode())


_KINDEST = (ReservationStatus.OCCUPIED, ReservationStatus.UNAVAILABLE, ReservationStatus.FAULTED)


def _is_for(reservation: ReserveNowRequest, id_tag: str, parent_id_tag: str | None) -> bool:
    return tag_matches(reservation.id_tag, id_tag) or tag_matches(reservation.parent_id_tag, parent_id_tag)
