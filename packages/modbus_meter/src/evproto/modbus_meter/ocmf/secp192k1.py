"""The one curve of OCMF that `cryptography` lacks, by the package `ecdsa` (SEC 2, 2.2.1)."""

from __future__ import annotations

import hashlib
from typing import Any

from evproto.core import ConfigError
from evproto.modbus_meter.ocmf.keys import PublicKey, parse_curve

SIZE = 24


def check(point: bytes, digest: bytes, numbers: tuple[int, int]) -> bool:
    """Whether r and s sign the digest; ValueError for a point that is not on the curve."""
    ecdsa = _ecdsa()
    if any(number >> (8 * SIZE) for number in numbers):
        return False
    signature = b"".join(number.to_bytes(SIZE, "big") for number in numbers)
    try:
        key = ecdsa.VerifyingKey.from_string(point, curve=_curve())
        return bool(key.verify_digest(signature, digest, allow_truncate=True))
    except ecdsa.BadSignatureError:
        return False
    except ecdsa.errors.MalformedPointError as error:
        raise ValueError(str(error)) from None


class Secp192k1Signer:
    """Signs with a private key in memory, given as its number. It shows nothing of the key."""

    def __init__(self, secret: int) -> None:
        self._key = _ecdsa().SigningKey.from_secret_exponent(secret, curve=_curve())

    @property
    def algorithm(self) -> str:
        """As it stands in SA."""
        return "ECDSA-secp192k1-SHA256"

    @property
    def public_key(self) -> PublicKey:
        """The public half."""
        return PublicKey(parse_curve("secp192k1"), self._key.get_verifying_key().to_string())

    def sign(self, data: bytes) -> tuple[int, int]:
        """r and s."""
        raw = self._key.sign_deterministic(data, hashfunc=hashlib.sha256)
        return int.from_bytes(raw[:SIZE], "big"), int.from_bytes(raw[SIZE:], "big")


def _curve() -> Any:
    ecdsa = _ecdsa()
    p = 2**192 - 2**32 - 4553
    order = 0xFFFFFFFFFFFFFFFFFFFFFFFE26F2FC170F69466A74DEFD8D
    x = 0xDB4FF10EC057E9AE26B07D0280B7F4341DA5D1B1EAE06C7D
    y = 0x9B2F2F6D9C5628A7844163D015BE86344082AA88D95E2F9D
    curve = ecdsa.ellipticcurve.CurveFp(p, 0, 3, 1)
    generator = ecdsa.ellipticcurve.PointJacobi(curve, x, y, 1, order, generator=True)
    return ecdsa.curves.Curve("SECP192k1", curve, generator, (1, 3, 132, 0, 31))


def _ecdsa() -> Any:
    try:
        import ecdsa  # type: ignore[import-untyped, unused-ignore]
    except ImportError:
        raise ConfigError("secp192k1 needs the extra evproto-modbus-meter[secp192k1]") from None
    return ecdsa
