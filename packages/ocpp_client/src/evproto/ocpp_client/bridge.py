"""The one interface between the OCPP side of a station and its charger, the same for all versions.

The charger tells facts (`station.tell(fact, now)`), the station asks by requests, which come out
as its events. `evse_id` counts from 1; 0 is the whole station. In OCPP 1.6 it is the connector id.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from evproto.ocpp_client.bridge_authorization import (
    ChooseTransactions,
    ContractPresented,
    LanguagesPreferred,
    PaymentSettled,
    ReceiptMade,
    TransactionsChosen,
    VatNumberChecked,
    VatNumberEntered,
    WebPaymentStarted,
)
from evproto.ocpp_client.bridge_pricing import FinalCostTold, PriceTold, RunningCostTold
from evproto.ocpp_client.bridge_security import (
    CancelFirmware,
    ChainStatusBrought,
    ChainStatusNeeded,
    DownloadFirmware,
    EvCertificateBrought,
    EvCertificateNeeded,
    FirmwareDownloaded,
    InstallFirmware,
    Linked,
    OcspBrought,
    OcspNeeded,
    OwnCertificateRefused,
    SecurityLogged,
    UseNetwork,
)

ENERGY = "Energy.Active.Import.Register"
"""The measurand that transactions are billed by; in Wh."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What the station says of itself when it registers, and what it is.

    connectors: how many each EVSE has (2.x), one where nothing is said. fixed_cables: no connector
    can be unlocked. max_current: ampere per phase of each EVSE. vendor_ids: whose DataTransfer
    messages the application takes (2.x). custom_triggers: messages of its own that the back end may
    ask for (2.1). plug_and_charge: vehicles identify by contract. chooses: a display lets the bearer
    of a master pass choose what to stop. download_while_charging and install_while_charging: whether
    a firmware update leaves transactions alone.
    """

    vendor: str
    model: str
    serial_number: str | None = None
    firmware_version: str | None = None
    evse_count: int = 1
    connectors: tuple[int, ...] = ()
    fixed_cables: bool = False
    max_current: float = 32.0
    vendor_ids: tuple[str, ...] = ()
    custom_triggers: tuple[str, ...] = ()
    plug_and_charge: bool = False
    chooses: bool = False
    download_while_charging: bool = True
    install_while_charging: bool = False

    @property
    def connector_counts(self) -> tuple[int, ...]:
        """How many connectors each EVSE has, from EVSE 1 on."""
        return self.connectors or (1,) * self.evse_count


class Flow(enum.Enum):
    """What the energy does during a transaction."""

    CHARGING = "Charging"
    SUSPENDED_EV = "SuspendedEV"
    SUSPENDED_EVSE = "SuspendedEVSE"


class UnlockOutcome(enum.Enum):
    """How unlocking a connector went."""

    UNLOCKED = "Unlocked"
    FAILED = "UnlockFailed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedReading:
    """A value that the meter signed (OCMF, EDL): as it is to be passed on, in base 64."""

    data: str
    encoding: str
    signing_method: str = ""
    public_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One measured value, named as OCPP names measurands, phases and units."""

    measurand: str
    value: float
    unit: str
    phase: str | None = None
    location: str = "Outlet"
    signed: SignedReading | None = None


# --- facts: what the charger tells ---


@dataclass(frozen=True, slots=True)
class Plugged:
    """A vehicle is connected."""

    evse_id: int
    connector_id: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplugged:
    """The vehicle is gone; `cable_left`: its loose cable still hangs in our socket."""

    evse_id: int
    connector_id: int = 1
    cable_left: bool = False


@dataclass(frozen=True, slots=True)
class TokenPresented:
    """A driver identified; `evse_id` where the reader belongs to one.

    kind: an IdTokenEnumType of 2.x; NoAuthorization is the start button, with an empty token.
    additional: what else was read (2.x), pairs of an id and its type.
    """

    token: str = field(repr=False)
    evse_id: int | None = None
    kind: str = "ISO14443"
    additional: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class BayChanged:
    """The parking bay of this EVSE is occupied, or free again (2.x)."""

    evse_id: int
    occupied: bool


