"""Block C, ad hoc payment (2.1): settlements, receipts of companies, payment in the web (C21 to C25)."""

from __future__ import annotations

from collections.abc import Mapping

from evproto.core import EncodeError
from evproto.ocpp_client.bridge import Fact, MessageLost
from evproto.ocpp_client.bridge_authorization import (
    PaymentSettled,
    ReceiptMade,
    VatNumberChecked,
    VatNumberEntered,
    WebPaymentStarted,
)
from evproto.ocpp_client.outbox import Delivered
from evproto.ocpp_client.v2.charging_station import Block, Handler
from evproto.ocpp_client.v21.datatypes import Address
from evproto.ocpp_client.v21.enums import GenericStatusEnum, PaymentStatusEnum
from evproto.ocpp_client.v21.messages import (
    NotifySettlementRequest,
    NotifySettlementResponse,
    NotifyWebPaymentStartedRequest,
    NotifyWebPaymentStartedResponse,
    VatNumberValidationRequest,
    VatNumberValidationResponse,
)
from evproto.ocpp_client.version import Version


class Payments(Block):
    """What a payment terminal tells goes to the back end; the token of its driver is a DirectPayment."""

    name = "payments"

    def handlers(self) -> Mapping[str, Handler]:
        return {"NotifyWebPaymentStarted": self._web_payment}

    def tell(self, fact: Fact, now: float) -> None:
        match fact:
            case PaymentSettled():
                self._settled(fact, now)
            case VatNumberEntered():
                self._check(fact, now)
            case _:
                pass

    def delivered(self, event: Delivered, now: float) -> None:
        match event.request, event.response:
            case NotifySettlementRequest(psp_ref=psp_ref), NotifySettlementResponse() as answer:
                if answer.receipt_id is not None or answer.receipt_url is not None:
                    receipt = ReceiptMade(
                        psp_ref=psp_ref, receipt_id=answer.receipt_id, receipt_url=answer.receipt_url
                    )
                    self._station.emit(receipt)
            case _:
                pass

    def _settled(self, fact: PaymentSettled, now: float) -> None:
        """It must arrive, and follows the transaction that was paid."""
        if self._station.version is not Version.V21:
            self._station.emit(MessageLost("NotifySettlement", "OCPP 2.0.1 has no such message"))
            return
        request = NotifySettlementRequest(
            psp_ref=fact.psp_ref,
            status=PaymentStatusEnum(fact.status),
            settlement_amount=fact.amount,
            settlement_time=self._station.clock.at(now),
            transaction_id=fact.transaction_id,
            status_info=fact.info,
            receipt_id=fact.receipt_id,
            receipt_url=fact.receipt_url,
            vat_number=fact.vat_number,
        )
        try:
            with self._station.store.batch():
                self._station.queue(request)
        except EncodeError as error:
            self._station.emit(MessageLost("NotifySettlement", str(error)))
        self._station.kick(now)

    def _check(self, fact: VatNumberEntered, now: float) -> None:
        """What a driver typed may be anything."""
        sayable = 0 < len(fact.vat_number) <= 20 and self._station.version is Version.V21
        if not sayable:
            self._tell_checked(fact, None)
            return
        request = VatNumberValidationRequest(vat_number=fact.vat_number, evse_id=fact.evse_id)
        self._station.ask(request, now, lambda answer, at: self._tell_checked(fact, answer))

    def _tell_checked(self, fact: VatNumberEntered, answer: VatNumberValidationResponse | None) -> None:
        self._station.emit(
            VatNumberChecked(
                vat_number=fact.vat_number,
                known=None if answer is None else answer.status is GenericStatusEnum.ACCEPTED,
                company=() if answer is None or answer.company is None else _lines(answer.company),
                evse_id=fact.evse_id,
            )
        )

    def _web_payment(
        self, request: NotifyWebPaymentStartedRequest, now: float
    ) -> NotifyWebPaymentStartedResponse:
        if request.evse_id in self._station.evses:
            self._station.emit(WebPaymentStarted(request.evse_id, max(request.timeout, 0)))
        return NotifyWebPaymentStartedResponse()


def _lines(company: Address) -> tuple[str, ...]:
    lines = (company.name, company.address1, company.address2, company.postal_code, company.city)
    return tuple(line for line in (*lines, company.country) if line)
