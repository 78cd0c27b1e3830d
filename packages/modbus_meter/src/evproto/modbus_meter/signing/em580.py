"""Carlo Gavazzi EM580: the commands of a signing session as Modbus requests.

Registers as EVerest's driver uses them (modules/HardwareDrivers/PowerMeters/CarloGavazzi_EM580).
A state register says 0 not ready, 1 running, 2 record ready, 3 corrupted.
"""

from __future__ import annotations

from evproto.core.modbus import (
    MAX_READ,
    MAX_WRITE,
    Answer,
    Failed,
    Flow,
    Function,
    Read,
    Registers,
    Write,
    Written,
)
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

SIGNATURE_TYPE, PUBLIC_KEY = 0x24FF, 0x2500
IDENTIFICATION_STATUS, IDENTIFICATION_DATA = 0x7000, 0x7007
CHARGE_POINT = 0x701B
TARIFF_TEXT = 0x6900
LOCAL_TIME_OFFSET, UTC_TIME = 0x7031, 0x7032
MODALITY, COMMAND = 0x7036, 0x7040
STATE, SIZE, FILE = 0x7100, 0x7101, 0x7110
LARGEST_FILE = 2031
MARK = "<=>"
"""Stands in the tariff text before the transaction's id, for the meter has no field for that."""

LEVELS = ("NONE", "HEARSAY", "TRUSTED", "VERIFIED", "CERTIFIED", "SECURE", "MISMATCH", "INVALID", "OUTDATED")
FLAGS = {
    "RFID_NONE": (0, 0),
    "RFID_PLAIN": (0, 1),
    "RFID_RELATED": (0, 2),
    "RFID_PSK": (0, 3),
    "OCPP_NONE": (1, 0),
    "OCPP_RS": (1, 1),
    "OCPP_AUTH": (1, 2),
    "OCPP_RS_TLS": (1, 3),
    "OCPP_AUTH_TLS": (1, 4),
    "OCPP_CACHE": (1, 5),
    "OCPP_WHITELIST": (1, 6),
    "OCPP_CERTIFIED": (1, 7),
    "ISO15118_NONE": (2, 0),
    "ISO15118_PNC": (2, 1),
    "PLMN_NONE": (3, 0),
    "PLMN_RING": (3, 1),
    "PLMN_SMS": (3, 2),
}
"""Each flag's register among the four, and its value."""
TYPES = {
    "NONE": 0,
    "DENIED": 1,
    "UNDEFINED": 2,
    "ISO14443": 10,
    "ISO15693": 11,
    "EMAID": 20,
    "EVCCID": 21,
    "EVCOID": 30,
    "ISO7812": 40,
    "CARD_TXN_NR": 50,
    "CENTRAL": 60,
    "CENTRAL_1": 61,
    "CENTRAL_2": 62,
    "LOCAL": 70,
    "LOCAL_1": 71,
    "LOCAL_2": 72,
    "PHONE_NUMBER": 80,
    "KEY_CODE": 90,
}
_ACTIVITIES = {0: Activity.IDLE, 1: Activity.RUNNING, 2: Activity.RECORD_READY}


class _MeterError(Exception):
    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.text)
        self.failure = failure


def em580_command(command: Command, unit: int = 1) -> Flow[Reply]:
    """The Modbus conversation of one command; returns the reply for the session."""
    try:
        return (yield from _command(command, unit))
    except _MeterError as error:
        return error.failure


def _command(command: Command, unit: int) -> Flow[Reply]:
    match command:
        case GetStatus():
            return (yield from _status(unit))
        case SetTime(unix_seconds=seconds, offset_minutes=offset):
            yield from _write(unit, LOCAL_TIME_OFFSET, (offset & 0xFFFF).to_bytes(2, "big"))
            yield from _write(unit, UTC_TIME, _low_word_first(int(seconds).to_bytes(8, "big")))
        case Begin(request=request):
            for address, data in _transaction_registers(request):
                yield from _write(unit, address, data)
            yield from _write(unit, MODALITY, b"\0\0")
            yield from _write(unit, COMMAND, b"\0B")
        case End():
            yield from _write(unit, COMMAND, b"\0E")
        case ReadRecord():
            return (yield from _record(unit))
        case ConfirmRecord():
            yield from _write(unit, STATE, b"\0\0")
    return Done()


