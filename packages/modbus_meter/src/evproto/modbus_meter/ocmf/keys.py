"""Elliptic curves and public keys in the forms in which meters, labels and back ends give them."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from evproto.core import DecodeError

MAX_KEY_CHARACTERS = 4096


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve of the specification: its name, the OID's DER content, and the bytes of a coordinate."""

    name: str
    oid: bytes
    size: int


_CURVES = (
    Curve("secp192k1", bytes.fromhex("2b8104001f"), 24),
    Curve("secp192r1", bytes.fromhex("2a8648ce3d030101"), 24),
    Curve("secp256k1", bytes.fromhex("2b8104000a"), 32),
    Curve("secp256r1", bytes.fromhex("2a8648ce3d030107"), 32),
    Curve("secp384r1", bytes.fromhex("2b81040022"), 48),
    Curve("brainpool256r1", bytes.fromhex("2b2403030208010107"), 32),
    Curve("brainpool384r1", bytes.fromhex("2b240303020801010b"), 48),
)
CURVES = {curve.name: curve for curve in _CURVES}
_ALIASES = {
    "brainpoolP256r1": "brainpool256r1",
    "brainpoolP384r1": "brainpool384r1",
    "prime192v1": "secp192r1",
    "prime256v1": "secp256r1",
}
_EC_PUBLIC_KEY = bytes.fromhex("2a8648ce3d0201")


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key: its curve, None where the form does not tell, and its point as x and y."""

    curve: Curve | None
    point: bytes

    def to_der(self) -> bytes:
        """SubjectPublicKeyInfo; ValueError without a curve."""
        if self.curve is None:
            raise ValueError("the curve is not known")
        algorithm = _tlv(0x06, _EC_PUBLIC_KEY) + _tlv(0x06, self.curve.oid)
        return _tlv(0x30, _tlv(0x30, algorithm) + _tlv(0x03, b"\0\x04" + self.point))


def parse_curve(name: str) -> Curve:
    """The curve of a name, in the spelling of the specification or of the field. DecodeError."""
    curve = CURVES.get(_ALIASES.get(name, name))
    if curve is None:
        raise DecodeError(f"{name!r} is no known curve")
    return curve


def parse_public_key(key: str | bytes) -> PublicKey:
    """The key in PEM, hex (also in groups), base64 or bytes; as DER, or as x and y with or without 04.

    DecodeError for anything else; compressed points are not used by meters and not taken.
    """
    data = key if isinstance(key, bytes) else _bytes(key)
    if data[:1] == b"\x30":
        return _from_der(data)
    point = data[1:] if data[:1] == b"\x04" and len(data) % 2 else data
    sizes = {2 * curve.size for curve in _CURVES}
    if len(point) not in sizes:
        raise DecodeError(f"{len(data)} bytes are no public key")
    return PublicKey(None, point)


def _bytes(text: str) -> bytes:
    if len(text) > MAX_KEY_CHARACTERS:
        raise DecodeError(f"a key of more than {MAX_KEY_CHARACTERS} characters", unit="character")
    body = re.sub(r"-----(BEGIN|END) PUBLIC KEY-----", "", text)
    body = re.sub(r"[\s:]", "", body)
    try:
        if re.fullmatch(r"([0-9A-Fa-f]{2})+", body):
            return bytes.fromhex(body)
        return base64.b64decode(body, validate=True)
    except (ValueError, binascii.Error):
        raise DecodeError("the key is neither hexadecimal, base64 nor PEM") from None


def _from_der(data: bytes) -> PublicKey:
    outer, end = _read(data, 0, 0x30)
    if end != len(data):
        raise DecodeError("bytes behind the key", offset=end)
    algorithm, after = _read(outer, 0, 0x30)
    bits, _ = _read(outer, after, 0x03)
    kind, next_at = _read(algorithm, 0, 0x06)
    if kind != _EC_PUBLIC_KEY:
        raise DecodeError("the key is not for elliptic curves")
    oid, _ = _read(algorithm, next_at, 0x06)
    curve = next((curve for curve in _CURVES if curve.oid == oid), None)
    if curve is None:
        raise DecodeError(f"the curve with the OID {oid.hex()} is not known")
    if bits[:2] != b"\0\x04" or len(bits) != 2 + 2 * curve.size:
        raise DecodeError(f"the key holds no point of {curve.name}")
    return PublicKey(curve, bits[2:])


def _read(data: bytes, at: int, tag: int) -> tuple[bytes, int]:
    """Content of one DER element and where the next begins."""
    if len(data) < at + 2 or data[at] != tag:
        raise DecodeError(f"no DER element {tag:02x}", offset=at)
    length, start = data[at + 1], at + 2
    if length == 0x81 and len(data) > start:
        length, start = data[start], start + 1
    elif length >= 0x80:
        raise DecodeError("a length that no key has", offset=at + 1)
    if len(data) < start + length:
        raise DecodeError("the key is cut off", offset=len(data))
    return data[start : start + length], start + length


def _tlv(tag: int, content: bytes) -> bytes:
    length = bytes((len(content),)) if len(content) < 0x80 else bytes((0x81, len(content)))
    return bytes((tag,)) + length + content


def der_signature(data: bytes) -> tuple[int, int] | None:
    """r and s of a DER signature, None where the bytes are none."""
    try:
        body, end = _read(data, 0, 0x30)
        first, after = _read(body, 0, 0x02)
        second, last = _read(body, after, 0x02)
    except DecodeError:
        return None
    if end != len(data) or last != len(body) or not first or not second:
        return None
    if first[0] & 0x80 or second[0] & 0x80:
        return None
    return int.from_bytes(first, "big"), int.from_bytes(second, "big")
