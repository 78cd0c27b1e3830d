"""The command line: `evproto-charger demo`."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.main
from rich.console import Console
from rich.markup import escape
from typer.exceptions import TyperException

from evproto.charger.config import checked
from evproto.charger.demo.realtime import NetworkError
from evproto.charger.demo.session import Outcome, run_real_time, run_virtual
from evproto.charger.demo.settings import AC_BATTERY, Current, DemoConfig, FaultName
from evproto.charger.view import LineLog, LiveView
from evproto.core import ConfigError, TraceSink

app = typer.Typer(add_completion=False, no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def charger() -> None:
    """A charging station composed of the evproto packages, real or simulated."""


@app.command()
def demo(
    ac: Annotated[bool, typer.Option("--ac/--dc", help="Charge with AC or DC.")] = False,
    virtual: Annotated[
        bool, typer.Option("--virtual", help="Virtual time, without sockets: done in milliseconds.")
    ] = False,
    seed: Annotated[int, typer.Option(min=0, max=2**32 - 1, help="Equal seeds give equal sessions.")] = 1,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the session; default: a new one in sessions/.")
    ] = None,
    stop_at: Annotated[
        float | None, typer.Option(min=0, help="Seconds after the start at which the station asks to stop.")
    ] = None,
    fault: Annotated[FaultName | None, typer.Option(help="Let this go wrong on purpose.")] = None,
    fault_at: Annotated[
        float, typer.Option(min=0, help="Seconds after the start at which it goes wrong.")
    ] = 12.0,
    plain: Annotated[bool, typer.Option("--plain", help="Lines of text instead of the live view.")] = False,
) -> None:
    """Show a charging session between a simulated car and a simulated station.

    It leaves a folder with the trace (trace.jsonl), a capture for Wireshark (session.pcapng) and
    a page (session.html).
    """
    config = _config(ac, seed, stop_at, fault, fault_at)
    folder = out if out is not None else _new_folder(config)
    console = Console(highlight=False, soft_wrap=True)
    run = run_virtual if virtual else run_real_time
    try:
        with _view(console, config, live=not virtual and not plain) as watch:
            outcome = run(config, folder, watch=watch)
    except KeyboardInterrupt:
        raise typer.Exit(_complain(f"interrupted; what happened so far is in {folder}", 130)) from None
    _summarise(console, outcome)
    raise typer.Exit(0 if outcome.as_planned and outcome.contactor_open else 1)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code.

    0 done, 1 the session failed or the network cannot be used, 2 wrong option or configuration,
    130 interrupted. Each error is one line on stderr.
    """
    command = typer.main.get_command(app)
    try:
        result = command.main(
            args=None if arguments is None else list(arguments),
            prog_name="evproto-charger",
            standalone_mode=False,
        )
    except (TyperException, ConfigError) as error:
        text = error.format_message() if isinstance(error, TyperException) else str(error)
        return _complain(text, 2)
    except NetworkError as error:
        return _complain(str(error), 1)
    return result if isinstance(result, int) else 0


def _config(
    ac: bool, seed: int, stop_at: float | None, fault: FaultName | None, fault_at: float
) -> DemoConfig:
    values: dict[str, Any] = {
        "current": Current.AC if ac else Current.DC,
        "seed": seed,
        "stop_at_s": stop_at,
        "fault": fault,
        "fault_at_s": fault_at,
    }
    if ac:
        values["battery"] = AC_BATTERY
    return checked(DemoConfig, "demo", values)


def _new_folder(config: DemoConfig) -> Path:
    """A name that tells when and what, and that is not taken yet."""
    name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{config.current.value}"
    names = itertools.chain([name], (f"{name}-{number}" for number in itertools.count(2)))
    return next(path for path in map(Path("sessions").joinpath, names) if not path.exists())


@contextmanager
def _view(console: Console, config: DemoConfig, *, live: bool) -> Iterator[TraceSink]:
    if not live or not console.is_terminal:
        yield LineLog(lambda line: console.print(escape(line)))
        return
    with LiveView(console, f"{config.current.value.upper()} charging, ISO 15118-2") as view:
        yield view


def _summarise(console: Console, outcome: Outcome) -> None:
    style = "bold green" if outcome.ok else "bold red"
    console.print(
        f"[{style}]{escape(outcome.text)}[/]  {outcome.energy_wh:.0f} Wh in {outcome.duration_s:.1f} s, "
        f"battery at {outcome.soc_percent:.0f} %, {outcome.messages} messages, "
        f"contactor {'open' if outcome.contactor_open else 'CLOSED'}"
    )
    console.print(f"Session folder: {escape(str(outcome.page.parent))}  (open {outcome.page.name})")


def _complain(text: str, code: int) -> int:
    print("evproto-charger: " + " ".join(text.split()), file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
