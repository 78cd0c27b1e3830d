"""XML signatures as V2G carries them (W3C xmldsig-core schema of 2002) and their EXI codec.

Content whose order matters (mixed content, repeated choices) is one tuple `content`. In it a
text run is a str, an element that a wildcard let in an `AnyElement`, an element of simple type
the small class of its name, any other element the class of its type.
"""

from __future__ import annotations

from typing import Annotated

from evproto.exi import (
    ANY,
    OTHER,
    AnyElement,
    Codec,
    GlobalElement,
    Message,
    Namespace,
    attribute,
    children,
    choice,
    counted,
    element,
    local,
    optional,
    ref,
    sequence,
    text,
    wildcard,
)
from evproto.exi.types import ID, AnyURI, Base64Binary

XMLDSIG = Namespace("http://www.w3.org/2000/09/xmldsig#")

CryptoBinary = Annotated[Base64Binary, XMLDSIG.simple("CryptoBinary")]
"""A big integer, most significant byte first."""

DigestValue = Annotated[Base64Binary, XMLDSIG.simple("DigestValueType")]
"""A digest, such as the 32 bytes of SHA-256."""

HMACOutputLengthValue = Annotated[int, XMLDSIG.simple("HMACOutputLengthType")]
"""Number of bits to which an HMAC is cut."""

DIGEST_VALUE = GlobalElement(XMLDSIG, "DigestValue", DigestValue)


class Signed(Message, namespace=XMLDSIG, base=True):
    """Base of the types of XML signatures."""


class XPath(Signed, simple="XPath", local=True):
    """An XPath expression of a transform."""

    value: str = text()


class HMACOutputLength(Signed, simple="HMACOutputLength", local=True):
    """The element that cuts an HMAC."""

    value: HMACOutputLengthValue = text()


class Transform(Signed, element="Transform", mixed=True):
    """A step that is done to data before it is digested."""

    algorithm: AnyURI = attribute("Algorithm")
    content: tuple[str | XPath | AnyElement, ...] = children(
        choice(OTHER, XPath, occurs=(0, None)), default=()
    )


class Transforms(Signed, element="Transforms"):
    """The steps that are done to data before they are digested, in order."""

    transform: tuple[Transform, ...] = ref(occurs=(1, None))


class DigestMethod(Signed, element="DigestMethod", mixed=True):
    """The digest algorithm."""

    algorithm: AnyURI = attribute("Algorithm")
    content: tuple[str | AnyElement, ...] = children(counted(OTHER, 0, None), default=())


class Reference(Signed, element="Reference"):
    """What is signed, by `uri`, and its digest."""

    id: ID | None = attribute("Id", default=None)
    type: AnyURI | None = attribute("Type", default=None)
    uri: AnyURI | None = attribute("URI", default=None)
    transforms: Transforms | None = ref(default=None)
    digest_method: DigestMethod = ref()
    digest_value: DigestValue = ref(DIGEST_VALUE)


class CanonicalizationMethod(Signed, element="CanonicalizationMethod", mixed=True):
    """How SignedInfo becomes the bytes that are signed."""

    algorithm: AnyURI = attribute("Algorithm")
    content: tuple[str | AnyElement, ...] = children(counted(ANY, 0, None), default=())


class SignatureMethod(Signed, element="SignatureMethod", mixed=True):
    """The signature algorithm."""

    algorithm: AnyURI = attribute("Algorithm")
    content: tuple[str | HMACOutputLength | AnyElement, ...] = children(
        optional(HMACOutputLength), counted(OTHER, 0, None), default=()
    )


class SignedInfo(Signed, element="SignedInfo"):
    """What the signature value signs."""

    id: ID | None = attribute("Id", default=None)
    canonicalization_method: CanonicalizationMethod = ref()
    signature_method: SignatureMethod = ref()
    reference: tuple[Reference, ...] = ref(occurs=(1, None))


class SignatureValue(Signed, element="SignatureValue"):
    """The signature itself; for ECDSA, r and s one after the other."""

    id: ID | None = attribute("Id", default=None)
    value: Base64Binary = text()


class KeyName(Signed, simple="KeyName"):
    """A name of the key."""

    value: str = text()


class MgmtData(Signed, simple="MgmtData"):
    """Key distribution data; deprecated."""

    value: str = text()


class DSAKeyValue(
    Signed,
    element="DSAKeyValue",
    content=sequence(
        sequence("p", "q", occurs=(0, 1)),
        optional("g"),
        "y",
        optional("j"),
        sequence("seed", "pgen_counter", occurs=(0, 1)),
    ),
):
    """A DSA public key; `p` and `q` come together, `seed` and `pgen_counter` too."""

    p: CryptoBinary | None = element("P", default=None)
    q: CryptoBinary | None = element("Q", default=None)
    g: CryptoBinary | None = element("G", default=None)
    y: CryptoBinary = element("Y")
    j: CryptoBinary | None = element("J", default=None)
    seed: CryptoBinary | None = element("Seed", default=None)
    pgen_counter: CryptoBinary | None = element("PgenCounter", default=None)


class RSAKeyValue(Signed, element="RSAKeyValue"):
    """An RSA public key."""

    modulus: CryptoBinary = element("Modulus")
    exponent: CryptoBinary = element("Exponent")


