"""The command `evproto-sunspec`: scan, read, write, watch, serve, models."""

from __future__ import annotations

import asyncio
import contextlib
import enum
import json
import sys
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer
from rich.console import Console
from rich.live import Live
from rich.table import Table

from evproto.core import EvprotoError
from evproto.core.drivers.modbus import serial_port, serve_tcp, tcp_port
from evproto.core.modbus import RegisterDevice
from evproto.sunspec.client import Client
from evproto.sunspec.definitions import GroupDef, Library
from evproto.sunspec.describe import load_device
from evproto.sunspec.scan import BASES, ScanOptions
from evproto.sunspec.simulation import House
from evproto.sunspec.types import Value
from evproto.sunspec.values import Model, Point

app = typer.Typer(no_args_is_help=True, add_completion=False, help="SunSpec devices over Modbus.")
console = Console()
_T = TypeVar("_T")

Target = Annotated[str, typer.Argument(help="HOST, HOST:PORT, or a serial device such as /dev/ttyUSB0")]
Unit = Annotated[int, typer.Option(min=0, max=255, help="Modbus unit")]
Own = Annotated[list[Path] | None, typer.Option("--model", help="JSON file of a model of one's own")]
AsJson = Annotated[bool, typer.Option("--json", help="print JSON")]
Baud = Annotated[int, typer.Option(help="of a serial line")]
Base = Annotated[list[int] | None, typer.Option(help="where to look for the map, in place of the usual")]


@dataclass(frozen=True, slots=True)
class _Connection:
    target: str
    unit: int
    own: tuple[Path, ...]
    bases: tuple[int, ...]
    baudrate: int

    def client(self) -> Client:
        library = _library(self.own)
        if self.target.startswith(("/", "COM")):
            return Client(serial_port(self.target, baudrate=self.baudrate), self.unit, library=library)
        host, _, port = self.target.partition(":")
        if port and not port.isdigit():
            raise typer.BadParameter(f"{port!r} is no port")
        return Client(tcp_port(host, int(port or 502)), self.unit, library=library)

    @property
    def options(self) -> ScanOptions:
        return ScanOptions(bases=self.bases or BASES)


def _connection(
    target: str, unit: int, own: list[Path] | None, base: list[int] | None, baud: int
) -> _Connection:
    return _Connection(target, unit, tuple(own or ()), tuple(base or ()), baud)


@app.command()
def scan(
    target: Target,
    unit: Unit = 1,
    model: Own = None,
    base: Base = None,
    baudrate: Baud = 9600,
    as_json: AsJson = False,
) -> None:
    """Find the models of a device."""

    async def work() -> None:
        async with _connection(target, unit, model, base, baudrate).client() as client:
            device = await client.scan(ScanOptions(bases=tuple(base or BASES)))
        rows = [
            (m.id, m.address, m.length, m.definition.label if isinstance(m, Model) else "unknown")
            for m in device.models
        ]
        if as_json:
            keys = ("id", "address", "length", "name")
            models = [dict(zip(keys, row, strict=True)) for row in rows]
            _print_json({"unit": unit, "base": device.base, "models": models, "faults": device.faults})
            return
        _table(f"unit {unit}, map at {device.base}", ("model", "address", "length", "name"), rows)
        for fault in device.faults:
            console.print(f"[yellow]{fault}")

    _run(work())


@app.command()
def read(
    target: Target,
    points: Annotated[
        list[str] | None, typer.Argument(help="103, 103.W, 705.Crv.0.Pt.1.V; all models without")
    ] = None,
    unit: Unit = 1,
    model: Own = None,
    base: Base = None,
    baudrate: Baud = 9600,
    as_json: AsJson = False,
) -> None:
    """Read models or points."""

    async def work() -> None:
        connection = _connection(target, unit, model, base, baudrate)
        async with connection.client() as client:
            device = await client.scan(connection.options)
        for fault in device.faults:
            Console(stderr=True, highlight=False).print(fault, style="yellow", soft_wrap=True)
        chosen = _chosen(list(device), points or [])
        if as_json:
            _print_json({str(m.id): {p.path: _plain(p.value) for p in found} for m, found in chosen})
            return
        for found_in, found in chosen:
            rows = [
                (p.path, _text(p), p.unit or "", p.definition.label) for p in found if p.value is not None
            ]
            _table(f"{found_in.id} {found_in.definition.label}", ("point", "value", "unit", "name"), rows)

    _run(work())


