"""The messages of signal level attenuation characterization and matching.

HomePlug Green PHY 1.1 section 11.5.45 ff., ISO 15118-3 tables A.2 to A.8. Addresses, run
identifiers and station identifiers are raw bytes; counts and results are integers.
"""

from __future__ import annotations

import enum
import struct
from dataclasses import dataclass, field
from typing import Annotated, Any

from evproto.core import DecodeError, EncodeError
from evproto.slac.messages.wire import (
    U8,
    U16,
    ZERO_ID,
    Counted,
    Key,
    Mac,
    Mme,
    Nid,
    RunId,
    StationId,
    Tail,
    Wire,
    mme,
)

BROADCAST = b"\xff" * 6
GROUPS = 58
"""Groups of carriers that a modem reports on."""


MAX_CARRIERS = 1155


class ValidateResult(enum.IntEnum):
    """CM_VALIDATE result (ISO 15118-3 table A.6)."""

    NOT_READY = 0
    READY = 1
    SUCCESS = 2
    FAILURE = 3
    NOT_REQUIRED = 4


class CipherSuites(Tail):
    """The cipher suites, which are only there with security type 1."""

    def read(self, data: bytes, at: int, head: Any, mmv: int) -> tuple[int, ...]:
        if head.security_type != 1 or at >= len(data):
            return ()
        count = min(data[at], (len(data) - at - 1) // 2)
        return struct.unpack_from(f"<{count}H", data, at + 1)

    def write(self, value: tuple[int, ...]) -> bytes:
        return struct.pack(f"<B{len(value)}H", len(value), *value) if value else b""


class SelectedCipher(Tail):
    """The cipher suite chosen by the EVSE, which is only there with security type 1."""

    def read(self, data: bytes, at: int, head: Any, mmv: int) -> int | None:
        if head.security_type != 1 or len(data) - at < 2:
            return None
        return int.from_bytes(data[at : at + 2], "little")

    def write(self, value: int | None) -> bytes:
        return b"" if value is None else value.to_bytes(2, "little")


class Carriers(Tail):
    """The packed 4-bit values of `amlen` carriers."""

    def read(self, data: bytes, at: int, head: Any, mmv: int) -> bytes:
        size = (head.amlen + 1) // 2
        if size > len(data) - at:
            raise DecodeError(f"{head.amlen} carriers announced, {len(data) - at} bytes left", offset=at)
        return data[at : at + size]

    def write(self, value: bytes) -> bytes:
        return value


@mme(0x6064)
@dataclass(frozen=True, slots=True, kw_only=True)
class CmSlacParmReq(Mme):
    """CM_SLAC_PARM.REQ, EV to all: who is there?"""

    application_type: U8 = 0
    security_type: U8 = 0
    run_id: RunId
    cipher_suites: Annotated[tuple[int, ...], CipherSuites()] = ()


@mme(0x6065)
@dataclass(frozen=True, slots=True, kw_only=True)
class CmSlacParmCnf(Mme):
    """CM_SLAC_PARM.CNF, EVSE to EV; time_out in units of 100 ms."""

    m_sound_target: Mac = BROADCAST
    num_sounds: U8 = 10
    time_out: U8 = 6
    resp_type: U8 = 1
    forwarding_sta: Mac
    application_type: U8 = 0
    security_type: U8 = 0
    run_id: RunId
    cipher_suite: Annotated[int | None, SelectedCipher()] = None


@mme(0x606A)
@dataclass(frozen=True, slots=True, kw_only=True)
class CmStartAttenCharInd(Mme):
    """CM_START_ATTEN_CHAR.IND, EV to all; time_out in units of 100 ms."""

    application_type: U8 = 0
    security_type: U8 = 0
    num_sounds: U8 = 10
    time_out: U8 = 6
    resp_type: U8 = 1
    forwarding_sta: Mac
    run_id: RunId


@mme(0x6076, identified_by="run_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class CmMnbcSoundInd(Mme):
    """CM_MNBC_SOUND.IND, EV to all; `cnt` sounds are still to come."""

    application_type: U8 = 0
    security_type: U8 = 0
    sender_id: StationId = ZERO_ID
    cnt: U8
    run_id: RunId
    # Some peers send one reserved byte here instead of eight; nobody reads `rnd`.
    rnd: Annotated[bytes, Wire("8x16s")]


@mme(0x6086)
@dataclass(frozen=True, slots=True, kw_only=True)
class CmAttenProfileInd(Mme):
    """CM_ATTEN_PROFILE.IND, own modem to EVSE: attenuation of one sound in dB per group."""

    pev_mac: Mac
    aag: Annotated[bytes, Counted("<Bx")]


@mme(0x606E)
@dataclass(frozen=True, slots=True, kw_only=True)
class CmAttenCharInd(Mme):
    """CM_ATTEN_CHAR.IND, EVSE to EV: mean attenuation in dB per group."""

    application_type: U8 = 0
    security_type: U8 = 0
    source_address: Mac
    run_id: RunId
    source_id: StationId = ZERO_ID
    resp_id: StationId = ZERO_ID
    num_sounds: U8
    aag: Annotated[bytes, Counted("<B")]


@mme(0x606F)
@dataclass(frozen=True, slots=True, kw_only=True)
class CmAttenCharRsp(Mme):
    """CM_ATTEN_CHAR.RSP, EV to EVSE: the report has arrived."""

    application_type: U8 = 0
    security_type: U8 = 0
    source_address: Mac
    run_id: RunId
    source_id: StationId = ZERO_ID
    resp_id: StationId = ZERO_ID
    result: U8 = 0


@mme(0x6078)
@dataclass(frozen=True, slots=True, kw_only=True)
class CmValidateReq(Mme):
    """CM_VALIDATE.REQ, EV to EVSE: step 1 has timer 0, step 2 toggles for (timer + 1) * 100 ms."""

    signal_type: U8 = 0
    timer: U8 = 0
    result: U8 = ValidateResult.READY


@mme(0x6079)
@dataclass(frozen=True, slots=True, kw_only=True)
class CmValidateCnf(Mme):
    """CM_VALIDATE.CNF, EVSE to EV: how often the pilot went B-C-B, and a `ValidateResult`."""

    signal_type: U8 = 0
    toggle_num: U8 = 0
    result: U8


@mme(0x607C)
@dataclass(frozen=True, slots=True, kw_only=True)
class CmSlacMatchReq(Mme):
    """CM_SLAC_MATCH.REQ, EV to the EVSE that it chose."""

    application_type: U8 = 0
    security_type: U8 = 0
    mvf_length: U16 = 0x3E
    pev_id: StationId = ZERO_ID
    pev_mac: Mac
    evse_id: StationId = ZERO_ID
    evse_mac: Mac
    run_id: Annotated[bytes, Wire("8s8x")]


@mme(0x607D)
@dataclass(frozen=True, slots=True, kw_only=True)
class CmSlacMatchCnf(Mme):
    """CM_SLAC_MATCH.CNF, EVSE to EV: the key of the network to join."""

    application_type: U8 = 0
    security_type: U8 = 0
    mvf_length: U16 = 0x56
    pev_id: StationId = ZERO_ID
    pev_mac: Mac
    evse_id: StationId = ZERO_ID
    evse_mac: Mac
    run_id: Annotated[bytes, Wire("8s8x")]
    nid: Annotated[bytes, Wire("7sx")]
    nmk: Key = field(repr=False)


@mme(0x601C, mmv=2)
@dataclass(frozen=True, slots=True, kw_only=True)
class CmAmpMapReq(Mme):
    """CM_AMP_MAP.REQ, either way after the match: 4 bits for each of `amlen` carriers.

    `amdata` is packed, the first carrier in the low bits: see `of` and `amplitudes`.
    """

    amlen: U16
    amdata: Annotated[bytes, Carriers()]

    @classmethod
    def of(cls, amplitudes: bytes) -> CmAmpMapReq:
        """The message for one value of 0 to 15 per carrier, at most 1155 carriers."""
        if len(amplitudes) > MAX_CARRIERS or any(value > 15 for value in amplitudes):
            raise EncodeError(f"expected at most {MAX_CARRIERS} values of 0 to 15", path="amdata")
        even = amplitudes + bytes(len(amplitudes) % 2)
        packed = bytes(low | high << 4 for low, high in zip(even[::2], even[1::2], strict=True))
        return cls(amlen=len(amplitudes), amdata=packed)

    @property
    def amplitudes(self) -> bytes:
        """One value of 0 to 15 per carrier."""
        return bytes(nibble for byte in self.amdata for nibble in (byte & 15, byte >> 4))[: self.amlen]


@mme(0x601D, mmv=2)
@dataclass(frozen=True, slots=True, kw_only=True)
class CmAmpMapCnf(Mme):
    """CM_AMP_MAP.CNF: 0 when the map is used, 1 when not."""

    result: U8 = 0


@mme(0x6008)
@dataclass(frozen=True, slots=True, kw_only=True)
class CmSetKeyReq(Mme):
    """CM_SET_KEY.REQ, host to own modem (ISO 15118-3 table A.8)."""

    key_type: U8 = 1
    my_nonce: Annotated[bytes, Wire("4s")] = bytes(4)
    your_nonce: Annotated[bytes, Wire("4s")] = bytes(4)
    pid: U8 = 4
    prn: U16 = 0
    pmn: U8 = 0
    cco_capability: U8 = 0
    nid: Nid
    new_eks: U8 = 1
    new_key: Key = field(repr=False)
