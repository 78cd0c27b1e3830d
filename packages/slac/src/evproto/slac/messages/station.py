"""Messages between a host and its own modem that every vendor shares (HomePlug AV 1.1, 11.5)."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Annotated, Any, NamedTuple

from evproto.slac.messages.wire import MMV_AV_2_0, U8, U16, Key, Mme, Nid, Nonce, Tail, mme


class NetworkInfo(NamedTuple):
    """One network that the modem is in. station_role: 0 station, 1 proxy, 2 coordinator."""

    nid: bytes
    snid: int
    tei: int
    station_role: int
    cco_mac: bytes
    access: int
    neighbour_networks: int


class StationStats(NamedTuple):
    """Mean physical rates to one other station, in Mbit/s."""

    mac: bytes
    tx_mbps: int
    rx_mbps: int


class _Networks(Tail):
    RECORD = struct.Struct("<7sBBB6sBB")

    def read(self, data: bytes, at: int, head: Any, mmv: int) -> tuple[NetworkInfo, ...]:
        return tuple(NetworkInfo(*record) for record in _records(self.RECORD, data, at))

    def write(self, value: tuple[NetworkInfo, ...]) -> bytes:
        return bytes([len(value)]) + b"".join(self.RECORD.pack(*entry) for entry in value)


class _Stations(Tail):
    """AV 1.1 has one byte per rate, AV 2.0 has two."""

    def read(self, data: bytes, at: int, head: Any, mmv: int) -> tuple[StationStats, ...]:
        record = struct.Struct("<6sHH" if mmv >= MMV_AV_2_0 else "<6sBB")
        return tuple(StationStats(*entry) for entry in _records(record, data, at))

    def write(self, value: tuple[StationStats, ...]) -> bytes:
        return bytes([len(value)]) + b"".join(struct.pack("<6sHH", *entry) for entry in value)


def _records(record: struct.Struct, data: bytes, at: int) -> list[tuple[Any, ...]]:
    """As many of the announced records as are whole."""
    if at >= len(data):
        return []
    count = min(data[at], (len(data) - at - 1) // record.size)
    return [record.unpack_from(data, at + 1 + index * record.size) for index in range(count)]


@mme(0x6009, identified_by="result")
@dataclass(frozen=True, slots=True, kw_only=True)
class CmSetKeyCnf(Mme):
    """CM_SET_KEY.CNF. HomePlug Green PHY: 0 is success; Qualcomm firmware says 1 for it."""

    result: U8
    my_nonce: Nonce = bytes(4)
    your_nonce: Nonce = bytes(4)
    pid: U8 = 4
    prn: U16 = 0
    pmn: U8 = 0
    cco_capability: U8 = 0


@mme(0x600C)
@dataclass(frozen=True, slots=True, kw_only=True)
class CmGetKeyReq(Mme):
    """CM_GET_KEY.REQ: 0 asks directly; key type 1 is the NMK."""

    request_type: U8 = 0
    requested_key_type: U8 = 1
    nid: Nid
    my_nonce: Nonce = bytes(4)
    pid: U8 = 4
    prn: U16 = 0
    pmn: U8 = 0


@mme(0x600D, identified_by="result")
@dataclass(frozen=True, slots=True, kw_only=True)
class CmGetKeyCnf(Mme):
    """CM_GET_KEY.CNF: 0 granted, 1 refused, 2 not supported."""

    result: U8
    requested_key_type: U8 = 1
    my_nonce: Nonce = bytes(4)
    your_nonce: Nonce = bytes(4)
    nid: Nid = bytes(7)
    eks: U8 = 1
    pid: U8 = 4
    prn: U16 = 0
    pmn: U8 = 0
    key: Key = field(default=bytes(16), repr=False)


@mme(0x6038)
@dataclass(frozen=True, slots=True, kw_only=True)
class CmNwInfoReq(Mme):
    """CM_NW_INFO.REQ: which networks is the modem in?"""


@mme(0x6039)
@dataclass(frozen=True, slots=True, kw_only=True)
class CmNwInfoCnf(Mme):
    """CM_NW_INFO.CNF."""

    networks: Annotated[tuple[NetworkInfo, ...], _Networks()] = ()


@mme(0x6048, mmv=2)
@dataclass(frozen=True, slots=True, kw_only=True)
class CmNwStatsReq(Mme):
    """CM_NW_STATS.REQ: how fast are the other stations?"""


@mme(0x6049, mmv=2)
@dataclass(frozen=True, slots=True, kw_only=True)
class CmNwStatsCnf(Mme):
    """CM_NW_STATS.CNF."""

    stations: Annotated[tuple[StationStats, ...], _Stations()] = ()