@app.command()
def write(
    target: Target,
    assignments: Annotated[list[str], typer.Argument(help="704.WMaxLimPct=60 704.WMaxLimPctEna=ENABLED")],
    unit: Unit = 1,
    model: Own = None,
    base: Base = None,
    baudrate: Baud = 9600,
    as_json: AsJson = False,
) -> None:
    """Write points of one model in their units and read them back."""
    number, values = _assignments(assignments)

    async def work() -> None:
        connection = _connection(target, unit, model, base, baudrate)
        async with connection.client() as client:
            device = await client.scan(connection.options)
            if number not in device:
                raise _UserError(f"the device has no model {number}")
            shown = await client.write(device[number], values)
        if as_json:
            _print_json({path: _plain(value) for path, value in shown.items()})
            return
        _table(
            f"model {number}", ("point", "value"), [(path, _plain(value)) for path, value in shown.items()]
        )

    _run(work())


@app.command()
def watch(
    target: Target,
    points: Annotated[list[str], typer.Argument(help="103.W 203.TotWhImp")],
    unit: Unit = 1,
    model: Own = None,
    base: Base = None,
    baudrate: Baud = 9600,
    every: Annotated[float, typer.Option(min=0.1, help="seconds")] = 1.0,
    times: Annotated[int, typer.Option(min=0, help="stop after so many readings; 0 for never")] = 0,
    as_json: AsJson = False,
) -> None:
    """Show points again and again; with --json one line for each reading."""

    async def work() -> None:
        connection = _connection(target, unit, model, base, baudrate)
        async with connection.client() as client, contextlib.AsyncExitStack() as stack:
            device = await client.scan(connection.options)
            live = None if as_json else stack.enter_context(Live(console=console))
            count = 0
            while not times or count < times:
                if count:
                    await asyncio.sleep(every)
                    await client.refresh(*{m.address: m for m, _ in _chosen(list(device), points)}.values())
                chosen = _chosen(list(client.device), points)
                count += 1
                if live is None:
                    _print_json(
                        {f"{m.id}.{p.path}": _plain(p.value) for m, found in chosen for p in found}, line=True
                    )
                else:
                    live.update(_watch_table(chosen))

    _run(work())


@app.command()
def serve(
    description: Annotated[Path | None, typer.Argument(help="YAML file; a simulated house without")] = None,
    host: Annotated[str, typer.Option()] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 5020,
    model: Own = None,
    hour: Annotated[float, typer.Option(min=0, max=24, help="hour of the simulated day")] = 12.0,
    speed: Annotated[float, typer.Option(min=0, help="simulated seconds per second")] = 60.0,
    seconds: Annotated[float, typer.Option(min=0, help="stop after so long; 0 for never")] = 0.0,
) -> None:
    """Serve a device, or a simulated house: inverter 1, battery 2, grid meter 3."""

    async def work() -> None:
        house = None if description else House(hour=hour)
        device: RegisterDevice = (
            house.units if house else load_device(description or "", _library(model or ()))
        )
        server = await serve_tcp(device, host, port)
        console.print(f"serving on {host}:{server.sockets[0].getsockname()[1]}")
        passed = 0.0
        async with server:
            while not seconds or passed < seconds:
                await asyncio.sleep(step := min(1.0, seconds or 1.0))
                passed += step
                if house:
                    house.advance(step * speed)

    _run(work())


