"""What an application and a charging session say to each other, the same in every language.

Everything here is in plain SI units (V, A, W, Wh, s, percent) and knows no message: an
application written against it speaks DIN SPEC 70121, ISO 15118-2 and -20 alike. The application
gives facts and decisions as commands, hears wishes and facts as events. A session never waits:
it answers "ongoing" to its peer until the application has brought the fact that is missing.
"""

from __future__ import annotations

import enum
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from evproto.v2gtp.language import LanguageSession


class EnergyTransferMode(enum.Enum):
    """How energy gets into the car, in the words of ISO 15118-2."""

    AC_SINGLE_PHASE = "AC_single_phase_core"
    AC_THREE_PHASE = "AC_three_phase_core"
    DC_CORE = "DC_core"
    DC_EXTENDED = "DC_extended"
    DC_COMBO = "DC_combo_core"
    DC_UNIQUE = "DC_unique"

    @property
    def is_dc(self) -> bool:
        """Whether the charger outside the car makes the direct current."""
        return self.value.startswith("DC")


class Authorization(enum.Enum):
    """Who shows that the user may charge."""

    EXTERNAL = "external identification means"
    CONTRACT = "contract certificate (Plug & Charge)"


class Isolation(enum.Enum):
    """The finding of the isolation monitor."""

    INVALID = "no test has been made"
    VALID = "passed"
    WARNING = "passed, below the warning level"
    FAULT = "failed"
    NO_IMD = "no monitoring device"


