"""What the messages of all OCPP versions are made of."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeAlias

import msgspec

CustomData: TypeAlias = dict[str, Any]
"""Vendor data: `vendorId` and whatever else the vendor puts in; kept as it is."""


class OcppStruct(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, rename="camel"
):
    """Base of all messages and data types. Absent fields are None and are not sent."""


class Timestamp(datetime):
    """An instant with its offset, written with milliseconds.

    Strict back ends refuse more than three fractional digits, which is why this is no plain
    datetime.
    """

    @classmethod
    def of(cls, moment: datetime) -> Timestamp:
        """The timestamp of an aware datetime, in UTC."""
        if moment.tzinfo is None:
            raise ValueError("a timestamp needs an offset; the datetime has none")
        if type(moment) is cls and moment.tzinfo is UTC and not moment.microsecond % 1000:
            return moment
        utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
        milliseconds = utc.microsecond // 1000 * 1000
        return cls(utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second, milliseconds, UTC)

    @classmethod
    def parse(cls, text: str) -> Timestamp:
        """The timestamp that a peer wrote. One without an offset is taken as UTC, as field practice is.

        Raises ValueError.
        """
        moment = cls.fromisoformat(text)
        try:
            return cls.of(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
        except OverflowError:
            raise ValueError("its offset takes it out of the calendar") from None

    def __str__(self) -> str:
        return self.isoformat(timespec="milliseconds")[:23] + "Z"
