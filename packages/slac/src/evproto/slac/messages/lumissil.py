"""Vendor messages of Lumissil modems (CG5317), each with the vendor's 19-byte header."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from evproto.slac.messages.wire import U8, Mme, Rest, Wire, mme

OUI = b"\x00\x16\xe8"

_Version = Annotated[int, Wire("H4x")]
_RequestId = Annotated[int, Wire("B12x")]


@mme(0xAC6C, mmv=0, oui=OUI)
@dataclass(frozen=True, slots=True, kw_only=True)
class NscmGetVersionReq(Mme):
    """NSCM_GET_VERSION.REQ."""

    version: _Version = 0
    request_id: _RequestId = 0


@mme(0xAC6D, mmv=0, oui=OUI)
@dataclass(frozen=True, slots=True, kw_only=True)
class NscmGetVersionCnf(Mme):
    """NSCM_GET_VERSION.CNF; the version numbers are left as they come."""

    version: _Version = 0
    request_id: _RequestId = 0
    data: Annotated[bytes, Rest()] = b""


@mme(0xAC70, mmv=0, oui=OUI)
@dataclass(frozen=True, slots=True, kw_only=True)
class NscmResetDeviceReq(Mme):
    """NSCM_RESET_DEVICE.REQ; there is no answer to it."""

    version: _Version = 0
    request_id: _RequestId = 0
    mode: U8 = 0


@mme(0xAC9C, mmv=0, oui=OUI)
@dataclass(frozen=True, slots=True, kw_only=True)
class NscmGetDLinkStatusReq(Mme):
    """NSCM_GET_D_LINK_STATUS.REQ."""

    version: _Version = 0
    request_id: _RequestId = 0


@mme(0xAC9D, mmv=0, oui=OUI)
@dataclass(frozen=True, slots=True, kw_only=True)
class NscmGetDLinkStatusCnf(Mme):
    """NSCM_GET_D_LINK_STATUS.CNF: 1 is linked."""

    version: _Version = 0
    request_id: _RequestId = 0
    link_status: U8