class Pilot(enum.Enum):
    """The control pilot state of IEC 61851-1, as seen on the wire."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"

    @property
    def wants_energy(self) -> bool:
        """State C or D: the car asks for the contactor."""
        return self in (Pilot.C, Pilot.D)


class EvError(enum.Enum):
    """What a car complains of (DC_EVErrorCode)."""

    NONE = "no error"
    RESS_TEMPERATURE_INHIBIT = "battery too hot or too cold"
    SHIFT_POSITION = "not in park"
    CONNECTOR_LOCK_FAULT = "connector lock"
    RESS_MALFUNCTION = "battery malfunction"
    CURRENT_DIFFERENTIAL = "current differs from the request"
    VOLTAGE_OUT_OF_RANGE = "voltage out of range"
    SYSTEM_INCOMPATIBILITY = "incompatible charger"
    NO_DATA = "no data"
    RESERVED = "a code that the standard reserves"


class EvseCondition(enum.Enum):
    """How a DC charger feels (DC_EVSEStatusCode)."""

    NOT_READY = "not ready"
    READY = "ready"
    SHUTDOWN = "shutdown by the user or the charger"
    UTILITY_INTERRUPT = "the grid wants a pause"
    ISOLATION_MONITORING = "isolation test runs"
    EMERGENCY_SHUTDOWN = "emergency shutdown"
    MALFUNCTION = "malfunction"
    RESERVED = "a code that the standard reserves"


class Notification(enum.Enum):
    """What a charger asks of the car."""

    NONE = "nothing"
    STOP_CHARGING = "stop charging"
    RENEGOTIATION = "renegotiate the schedule"


class EndReason(enum.Enum):
    """Why a session ended."""

    FINISHED = "session stop, terminate"
    PAUSED = "session stop, pause"
    ABORTED = "the application aborted it"
    UNPLUGGED = "pilot state A: the cable was pulled"
    CONNECTION_LOST = "the connection ended before session stop"
    EMERGENCY_SHUTDOWN = "emergency shutdown"
    SETUP_TIMEOUT = "communication setup took too long"
    SEQUENCE_TIMEOUT = "the peer sent no further request"
    MESSAGE_TIMEOUT = "the peer did not answer"
    ONGOING_TIMEOUT = "a phase stayed ongoing for too long"
    CABLE_CHECK_TIMEOUT = "cable check took too long"
    PRE_CHARGE_TIMEOUT = "pre-charge took too long"
    CONTACTOR_TIMEOUT = "the contactor did not follow"
    PILOT_TIMEOUT = "the pilot did not change to state C, D or B"
    ISOLATION_FAULT = "the isolation test failed"
    NOT_AUTHORIZED = "authorization was refused"
    SEQUENCE_ERROR = "a message came out of order"
    WRONG_SESSION = "a message carried a foreign session id"
    MALFORMED_MESSAGE = "a message could not be decoded"
    REFUSED = "we refused a request of the peer"
    PEER_REFUSED = "the peer refused our request"
    INCOMPATIBLE = "the two sides have nothing in common"
    EV_ERROR = "the car reported an error"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvseDcLimits:
    """What a DC charger can give. `energy_wh` limits the session, None for no limit."""

    max_voltage_v: float
    max_current_a: float
    max_power_w: float
    min_voltage_v: float = 0.0
    min_current_a: float = 0.0
    peak_current_ripple_a: float = 0.0
    current_regulation_tolerance_a: float | None = None
    energy_wh: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvseAcLimits:
    """What an AC charger can give: line voltage to neutral and current per phase."""

    nominal_voltage_v: float
    max_current_a: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EvDcLimits:
    """What a car takes of direct current."""

    max_voltage_v: float
    max_current_a: float
    max_power_w: float | None = None
    energy_capacity_wh: float | None = None
    energy_request_wh: float | None = None
    full_soc_percent: float | None = None
    bulk_soc_percent: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvAcLimits:
    """What a car takes of alternating current, per phase; `energy_wh` is what it wants in all."""

    max_voltage_v: float
    max_current_a: float
    min_current_a: float
    energy_wh: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleEntry:
    """From `start_s` (seconds after the offer) on at most this power."""

    start_s: int
    max_power_w: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Power over time, entries in the order of their start; the last one lasts to `end_s`."""

    id: int
    entries: tuple[ScheduleEntry, ...]
    end_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileEntry:
    """From `start_s` on the car will draw at most this power."""

    start_s: int
    max_power_w: float
    phases: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterReading:
    """A reading of the meter: energy so far, and the signature where the meter makes one."""

    meter_id: str
    energy_wh: int
    signature: bytes | None = None
    status: int | None = None
    time_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A value added service; `parameter_sets` maps the set's id to named values."""

    id: int
    name: str | None = None
    category: str = "OtherCustom"
    scope: str | None = None
    free: bool = True
    parameter_sets: Mapping[int, Mapping[str, bool | int | str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeccConfig:
    """A charger as every language wants it described.

    Of `dc_limits` and `ac_limits` those that `modes` needs must be there. `authorized` True is
    a charger that asks nobody. `own_schedules` False: the session offers one schedule made of
    the limits; True: the application answers `SchedulesWanted` with `set_schedules`.
    """

    evse_id: str
    modes: tuple[EnergyTransferMode, ...]
    dc_limits: EvseDcLimits | None = None
    ac_limits: EvseAcLimits | None = None
    authorized: bool = False
    free_service: bool = False
    services: tuple[Service, ...] = ()
    receipt_wanted: bool = False
    own_schedules: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EvccConfig:
    """A car as every language wants it described.

    The first of `modes` that the charger offers is taken. Intervals are the pace in seconds at
    which the car asks again. `own_schedule` True: the application answers `SchedulesOffered`
    with `choose_schedule`. `services` are the ids of value added services to take where they are
    offered. `resume` is the id of a paused session. `welding_polls` is how often
    the car asks for the voltage after charging, unless it fell below 60 V before.
    """

    evcc_id: bytes
    modes: tuple[EnergyTransferMode, ...]
    dc_limits: EvDcLimits | None = None
    ac_limits: EvAcLimits | None = None
    departure_s: int | None = None
    own_schedule: bool = False
    services: tuple[int, ...] = ()
    resume: bytes | None = None
    loop_interval_s: float = 0.1
    status_interval_s: float = 0.5
    ongoing_interval_s: float = 0.1
    welding_polls: int = 3


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


class SeccSession(LanguageSession[SeccEvent]):
    """The charger's side of a charging session.

    Facts (`set_...`, `pilot`, `contactor`, `meter`) may be told at any time, the sooner the
    better, and are ignored after the end. Decisions raise `StateError` where nobody waits for
    them or after the end.
    """

    @abstractmethod
    def authorize(self, accepted: bool, now: float) -> None:
        """The answer to `AuthorizationWanted`; may come before it was asked for."""

    @abstractmethod
    def set_limits(self, limits: EvseDcLimits | EvseAcLimits, now: float) -> None:
        """What the charger can give from now on; told to the car with the next answer that can."""

    @abstractmethod
    def set_schedules(self, schedules: tuple[Schedule, ...], now: float) -> None:
        """The offer for this and later negotiations: one to three schedules."""

    @abstractmethod
    def set_present(self, voltage_v: float, current_a: float, now: float) -> None:
        """What is measured at the DC output."""

    @abstractmethod
    def isolation_result(self, isolation: Isolation, now: float) -> None:
        """The answer to `IsolationTestWanted`."""

    @abstractmethod
    def contactor(self, closed: bool, now: float) -> None:
        """The contactor's auxiliary contact says closed or open."""

    @abstractmethod
    def pilot(self, state: Pilot, now: float) -> None:
        """The pilot state seen; A ends the session."""

    @abstractmethod
    def meter(self, reading: MeterReading, now: float) -> None:
        """A fresh reading for the car."""

    @abstractmethod
    def set_rcd(self, tripped: bool, now: float) -> None:
        """AC: the residual current device."""

    @abstractmethod
    def stop(self, now: float, *, max_delay_s: float = 0.0) -> None:
        """Ask the car to stop charging within `max_delay_s`."""

    @abstractmethod
    def renegotiate(self, now: float, *, max_delay_s: float = 0.0) -> None:
        """Ask the car to negotiate the schedule anew."""

    @abstractmethod
    def emergency_shutdown(self, now: float) -> None:
        """Output off and contactor open at once; the car is told with every answer from now on."""

    @abstractmethod
    def abort(self, now: float) -> None:
        """End at once, without another word to the car."""


class EvccSession(LanguageSession[EvccEvent]):
    """The car's side of a charging session; facts and decisions as in `SeccSession`.

    The car sends the first request by itself when the session opens.
    """

    @abstractmethod
    def set_battery(self, voltage_v: float, soc_percent: float, now: float) -> None:
        """Voltage of the battery and its state of charge."""

    @abstractmethod
    def set_targets(self, voltage_v: float, current_a: float, now: float) -> None:
        """DC: what the car wants in the charge loop."""

    @abstractmethod
    def set_limits(self, limits: EvDcLimits | EvAcLimits, now: float) -> None:
        """What the car takes from now on."""

    @abstractmethod
    def set_ready(self, ready: bool, error: EvError, now: float) -> None:
        """Whether the car is able to charge. An error stops charging."""

    @abstractmethod
    def set_progress(
        self,
        now: float,
        *,
        complete: bool = False,
        bulk_complete: bool | None = None,
        time_to_full_s: float | None = None,
        time_to_bulk_s: float | None = None,
    ) -> None:
        """How far the charge has come; `complete` stops charging."""

    @abstractmethod
    def contactor(self, closed: bool, now: float) -> None:
        """The car's contactor is closed or open: the answer to `ContactorWanted`."""

    @abstractmethod
    def choose_schedule(self, schedule_id: int, profile: tuple[ProfileEntry, ...], now: float) -> None:
        """The answer to `SchedulesOffered`, with `own_schedule`."""

    @abstractmethod
    def stop(self, now: float) -> None:
        """Stop charging and end the session."""

    @abstractmethod
    def pause(self, now: float) -> None:
        """Stop charging and pause the session, to be resumed with `EvccConfig.resume`."""

    @abstractmethod
    def renegotiate(self, now: float) -> None:
        """Negotiate the schedule anew."""

    @abstractmethod
    def unplugged(self, now: float) -> None:
        """The proximity contact says that the connector is out."""

    @abstractmethod
    def abort(self, now: float) -> None:
        """End at once, without another word to the charger."""