def _status(unit: int) -> Flow[Status]:
    state = int.from_bytes((yield from _read(unit, STATE, 1)), "big")
    activity = _ACTIVITIES.get(state)
    if activity is None:
        raise _MeterError(Failure(f"the state of the record is {state}: corrupted"))
    if activity is Activity.IDLE:
        return Status(activity)
    text = (yield from _read(unit, TARIFF_TEXT, 126)).split(b"\0", 1)[0].decode("utf-8", "replace")
    return Status(activity, text.rpartition(MARK)[2] if MARK in text else "")


def _record(unit: int) -> Flow[Record]:
    size = int.from_bytes((yield from _read(unit, SIZE, 1)), "big")
    if not 1 <= size <= LARGEST_FILE:
        raise _MeterError(Failure(f"a record of {size} registers"))
    data = yield from _read(unit, FILE, size)
    text = data.rstrip(b"\0").decode("utf-8", "replace")
    bits = {0: 256, 1: 384}.get(int.from_bytes((yield from _read(unit, SIGNATURE_TYPE, 1)), "big"))
    if bits is None:
        raise _MeterError(Failure("the meter has no signature key"))
    # one byte 04, x and y, one byte of padding
    key = yield from _read(unit, PUBLIC_KEY, bits // 8 + 1)
    return Record(text, key[:-1].hex())


def _transaction_registers(request: TransactionRequest) -> list[tuple[int, bytes]]:
    flags = [0, 0, 0, 0]
    for flag in request.identification_flags:
        place, value = FLAGS.get(flag, (None, 0))
        if place is None:
            raise _MeterError(Failure(f"the meter knows no flag {flag}"))
        flags[place] = value
    if request.identification_level not in LEVELS or request.identification_type not in TYPES:
        raise _MeterError(Failure("the meter does not know the level or type of identification"))
    head = [int(request.identification_status), LEVELS.index(request.identification_level), *flags]
    head.append(TYPES[request.identification_type])
    return [
        (IDENTIFICATION_STATUS, b"".join(value.to_bytes(2, "big") for value in head)),
        (IDENTIFICATION_DATA, _text(request.identification_data, 20, "identification data")),
        (CHARGE_POINT, b"\0\0"),
        (CHARGE_POINT + 1, _text(request.evse_id, 20, "EVSE id")),
        (TARIFF_TEXT, _text(f"{request.tariff_text}{MARK}{request.transaction_id}", 126, "tariff text")),
    ]


def _text(text: str, registers: int, what: str) -> bytes:
    data = text.encode() + b"\0"
    if len(data) > 2 * registers:
        # a shortened identification would be signed as if it were the whole
        raise _MeterError(Failure(f"the {what} has more than {2 * registers - 1} bytes"))
    return data + b"\0" * (len(data) % 2)


def _low_word_first(data: bytes) -> bytes:
    return b"".join(data[at : at + 2] for at in range(len(data) - 2, -1, -2))


def _read(unit: int, address: int, count: int) -> Flow[bytes]:
    data = b""
    while count:
        part = min(count, MAX_READ)
        answer = yield Read(unit=unit, address=address, count=part, function=Function.READ_INPUT)
        if not isinstance(answer, Registers):
            raise _MeterError(_failure(answer))
        data += answer.data
        address, count = address + part, count - part
    return data


def _write(unit: int, address: int, data: bytes) -> Flow[None]:
    for at in range(0, len(data), 2 * MAX_WRITE):
        answer = yield Write(unit=unit, address=address + at // 2, data=data[at : at + 2 * MAX_WRITE])
        if not isinstance(answer, Written):
            raise _MeterError(_failure(answer))


def _failure(answer: Answer) -> Failure:
    return Failure(str(answer), lost=isinstance(answer, Failed))
