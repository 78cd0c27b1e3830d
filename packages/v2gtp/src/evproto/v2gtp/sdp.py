"""SECC discovery: the server in the charger and the client in the car, as machines over datagrams.

ISO 15118-2 section 7.10.1 and ISO 15118-20 section 7.10.1. The client asks the multicast group
`SDP_GROUP` on port `SDP_PORT`, at most 50 times, no faster than every 250 ms.
"""

from __future__ import annotations

import enum
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv6Address
from typing import Any, TypeAlias

from evproto.core import Datagram, DecodeError, Kind, Machine, StateError, Trace, TraceSink
from evproto.v2gtp.sdp_messages import SdpRequest, SdpResponse, Security, Transport, decode_sdp

SDP_GROUP = "ff02::1"
SDP_PORT = 15118
REQUEST_INTERVAL = 0.25
"""Seconds from one request to the next, at the least ([V2G2-159])."""
MAX_REQUESTS = 50
"""Requests before the client gives up ([V2G2-161])."""

_BURST = 10
_REFILL = 8.0
_KNOWN_SOURCES = 64


class SdpFaultKind(enum.Enum):
    """Why a datagram was passed over."""

    MALFORMED = "Malformed"
    WRONG_MESSAGE = "WrongMessage"
    WRONG_TRANSPORT = "WrongTransport"
    WRONG_SECURITY = "WrongSecurity"
    WRONG_ADDRESS = "WrongAddress"
    TOO_MANY_REQUESTS = "TooManyRequests"


@dataclass(frozen=True, slots=True)
class SdpFault:
    """A datagram was passed over."""

    kind: SdpFaultKind
    reason: str
    source: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class SdpAnswered:
    """The server told a car where to connect."""

    request: SdpRequest
    response: SdpResponse
    source: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class SdpFound:
    """The client found its SECC. `source` is the address that the answer came from."""

    response: SdpResponse
    source: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class SdpFailed:
    """The client gave up after this many requests."""

    requests: int


SdpServerEvent: TypeAlias = SdpAnswered | SdpFault
SdpClientEvent: TypeAlias = SdpFound | SdpFailed | SdpFault


class SdpServer(Machine[Datagram, Datagram, SdpServerEvent]):
    """Answers cars with the address of our SECC.

    `tls_port` and `plain_port` say what the SECC offers; one of them at least. A car gets the
    security that it asks for where that is offered, else the other: the car decides whether it
    takes it. Only valid requests for TCP are
    answered, to the address that asked. One source is answered ten times at once and eight
    times a second after that, so that nobody makes us flood the link.
    """

    def __init__(
        self,
        address: IPv6Address,
        *,
        tls_port: int | None = None,
        plain_port: int | None = None,
        trace: TraceSink | None = None,
    ) -> None:
        super().__init__(trace=trace)
        self._responses = {
            security: SdpResponse(address, port, security)
            for security, port in ((Security.TLS, tls_port), (Security.NONE, plain_port))
            if port is not None
        }
        if not self._responses:
            raise ValueError("an SDP server needs a tls_port, a plain_port or both")
        self._buckets: OrderedDict[object, tuple[float, float]] = OrderedDict()

    def receive(self, item: Datagram, now: float) -> None:
        fault = self._handle(item, now)
        if fault is not None:
            self._events.append(fault)
            self._record(
                Trace(
                    time=now,
                    source="secc.sdp",
                    kind=Kind.FAULT,
                    name=fault.kind.value,
                    raw=item.data,
                    details={"reason": fault.reason},
                )
            )

    def _on_timer(self, name: str, now: float) -> None:
        raise AssertionError(f"an SDP server has no timer {name}")

    def _handle(self, item: Datagram, now: float) -> SdpFault | None:
        try:
            request = decode_sdp(item.data)
        except DecodeError as error:
            return SdpFault(SdpFaultKind.MALFORMED, str(error), item.address)
        if not isinstance(request, SdpRequest):
            return _wrong_message("SdpRequest", request, item)
        if request.transport is not Transport.TCP:
            return SdpFault(SdpFaultKind.WRONG_TRANSPORT, "expected TCP, got UDP", item.address)
        if not self._may_answer(item.address[0], now):
            return SdpFault(SdpFaultKind.TOO_MANY_REQUESTS, "one source asks too often", item.address)
        response = self._responses.get(request.security) or next(iter(self._responses.values()))
        data = response.to_bytes()
        self._record(_message(now, "secc.sdp", Kind.RECEIVED, request, item.data))
        self._record(_message(now, "secc.sdp", Kind.SENT, response, data))
        self._outputs.append(Datagram(data, item.address))
        self._events.append(SdpAnswered(request, response, item.address))
        return None

    def _may_answer(self, source: object, now: float) -> bool:
        """A bucket of tokens for each of the sources heard last."""
        tokens, filled = self._buckets.pop(source, (float(_BURST), now))
        tokens = min(float(_BURST), tokens + (now - filled) * _REFILL)
        allowed = tokens >= 1
        self._buckets[source] = (tokens - 1 if allowed else tokens, now)
        if len(self._buckets) > _KNOWN_SOURCES:
            self._buckets.popitem(last=False)
        return allowed


