"""Vendor messages of Qualcomm modems (QCA7000/7005/7006, AR7420): MMV 0, no fragmentation fields.

Names and layouts as in the public tools open-plc-utils.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from evproto.slac.messages.wire import U8, U16, U32, Counted, Mac, Mme, Rest, Wire, mme

OUI = b"\x00\xb0\x52"
LOCAL_MODEM = b"\x00\xb0\x52\x00\x00\x01"
"""The address at which every Qualcomm modem hears its own host."""


@mme(0xA000, mmv=0, oui=OUI)
@dataclass(frozen=True, slots=True, kw_only=True)
class VsSwVerReq(Mme):
    """VS_SW_VER.REQ: which firmware?"""


@mme(0xA001, mmv=0, oui=OUI)
@dataclass(frozen=True, slots=True, kw_only=True)
class VsSwVerCnf(Mme):
    """VS_SW_VER.CNF: 0 is success; the version is text."""

    status: U8 = 0
    device_id: U8 = 0
    version: Annotated[bytes, Counted("<B")] = b""


@mme(0xA01C, mmv=0, oui=OUI)
@dataclass(frozen=True, slots=True, kw_only=True)
class VsRsDevReq(Mme):
    """VS_RS_DEV.REQ: restart the modem."""


@mme(0xA01D, mmv=0, oui=OUI)
@dataclass(frozen=True, slots=True, kw_only=True)
class VsRsDevCnf(Mme):
    """VS_RS_DEV.CNF: 0 is success."""

    status: U8 = 0


@mme(0xA038, mmv=0, oui=OUI)
@dataclass(frozen=True, slots=True, kw_only=True)
class VsNwInfoReq(Mme):
    """VS_NW_INFO.REQ."""


@mme(0xA039, mmv=0, oui=OUI)
@dataclass(frozen=True, slots=True, kw_only=True)
class VsNwInfoCnf(Mme):
    """VS_NW_INFO.CNF; its form differs between firmwares and is left as it is."""

    data: Annotated[bytes, Rest()] = b""


@mme(0xA062, mmv=0, oui=OUI)
@dataclass(frozen=True, slots=True, kw_only=True)
class VsHstActionInd(Mme):
    """VS_HST_ACTION.IND: the modem asks its host to act (0: load the firmware)."""

    action: U8
    data: Annotated[bytes, Rest()] = b""


@mme(0xA063, mmv=0, oui=OUI)
@dataclass(frozen=True, slots=True, kw_only=True)
class VsHstActionRsp(Mme):
    """VS_HST_ACTION.RSP: 0 when the host does it."""

    status: U8 = 0


@mme(0xA068, mmv=0, oui=OUI)
@dataclass(frozen=True, slots=True, kw_only=True)
class VsOpAttributesReq(Mme):
    """VS_OP_ATTRIBUTES.REQ: 0 asks for the binary report."""

    cookie: U32 = 0
    report_type: U8 = 0


@mme(0xA069, mmv=0, oui=OUI)
@dataclass(frozen=True, slots=True, kw_only=True)
class VsOpAttributesCnf(Mme):
    """VS_OP_ATTRIBUTES.CNF."""

    status: U16 = 0
    cookie: U32 = 0
    report_type: U8 = 0
    data: Annotated[bytes, Counted("<H")] = b""


@mme(0xA07C, mmv=0, oui=OUI)
@dataclass(frozen=True, slots=True, kw_only=True)
class VsFactoryDefaultsReq(Mme):
    """VS_FAC_DEFAULTS.REQ."""


@mme(0xA07D, mmv=0, oui=OUI)
@dataclass(frozen=True, slots=True, kw_only=True)
class VsFactoryDefaultsCnf(Mme):
    """VS_FAC_DEFAULTS.CNF: 0 is success."""

    status: U8 = 0


@mme(0xA0B0, mmv=0, oui=OUI)
@dataclass(frozen=True, slots=True, kw_only=True)
class VsModuleOperationReq(Mme):
    """VS_MODULE_OPERATION.REQ: reads and writes the PIB, which holds keys, so it is not shown."""

    data: Annotated[bytes, Rest()] = field(default=b"", repr=False)


@mme(0xA0B1, mmv=0, oui=OUI)
@dataclass(frozen=True, slots=True, kw_only=True)
class VsModuleOperationCnf(Mme):
    """VS_MODULE_OPERATION.CNF."""

    data: Annotated[bytes, Rest()] = field(default=b"", repr=False)


@mme(0xA0B8, mmv=0, oui=OUI)
@dataclass(frozen=True, slots=True, kw_only=True)
class VsPlLnkStatusReq(Mme):
    """VS_PL_LNK_STATUS.REQ: is there a link to another station?"""


@mme(0xA0B9, mmv=0, oui=OUI)
@dataclass(frozen=True, slots=True, kw_only=True)
class VsPlLnkStatusCnf(Mme):
    """VS_PL_LNK_STATUS.CNF: link 1 is up."""

    status: U8 = 0
    link: U8


@mme(0xA14E, mmv=0, oui=OUI)
@dataclass(frozen=True, slots=True, kw_only=True)
class VsAttenuationCharacteristicsInd(Mme):
    """VS_ATTENUATION_CHARACTERISTICS.IND, sent unasked by AR7420 in place of CM_ATTEN_PROFILE.IND."""

    pev_mac: Mac
    num_groups: U8
    carriers_per_group: Annotated[int, Wire("B7x")] = 0
    aag: Annotated[bytes, Rest()] = b""
