"""A modem as its host sees it: what it answers, and which network it is in."""

from __future__ import annotations

from dataclasses import dataclass, field

from evproto.slac.events import Vendor
from evproto.slac.keys import nid_from_nmk, nmk_from_password
from evproto.slac.messages import (
    CmGetKeyCnf,
    CmGetKeyReq,
    CmNwInfoCnf,
    CmNwInfoReq,
    CmNwStatsCnf,
    CmNwStatsReq,
    CmSetKeyCnf,
    CmSetKeyReq,
    Mme,
    NetworkInfo,
    StationStats,
    lumissil,
    qualcomm,
)

FACTORY_NMK = nmk_from_password("HomePlugAV")
"""The key of modems as they leave the factory."""


@dataclass(kw_only=True)
class EmulatedModem:
    """One modem on the line.

    set_key_result: what it answers to a key: 1 is success for Qualcomm, 0 for HomePlug. refuse_keys:
    how many keys it refuses first. silent: it answers nothing. reports_sounds: it tells its host
    the attenuation of each sound, as EVSE modems do. join_time: seconds from a key to the link.
    """

    mac: bytes
    vendor: Vendor = Vendor.QUALCOMM
    set_key_result: int | None = None
    refuse_keys: int = 0
    silent: bool = False
    reports_sounds: bool = True
    join_time: float = 0.0
    version: str = "MAC-QCA7000-1.1.0"
    nmk: bytes = field(default=b"", repr=False)
    nid: bytes = b""
    keyed_at: float = float("-inf")
    keys_set: int = 0

    def __post_init__(self) -> None:
        if not self.nmk:
            self.nmk = FACTORY_NMK
        if not self.nid:
            self.nid = nid_from_nmk(self.nmk)

    def answer(self, message: Mme, peers: list[EmulatedModem], now: float) -> Mme | None:
        """What the modem answers its host; `peers` are the modems that it has a link with."""
        if self.silent:
            return None
        match message:
            case CmSetKeyReq():
                return self._take_key(message, now)
            case CmGetKeyReq():
                return CmGetKeyCnf(result=0, nid=self.nid, key=self.nmk)
            case CmNwInfoReq():
                return CmNwInfoCnf(networks=(NetworkInfo(self.nid, 1, 1, 2, self.mac, 0, 0),))
            case CmNwStatsReq():
                return CmNwStatsCnf(stations=tuple(StationStats(peer.mac, 9, 9) for peer in peers))
        if self.vendor is Vendor.QUALCOMM:
            return self._answer_qualcomm(message, bool(peers))
        if self.vendor is Vendor.LUMISSIL:
            return self._answer_lumissil(message, bool(peers))
        return None

    def _take_key(self, message: CmSetKeyReq, now: float) -> CmSetKeyCnf:
        success = self.set_key_result
        if success is None:
            success = 1 if self.vendor is Vendor.QUALCOMM else 0
        if self.refuse_keys:
            self.refuse_keys -= 1
            return CmSetKeyCnf(result=1 - success)
        if (message.new_key, message.nid) != (self.nmk, self.nid):
            self.nmk, self.nid, self.keyed_at = message.new_key, message.nid, now
        self.keys_set += 1
        return CmSetKeyCnf(result=success)

    def _answer_qualcomm(self, message: Mme, linked: bool) -> Mme | None:
        match message:
            case qualcomm.VsSwVerReq():
                return qualcomm.VsSwVerCnf(device_id=0x20, version=self.version.encode())
            case qualcomm.VsPlLnkStatusReq():
                return qualcomm.VsPlLnkStatusCnf(link=int(linked))
            case qualcomm.VsRsDevReq():
                return qualcomm.VsRsDevCnf()
            case qualcomm.VsOpAttributesReq():
                return qualcomm.VsOpAttributesCnf(cookie=message.cookie, data=bytes(118))
            case qualcomm.VsFactoryDefaultsReq():
                return qualcomm.VsFactoryDefaultsCnf()
        return None

    def _answer_lumissil(self, message: Mme, linked: bool) -> Mme | None:
        match message:
            case lumissil.NscmGetVersionReq():
                return lumissil.NscmGetVersionCnf(request_id=message.request_id, data=bytes(8))
            case lumissil.NscmGetDLinkStatusReq():
                return lumissil.NscmGetDLinkStatusCnf(request_id=message.request_id, link_status=int(linked))
        return None
