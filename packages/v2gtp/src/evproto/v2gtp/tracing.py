"""Trace records of the handshake, with its fields in the standard's words."""

from __future__ import annotations

from evproto.core import JsonValue, Kind, Trace
from evproto.v2gtp.messages.app_protocol import SupportedAppProtocolReq, SupportedAppProtocolRes


def handshake_record(
    now: float,
    source: str,
    kind: Kind,
    message: SupportedAppProtocolReq | SupportedAppProtocolRes,
    payload: bytes,
) -> Trace:
    """The record of a handshake message that was sent or received; `payload` is its EXI."""
    if isinstance(message, SupportedAppProtocolReq):
        name, details = "supportedAppProtocolReq", _request(message)
    else:
        name, details = "supportedAppProtocolRes", _response(message)
    return Trace(time=now, source=source, kind=kind, name=name, raw=payload, details=details)


def _request(message: SupportedAppProtocolReq) -> dict[str, JsonValue]:
    return {
        "AppProtocol": [
            {
                "ProtocolNamespace": entry.protocol_namespace,
                "VersionNumberMajor": entry.version_number_major,
                "VersionNumberMinor": entry.version_number_minor,
                "SchemaID": entry.schema_id,
                "Priority": entry.priority,
            }
            for entry in message.app_protocol
        ]
    }


def _response(message: SupportedAppProtocolRes) -> dict[str, JsonValue]:
    details: dict[str, JsonValue] = {"ResponseCode": message.response_code.value}
    if message.schema_id is not None:
        details["SchemaID"] = message.schema_id
    return details
