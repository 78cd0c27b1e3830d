"""No sequence of frames, times and pilot states raises from a machine or outgrows its tables."""

from __future__ import annotations

import random

from _runner import run

from evproto.slac.emulator.bench import (
    EV_MAC,
    EVSE_MAC,
    MODEM_MAC,
    OTHER_EV,
    OTHER_EVSE,
    RUN,
    Bench,
    EvBench,
    EvseBench,
    confirmation,
)
from evproto.slac.ev import MAX_EVSES
from evproto.slac.messages import BROADCAST, encode
from evproto.slac.messages.frame import Frame
from evproto.slac.messages.slac import CmSlacMatchReq, CmSlacParmReq, CmStartAttenCharInd, CmValidateReq
from evproto.slac.messages.wire import BY_MMTYPE, BY_VENDOR, Layout

LAYOUTS: list[Layout] = [*BY_MMTYPE.values(), *BY_VENDOR.values()]
SOURCES = (EV_MAC, EVSE_MAC, MODEM_MAC, OTHER_EV, OTHER_EVSE)
WAITS = (0.0, 0.001, 0.02, 0.1, 0.25, 0.5, 1.0, 5.0, 20.0)


def check(data: bytes) -> None:
    """The bytes are a script: each step takes its kind and its content from them."""
    bench: Bench = EvseBench() if data[:1] < b"\x80" else EvBench()
    bench.linked = data[1:2] < b"\x80"
    _prepare(bench, data[1:2])
    at = 2
    while at < len(data):
        kind, at = data[at], at + 1
        content, at = data[at : at + 24], at + 24
        _step(bench, kind, content)
        if isinstance(bench, EvseBench):
            assert bench.station.runs <= bench.station.config.max_runs
        elif isinstance(bench, EvBench):
            assert len(bench.station._reports) <= MAX_EVSES
        bench.events.clear()
        bench.sent.clear()


def _prepare(bench: Bench, how: bytes) -> None:
    """Begin in any stage of a session."""
    stage = how[0] % 6 if how else 0
    if isinstance(bench, EvseBench):
        steps = (lambda: None, bench.parameters, bench.to_sounding, bench.to_wait_match, bench.to_matched)
        steps[min(stage, 4)]()
    elif isinstance(bench, EvBench):
        bench.begin()
        if stage > 1:
            bench.confirm()
            bench.wait(0.3)
        if stage > 2:
            bench.report(10)
        if stage > 3:
            bench.give(EVSE_MAC, confirmation(bench))


def _step(bench: Bench, kind: int, content: bytes) -> None:
    if kind < 40:
        bench.wait(WAITS[kind % len(WAITS)])
    elif kind < 50 and isinstance(bench, EvseBench):
        bench.pilot("ABCDEF"[kind % 6])
    elif kind < 70:
        bench.give_raw(_well_formed(bench, kind, content))
    else:
        layout = LAYOUTS[kind % len(LAYOUTS)].cls
        source = SOURCES[content[0] % len(SOURCES)] if content else EV_MAC
        head = bench.station.mac + source + b"\x88\xe1" + bytes([layout.MMV])
        head += layout.MMTYPE.to_bytes(2, "little") + (b"" if layout.MMV == 0 else b"\0\0") + layout.OUI
        bench.give_raw(head + content[1:] * 5)


def _well_formed(bench: Bench, kind: int, content: bytes) -> bytes:
    """A request that is right in all but perhaps its sender and its run."""
    source = SOURCES[content[0] % len(SOURCES)] if content else EV_MAC
    run_id = RUN if len(content) < 2 or content[1] < 128 else content[2:10].ljust(8, b"\0")
    messages = (
        CmSlacParmReq(run_id=run_id),
        CmStartAttenCharInd(forwarding_sta=source, run_id=run_id),
        CmValidateReq(timer=content[-1] if content else 0),
        CmSlacMatchReq(pev_mac=source, evse_mac=EVSE_MAC, run_id=run_id),
    )
    return encode(Frame(BROADCAST, source, messages[kind % len(messages)]))


_rng = random.Random(1)
SEEDS = [_rng.randbytes(300) for _ in range(20)]

if __name__ == "__main__":
    run(check, SEEDS)
