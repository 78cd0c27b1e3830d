"""What the values of a variable may be (VariableCharacteristicsType) and whether a text is one of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum

from evproto.ocpp_client.device_model.terms import Reason
from evproto.ocpp_client.types import Timestamp

MAX_VALUE_LENGTH = 2500
"""What VariableAttributeType.value holds at most."""

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?([eE][+-]?[0-9]{1,2})?", re.ASCII)


class DataType(Enum):
    """The types of values."""

    STRING = "string"
    DECIMAL = "decimal"
    INTEGER = "integer"
    DATE_TIME = "dateTime"
    BOOLEAN = "boolean"
    OPTION_LIST = "OptionList"
    SEQUENCE_LIST = "SequenceList"
    MEMBER_LIST = "MemberList"

    @property
    def is_number(self) -> bool:
        """Whether values are compared as numbers."""
        return self in (DataType.DECIMAL, DataType.INTEGER)

    @property
    def is_list(self) -> bool:
        """Whether a value is several members with commas between them."""
        return self in (DataType.SEQUENCE_LIST, DataType.MEMBER_LIST)


@dataclass(frozen=True, slots=True)
class Characteristics:
    """The limits are those of numbers, or of the length of texts and lists."""

    data_type: DataType
    unit: str | None = None
    min_limit: Decimal | None = None
    max_limit: Decimal | None = None
    values_list: tuple[str, ...] = ()
    supports_monitoring: bool = False

    def refuse(self, text: str) -> Reason | None:
        """Why the text is no value of this variable, or None when it is one."""
        if len(text) > MAX_VALUE_LENGTH:
            return Reason.TOO_LARGE_ELEMENT
        match self.data_type:
            case DataType.INTEGER | DataType.DECIMAL:
                number = parse_number(self.data_type, text)
                return Reason.INVALID_VALUE if number is None else self._out_of_limits(number)
            case DataType.BOOLEAN:
                return None if text.casefold() in ("true", "false") else Reason.INVALID_VALUE
            case DataType.DATE_TIME:
                return None if parse_date_time(text) else Reason.INVALID_VALUE
            case DataType.STRING:
                return self._out_of_limits(Decimal(len(text)))
            case DataType.OPTION_LIST:
                return self._refuse_members([text])
            case DataType.SEQUENCE_LIST | DataType.MEMBER_LIST:
                return self._refuse_list(members(text))

    def canonical(self, text: str) -> str:
        """The same value as it is kept: booleans in small letters, lists without spaces."""
        if self.data_type is DataType.BOOLEAN:
            return text.casefold()
        return ",".join(members(text)) if self.data_type.is_list else text

    def _refuse_list(self, parts: list[str]) -> Reason | None:
        if self.data_type is DataType.MEMBER_LIST and len(set(parts)) != len(parts):
            return Reason.INVALID_VALUE
        return self._refuse_members(parts) or self._out_of_limits(Decimal(len(parts)))

    def _refuse_members(self, parts: list[str]) -> Reason | None:
        if self.values_list and not set(parts) <= set(self.values_list):
            return Reason.INVALID_VALUE
        return None

    def _out_of_limits(self, number: Decimal) -> Reason | None:
        if self.min_limit is not None and number < self.min_limit:
            return Reason.VALUE_TOO_LOW
        if self.max_limit is not None and number > self.max_limit:
            return Reason.VALUE_TOO_HIGH
        return None


def parse_number(data_type: DataType, text: str) -> Decimal | None:
    """The number that a text stands for, exactly, or None."""
    pattern = _INTEGER if data_type is DataType.INTEGER else _DECIMAL
    return Decimal(text) if pattern.fullmatch(text) else None


def parse_date_time(text: str) -> datetime | None:
    """The instant that a text stands for (RFC 3339), or None."""
    if "T" not in text.upper():
        return None
    try:
        return Timestamp.parse(text)
    except (ValueError, OverflowError):
        return None


def members(text: str) -> list[str]:
    """The members of a list; an empty text has none."""
    return [part.strip() for part in text.split(",")] if text.strip() else []
