"""What a session tells its application, on the SECC side and on the EVCC side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from evproto.v2gtp.charging.quantities import (
    EvAcLimits,
    EvDcLimits,
    EvseAcLimits,
    EvseDcLimits,
    MeterReading,
    ProfileEntry,
    Schedule,
    Service,
)
from evproto.v2gtp.charging.terms import (
    Authorization,
    EndReason,
    EnergyTransferMode,
    EvError,
    EvseCondition,
    Isolation,
    Notification,
    Pilot,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStarted:
    """Session setup is done. `peer_id` is the EVCCID as hex text, or the EVSEID."""

    session_id: bytes
    peer_id: str
    resumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationWanted:
    """SECC: answer with `authorize`. Not sent where authorization is known already."""

    kind: Authorization


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationDone:
    """The user may charge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeParametersReceived:
    """SECC: what the car wants. Sent at the beginning and at each renegotiation."""

    mode: EnergyTransferMode
    limits: EvDcLimits | EvAcLimits
    departure_s: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulesWanted:
    """SECC with `own_schedules`: answer with `set_schedules`."""

    departure_s: int | None
    max_entries: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IsolationTestWanted:
    """SECC: test the isolation (with the output relays closed for it); answer with `isolation_result`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreChargeWanted:
    """SECC: bring the output to this voltage at no more than this current."""

    voltage_v: float
    current_a: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactorWanted:
    """Close or open the contactor (the charger's on the SECC, the car's on the EVCC side).

    Answer with `contactor` when it did. Open is an order: it stands whatever else happens.
    """

    closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetsChanged:
    """SECC, DC: give this voltage and current now."""

    voltage_v: float
    current_a: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyOffWanted:
    """SECC, DC: bring the output to no current now. Always before the contactor opens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvStatusChanged:
    """SECC, DC: state of charge, readiness, error, what is left to do (None: not told)."""

    soc_percent: float
    ready: bool
    error: EvError
    complete: bool | None = None
    bulk_complete: bool | None = None
    time_to_full_s: float | None = None
    time_to_bulk_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargingStarted:
    """Power delivery was accepted, with this schedule and what the car will draw."""

    schedule_id: int
    profile: tuple[ProfileEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargingStopped:
    """Power delivery was stopped in an orderly way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenegotiationStarted:
    """The schedule is negotiated anew; `by_ev` tells who began it."""

    by_ev: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptReceived:
    """SECC: the car signed for this reading (or did not, without Plug & Charge)."""

    reading: MeterReading


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicesOffered:
    """EVCC: what the charger offers."""

    modes: tuple[EnergyTransferMode, ...]
    authorizations: tuple[Authorization, ...]
    services: tuple[Service, ...]
    free: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationPending:
    """EVCC: the charger waits; `for_customer`: for somebody to show a card."""

    for_customer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EvseLimitsChanged:
    """EVCC: what the charger can give now."""

    limits: EvseDcLimits | EvseAcLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulesOffered:
    """EVCC: with `own_schedule`, answer with `choose_schedule`."""

    schedules: tuple[Schedule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotWanted:
    """EVCC: bring the pilot to this state (C or D to ask for energy, B to end)."""

    state: Pilot


@dataclass(frozen=True, slots=True, kw_only=True)
class EvsePresentChanged:
    """EVCC, DC: what the charger measures at its output; current None where it was not told.

    It comes with every response that carries it, changed or not.
    """

    voltage_v: float
    current_a: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvseConditionChanged:
    """EVCC: how the charger feels; `rcd` True: its residual current device saw a fault (AC)."""

    condition: EvseCondition
    isolation: Isolation | None = None
    rcd: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationReceived:
    """EVCC: the charger asks; the session obeys by itself within `max_delay_s`."""

    notification: Notification
    max_delay_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterReceived:
    """EVCC: a reading that the charger sent."""

    reading: MeterReading


@dataclass(frozen=True, slots=True, kw_only=True)
class WeldingChecked:
    """EVCC, DC: the voltage left after the contactors opened; above 60 V a contact may be welded."""

    voltage_v: float
    suspicious: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """Something took longer than its performance time, but not too long. No consequence.

    name: the message or the phase, in the standard's words. by_peer: whose delay it was.
    """

    name: str
    by_peer: bool
    seconds: float
    allowed_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerFault:
    """The peer did what the standard does not allow, or told us of a fault.

    name: the fault in the standard's words (a response code where there is one).
    """

    name: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEnded:
    """The last event of a session. `ok`: it ended as both sides wanted it."""

    reason: EndReason
    ok: bool
    detail: str = ""
    session_id: bytes = b""


SeccEvent: TypeAlias = (
    SessionStarted
    | AuthorizationWanted
    | AuthorizationDone
    | ChargeParametersReceived
    | SchedulesWanted
    | IsolationTestWanted
    | PreChargeWanted
    | ContactorWanted
    | TargetsChanged
    | SupplyOffWanted
    | EvStatusChanged
    | ChargingStarted
    | ChargingStopped
    | RenegotiationStarted
    | ReceiptReceived
    | Late
    | PeerFault
    | SessionEnded
)

EvccEvent: TypeAlias = (
    SessionStarted
    | ServicesOffered
    | AuthorizationPending
    | AuthorizationDone
    | EvseLimitsChanged
    | SchedulesOffered
    | PilotWanted
    | ContactorWanted
    | EvsePresentChanged
    | EvseConditionChanged
    | NotificationReceived
    | MeterReceived
    | ChargingStarted
    | ChargingStopped
    | RenegotiationStarted
    | WeldingChecked
    | Late
    | PeerFault
    | SessionEnded
)
