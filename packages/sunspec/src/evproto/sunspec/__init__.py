"""SunSpec: models as data, a reader that needs few requests, and a server."""

from evproto.sunspec.access import (
    ExchangeError,
    MapChangedError,
    WriteError,
    read_points,
    refresh,
    write_points,
)
from evproto.sunspec.definitions import GroupDef, Library, ModelDef, PointDef, Symbol, parse_model
from evproto.sunspec.device import Device, Quirks, UnknownModel
from evproto.sunspec.scan import NoSunSpecError, ScanOptions, scan
from evproto.sunspec.server import Change, DeviceServer, ServedModel, Units
from evproto.sunspec.values import Group, Model, Point

__all__ = [
    "Change",
    "Device",
    "DeviceServer",
    "ExchangeError",
    "Group",
    "GroupDef",
    "Library",
    "MapChangedError",
    "Model",
    "ModelDef",
    "NoSunSpecError",
    "Point",
    "PointDef",
    "Quirks",
    "ScanOptions",
    "ServedModel",
    "Symbol",
    "Units",
    "UnknownModel",
    "WriteError",
    "parse_model",
    "read_points",
    "refresh",
    "scan",
    "write_points",
]
