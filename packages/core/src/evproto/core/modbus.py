"""Modbus without a wire: requests, answers, the planning of blocks, and the server of one TCP stream.

MODBUS Application Protocol V1.1b3, functions 3, 4, 6 and 16; MODBUS Messaging on TCP/IP V1.0b.
Register contents are bytes, two for each register, high byte first, as they are on the wire.
"""

from __future__ import annotations

import enum
import struct
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from typing import Protocol, TypeAlias, TypeVar

from evproto.core.machine import CLOSE, StreamMachine

MAX_READ = 125
"""Registers in one read (6.3)."""
MAX_WRITE = 123
"""Registers in one write (6.12)."""
_T = TypeVar("_T")


class Function(enum.IntEnum):
    """The function codes that evproto uses."""

    READ_HOLDING = 3
    READ_INPUT = 4
    WRITE_SINGLE = 6
    WRITE_MULTIPLE = 16


class Code(enum.IntEnum):
    """Exception codes (clause 7)."""

    ILLEGAL_FUNCTION = 1
    ILLEGAL_ADDRESS = 2
    ILLEGAL_VALUE = 3
    DEVICE_FAILURE = 4
    ACKNOWLEDGE = 5
    BUSY = 6
    GATEWAY_PATH = 10
    GATEWAY_TARGET = 11


class Failure(enum.Enum):
    """Why a request has no answer."""

    TIMEOUT = "timeout"
    CLOSED = "closed"
    MISMATCH = "mismatch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Read `count` registers from `address`, counted from 0."""

    unit: int
    address: int
    count: int
    function: Function = Function.READ_HOLDING


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """Write `data` from `address` on; `single` uses function 6 for exactly one register."""

    unit: int
    address: int
    data: bytes
    single: bool = False

    @property
    def count(self) -> int:
        """How many registers are written."""
        return len(self.data) // 2

    @property
    def function(self) -> Function:
        """The function code of the request."""
        return Function.WRITE_SINGLE if self.single else Function.WRITE_MULTIPLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Registers:
    """What a `Read` brought."""

    unit: int
    function: int
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What answers a `Write`."""

    unit: int
    function: int
    address: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """An exception answer; `code` may be one that `Code` does not name."""

    unit: int
    function: int
    code: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """There is no answer, or none that belongs to the request."""

    failure: Failure
    text: str = ""


Request: TypeAlias = Read | Write
Answer: TypeAlias = Registers | Written | Refused | Failed
Flow: TypeAlias = Generator[Request, Answer, _T]
"""A conversation as a generator: it yields requests, is sent the answers, and returns its result."""


class Port(Protocol):
    """One Modbus line or connection, with one request under way at a time."""

    async def exchange(self, request: Request) -> Answer:
        """Send the request and bring its answer; raises nothing for what the peer or the line does."""


async def run_flow(flow: Flow[_T], port: Port) -> _T:
    """Carry a flow's requests to the port until it returns."""
    try:
        request = next(flow)
        while True:
            request = flow.send(checked(request, await port.exchange(request)))
    except StopIteration as end:
        result: _T = end.value
        return result
    finally:
        flow.close()


def checked(request: Request, answer: Answer) -> Answer:
    """The answer, or a `Failed` that says why it does not belong to the request."""
    if isinstance(answer, Failed):
        return answer
    if answer.unit != request.unit:
        return _mismatch(f"unit {answer.unit} answered for unit {request.unit}")
    if answer.function != request.function:
        return _mismatch(f"function {answer.function} answered function {request.function.value}")
    match request, answer:
        case _, Refused():
            return answer
        case Read(), Registers() if len(answer.data) == 2 * request.count:
            return answer
        case Write(), Written() if (answer.address, answer.count) == (request.address, request.count):
            return answer
    return _mismatch(f"an answer of another form or length: {answer}")


