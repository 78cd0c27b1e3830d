"""The command `evproto-ocpp`: a simulated station, and a back end to test stations with."""

from __future__ import annotations

import asyncio
import enum
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evproto.core import ConfigError, DecodeError, StateError
from evproto.ocpp_client.bridge import (
    BayChanged,
    Description,
    FaultCleared,
    FaultRaised,
    StopPressed,
    TokenPresented,
)
from evproto.ocpp_client.codec import encode
from evproto.ocpp_client.csms import Csms
from evproto.ocpp_client.drivers import CsmsServer, SimulatedStation
from evproto.ocpp_client.drivers.simulated import parse_settings
from evproto.ocpp_client.network_profile import NetworkProfile, SecurityProfile
from evproto.ocpp_client.rpc_events import CallAnswered, CallFailed, CallReceived, RpcEvent
from evproto.ocpp_client.simulation import SimulatedCharger
from evproto.ocpp_client.store import Store
from evproto.ocpp_client.v2.settings import make_model
from evproto.ocpp_client.version import Version

if TYPE_CHECKING:
    from evproto.ocpp_client.certificates import CertificateStore

app = typer.Typer(no_args_is_help=True, add_completion=False, help="OCPP stations and a test back end.")

STATION_HELP = """\
plug N | unplug N | token TAG [N [KIND]] | stop N | bay N | leave N | fault N CODE | clear N | status
wait SECONDS | quit"""
CSMS_HELP = """\
ACTION {json}            call every connected station
IDENTITY ACTION {json}   call one station
stations | wait SECONDS | quit"""


class StationVersion(str, enum.Enum):  # noqa: UP042 - typer shows a str enum by its values
    """The versions by their numbers."""

    V16 = "1.6"
    V201 = "2.0.1"
    V21 = "2.1"


Password = Annotated[
    str | None, typer.Option(envvar="EVPROTO_OCPP_PASSWORD", help="better given by the environment")
]
Stay = Annotated[bool, typer.Option(help="run on when the input ends")]


@app.command()
def station(
    url: Annotated[str, typer.Argument(help="ws:// or wss://, without the identity")],
    identity: Annotated[str, typer.Option()] = "evproto-1",
    version: Annotated[StationVersion, typer.Option()] = StationVersion.V16,
    connectors: Annotated[int, typer.Option(min=1, max=100)] = 1,
    security: Annotated[int, typer.Option(min=0, max=3, help="security profile")] = 0,
    password: Password = None,
    ca: Annotated[Path | None, typer.Option(help="PEM roots to trust")] = None,
    certificate: Annotated[Path | None, typer.Option(help="PEM, for profile 3")] = None,
    key: Annotated[Path | None, typer.Option(help="PEM, for profile 3")] = None,
    certificates: Annotated[
        Path | None,
        typer.Option(help="folder for what the back end installs; TLS then trusts and shows what is there"),
    ] = None,
    serial: Annotated[str, typer.Option(help="serial number, the name in the station's certificate")] = "",
    store: Annotated[Path | None, typer.Option(help="SQLite file; in memory without it")] = None,
    power: Annotated[float, typer.Option(help="W while charging")] = 11_000.0,
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", help="KEY=VALUE of a configuration key, or Component.Variable=VALUE in 2.x"),
    ] = None,
    stay: Stay = False,
) -> None:
    """Run a simulated station; commands come from the standard input."""
    chosen = Version.of_subprotocol(f"ocpp{version.value}")
    description = Description(
        vendor="evproto",
        model=f"simulated {version.value}",
        serial_number=serial or identity[:25],
        evse_count=connectors,
    )
    try:
        profile = NetworkProfile(
            url=url,
            identity=identity,
            security=SecurityProfile(security),
            versions=(chosen,),
            password=password,
            ca_file=ca,
            certificate_file=certificate,
            key_file=key,
            from_store=certificates is not None,
            allow_unsecured=security == 0,
        )
        defaults = parse_settings(setting or ())
        if chosen is not Version.V16:
            make_model(":memory:", description, defaults).close()
    except (ConfigError, ValueError) as error:
        raise typer.BadParameter(str(error)) from None
    typer.echo(STATION_HELP)

    async def main() -> None:
        simulated = SimulatedStation(
            profile,
            description,
            Store(store or ":memory:"),
            lambda event: typer.echo(event),
            defaults=defaults,
            model=store and store.with_name(f"{store.name}.model"),
            charger=SimulatedCharger(connectors, power=power),
            certificates=_certificates(certificates),
        )
        await _shell(simulated.run(), lambda words: _command_station(simulated, words), stay)

    _run(main())


def _certificates(folder: Path | None) -> CertificateStore | None:
    if folder is None:
        return None
    from evproto.ocpp_client.certificates import CertificateStore, DirectoryVault, new_key

    return CertificateStore(DirectoryVault(folder), new_key)


