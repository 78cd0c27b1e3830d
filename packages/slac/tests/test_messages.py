from __future__ import annotations

import dataclasses
import shutil
import subprocess
from typing import Any, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evproto.core import DecodeError, EncodeError
from evproto.slac import nid_from_nmk, nmk_from_password
from evproto.slac.keys import dak_from_password
from evproto.slac.messages import (
    CmAmpMapReq,
    CmAttenCharInd,
    CmAttenProfileInd,
    CmMnbcSoundInd,
    CmNwInfoCnf,
    CmNwStatsCnf,
    CmSetKeyReq,
    CmSlacMatchCnf,
    CmSlacMatchReq,
    CmSlacParmCnf,
    CmSlacParmReq,
    Frame,
    Mme,
    NetworkInfo,
    StationStats,
    UnknownMme,
    decode,
    encode,
    qualcomm,
    redact,
)
from evproto.slac.messages.wire import BY_MMTYPE, BY_VENDOR, Counted, Layout, Rest, Wire

A = bytes.fromhex("021122334455")
B = bytes.fromhex("02aabbccddee")
NMK = b"secret key here!"
LAYOUTS = [*BY_MMTYPE.values(), *BY_VENDOR.values()]


def messages(layout: Layout) -> st.SearchStrategy[Mme]:
    """Any message of the class that goes through a frame unchanged."""
    hints = get_type_hints(layout.cls, include_extras=True)
    values: dict[str, st.SearchStrategy[Any]] = {}
    for entry in dataclasses.fields(layout.cls):
        wire = hints[entry.name].__metadata__[0]
        if isinstance(wire, Wire):
            size = {"B": 1, "H": 2, "I": 4}.get(wire.format[:1])
            if size:
                values[entry.name] = st.integers(0, 256**size - 1)
            else:
                length = int(wire.format.split("s")[0].split("x")[-1])
                values[entry.name] = st.binary(min_size=length, max_size=length)
        elif isinstance(wire, Counted):
            values[entry.name] = st.binary(max_size=255)
        elif isinstance(wire, Rest):
            values[entry.name] = st.binary(min_size=43, max_size=200)
    if layout.cls is CmAmpMapReq:
        return st.binary(max_size=1155).map(lambda raw: CmAmpMapReq.of(bytes(v & 15 for v in raw)))
    if layout.cls in (CmSlacParmReq, CmSlacParmCnf):
        values["security_type"] = st.just(0)
    return st.builds(layout.cls, **values)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.cls.__name__)
def test_every_message_survives_the_round_trip(layout: Layout) -> None:
    @settings(deadline=None, max_examples=25)
    @given(messages(layout))
    def round_trip(message: Mme) -> None:
        frame = Frame(A, B, message)
        data = encode(frame)
        assert len(data) >= 60
        assert decode(data) == frame

    round_trip()


@pytest.mark.parametrize(
    ("message", "payload", "frame_length"),
    [
        (CmSetKeyReq(nid=bytes(7), new_key=NMK), 38, 60),
        (CmSlacParmReq(run_id=bytes(8)), 10, 60),
        (CmSlacParmCnf(forwarding_sta=A, run_id=bytes(8)), 25, 60),
        (CmMnbcSoundInd(cnt=1, run_id=bytes(8), rnd=bytes(16)), 52, 71),
        (CmAttenProfileInd(pev_mac=A, aag=bytes(58)), 66, 85),
        (CmAttenCharInd(source_address=A, run_id=bytes(8), num_sounds=10, aag=bytes(58)), 110, 129),
        (CmSlacMatchReq(pev_mac=A, evse_mac=B, run_id=bytes(8)), 66, 85),
        (CmSlacMatchCnf(pev_mac=A, evse_mac=B, run_id=bytes(8), nid=bytes(7), nmk=NMK), 90, 109),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Mme) else str(value),
)
def test_message_has_the_length_of_the_standards_table(message: Mme, payload: int, frame_length: int) -> None:
    assert len(message.LAYOUT.write(message)) == payload
    assert len(encode(Frame(A, B, message))) == frame_length


def test_match_request_stands_on_the_wire_byte_for_byte() -> None:
    frame = encode(Frame(A, B, CmSlacMatchReq(pev_mac=B, evse_mac=A, run_id=b"ABCDEFGH")))
    expected = A + B + bytes.fromhex("88e1 01 7c60 0000 00 00 3e00") + bytes(17) + B + bytes(17) + A
    assert frame == expected + b"ABCDEFGH" + bytes(8)


def test_vendor_message_has_no_fragmentation_fields() -> None:
    frame = encode(Frame(A, B, qualcomm.VsPlLnkStatusReq()))
    assert frame[14:20] == bytes.fromhex("00 b8a0 00b052")


def test_sound_with_one_reserved_byte_is_read() -> None:
    whole = encode(Frame(A, B, CmMnbcSoundInd(cnt=7, run_id=b"ABCDEFGH", rnd=bytes(16))))
    message = decode(whole[:64]).message
    assert isinstance(message, CmMnbcSoundInd)
    assert (message.cnt, message.run_id) == (7, b"ABCDEFGH")


def test_report_in_a_frame_longer_than_its_groups_is_read() -> None:
    message = CmAttenCharInd(source_address=A, run_id=bytes(8), num_sounds=10, aag=bytes([9]) * 58)
    assert decode(encode(Frame(A, B, message)) + bytes(197)).message == message


def test_report_that_announces_more_groups_than_it_has_is_refused() -> None:
    message = CmAttenCharInd(source_address=A, run_id=bytes(8), num_sounds=10, aag=bytes(58))
    with pytest.raises(DecodeError, match="58 entries announced"):
        decode(encode(Frame(A, B, message))[:-1])