class KeyValue(Signed, element="KeyValue", mixed=True):
    """A public key."""

    content: tuple[str | DSAKeyValue | RSAKeyValue | AnyElement, ...] = children(
        choice(DSAKeyValue, RSAKeyValue, OTHER)
    )


class RetrievalMethod(Signed, element="RetrievalMethod"):
    """Where key information can be had."""

    type: AnyURI | None = attribute("Type", default=None)
    uri: AnyURI | None = attribute("URI", default=None)
    transforms: Transforms | None = ref(default=None)


class X509IssuerSerial(Signed):
    """Issuer (RFC 4514 text) and serial number of a certificate."""

    x509_issuer_name: str = element("X509IssuerName")
    x509_serial_number: int = element("X509SerialNumber")


class X509SKI(Signed, simple="X509SKI", local=True):
    """Subject key identifier of a certificate."""

    value: Base64Binary = text()


class X509SubjectName(Signed, simple="X509SubjectName", local=True):
    """Subject of a certificate."""

    value: str = text()


class X509Certificate(Signed, simple="X509Certificate", local=True):
    """A certificate, DER."""

    value: Base64Binary = text()


class X509CRL(Signed, simple="X509CRL", local=True):
    """A certificate revocation list, DER."""

    value: Base64Binary = text()


class X509Data(Signed, element="X509Data"):
    """Certificates, or what identifies them."""

    content: tuple[
        X509IssuerSerial | X509SKI | X509SubjectName | X509Certificate | X509CRL | AnyElement, ...
    ] = children(
        choice(
            local("X509IssuerSerial", X509IssuerSerial),
            X509SKI,
            X509SubjectName,
            X509Certificate,
            X509CRL,
            OTHER,
        ),
        occurs=(1, None),
    )


class PGPData(
    Signed,
    element="PGPData",
    content=choice(
        sequence("pgp_key_id", optional("pgp_key_packet"), "other"),
        sequence("pgp_key_packet", "other"),
    ),
):
    """A PGP key: its identifier, its packet, or both."""

    pgp_key_id: Base64Binary | None = element("PGPKeyID", default=None)
    pgp_key_packet: Base64Binary | None = element("PGPKeyPacket", default=None)
    other: tuple[AnyElement, ...] = wildcard(OTHER, default=(), occurs=(0, None))


class SPKISexp(Signed, simple="SPKISexp", local=True):
    """A canonical S-expression of SPKI."""

    value: Base64Binary = text()


class SPKIData(Signed, element="SPKIData"):
    """SPKI keys and certificates."""

    content: tuple[SPKISexp | AnyElement, ...] = children(SPKISexp, optional(OTHER), occurs=(1, None))


class KeyInfo(Signed, element="KeyInfo", mixed=True):
    """The key with which the signature can be checked."""

    id: ID | None = attribute("Id", default=None)
    content: tuple[
        str | KeyName | KeyValue | RetrievalMethod | X509Data | PGPData | SPKIData | MgmtData | AnyElement,
        ...,
    ] = children(
        choice(
            KeyName,
            KeyValue,
            RetrievalMethod,
            X509Data,
            PGPData,
            SPKIData,
            MgmtData,
            OTHER,
            occurs=(1, None),
        )
    )


class Object(Signed, element="Object", mixed=True):
    """Anything that travels inside the signature."""

    encoding: AnyURI | None = attribute("Encoding", default=None)
    id: ID | None = attribute("Id", default=None)
    mime_type: str | None = attribute("MimeType", default=None)
    content: tuple[str | AnyElement, ...] = children(sequence(ANY, occurs=(0, None)), default=())


class Signature(Signed, element="Signature"):
    """A signature over the references of its SignedInfo."""

    id: ID | None = attribute("Id", default=None)
    signed_info: SignedInfo = ref()
    signature_value: SignatureValue = ref()
    key_info: KeyInfo | None = ref(default=None)
    object: tuple[Object, ...] = ref(default=(), occurs=(0, None))


class Manifest(Signed, element="Manifest"):
    """References that the application checks itself."""

    id: ID | None = attribute("Id", default=None)
    reference: tuple[Reference, ...] = ref(occurs=(1, None))


class SignatureProperty(Signed, element="SignatureProperty", mixed=True):
    """A statement about the signature, such as when it was made."""

    id: ID | None = attribute("Id", default=None)
    target: AnyURI = attribute("Target")
    content: tuple[str | AnyElement, ...] = children(choice(OTHER, occurs=(1, None)))


class SignatureProperties(Signed, element="SignatureProperties"):
    """Statements about the signature."""

    id: ID | None = attribute("Id", default=None)
    signature_property: tuple[SignatureProperty, ...] = ref(occurs=(1, None))


CODEC = Codec("XML signature", XMLDSIG, roots=(Signature,))
"""The stand-alone schema set: SignedInfo is signed as a fragment of it (ISO 15118-2 annex J)."""


def decode_signed_info(data: bytes) -> SignedInfo:
    """The SignedInfo of an EXI fragment; DecodeError for anything else."""
    return CODEC.decode_fragment_as(SignedInfo, data)


def encode_signed_info(signed_info: SignedInfo) -> bytes:
    """The bytes that a V2G signature signs."""
    return CODEC.encode_fragment(signed_info)
