"""Matching with the programs of others, over veth, in network namespaces: 20 runs each.

In every run both modems must end with the same key.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from evproto.slac import Event, LinkReady, MatchingFailed
from evproto.slac.driver import ask_modem, open_ev, open_evse
from evproto.slac.emulator import Channel, EmulatedModem, LineDriver, PowerLine, VethPorts
from evproto.slac.messages import qualcomm

RUNS = 20
AT_ONCE = 4
GATE = ["sh", "-c", 'read go; until "$@"; do :; done', "sh"]
"""Starts a peer when it is told to, and again when it ends with an error before it has begun: pev
and evse give their modem 50 ms to take a key, which a busy machine does not always keep."""
PEERS = Path(__file__).parent / "peers"
PEV_INI = "[default]\nattenuation threshold = 40\nmsound pause = 20\ncharge time = 1\nsettle time = 0\n"
EVSE_INI = "[default]\nresponse type = 1\ncharge time = 0\nsettle time = 0\n"


def may_make_namespaces() -> bool:
    if os.geteuid() != 0 or shutil.which("ip") is None:
        return False
    made = subprocess.run(["ip", "netns", "add", "evproto-try"], capture_output=True, check=False)
    subprocess.run(["ip", "netns", "del", "evproto-try"], capture_output=True, check=False)
    return made.returncode == 0


pytestmark = [
    pytest.mark.interop,
    pytest.mark.skipif(not may_make_namespaces(), reason="needs the right to make network namespaces"),
]
needs_plc_utils = pytest.mark.skipif(
    shutil.which("pev") is None or shutil.which("evse") is None,
    reason="pev and evse (Debian package plc-utils-extra) are not installed",
)


class Pair:
    """A charger and a car on a line of their own; those in `local` are ours."""

    def __init__(self, number: int, *local: str) -> None:
        self.ports = VethPorts(f"ev{number}x", ["evse", "ev"], local=frozenset(local))
        self.line = PowerLine(Channel(noise_db=3.0), seed=number)
        self.number = number
        self._changed = asyncio.Event()
        self.events: list[Event] = []
        self.peer: asyncio.subprocess.Process | None = None
        self.begin()

    def let_peer_go(self) -> None:
        """Open the gate behind which the peer waits."""
        assert self.peer is not None and self.peer.stdin is not None
        self.peer.stdin.write(b"\n")

    def begin(self) -> None:
        """New modems, and nothing has happened yet."""
        for index, name in enumerate(self.ports.names):
            self.line.add(name, EmulatedModem(mac=bytes([2, 0x30, 0, 0, self.number, index])))
        self.events.clear()

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[Pair]:
        with self.ports:
            line = LineDriver(self.line, self.ports.line)
            try:
                yield self
            finally:
                line.close()

    def on_event(self, event: Event) -> None:
        self.events.append(event)
        self._changed.set()

    async def until(self, done: Callable[[], bool], timeout: float = 10.0) -> None:
        """Wait for something that an event of our side, or a short while, makes true."""
        try:
            async with asyncio.timeout(timeout):
                while not done():
                    self._changed.clear()
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._changed.wait(), 0.01)
        except TimeoutError:
            pytest.fail(f"nothing came of it in {timeout} s: {self.events}")

    async def peers_words(self) -> str:
        """What the peer has printed, for the report of a failure; the peer is ended."""
        if self.peer is None:
            return ""
        end(self.peer)
        output, _ = await self.peer.communicate()
        return output.decode("utf-8", "replace")[-2000:]

    async def linked(self) -> None:
        """Our side has its link, and the modems share a key that is not the factory's."""
        await self.until(lambda: any(isinstance(e, LinkReady | MatchingFailed) for e in self.events))
        assert self.events[-1] == LinkReady(True), (self.events, await self.peers_words())
        modems = self.line.modems
        assert modems["ev"].nmk == modems["evse"].nmk
        assert modems["ev"].nid == modems["evse"].nid


async def run_all(
    one: Callable[[Pair], Coroutine[Any, Any, None]],
    *local: str,
    peer: tuple[str, list[str]] | None = None,
) -> None:
    """All runs, some at once on lines that are there beforehand; each must succeed.

    peer: at which port which program runs, behind a gate, as to start a process holds up ours.
    """
    async with contextlib.AsyncExitStack() as stack:
        pairs = [await stack.enter_async_context(Pair(n, *local).open()) for n in range(AT_ONCE)]
        for _ in range(RUNS // AT_ONCE):
            async with contextlib.AsyncExitStack() as programs:
                for pair in pairs:
                    pair.begin()
                    if peer is not None:
                        command = pair.ports.command(peer[0], *GATE, *peer[1])
                        pair.peer = await programs.enter_async_context(program(*command))
                async with asyncio.TaskGroup() as group:
                    for pair in pairs:
                        group.create_task(one(pair))


@contextlib.asynccontextmanager
async def program(*command: str) -> AsyncIterator[asyncio.subprocess.Process]:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *command, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.STDOUT, start_new_session=True
    )
    try:
        yield process
    finally:
        end(process)
        await process.communicate()


