"""A simulated signing meter that can be spoken to as an EM580 (Modbus) or as a LEM DCBM (HTTP)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

from evproto.core.modbus import Answer, Code, Read, Refused, Registers, Request, Written
from evproto.modbus_meter.ocmf import (
    OcmfReading,
    Payload,
    Signer,
    TimeStatus,
    TransactionReason,
    sign_payload,
    write_payload,
)
from evproto.modbus_meter.signing import em580
from evproto.modbus_meter.signing.lem_dcbm import HttpRequest, HttpResponse
from evproto.modbus_meter.signing.messages import TransactionRequest


class SigningMeter:
    """What both fronts share: clock, transaction, record. `energy_wh` gives the counter."""

    def __init__(self, signer: Signer, energy_wh: Callable[[], float]) -> None:
        self.signer = signer
        self.running: TransactionRequest | None = None
        self.record = ""
        self.time: dt.datetime | None = None
        self.pagination = 0
        self._energy_wh = energy_wh
        self._begin: OcmfReading | None = None

    def set_time(self, unix_seconds: float, offset_minutes: int) -> None:
        """Set the clock; it stands still otherwise."""
        zone = dt.timezone(dt.timedelta(minutes=offset_minutes))
        self.time = dt.datetime.fromtimestamp(unix_seconds, zone)

    def begin(self, request: TransactionRequest) -> bool:
        """Begin a transaction; False without a clock or while one runs."""
        if self.running is not None or self.time is None:
            return False
        self.running = request
        self._begin = self._reading(TransactionReason.BEGIN)
        return True

    def end(self) -> bool:
        """End the transaction and sign its record."""
        if self.running is None or self._begin is None:
            return False
        request, self.running = self.running, None
        self.pagination += 1
        payload = Payload(
            format_version="1.4",
            gateway_identification="evproto simulation",
            gateway_serial="SIM-1",
            meter_serial="SIM-1",
            pagination=f"T{self.pagination}",
            identification_status=request.identification_status,
            identification_level=request.identification_level,
            identification_flags=request.identification_flags,
            identification_type=request.identification_type,
            identification_data=request.identification_data,
            tariff_text=request.tariff_text,
            charge_point_type="EVSEID",
            charge_point_identification=request.evse_id,
            readings=(self._begin, self._reading(TransactionReason.END)),
        )
        self.record = sign_payload(write_payload(payload), self.signer)
        return True

    def _reading(self, reason: TransactionReason) -> OcmfReading:
        assert self.time is not None
        return OcmfReading(
            time=self.time,
            time_status=TimeStatus.SYNCHRONIZED,
            reason=reason,
            value=Decimal(round(self._energy_wh())) / 1000,
            obis="01-00:B2.08.00",
            unit="kWh",
            current_type="AC",
        )


class Em580Front:
    """The meter's registers as an EM580 has them."""

    def __init__(self, meter: SigningMeter, *, unit: int = 1) -> None:
        self.meter = meter
        self._unit = unit
        self._registers: dict[int, bytes] = {}
        self._ready = False

    def answer(self, request: Request) -> Answer | None:
        """Serve one request; None for another unit."""
        if request.unit != self._unit:
            return None
        if isinstance(request, Read):
            self._show()
            addresses = range(request.address, request.address + request.count)
            data = b"".join(self._registers.get(address, b"\0\0") for address in addresses)
            return Registers(unit=request.unit, function=request.function, data=data)
        self._store(request.address, request.data)
        if not self._act(request.address, request.data):
            return Refused(unit=request.unit, function=request.function, code=Code.DEVICE_FAILURE)
        return Written(
            unit=request.unit, function=request.function, address=request.address, count=request.count
        )

    def _act(self, address: int, data: bytes) -> bool:
        match address, data:
            case em580.UTC_TIME, _:
                self.meter.set_time(int.from_bytes(_low_word_first(data), "big"), self._offset())
            case em580.COMMAND, b"\0B":
                return not self._ready and self.meter.begin(self._request())
            case em580.COMMAND, b"\0E":
                self._ready = self.meter.end() or self._ready
                return self._ready
            case em580.STATE, b"\0\0":
                self._ready = False
        return True

    def _show(self) -> None:
        state = 2 if self._ready else (1 if self.meter.running else 0)
        record = self.meter.record.encode() if self._ready else b""
        record += b"\0" * (len(record) % 2)
        self._store(em580.STATE, state.to_bytes(2, "big"))
        self._store(em580.SIZE, (len(record) // 2).to_bytes(2, "big"))
        self._store(em580.FILE, record)
        point = self.meter.signer.public_key.point
        self._store(em580.SIGNATURE_TYPE, (0 if len(point) == 64 else 1).to_bytes(2, "big"))
        self._store(em580.PUBLIC_KEY, b"\x04" + point + b"\0")

    def _request(self) -> TransactionRequest:
        tariff, _, transaction = self._text(em580.TARIFF_TEXT).rpartition(em580.MARK)
        values = [self._number(em580.IDENTIFICATION_STATUS + offset) for offset in range(7)]
        names = {code: name for name, code in em580.TYPES.items()}
        flags = {place: name for name, place in em580.FLAGS.items()}
        return TransactionRequest(
            transaction_id=transaction,
            evse_id=self._text(em580.CHARGE_POINT + 1),
            identification_status=bool(values[0]),
            identification_level=em580.LEVELS[values[1]],
            identification_flags=tuple(flags[i, value] for i, value in enumerate(values[2:6]) if value),
            identification_type=names[values[6]],
            identification_data=self._text(em580.IDENTIFICATION_DATA),
            tariff_text=tariff,
        )

    def _offset(self) -> int:
        return int.from_bytes(self._registers.get(em580.LOCAL_TIME_OFFSET, b"\0\0"), "big", signed=True)

    def _number(self, address: int) -> int:
        return int.from_bytes(self._registers.get(address, b"\0\0"), "big")

    def _text(self, address: int) -> str:
        data = b""
        while b"\0" not in data:
            data += self._registers.get(address + len(data) // 2, b"\0\0")
        return data.split(b"\0", 1)[0].decode("utf-8", "replace")

    def _store(self, address: int, data: bytes) -> None:
        for at in range(0, len(data), 2):
            self._registers[address + at // 2] = data[at : at + 2]


class LemFront:
    """The meter's HTTP interface as a LEM DCBM has it."""

    def __init__(self, meter: SigningMeter) -> None:
        self.meter = meter
        self._records: dict[str, str] = {}
        self._last = ""

    def respond(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        url = urlsplit(request.path)
        asked = parse_qs(url.query).get("transactionId", [""])[0]
        body = json.loads(request.body) if request.body else {}
        match request.method, url.path:
            case "GET", "/v1/status":
                bits = {"transactionIsOnGoing": self.meter.running is not None}
                key = self.meter.signer.public_key.to_der().hex()
                return _ok({"meterId": "SIM-1", "status": {"bits": bits}, "publicKeyOcmf": key})
            case "GET", "/v1/legal":
                return _ok({"transactionId": self._last, "running": self.meter.running is not None})
            case "PUT", "/v1/settings":
                return _ok({"result": int(self._set_time(body["time"]))})
            case "POST", "/v1/legal":
                return self._start(body)
            case "PUT", "/v1/legal" if self.meter.running and asked == self._last:
                self.meter.end()
                self._records[asked] = self.meter.record
                return _ok({"transactionId": asked, "meterValue": {"transactionStatus": 17}})
            case "GET", "/v1/ocmf" if asked in self._records:
                return HttpResponse(200, self._records[asked])
        return HttpResponse(404, "{}")

    def _start(self, body: dict[str, str]) -> HttpResponse:
        request = TransactionRequest(
            transaction_id=body["transactionId"],
            evse_id=body["evseId"],
            identification_data=body["clientId"],
            tariff_text=body["userData"],
        )
        running = self.meter.begin(request)
        if running:
            self._last = request.transaction_id
        return replace(_ok({"running": running}), status=201 if running else 409)

    def _set_time(self, setting: dict[str, str]) -> bool:
        if self.meter.running:
            return False
        if "utc" in setting:
            utc = dt.datetime.fromisoformat(setting["utc"])
            self.meter.set_time(utc.timestamp(), 0)
        elif self.meter.time is not None:
            minutes = int(setting["tz"][1:3]) * 60 + int(setting["tz"][3:])
            sign = -1 if setting["tz"][0] == "-" else 1
            self.meter.set_time(self.meter.time.timestamp(), sign * minutes)
        return True


def _ok(data: dict[str, object]) -> HttpResponse:
    return HttpResponse(200, json.dumps(data))


def _low_word_first(data: bytes) -> bytes:
    return b"".join(data[at : at + 2] for at in range(len(data) - 2, -1, -2))
