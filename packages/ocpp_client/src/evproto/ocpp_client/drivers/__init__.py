"""asyncio drivers; they need the extra `evproto-ocpp-client[websockets]`."""

from evproto.ocpp_client.drivers.csms import CsmsServer
from evproto.ocpp_client.drivers.simulated import SimulatedStation
from evproto.ocpp_client.drivers.websocket import StationLink

__all__ = ["CsmsServer", "SimulatedStation", "StationLink"]
