"""The part of the bridge to the charger that is about drivers: contracts, the master pass, languages.

`bridge` counts what stands here among its facts, requests and news.
"""

from __future__ import annotations

from dataclasses import dataclass, field

# --- facts ---


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateHash:
    """What the back end needs to ask after one certificate (OCSPRequestData)."""

    algorithm: str
    issuer_name_hash: str
    issuer_key_hash: str
    serial_number: str
    responder_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractPresented:
    """A vehicle identified by its contract (ISO 15118, Plug & Charge).

    hashes: of the chain, from the contract up, where the charger has its root; then `verified` says
    that the chain holds. certificate: the chain as PEM, for a back end that verifies it itself.
    """

    emaid: str = field(repr=False)
    evse_id: int
    hashes: tuple[CertificateHash, ...] = ()
    verified: bool = False
    certificate: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class TransactionsChosen:
    """Answers `ChooseTransactions`: the EVSEs where the transaction is to stop."""

    evse_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentSettled:
    """How the payment terminal's demand for money ended: Settled, Canceled, Rejected, Failed (2.1).

    psp_ref: the payment service provider's reference, which was the token. info: in the terminal's
    words. vat_number: for whom a receipt of a company is to be made out.
    """

    psp_ref: str = field(repr=False)
    status: str
    amount: float
    transaction_id: str | None = None
    info: str | None = None
    receipt_id: str | None = None
    receipt_url: str | None = None
    vat_number: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class VatNumberEntered:
    """A driver gave the VAT number of his company: is there such a company (2.1)."""

    vat_number: str = field(repr=False)
    evse_id: int | None = None


# --- requests ---


@dataclass(frozen=True, slots=True)
class ChooseTransactions:
    """A master pass was presented: let its bearer choose what to stop, and tell `TransactionsChosen`."""

    evse_ids: tuple[int, ...]


# --- news ---


@dataclass(frozen=True, slots=True)
class LanguagesPreferred:
    """News for the display: the languages of the driver at this EVSE (RFC 5646), the best first."""

    languages: tuple[str, ...]
    evse_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptMade:
    """News for the display: the back end has a receipt for this payment (2.1)."""

    psp_ref: str = field(repr=False)
    receipt_id: str | None = None
    receipt_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VatNumberChecked:
    """Answers `VatNumberEntered`; `known` is None where the back end did not answer (2.1).

    company: its name and address, line by line.
    """

    vat_number: str = field(repr=False)
    known: bool | None
    company: tuple[str, ...] = field(default=(), repr=False)
    evse_id: int | None = None


@dataclass(frozen=True, slots=True)
class WebPaymentStarted:
    """News for the display: a driver pays in the web for this EVSE, for at most so many seconds (2.1)."""

    evse_id: int
    timeout: float
