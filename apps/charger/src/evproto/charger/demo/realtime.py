"""Runs a world in real time over sockets of the loopback interface: UDP for SDP, TCP for the session."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Callable
from typing import Any, cast

from evproto.charger.demo.world import World
from evproto.charger.ports import Connect, NetworkOutput, Side
from evproto.core import Close, Datagram, EvprotoError

HOST = "::1"
ARRIVAL_S = 2.0
"""After this a message that has not arrived is counted as lost, and the clock goes on."""


class NetworkError(EvprotoError):
    """The loopback interface cannot be used as the demo needs it."""


class LoopbackRunner:
    """The network of a world on ::1. `stamp` is the time since `open` in real seconds.

    The world's clock waits while a message is under way, so that the order of things does not
    depend on how busy the machine is.
    """

    def __init__(self) -> None:
        self._began = 0.0
        self._inbox: deque[Callable[[], None]] = deque()
        self._arrived = asyncio.Event()
        self._under_way = 0
        self._listener: asyncio.Server | None = None
        self._udp: dict[Side, asyncio.DatagramTransport] = {}
        self._tcp: dict[Side, asyncio.Transport] = {}
        self._lost: set[Side] = set()
        self._finished: set[Side] = set()
        self._world: World | None = None

    async def open(self, *, port: int, sdp_port: int) -> tuple[int, tuple[Any, ...]]:
        """Open the sockets; gives the TCP port and the address for SDP. NetworkError when that fails.

        Where `port` is taken another one is used. A `sdp_port` of 0 takes any free one.
        """
        loop = asyncio.get_running_loop()
        try:
            target = await self._open_udp(Side.EVSE, sdp_port)
            await self._open_udp(Side.EV, 0)
            self._listener = await self._listen(port)
        except OSError as error:
            reason = f"{error.strerror or error} (--virtual needs no network)"
            raise NetworkError(f"cannot open [{HOST}]:{sdp_port} for SDP: {reason}") from None
        self._began = loop.time()
        return self._listener.sockets[0].getsockname()[1], target

    def stamp(self) -> float:
        """Seconds since the sockets were opened."""
        return asyncio.get_running_loop().time() - self._began

    async def run(self, world: World) -> None:
        """Run the session to its end; `open` comes first, `close` after."""
        self._world = world
        world.start()
        while not world.finished:
            while (sent := world.next_output()) is not None:
                await self._carry(*sent)
            if self._inbox:
                self._inbox.popleft()()
            elif self._under_way:
                await self._wait(ARRIVAL_S, "network")
            elif (pause := world.deadline - self.stamp()) > 0:
                await self._wait(pause, "clock")
            else:
                world.advance(world.deadline)
                await asyncio.sleep(0)

    def close(self) -> None:
        """Close all sockets."""
        for transport in (*self._udp.values(), *self._tcp.values()):
            transport.close()
        if self._listener is not None:
            self._listener.close()

    async def _wait(self, seconds: float, cause: str) -> None:
        """Wait until something arrives, at most so long."""
        self._arrived.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._arrived.wait()
        except TimeoutError:
            if cause == "network":
                self._under_way = 0

    async def _carry(self, side: Side, output: NetworkOutput) -> None:
        match output:
            case bytes():
                if side in self._tcp and side not in self._finished and not self._tcp[side].is_closing():
                    self._tcp[side].write(output)
                    self._under_way += len(output)
            case Datagram():
                self._udp[side].sendto(output.data, output.address)
                self._under_way += len(output.data)
            case Connect():
                await self._connect(output.host, output.port)
            case Close():
                self._finish(side)

    def _finish(self, side: Side) -> None:
        """End our half; the other end closes then, and after that this one is told."""
        transport = self._tcp.get(side)
        if transport is None or transport.is_closing() or side in self._finished:
            return
        if not self._finished:
            self._under_way += len(Side) - len(self._lost)
        self._finished.add(side)
        transport.write_eof()

    async def _open_udp(self, side: Side, port: int) -> tuple[Any, ...]:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(
            lambda: _Datagrams(self, side), local_addr=(HOST, port), family=socket.AF_INET6
        )
        self._udp[side] = transport
        return cast("tuple[Any, ...]", transport.get_extra_info("sockname"))

    async def _listen(self, port: int) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        try:
            return await loop.create_server(lambda: _Stream(self, Side.EVSE), HOST, port, backlog=1)
        except OSError:
            return await loop.create_server(lambda: _Stream(self, Side.EVSE), HOST, 0, backlog=1)

    async def _connect(self, host: str, port: int) -> None:
        loop = asyncio.get_running_loop()
        self._tcp.clear()
        self._lost.clear()
        self._finished.clear()
        transport, _ = await loop.create_connection(lambda: _Stream(self, Side.EV), host, port)
        while Side.EVSE not in self._tcp:
            await self._wait(ARRIVAL_S, "accept")
        own, peer = transport.get_extra_info("sockname"), transport.get_extra_info("peername")
        self._inbox.append(lambda: self._of_world().connected(own[:2], peer[:2]))

    def _of_world(self) -> World:
        assert self._world is not None, "data before run"
        return self._world

    def deliver(self, size: int, action: Callable[[World], None]) -> None:
        """Something of `size` bytes arrived; `action` tells the world."""
        self._under_way = max(0, self._under_way - size)
        self._inbox.append(lambda: action(self._of_world()))
        self._arrived.set()

    def opened(self, side: Side, transport: asyncio.Transport) -> None:
        """One end of the connection stands."""
        raw = transport.get_extra_info("socket")
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._tcp[side] = transport
        self._arrived.set()

    def ended(self, side: Side) -> None:
        """One end of the connection is gone."""
        if side not in self._lost:
            self._lost.add(side)
            self.deliver(1, lambda world: world.connection_lost(side))


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, runner: LoopbackRunner, side: Side) -> None:
        self._runner = runner
        self._side = side

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        self._runner.deliver(len(data), lambda world: world.datagram(self._side, data, addr))


class _Stream(asyncio.Protocol):
    def __init__(self, runner: LoopbackRunner, side: Side) -> None:
        self._runner = runner
        self._side = side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._runner.opened(self._side, cast(asyncio.Transport, transport))

    def data_received(self, data: bytes) -> None:
        self._runner.deliver(len(data), lambda world: world.data(self._side, data))

    def connection_lost(self, exc: Exception | None) -> None:
        self._runner.ended(self._side)
