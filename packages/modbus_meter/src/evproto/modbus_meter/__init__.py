"""Energy meters over Modbus as data files, and signed meter values in OCMF."""

from evproto.modbus_meter.meter_file import load_meter, meter_ids, meter_map, parse_meter
from evproto.modbus_meter.meter_map import Block, MeterMap, Register
from evproto.modbus_meter.poller import (
    EnergyBackwards,
    MeterConfig,
    MeterFault,
    MeterStale,
    Poller,
    PollerEvent,
    PollerOptions,
    StrayAnswer,
    Trouble,
)
from evproto.modbus_meter.quantities import KINDS, Kind, Quantity, parse_quantity
from evproto.modbus_meter.reading import Measurement, Quality, Reading
from evproto.modbus_meter.simulation import Load, SimulatedMeter

__all__ = [
    "KINDS",
    "Block",
    "EnergyBackwards",
    "Kind",
    "Load",
    "Measurement",
    "MeterConfig",
    "MeterFault",
    "MeterMap",
    "MeterStale",
    "Poller",
    "PollerEvent",
    "PollerOptions",
    "Quality",
    "Quantity",
    "Reading",
    "Register",
    "SimulatedMeter",
    "StrayAnswer",
    "Trouble",
    "load_meter",
    "meter_ids",
    "meter_map",
    "parse_meter",
    "parse_quantity",
]