@dataclass(frozen=True, slots=True)
class StopPressed:
    """The driver ends the session at the station, or the emergency stop was hit."""

    evse_id: int
    emergency: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitChosen:
    """The driver set limits to his transaction at the station (2.1); Wh, percent, the tariff's currency."""

    evse_id: int
    energy: float | None = None
    seconds: int | None = None
    cost: float | None = None
    soc: int | None = None


@dataclass(frozen=True, slots=True)
class FlowChanged:
    """Energy flows, or one side holds it back."""

    evse_id: int
    flow: Flow


@dataclass(frozen=True, slots=True)
class Metered:
    """The meter's present values; tell them at least as often as they are to be reported."""

    evse_id: int
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRaised:
    """`code` is a ChargePointErrorCode of 1.6. `blocking`: nothing can be charged while it lasts."""

    evse_id: int
    connector_id: int | None = None
    code: str
    blocking: bool = True
    info: str | None = None
    vendor_code: str | None = None


@dataclass(frozen=True, slots=True)
class FaultCleared:
    """The fault is gone."""

    evse_id: int
    connector_id: int | None = None


@dataclass(frozen=True, slots=True)
class UnlockDone:
    """Answers `Unlock`."""

    evse_id: int
    outcome: UnlockOutcome
    connector_id: int = 1


@dataclass(frozen=True, slots=True)
class DiagnosticsNamed:
    """Answers `UploadDiagnostics`: the file that will be uploaded, or None when there is nothing."""

    file_name: str | None


@dataclass(frozen=True, slots=True)
class DiagnosticsChanged:
    """How the upload goes: Uploading, Uploaded, UploadFailed."""

    status: str


@dataclass(frozen=True, slots=True)
class FirmwareChanged:
    """How the update goes: Downloading, DownloadPaused, DownloadFailed, Installing, Installed, ..."""

    status: str
    request_id: int | None = None


@dataclass(frozen=True, slots=True)
class SecurityEvent:
    """Something that touches security happened; `kind` is a security event in the words of 2.x."""

    kind: str
    info: str | None = None


@dataclass(frozen=True, slots=True)
class LogNamed:
    """Answers `UploadLog`: the file that will be uploaded, or None when it is refused."""

    request_id: int
    file_name: str | None


@dataclass(frozen=True, slots=True)
class LogChanged:
    """How the upload of a log goes: Uploading, Uploaded, UploadFailure, ..."""

    request_id: int
    status: str


@dataclass(frozen=True, slots=True)
class ClockSet:
    """The charger's own source (NTP, GPS, a real-time clock) gave the time, aware (2.x)."""

    moment: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """A variable of the device model as the charger sees it: a temperature, a door, a fuse (2.x).

    StateError where the station has no such variable, or it cannot have this value.
    """

    component: str
    variable: str
    value: str = field(repr=False)
    instance: str | None = None
    evse_id: int | None = None
    connector_id: int | None = None


@dataclass(frozen=True, slots=True)
class DataTaken:
    """Answers `DataReceived`: a status in the words of OCPP (Accepted, Rejected, UnknownMessageId)."""

    id: int
    status: str
    data: Any = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class CustomerFound:
    """Answers `FindCustomer`: what is known of the customer, or was; empty where nothing is."""

    request_id: int
    data: str = field(repr=False)


Fact: TypeAlias = (
    Plugged
    | Unplugged
    | TokenPresented
    | ContractPresented
    | TransactionsChosen
    | PaymentSettled
    | VatNumberEntered
    | BayChanged
    | StopPressed
    | LimitChosen
    | FlowChanged
    | Metered
    | FaultRaised
    | FaultCleared
    | UnlockDone
    | DiagnosticsNamed
    | DiagnosticsChanged
    | FirmwareChanged
    | FirmwareDownloaded
    | Linked
    | OwnCertificateRefused
    | EvCertificateNeeded
    | OcspNeeded
    | ChainStatusNeeded
    | SecurityEvent
    | LogNamed
    | LogChanged
    | ClockSet
    | Observed
    | DataTaken
    | CustomerFound
)


# --- requests and news: what the station says ---


@dataclass(frozen=True, slots=True)
class Start:
    """Deliver energy: a transaction began."""

    evse_id: int


@dataclass(frozen=True, slots=True)
class Pause:
    """Deliver no energy, the transaction goes on (the token was refused after the start)."""

    evse_id: int