def end(process: asyncio.subprocess.Process) -> None:
    """End a program and what it has started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


@needs_plc_utils
def test_our_evse_matches_debians_pev(tmp_path: Path) -> None:
    ini = tmp_path / "pev.ini"
    ini.write_text(PEV_INI)

    async def one(pair: Pair) -> None:
        evse, driver = open_evse(pair.ports.host["evse"], pair.on_event)
        with contextlib.closing(driver):
            driver.command(evse.pilot, "B")
            await pair.until(lambda: pair.line.modems["evse"].keys_set > 0)
            pair.let_peer_go()
            await pair.linked()

    asyncio.run(run_all(one, "evse", peer=("ev", ["pev", "-i", "eth0", "-p", str(ini)])))


@needs_plc_utils
def test_our_ev_matches_debians_evse(tmp_path: Path) -> None:
    ini = tmp_path / "evse.ini"
    ini.write_text(EVSE_INI)

    async def one(pair: Pair) -> None:
        pair.let_peer_go()
        await pair.until(lambda: pair.line.modems["evse"].keys_set > 0)
        await match_as_ev(pair)

    command = ["evse", "-l", "-i", "eth0", "-p", str(ini)]
    asyncio.run(run_all(one, "ev", peer=("evse", command)))


def test_our_ev_matches_pyslac() -> None:
    python = str(pyslac_python())

    async def all_runs() -> None:
        async with Pair(0, "ev").open() as pair:
            command = pair.ports.command("evse", python, str(PEERS / "pyslac_evse.py"), "eth0")
            async with program(*command) as peer:
                assert peer.stdin is not None and peer.stdout is not None
                for _ in range(RUNS):
                    assert await said(peer) == "READY"
                    pair.events.clear()
                    await match_as_ev(pair)
                    assert await said(peer) == "MATCHED"
                    peer.stdin.write(b"\n")

    asyncio.run(all_runs())


def test_our_ev_matches_our_evse() -> None:
    async def one(pair: Pair) -> None:
        ready: list[Event] = []
        evse, driver = open_evse(pair.ports.host["evse"], ready.append)
        with contextlib.closing(driver):
            driver.command(evse.pilot, "B")
            await pair.until(lambda: pair.line.modems["evse"].keys_set > 0)
            await match_as_ev(pair)
            await pair.until(lambda: LinkReady(True) in ready)

    asyncio.run(run_all(one, "ev", "evse"))


def test_modem_at_an_interface_answers_for_itself() -> None:
    async def ask() -> None:
        async with Pair(0, "ev").open() as pair:
            answers = await ask_modem(pair.ports.host["ev"], wait=0.2)
        versions = [frame for frame in answers if isinstance(frame.message, qualcomm.VsSwVerCnf)]
        assert [frame.source for frame in versions] == [pair.line.modems["ev"].mac]

    asyncio.run(ask())


@needs_plc_utils
def test_debians_int6k_reads_the_emulated_modem() -> None:
    async def ask() -> str:
        async with Pair(0).open() as pair:
            command = pair.ports.command("ev", "int6k", "-i", "eth0", "-r", "local")
            async with program(*command) as peer:
                output, _ = await asyncio.wait_for(peer.communicate(), 10)
                return output.decode()

    assert "MAC-QCA7000-1.1.0" in asyncio.run(ask())


async def match_as_ev(pair: Pair) -> None:
    ev, driver = open_ev(pair.ports.host["ev"], pair.on_event)
    with contextlib.closing(driver):
        driver.command(ev.start)
        await pair.linked()


async def said(peer: asyncio.subprocess.Process) -> str:
    assert peer.stdout is not None
    async with asyncio.timeout(20):
        while (line := (await peer.stdout.readline()).decode().strip()) not in ("READY", "MATCHED"):
            assert line or not peer.stdout.at_eof(), "pyslac has ended"
    return line


def pyslac_python() -> Path:
    spec = importlib.util.spec_from_file_location("install_pyslac", PEERS / "install_pyslac.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    try:
        python: Path = module.install()
    except (subprocess.CalledProcessError, OSError) as error:
        pytest.skip(f"pyslac cannot be installed: {error}")
    return python
