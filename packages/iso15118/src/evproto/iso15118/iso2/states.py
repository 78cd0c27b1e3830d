"""Which message is allowed when, and what follows: the tables of both sides (ISO 15118-2, 8.7).

The machines, the tests and the drawings in docs/states come from these tables; a message that
has no row in the state is a sequence error. Two rules hold everywhere and have no rows: any
failed response, fault or timeout leads to `ENDED`, and an EVCC that is to stop before power
delivery goes from wherever it is to SessionStopReq.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import NamedTuple


class SeccState(enum.Enum):
    """What the SECC waits for."""

    SESSION_SETUP = "session setup"
    SERVICE_DISCOVERY = "service discovery"
    SERVICE_SELECTION = "service selection"
    AUTHORIZATION = "authorization"
    CHARGE_PARAMETERS = "charge parameters"
    CABLE_CHECK = "cable check"
    RENEGOTIATED = "cable check after renegotiation"
    PRE_CHARGE = "pre-charge"
    PRE_CHARGING = "pre-charge or power delivery"
    POWER_DELIVERY = "power delivery"
    AC_STARTED = "first charging status"
    AC_CHARGING = "charging status"
    AC_RECEIPT = "AC metering receipt"
    DC_STARTED = "first current demand"
    DC_CHARGING = "current demand"
    DC_RECEIPT = "DC metering receipt"
    DC_STOPPED = "welding detection or session stop"
    STOPPED = "session stop"
    ENDED = "ended"


class Outcome(enum.Enum):
    """How a request was answered, where that decides what follows."""

    OK = "OK"
    ONGOING = "ongoing"
    AC = "AC"
    DC = "DC"
    DC_AGAIN = "DC, renegotiated"
    AC_START = "AC start"
    DC_START = "DC start"
    AC_STOP = "AC stop"
    DC_STOP = "DC stop"
    RENEGOTIATE = "renegotiate"
    RECEIPT = "receipt required"


class Row(NamedTuple):
    """In `state`, the request named so, answered so, leads to `next`."""

    state: SeccState
    request: str
    outcome: Outcome
    next: SeccState


_S = SeccState
_O = Outcome

SECC_TABLE: tuple[Row, ...] = (
    Row(_S.SESSION_SETUP, "SessionSetupReq", _O.OK, _S.SERVICE_DISCOVERY),
    Row(_S.SERVICE_DISCOVERY, "ServiceDiscoveryReq", _O.OK, _S.SERVICE_SELECTION),
    Row(_S.SERVICE_SELECTION, "ServiceDetailReq", _O.OK, _S.SERVICE_SELECTION),
    Row(_S.SERVICE_SELECTION, "PaymentServiceSelectionReq", _O.OK, _S.AUTHORIZATION),
    Row(_S.AUTHORIZATION, "AuthorizationReq", _O.ONGOING, _S.AUTHORIZATION),
    Row(_S.AUTHORIZATION, "AuthorizationReq", _O.OK, _S.CHARGE_PARAMETERS),
    Row(_S.CHARGE_PARAMETERS, "ChargeParameterDiscoveryReq", _O.ONGOING, _S.CHARGE_PARAMETERS),
    Row(_S.CHARGE_PARAMETERS, "ChargeParameterDiscoveryReq", _O.AC, _S.POWER_DELIVERY),
    Row(_S.CHARGE_PARAMETERS, "ChargeParameterDiscoveryReq", _O.DC, _S.CABLE_CHECK),
    Row(_S.CHARGE_PARAMETERS, "ChargeParameterDiscoveryReq", _O.DC_AGAIN, _S.RENEGOTIATED),
    Row(_S.CABLE_CHECK, "CableCheckReq", _O.ONGOING, _S.CABLE_CHECK),
    Row(_S.CABLE_CHECK, "CableCheckReq", _O.OK, _S.PRE_CHARGE),
    # Cars of one maker skip cable check and pre-charge after a renegotiation and stay in state C.
    Row(_S.RENEGOTIATED, "CableCheckReq", _O.ONGOING, _S.CABLE_CHECK),
    Row(_S.RENEGOTIATED, "CableCheckReq", _O.OK, _S.PRE_CHARGE),
    Row(_S.RENEGOTIATED, "PowerDeliveryReq", _O.DC_START, _S.DC_STARTED),
    Row(_S.RENEGOTIATED, "PowerDeliveryReq", _O.DC_STOP, _S.DC_STOPPED),
    Row(_S.PRE_CHARGE, "PreChargeReq", _O.OK, _S.PRE_CHARGING),
    Row(_S.PRE_CHARGING, "PreChargeReq", _O.OK, _S.PRE_CHARGING),
    Row(_S.PRE_CHARGING, "PowerDeliveryReq", _O.DC_START, _S.DC_STARTED),
    Row(_S.PRE_CHARGING, "PowerDeliveryReq", _O.DC_STOP, _S.DC_STOPPED),
    Row(_S.POWER_DELIVERY, "PowerDeliveryReq", _O.AC_START, _S.AC_STARTED),
    Row(_S.POWER_DELIVERY, "PowerDeliveryReq", _O.AC_STOP, _S.STOPPED),
    Row(_S.AC_STARTED, "ChargingStatusReq", _O.OK, _S.AC_CHARGING),
    Row(_S.AC_STARTED, "ChargingStatusReq", _O.RECEIPT, _S.AC_RECEIPT),
    Row(_S.AC_CHARGING, "ChargingStatusReq", _O.OK, _S.AC_CHARGING),
    Row(_S.AC_CHARGING, "ChargingStatusReq", _O.RECEIPT, _S.AC_RECEIPT),
    Row(_S.AC_CHARGING, "PowerDeliveryReq", _O.AC_STOP, _S.STOPPED),
    Row(_S.AC_CHARGING, "PowerDeliveryReq", _O.RENEGOTIATE, _S.CHARGE_PARAMETERS),
    Row(_S.AC_RECEIPT, "MeteringReceiptReq", _O.OK, _S.AC_CHARGING),
    Row(_S.DC_STARTED, "CurrentDemandReq", _O.OK, _S.DC_CHARGING),
    Row(_S.DC_STARTED, "CurrentDemandReq", _O.RECEIPT, _S.DC_RECEIPT),
    Row(_S.DC_CHARGING, "CurrentDemandReq", _O.OK, _S.DC_CHARGING),
    Row(_S.DC_CHARGING, "CurrentDemandReq", _O.RECEIPT, _S.DC_RECEIPT),
    Row(_S.DC_CHARGING, "PowerDeliveryReq", _O.DC_STOP, _S.DC_STOPPED),
    Row(_S.DC_CHARGING, "PowerDeliveryReq", _O.RENEGOTIATE, _S.CHARGE_PARAMETERS),
    Row(_S.DC_RECEIPT, "MeteringReceiptReq", _O.OK, _S.DC_CHARGING),
    Row(_S.DC_STOPPED, "WeldingDetectionReq", _O.OK, _S.DC_STOPPED),
    Row(_S.DC_STOPPED, "SessionStopReq", _O.OK, _S.ENDED),
    Row(_S.STOPPED, "SessionStopReq", _O.OK, _S.ENDED),
    # [V2G2-543] and following: a car may leave at any time before power delivery.
    Row(_S.SERVICE_DISCOVERY, "SessionStopReq", _O.OK, _S.ENDED),
    Row(_S.SERVICE_SELECTION, "SessionStopReq", _O.OK, _S.ENDED),
    Row(_S.AUTHORIZATION, "SessionStopReq", _O.OK, _S.ENDED),
    Row(_S.CHARGE_PARAMETERS, "SessionStopReq", _O.OK, _S.ENDED),
    Row(_S.CABLE_CHECK, "SessionStopReq", _O.OK, _S.ENDED),
    Row(_S.RENEGOTIATED, "SessionStopReq", _O.OK, _S.ENDED),
    Row(_S.PRE_CHARGE, "SessionStopReq", _O.OK, _S.ENDED),
    Row(_S.PRE_CHARGING, "SessionStopReq", _O.OK, _S.ENDED),
    Row(_S.POWER_DELIVERY, "SessionStopReq", _O.OK, _S.ENDED),
)

SECC_NEXT: Mapping[tuple[SeccState, str, Outcome], SeccState] = {row[:3]: row.next for row in SECC_TABLE}
"""The table by what is known when an answer goes out."""

ACCEPTS: Mapping[SeccState, frozenset[str]] = {
    state: frozenset(row.request for row in SECC_TABLE if row.state is state) for state in SeccState
}
"""The requests that the SECC takes in each state."""

CHARGING: frozenset[SeccState] = frozenset(
    {_S.AC_STARTED, _S.AC_CHARGING, _S.AC_RECEIPT, _S.DC_STARTED, _S.DC_CHARGING, _S.DC_RECEIPT}
)
"""The states in which energy may flow."""


class Step(NamedTuple):
    """The response to `request`, of this outcome, is followed by the request `next`."""

    request: str
    outcome: Outcome
    next: str


END = "ended"
"""In place of a request: the EVCC has nothing more to ask."""

EVCC_TABLE: tuple[Step, ...] = (
    Step("SessionSetupReq", _O.OK, "ServiceDiscoveryReq"),
    Step("ServiceDiscoveryReq", _O.ONGOING, "ServiceDetailReq"),
    Step("ServiceDiscoveryReq", _O.OK, "PaymentServiceSelectionReq"),
    Step("ServiceDetailReq", _O.ONGOING, "ServiceDetailReq"),
    Step("ServiceDetailReq", _O.OK, "PaymentServiceSelectionReq"),
    Step("PaymentServiceSelectionReq", _O.OK, "AuthorizationReq"),
    Step("AuthorizationReq", _O.ONGOING, "AuthorizationReq"),
    Step("AuthorizationReq", _O.OK, "ChargeParameterDiscoveryReq"),
    Step("ChargeParameterDiscoveryReq", _O.ONGOING, "ChargeParameterDiscoveryReq"),
    Step("ChargeParameterDiscoveryReq", _O.AC, "PowerDeliveryReq"),
    Step("ChargeParameterDiscoveryReq", _O.DC, "CableCheckReq"),
    Step("CableCheckReq", _O.ONGOING, "CableCheckReq"),
    Step("CableCheckReq", _O.OK, "PreChargeReq"),
    Step("PreChargeReq", _O.ONGOING, "PreChargeReq"),
    Step("PreChargeReq", _O.OK, "PowerDeliveryReq"),
    Step("PowerDeliveryReq", _O.AC_START, "ChargingStatusReq"),
    Step("PowerDeliveryReq", _O.DC_START, "CurrentDemandReq"),
    Step("PowerDeliveryReq", _O.RENEGOTIATE, "ChargeParameterDiscoveryReq"),
    Step("PowerDeliveryReq", _O.AC_STOP, "SessionStopReq"),
    Step("PowerDeliveryReq", _O.DC_STOP, "WeldingDetectionReq"),
    Step("ChargingStatusReq", _O.OK, "ChargingStatusReq"),
    Step("ChargingStatusReq", _O.RECEIPT, "MeteringReceiptReq"),
    Step("ChargingStatusReq", _O.AC_STOP, "PowerDeliveryReq"),
    Step("ChargingStatusReq", _O.RENEGOTIATE, "PowerDeliveryReq"),
    Step("CurrentDemandReq", _O.OK, "CurrentDemandReq"),
    Step("CurrentDemandReq", _O.RECEIPT, "MeteringReceiptReq"),
    Step("CurrentDemandReq", _O.DC_STOP, "PowerDeliveryReq"),
    Step("CurrentDemandReq", _O.RENEGOTIATE, "PowerDeliveryReq"),
    Step("MeteringReceiptReq", _O.AC, "ChargingStatusReq"),
    Step("MeteringReceiptReq", _O.DC, "CurrentDemandReq"),
    Step("MeteringReceiptReq", _O.AC_STOP, "PowerDeliveryReq"),
    Step("MeteringReceiptReq", _O.DC_STOP, "PowerDeliveryReq"),
    Step("MeteringReceiptReq", _O.RENEGOTIATE, "PowerDeliveryReq"),
    Step("WeldingDetectionReq", _O.ONGOING, "WeldingDetectionReq"),
    Step("WeldingDetectionReq", _O.OK, "SessionStopReq"),
    Step("SessionStopReq", _O.OK, END),
)

EVCC_NEXT: Mapping[tuple[str, Outcome], str] = {step[:2]: step.next for step in EVCC_TABLE}
"""The table by what is known when a response came."""

REQUESTS: tuple[str, ...] = tuple(dict.fromkeys(step.request for step in EVCC_TABLE))
"""The requests of a session with external identification, in the order of a session."""
