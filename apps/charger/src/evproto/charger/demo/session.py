"""One demo session from its settings to its folder."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from evproto.charger.demo.build import CALENDAR, EVCC_ID, EVSE_ID, build_world
from evproto.charger.demo.realtime import LoopbackRunner
from evproto.charger.demo.settings import DemoConfig
from evproto.charger.demo.virtual import VirtualRunner
from evproto.charger.demo.world import World
from evproto.charger.report.capture import SDP_GROUP, SDP_PORT
from evproto.charger.report.folder import SessionFolder
from evproto.core import JsonValue, Trace, TraceSink
from evproto.iso15118.iso2 import messages as iso2
from evproto.v2gtp.charging import SessionEnded
from evproto.v2gtp.messages import app_protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a session ended. as_planned: nothing but a fault that was asked for went wrong."""

    ok: bool
    as_planned: bool
    text: str
    contactor_open: bool
    duration_s: float
    energy_wh: float
    soc_percent: float
    messages: int
    page: Path


def run_virtual(config: DemoConfig, out: Path, *, watch: TraceSink | None = None) -> Outcome:
    """Run the session in virtual time; `watch` sees each trace record."""
    _warm_up()
    runner = VirtualRunner()
    with SessionFolder(out, epoch_ns=_nanoseconds(CALENDAR), comment=_comment(config)) as folder:
        world = _world(config, folder, watch, runner.stamp, tcp_port(config.seed), _GROUP)
        runner.run(world)
        return _finish(config, folder, world, "virtual time")


def run_real_time(
    config: DemoConfig, out: Path, *, watch: TraceSink | None = None, sdp_port: int = SDP_PORT
) -> Outcome:
    """Run the session on sockets of the loopback interface in real time.

    NetworkError when the sockets cannot be opened. An interrupt ends the session where it stands;
    the folder is complete up to there, then KeyboardInterrupt goes on.
    """
    _warm_up()
    return asyncio.run(_run_real_time(config, out, watch, sdp_port))


def tcp_port(seed: int) -> int:
    """The TCP port of the station's session: one of the range that SDP may name, by the seed."""
    return random.Random(f"port {seed}").randrange(49_152, 65_536)


_GROUP = (str(SDP_GROUP), SDP_PORT, 0, 0)


async def _run_real_time(config: DemoConfig, out: Path, watch: TraceSink | None, sdp_port: int) -> Outcome:
    runner = LoopbackRunner()
    try:
        port, target = await runner.open(port=tcp_port(config.seed), sdp_port=sdp_port)
        epoch = _nanoseconds(datetime.now(UTC))
        with SessionFolder(out, epoch_ns=epoch, comment=_comment(config)) as folder:
            world = _world(config, folder, watch, runner.stamp, port, target)
            try:
                await runner.run(world)
            except asyncio.CancelledError:
                _finish(config, folder, world, "real time", interrupted=True)
                raise
            return _finish(config, folder, world, "real time")
    finally:
        runner.close()


def _world(
    config: DemoConfig,
    folder: SessionFolder,
    watch: TraceSink | None,
    stamp: Callable[[], float],
    port: int,
    sdp_target: tuple[object, ...],
) -> World:
    def trace(record: Trace) -> None:
        folder(record)
        if watch is not None:
            watch(record)

    return build_world(
        config,
        trace=trace,
        conversation=folder.conversation,
        stamp=stamp,
        port=port,
        sdp_target=sdp_target,
    )


def _finish(
    config: DemoConfig, folder: SessionFolder, world: World, clock: str, *, interrupted: bool = False
) -> Outcome:
    ended = world.ended
    ok = ended is not None and ended.ok and not interrupted
    text = "Interrupted" if interrupted else _text(ended)
    story = folder.write_page(_header(config, ended, clock, text, ok))
    facts = story.facts
    return Outcome(
        ok=ok,
        as_planned=ok or config.fault is not None,
        text=text,
        contactor_open=not world.contactor_closed,
        duration_s=_number(facts, "duration_s"),
        energy_wh=_number(facts, "energy_wh"),
        soc_percent=_number(facts, "soc_percent"),
        messages=len(story.messages),
        page=folder.page_path,
    )


def _header(
    config: DemoConfig, ended: SessionEnded | None, clock: str, text: str, ok: bool
) -> dict[str, JsonValue]:
    kind = config.current.value.upper()
    facts: list[JsonValue] = [
        ["Protocol", "ISO 15118-2, external identification"],
        ["Energy transfer", f"{kind}, {_offer(config)}"],
        ["Session", ended.session_id.hex() if ended else "none"],
        ["EVCCID", EVCC_ID.hex(":")],
        ["EVSEID", EVSE_ID],
        ["Battery", f"{config.battery.capacity_wh:.0f} Wh, to {config.battery.target_soc_percent:.0f} %"],
        ["End", f"{ended.reason.value}. {ended.detail}".strip(". ") if ended else "no session came about"],
        ["Clock and seed", f"{clock}, seed {config.seed}"],
    ]
    if config.fault is not None:
        facts.append(["Fault on purpose", config.fault.value])
    return {
        "title": f"{kind} charging session",
        "subtitle": f"ISO 15118-2 · evproto-charger demo · {clock} · seed {config.seed}",
        "outcome": text,
        "ok": ok,
        "facts": facts,
    }


def _offer(config: DemoConfig) -> str:
    if config.is_dc:
        supply = config.supply
        most = (
            f"{supply.max_power_w / 1000:.0f} kW, {supply.max_current_a:.0f} A, {supply.max_voltage_v:.0f} V"
        )
        return f"up to {most}"
    return f"{config.charger.phases} x {config.mains_current_a:.0f} A at {config.mains_v:.0f} V"


def _text(ended: SessionEnded | None) -> str:
    if ended is None:
        return "No session"
    return ended.reason.name.replace("_", " ").capitalize()


def _comment(config: DemoConfig) -> str:
    return (
        f"evproto-charger demo, {config.current.value.upper()}, seed {config.seed}. "
        "Payloads are those of the session; the packets around them are synthesised."
    )


def _warm_up() -> None:
    """Compile the grammars, so that the first messages are as quick as the others."""
    for codec in (app_protocol.CODEC, iso2.CODEC):
        _ = codec.grammar


def _nanoseconds(time: datetime) -> int:
    return round(time.timestamp() * 1e6) * 1_000


def _number(facts: Mapping[str, JsonValue], key: str) -> float:
    value = facts.get(key)
    return float(value) if isinstance(value, int | float) else 0.0
