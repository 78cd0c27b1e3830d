"""Discovery by multicast and a session over link-local addresses, on virtual Ethernet."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache

import pytest

PREPARE = """
set -e
ip link set lo up
ip link add v2g0 type veth peer name v2g1
ip link add v2g2 type veth peer name v2g3
for end in v2g0 v2g1 v2g2 v2g3; do
    echo 0 > /proc/sys/net/ipv6/conf/$end/accept_dad
    ip link set $end up
done
for attempt in $(seq 100); do
    [ "$(ip -6 address show scope link -tentative | grep -c fe80)" = 4 ] && break
    sleep 0.05
done
"""

SESSION = """
import asyncio
from evproto.v2gtp import ConnectionEnded, ProtocolAgreed, SdpAnswered
from evproto.v2gtp.drivers import SeccServer, connect_evcc, find_interface
from evproto.v2gtp.testing import toy_evcc, toy_secc

async def main():
    assert find_interface("v2g0").address.is_link_local
    heard = {"v2g0": [], "v2g1": []}
    discovered = []
    async with SeccServer([toy_secc()], "v2g0", lambda _, event: heard["v2g0"].append(event),
                          plain_tcp=True, on_sdp_event=discovered.append) as server:
        async with asyncio.timeout(10):
            link = await connect_evcc([toy_evcc()], "v2g1", lambda _, event: heard["v2g1"].append(event),
                                      plain_tcp=True)
            await link.closed
            while server.connections:
                await asyncio.sleep(0)
        assert link.peer[0].startswith("fe80::"), link.peer
    assert heard["v2g0"][-2:] == ["done", ConnectionEnded(by_us=False)], heard
    assert heard["v2g1"][-2:] == ["done", ConnectionEnded(by_us=True)], heard
    [answered] = discovered
    assert isinstance(answered, SdpAnswered) and answered.source[3] == find_interface("v2g0").index

asyncio.run(main())
print("passed")
"""

TWO_SERVERS = """
import asyncio
from evproto.v2gtp import Security
from evproto.v2gtp.drivers import SeccServer, discover, find_interface
from evproto.v2gtp.testing import toy_secc

async def main():
    async with SeccServer([toy_secc()], "v2g0", print, plain_tcp=True) as first:
        async with SeccServer([toy_secc()], "v2g2", print, plain_tcp=True) as second:
            async with asyncio.timeout(10):
                found = await discover(find_interface("v2g1"), security=Security.NONE)
                assert found.response.port == first.plain_port
                found = await discover(find_interface("v2g3"), security=Security.NONE)
                assert found.response.port == second.plain_port

asyncio.run(main())
print("passed")
"""

UNBOUND = """
import asyncio, socket
del socket.SO_BINDTODEVICE
from evproto.v2gtp import Security, sdp
from evproto.v2gtp.drivers import DiscoveryError, SeccServer, discover, find_interface
from evproto.v2gtp.testing import toy_secc

sdp.MAX_REQUESTS = 2

async def main():
    async with SeccServer([toy_secc()], "v2g0", print, plain_tcp=True) as server, asyncio.timeout(10):
        found = await discover(find_interface("v2g1"), security=Security.NONE)
        assert found.response.port == server.plain_port
        try:
            await discover(find_interface("v2g3"), security=Security.NONE)
        except DiscoveryError:
            print("passed")

asyncio.run(main())
"""

DOWN = """
from evproto.core import ConfigError
from evproto.v2gtp.drivers import find_interface
import subprocess
subprocess.run(["ip", "link", "set", "v2g0", "down"], check=True)
try:
    find_interface("v2g0")
except ConfigError as error:
    assert "'v2g0'" in str(error), error
    print("passed")
"""


def in_namespace(command: list[str], timeout: float = 60) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["unshare", "--map-root-user", "--net", *command],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


@cache
def why_not() -> str | None:
    """Why no virtual Ethernet can be made here, or None."""
    if not (shutil.which("unshare") and shutil.which("ip")):
        return "the programs unshare and ip are not installed"
    tried = in_namespace(["sh", "-c", PREPARE])
    return None if tried.returncode == 0 else f"no network namespace with veth: {tried.stderr.strip()}"


@pytest.fixture
def run_on_veth() -> Callable[[str], None]:
    if reason := why_not():
        pytest.skip(reason)
    return run_script


def test_session_over_link_local_addresses_after_discovery_by_multicast(
    run_on_veth: Callable[[str], None],
) -> None:
    run_on_veth(SESSION)


def test_each_interface_has_its_own_server(run_on_veth: Callable[[str], None]) -> None:
    run_on_veth(TWO_SERVERS)


def test_server_does_not_answer_on_another_link_where_it_cannot_be_bound_to_its_own(
    run_on_veth: Callable[[str], None],
) -> None:
    run_on_veth(UNBOUND)


def test_interface_that_is_down_is_a_config_error_that_names_it(run_on_veth: Callable[[str], None]) -> None:
    run_on_veth(DOWN)


def run_script(script: str) -> None:
    run = in_namespace(["sh", "-c", f'{PREPARE}exec "$0" -c "$1"', sys.executable, script])
    assert run.stdout.strip().endswith("passed"), run.stderr
