"""Keys of a HomePlug network: from password to NMK and DAK, from NMK to NID.

HomePlug AV 1.1 sections 4.4.3.1 and 7.10.7. What these functions return is secret, but for the NID.
"""

from __future__ import annotations

import hashlib

_DAK_SALT = bytes.fromhex("08856daf7cf58185")
_NMK_SALT = bytes.fromhex("08856daf7cf58186")
_ROUNDS = 1000
_KEY_LENGTH = 16
_NID_LENGTH = 7


def nmk_from_password(password: str) -> bytes:
    """The network membership key (16 bytes) of a network password."""
    return _pbkdf1(password, _NMK_SALT)


def dak_from_password(password: str) -> bytes:
    """The device access key (16 bytes) of a device password."""
    return _pbkdf1(password, _DAK_SALT)


def nid_from_nmk(nmk: bytes, security_level: int = 0) -> bytes:
    """The network identifier (7 bytes, 54 bits used) that belongs to a key; level 0 or 1."""
    if len(nmk) != _KEY_LENGTH or security_level not in (0, 1):
        raise ValueError("expected a key of 16 bytes and a security level of 0 or 1")
    digest = nmk
    for _ in range(5):
        digest = hashlib.sha256(digest).digest()
    last = digest[_NID_LENGTH - 1] >> 4 | security_level << 4
    return digest[: _NID_LENGTH - 1] + bytes([last])


def _pbkdf1(password: str, salt: bytes) -> bytes:
    digest = password.encode() + salt
    for _ in range(_ROUNDS):
        digest = hashlib.sha256(digest).digest()
    return digest[:_KEY_LENGTH]
