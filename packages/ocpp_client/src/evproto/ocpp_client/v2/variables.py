"""Block B, variables: the back end writes and reads the device model (B05, B06)."""

from __future__ import annotations

from collections.abc import Mapping

from evproto.core import StateError
from evproto.ocpp_client.bridge import Fact, Observed
from evproto.ocpp_client.codec import encode
from evproto.ocpp_client.device_model import Component, Variable
from evproto.ocpp_client.device_model.wire import Wire
from evproto.ocpp_client.rpc_frames import ErrorCode
from evproto.ocpp_client.types import OcppStruct
from evproto.ocpp_client.v2.charging_station import WORDS, Block, ChargingStation, Handler, RefusedError
from evproto.ocpp_client.v21.datatypes import (
    GetVariableData,
    GetVariableResult,
    SetVariableData,
    SetVariableResult,
    StatusInfo,
)
from evproto.ocpp_client.v21.enums import AttributeEnum, GetVariableStatusEnum, SetVariableStatusEnum
from evproto.ocpp_client.v21.messages import (
    GetVariablesRequest,
    GetVariablesResponse,
    SetVariablesRequest,
    SetVariablesResponse,
)

TOO_MANY = StatusInfo(reason_code="TooManyElements")


class Variables(Block):
    """What is asked for beyond ItemsPerMessage is rejected, the rest is answered."""

    name = "variables"

    def __init__(self, station: ChargingStation) -> None:
        super().__init__(station)
        self._wire = Wire(WORDS)

    def tell(self, fact: Fact, now: float) -> None:
        if isinstance(fact, Observed):
            component = Component(fact.component, fact.instance, fact.evse_id, fact.connector_id)
            try:
                self._station.model.write(component, Variable(fact.variable), fact.value, now)
            except (KeyError, ValueError) as error:
                raise StateError(str(error.args[0])) from None

    def handlers(self) -> Mapping[str, Handler]:
        return {"GetVariables": self._get, "SetVariables": self._set}

    def _get(self, request: GetVariablesRequest, now: float) -> GetVariablesResponse:
        check_size(self._station, "DeviceDataCtrlr", "GetVariables", request)
        show_time(self._station, now)
        most, data = self._most("GetVariables"), request.get_variable_data
        found: GetVariablesResponse = self._wire.get_variables(
            self._station.model, GetVariablesRequest(get_variable_data=data[:most])
        )
        rejected = tuple(map(_rejected_get, data[most:]))
        return GetVariablesResponse(get_variable_result=found.get_variable_result + rejected)

    def _set(self, request: SetVariablesRequest, now: float) -> SetVariablesResponse:
        check_size(self._station, "DeviceDataCtrlr", "SetVariables", request)
        most, data = self._most("SetVariables"), request.set_variable_data
        done: SetVariablesResponse = self._wire.set_variables(
            self._station.model, SetVariablesRequest(set_variable_data=data[:most]), now
        )
        rejected = tuple(map(_rejected_set, data[most:]))
        return SetVariablesResponse(set_variable_result=done.set_variable_result + rejected)

    def _most(self, message: str) -> int:
        return max(self._station.model.number("DeviceDataCtrlr", "ItemsPerMessage", message, default=50), 1)


def check_size(station: ChargingStation, component: str, message: str, request: OcppStruct) -> None:
    """BytesPerMessage of a component (B06.FR.17 and its like); raises RefusedError."""
    most = station.model.number(component, "BytesPerMessage", message)
    if most and len(encode(request)) > most:
        raise RefusedError(ErrorCode.FORMAT_VIOLATION, f"{message} takes at most {most} bytes")


def check_count(station: ChargingStation, component: str, message: str, count: int) -> None:
    """ItemsPerMessage of a component (B08.FR.17 and its like); raises RefusedError."""
    most = station.model.number(component, "ItemsPerMessage", message)
    if most and count > most:
        description = f"{message} takes at most {most} items, got {count}"
        raise RefusedError(ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION, description)


def show_time(station: ChargingStation, now: float) -> None:
    """ClockCtrlr.DateTime is the time at which it is read."""
    station.model.write(Component("ClockCtrlr"), Variable("DateTime"), str(station.clock.at(now)), now)


def _rejected_get(data: GetVariableData) -> GetVariableResult:
    return GetVariableResult(
        attribute_status=GetVariableStatusEnum.REJECTED,
        component=data.component,
        variable=data.variable,
        attribute_type=data.attribute_type or AttributeEnum.ACTUAL,
        attribute_status_info=TOO_MANY,
    )


def _rejected_set(data: SetVariableData) -> SetVariableResult:
    return SetVariableResult(
        attribute_status=SetVariableStatusEnum.REJECTED,
        component=data.component,
        variable=data.variable,
        attribute_type=data.attribute_type or AttributeEnum.ACTUAL,
        attribute_status_info=TOO_MANY,
    )
