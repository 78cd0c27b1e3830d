"""The supportedAppProtocol handshake: which language the two sides speak.

ISO 15118-2 section 8.2, ISO 15118-20 section 8.2, DIN SPEC 70121 section 9.2. The EVCC offers up
to 20 protocols, priority 1 first; the SECC takes the one that the EVCC ranks highest among
those that it speaks itself ([V2G2-169]).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from evproto.core import DecodeError
from evproto.v2gtp.language import AppProtocol
from evproto.v2gtp.messages import app_protocol as messages
from evproto.v2gtp.messages.app_protocol import (
    ResponseCode,
    SupportedAppProtocolReq,
    SupportedAppProtocolRes,
)

MAX_PROTOCOLS = 20


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the handshake led to: one of our own protocols and the EVCC's number for it.

    `minor_deviation` tells that the peer's minor version is another than ours.
    """

    protocol: AppProtocol
    schema_id: int
    minor_deviation: bool


def offer(protocols: Sequence[AppProtocol]) -> SupportedAppProtocolReq:
    """The request of an EVCC that speaks these protocols, best first.

    SchemaID and Priority count up from 1. ValueError when there are none or more than 20.
    """
    if not 1 <= len(protocols) <= MAX_PROTOCOLS:
        raise ValueError(f"expected 1 to {MAX_PROTOCOLS} protocols, got {len(protocols)}")
    return SupportedAppProtocolReq(
        app_protocol=tuple(
            messages.AppProtocol(
                protocol_namespace=protocol.namespace,
                version_number_major=protocol.version_major,
                version_number_minor=protocol.version_minor,
                schema_id=number,
                priority=number,
            )
            for number, protocol in enumerate(protocols, 1)
        )
    )


def choose(request: SupportedAppProtocolReq, ours: Sequence[AppProtocol]) -> Agreement | None:
    """What an SECC that speaks `ours` agrees to, or None.

    The major version has to be the same, the minor one may differ. An entry whose SchemaID
    another entry uses too cannot be named in the answer and is passed over. Entries of equal
    priority count in the order of the offer.
    """
    uses = Counter(entry.schema_id for entry in request.app_protocol)
    for entry in sorted(request.app_protocol, key=lambda entry: entry.priority):
        protocol = _match(entry, ours) if uses[entry.schema_id] == 1 else None
        if protocol is not None:
            deviates = protocol.version_minor != entry.version_number_minor
            return Agreement(protocol, entry.schema_id, deviates)
    return None


def answer(agreement: Agreement | None) -> SupportedAppProtocolRes:
    """The response of the SECC."""
    if agreement is None:
        return SupportedAppProtocolRes(response_code=ResponseCode.FAILED_NO_NEGOTIATION, schema_id=None)
    code = ResponseCode.OK_SUCCESSFUL_NEGOTIATION
    if agreement.minor_deviation:
        code = ResponseCode.OK_SUCCESSFUL_NEGOTIATION_WITH_MINOR_DEVIATION
    return SupportedAppProtocolRes(response_code=code, schema_id=agreement.schema_id)


def read_answer(response: SupportedAppProtocolRes, ours: Sequence[AppProtocol]) -> Agreement | None:
    """What the SECC agreed to of `offer(ours)`, or None when it refused.

    DecodeError when the answer names no protocol of the offer.
    """
    if response.response_code is ResponseCode.FAILED_NO_NEGOTIATION:
        return None
    number = response.schema_id
    if number is None or not 1 <= number <= len(ours):
        raise DecodeError(f"expected a SchemaID of 1 to {len(ours)}, got {number}", path="SchemaID")
    deviates = response.response_code is ResponseCode.OK_SUCCESSFUL_NEGOTIATION_WITH_MINOR_DEVIATION
    return Agreement(ours[number - 1], number, deviates)


def offered(request: SupportedAppProtocolReq) -> tuple[AppProtocol, ...]:
    """The protocols of the request, in the order of their priority."""
    return tuple(
        AppProtocol(entry.protocol_namespace, entry.version_number_major, entry.version_number_minor)
        for entry in sorted(request.app_protocol, key=lambda entry: entry.priority)
    )


def _match(entry: messages.AppProtocol, ours: Sequence[AppProtocol]) -> AppProtocol | None:
    """The best of ours for the entry: the same minor version first, then the highest."""
    fitting = [
        protocol
        for protocol in ours
        if protocol.namespace == entry.protocol_namespace
        and protocol.version_major == entry.version_number_major
    ]
    return max(
        fitting,
        key=lambda protocol: (protocol.version_minor == entry.version_number_minor, protocol.version_minor),
        default=None,
    )
