"""The words of the device model: names, attributes, mutabilities, answers (part 1, chapter 4).

They are the same for every version; their values are those of the messages of 2.0.1 and 2.1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, IntEnum
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Component:
    """The name of a component; without an EVSE it belongs to the whole station."""

    name: str
    instance: str | None = None
    evse_id: int | None = None
    connector_id: int | None = None

    @property
    def key(self) -> tuple[str, str, int, int]:
        """What tells components apart: names do not heed case."""
        return (*_folded(self.name, self.instance), self.evse_id or 0, self.connector_id or 0)


@dataclass(frozen=True, slots=True)
class Variable:
    """The name of a variable of a component."""

    name: str
    instance: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What tells variables of a component apart: names do not heed case."""
        return _folded(self.name, self.instance)


@lru_cache(maxsize=4096)
def _folded(name: str, instance: str | None) -> tuple[str, str]:
    """Equal keys are one object: names are many and the same in every station of a process."""
    return name.casefold(), (instance or "").casefold()


class Attribute(Enum):
    """The values that a variable may have."""

    ACTUAL = "Actual"
    TARGET = "Target"
    MIN_SET = "MinSet"
    MAX_SET = "MaxSet"


class Mutability(Enum):
    """What the back end may do with an attribute."""

    READ_ONLY = "ReadOnly"
    WRITE_ONLY = "WriteOnly"
    READ_WRITE = "ReadWrite"


class Source(IntEnum):
    """Who gave a value; a value from a component file never replaces one of another source."""

    DEFAULT = 0
    STATION = 1
    BACK_END = 2


class GetStatus(Enum):
    """How reading went (B06)."""

    ACCEPTED = "Accepted"
    REJECTED = "Rejected"
    UNKNOWN_COMPONENT = "UnknownComponent"
    UNKNOWN_VARIABLE = "UnknownVariable"
    NOT_SUPPORTED_ATTRIBUTE_TYPE = "NotSupportedAttributeType"


class SetStatus(Enum):
    """How writing went (B05)."""

    ACCEPTED = "Accepted"
    REJECTED = "Rejected"
    UNKNOWN_COMPONENT = "UnknownComponent"
    UNKNOWN_VARIABLE = "UnknownVariable"
    NOT_SUPPORTED_ATTRIBUTE_TYPE = "NotSupportedAttributeType"
    REBOOT_REQUIRED = "RebootRequired"


class Reason(Enum):
    """Why something was refused, as a reasonCode of StatusInfo (part 2, appendix 5)."""

    INTERNAL_ERROR = "InternalError"
    INVALID_VALUE = "InvalidValue"
    NOT_FOUND = "NotFound"
    OUT_OF_STORAGE = "OutOfStorage"
    READ_ONLY = "ReadOnly"
    TOO_LARGE_ELEMENT = "TooLargeElement"
    UNSUPPORTED_PARAM = "UnsupportedParam"
    VALUE_OUT_OF_RANGE = "ValueOutOfRange"
    VALUE_POSITIVE_ONLY = "ValuePositiveOnly"
    VALUE_TOO_HIGH = "ValueTooHigh"
    VALUE_TOO_LOW = "ValueTooLow"
    WRITE_ONLY = "WriteOnly"


@dataclass(frozen=True, slots=True)
class GetResult:
    """`value` stands only with ACCEPTED; one that was never set reads as an empty string."""

    status: GetStatus
    value: str | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class SetResult:
    """The answer to writing one attribute."""

    status: SetStatus
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """The Actual or Target of a variable has a new value."""

    component: Component
    variable: Variable
    attribute: Attribute
    value: str = field(repr=False)
    """May be a password; empty where there is no value any more."""
    source: Source
