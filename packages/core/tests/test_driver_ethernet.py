"""Raw Ethernet on a veth pair. Skipped where interfaces may not be made."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from evproto.core import ConfigError, Machine
from evproto.core.drivers.ethernet import ETH_P_ALL, EthernetDriver, EthernetPort, interface_mac

ETHERTYPE = 0x88B5
"""For local experiments (IEEE 802)."""


def ip(*words: str) -> int:
    return subprocess.run(["ip", *words], capture_output=True, check=False).returncode


@pytest.fixture(scope="module")
def veth() -> Iterator[tuple[str, str]]:
    one, other = f"evt{os.getpid() % 10000}a", f"evt{os.getpid() % 10000}b"
    if shutil.which("ip") is None or ip("link", "add", one, "type", "veth", "peer", "name", other):
        pytest.skip("needs the right to make network interfaces")
    ip("link", "set", one, "up")
    ip("link", "set", other, "up")
    yield one, other
    ip("link", "del", one)


def frame(source: bytes, ethertype: int = ETHERTYPE, payload: bytes = b"x") -> bytes:
    return b"\xff" * 6 + source + ethertype.to_bytes(2, "big") + payload.ljust(46, b"\0")


async def heard(frames: list[bytes], count: int) -> None:
    async with asyncio.timeout(5):
        while len(frames) < count:
            await asyncio.sleep(0.001)


def test_port_hears_frames_of_its_ethertype_and_not_its_own(veth: tuple[str, str]) -> None:
    async def run() -> None:
        here: list[bytes] = []
        there: list[bytes] = []
        one = EthernetPort(veth[0], ETHERTYPE, here.append)
        other = EthernetPort(veth[1], ETHERTYPE, there.append)
        everything = EthernetPort(veth[1], ETH_P_ALL, lambda data: None)
        everything.send(frame(interface_mac(veth[1]), 0x88B6))
        one.send(frame(interface_mac(veth[0]), payload=b"one"))
        other.send(frame(interface_mac(veth[1]), payload=b"other"))
        await heard(here, 1)
        await heard(there, 1)
        await asyncio.sleep(0.02)
        assert here == [frame(interface_mac(veth[1]), payload=b"other")]
        assert there == [frame(interface_mac(veth[0]), payload=b"one")]
        for port in (one, other, everything):
            port.close()
            port.close()

    asyncio.run(run())


def test_machine_on_an_interface_answers(veth: tuple[str, str]) -> None:
    class Echo(Machine[bytes, bytes, int]):
        def receive(self, item: bytes, now: float) -> None:
            self._outputs.append(frame(item[:6], payload=b"echo"))
            self._events.append(len(item))

        def _on_timer(self, name: str, now: float) -> None: ...

    async def run() -> None:
        answers: list[bytes] = []
        events: list[int] = []
        driver = EthernetDriver(Echo(), veth[0], ETHERTYPE, events.append)
        port = EthernetPort(veth[1], ETHERTYPE, answers.append)
        port.send(frame(interface_mac(veth[1])))
        await heard(answers, 1)
        driver.close()
        port.close()
        assert events == [60] and answers[0][14:18] == b"echo"

    asyncio.run(run())


@pytest.mark.parametrize("name", ["nosuchif0", "", "../lo", "lo/../lo"])
def test_interface_that_is_not_there_is_named(name: str) -> None:
    with pytest.raises(ConfigError, match="interface"):
        interface_mac(name)


def test_port_on_a_missing_interface_is_refused(veth: tuple[str, str]) -> None:
    async def run() -> None:
        with pytest.raises(ConfigError, match="nosuchif0"):
            EthernetPort("nosuchif0", ETHERTYPE, lambda data: None)

    asyncio.run(run())


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv (util-linux) is not installed")
@pytest.mark.parametrize(
    ("capabilities", "expected"),
    [("-all,+net_raw", "opened"), ("-all", "needs CAP_NET_RAW")],
    ids=["CAP_NET_RAW alone", "none"],
)
def test_cap_net_raw_is_needed_and_is_enough(veth: tuple[str, str], capabilities: str, expected: str) -> None:
    code = f"""
import asyncio
from evproto.core.drivers.ethernet import EthernetPort
async def run():
    try:
        EthernetPort({veth[0]!r}, {ETHERTYPE}, print).close()
        print("opened")
    except PermissionError as error:
        print(error)
asyncio.run(run())
"""
    command = ["setpriv", "--bounding-set", capabilities, sys.executable, "-c", code]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode and "setpriv" in run.stderr:
        pytest.skip(f"capabilities cannot be dropped here: {run.stderr.strip()}")
    assert expected in run.stdout, run.stderr