@app.command()
def csms(
    port: Annotated[int, typer.Option(min=0, max=65535)] = 9000,
    host: Annotated[str, typer.Option()] = "127.0.0.1",
    version: Annotated[list[str] | None, typer.Option(help="1.6, 2.0.1, 2.1; all by default")] = None,
    password: Password = None,
    stay: Stay = False,
) -> None:
    """Run a back end that answers willingly; calls to the stations come from the standard input."""
    try:
        versions = tuple(Version.of_subprotocol(f"ocpp{name}") for name in version or ()) or tuple(Version)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None

    async def main() -> None:
        loop = asyncio.get_running_loop()
        server = CsmsServer(
            lambda identity, chosen: Csms(chosen, datetime.now(UTC), loop.time()),
            _show,
            versions=versions,
            password=(lambda user, given: given == password) if password else None,
        )
        async with server.listen(host, port) as bound:
            typer.echo(f"listening on ws://{host}:{bound}/\n{CSMS_HELP}")
            await _shell(asyncio.Event().wait(), lambda words: _command_csms(server, words), stay)

    _run(main())


def main() -> None:
    """The entry point."""
    app()


# --- commands ---


def _command_station(simulated: SimulatedStation, words: list[str]) -> None:
    match words:
        case ["plug", number]:
            simulated.plug(int(number))
        case ["unplug", number]:
            simulated.unplug(int(number))
        case ["token", tag]:
            simulated.tell(TokenPresented(tag))
        case ["token", tag, number]:
            simulated.tell(TokenPresented(tag, int(number)))
        case ["token", tag, number, kind]:
            simulated.tell(TokenPresented(tag, int(number), kind))
        case ["stop", number]:
            simulated.tell(StopPressed(int(number)))
        case ["bay" | "leave" as word, number]:
            simulated.tell(BayChanged(int(number), word == "bay"))
        case ["fault", number, code]:
            simulated.tell(FaultRaised(evse_id=int(number), code=code))
        case ["clear", number]:
            simulated.tell(FaultCleared(int(number)))
        case ["status"]:
            typer.echo(simulated.station.statuses)
        case _:
            typer.echo(STATION_HELP)


def _command_csms(server: CsmsServer, words: list[str]) -> None:
    match words:
        case ["stations"]:
            typer.echo(" ".join(server.stations) or "none")
        case [identity, action, *payload] if identity in server.stations and not action.startswith("{"):
            _call(server, identity, action, payload)
        case [action, *payload] if action[0].isupper():
            for identity in server.stations:
                _call(server, identity, action, payload)
        case _:
            typer.echo(CSMS_HELP)


def _call(server: CsmsServer, identity: str, action: str, payload: list[str]) -> None:
    machine = server.of(identity)
    request = machine.read(action, " ".join(payload) or "{}")
    server.command(identity, machine.call, request)


def _show(identity: str, event: RpcEvent) -> None:
    match event:
        case CallReceived(action=action, request=request):
            typer.echo(f"{identity} > {action} {encode(request).decode()}")
        case CallAnswered(action=action, response=response):
            typer.echo(f"{identity} < {action} {encode(response).decode()}")
        case CallFailed(action=action, failure=failure, code=code):
            typer.echo(f"{identity} < {action}: {failure.value}{f' {code.value}' if code else ''}")
        case _:
            typer.echo(f"{identity} ! {event}")


# --- the shell ---


async def _shell(work: Awaitable[object], command: Callable[[list[str]], None], stay: bool) -> None:
    """Work until the input ends or says quit."""
    working = asyncio.ensure_future(work)
    reading = asyncio.ensure_future(_read_commands(command, stay))
    try:
        await asyncio.wait((working, reading), return_when=asyncio.FIRST_COMPLETED)
        for done in (working, reading):
            if done.done():
                done.result()
    finally:
        for task in (working, reading):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _read_commands(command: Callable[[list[str]], None], stay: bool) -> None:
    async for line in _lines():
        words = line.split()
        match words:
            case []:
                continue
            case ["quit" | "exit"]:
                return
            case ["wait", seconds]:
                await asyncio.sleep(float(seconds))
            case _:
                try:
                    command(words)
                except (ValueError, KeyError, StateError, DecodeError) as error:
                    typer.echo(f"{line.strip()}: {error}")
    if stay:
        await asyncio.Event().wait()


async def _lines() -> AsyncIterator[str]:
    """The standard input, without holding up the loop."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    try:
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    except ValueError:  # a plain file or /dev/null
        for line in sys.stdin:
            yield line
        return
    while text := await reader.readline():
        yield text.decode(errors="replace")


def _run(work: Awaitable[None]) -> None:
    with suppress(KeyboardInterrupt):
        asyncio.run(work)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
