"""Text to OCMF record; every fault says where it stands."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import enum
import json
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn, TypeVar

from evproto.core import DecodeError
from evproto.modbus_meter.ocmf.record import (
    DEFAULT_ALGORITHM,
    DER_TYPE,
    KEYS,
    MeterStatus,
    Ocmf,
    OcmfReading,
    Payload,
    Signature,
    TimeStatus,
    TransactionReason,
)

MAX_CHARACTERS = 1_000_000
_E = TypeVar("_E", bound=enum.Enum)
_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d),(\d{3})([+-]\d\d)(\d\d) ([UISR])")
_SIGNATURE_KEYS = {"SA", "SE", "SM", "SD"}
_INHERITED = ("TM", "TX", "RI", "RU", "RT", "EF", "ST")


def parse_ocmf(record: str | bytes) -> Ocmf:
    """The record in a text, white space around it left aside. DecodeError."""
    text = _text(record).strip()
    header, first, rest = text.partition("|")
    if header != "OCMF" or not first:
        raise DecodeError("the record does not begin with 'OCMF|'", offset=0, unit="character")
    section, second, signature = rest.partition("|")
    if not second:
        raise DecodeError("there is no signature section", offset=len(text), unit="character")
    if "|" in signature:
        at = len(text) - len(signature) + signature.index("|")
        raise DecodeError("there is a third section", offset=at, unit="character")
    payload = _json(section, 5)
    return Ocmf(
        text=text,
        signed_data=section.encode(),
        payload=_payload(payload),
        signature=_signature(_json(signature, len(text) - len(signature))),
    )


def _text(record: str | bytes) -> str:
    if len(record) > MAX_CHARACTERS:
        raise DecodeError(f"longer than {MAX_CHARACTERS}", offset=MAX_CHARACTERS)
    if isinstance(record, str):
        return record
    try:
        return record.decode()
    except UnicodeDecodeError as error:
        raise DecodeError("no UTF-8", offset=error.start) from None


def _json(section: str, start: int) -> dict[str, Any]:
    try:
        section.encode()
        data = json.loads(
            section,
            object_pairs_hook=_unique,
            parse_float=_short_decimal,
            parse_int=_short_decimal,
            parse_constant=_no_constant,
        )
    except json.JSONDecodeError as error:
        raise DecodeError(error.msg, offset=start + error.pos, unit="character") from None
    except (ValueError, RecursionError, InvalidOperation) as error:
        raise DecodeError(str(error) or "no number", offset=start, unit="character") from None
    if not isinstance(data, dict):
        raise DecodeError("the section is no JSON object", offset=start, unit="character")
    return data


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice!r} stands twice")
    return found


def _short_decimal(text: str) -> Decimal:
    if len(text) > 40:
        raise ValueError("a number of more than 40 digits")
    number = Decimal(text)
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or abs(exponent) > 30:
        raise ValueError(f"{text} is no number of a meter")
    return number


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON")


def _payload(data: dict[str, Any]) -> Payload:
    values: dict[str, Any] = {}
    for key, name in KEYS.items():
        if key in data and data[key] is not None:
            values[name] = _READ.get(key, _string)(data[key], key)
    if "PG" not in data:
        raise DecodeError("the pagination is missing", path="PG")
    if not re.fullmatch(r"[TF](0|[1-9]\d{0,18})", values["pagination"]):
        raise DecodeError(f"{values['pagination']!r} is no pagination", path="PG")
    extra = {key: value for key, value in data.items() if key not in KEYS and key != "RD"}
    return Payload(readings=_readings(data.get("RD")), extra=extra, **values)


def _string(value: object, path: str) -> str:
    if not isinstance(value, str):
        raise DecodeError(f"{value!r} is no text", path=path)
    return value


def _text_or_number(value: object, path: str) -> str:
    """Some vendors write numbers for what the specification has as text."""
    return str(value) if isinstance(value, Decimal) else _string(value, path)


def _boolean(value: object, path: str) -> bool:
    if not isinstance(value, bool):
        raise DecodeError(f"{value!r} is neither true nor false", path=path)
    return value


def _flags(value: object, path: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise DecodeError("a list is needed", path=path)
    return tuple(_string(item, f"{path}/{place}") for place, item in enumerate(value))


def _object(value: object, path: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise DecodeError("an object is needed", path=path)
    return value


_READ: dict[str, Callable[[object, str], object]] = {
    "IS": _boolean,
    "IF": _flags,
    "CT": _text_or_number,
    "LC": _object,
}


def _readings(value: object) -> tuple[OcmfReading, ...]:
    if not isinstance(value, list) or not value:
        raise DecodeError("there are no readings", path="RD")
    readings = []
    before: dict[str, Any] = {}
    for place, item in enumerate(value):
        path = f"RD/{place}"
        own = _object(item, path)
        whole = {key: before[key] for key in _INHERITED if key in before} | own
        readings.append(_reading(whole, path))
        before = whole
    return tuple(readings)


def _reading(data: dict[str, Any], path: str) -> OcmfReading:
    time, status = _time(data.get("TM"), f"{path}/TM")
    reason = data.get("TX")
    return OcmfReading(
        time=time,
        time_status=status,
        reason=None if reason in (None, "") else _enum(TransactionReason, reason, f"{path}/TX"),
        value=_number(data.get("RV"), f"{path}/RV"),
        obis=None if data.get("RI") is None else _string(data["RI"], f"{path}/RI"),
        unit=None if data.get("RU") is None else _string(data["RU"], f"{path}/RU"),
        current_type=None if data.get("RT") is None else _string(data["RT"], f"{path}/RT"),
        cumulated_loss=_number(data.get("CL"), f"{path}/CL"),
        errors=_string(data.get("EF", ""), f"{path}/EF"),
        status=_enum(MeterStatus, data.get("ST"), f"{path}/ST"),
    )


def _time(value: object, path: str) -> tuple[dt.datetime, TimeStatus]:
    match = _TIME.fullmatch(_string(value, path))
    if match is None:
        raise DecodeError(f"{value!r} is no time such as '2024-05-01T12:00:00,000+0200 S'", path=path)
    date, milliseconds, hours, minutes, status = match.groups()
    try:
        time = dt.datetime.fromisoformat(f"{date}.{milliseconds}{hours}:{minutes}")
    except ValueError as error:
        raise DecodeError(f"{value!r}: {error}", path=path) from None
    return time, TimeStatus(status)


def _number(value: object, path: str) -> Decimal | None:
    """A number; some meters send it as text with leading zeros or spaces."""
    if value is None or isinstance(value, Decimal):
        return value
    text = _string(value, path).strip(" ")
    try:
        if re.fullmatch(r"-?\d+(\.\d+)?", text, re.ASCII):
            return _short_decimal(text)
    except ValueError as error:
        raise DecodeError(str(error), path=path) from None
    raise DecodeError(f"{text!r} is no number", path=path)


def _enum(kind: type[_E], value: object, path: str) -> _E:
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(str(item.value) for item in kind)
        raise DecodeError(f"{value!r} is none of {known}", path=path) from None


def _signature(data: dict[str, Any]) -> Signature:
    unknown = set(data) - _SIGNATURE_KEYS
    if unknown:
        raise DecodeError(f"unknown key {min(unknown)!r} in the signature section", path=min(unknown))
    mime = _string(data.get("SM", DER_TYPE), "SM")
    if mime != DER_TYPE:
        raise DecodeError(f"{mime!r} is no known form of a signature", path="SM")
    encoding = _string(data.get("SE", "hex"), "SE")
    return Signature(
        data=_signature_bytes(_string(data.get("SD"), "SD"), encoding),
        algorithm=_string(data.get("SA", DEFAULT_ALGORITHM), "SA"),
        encoding=encoding,
        mime=mime,
    )


def _signature_bytes(text: str, encoding: str) -> bytes:
    try:
        if encoding == "hex":
            # one case throughout, so that no letter can be changed without a trace
            if not re.fullmatch(r"([0-9A-F]{2})+|([0-9a-f]{2})+", text):
                raise ValueError("no hexadecimal text of one case")
            return bytes.fromhex(text)
        if encoding == "base64":
            data = base64.b64decode(text, validate=True)
            if base64.b64encode(data).decode() != text:
                raise ValueError("bits behind the end")
            return data
    except (ValueError, binascii.Error) as error:
        raise DecodeError(str(error), path="SD") from None
    raise DecodeError(f"{encoding!r} is neither hex nor base64", path="SE")
