"""The async client: a device behind a Modbus port."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from types import TracebackType

from evproto.core import StateError
from evproto.core.drivers.modbus import ModbusPort, serial_port, tcp_port, tls_port
from evproto.core.modbus import Port, run_flow
from evproto.sunspec.access import read_points, refresh, write_points
from evproto.sunspec.definitions import Library
from evproto.sunspec.device import Device
from evproto.sunspec.scan import ScanOptions, scan
from evproto.sunspec.types import Value
from evproto.sunspec.values import Model


class Client:
    """One unit behind a port; several clients may share a port, their requests take turns.

    Closing a client closes its port.
    """

    def __init__(self, port: Port, unit: int = 1, *, library: Library | None = None) -> None:
        self._port = port
        self._unit = unit
        self._library = library or Library()
        self._device: Device | None = None

    @classmethod
    def tcp(
        cls,
        host: str,
        port: int = 502,
        unit: int = 1,
        *,
        timeout: float = 2.0,
        library: Library | None = None,
    ) -> Client:
        """A client over Modbus/TCP; the connection is made with the first request."""
        return cls(tcp_port(host, port, timeout=timeout), unit, library=library)

    @classmethod
    def tls(
        cls,
        host: str,
        port: int = 802,
        unit: int = 1,
        *,
        context: ssl.SSLContext,
        timeout: float = 2.0,
        library: Library | None = None,
    ) -> Client:
        """A client over Modbus/TCP Security; trust and certificates are the caller's context."""
        return cls(tls_port(host, port, context=context, timeout=timeout), unit, library=library)

    @classmethod
    def rtu(
        cls,
        device: str,
        unit: int = 1,
        *,
        baudrate: int = 9600,
        parity: str = "N",
        library: Library | None = None,
    ) -> Client:
        """A client on a serial line."""
        return cls(serial_port(device, baudrate=baudrate, parity=parity), unit, library=library)

    @property
    def device(self) -> Device:
        """What the last scan found, with what was read since; StateError before the first scan."""
        if self._device is None:
            raise StateError("scan first")
        return self._device

    async def scan(self, options: ScanOptions | None = None) -> Device:
        """Find the map and read it; NoSunSpecError where there is none."""
        self._device = await run_flow(scan(self._unit, self._library, options), self._port)
        return self._device

    async def refresh(self, *models: Model) -> Device:
        """Read the models anew, all where none is given."""
        await run_flow(refresh(self.device, models or None), self._port)
        return self.device

    async def read(self, model: Model, *paths: str) -> dict[str, Value]:
        """Read only these points, such as "W" or "Crv.0.Pt.1.V"."""
        return await run_flow(read_points(self.device, model, paths), self._port)

    async def write(
        self,
        model: Model,
        values: Mapping[str, Value],
        *,
        limits: Mapping[str, tuple[float, float]] | None = None,
        verify: bool = True,
    ) -> dict[str, Value]:
        """Write points in their units and read them back; see `write_points` for the errors."""
        flow = write_points(self.device, model, values, limits=limits, verify=verify)
        return await run_flow(flow, self._port)

    async def close(self) -> None:
        """Close the port, where it is one that can be closed."""
        if isinstance(self._port, ModbusPort):
            await self._port.close()

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
