"""The device model of OCPP 2.x (part 1, chapter 4) in SQLite; the keys of 1.6 are a view on it."""

from evproto.ocpp_client.device_model.characteristics import Characteristics, DataType
from evproto.ocpp_client.device_model.definition import (
    AttributeEntry,
    ComponentEntry,
    MonitorEntry,
    VariableEntry,
    component_schema,
    read_component,
    standard_component,
    standard_names,
    standard_station,
)
from evproto.ocpp_client.device_model.model import DeviceModel
from evproto.ocpp_client.device_model.record import Cell, Record, Traits
from evproto.ocpp_client.device_model.reload import Dropped
from evproto.ocpp_client.device_model.terms import (
    Attribute,
    Changed,
    Component,
    GetResult,
    GetStatus,
    Mutability,
    Reason,
    SetResult,
    SetStatus,
    Source,
    Variable,
)

__all__ = [
    "Attribute",
    "AttributeEntry",
    "Cell",
    "Changed",
    "Characteristics",
    "Component",
    "ComponentEntry",
    "DataType",
    "DeviceModel",
    "Dropped",
    "GetResult",
    "GetStatus",
    "MonitorEntry",
    "Mutability",
    "Reason",
    "Record",
    "SetResult",
    "SetStatus",
    "Source",
    "Traits",
    "Variable",
    "VariableEntry",
    "component_schema",
    "read_component",
    "standard_component",
    "standard_names",
    "standard_station",
]
