"""The command `evproto-slac`: evse, ev, sniff, replay, emulate, modem-info."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from evproto.core import ConfigError, EvprotoError, JsonLinesTrace, Trace, TraceSink
from evproto.core.drivers.ethernet import EthernetPort
from evproto.slac.attenuation import Limits
from evproto.slac.capture import FrameCapture, frames_of
from evproto.slac.describe import describe_event, describe_fields, describe_frame, format_mac, standard_name
from evproto.slac.driver import StationDriver, ask_modem, open_ev, open_evse
from evproto.slac.emulator import Channel, EmulatedModem, LineDriver, PortFrame, PowerLine
from evproto.slac.ev import EvConfig
from evproto.slac.events import Event, FrameIgnored, LinkReady, MatchingFailed, ToggleRequested, Vendor
from evproto.slac.evse import EvseConfig, Validation
from evproto.slac.messages import ETHERTYPE

app = typer.Typer(no_args_is_help=True, add_completion=False, help="HomePlug Green PHY and SLAC.")
console = Console(highlight=False)

Interface = Annotated[str, typer.Option("--interface", "-i", help="network interface of the modem")]
CaptureFile = Annotated[Path | None, typer.Option("--capture", help="write frames to this pcapng file")]
TraceFile = Annotated[Path | None, typer.Option("--trace", help="write the trace here as JSON lines")]
Once = Annotated[bool, typer.Option("--once", help="end with the first link, or with the failure")]
Timeout = Annotated[float | None, typer.Option(min=0.1, help="end after that many seconds")]
Strict = Annotated[bool, typer.Option("--strict", help="take only what the standard's tables allow")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="show ignored frames too")]


@app.command()
def evse(
    interface: Interface,
    capture: CaptureFile = None,
    trace: TraceFile = None,
    once: Once = False,
    timeout: Timeout = None,
    strict: Strict = False,
    verbose: Verbose = False,
    validation: Annotated[Validation, typer.Option(help="the answer to CM_VALIDATE.REQ")] = (
        Validation.NOT_REQUIRED
    ),
    offset: Annotated[int, typer.Option(help="dB that the own path takes off each sound")] = 0,
) -> None:
    """Be a charger whose plug is in: match any car that asks."""
    config = EvseConfig(strict=strict, validation=validation, attenuation_offset_db=offset)

    async def run() -> bool:
        with _sinks(interface, capture, trace) as sink:
            watch = _Watch(verbose=verbose, once=once)
            machine, driver = open_evse(interface, watch, config=config, trace=sink)
            driver.command(machine.pilot, "B")
            return await watch.until_done(driver, timeout)

    _run(run())


@app.command()
def ev(
    interface: Interface,
    capture: CaptureFile = None,
    trace: TraceFile = None,
    once: Once = False,
    timeout: Timeout = None,
    strict: Strict = False,
    verbose: Verbose = False,
    direct: Annotated[float, typer.Option(help="dB below which a charger is found")] = Limits().direct,
    indirect: Annotated[float, typer.Option(help="dB below which it may be")] = Limits().indirect,
) -> None:
    """Be a car that is plugged in: find the charger and join its network."""
    config = EvConfig(strict=strict, limits=Limits(direct=direct, indirect=indirect))

    async def run() -> bool:
        with _sinks(interface, capture, trace) as sink:
            watch = _Watch(verbose=verbose, once=once)
            machine, driver = open_ev(interface, watch, config=config, trace=sink)
            driver.command(machine.start)
            return await watch.until_done(driver, timeout)

    _run(run())


@app.command()
def sniff(
    interface: Annotated[str | None, typer.Option("--interface", "-i", help="listen here")] = None,
    read: Annotated[Path | None, typer.Option("--read", "-r", help="show this pcapng file")] = None,
    write: Annotated[Path | None, typer.Option("--write", "-w", help="write a pcapng file")] = None,
    keep_keys: Annotated[bool, typer.Option("--keep-keys", help="leave keys in what is written")] = False,
    timeout: Timeout = None,
) -> None:
    """Show HomePlug frames, from an interface or a capture."""
    if (interface is None) == (read is None):
        _fail("sniff needs one of --interface and --read")
    if read is not None:
        _show_capture(read)
    elif interface is not None:
        _run(_sniff(interface, write, keep_keys, timeout))


@app.command()
def replay(
    file: Annotated[Path, typer.Argument(help="pcapng file")],
    interface: Interface,
    speed: Annotated[float, typer.Option(min=0.001, help="1 is as it was")] = 1.0,
) -> None:
    """Send the HomePlug frames of a capture with the times that they had."""
    frames = _read_capture(file)

    async def run() -> bool:
        port = EthernetPort(interface, ETHERTYPE, lambda data: None)
        loop = asyncio.get_running_loop()
        begin = loop.time()
        with contextlib.closing(port):
            for at, data in frames:
                await asyncio.sleep(max(0.0, begin + at / speed - loop.time()))
                port.send(data)
        console.print(f"{len(frames)} frames sent")
        return True

    _run(run())


@app.command()
def emulate(
    interfaces: Annotated[list[str], typer.Argument(help="NAME=INTERFACE of each host, or INTERFACE")],
    attenuation: Annotated[
        list[str] | None, typer.Option("--attenuation", "-a", help="NAME,NAME=DB between two hosts")
    ] = None,
    default: Annotated[float, typer.Option(help="dB between all others")] = 10.0,
    noise: Annotated[float, typer.Option(min=0, help="dB of noise on each group")] = 0.0,
    loss: Annotated[float, typer.Option(min=0, max=1, help="chance that a frame is lost")] = 0.0,
    vendor: Annotated[Vendor, typer.Option(help="make of the modems")] = Vendor.QUALCOMM,
    bridge: Annotated[bool, typer.Option("--bridge", help="carry other frames within a network")] = False,
    seed: Annotated[int, typer.Option(help="of all that is random")] = 0,
    capture: CaptureFile = None,
    timeout: Timeout = None,
) -> None:
    """Be the power line and a modem at each of these interfaces."""
    channel = Channel(default_db=default, noise_db=noise, loss=loss)
    ports = dict(_named(entry) for entry in interfaces)
    for entry in attenuation or []:
        channel.set_attenuation(*_attenuation(entry, ports))
    line = PowerLine(channel, seed=seed)
    for index, name in enumerate(ports):
        line.add(name, EmulatedModem(mac=bytes([2, 0x45, 0x56, 0, 0, index + 1]), vendor=vendor))

    async def run() -> bool:
        names = list(ports)
        with _capture_file(capture, names) as sink:
            loop = asyncio.get_running_loop()
            line.capture = True

            def show(frame: PortFrame) -> None:
                console.print(f"{loop.time():12.3f} {frame.port:<8} {escape(describe_frame(frame.data))}")
                if sink is not None:
                    sink.add(frame.data, loop.time(), interface=names.index(frame.port))

            driver = LineDriver(line, ports, bridge=bridge, on_frame=show)
            with contextlib.closing(driver):
                await _wait(timeout)
        return True

    _run(run())


@app.command("modem-info")
def modem_info(
    interface: Interface,
    wait: Annotated[float, typer.Option(min=0.05, help="seconds to wait for answers")] = 0.5,
) -> None:
    """Ask the own modem what it is and how it is linked."""

    async def run() -> bool:
        answers = await ask_modem(interface, wait=wait)
        if not answers:
            console.print(f"no modem answers at {interface}")
            return False
        table = Table("modem", "answer", "content")
        for frame in answers:
            name = standard_name(frame.message)
            table.add_row(format_mac(frame.source), name, escape(describe_fields(frame.message)))
        console.print(table)
        return True

    _run(run())


class _Watch:
    """Shows events and knows when to end."""

    def __init__(self, *, verbose: bool, once: bool) -> None:
        self._verbose = verbose
        self._once = once
        self._begin = time.monotonic()
        self._done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def __call__(self, event: Event) -> None:
        if isinstance(event, FrameIgnored) and not self._verbose:
            return
        now = time.monotonic() - self._begin
        console.print(f"{now:9.3f}  {escape(describe_event(event))}")
        if isinstance(event, ToggleRequested):
            console.print("           (no pilot here: the toggles are not made)")
        if self._once and not self._done.done():
            if isinstance(event, LinkReady):
                self._done.set_result(event.established)
            elif isinstance(event, MatchingFailed):
                self._done.set_result(False)

    async def until_done(self, driver: StationDriver, timeout: float | None) -> bool:
        """Whether a link came, where that was asked for."""
        try:
            return await asyncio.wait_for(self._done, timeout)
        except TimeoutError:
            return not self._once
        finally:
            driver.close()


async def _sniff(interface: str, write: Path | None, keep_keys: bool, timeout: float | None) -> bool:
    loop = asyncio.get_running_loop()
    with _capture_file(write, [interface], keep_keys) as sink:

        def show(data: bytes) -> None:
            console.print(f"{loop.time():12.3f} {escape(describe_frame(data))}")
            if sink is not None:
                sink.add(data, loop.time())

        with contextlib.closing(EthernetPort(interface, ETHERTYPE, show)):
            await _wait(timeout)
    return True


def _show_capture(file: Path) -> None:
    for at, data in _read_capture(file):
        console.print(f"{at:12.6f} {escape(describe_frame(data))}")


def _read_capture(file: Path) -> list[tuple[float, bytes]]:
    try:
        return list(frames_of(file.read_bytes()))
    except (OSError, EvprotoError) as error:
        _fail(f"{file}: {getattr(error, 'strerror', None) or error}")


async def _wait(timeout: float | None) -> None:
    if timeout is None:
        await asyncio.Event().wait()
    else:
        await asyncio.sleep(timeout)


@contextlib.contextmanager
def _sinks(interface: str, capture: Path | None, trace: Path | None) -> Iterator[TraceSink | None]:
    """A sink that writes whichever of the two files is asked for."""
    with contextlib.ExitStack() as stack:
        sinks: list[Callable[[Trace], None]] = []
        frames = stack.enter_context(_capture_file(capture, [interface]))
        if frames is not None:
            sinks.append(frames)
        if trace is not None:
            sinks.append(JsonLinesTrace(stack.enter_context(trace.open("w"))))

        def write(record: Trace) -> None:
            for sink in sinks:
                sink(record)

        yield write if sinks else None


@contextlib.contextmanager
def _capture_file(
    file: Path | None, interfaces: list[str], keep_keys: bool = False
) -> Iterator[FrameCapture | None]:
    if file is None:
        yield None
        return
    # The frames' clock is the loop's, which is the monotonic one.
    epoch_ns = time.time_ns() - time.monotonic_ns()
    with file.open("wb", buffering=0) as opened:
        yield FrameCapture(opened.write, epoch_ns=epoch_ns, interfaces=interfaces, keep_keys=keep_keys)


def _named(entry: str) -> tuple[str, str]:
    name, _, interface = entry.rpartition("=")
    return name or interface, interface


def _attenuation(entry: str, ports: dict[str, str]) -> tuple[str, str, float]:
    pair, _, level = entry.partition("=")
    names = pair.split(",")
    try:
        value = float(level)
    except ValueError:
        _fail(f"--attenuation {entry}: expected NAME,NAME=DB")
    if len(names) != 2 or any(name not in ports for name in names):
        _fail(f"--attenuation {entry}: expected two of {', '.join(ports)}")
    return names[0], names[1], value


def _run(work: Coroutine[Any, Any, bool]) -> None:
    """Run to the end; exit code 1 when it did not succeed, 2 for a wrong setting."""
    try:
        succeeded = asyncio.run(work)
    except KeyboardInterrupt:
        succeeded = True
    except (ConfigError, OSError) as error:
        _fail(getattr(error, "strerror", None) or str(error))
    if not succeeded:
        raise typer.Exit(1)


def _fail(text: str) -> NoReturn:
    print(f"evproto-slac: {text}", file=sys.stderr)
    raise typer.Exit(2)


def main() -> None:
    """The entry point."""
    app()


if __name__ == "__main__":
    main()