def _mismatch(text: str) -> Failed:
    return Failed(failure=Failure.MISMATCH, text=text)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Registers that belong together."""

    address: int
    count: int

    @property
    def end(self) -> int:
        """The first address behind."""
        return self.address + self.count


def plan_blocks(spans: Iterable[Span], *, max_count: int = MAX_READ, max_gap: int = 0) -> list[Span]:
    """The fewest blocks that cover all spans without cutting one that fits into a block.

    Gaps of up to `max_gap` registers are read along, for a gap costs less than a request. A span
    longer than `max_count` is cut, for no request holds it.
    """
    blocks: list[Span] = []
    for span in _pieces(spans, max_count):
        if blocks and span.address <= blocks[-1].end + max_gap:
            end = max(span.end, blocks[-1].end)
            if end - blocks[-1].address <= max_count:
                blocks[-1] = Span(blocks[-1].address, end - blocks[-1].address)
                continue
        blocks.append(span)
    return blocks


def _pieces(spans: Iterable[Span], max_count: int) -> Generator[Span, None, None]:
    for span in sorted(spans):
        for address in range(span.address, span.end, max_count):
            yield Span(address, min(max_count, span.end - address))


class RegisterDevice(Protocol):
    """What a server serves: a device, or several units behind one address."""

    def answer(self, request: Request) -> Answer | None:
        """The answer at once; None or `Failed` where nothing answers, as for a unit that is not there."""


class ServerConnection(StreamMachine[Request]):
    """The server's side of one Modbus/TCP stream; its events are the requests that came.

    Requests may come several in one segment or one in several: each is answered, in order.
    """

    def __init__(self, device: RegisterDevice) -> None:
        super().__init__()
        self._device = device
        self._buffer = bytearray()
        self._closed = False

    def receive(self, item: bytes, now: float) -> None:
        """Take bytes of the stream; what is no Modbus/TCP closes it."""
        del now
        if self._closed:
            return
        self._buffer += item
        while len(self._buffer) >= _MBAP.size:
            transaction, protocol, length, unit = _MBAP.unpack_from(self._buffer)
            if protocol != 0 or not 2 <= length <= 254:
                self._closed = True
                self._outputs.append(CLOSE)
                return
            if len(self._buffer) < 6 + length:
                return
            pdu = bytes(self._buffer[7 : 6 + length])
            del self._buffer[: 6 + length]
            answer = self._serve(unit, pdu)
            if answer is not None:
                self._outputs.append(_MBAP.pack(transaction, 0, len(answer) + 1, unit) + answer)

    def connection_lost(self, now: float) -> None:
        """Nothing is left to do: a server keeps nothing of a stream."""
        del now
        self._closed = True

    def _serve(self, unit: int, pdu: bytes) -> bytes | None:
        request = parse_request(unit, pdu)
        if isinstance(request, Refused):
            return build_answer(request)
        self._events.append(request)
        answer = self._device.answer(request)
        if answer is None or isinstance(answer, Failed):
            return None
        return build_answer(answer, echo=request.data if isinstance(request, Write) else b"")

    def _on_timer(self, name: str, now: float) -> None:
        raise AssertionError(name, now)


def parse_request(unit: int, pdu: bytes) -> Request | Refused:
    """The request in a PDU, or the refusal that it deserves (6.3, 6.4, 6.6, 6.12)."""
    function = pdu[0] if pdu else 0
    if function not in _FUNCTIONS:
        return Refused(unit=unit, function=function, code=Code.ILLEGAL_FUNCTION)
    bad = Refused(unit=unit, function=function, code=Code.ILLEGAL_VALUE)
    if len(pdu) < 5:
        return bad
    _, address, count = struct.unpack_from(">BHH", pdu)
    if function == Function.WRITE_SINGLE:
        return Write(unit=unit, address=address, data=pdu[3:5], single=True) if len(pdu) == 5 else bad
    if function == Function.WRITE_MULTIPLE:
        data = pdu[6:]
        if not 1 <= count <= MAX_WRITE or len(data) != 2 * count or pdu[5] != 2 * count:
            return bad
        return Write(unit=unit, address=address, data=data)
    if len(pdu) != 5 or not 1 <= count <= MAX_READ:
        return bad
    return Read(unit=unit, address=address, count=count, function=Function(function))


def build_answer(answer: Registers | Written | Refused, *, echo: bytes = b"") -> bytes:
    """The PDU of an answer; `echo` is the value that function 6 repeats."""
    match answer:
        case Registers():
            return bytes((answer.function, len(answer.data))) + answer.data
        case Written() if answer.function == Function.WRITE_SINGLE:
            return struct.pack(">BH", answer.function, answer.address) + echo
        case Written():
            return struct.pack(">BHH", answer.function, answer.address, answer.count)
        case Refused():
            return bytes((answer.function | 0x80, answer.code & 0xFF))


_FUNCTIONS = frozenset(function.value for function in Function)
_MBAP = struct.Struct(">HHHB")
