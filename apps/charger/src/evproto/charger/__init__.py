"""A charging station composed of the evproto packages, real or simulated."""

from evproto.charger.car import Car
from evproto.charger.demo.session import Outcome, run_real_time, run_virtual
from evproto.charger.demo.settings import Current, DemoConfig, FaultName
from evproto.charger.report.story import Story, tell
from evproto.charger.station import Station, StationParts

__all__ = [
    "Car",
    "Current",
    "DemoConfig",
    "FaultName",
    "Outcome",
    "Station",
    "StationParts",
    "Story",
    "run_real_time",
    "run_virtual",
    "tell",
]
