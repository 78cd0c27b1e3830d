"""asyncio drivers for V2G on a named network interface.

`SeccServer` answers discovery and serves sessions; `connect_evcc` discovers a charger and
connects to it. A connection is encrypted unless plain TCP is asked for by name.
"""

from evproto.v2gtp.drivers.connection import Connection
from evproto.v2gtp.drivers.discovery import DiscoveryError, SdpResponder, discover
from evproto.v2gtp.drivers.evcc_client import connect_evcc
from evproto.v2gtp.drivers.interface import Interface, find_interface
from evproto.v2gtp.drivers.secc_server import SeccServer
from evproto.v2gtp.drivers.tls import evcc_context, secc_context

__all__ = [
    "Connection",
    "DiscoveryError",
    "Interface",
    "SdpResponder",
    "SeccServer",
    "connect_evcc",
    "discover",
    "evcc_context",
    "find_interface",
    "secc_context",
]