@dataclass(frozen=True, slots=True)
class Stop:
    """End energy delivery: the transaction ended; `reason` in the words of OCPP."""

    evse_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class Unlock:
    """Unlock the connector and tell `UnlockDone`."""

    evse_id: int
    connector_id: int = 1


@dataclass(frozen=True, slots=True)
class SetLimit:
    """Offer no more than `current`, ampere per phase, from now on."""

    evse_id: int
    current: float


@dataclass(frozen=True, slots=True)
class SetOperative:
    """Whether the EVSE, or one connector of it, may be used; it stands over a reboot."""

    evse_id: int
    operative: bool
    connector_id: int | None = None


@dataclass(frozen=True, slots=True)
class Restart:
    """Start anew; `hard`: as after a loss of power. All transactions have ended."""

    hard: bool


@dataclass(frozen=True, slots=True)
class RestartEvse:
    """Start one EVSE anew; no transaction runs there (2.x)."""

    evse_id: int


@dataclass(frozen=True, slots=True)
class DataReceived:
    """The back end sent data of a vendor whom the description names: tell `DataTaken` (2.x)."""

    id: int
    vendor_id: str
    message_id: str | None
    data: Any = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindCustomer:
    """Look for what the charger keeps of a customer, and tell `CustomerFound` (2.x).

    One of the three names him: a token with its kind, a name of the operator's own, the serial
    number of a contract certificate. clear: forget it after that.
    """

    request_id: int
    clear: bool
    token: str | None = field(default=None, repr=False)
    kind: str | None = None
    identifier: str | None = field(default=None, repr=False)
    certificate: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadDiagnostics:
    """Collect, tell `DiagnosticsNamed`, then upload and tell `DiagnosticsChanged`."""

    location: str = field(repr=False)
    """May carry a password."""
    retries: int
    retry_interval: float
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadLog:
    """Upload a log in place of one that is under way: tell `LogNamed`, then `LogChanged`.

    kind: DiagnosticsLog or SecurityLog.
    """

    request_id: int
    kind: str
    location: str = field(repr=False)
    """May carry a password."""
    retries: int
    retry_interval: float
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class TokenAccepted:
    """News for the display: charging may begin at this EVSE."""

    evse_id: int


@dataclass(frozen=True, slots=True)
class TokenRefused:
    """News for the display; `reason` in the words of OCPP, or why there is no place to charge."""

    reason: str
    evse_id: int | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """The back end answered our registration: Accepted, Pending or Rejected."""

    status: str


@dataclass(frozen=True, slots=True)
class MessageLost:
    """A durable message was given up after all its attempts."""

    action: str
    reason: str


@dataclass(frozen=True, slots=True)
class DataAnswered:
    """The back end's answer to `Station.transfer`: a status in the words of OCPP, None without an answer."""

    vendor_id: str
    status: str | None
    data: Any = field(default=None, repr=False)


Request: TypeAlias = (
    Start
    | Pause
    | Stop
    | Unlock
    | ChooseTransactions
    | SetLimit
    | SetOperative
    | Restart
    | RestartEvse
    | DataReceived
    | FindCustomer
    | UploadDiagnostics
    | UploadLog
    | DownloadFirmware
    | InstallFirmware
    | CancelFirmware
    | UseNetwork
    | EvCertificateBrought
    | OcspBrought
    | ChainStatusBrought
)


@dataclass(frozen=True, slots=True)
class CustomTriggered:
    """News: the back end asks for the message that the description names so (2.1)."""

    name: str


@dataclass(frozen=True, slots=True)
class CostTold:
    """News for the display: what the transaction costs so far, or in all where it has ended."""

    transaction_id: str
    total: float


@dataclass(frozen=True, slots=True)
class DriverTold:
    """News for the display: the back end's message to the driver, in the format that it names.

    transaction_id: None where it came with the authorization, before one.
    """

    transaction_id: str | None
    content: str
    format: str
    language: str | None = None


News: TypeAlias = (
    TokenAccepted
    | TokenRefused
    | LanguagesPreferred
    | ReceiptMade
    | VatNumberChecked
    | WebPaymentStarted
    | Registered
    | MessageLost
    | DataAnswered
    | CustomTriggered
    | CostTold
    | DriverTold
    | SecurityLogged
    | PriceTold
    | RunningCostTold
    | FinalCostTold
)