@app.command()
def models(
    number: Annotated[int | None, typer.Argument(help="show the points of this model")] = None,
    model: Own = None,
    as_json: AsJson = False,
) -> None:
    """List the known models, or the points of one."""
    library = _library(model or ())
    if number is None:
        known = [(i, found.label) for i in library.ids() if (found := library.get(i))]
        if as_json:
            _print_json({str(i): label for i, label in known})
        else:
            _table(f"{len(known)} models", ("model", "name"), known)
        return
    found = library.get(number)
    if found is None:
        _fail(f"model {number} is unknown")
    rows = list(_point_rows(found.group, ""))
    if as_json:
        keys = ("point", "type", "registers", "unit", "access", "text")
        _print_json([dict(zip(keys, row, strict=True)) for row in rows])
    else:
        _table(f"{number} {found.label}", ("point", "type", "registers", "unit", "access", "text"), rows)


class _UserError(EvprotoError):
    """What the command tells and leaves with."""


def _point_rows(group: GroupDef, prefix: str) -> Iterator[tuple[str | int, ...]]:
    for point in group.points:
        access = "RW" if point.writable else "R"
        yield (
            prefix + point.name,
            point.type.name,
            point.words,
            point.unit or "",
            access,
            point.label or point.text,
        )
    for child in group.groups:
        count = "" if child.count is None else f"[{child.count or 'n'}]"
        yield from _point_rows(child, f"{prefix}{child.name}{count}.")


def _library(own: tuple[Path, ...] | list[Path]) -> Library:
    library = Library()
    for path in own:
        library.add_file(path)
    return library


def _chosen(found: list[Model], wanted: list[str]) -> list[tuple[Model, list[Point]]]:
    if not wanted:
        return [(model, list(model.points())) for model in found]
    chosen = []
    for item in wanted:
        number, _, path = item.partition(".")
        matching = [model for model in found if str(model.id) == number]
        if not matching:
            raise _UserError(f"{item}: the device has no model {number}")
        points = [(m, [p for p in m.points() if not path or p.path == path]) for m in matching]
        if not any(hits for _, hits in points):
            raise _UserError(f"{item}: model {number} has no point {path}")
        chosen += points
    return chosen


def _assignments(texts: list[str]) -> tuple[int, dict[str, Value]]:
    values: dict[str, Value] = {}
    numbers = set()
    for text in texts:
        left, equals, value = text.partition("=")
        number, dot, path = left.partition(".")
        if not equals or not dot or not number.isdigit():
            raise typer.BadParameter(f"{text!r} is not MODEL.POINT=VALUE")
        numbers.add(int(number))
        values[path] = _parsed(value)
    if len(numbers) != 1:
        raise typer.BadParameter("the points of one model at a time")
    return numbers.pop(), values


def _parsed(text: str) -> Value:
    with contextlib.suppress(ValueError):
        return int(text)
    with contextlib.suppress(ValueError):
        return float(text)
    return text


def _plain(value: Value) -> str | int | float | None:
    if isinstance(value, enum.IntFlag):
        return str(value.name) if value.name else int(value)
    if isinstance(value, enum.IntEnum):
        return value.name
    return value if isinstance(value, str | int | float | None) else str(value)


def _text(point: Point) -> str:
    return str(_plain(point.value))


def _watch_table(chosen: list[tuple[Model, list[Point]]]) -> Table:
    table = Table("point", "value", "unit")
    for model, points in chosen:
        for point in points:
            table.add_row(f"{model.id}.{point.path}", _text(point), point.unit or "")
    return table


def _table(title: str, heads: tuple[str, ...], rows: list[Any]) -> None:
    table = Table(*heads, title=title)
    for row in rows:
        table.add_row(*map(str, row))
    console.print(table)


def _print_json(data: object, *, line: bool = False) -> None:
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=None if line else 1) + "\n")
    sys.stdout.flush()


def _run(work: Coroutine[Any, Any, _T]) -> _T:
    try:
        return asyncio.run(work)
    except (EvprotoError, OSError) as error:
        _fail(str(error))
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def _fail(text: str) -> NoReturn:
    Console(stderr=True, highlight=False).print(text, style="red", soft_wrap=True)
    raise typer.Exit(2)


def main() -> None:
    """The entry point; a fault that the user can mend is one line, exit code 2."""
    try:
        app()
    except EvprotoError as error:
        Console(stderr=True, highlight=False).print(str(error), style="red", soft_wrap=True)
        sys.exit(2)
