"""Any bytes give a message that comes back equal, or DecodeError: -2, handshake, signatures."""

from __future__ import annotations

from _runner import run

from evproto.core import DecodeError
from evproto.exi import Codec, Message
from evproto.iso15118.iso2 import messages as iso2
from evproto.v2gtp.messages import app_protocol, xmldsig

CODECS = (iso2.CODEC, app_protocol.CODEC, xmldsig.CODEC)
STATUS = iso2.DCEVStatus(ev_ready=True, ev_error_code=iso2.DCEVErrorCode.NO_ERROR, ev_ress_soc=50)
SEEDS = [
    bytes.fromhex("8053001d0080000000"),  # an enumerated value whose xsi:type is a number
    bytes.fromhex("80040152510c40829b7b6b2902930b73237b6902230ba309e8"),
    iso2.encode(
        iso2.V2GMessage(
            header=iso2.MessageHeader(session_id=bytes(8)),
            body=iso2.Body(body_element=iso2.CableCheckReq(dc_ev_status=STATUS)),
        )
    ),
    app_protocol.encode(
        app_protocol.SupportedAppProtocolReq(
            app_protocol=(
                app_protocol.AppProtocol(
                    protocol_namespace="urn:iso:15118:2:2013:MsgDef",
                    version_number_major=2,
                    version_number_minor=0,
                    schema_id=1,
                    priority=1,
                ),
            )
        )
    ),
    xmldsig.CODEC.encode(xmldsig.KeyInfo(content=(xmldsig.KeyName(value="me"), "text"))),
]


def check(data: bytes) -> None:
    for codec in CODECS:
        for fragment in (False, True):
            check_codec(codec, data, fragment)


def check_codec(codec: Codec, data: bytes, fragment: bool) -> None:
    try:
        root = codec.decode_fragment(data) if fragment else codec.decode(data)
    except DecodeError as error:
        assert error.offset is not None
        return
    if not isinstance(root, Message):
        return
    if fragment and len(_elements_of(codec, type(root))) != 1:
        return
    again = codec.encode_fragment(root) if fragment else codec.encode(root)
    assert (codec.decode_fragment(again) if fragment else codec.decode(again)) == root


def _elements_of(codec: Codec, cls: type) -> set[object]:
    """The names of the elements that a class can be."""
    schema = codec.schema
    return {
        element.name
        for element in schema.elements
        if element.type.is_complex and schema.complex_types[element.type.index].cls is cls
    }


if __name__ == "__main__":
    run(check, SEEDS)
