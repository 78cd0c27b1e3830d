"""A power line without copper: in virtual time for tests, over veth for real programs."""

from evproto.slac.emulator.modem import EmulatedModem
from evproto.slac.emulator.powerline import Channel, PortFrame, PowerLine
from evproto.slac.emulator.veth import LineDriver, VethPorts
from evproto.slac.emulator.virtual import Segment

__all__ = [
    "Channel",
    "EmulatedModem",
    "LineDriver",
    "PortFrame",
    "PowerLine",
    "Segment",
    "VethPorts",
]
