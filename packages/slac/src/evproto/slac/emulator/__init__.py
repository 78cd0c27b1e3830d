"""A power line without copper: in virtual time for tests, over veth for real programs."""

from evproto.slac.emulator.modem import EmulatedModem
from evproto.slac.emulator.powerline import Channel, PortFrame, PowerLine
from evproto.slac.emulator.virtual import Segment

__all__ = ["Channel", "EmulatedModem", "PortFrame", "PowerLine", "Segment"]
