"""Commands to a signing meter, its replies, and the events of a signing session."""

from __future__ import annotations

import enum
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionRequest:
    """What the meter shall sign. Identification in OCMF's words; the tariff text has at most 250."""

    transaction_id: str
    evse_id: str
    identification_status: bool = False
    identification_level: str = "NONE"
    identification_flags: tuple[str, ...] = ()
    identification_type: str = "NONE"
    identification_data: str = ""
    tariff_text: str = ""

    def __post_init__(self) -> None:
        if len(self.tariff_text) > 250 or len(self.identification_flags) > 4:
            raise ValueError("at most 250 characters of tariff text and four flags")


class Activity(enum.Enum):
    """What a meter is at."""

    IDLE = "idle"
    RUNNING = "running"
    RECORD_READY = "record_ready"


@dataclass(frozen=True, slots=True)
class GetStatus:
    """Tell what you are at."""


@dataclass(frozen=True, slots=True)
class SetTime:
    """Set the clock: seconds since 1970 in UTC, and minutes of local time ahead of UTC."""

    unix_seconds: float
    offset_minutes: int


@dataclass(frozen=True, slots=True)
class Begin:
    """Begin the transaction."""

    request: TransactionRequest


@dataclass(frozen=True, slots=True)
class End:
    """End the transaction; an empty id means the one that runs."""

    transaction_id: str


@dataclass(frozen=True, slots=True)
class ReadRecord:
    """Give the signed record."""

    transaction_id: str


@dataclass(frozen=True, slots=True)
class ConfirmRecord:
    """The record is safe here: it may be forgotten."""


Command = GetStatus | SetTime | Begin | End | ReadRecord | ConfirmRecord


@dataclass(frozen=True, slots=True)
class Status:
    """Reply to GetStatus."""

    activity: Activity
    transaction_id: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """Reply to SetTime, Begin, End and ConfirmRecord; some meters give the start record with Begin."""

    record: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """Reply to ReadRecord: the record, and the meter's public key where it gives one."""

    text: str
    public_key: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """The command failed; `lost` when no answer came and it is unknown whether it worked."""

    text: str
    lost: bool = False


Reply = Status | Done | Record | Failure


@dataclass(frozen=True, slots=True)
class Ready:
    """The meter is idle and its clock is set: a transaction may start."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """A transaction that this machine did not start was ended and its record read."""

    transaction_id: str
    record: str
    public_key: str


@dataclass(frozen=True, slots=True)
class Started:
    """The meter signs the transaction; `record` is the signed start where the meter gives one."""

    transaction_id: str
    record: str


@dataclass(frozen=True, slots=True)
class StartRefused:
    """The meter does not start: the charger must not either."""

    transaction_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """The transaction is over, its record read and confirmed."""

    transaction_id: str
    record: str
    public_key: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """The meter does not do what it should; the machine tries on."""

    text: str


SigningEvent = Ready | Recovered | Started | StartRefused | Stopped | Trouble
