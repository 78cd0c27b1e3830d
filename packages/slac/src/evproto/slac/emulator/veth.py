"""The emulated line over real interfaces: each port is one end of a veth pair."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

from evproto.core import ConfigError
from evproto.core.drivers import Driver
from evproto.core.drivers.ethernet import ETH_P_ALL, EthernetPort
from evproto.slac.emulator.powerline import PortFrame, PowerLine
from evproto.slac.messages import ETHERTYPE


class LineDriver:
    """Runs a line on interfaces, under the running event loop.

    interfaces: for each of the line's ports the interface at which its host is reached.
    bridge: carry all frames between modems of one network, not only those of HomePlug.
    """

    def __init__(
        self,
        line: PowerLine,
        interfaces: Mapping[str, str],
        *,
        bridge: bool = False,
        on_frame: Callable[[PortFrame], None] = lambda frame: None,
    ) -> None:
        self.line = line
        self.driver: Driver[PortFrame, PortFrame, PortFrame] = Driver(line, self._send, on_frame)
        self._ports: dict[str, EthernetPort] = {}
        ethertype = ETH_P_ALL if bridge else ETHERTYPE
        try:
            for port, interface in interfaces.items():
                self._ports[port] = EthernetPort(interface, ethertype, self._receiver(port))
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close all ports."""
        self.driver.stop()
        for port in self._ports.values():
            port.close()

    def _receiver(self, port: str) -> Callable[[bytes], None]:
        return lambda data: self.driver.receive(PortFrame(port, data))

    def _send(self, frame: PortFrame) -> None:
        self._ports[frame.port].send(frame.data)


class VethPorts:
    """veth pairs for an emulated line, each with its host's end in a network namespace.

    `with VethPorts("demo", ["ev", "evse"]) as ports:` makes namespaces named demo-ev and demo-evse
    with an interface `eth0` in each, and the line's ends here: `ports.line["ev"]`. A name in
    `local` gets no namespace: its host's end stays here, as `ports.host[name]`. It needs the right
    to administer networks, and takes everything away at the end.
    """

    HOST_INTERFACE = "eth0"

    def __init__(self, prefix: str, names: list[str], *, local: frozenset[str] = frozenset()) -> None:
        self.prefix = prefix
        self.names = names
        self.local = local
        self.line = {name: f"{prefix}{index}l" for index, name in enumerate(names)}
        self.host = {
            name: f"{prefix}{index}h" if name in local else self.HOST_INTERFACE
            for index, name in enumerate(names)
        }

    def namespace(self, name: str) -> str:
        """The namespace of a port's host."""
        return f"{self.prefix}-{name}"

    def command(self, name: str, *words: str) -> list[str]:
        """The command line that runs a program in the namespace of a port's host."""
        return ["ip", "netns", "exec", self.namespace(name), *words]

    def __enter__(self) -> Self:
        try:
            for name in self.names:
                self._add(name)
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._remove()

    def _add(self, name: str) -> None:
        line, host = self.line[name], self.host[name]
        if name in self.local:
            _ip("link", "add", line, "type", "veth", "peer", "name", host)
            _ip("link", "set", host, "up")
        else:
            space = self.namespace(name)
            _ip("netns", "add", space)
            _ip("link", "add", line, "type", "veth", "peer", "name", host, "netns", space)
            _ip("-n", space, "link", "set", host, "up")
        _ip("link", "set", line, "up")

    def _remove(self) -> None:
        for name in self.names:
            subprocess.run(["ip", "link", "del", self.line[name]], capture_output=True, check=False)
            if name not in self.local:
                space = self.namespace(name)
                subprocess.run(["ip", "netns", "del", space], capture_output=True, check=False)


def _ip(*words: str) -> None:
    try:
        run = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise ConfigError("the program `ip` (iproute2) is missing") from None
    if run.returncode:
        raise ConfigError(f"ip {' '.join(words)}: {run.stderr.strip()}")
