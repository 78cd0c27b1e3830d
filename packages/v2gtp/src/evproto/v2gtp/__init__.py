"""V2G transport: V2GTP frames, SDP, supportedAppProtocol and the SECC and EVCC endpoints."""

from typing import TYPE_CHECKING

from evproto.core.lazy import lazy

if TYPE_CHECKING:
    from evproto.v2gtp.app_protocol import Agreement
    from evproto.v2gtp.endpoint import Endpoint, Phase
    from evproto.v2gtp.evcc import Evcc
    from evproto.v2gtp.events import (
        ConnectionEnded,
        EndpointEvent,
        EndpointFault,
        EndpointFaultKind,
        EndpointLate,
        EndpointTimedOut,
        EndpointTimer,
        NoCommonProtocol,
        ProtocolAgreed,
    )
    from evproto.v2gtp.frames import (
        FrameFault,
        FrameFaultKind,
        FrameParser,
        PayloadType,
        decode_datagram,
        encode_frame,
    )
    from evproto.v2gtp.language import AppProtocol, Frame, Language, LanguageSession, SessionContext
    from evproto.v2gtp.sdp import (
        SDP_GROUP,
        SDP_PORT,
        SdpAnswered,
        SdpClient,
        SdpClientEvent,
        SdpFailed,
        SdpFault,
        SdpFaultKind,
        SdpFound,
        SdpServer,
        SdpServerEvent,
    )
    from evproto.v2gtp.sdp_messages import (
        SdpMessage,
        SdpRequest,
        SdpRequestWireless,
        SdpResponse,
        SdpResponseWireless,
        Security,
        Transport,
        decode_sdp,
    )
    from evproto.v2gtp.secc import Secc

__all__ = [
    "SDP_GROUP",
    "SDP_PORT",
    "Agreement",
    "AppProtocol",
    "ConnectionEnded",
    "Endpoint",
    "EndpointEvent",
    "EndpointFault",
    "EndpointFaultKind",
    "EndpointLate",
    "EndpointTimedOut",
    "EndpointTimer",
    "Evcc",
    "Frame",
    "FrameFault",
    "FrameFaultKind",
    "FrameParser",
    "Language",
    "LanguageSession",
    "NoCommonProtocol",
    "PayloadType",
    "Phase",
    "ProtocolAgreed",
    "SdpAnswered",
    "SdpClient",
    "SdpClientEvent",
    "SdpFailed",
    "SdpFault",
    "SdpFaultKind",
    "SdpFound",
    "SdpMessage",
    "SdpRequest",
    "SdpRequestWireless",
    "SdpResponse",
    "SdpResponseWireless",
    "SdpServer",
    "SdpServerEvent",
    "Secc",
    "Security",
    "SessionContext",
    "Transport",
    "decode_datagram",
    "decode_sdp",
    "encode_frame",
]

__getattr__ = lazy(
    __name__,
    app_protocol="Agreement",
    endpoint="Endpoint Phase",
    evcc="Evcc",
    events=(
        "ConnectionEnded EndpointEvent EndpointFault EndpointFaultKind EndpointLate "
        "EndpointTimedOut EndpointTimer NoCommonProtocol ProtocolAgreed"
    ),
    frames="FrameFault FrameFaultKind FrameParser PayloadType decode_datagram encode_frame",
    language="AppProtocol Frame Language LanguageSession SessionContext",
    sdp=(
        "SDP_GROUP SDP_PORT SdpAnswered SdpClient SdpClientEvent SdpFailed SdpFault SdpFaultKind "
        "SdpFound SdpServer SdpServerEvent"
    ),
    sdp_messages=(
        "SdpMessage SdpRequest SdpRequestWireless SdpResponse SdpResponseWireless Security "
        "Transport decode_sdp"
    ),
    secc="Secc",
)
