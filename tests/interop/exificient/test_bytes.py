"""Random messages have EXIficient's bytes and come back equal.

EVPROTO_EXI_MESSAGES sets their number (5,000 by default), EVPROTO_EXI_SEED the seed.
"""

from __future__ import annotations

import os
import random
from typing import Any

import pytest

from evproto.exi import Codec, Message, QName, from_json, from_xml, to_json, to_xml
from evproto.exi.testing import RandomMessages
from evproto.iso15118.iso2 import messages as iso2
from evproto.v2gtp.messages import app_protocol, xmldsig

pytestmark = [pytest.mark.interop, pytest.mark.slow]

MESSAGES = int(os.environ.get("EVPROTO_EXI_MESSAGES", "5000"))
SEED = int(os.environ.get("EVPROTO_EXI_SEED", "7"))

BODY = iso2.MSG_BODY.uri
FRAGMENTS: list[tuple[type[Message], QName | None]] = [
    (iso2.AuthorizationReq, None),
    (iso2.MeteringReceiptReq, None),
    (iso2.CertificateUpdateReq, None),
    (iso2.CertificateInstallationReq, None),
    (iso2.SalesTariff, None),
    (iso2.CertificateChain, QName(BODY, "ContractSignatureCertChain")),
    (iso2.CertificateChain, QName(BODY, "SAProvisioningCertificateChain")),
    (iso2.ContractSignatureEncryptedPrivateKey, None),
    (iso2.DiffieHellmanPublickey, None),
]


def compare(exificient: Any, schema: str, codec: Codec, message: Message, *, fragment: bool = False) -> None:
    expected = exificient.encode(schema, to_xml(message, codec, indent=None), fragment=fragment)
    ours = codec.encode_fragment(message) if fragment else codec.encode(message)
    assert ours.hex() == expected.hex(), to_xml(message, codec)
    decoded = codec.decode_fragment(expected) if fragment else codec.decode(expected)
    assert decoded == message


def share(part: float) -> range:
    return range(max(1, int(MESSAGES * part)))


def test_iso2_messages_have_the_bytes_of_exificient(exificient: Any) -> None:
    make = RandomMessages(iso2.CODEC, random.Random(SEED), empty=False)
    for _ in share(0.7):
        compare(exificient, "iso2", iso2.CODEC, make.of(iso2.V2GMessage))


def test_handshake_messages_have_the_bytes_of_exificient(exificient: Any) -> None:
    make = RandomMessages(app_protocol.CODEC, random.Random(SEED), empty=False)
    for number in share(0.1):
        cls = (app_protocol.SupportedAppProtocolReq, app_protocol.SupportedAppProtocolRes)[number % 2]
        compare(exificient, "app_protocol", app_protocol.CODEC, make.of(cls))


def test_signatures_have_the_bytes_of_exificient(exificient: Any) -> None:
    make = RandomMessages(xmldsig.CODEC, random.Random(SEED), empty=False)
    for _ in share(0.05):
        compare(exificient, "xmldsig", xmldsig.CODEC, make.of(xmldsig.Signature))


def test_signed_info_fragments_have_the_bytes_of_exificient(exificient: Any) -> None:
    make = RandomMessages(xmldsig.CODEC, random.Random(SEED), empty=False)
    for _ in share(0.05):
        compare(exificient, "xmldsig", xmldsig.CODEC, make.of(xmldsig.SignedInfo), fragment=True)


def test_fragments_of_signed_parts_have_the_bytes_of_exificient(exificient: Any) -> None:
    make = RandomMessages(iso2.CODEC, random.Random(SEED), empty=False)
    for number in share(0.05):
        cls, element = FRAGMENTS[number % len(FRAGMENTS)]
        message = make.of(cls)
        xml = to_xml(message, iso2.CODEC, indent=None, element=element)
        expected = exificient.encode("iso2", xml, fragment=True)
        assert iso2.encode_fragment(message, element).hex() == expected.hex(), xml
        assert iso2.decode_fragment(expected) == message


def test_elements_unknown_to_the_schema_have_the_bytes_of_exificient(exificient: Any) -> None:
    make = RandomMessages(xmldsig.CODEC, random.Random(SEED), foreign=True, empty=False)
    for _ in share(0.05):
        compare(exificient, "xmldsig", xmldsig.CODEC, make.of(xmldsig.Signature))


@pytest.mark.parametrize("cls", iso2.BodyElement.__subclasses__(), ids=lambda cls: cls.__name__)
def test_messages_with_every_array_full_have_the_bytes_of_exificient(exificient: Any, cls: type) -> None:
    make = RandomMessages(iso2.CODEC, random.Random(SEED), empty=False, full=True)
    header = make.of(iso2.MessageHeader)
    message = iso2.V2GMessage(header=header, body=iso2.Body(body_element=make.of(cls)))
    compare(exificient, "iso2", iso2.CODEC, message)


def test_a_handshake_with_twenty_protocols_has_the_bytes_of_exificient(exificient: Any) -> None:
    make = RandomMessages(app_protocol.CODEC, random.Random(SEED), empty=False, full=True)
    message = make.of(app_protocol.SupportedAppProtocolReq)
    assert len(message.app_protocol) == 20
    compare(exificient, "app_protocol", app_protocol.CODEC, message)


def test_an_element_without_characters_is_an_empty_value(exificient: Any) -> None:
    # XML has no empty text: EXIficient then leaves the characters out, where we write their length.
    make = RandomMessages(iso2.CODEC, random.Random(SEED))
    for _ in share(0.02):
        message = make.of(iso2.V2GMessage)
        assert iso2.decode(exificient.encode("iso2", to_xml(message, iso2.CODEC))) == message


def test_values_that_refer_back_are_understood(exificient: Any) -> None:
    # No V2G stack writes them, but EXI without options says that they may come.
    text = "twice and twice again"
    shorter = 0
    for cls in (xmldsig.Signature, xmldsig.KeyInfo):
        make = RandomMessages(xmldsig.CODEC, random.Random(SEED), foreign=True, empty=False)
        for _ in share(0.02):
            inner = make.of(cls)
            names = (text, xmldsig.KeyName(value=text), text, xmldsig.KeyName(value=text))
            twice = xmldsig.KeyInfo(content=(*names, *(inner.content if cls is xmldsig.KeyInfo else ())))
            for message in (inner, twice):
                xml = to_xml(message, xmldsig.CODEC, indent=None)
                data = exificient.encode("xmldsig", xml, partitions=True)
                assert xmldsig.CODEC.decode(data) == message, xml
                shorter += len(data) < len(xmldsig.CODEC.encode(message))
    assert shorter


@pytest.mark.parametrize("seed", range(3))
def test_xml_and_json_views_come_back_equal(seed: int) -> None:
    make = RandomMessages(iso2.CODEC, random.Random(seed))
    for _ in range(60):
        message = make.of(iso2.V2GMessage)
        assert from_xml(to_xml(message, iso2.CODEC), iso2.CODEC) == message
        assert from_json(to_json(message, iso2.CODEC), iso2.CODEC) == message
