"""The two streams that ISO 15118-2 annex J prints, and streams that EXIficient makes of odd fragments."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest

from evproto.exi import QName, to_xml
from evproto.iso15118.iso2 import messages as iso2
from evproto.v2gtp.messages import xmldsig

AUTHORIZATION = bytes.fromhex("80040152510c40829b7b6b2902930b73237b6902230ba309e8")
CANONICAL_EXI = "http://www.w3.org/TR/canonical-exi/"
DIGEST = base64.b64decode("0bXgPQBlvuVrMXmERTBR61TKGPwOCRYXT4s8d6mPSqk=")

SIGNED_INFO = xmldsig.SignedInfo(
    canonicalization_method=xmldsig.CanonicalizationMethod(algorithm=CANONICAL_EXI),
    signature_method=xmldsig.SignatureMethod(algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"),
    reference=(
        xmldsig.Reference(
            uri="#ID1",
            transforms=xmldsig.Transforms(transform=(xmldsig.Transform(algorithm=CANONICAL_EXI),)),
            digest_method=xmldsig.DigestMethod(algorithm="http://www.w3.org/2001/04/xmlenc#sha256"),
            digest_value=DIGEST,
        ),
    ),
)


def test_authorization_fragment_of_annex_j() -> None:
    request = iso2.AuthorizationReq(id="ID1", gen_challenge=b"Some Random Data")
    assert iso2.encode_fragment(request) == AUTHORIZATION
    assert iso2.decode_fragment(AUTHORIZATION) == request


def test_digest_of_annex_j_is_that_of_the_fragment() -> None:
    assert hashlib.sha256(AUTHORIZATION).digest() == DIGEST


def test_signed_info_fragment_has_the_shape_of_annex_j() -> None:
    data = xmldsig.encode_signed_info(SIGNED_INFO)
    assert len(data) == 209
    assert data.hex().startswith("808112b43a3a38")
    assert xmldsig.decode_signed_info(data) == SIGNED_INFO


@pytest.mark.interop
@pytest.mark.slow
def test_signed_info_fragment_has_the_bytes_of_exificient(exificient: Any) -> None:
    xml = to_xml(SIGNED_INFO, xmldsig.CODEC, indent=None)
    assert xmldsig.encode_signed_info(SIGNED_INFO) == exificient.encode("xmldsig", xml, fragment=True)


@pytest.mark.interop
@pytest.mark.slow
def test_emaid_fragment_has_the_relaxed_grammar(exificient: Any) -> None:
    # Two types have elements eMAID, so 8.5.3 of EXI applies, which code generators pass over.
    emaid = iso2.EMAID(id="id1", value="DE1ABCDABCDEF12")
    xml = to_xml(emaid, iso2.CODEC, indent=None, element=QName(iso2.MSG_BODY.uri, "eMAID"))
    assert iso2.encode_fragment(emaid).hex() == exificient.encode("iso2", xml, fragment=True).hex()
