"""Drivers over real loopback sockets; nothing here waits longer than the machine's own timer."""

from __future__ import annotations

import asyncio

from evproto.core import Machine
from evproto.core.drivers import Datagram, DatagramDriver, Driver, SampleDriver, StreamDriver


class Counter(Machine[int, int, str]):
    """Doubles its inputs and says "due" when its timer falls due."""

    def receive(self, item: int, now: float) -> None:
        self._outputs.append(2 * item)
        self._timers.start("due", now + 0.01)

    def _on_timer(self, name: str, now: float) -> None:
        self._events.append(name)


def test_a_driver_sends_outputs_and_fires_the_deadline() -> None:
    async def scenario() -> None:
        sent: list[int] = []
        due = asyncio.get_running_loop().create_future()
        driver = Driver(Counter(), sent.append, due.set_result)
        driver.receive(21)
        assert sent == [42]
        assert await asyncio.wait_for(due, 5) == "due"
        driver.stop()

    asyncio.run(scenario())


def test_a_command_given_by_an_event_handler_is_pumped() -> None:
    async def scenario() -> None:
        sent: list[int] = []
        machine = Counter()

        def on_event(event: str) -> None:
            driver.command(machine.receive, 5)

        driver = Driver(machine, sent.append, on_event)
        machine._events.append("begin")
        driver.pump()
        assert sent == [10]
        driver.stop()

    asyncio.run(scenario())


def test_a_failing_event_handler_is_logged_and_stops_nothing(caplog) -> None:
    async def scenario() -> None:
        sent: list[int] = []

        def broken(event: str) -> None:
            raise ValueError("application bug")

        machine = Counter()
        machine._events.append("begin")
        driver = Driver(machine, sent.append, broken)
        driver.pump()
        driver.receive(1)
        assert sent == [2]
        driver.stop()

    asyncio.run(scenario())
    assert "application bug" in caplog.text


def test_two_stream_machines_talk_over_tcp_until_one_closes(echo_class) -> None:
    async def scenario() -> None:
        loop = asyncio.get_running_loop()
        events: list[str] = []
        server = await loop.create_server(lambda: StreamDriver(echo_class(), events.append), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        machine = echo_class()
        _, client = await loop.create_connection(
            lambda: StreamDriver(
                machine, events.append, lambda driver: machine.say(b"bye", driver.driver.now)
            ),
            "127.0.0.1",
            port,
        )
        await asyncio.wait_for(client.closed, 5)
        server.close()
        await server.wait_closed()
        assert machine.lost_at is not None
        assert "lost" in events

    asyncio.run(scenario())


class Reflector(Machine[Datagram, Datagram, bytes]):
    """Sends each datagram back and tells of it."""

    def receive(self, item: Datagram, now: float) -> None:
        self._outputs.append(item)
        self._events.append(item.data)

    def _on_timer(self, name: str, now: float) -> None:
        raise AssertionError("no timers here")


def test_a_datagram_machine_answers_the_sender() -> None:
    async def scenario() -> None:
        loop = asyncio.get_running_loop()
        seen: list[bytes] = []
        transport, driver = await loop.create_datagram_endpoint(
            lambda: DatagramDriver(Reflector(), seen.append), local_addr=("127.0.0.1", 0)
        )
        answer = loop.create_future()

        class Client(asyncio.DatagramProtocol):
            def datagram_received(self, data: bytes, addr: tuple[object, ...]) -> None:
                answer.set_result(data)

        client, _ = await loop.create_datagram_endpoint(
            Client, remote_addr=transport.get_extra_info("sockname")
        )
        client.sendto(b"ping")
        assert await asyncio.wait_for(answer, 5) == b"ping"
        assert seen == [b"ping"]
        client.close()
        driver.close()

    asyncio.run(scenario())


def test_a_failed_reading_is_left_out_and_logged_once(caplog) -> None:
    async def scenario() -> None:
        readings = iter([1, OSError("no bus"), OSError("no bus"), 2])
        done = asyncio.get_running_loop().create_future()
        sent: list[int] = []

        def read() -> int:
            reading = next(readings, None)
            if reading is None:
                if not done.done():
                    done.set_result(None)
                raise OSError("no more")
            if isinstance(reading, OSError):
                raise reading
            return reading

        sampler = SampleDriver(Counter(), read, sent.append, lambda event: None, interval=0.001)
        task = asyncio.create_task(sampler.run())
        await asyncio.wait_for(done, 5)
        task.cancel()
        assert sent == [2, 4]

    asyncio.run(scenario())
    assert caplog.text.count("no bus") == 1
