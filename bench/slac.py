"""SLAC: codec per frame beside scapy and construct; PARM.REQ to MATCH.CNF, virtual and over veth."""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
from collections.abc import Callable

from _report import Figure, Times, interleave, options, report

from evproto.core import ConfigError
from evproto.slac import Matched
from evproto.slac.driver import open_ev, open_evse
from evproto.slac.emulator import Channel, EmulatedModem, LineDriver, PowerLine, Segment, VethPorts
from evproto.slac.messages import (
    CmAmpMapReq,
    CmAttenCharInd,
    CmAttenCharRsp,
    CmAttenProfileInd,
    CmMnbcSoundInd,
    CmSetKeyCnf,
    CmSetKeyReq,
    CmSlacMatchCnf,
    CmSlacMatchReq,
    CmSlacParmCnf,
    CmSlacParmReq,
    CmStartAttenCharInd,
    CmValidateCnf,
    CmValidateReq,
    Frame,
    Mme,
    decode,
    encode,
    qualcomm,
)

MAC = bytes.fromhex("021122334455")
RUN = b"ABCDEFGH"
FLOOR_MS = 240.0
"""12 gaps of 20 ms between 3 indications and 10 sounds."""

MESSAGES: tuple[Mme, ...] = (
    CmSlacParmReq(run_id=RUN),
    CmSlacParmCnf(forwarding_sta=MAC, run_id=RUN),
    CmStartAttenCharInd(forwarding_sta=MAC, run_id=RUN),
    CmMnbcSoundInd(cnt=3, run_id=RUN, rnd=bytes(16)),
    CmAttenProfileInd(pev_mac=MAC, aag=bytes(58)),
    CmAttenCharInd(source_address=MAC, run_id=RUN, num_sounds=10, aag=bytes(58)),
    CmAttenCharRsp(source_address=MAC, run_id=RUN),
    CmValidateReq(),
    CmValidateCnf(result=1),
    CmSlacMatchReq(pev_mac=MAC, evse_mac=MAC, run_id=RUN),
    CmSlacMatchCnf(pev_mac=MAC, evse_mac=MAC, run_id=RUN, nid=bytes(7), nmk=bytes(16)),
    CmAmpMapReq.of(bytes(917)),
    CmSetKeyReq(nid=bytes(7), new_key=bytes(16)),
    CmSetKeyCnf(result=0),
    qualcomm.VsPlLnkStatusCnf(link=1),
    qualcomm.VsSwVerCnf(version=b"MAC-QCA7000-1.1.0"),
)

# scapy is GPL-2.0-only and takes a second to import: it runs in a process of its own.
SCAPY = """
import json, sys, time
from scapy.all import Ether
import scapy.contrib.homepluggp
from scapy.contrib.homeplugav import HomePlugAV
frame = bytes.fromhex(sys.argv[1])
def best(action, count=40, rounds=9):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(count):
            action()
        times.append((time.perf_counter() - start) / count)
    return min(times)
parsed = Ether(frame)
def build():
    copy = parsed.copy()
    copy.clear_cache()
    return bytes(copy)
assert parsed.haslayer("CM_ATTEN_CHAR_IND")
assert build()[:80] == frame[:80]
print(json.dumps([best(lambda: Ether(frame)), best(build)]))
"""


def main() -> None:
    parsed = options(__doc__).parse_args()
    report(codec() + beside_construct() + beside_scapy() + matching() + over_veth(), as_json=parsed.json)


def codec() -> list[Figure]:
    """Parse and build of each message."""
    figures = []
    for message in MESSAGES:
        frame = Frame(MAC, MAC, message)
        data = encode(frame)
        for measure, times in zip(("parse", "build"), interleave(*_ours(data, frame)), strict=True):
            figures.append(_microseconds(type(message).__name__, measure, times.minimum))
    return figures


def beside_construct() -> list[Figure]:
    """CM_ATTEN_CHAR.IND with the same layout declared in construct."""
    try:
        import construct as c
    except ImportError:
        return []
    layout = c.Struct(
        "destination" / c.Bytes(6),
        "source" / c.Bytes(6),
        "ethertype" / c.Int16ub,
        "mmv" / c.Int8ub,
        "mmtype" / c.Int16ul,
        "fragmentation" / c.Int16ub,
        "application_type" / c.Int8ub,
        "security_type" / c.Int8ub,
        "source_address" / c.Bytes(6),
        "run_id" / c.Bytes(8),
        "source_id" / c.Bytes(17),
        "resp_id" / c.Bytes(17),
        "num_sounds" / c.Int8ub,
        "num_groups" / c.Int8ub,
        "aag" / c.Bytes(c.this.num_groups),
    )
    frame, data = _report_frame()
    peer = layout.parse(data)
    assert layout.build(peer) == data
    ours_parse, ours_build = _ours(data, frame)
    times = interleave(ours_parse, lambda: layout.parse(data), ours_build, lambda: layout.build(peer))
    return _ratios("construct", times)


