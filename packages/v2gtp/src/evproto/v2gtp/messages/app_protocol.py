"""The handshake messages of ISO 15118-2 8.2 (V2G_CI_AppProtocol) and their EXI codec."""

from __future__ import annotations

import enum
from typing import Annotated

from evproto.core import DecodeError
from evproto.exi import Codec, Message, Namespace, element
from evproto.exi.types import AnyURI, Interval, Length, UnsignedByte, UnsignedInt

APP_PROTOCOL = Namespace("urn:iso:15118:2:2010:AppProtocol", qualified_elements=False)

SchemaID = Annotated[UnsignedByte, APP_PROTOCOL.simple("idType")]
"""The number by which the EVCC calls one of its protocols."""

ProtocolName = Annotated[str, APP_PROTOCOL.simple("protocolNameType"), Length(max_length=30)]
"""Declared by the schema; no message holds it."""

ProtocolNamespace = Annotated[AnyURI, APP_PROTOCOL.simple("protocolNamespaceType"), Length(max_length=100)]
"""Namespace of the protocol's messages, such as urn:iso:15118:2:2013:MsgDef."""

Priority = Annotated[UnsignedByte, APP_PROTOCOL.simple("priorityType"), Interval(ge=1, le=20)]
"""Rank of a protocol; 1 is the one that the EVCC likes best."""

APP_PROTOCOL.declare(ProtocolName)


@APP_PROTOCOL.enumeration("responseCodeType")
class ResponseCode(enum.Enum):
    """Outcome of the handshake."""

    OK_SUCCESSFUL_NEGOTIATION = "OK_SuccessfulNegotiation"
    OK_SUCCESSFUL_NEGOTIATION_WITH_MINOR_DEVIATION = "OK_SuccessfulNegotiationWithMinorDeviation"
    FAILED_NO_NEGOTIATION = "Failed_NoNegotiation"


class AppProtocol(Message, namespace=APP_PROTOCOL):
    """A protocol that the EVCC speaks."""

    protocol_namespace: ProtocolNamespace = element("ProtocolNamespace")
    version_number_major: UnsignedInt = element("VersionNumberMajor")
    version_number_minor: UnsignedInt = element("VersionNumberMinor")
    schema_id: SchemaID = element("SchemaID")
    priority: Priority = element("Priority")


class SupportedAppProtocolReq(Message, namespace=APP_PROTOCOL, element="supportedAppProtocolReq", type=None):
    """The protocols that the EVCC speaks."""

    app_protocol: tuple[AppProtocol, ...] = element("AppProtocol", occurs=(1, 20))


class SupportedAppProtocolRes(Message, namespace=APP_PROTOCOL, element="supportedAppProtocolRes", type=None):
    """The protocol that the SECC chose, by its `schema_id`; absent when it speaks none of them."""

    response_code: ResponseCode = element("ResponseCode")
    schema_id: SchemaID | None = element("SchemaID", default=None)


CODEC = Codec("supportedAppProtocol", APP_PROTOCOL, roots=(SupportedAppProtocolReq, SupportedAppProtocolRes))
"""The schema set of V2G_CI_AppProtocol; its grammar is compiled on first use."""


def decode(data: bytes) -> SupportedAppProtocolReq | SupportedAppProtocolRes:
    """The handshake message in an EXI document; DecodeError for anything else."""
    message = CODEC.decode(data)
    if not isinstance(message, SupportedAppProtocolReq | SupportedAppProtocolRes):
        raise DecodeError(f"expected a supportedAppProtocol message, got {type(message).__name__}")
    return message


def encode(message: SupportedAppProtocolReq | SupportedAppProtocolRes) -> bytes:
    """The EXI document of a handshake message; EncodeError when a value is out of its range."""
    return CODEC.encode(message)
