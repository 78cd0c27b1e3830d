"""Whether a firmware comes from the manufacturer (use case L01)."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from evproto.core import DecodeError
from evproto.ocpp_client.certificates.checks import CertificateError, check_chain
from evproto.ocpp_client.certificates.pem import read_chain
from evproto.ocpp_client.certificates.roots import Roots
from evproto.ocpp_client.certificates.uses import RootUse

_SHA256 = Prehashed(hashes.SHA256())


def check_signing_certificate(pem: str, roots: Roots, at: datetime) -> None:
    """Whether it comes from a root of the manufacturer. Raises CertificateError."""
    try:
        chain = read_chain(pem)
    except DecodeError as error:
        raise CertificateError(str(error)) from None
    check_chain(chain, roots.certificates(RootUse.MANUFACTURER), at)
    _check_usage(chain[0])


def is_signed(digest: bytes, signature: str, signing_certificate: str) -> bool:
    """Whether the signature (base 64) is over the firmware with this SHA-256 digest (L01.FR.04).

    RSA signatures are RSA-PSS, with a salt of any length; those of elliptic curves ECDSA.
    """
    try:
        raw = base64.b64decode(signature, validate=True)
        key = read_chain(signing_certificate)[0].public_key()
        match key:
            case rsa.RSAPublicKey():
                pss = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.AUTO)
                key.verify(raw, digest, pss, _SHA256)
            case ec.EllipticCurvePublicKey():
                key.verify(raw, digest, ec.ECDSA(_SHA256))
            case _:
                return False
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


def _check_usage(certificate: x509.Certificate) -> None:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not usage.digital_signature:
        raise CertificateError("the key of the certificate is not for signatures")