def beside_scapy() -> list[Figure]:
    """CM_ATTEN_CHAR.IND with scapy, where it is installed."""
    frame, data = _report_frame()
    peer = subprocess.run(
        [sys.executable, "-c", SCAPY, data.hex()], capture_output=True, text=True, check=False
    )
    if peer.returncode:
        return []
    parse, build = json.loads(peer.stdout)
    ours = interleave(*_ours(data, frame))
    return _ratios("scapy", [ours[0], Times(parse, parse), ours[1], Times(build, build)])


def matching() -> list[Figure]:
    """Milliseconds of protocol time, with the line's own delay at half a millisecond per frame."""
    figures = []
    for case, channel in (
        ("match, line without delay", Channel(latency=0.0)),
        ("match, line of 0.5 ms", Channel(latency=0.0005, noise_db=4.0)),
    ):
        segment = Segment(channel)
        segment.add_evse("evse")
        segment.add_ev("ev")
        segment.plug("ev", "evse", 1.0)
        segment.run(until=5.0, stop=lambda s=segment: bool(s.events_of("ev", Matched)))  # type: ignore[misc]
        (matched_at,) = [at for at, event in segment.events["ev"] if isinstance(event, Matched)]
        milliseconds = (matched_at - 1.0) * 1000
        figures.append(Figure(case=case, measure="PARM.REQ to MATCH.CNF", value=milliseconds, unit="ms"))
        over = milliseconds - FLOOR_MS
        figures.append(Figure(case=case, measure="over the floor", value=over, unit="ms"))
    return figures


def over_veth(runs: int = 9) -> list[Figure]:
    """The same in real time over veth, our own pair, where interfaces may be made."""
    try:
        times = asyncio.run(_match_over_veth(runs))
    except (ConfigError, OSError):
        return []
    milliseconds = statistics.median(times) * 1000
    case = "match over veth, median"
    return [
        Figure(case=case, measure="PARM.REQ to MATCH.CNF", value=milliseconds, unit="ms"),
        Figure(case=case, measure="over the floor", value=milliseconds - FLOOR_MS, unit="ms"),
    ]


async def _match_over_veth(runs: int) -> list[float]:
    loop = asyncio.get_running_loop()
    names = ["evse", "ev"]
    line = PowerLine(Channel(latency=0.0, noise_db=4.0))
    for index, name in enumerate(names):
        line.add(name, EmulatedModem(mac=bytes([2, 0x30, 0, 0, 0, index])))
    times = []
    with VethPorts("evbench", names, local=frozenset(names)) as ports:
        line_driver = LineDriver(line, ports.line)
        for _ in range(runs):
            evse, charger = open_evse(ports.host["evse"], lambda event: None)
            charger.command(evse.pilot, "B")
            await asyncio.sleep(0.05)
            matched = loop.create_future()
            ev, car = open_ev(
                ports.host["ev"],
                lambda event, done=matched: done.set_result(None) if isinstance(event, Matched) else None,
            )
            begin = loop.time()
            car.command(ev.start)
            await asyncio.wait_for(matched, 10)
            times.append(loop.time() - begin)
            car.close()
            charger.close()
        line_driver.close()
    return times


def _ours(data: bytes, frame: Frame) -> tuple[Callable[[], object], Callable[[], object]]:
    return lambda: decode(data), lambda: encode(frame)


def _report_frame() -> tuple[Frame, bytes]:
    message = CmAttenCharInd(source_address=MAC, run_id=RUN, num_sounds=10, aag=bytes(range(58)))
    frame = Frame(MAC, MAC, message)
    return frame, encode(frame)


def _microseconds(case: str, measure: str, seconds: float) -> Figure:
    return Figure(case=case, measure=measure, value=seconds * 1e6, unit="us")


def _ratios(peer: str, times: list[Times]) -> list[Figure]:
    figures = []
    for measure, ours, theirs in (("parse", times[0], times[1]), ("build", times[2], times[3])):
        figures.append(
            Figure(
                case="CmAttenCharInd",
                measure=measure,
                value=ours.minimum * 1e6,
                unit="us",
                peer=peer,
                ratio=ours.minimum / theirs.minimum,
            )
        )
    return figures


if __name__ == "__main__":
    main()
