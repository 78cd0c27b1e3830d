"""A machine on raw Ethernet: a Linux packet socket bound to one EtherType.

The process needs CAP_NET_RAW and nothing else; other systems than Linux have no such socket.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from evproto.core.drivers.base import Driver
from evproto.core.errors import ConfigError
from evproto.core.machine import Machine

ETH_P_ALL = 0x0003
"""The EtherType that stands for all."""

Event = TypeVar("Event")

_PACKET_OUTGOING = 4
_MAX_FRAME = 65535
_BATCH = 64
"""Frames that are read before the loop gets its turn."""

_log = logging.getLogger(__name__)


class EthernetPort:
    """One interface's frames of one EtherType, under the running event loop.

    `on_frame` is called from the loop with each whole frame that arrives; what this host sends
    itself is not among them. Raises ConfigError when there is no such interface and
    PermissionError without CAP_NET_RAW.
    """

    def __init__(self, interface: str, ethertype: int, on_frame: Callable[[bytes], None]) -> None:
        self.interface = interface
        self._on_frame = on_frame
        self._loop = asyncio.get_running_loop()
        self._socket = _open(interface, ethertype)
        self._loop.add_reader(self._socket, self._on_readable)

    def send(self, frame: bytes) -> None:
        """Send a whole frame; it is dropped with a warning when the interface cannot take it."""
        try:
            self._socket.send(frame)
        except OSError as error:
            _log.warning("%s: frame of %d bytes not sent: %s", self.interface, len(frame), error)

    def close(self) -> None:
        """Close the socket; no frame comes any more."""
        if self._socket.fileno() >= 0:
            self._loop.remove_reader(self._socket)
            self._socket.close()

    def _on_readable(self) -> None:
        for _ in range(_BATCH):
            if self._socket.fileno() < 0:
                return
            try:
                data, address = self._socket.recvfrom(_MAX_FRAME)
            except BlockingIOError:
                return
            except OSError as error:
                _log.warning("%s: %s", self.interface, error)
                return
            if address[2] != _PACKET_OUTGOING:
                self._on_frame(data)


class EthernetDriver(Generic[Event]):
    """A machine over frames, on an interface."""

    def __init__(
        self,
        machine: Machine[bytes, bytes, Event],
        interface: str,
        ethertype: int,
        on_event: Callable[[Event], None],
    ) -> None:
        self.machine = machine
        self.port = EthernetPort(interface, ethertype, self._on_frame)
        self.driver: Driver[bytes, bytes, Event] = Driver(machine, self.port.send, on_event)

    def close(self) -> None:
        """Stop the machine's timer and close the socket."""
        self.driver.stop()
        self.port.close()

    def _on_frame(self, data: bytes) -> None:
        self.driver.receive(data)


def interface_mac(interface: str) -> bytes:
    """The interface's address (6 bytes); ConfigError when there is no such Ethernet interface."""
    if "/" in interface or interface in ("", ".", ".."):
        raise ConfigError(f"{interface!r} is no name of an interface")
    try:
        text = Path("/sys/class/net", interface, "address").read_text("ascii").strip()
        mac = bytes.fromhex(text.replace(":", ""))
    except (OSError, ValueError):
        raise ConfigError(f"no Ethernet interface {interface!r}") from None
    if len(mac) != 6:
        raise ConfigError(f"{interface} has no Ethernet address")
    return mac


def _open(interface: str, ethertype: int) -> socket.socket:
    if not hasattr(socket, "AF_PACKET"):
        raise ConfigError("raw Ethernet needs Linux")
    try:
        # Protocol 0 hears nothing until `bind` names the interface and the EtherType.
        packet_socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    except PermissionError:
        message = f"raw Ethernet on {interface} needs CAP_NET_RAW (setcap cap_net_raw+ep, or root)"
        raise PermissionError(errno.EPERM, message) from None
    packet_socket.setblocking(False)
    try:
        packet_socket.bind((interface, ethertype))
    except OSError as error:
        packet_socket.close()
        raise ConfigError(f"interface {interface}: {error.strerror}") from None
    return packet_socket
