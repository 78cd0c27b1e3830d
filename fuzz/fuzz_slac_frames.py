"""Any bytes give a frame or DecodeError, and what was read is written and read back the same."""

from __future__ import annotations

from _runner import run

from evproto.core import DecodeError
from evproto.slac.messages import (
    BROADCAST,
    CmAmpMapReq,
    CmAttenCharInd,
    CmAttenProfileInd,
    CmNwInfoCnf,
    CmNwStatsCnf,
    CmSetKeyReq,
    CmSlacMatchCnf,
    CmSlacParmReq,
    Frame,
    Mme,
    NetworkInfo,
    StationStats,
    UnknownMme,
    decode,
    encode,
    lumissil,
    qualcomm,
    redact,
)
from evproto.slac.messages.wire import BY_MMTYPE, BY_VENDOR

MAC = b"\x02\x11\x22\x33\x44\x55"

MESSAGES: list[Mme] = [
    CmSlacParmReq(security_type=1, run_id=bytes(8), cipher_suites=(1, 2)),
    CmAttenCharInd(source_address=MAC, run_id=bytes(8), num_sounds=10, aag=bytes(58)),
    CmAttenProfileInd(pev_mac=MAC, aag=bytes(58)),
    CmSlacMatchCnf(pev_mac=MAC, evse_mac=MAC, run_id=bytes(8), nid=bytes(7), nmk=bytes(16)),
    CmSetKeyReq(nid=bytes(7), new_key=bytes(16)),
    CmAmpMapReq.of(bytes(917)),
    CmNwInfoCnf(networks=(NetworkInfo(bytes(7), 1, 1, 2, MAC, 0, 0),)),
    CmNwStatsCnf(stations=(StationStats(MAC, 9, 9),)),
    qualcomm.VsSwVerCnf(version=b"MAC-QCA7000"),
    qualcomm.VsOpAttributesCnf(data=bytes(118)),
    lumissil.NscmGetDLinkStatusCnf(link_status=1),
]
SEEDS = [encode(Frame(BROADCAST, MAC, message)) for message in MESSAGES]


LAYOUTS = [*BY_MMTYPE.values(), *BY_VENDOR.values()]


def check(data: bytes) -> None:
    """The bytes as a frame, and as the payload of the message that the first of them picks."""
    _check_frame(data)
    if data:
        message = LAYOUTS[data[0] % len(LAYOUTS)].cls
        head = BROADCAST + MAC + b"\x88\xe1" + bytes([message.MMV]) + message.MMTYPE.to_bytes(2, "little")
        _check_frame(head + (b"" if message.MMV == 0 else b"\0\0") + message.OUI + data[1:])


def _check_frame(data: bytes) -> None:
    assert len(redact(data)) == len(data)
    try:
        decode(data)
        # An interface pads what is shorter; only then is a frame what it is read back as.
        frame = decode(data.ljust(60, b"\0"))
    except DecodeError:
        return
    message = frame.message
    if isinstance(message, UnknownMme) or len(data) > 1514:
        return
    if isinstance(message, CmNwStatsCnf | CmAmpMapReq):
        # Rates of AV 1.1 are written as those of AV 2.0, and an odd carrier's other half is free.
        return
    again = decode(encode(frame)).message
    assert _without_padding(again) == _without_padding(message), (message, again)


def _without_padding(message: Mme) -> str:
    """The zeros that pad a frame are part of what is left at its end."""
    return repr(message).replace("\\x00", "")


if __name__ == "__main__":
    run(check, SEEDS)