class SdpClient(Machine[Datagram, Datagram, SdpClientEvent]):
    """Asks for an SECC until one answers as wanted.

    `security` is asked for; `accept` are the answers that are taken, only that security where
    it is not given. `destination` is a socket address: the group with the scope of the
    interface. The search ends with `SdpFound` or `SdpFailed`.
    """

    def __init__(
        self,
        *,
        security: Security,
        accept: Collection[Security] | None = None,
        destination: tuple[Any, ...] = (SDP_GROUP, SDP_PORT, 0, 0),
        interval: float = REQUEST_INTERVAL,
        trace: TraceSink | None = None,
    ) -> None:
        super().__init__(trace=trace)
        if interval < REQUEST_INTERVAL:
            raise ValueError(f"expected an interval of at least {REQUEST_INTERVAL} s, got {interval}")
        self._request = SdpRequest(security)
        self._accept = frozenset(accept) if accept is not None else frozenset({security})
        self._destination = destination
        self._interval = interval
        self._requests = 0
        self._over = False

    def start(self, now: float) -> None:
        """Send the first request."""
        if self._requests:
            raise StateError("the SDP client has been started already")
        self._ask(now)

    def receive(self, item: Datagram, now: float) -> None:
        if self._over or not self._requests:
            return
        try:
            response = decode_sdp(item.data)
        except DecodeError as error:
            self._pass_over(SdpFault(SdpFaultKind.MALFORMED, str(error), item.address), item, now)
            return
        if not isinstance(response, SdpResponse):
            self._pass_over(_wrong_message("SdpResponse", response, item), item, now)
            return
        fault = self._check(response, item)
        if fault is not None:
            self._pass_over(fault, item, now)
            return
        self._record(_message(now, "evcc.sdp", Kind.RECEIVED, response, item.data))
        self._over = True
        self._timers.clear()
        self._events.append(SdpFound(response, item.address))

    def _on_timer(self, name: str, now: float) -> None:
        if self._requests < MAX_REQUESTS:
            self._ask(now)
            return
        self._over = True
        self._events.append(SdpFailed(self._requests))

    def _ask(self, now: float) -> None:
        self._requests += 1
        data = self._request.to_bytes()
        self._record(_message(now, "evcc.sdp", Kind.SENT, self._request, data))
        self._outputs.append(Datagram(data, self._destination))
        self._timers.start("request", now + self._interval)

    def _check(self, response: SdpResponse, item: Datagram) -> SdpFault | None:
        if response.transport is not Transport.TCP:
            return SdpFault(SdpFaultKind.WRONG_TRANSPORT, "expected TCP, got UDP", item.address)
        if response.security not in self._accept:
            wanted = " or ".join(sorted(security.name for security in self._accept))
            reason = f"expected {wanted}, got {response.security.name}"
            return SdpFault(SdpFaultKind.WRONG_SECURITY, reason, item.address)
        address = response.address
        if response.port == 0 or address.is_multicast or address.is_unspecified:
            reason = f"nobody can connect to [{address}]:{response.port}"
            return SdpFault(SdpFaultKind.WRONG_ADDRESS, reason, item.address)
        return None

    def _pass_over(self, fault: SdpFault, item: Datagram, now: float) -> None:
        self._events.append(fault)
        self._record(
            Trace(
                time=now,
                source="evcc.sdp",
                kind=Kind.FAULT,
                name=fault.kind.value,
                raw=item.data,
                details={"reason": fault.reason},
            )
        )


def _wrong_message(expected: str, got: object, item: Datagram) -> SdpFault:
    return SdpFault(
        SdpFaultKind.WRONG_MESSAGE, f"expected {expected}, got {type(got).__name__}", item.address
    )


def _message(now: float, source: str, kind: Kind, message: SdpRequest | SdpResponse, raw: bytes) -> Trace:
    details: dict[str, Any] = {"Security": message.security.name, "TransportProtocol": message.transport.name}
    if isinstance(message, SdpResponse):
        details = {"SECCIPAddress": str(message.address), "SECCPort": message.port, **details}
    return Trace(time=now, source=source, kind=kind, name=type(message).__name__, raw=raw, details=details)
