"""The command `evproto-meter`: list, read, watch, ocmf verify, simulate."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.live import Live
from rich.table import Table

from evproto.core import EvprotoError
from evproto.core.drivers.modbus import ModbusPort, serial_port, serve_tcp, tcp_port
from evproto.modbus_meter.driver import run_poller
from evproto.modbus_meter.meter_file import load_meter, meter_ids, meter_map
from evproto.modbus_meter.meter_map import MeterMap
from evproto.modbus_meter.ocmf import Ocmf, Verdict, parse_ocmf, verify_ocmf
from evproto.modbus_meter.poller import MeterConfig, MeterFault, Poller, PollerEvent, PollerOptions
from evproto.modbus_meter.reading import Reading
from evproto.modbus_meter.simulation import Load, SimulatedMeter

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Energy meters over Modbus, and OCMF.")
ocmf_app = typer.Typer(no_args_is_help=True, help="Signed meter values.")
app.add_typer(ocmf_app, name="ocmf")
console = Console()

Meter = Annotated[str, typer.Argument(help="id of a known meter, or a meter file of one's own")]
Target = Annotated[str, typer.Argument(help="HOST, HOST:PORT, or a serial device such as /dev/ttyUSB0")]
Unit = Annotated[int, typer.Option(min=0, max=255, help="Modbus unit")]
Only = Annotated[list[str] | None, typer.Option("--only", help="these quantities alone")]
AsJson = Annotated[bool, typer.Option("--json", help="print JSON")]


@app.command("list")
def list_meters(as_json: AsJson = False) -> None:
    """Show the known meters."""
    meters = [meter_map(name) for name in meter_ids()]
    if as_json:
        _print_json([_about(meter) for meter in meters])
        return
    table = Table("id", "name", "values", "requests", "line", title=f"{len(meters)} meters")
    for meter in meters:
        table.add_row(meter.id, meter.name, str(len(meter.registers)), str(len(meter.blocks())), meter.serial)
    console.print(table)


@app.command()
def read(
    meter: Meter,
    target: Target,
    unit: Unit = 1,
    only: Only = None,
    timeout: Annotated[float, typer.Option(min=0.05, help="seconds for one request")] = 1.0,
    as_json: AsJson = False,
) -> None:
    """Read a meter once."""
    reading = _run(_read_once(_config(meter, unit, only), _port(target, _map(meter), timeout)))
    if as_json:
        _print_json(_plain(reading))
    else:
        console.print(_table(reading))


@app.command()
def watch(
    meter: Meter,
    target: Target,
    unit: Unit = 1,
    only: Only = None,
    every: Annotated[float, typer.Option(min=0.1, help="seconds")] = 1.0,
    times: Annotated[int, typer.Option(min=0, help="stop after so many readings; 0 for never")] = 0,
    as_json: AsJson = False,
) -> None:
    """Read a meter again and again; with --json one line for each reading."""
    config = _config(meter, unit, only, every)

    async def work() -> None:
        port = _port(target, config.map, 1.0)
        count = 0
        done = asyncio.Event()
        with contextlib.ExitStack() as stack:
            live = None if as_json else stack.enter_context(Live(console=console))

            def show(event: PollerEvent) -> None:
                nonlocal count
                if isinstance(event, MeterFault):
                    Console(stderr=True).print(f"{event.trouble.value} {event.text}", style="yellow")
                if not isinstance(event, Reading):
                    return
                count += 1
                if live is None:
                    _print_json(_plain(event), line=True)
                else:
                    live.update(_table(event))
                if count == times:
                    done.set()

            await _until(done, run_poller(Poller([config], PollerOptions(timeout=10.0)), port, show))
        await port.close()

    _run(work())


@app.command()
def simulate(
    meter: Meter,
    host: Annotated[str, typer.Option()] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 5021,
    unit: Unit = 1,
    current: Annotated[float, typer.Option(help="amperes of each phase; negative flows back")] = 16.0,
    seconds: Annotated[float, typer.Option(min=0, help="stop after so long; 0 for never")] = 0.0,
) -> None:
    """Serve a meter of this kind that measures a steady load."""
    found = _map(meter)

    async def work() -> None:
        load = Load(currents_a=(current,) * 3)
        server = await serve_tcp(SimulatedMeter(found, load, unit=unit), host, port)
        console.print(f"{found.name} on {host}:{server.sockets[0].getsockname()[1]}, unit {unit}")
        passed = 0.0
        async with server:
            while not seconds or passed < seconds:
                await asyncio.sleep(step := min(1.0, seconds or 1.0))
                passed += step
                load.advance(step)

    _run(work())


@ocmf_app.command()
def verify(
    record: Annotated[str, typer.Argument(help="the record, a file with records in lines, or - for input")],
    key: Annotated[str, typer.Option("--key", help="public key: hex, base64, PEM, or a file with one")],
    as_json: AsJson = False,
) -> None:
    """Check the signatures of OCMF records; exit code 1 when one is wrong, 2 when one is none."""
    public_key = _content(key).strip()
    results = []
    for line in _records(_content(record)):
        parsed = parse_ocmf(line)
        results.append((parsed, verify_ocmf(parsed, public_key)))
    if not results:
        _fail("there is no record")
    if as_json:
        _print_json([_judged(parsed, verdict) for parsed, verdict in results])
    else:
        for parsed, verdict in results:
            console.print(_record_table(parsed, verdict))
    if not all(verdict for _, verdict in results):
        raise typer.Exit(1)


async def _read_once(config: MeterConfig, port: ModbusPort) -> Reading:
    found: list[Reading] = []
    faults: list[MeterFault] = []
    done = asyncio.Event()

    def take(event: PollerEvent) -> None:
        if isinstance(event, Reading):
            found.append(event)
        elif isinstance(event, MeterFault):
            faults.append(event)
        if found or len(faults) > 1 or (faults and faults[0].trouble.value == "refused"):
            done.set()

    await _until(done, run_poller(Poller([config], PollerOptions(timeout=60.0)), port, take))
    await port.close()
    if not found:
        raise _UserError(f"{faults[-1].trouble.value}: {faults[-1].text}")
    return found[0]


async def _until(done: asyncio.Event, work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.ensure_future(work)
    waiting = asyncio.ensure_future(done.wait())
    await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if task.done():
        task.result()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


class _UserError(EvprotoError):
    """What the command tells and leaves with."""


def _map(meter: str) -> MeterMap:
    return load_meter(meter) if meter.endswith((".yaml", ".yml")) else meter_map(meter)


def _config(meter: str, unit: int, only: list[str] | None, period: float = 1.0) -> MeterConfig:
    found = _map(meter)
    names = frozenset(only) if only else None
    try:
        found.select(names)
    except KeyError as error:
        raise _UserError(str(error.args[0])) from None
    return MeterConfig(name=found.id, map=found, unit=unit, period=period, only=names)


def _port(target: str, meter: MeterMap, timeout: float) -> ModbusPort:
    if target.startswith(("/", "COM")):
        baudrate, _, form = (meter.serial or "9600 8N1").partition(" ")
        return serial_port(
            target,
            baudrate=int(baudrate),
            parity=form[1:2] or "N",
            stopbits=int(form[2:3] or 1),
            timeout=timeout,
        )
    host, _, number = target.partition(":")
    if number and not number.isdigit():
        raise _UserError(f"{number!r} is no port")
    return tcp_port(host, int(number or 502), timeout=timeout)


def _about(meter: MeterMap) -> dict[str, object]:
    names = [register.quantity.name for register in meter.registers]
    return {"id": meter.id, "name": meter.name, "source": meter.source, "quantities": names}


def _plain(reading: Reading) -> dict[str, object]:
    return {
        name: {"value": m.value, "unit": m.quantity.unit, "quality": m.quality.value}
        for name, m in reading.items()
    }


def _table(reading: Reading) -> Table:
    table = Table("quantity", "value", "unit", "quality", title=reading.meter)
    for name, m in reading.items():
        value = "" if m.value is None else f"{m.value:.10g}"
        table.add_row(name, value, m.quantity.unit, m.quality.value)
    return table


def _content(text: str) -> str:
    if text == "-":
        return sys.stdin.read()
    with contextlib.suppress(OSError, ValueError):
        if len(text) < 4096 and Path(text).is_file():
            return Path(text).read_text("utf-8")
    return text


def _records(text: str) -> list[str]:
    """Records one after the other, each from OCMF| on."""
    return ["OCMF|" + part.strip() for part in text.split("OCMF|")[1:]] or ([text] if text.strip() else [])


def _judged(record: Ocmf, verdict: Verdict) -> dict[str, object]:
    readings = [
        {
            "time": r.time.isoformat(),
            "value": None if r.value is None else str(r.value),
            "unit": r.unit,
            "obis": r.obis,
        }
        for r in record.payload.readings
    ]
    return {
        "valid": verdict.valid,
        "reason": verdict.reason,
        "algorithm": record.signature.algorithm,
        "pagination": record.payload.pagination,
        "readings": readings,
    }


def _record_table(record: Ocmf, verdict: Verdict) -> Table:
    mark = "[green]valid" if verdict else f"[red]{verdict.reason}"
    table = Table(
        "time", "reason", "value", "unit", "OBIS", "status", title=f"{record.payload.pagination}: {mark}"
    )
    for r in record.payload.readings:
        reason = r.reason.name.lower() if r.reason else ""
        value = "" if r.value is None else str(r.value)
        table.add_row(r.time.isoformat(), reason, value, r.unit or "", r.obis or "", r.status.name.lower())
    return table


def _print_json(data: object, *, line: bool = False) -> None:
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=None if line else 1) + "\n")
    sys.stdout.flush()


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    try:
        return asyncio.run(work)
    except OSError as error:
        _fail(str(error))
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def _fail(text: str) -> NoReturn:
    Console(stderr=True, highlight=False).print(text, style="red", soft_wrap=True, markup=False)
    raise typer.Exit(2)


def main() -> None:
    """The entry point; a fault that the user can mend is one line, exit code 2."""
    try:
        app()
    except EvprotoError as error:
        Console(stderr=True, highlight=False).print(str(error), style="red", soft_wrap=True, markup=False)
        sys.exit(2)
