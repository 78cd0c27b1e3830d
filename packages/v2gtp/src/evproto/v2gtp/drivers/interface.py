"""A network interface by name, and the address that V2G uses on it."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import IPv6Address

from evproto.core import ConfigError
from evproto.v2gtp.sdp import SDP_GROUP, SDP_PORT

_LOOPBACKS = ("lo", "lo0")


@dataclass(frozen=True, slots=True)
class Interface:
    """An interface with its link-local address; the loopback with ::1, for demos and tests."""

    name: str
    index: int
    address: IPv6Address

    @property
    def scope(self) -> int:
        """The scope id of addresses on this link, 0 on the loopback."""
        return self.index if self.address.is_link_local else 0

    def socket_address(self, port: int, address: IPv6Address | None = None) -> tuple[str, int, int, int]:
        """Our address, or another one on this link, as the socket module wants it."""
        return str(address or self.address), port, 0, self.scope

    def sdp_destination(self, port: int = SDP_PORT) -> tuple[str, int, int, int]:
        """Where a discovery request goes: the group, or ::1 where there is no multicast."""
        if self.scope:
            return SDP_GROUP, port, 0, self.scope
        return self.socket_address(port)


def find_interface(name: str) -> Interface:
    """The interface of that name; ConfigError when it does not exist or has no usable address."""
    try:
        index = socket.if_nametoindex(name)
    except OSError:
        known = ", ".join(sorted(known for _, known in socket.if_nameindex()))
        raise ConfigError(f"no network interface {name!r}; there are: {known}") from None
    if name in _LOOPBACKS:
        return Interface(name, index, IPv6Address("::1"))
    return Interface(name, index, _link_local_address(name, index))


def _link_local_address(name: str, index: int) -> IPv6Address:
    """The address that the system would send from to the group; nothing is sent."""
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((SDP_GROUP, SDP_PORT, 0, index))
            address = IPv6Address(probe.getsockname()[0].partition("%")[0])
        except OSError as error:
            raise ConfigError(f"interface {name!r} has no IPv6 address yet: {error.strerror}") from None
    if not address.is_link_local:
        raise ConfigError(f"interface {name!r} has no link-local IPv6 address; is it up?")
    return address
