"""One connector: its facts, and the status that follows from them (sections 4.9 and 7.7).

The status is never set, only derived; so no path through the code can leave a wrong one behind.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from evproto.ocpp_client.bridge import FaultRaised, Flow, Reading
from evproto.ocpp_client.v16.datatypes import MeterValue
from evproto.ocpp_client.v16.enums import ChargePointErrorCode, ChargePointStatus

MAX_SAMPLES = 200
"""Meter values kept for StopTransaction; past it every second one between first and last goes."""


class Transaction(msgspec.Struct, kw_only=True):
    """A transaction as it stands in the store. `id` is the back end's, None until it gave one.

    key: our own name of it. energy and meter_start: Wh.
    """

    key: str
    connector_id: int
    id_tag: str
    parent_id_tag: str | None = None
    reservation_id: int | None = None
    meter_start: int = 0
    energy: int = 0
    id: int | None = None
    energy_limit: int | None = None
    key_told: bool = False
    """Whether the back end has the public key of the meter."""
    samples: list[MeterValue] = msgspec.field(default_factory=list)

    def keep(self, sample: MeterValue) -> None:
        """Keep a sample for StopTransaction."""
        self.samples.append(sample)
        if len(self.samples) > MAX_SAMPLES:
            self.samples[1:-1] = self.samples[2:-1:2]


@dataclass(frozen=True, slots=True)
class Claim:
    """A token that was accepted and waits for its vehicle."""

    id_tag: str
    parent_id_tag: str | None


@dataclass(slots=True, kw_only=True)
class Connector:
    """What is known of one connector; 0 is the charge point as a whole."""

    id: int
    operative: bool = True
    updating: bool = False
    """A firmware update keeps it from starting a transaction (L01.FR.07)."""
    plugged: bool = False
    cable_left: bool = False
    finishing: bool = False
    reserved: bool = False
    flow: Flow | None = None
    claim: Claim | None = None
    transaction: Transaction | None = None
    fault: FaultRaised | None = None
    readings: tuple[Reading, ...] = ()

    @property
    def status(self) -> ChargePointStatus:
        """The status of section 7.7 that these facts make."""
        if self.faulted:
            return ChargePointStatus.FAULTED
        if self.transaction is not None:
            return ChargePointStatus.PREPARING if self.flow is None else ChargePointStatus(self.flow.value)
        if not self.operative or self.updating:
            return ChargePointStatus.UNAVAILABLE
        if self.claim is not None:
            return ChargePointStatus.PREPARING
        if self.finishing and (self.plugged or self.cable_left):
            return ChargePointStatus.FINISHING
        if self.plugged:
            return ChargePointStatus.PREPARING
        return ChargePointStatus.RESERVED if self.reserved else ChargePointStatus.AVAILABLE

    @property
    def error(self) -> ChargePointErrorCode:
        """The error code of the fault; codes that 1.6 does not know are OtherError."""
        if self.fault is None:
            return ChargePointErrorCode.NO_ERROR
        try:
            return ChargePointErrorCode(self.fault.code)
        except ValueError:
            return ChargePointErrorCode.OTHER_ERROR

    @property
    def faulted(self) -> bool:
        """Whether a fault keeps it from charging."""
        return self.fault is not None and self.fault.blocking

    @property
    def free(self) -> bool:
        """Whether a transaction may begin here, reservations aside."""
        return (
            self.operative
            and not self.updating
            and not self.faulted
            and self.transaction is None
            and self.claim is None
        )
