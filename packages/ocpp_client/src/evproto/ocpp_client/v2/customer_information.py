"""Block N, customer information (N09, N10): what is kept of a customer, told and forgotten."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from evproto.ocpp_client.bridge import CustomerFound, Fact, FindCustomer
from evproto.ocpp_client.v2.authorization_cache import AuthorizationCache
from evproto.ocpp_client.v2.charging_station import Block, ChargingStation, Handler
from evproto.ocpp_client.v2.evse import same_token
from evproto.ocpp_client.v2.local_list import LocalList
from evproto.ocpp_client.v2.parts import MOST, Parts
from evproto.ocpp_client.v21.datatypes import IdToken, StatusInfo
from evproto.ocpp_client.v21.enums import CustomerInformationStatusEnum
from evproto.ocpp_client.v21.messages import (
    CustomerInformationRequest,
    CustomerInformationResponse,
    NotifyCustomerInformationRequest,
)

PART = 512
"""Characters of one message."""

PATIENCE = 30.0
"""Seconds that the application has to look; after that the report goes without it."""

CLEARED = "The information was cleared."


@dataclass(slots=True)
class _Search:
    """found: what the station itself knows."""

    request: CustomerInformationRequest
    found: list[str] = field(repr=False)


class CustomerInformation(Block):
    """The local list is the back end's own and is not cleared (N10.FR.02)."""

    name = "customer-information"

    def __init__(
        self, station: ChargingStation, cache: AuthorizationCache, listed: LocalList, parts: Parts
    ) -> None:
        super().__init__(station)
        self._cache = cache
        self._listed = listed
        self._parts = parts
        self._searches: dict[int, _Search] = {}

    def handlers(self) -> Mapping[str, Handler]:
        return {"CustomerInformation": self._on_request}

    def tell(self, fact: Fact, now: float) -> None:
        if isinstance(fact, CustomerFound):
            self._finish(fact.request_id, fact.data, now)

    def on_timer(self, name: str, now: float) -> None:
        self._finish(int(name), "", now)

    def _on_request(self, request: CustomerInformationRequest, now: float) -> CustomerInformationResponse:
        named = (request.id_token, request.customer_identifier, request.customer_certificate)
        if sum(name is not None for name in named) != 1:
            return _refused(CustomerInformationStatusEnum.INVALID, "InvalidValue")  # N09.FR.09
        if not (request.report or request.clear):
            return _refused(CustomerInformationStatusEnum.REJECTED, "MissingParam")
        if request.request_id in self._searches:
            return _refused(CustomerInformationStatusEnum.REJECTED, "DuplicateRequestId")
        if self._parts.full or len(self._searches) >= MOST:
            return _refused(CustomerInformationStatusEnum.REJECTED, "TooManyElements")
        self._station.afterwards(lambda at: self._search(request, at))
        return CustomerInformationResponse(status=CustomerInformationStatusEnum.ACCEPTED)

    def _search(self, request: CustomerInformationRequest, now: float) -> None:
        token, certificate = request.id_token, request.customer_certificate
        found = list(self._known(token, now)) if token is not None else []
        if token is not None and request.clear:
            self._cache.forget(token, now)
        self._searches[request.request_id] = _Search(request, found)
        self._start(str(request.request_id), now + PATIENCE)
        self._station.emit(
            FindCustomer(
                request_id=request.request_id,
                clear=request.clear,
                token=token.id_token if token else None,
                kind=token.type if token else None,
                identifier=request.customer_identifier,
                certificate=certificate.serial_number if certificate else None,
            )
        )

    def _known(self, token: IdToken, now: float) -> Iterator[str]:
        """A line for each place where the station has the token."""
        cached = self._cache.find(token, now)
        if cached is not None:
            yield f"authorization cache: {token.type} {token.id_token}, {cached.status.value}"
        listed = self._listed.find(token)
        if listed is not None:
            yield f"local list: {token.type} {token.id_token}, {listed.status.value}"
        for transaction in self._station.transactions():
            if same_token(transaction.id_token, token):
                yield f"transaction {transaction.id} at EVSE {transaction.evse_id}"

    def _finish(self, request_id: int, more: str, now: float) -> None:
        search = self._searches.pop(request_id, None)
        if search is None:
            return
        self._stop(str(request_id))
        text = "\n".join([*search.found, *([more] if more else [])]) if search.request.report else CLEARED
        portions = (text[start : start + PART] for start in range(0, max(len(text), 1), PART))

        def make(portion: str, seq_no: int, tbc: bool, at: float) -> NotifyCustomerInformationRequest:
            return NotifyCustomerInformationRequest(
                data=portion,
                seq_no=seq_no,
                tbc=tbc,
                generated_at=self._station.clock.at(at),
                request_id=request_id,
            )

        self._parts.send(portions, make, now)


def _refused(status: CustomerInformationStatusEnum, reason: str) -> CustomerInformationResponse:
    return CustomerInformationResponse(status=status, status_info=StatusInfo(reason_code=reason))
