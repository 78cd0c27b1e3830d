"""Drivers: the thin asyncio shells that give a machine a socket and a clock.

A driver pumps one machine: it sends the outputs, hands out the events and keeps one timer for
the machine's deadline. Commands go through `Driver.command`, so that what they cause is sent
at once.
"""

from evproto.core.drivers.base import Driver
from evproto.core.drivers.datagram import DatagramDriver
from evproto.core.drivers.samples import SampleDriver
from evproto.core.drivers.stream import StreamDriver
from evproto.core.machine import Datagram

__all__ = ["Datagram", "DatagramDriver", "Driver", "SampleDriver", "StreamDriver"]
