"""Verifying and making the signatures of OCMF records."""

from __future__ import annotations

import base64
import functools
import hashlib
import re
from dataclasses import dataclass
from typing import Literal, Protocol

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    Prehashed,
    decode_dss_signature,
    encode_dss_signature,
)

from evproto.core import DecodeError
from evproto.modbus_meter.ocmf import secp192k1
from evproto.modbus_meter.ocmf.keys import Curve, PublicKey, der_signature, parse_curve, parse_public_key
from evproto.modbus_meter.ocmf.record import DEFAULT_ALGORITHM, Ocmf

_CLASSES: dict[str, type[ec.EllipticCurve]] = {
    "secp192r1": ec.SECP192R1,
    "secp256k1": ec.SECP256K1,
    "secp256r1": ec.SECP256R1,
    "secp384r1": ec.SECP384R1,
    "brainpool256r1": ec.BrainpoolP256R1,
    "brainpool384r1": ec.BrainpoolP384R1,
}
_HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "SHA256": hashes.SHA256,
    "SHA384": hashes.SHA384,
    "SHA512": hashes.SHA512,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a signature is right; if not, `reason` says why."""

    valid: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.valid


def verify_ocmf(record: Ocmf, public_key: PublicKey | str | bytes) -> Verdict:
    """Check the record's signature with the meter's key; DecodeError only for a key that is none."""
    key = public_key if isinstance(public_key, PublicKey) else parse_public_key(public_key)
    try:
        curve, hash_name = parse_algorithm(record.signature.algorithm)
    except DecodeError as error:
        return Verdict(False, str(error))
    if key.curve is not None and key.curve is not curve:
        return Verdict(False, f"the key is for {key.curve.name}, the signature for {curve.name}")
    if len(key.point) != 2 * curve.size:
        return Verdict(False, f"the key is not for {curve.name}")
    numbers = _numbers(record.signature.data, curve)
    if numbers is None:
        return Verdict(False, "the signature is neither DER nor r and s")
    digest = hashlib.new(hash_name, record.signed_data).digest()
    try:
        right = _check(curve, key.point, digest, numbers, hash_name)
    except (ValueError, UnsupportedAlgorithm) as error:
        return Verdict(False, f"the key cannot be used: {error}")
    return Verdict(True) if right else Verdict(False, "the signature does not match")


def parse_algorithm(name: str) -> tuple[Curve, str]:
    """Curve and hash of a name such as ECDSA-secp256r1-SHA256. DecodeError."""
    match = re.fullmatch(r"ECDSA-(\w+)-(SHA(?:256|384|512))", name)
    if match is None:
        raise DecodeError(f"{name!r} is no known signature algorithm", path="SA")
    return parse_curve(match[1]), match[2]


def _numbers(data: bytes, curve: Curve) -> tuple[int, int] | None:
    numbers = der_signature(data)
    if numbers is None and len(data) == 2 * curve.size:
        numbers = int.from_bytes(data[: curve.size], "big"), int.from_bytes(data[curve.size :], "big")
    return numbers


def _check(curve: Curve, point: bytes, digest: bytes, numbers: tuple[int, int], hash_name: str) -> bool:
    if curve.name not in _CLASSES:
        return secp192k1.check(point, digest, numbers)
    key = _loaded(curve.name, point)
    try:
        key.verify(encode_dss_signature(*numbers), digest, ec.ECDSA(Prehashed(_HASHES[hash_name]())))
    except InvalidSignature:
        return False
    return True


@functools.lru_cache(maxsize=64)
def _loaded(curve: str, point: bytes) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicKey.from_encoded_point(_CLASSES[curve](), b"\x04" + point)


class Signer(Protocol):
    """What signs: the meter's key, wherever it is kept."""

    @property
    def algorithm(self) -> str:
        """As it stands in SA."""

    @property
    def public_key(self) -> PublicKey:
        """The public half."""

    def sign(self, data: bytes) -> tuple[int, int]:
        """r and s."""


class KeySigner:
    """Signs with a private key in memory: for simulated meters and tests. It shows nothing of the key."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, hash_name: str = "SHA256") -> None:
        self._key = key
        self._hash_name = hash_name
        self._curve = parse_curve(key.curve.name)

    @property
    def algorithm(self) -> str:
        """As it stands in SA."""
        return f"ECDSA-{self._curve.name}-{self._hash_name}"

    @property
    def public_key(self) -> PublicKey:
        """The public half."""
        numbers = self._key.public_key().public_numbers()
        size = self._curve.size
        return PublicKey(self._curve, numbers.x.to_bytes(size, "big") + numbers.y.to_bytes(size, "big"))

    def sign(self, data: bytes) -> tuple[int, int]:
        """r and s."""
        return decode_dss_signature(self._key.sign(data, ec.ECDSA(_HASHES[self._hash_name]())))


def sign_payload(
    payload: str, signer: Signer, *, encoding: Literal["hex", "base64"] = "hex", raw: bool = False
) -> str:
    """The whole record over a payload section; `raw` puts r and s one after the other instead of DER."""
    numbers = signer.sign(payload.encode())
    if raw:
        size = parse_algorithm(signer.algorithm)[0].size
        data = b"".join(number.to_bytes(size, "big") for number in numbers)
    else:
        data = encode_dss_signature(*numbers)
    text = data.hex().upper() if encoding == "hex" else base64.b64encode(data).decode()
    parts = [f'"SA":"{signer.algorithm}"'] if signer.algorithm != DEFAULT_ALGORITHM else []
    parts += ['"SE":"base64"'] if encoding == "base64" else []
    parts.append(f'"SD":"{text}"')
    return f"OCMF|{payload}|{{{','.join(parts)}}}"