def test_amplitude_map_that_announces_more_carriers_than_it_has_is_refused() -> None:
    data = bytearray(encode(Frame(A, B, CmAmpMapReq.of(bytes(200)))))
    data[19:21] = b"\xff\xff"
    with pytest.raises(DecodeError, match="65535 carriers announced"):
        decode(bytes(data))


def test_amplitude_map_packs_the_first_carrier_low() -> None:
    message = CmAmpMapReq.of(bytes([1, 2, 3]))
    assert (message.amlen, message.amdata, message.amplitudes) == (3, b"\x21\x03", bytes([1, 2, 3]))


def test_cipher_suites_are_there_with_security_type_1_only() -> None:
    secured = CmSlacParmReq(security_type=1, run_id=bytes(8), cipher_suites=(1, 0x0203))
    assert decode(encode(Frame(A, B, secured))).message == secured


def test_network_messages_of_both_versions_are_read() -> None:
    networks = CmNwInfoCnf(networks=(NetworkInfo(b"1234567", 1, 2, 2, A, 0, 3),))
    assert decode(encode(Frame(A, B, networks))).message == networks
    stats = CmNwStatsCnf(stations=(StationStats(A, 300, 70),))
    data = encode(Frame(A, B, stats))
    assert decode(data).message == stats
    old = data[:14] + b"\x01" + data[15:20] + A + bytes([30, 7]) + bytes(40)
    assert decode(old).message == CmNwStatsCnf(stations=(StationStats(A, 30, 7),))


def test_unknown_and_fragmented_messages_are_kept_as_they_are() -> None:
    for head in ("01 3412 0000", "01 6560 1000"):
        data = A + B + b"\x88\xe1" + bytes.fromhex(head) + b"payload".ljust(41, b"\0")
        message = decode(data).message
        assert isinstance(message, UnknownMme) and message.payload.startswith(b"payload")


@pytest.mark.parametrize("data", [b"", bytes(16), A + B + b"\x08\x00" + bytes(46)])
def test_what_is_no_homeplug_frame_is_refused(data: bytes) -> None:
    with pytest.raises(DecodeError):
        decode(data)


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(LAYOUTS), st.binary(max_size=150))
def test_any_payload_gives_a_message_or_decode_error(layout: Layout, payload: bytes) -> None:
    cls = layout.cls
    head = A + B + b"\x88\xe1" + bytes([cls.MMV]) + cls.MMTYPE.to_bytes(2, "little")
    data = head + (b"" if cls.MMV == 0 else b"\0\0") + cls.OUI + payload
    try:
        decode(data)
    except DecodeError:
        return
    redact(data)


def test_values_that_do_not_fit_are_refused() -> None:
    with pytest.raises(EncodeError, match="run_id"):
        encode(Frame(A, B, CmSlacParmReq(run_id=b"short")))
    with pytest.raises(EncodeError):
        encode(Frame(A, B, CmSlacParmReq(run_id=bytes(8), application_type=256)))
    with pytest.raises(EncodeError, match="addresses"):
        encode(Frame(b"", B, CmSlacParmReq(run_id=bytes(8))))
    with pytest.raises(EncodeError, match="entries are too many"):
        encode(Frame(A, B, CmAttenProfileInd(pev_mac=A, aag=bytes(256))))
    with pytest.raises(EncodeError, match="0 to 15"):
        CmAmpMapReq.of(b"\x10")


@pytest.mark.parametrize(
    "message",
    [
        CmSetKeyReq(nid=bytes(7), new_key=NMK),
        CmSlacMatchCnf(pev_mac=A, evse_mac=B, run_id=bytes(8), nid=bytes(7), nmk=NMK),
        BY_MMTYPE[0x600D].cls(result=0, key=NMK),  # type: ignore[call-arg]
        qualcomm.VsModuleOperationReq(data=b"..." + NMK + b"..."),
        qualcomm.VsModuleOperationCnf(data=b"..." + NMK + b"..."),
    ],
    ids=lambda message: type(message).__name__,
)
def test_key_is_neither_in_the_repr_nor_in_the_redacted_frame(message: Mme) -> None:
    data = encode(Frame(A, B, message))
    blanked = redact(data)
    assert NMK in data and NMK not in blanked and len(blanked) == len(data)
    assert repr(NMK)[2:-1] not in repr(message)
    for length in range(len(data)):
        assert NMK[:4] not in redact(data[:length])


def test_keys_are_those_of_the_public_vectors() -> None:
    nmk = nmk_from_password("HomePlugAV0123")
    assert nmk.hex() == "b59319d7e8157ba001b018669ccee30d"
    assert nid_from_nmk(nmk).hex() == "026bcba5354e08"
    assert nid_from_nmk(bytes.fromhex("3452235445aef2d455feff31a3b303ad")).hex() == "b1c913b5aa0702"
    with pytest.raises(ValueError, match="16 bytes"):
        nid_from_nmk(b"")


@pytest.mark.interop
@pytest.mark.skipif(shutil.which("hpavkey") is None, reason="hpavkey (plc-utils-extra) is not installed")
@pytest.mark.parametrize("password", ["HomePlugAV", "correct horse battery"])
def test_keys_are_those_that_hpavkey_derives(password: str) -> None:
    def derived(flag: str) -> str:
        run = subprocess.run(["hpavkey", flag, password], capture_output=True, text=True, check=True)
        return run.stdout.split()[0].lower()

    assert nmk_from_password(password).hex() == derived("-M")
    assert dak_from_password(password).hex() == derived("-D")
    assert nid_from_nmk(nmk_from_password(password)).hex() == derived("-N")
