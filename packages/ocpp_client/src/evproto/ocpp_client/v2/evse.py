"""What is known of an EVSE and its connectors; statuses are derived from facts and never set."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from evproto.ocpp_client.bridge import FaultRaised, Flow, Reading
from evproto.ocpp_client.types import Timestamp
from evproto.ocpp_client.v21.datatypes import IdToken, MeterValue, TransactionLimit
from evproto.ocpp_client.v21.enums import ChargingStateEnum, ConnectorStatusEnum, ReasonEnum

MAX_SAMPLES = 200
"""Meter values kept for the Ended event; past it every second one between first and last goes."""


class Transaction(msgspec.Struct, kw_only=True):
    """A transaction as it stands in the store. `evse_id` is 0 while the EVSE is not known.

    id_token: of the driver who started it, None until there was one. stopped_reason: why the driver
    may not charge any more, where the transaction goes on nevertheless. energy: Wh on the meter,
    energy_start: when it began. limit: Wh on the meter at which energy is held back because the
    token turned out to be invalid. metered: the values of its begin were told. key_told: a public
    key went with a signed value. charged: seconds of energy flow. samples: for the Ended event.
    limits: what the driver or the back end allows (E16), cost: what it costs so far. written: the
    time of the last event.
    """

    id: str
    evse_id: int
    started: Timestamp
    written: Timestamp
    connector_id: int | None = None
    id_token: IdToken | None = None
    group_id_token: IdToken | None = None
    remote_start_id: int | None = None
    charging_state: ChargingStateEnum = ChargingStateEnum.IDLE
    stopped_reason: ReasonEnum | None = None
    energy_start: float | None = None
    energy: float | None = None
    limit: float | None = None
    metered: bool = False
    key_told: bool = False
    charged: float = 0.0
    limits: TransactionLimit | None = None
    limit_reached: bool = False
    cost: float | None = None
    samples: list[MeterValue] = msgspec.field(default_factory=list)

    def __repr__(self) -> str:
        """Without its tokens."""
        return f"Transaction(id={self.id!r}, evse_id={self.evse_id}, {self.charging_state.value})"

    def keep(self, sample: MeterValue) -> None:
        """Keep a sample for the Ended event."""
        self.samples.append(sample)
        if len(self.samples) > MAX_SAMPLES:
            self.samples[1:-1] = self.samples[1:-1:2]


@dataclass(slots=True)
class Grant:
    """The right of a driver to charge at an EVSE; it lasts until it is used up or taken back.

    told: whether a TransactionEvent has carried the token. evse_ids: the only EVSEs where it holds.
    """

    id_token: IdToken = field(repr=False)
    group_id_token: IdToken | None = field(default=None, repr=False)
    remote_start_id: int | None = None
    told: bool = False
    evse_ids: tuple[int, ...] = ()


@dataclass(slots=True)
class Connector:
    """`operative`: the back end's word on this connector alone.

    cable_left: a cable hangs in our socket without its vehicle; `cable_of`: whose token unlocks it.
    """

    evse_id: int
    id: int
    operative: bool = True
    plugged: bool = False
    cable_left: bool = False
    cable_of: IdToken | None = field(default=None, repr=False)
    fault: FaultRaised | None = None

    @property
    def faulted(self) -> bool:
        """Whether a fault keeps it from charging."""
        return self.fault is not None and self.fault.blocking


@dataclass(slots=True)
class Evse:
    """`operative`: the back end's word on this EVSE alone. reserved: kept for somebody.

    grant: who may charge here. powered: whether the charger was asked to deliver energy; paused:
    energy is held back. signed: signed data of the begin were received, not yet those of the end.
    counted_at: the monotonic time up to which `Transaction.charged` was counted.
    points: the conditions of TxStartPoint and TxStopPoint that hold. closing: it is about to be
    reset, and no transaction begins any more. updating: so for a firmware update (L01.FR.07).
    """

    id: int
    connector_count: int = 1
    connectors: dict[int, Connector] = field(init=False)
    operative: bool = True
    closing: bool = False
    updating: bool = False
    reserved: bool = False
    bay_occupied: bool = False
    fault: FaultRaised | None = None
    flow: Flow | None = None
    readings: tuple[Reading, ...] = ()
    grant: Grant | None = None
    powered: bool = False
    paused: bool = False
    signed: bool = False
    counted_at: float = 0.0
    points: frozenset[str] = frozenset()
    transaction: Transaction | None = None

    def __post_init__(self) -> None:
        self.connectors = {id: Connector(self.id, id) for id in range(1, self.connector_count + 1)}

    @property
    def connector(self) -> Connector | None:
        """The connector with the vehicle; None while there is none."""
        return next((one for one in self.connectors.values() if one.plugged), None)

    @property
    def faulted(self) -> bool:
        """Whether a fault of the EVSE as a whole keeps it from charging."""
        return self.fault is not None and self.fault.blocking

    @property
    def charging_state(self) -> ChargingStateEnum:
        """What follows from cable and energy."""
        if self.connector is None:
            return ChargingStateEnum.IDLE
        return ChargingStateEnum.EV_CONNECTED if self.flow is None else ChargingStateEnum(self.flow.value)

    def is_operative(self, connector: Connector | None, *, station_operative: bool) -> bool:
        """The back end's word, which waits for the end of a transaction that runs (G03.FR.05)."""
        transaction = self.transaction
        if transaction is not None and (
            connector is None or transaction.connector_id in (None, connector.id)
        ):
            return True
        usable = station_operative and self.operative and not self.updating
        return usable and (connector is None or connector.operative)

    def status(self, connector: Connector, *, station_operative: bool) -> ConnectorStatusEnum:
        """The availability of one connector: the first of these that holds."""
        if not self.is_operative(connector, station_operative=station_operative):
            return ConnectorStatusEnum.UNAVAILABLE
        if self.faulted or connector.faulted:
            return ConnectorStatusEnum.FAULTED
        if connector.plugged or connector.cable_left:
            return ConnectorStatusEnum.OCCUPIED
        return ConnectorStatusEnum.RESERVED if self.reserved else ConnectorStatusEnum.AVAILABLE


def same_token(one: IdToken | None, other: IdToken | None) -> bool:
    """Whether two tokens are the same; case does not matter (CiString)."""
    if one is None or other is None:
        return False
    return (one.id_token.casefold(), one.type) == (other.id_token.casefold(), other.type)
