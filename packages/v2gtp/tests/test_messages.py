"""Handshake messages and XML signatures: known bytes, round trips, hostile bytes."""

from __future__ import annotations

import random
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evproto.core import DecodeError, EncodeError
from evproto.exi import AnyElement
from evproto.exi.testing import RandomMessages
from evproto.v2gtp.messages import app_protocol, xmldsig


def protocol(**changes: Any) -> app_protocol.AppProtocol:
    fields = {
        "protocol_namespace": "urn:iso:15118:2:2013:MsgDef",
        "version_number_major": 2,
        "version_number_minor": 0,
        "schema_id": 1,
        "priority": 1,
    }
    return app_protocol.AppProtocol(**{**fields, **changes})


def test_an_answer_has_the_bytes_of_every_other_stack() -> None:
    answer = app_protocol.SupportedAppProtocolRes(
        response_code=app_protocol.ResponseCode.OK_SUCCESSFUL_NEGOTIATION, schema_id=1
    )
    assert app_protocol.encode(answer).hex() == "80400040"
    assert app_protocol.decode(bytes.fromhex("80400040")) == answer


@pytest.mark.parametrize("count", [1, 2, 19, 20])
def test_one_to_twenty_protocols_come_back(count: int) -> None:
    request = app_protocol.SupportedAppProtocolReq(
        app_protocol=tuple(protocol(schema_id=number, priority=number + 1) for number in range(count))
    )
    assert app_protocol.decode(app_protocol.encode(request)) == request


@pytest.mark.parametrize(
    "protocols",
    [(), (protocol(),) * 21, (protocol(priority=0),), (protocol(priority=21),), (protocol(schema_id=256),)],
)
def test_what_the_schema_does_not_allow_is_not_sent(protocols: tuple[app_protocol.AppProtocol, ...]) -> None:
    with pytest.raises(EncodeError):
        app_protocol.encode(app_protocol.SupportedAppProtocolReq(app_protocol=protocols))


@pytest.mark.parametrize(
    ("module", "cls"),
    [
        (app_protocol, app_protocol.SupportedAppProtocolReq),
        (app_protocol, app_protocol.SupportedAppProtocolRes),
        (xmldsig, xmldsig.Signature),
        (xmldsig, xmldsig.KeyInfo),
        (xmldsig, xmldsig.SignatureProperties),
        (xmldsig, xmldsig.Manifest),
    ],
)
def test_random_messages_come_back(module: ModuleType, cls: type) -> None:
    make = RandomMessages(module.CODEC, random.Random(3), foreign=True)
    for _ in range(40):
        message = make.of(cls)
        assert module.CODEC.decode(module.CODEC.encode(message)) == message


def test_mixed_content_keeps_its_order() -> None:
    info = xmldsig.KeyInfo(
        content=(
            "one",
            xmldsig.KeyName(value="two"),
            xmldsig.MgmtData(value="three"),
            AnyElement(namespace="urn:else", name="four", content=("4",)),
            "five",
        )
    )
    assert xmldsig.CODEC.decode(xmldsig.CODEC.encode(info)) == info


@pytest.mark.parametrize("number", [0, -1, 2**63, 2**64, 2**159 - 1, -(2**160)])
def test_serial_numbers_have_no_bound(number: int) -> None:
    serial = xmldsig.X509IssuerSerial(x509_issuer_name="CN=ö", x509_serial_number=number)
    data = xmldsig.X509Data(content=(serial,))
    assert xmldsig.CODEC.decode(xmldsig.CODEC.encode(data)) == data


def test_another_fragment_than_signed_info_is_refused() -> None:
    data = xmldsig.CODEC.encode_fragment(xmldsig.RSAKeyValue(modulus=b"1", exponent=b"2"))
    with pytest.raises(DecodeError, match="expected SignedInfo, got RSAKeyValue"):
        xmldsig.decode_signed_info(data)


def test_another_document_than_a_handshake_message_is_refused() -> None:
    with pytest.raises(DecodeError):
        app_protocol.decode(b"\x80\xff\xff")


@settings(deadline=None, max_examples=200)
@given(data=st.binary(max_size=120), fragment=st.booleans())
def test_any_bytes_give_an_object_or_a_decode_error(data: bytes, fragment: bool) -> None:
    for codec in (app_protocol.CODEC, xmldsig.CODEC):
        for hostile in (data, b"\x80" + data):
            try:
                codec.decode_fragment(hostile) if fragment else codec.decode(hostile)
            except DecodeError as error:
                assert error.offset is not None
