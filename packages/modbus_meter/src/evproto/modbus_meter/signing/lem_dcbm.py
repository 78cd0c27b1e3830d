"""LEM DCBM 400 and 600: the commands of a signing session as HTTP requests.

Paths and bodies as EVerest's driver uses them (LemDCBM400600, API v1). The meter's manual asks for
at least two minutes between start and stop, and for a clock set within 48 hours.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from evproto.modbus_meter.signing.messages import (
    Activity,
    Begin,
    Command,
    ConfirmRecord,
    Done,
    End,
    Failure,
    GetStatus,
    ReadRecord,
    Record,
    Reply,
    SetTime,
    Status,
    TransactionRequest,
)


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request to the meter; `body` is JSON."""

    method: str
    path: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """What came back; `status` 0 where nothing did."""

    status: int
    body: str = ""


HttpFlow = Generator[HttpRequest, HttpResponse, Reply]
_ONGOING = 0b100


class _UnexpectedError(Exception):
    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.text)
        self.failure = failure


class LemDcbm:
    """Translates for one meter.

    The meter keeps its records for good and has no word for "read": `unread` is the id of the
    transaction whose record is still wanted, as the application stored it before a reboot.
    """

    def __init__(self, unread: str = "") -> None:
        self._unread = unread

    def command(self, command: Command) -> HttpFlow:
        """The HTTP conversation of one command; returns the reply for the session."""
        try:
            return (yield from self._command(command))
        except _UnexpectedError as error:
            return error.failure

    def _command(self, command: Command) -> HttpFlow:
        match command:
            case GetStatus():
                return (yield from self._status())
            case SetTime():
                yield from _set_time(command)
            case Begin(request=request):
                yield from _begin(request)
            case End(transaction_id=transaction):
                self._unread = transaction  # before: the end may work though its answer is lost
                yield from _end(transaction)
            case ReadRecord(transaction_id=transaction):
                return (yield from _record(transaction))
            case ConfirmRecord():
                self._unread = ""
        return Done()

    def _status(self) -> HttpFlow:
        status = yield from _json(HttpRequest("GET", "/v1/status"), 200)
        bits = _object(_object(status, "status"), "bits")
        if bits.get("transactionIsOnGoing") is True:
            legal = yield from _json(HttpRequest("GET", "/v1/legal"), 200)
            return Status(Activity.RUNNING, _string(legal, "transactionId"))
        return Status(Activity.RECORD_READY if self._unread else Activity.IDLE, self._unread)


def _begin(request: TransactionRequest) -> Generator[HttpRequest, HttpResponse, None]:
    body = {
        "evseId": request.evse_id,
        "transactionId": request.transaction_id,
        "clientId": request.identification_data,
        "tariffId": 0,
        "cableId": 0,
        "userData": request.tariff_text,
    }
    started = yield from _json(HttpRequest("POST", "/v1/legal", json.dumps(body)), 201)
    if started.get("running") is not True:
        raise _UnexpectedError(Failure("the meter did not start the transaction"))


def _end(transaction: str) -> Generator[HttpRequest, HttpResponse, None]:
    path = f"/v1/legal?transactionId={quote(transaction, safe='')}"
    ended = yield from _json(HttpRequest("PUT", path, '{"running": false}'), 200)
    status = _object(ended, "meterValue").get("transactionStatus", 0)
    if isinstance(status, int) and status & _ONGOING:
        raise _UnexpectedError(Failure("the transaction still runs"))


def _record(transaction: str) -> HttpFlow:
    response = yield from _expect(
        HttpRequest("GET", f"/v1/ocmf?transactionId={quote(transaction, safe='')}"), 200
    )
    if not response.body:
        return Failure("the record is empty")
    status = yield from _json(HttpRequest("GET", "/v1/status"), 200)
    return Record(response.body, _string(status, "publicKeyOcmf"))


def _set_time(command: SetTime) -> Generator[HttpRequest, HttpResponse, None]:
    utc = dt.datetime.fromtimestamp(command.unix_seconds, dt.UTC)
    hours, minutes = divmod(abs(command.offset_minutes), 60)
    sign = "-" if command.offset_minutes < 0 else "+"
    for setting in ({"utc": f"{utc:%Y-%m-%dT%H:%M:%SZ}"}, {"tz": f"{sign}{hours:02d}{minutes:02d}"}):
        body = json.dumps({"time": setting})
        answer = yield from _json(HttpRequest("PUT", "/v1/settings", body), 200)
        if answer.get("result") != 1:
            raise _UnexpectedError(Failure("the meter does not take the time"))


def _expect(request: HttpRequest, status: int) -> Generator[HttpRequest, HttpResponse, HttpResponse]:
    response = yield request
    if response.status != status:
        text = f"{request.method} {request.path}: status {response.status}, expected {status}"
        raise _UnexpectedError(Failure(text, lost=response.status == 0))
    return response


def _json(request: HttpRequest, status: int) -> Generator[HttpRequest, HttpResponse, dict[str, Any]]:
    response = yield from _expect(request, status)
    return _parsed(response.body)


def _parsed(body: str) -> dict[str, Any]:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _UnexpectedError(Failure(f"no JSON: {error}")) from None
    if not isinstance(data, dict):
        raise _UnexpectedError(Failure("the answer is no JSON object"))
    return data


def _object(data: dict[str, Any], key: str) -> dict[str, Any]:
    value = data.get(key, {})
    return value if isinstance(value, dict) else {}


def _string(data: dict[str, Any], key: str) -> str:
    value = data.get(key, "")
    return value if isinstance(value, str) else ""
