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
