"""Block P of part 6: data transfer, in virtual time; each test follows the steps of its case."""

from __future__ import annotations

from typing import Any

import pytest

from evproto.core import EncodeError
from evproto.ocpp_client import Version
from evproto.ocpp_client.bridge import DataAnswered, DataReceived, DataTaken, Description
from evproto.ocpp_client.csms import Refusal
from evproto.ocpp_client.rpc_frames import ErrorCode
from evproto.ocpp_client.testing import Bench2
from evproto.ocpp_client.v201 import datatypes as d
from evproto.ocpp_client.v201 import enums as e
from evproto.ocpp_client.v201 import messages as m

VENDOR = "com.example"
OFFLINE_THRESHOLD = (d.Component(name="OCPPCommCtrlr"), d.Variable(name="OfflineThreshold"))


class Vendors(Bench2):
    """A station whose application knows a vendor."""

    def make_station(self) -> None:
        self.description = Description(vendor="evproto", model="bench", vendor_ids=(VENDOR,))
        super().make_station()


@pytest.fixture
def vendors() -> Vendors:
    bench: Vendors = Vendors(evse_count=1).boot()
    return bench


def transfer(bench: Bench2, vendor_id: str, **more: Any) -> Any:
    return bench.call(m.DataTransferRequest(vendor_id=vendor_id, **more))


def test_tc_p_01_cs_an_unknown_vendor_is_named_so(bench2: Bench2) -> None:
    answer = transfer(bench2, "org.openchargealliance.octt", message_id="no such message")
    assert answer.status is e.DataTransferStatusEnum.UNKNOWN_VENDOR_ID
    assert bench2.told(DataReceived) == []


def test_tc_p_03_cs_custom_data_does_not_disturb(bench2: Bench2) -> None:
    component, variable = OFFLINE_THRESHOLD
    custom = {"vendorId": "org.openchargealliance.octt", "more": [1, {"deep": None}]}
    actual = e.AttributeEnum.ACTUAL
    data = d.SetVariableData(
        attribute_value="200",
        component=component,
        variable=variable,
        attribute_type=actual,
        custom_data=custom,
    )
    answer = bench2.call(m.SetVariablesRequest(set_variable_data=(data,), custom_data=custom))
    assert answer.set_variable_result[0].attribute_status is e.SetVariableStatusEnum.ACCEPTED
    wanted = d.GetVariableData(
        component=component, variable=variable, attribute_type=actual, custom_data=custom
    )
    request = m.GetVariablesRequest(get_variable_data=(wanted,), custom_data=custom)
    (result,) = bench2.call(request).get_variable_result
    assert result.attribute_status is e.GetVariableStatusEnum.ACCEPTED
    assert result.attribute_type is actual
    assert result.attribute_value == "200"


def test_a_known_vendors_data_goes_to_the_application_and_its_answer_back(vendors: Vendors) -> None:
    vendors.charger.receive = lambda item, now: None  # type: ignore[method-assign]
    vendors.csms.call(m.DataTransferRequest(vendor_id=VENDOR, message_id="ask", data={"n": 1}), vendors.now)
    vendors.pump()
    (received,) = vendors.told(DataReceived)
    assert (received.vendor_id, received.message_id, received.data) == (VENDOR, "ask", {"n": 1})
    vendors.tell(DataTaken(received.id, "Accepted", ["yes"]))
    (answer,) = vendors.answers
    assert answer.status is e.DataTransferStatusEnum.ACCEPTED
    assert answer.data == ["yes"]


def test_an_application_that_is_silent_has_rejected(vendors: Vendors) -> None:
    vendors.charger.receive = lambda item, now: None  # type: ignore[method-assign]
    vendors.csms.call(m.DataTransferRequest(vendor_id=VENDOR), vendors.now)
    vendors.pump()
    vendors.run(21.0)
    (answer,) = vendors.answers
    assert answer.status is e.DataTransferStatusEnum.REJECTED
    (received,) = vendors.told(DataReceived)
    vendors.tell(DataTaken(received.id, "Accepted"))  # too late: it disturbs nothing


def test_the_back_end_may_switch_a_vendor_off(vendors: Vendors) -> None:
    assert transfer(vendors, VENDOR).status is e.DataTransferStatusEnum.ACCEPTED
    vendors.set(f"CustomizationCtrlr.CustomImplementationEnabled[{VENDOR}]", False)
    assert transfer(vendors, VENDOR).status is e.DataTransferStatusEnum.UNKNOWN_VENDOR_ID


@pytest.mark.parametrize("version", [Version.V201, Version.V21])
def test_the_application_sends_data_and_hears_the_answer(version: Version) -> None:
    bench = Bench2(version).boot()
    bench.station.transfer(VENDOR, "hello", {"x": [1]}, bench.now)
    bench.pump()
    assert bench.calls[0].data == {"x": [1]}
    assert bench.told(DataAnswered) == [DataAnswered(VENDOR, "Accepted")]


@pytest.mark.parametrize("linked", [True, False])
def test_data_that_the_back_end_does_not_take_is_told_so(bench2: Bench2, linked: bool) -> None:
    bench2.script("DataTransfer", lambda _: Refusal(ErrorCode.NOT_SUPPORTED))
    if not linked:
        bench2.offline()
    bench2.station.transfer(VENDOR, None, None, bench2.now)
    bench2.pump()
    assert bench2.told(DataAnswered) == [DataAnswered(VENDOR, None)]


def test_data_that_cannot_be_sent_is_the_callers_mistake(bench2: Bench2) -> None:
    with pytest.raises(EncodeError):
        bench2.station.transfer("v" * 256, None, None, bench2.now)
