"""OCMF records (Open Charge Metering Format 1.4): what stands between the pipes, as typed data.

The signature covers the payload as it was sent, so a parsed record keeps that text and never writes
it anew.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

DEFAULT_ALGORITHM = "ECDSA-secp256r1-SHA256"
DER_TYPE = "application/x-der"


class TimeStatus(enum.Enum):
    """How the meter's clock stood (TM)."""

    UNKNOWN = "U"
    INFORMATIVE = "I"
    SYNCHRONIZED = "S"
    RELATIVE = "R"


class TransactionReason(enum.Enum):
    """Why a reading was taken (TX)."""

    BEGIN = "B"
    CHARGING = "C"
    EXCEPTION = "X"
    END = "E"
    TERMINATED_LOCALLY = "L"
    TERMINATED_REMOTELY = "R"
    ABORTED = "A"
    POWER_FAILURE = "P"
    SUSPENDED = "S"
    TARIFF_CHANGE = "T"


class MeterStatus(enum.Enum):
    """State of the meter at a reading (ST)."""

    NOT_PRESENT = "N"
    OK = "G"
    TIMEOUT = "T"
    DISCONNECTED = "D"
    NOT_FOUND = "R"
    MANIPULATED = "M"
    EXCHANGED = "X"
    INCOMPATIBLE = "I"
    OUT_OF_RANGE = "O"
    SUBSTITUTE = "S"
    OTHER_ERROR = "E"
    READ_ERROR = "F"


@dataclass(frozen=True, slots=True, kw_only=True)
class OcmfReading:
    """One reading (RD). Fields that the record leaves out are those of the reading before.

    `value` keeps the digits as sent, `unit` is kWh, Wh, mOhm or uOhm, `obis` as sent, `errors` any
    of "E" (energy) and "t" (time).
    """

    time: dt.datetime
    time_status: TimeStatus
    reason: TransactionReason | None = None
    value: Decimal | None = None
    obis: str | None = None
    unit: str | None = None
    current_type: str | None = None
    cumulated_loss: Decimal | None = None
    errors: str = ""
    status: MeterStatus = MeterStatus.OK

    @property
    def wh(self) -> Decimal | None:
        """The value in watt-hours, where it is an energy."""
        if self.value is None or self.unit not in ("kWh", "Wh"):
            return None
        return self.value * 1000 if self.unit == "kWh" else self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """The payload section. Names in the words of the specification; its keys are in `KEYS`."""

    pagination: str
    readings: tuple[OcmfReading, ...]
    format_version: str | None = None
    gateway_identification: str | None = None
    gateway_serial: str | None = None
    gateway_version: str | None = None
    meter_vendor: str | None = None
    meter_model: str | None = None
    meter_serial: str | None = None
    meter_firmware: str | None = None
    identification_status: bool | None = None
    identification_level: str | None = None
    identification_flags: tuple[str, ...] | None = None
    identification_type: str | None = None
    identification_data: str | None = None
    tariff_text: str | None = None
    charge_controller_version: str | None = None
    charge_point_type: str | None = None
    charge_point_identification: str | None = None
    loss_compensation: Mapping[str, object] | None = None
    extra: Mapping[str, object] = field(default_factory=dict)


KEYS = {
    "FV": "format_version",
    "GI": "gateway_identification",
    "GS": "gateway_serial",
    "GV": "gateway_version",
    "PG": "pagination",
    "MV": "meter_vendor",
    "MM": "meter_model",
    "MS": "meter_serial",
    "MF": "meter_firmware",
    "IS": "identification_status",
    "IL": "identification_level",
    "IF": "identification_flags",
    "IT": "identification_type",
    "ID": "identification_data",
    "TT": "tariff_text",
    "CF": "charge_controller_version",
    "CT": "charge_point_type",
    "CI": "charge_point_identification",
    "LC": "loss_compensation",
}
"""Keys of the payload but RD, in the order in which they are written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """The signature section: `data` in the form of `mime`, or r and s one after the other."""

    data: bytes
    algorithm: str = DEFAULT_ALGORITHM
    encoding: str = "hex"
    mime: str = DER_TYPE


@dataclass(frozen=True, slots=True, kw_only=True)
class Ocmf:
    """A record: `text` is the whole as sent, `signed_data` the bytes that the signature covers."""

    text: str
    signed_data: bytes
    payload: Payload
    signature: Signature
