"""asyncio drivers of the charging station; they need the extra `evproto-ocpp-client[websockets]`."""

from evproto.ocpp_client.drivers.websocket import StationLink

__all__ = ["StationLink"]
