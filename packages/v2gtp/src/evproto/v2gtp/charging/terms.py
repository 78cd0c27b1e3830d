"""The words in which a charging session speaks: modes, states, conditions, reasons."""

from __future__ import annotations

import enum


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
