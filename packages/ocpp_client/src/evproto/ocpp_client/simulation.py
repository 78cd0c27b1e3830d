"""A charger that is not there: it does what a station asks, and tells what a real one would.

For tests, for the command line, and to try a back end; behind any station of this package.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

from evproto.core import Machine
from evproto.ocpp_client.bridge import (
    ENERGY,
    CustomerFound,
    DataReceived,
    DataTaken,
    DiagnosticsChanged,
    DiagnosticsNamed,
    Fact,
    FindCustomer,
    FirmwareChanged,
    Flow,
    FlowChanged,
    LogChanged,
    LogNamed,
    Metered,
    News,
    Pause,
    Plugged,
    Reading,
    Request,
    SetLimit,
    Start,
    Stop,
    Unlock,
    UnlockDone,
    UnlockOutcome,
    Unplugged,
    UploadDiagnostics,
    UploadLog,
)
from evproto.ocpp_client.bridge_security import DownloadFirmware, FirmwareDownloaded, InstallFirmware

VOLTAGE = 230.0
PHASES = 3


@dataclass(slots=True)
class _Outlet:
    id: int
    energy: float
    plugged: bool = False
    started: bool = False
    paused: bool = False
    counted_at: float = 0.0
    limit: float = math.inf

    @property
    def charging(self) -> bool:
        return self.plugged and self.started and not self.paused


class SimulatedCharger(Machine[Request | News, Fact, None]):
    """Takes the station's requests by `receive`; its outputs are the facts for `station.tell`.

    power: W while charging. interval: seconds between meter readings. start_energy: Wh on each
    meter at the beginning. lock_jammed: connectors that will not unlock. upload_time: seconds that
    a log takes. uploads_fail: no log can be uploaded, however often it is tried. `customers`: what
    is known of customers, by token or identifier. firmware: what every
    download brings.
    """

    def __init__(
        self,
        evse_count: int = 1,
        *,
        power: float = 11_000.0,
        interval: float = 10.0,
        start_energy: float = 1_000.0,
        lock_jammed: frozenset[int] = frozenset(),
        upload_time: float = 0.0,
        uploads_fail: bool = False,
        firmware: bytes = b"simulated firmware",
    ) -> None:
        super().__init__()
        self.firmware = firmware
        self.customers: dict[str, str] = {}
        self.upload_time, self.uploads_fail = upload_time, uploads_fail
        self._upload: UploadLog | None = None
        self._attempts = 0
        self._outlets = {number: _Outlet(number, start_energy) for number in range(1, evse_count + 1)}
        self._power = power
        self._interval = interval
        self._lock_jammed = lock_jammed

    def start(self, now: float) -> None:
        """The station started: tell it what the meters read and where vehicles are."""
        self._timers.clear()
        for outlet in self._outlets.values():
            self._count(outlet, now)
            outlet.started = outlet.paused = False
            self._meter(outlet, now)
            if outlet.plugged:
                self._outputs.append(Plugged(outlet.id))

    def plug(self, evse_id: int, now: float) -> None:
        """A driver plugs in."""
        outlet = self._outlets[evse_id]
        self._count(outlet, now)
        outlet.plugged = True
        self._outputs.append(Plugged(evse_id))
        self._flow(outlet, now)

    def unplug(self, evse_id: int, now: float, *, cable_left: bool = False) -> None:
        """The vehicle leaves; its cable may stay in the socket."""
        outlet = self._outlets[evse_id]
        self._count(outlet, now)
        outlet.plugged = False
        self._meter(outlet, now)
        self._outputs.append(Unplugged(evse_id=evse_id, cable_left=cable_left))

    def receive(self, item: Request | News, now: float) -> None:
        """A request of the station; news are for a display, which this charger has not."""
        match item:
            case Start(evse_id):
                self._set(evse_id, now, started=True, paused=False)
            case Pause(evse_id):
                self._set(evse_id, now, started=True, paused=True)
            case Stop(evse_id):
                self._set(evse_id, now, started=False, paused=False)
            case SetLimit(evse_id, current):
                outlet = self._outlets[evse_id]
                self._count(outlet, now)
                outlet.limit = current * VOLTAGE * PHASES
                self._meter(outlet, now)
            case Unlock(evse_id, connector_id):
                self._unlock(self._outlets[evse_id], connector_id)
            case UploadDiagnostics():
                self._outputs += (
                    DiagnosticsNamed("diagnostics.log"),
                    DiagnosticsChanged("Uploading"),
                    DiagnosticsChanged("Uploaded"),
                )
            case UploadLog(request_id=request_id):
                self._upload, self._attempts = item, 0
                self._outputs.append(LogNamed(request_id, "log.txt"))
                self._begin_upload(item, now)
            case DataReceived(id=id):
                self._outputs.append(DataTaken(id, "Accepted"))
            case FindCustomer(request_id=request_id, token=token, identifier=identifier):
                name = token or identifier or ""
                self._outputs.append(CustomerFound(request_id, self.customers.get(name, "")))
                if item.clear:
                    self.customers.pop(name, None)
            case DownloadFirmware(request_id=request_id):
                digest = hashlib.sha256(self.firmware).digest()
                self._outputs += (
                    FirmwareChanged("Downloading", request_id),
                    FirmwareDownloaded(digest, request_id),
                )
            case InstallFirmware(request_id):
                self._outputs += (
                    FirmwareChanged("Installing", request_id),
                    FirmwareChanged("Installed", request_id),
                )
            case _:
                pass

    def _on_timer(self, name: str, now: float) -> None:
        if name == "upload":
            self._end_upload(now)
        elif name == "upload again":
            assert self._upload is not None
            self._begin_upload(self._upload, now)
        else:
            self._on_interval(name, now)

    def _begin_upload(self, upload: UploadLog, now: float) -> None:
        self._timers.stop("upload again")
        self._outputs.append(LogChanged(upload.request_id, "Uploading"))
        if self.upload_time:
            self._timers.start("upload", now + self.upload_time)
        else:
            self._end_upload(now)

    def _end_upload(self, now: float) -> None:
        upload = self._upload
        assert upload is not None
        if not self.uploads_fail:
            self._outputs.append(LogChanged(upload.request_id, "Uploaded"))
        elif self._attempts < upload.retries:
            self._attempts += 1
            self._timers.start("upload again", now + upload.retry_interval)
        else:
            self._outputs.append(LogChanged(upload.request_id, "UploadFailure"))

    def _on_interval(self, name: str, now: float) -> None:
        outlet = self._outlets[int(name)]
        self._count(outlet, now)
        self._meter(outlet, now)
        self._timers.start(name, now + self._interval)

    def _set(self, evse_id: int, now: float, *, started: bool, paused: bool) -> None:
        outlet = self._outlets[evse_id]
        self._count(outlet, now)
        outlet.started, outlet.paused = started, paused
        self._meter(outlet, now)
        self._flow(outlet, now)

    def _flow(self, outlet: _Outlet, now: float) -> None:
        if outlet.charging:
            self._timers.start(str(outlet.id), now + self._interval)
            self._outputs.append(FlowChanged(outlet.id, Flow.CHARGING))
        else:
            self._timers.stop(str(outlet.id))
            if outlet.paused:
                self._outputs.append(FlowChanged(outlet.id, Flow.SUSPENDED_EVSE))

    def _count(self, outlet: _Outlet, now: float) -> None:
        if outlet.charging:
            outlet.energy += min(self._power, outlet.limit) * (now - outlet.counted_at) / 3600
        outlet.counted_at = now

    def _meter(self, outlet: _Outlet, now: float) -> None:
        power = min(self._power, outlet.limit) if outlet.charging else 0.0
        readings = (
            Reading(measurand=ENERGY, value=round(outlet.energy, 1), unit="Wh"),
            Reading(measurand="Power.Active.Import", value=power, unit="W"),
            Reading(measurand="Current.Import", value=round(power / VOLTAGE / PHASES, 2), unit="A"),
            Reading(measurand="Voltage", value=VOLTAGE, unit="V"),
        )
        self._outputs.append(Metered(outlet.id, readings))

    def _unlock(self, outlet: _Outlet, connector_id: int) -> None:
        jammed = outlet.id in self._lock_jammed
        outcome = UnlockOutcome.FAILED if jammed else UnlockOutcome.UNLOCKED
        self._outputs.append(UnlockDone(outlet.id, outcome, connector_id))
        if not jammed and not outlet.plugged:
            self._outputs.append(Unplugged(evse_id=outlet.id, connector_id=connector_id))
