"""Blocks speak 2.1 on every line; a line of 2.0.1 says less, and never what 2.0.1 has not."""

from __future__ import annotations

import json

import msgspec
import pytest
from msgspec import inspect

from evproto.core import DecodeError, EncodeError
from evproto.ocpp_client import Version
from evproto.ocpp_client.dialect import Dialect
from evproto.ocpp_client.v21 import datatypes as d
from evproto.ocpp_client.v21 import messages as m
from evproto.ocpp_client.v21.enums import BootReasonEnum, ResetEnum, TriggerReasonEnum

NARROW = Dialect(Version.V201, Version.V21)


def test_every_message_and_field_of_2_0_1_is_in_2_1() -> None:
    for action, pair in Version.V201.actions.items():
        for old, new in zip(pair, Version.V21.actions[action], strict=True):
            _compare(inspect.type_info(old), inspect.type_info(new), action)


def _compare(old: inspect.Type, new: inspect.Type, path: str) -> None:
    match old, new:
        case inspect.StructType(fields=fields), inspect.StructType(fields=others):
            found = {field.name: field for field in others}
            for field in fields:
                assert field.name in found, f"{path}.{field.name}"
                if field.name != "custom_data":
                    _compare(field.type, found[field.name].type, f"{path}.{field.name}")
        case inspect.VarTupleType(item_type=item), inspect.VarTupleType(item_type=other):
            _compare(item, other, path)
        case inspect.EnumType(cls=one), inspect.EnumType(cls=other_enum):
            assert {x.value for x in one} <= {x.value for x in other_enum}, path
        case inspect.UnionType(types=(first, *_)), inspect.UnionType(types=(second, *_)):
            _compare(first, second, path)
        case _:
            pass


def test_a_field_of_2_1_is_left_out_at_every_depth() -> None:
    value = d.MeterValue(
        timestamp=m.Timestamp.parse("2026-01-01T00:00:00Z"), sampled_value=(d.SampledValue(value=1.0),)
    )
    request = m.TransactionEventRequest(
        event_type=m.enums.TransactionEventEnum.UPDATED,
        timestamp=m.Timestamp.parse("2026-01-01T00:00:00Z"),
        trigger_reason=TriggerReasonEnum.TRIGGER,
        seq_no=1,
        transaction_info=d.Transaction(transaction_id="T", tariff_id="only in 2.1"),
        evse_sleep=True,
        meter_value=(value,),
        custom_data={"vendorId": "x", "kept": [1]},
    )
    plain = json.loads(NARROW.write_request("TransactionEvent", request))
    assert plain["transactionInfo"] == {"transactionId": "T"}
    assert "evseSleep" not in plain
    assert plain["customData"] == {"vendorId": "x", "kept": [1]}
    assert NARROW.translate("TransactionEvent", msgspec.json.encode(plain)) == msgspec.json.encode(plain)


def test_a_value_that_2_0_1_has_not_is_refused_before_it_is_sent() -> None:
    request = m.BootNotificationRequest(
        charging_station=d.ChargingStation(model="M", vendor_name="V"), reason=BootReasonEnum.POWER_UP
    )
    assert json.loads(NARROW.write_request("BootNotification", request))["reason"] == "PowerUp"
    event = m.ResetRequest(type=ResetEnum.IMMEDIATE_AND_RESUME)
    with pytest.raises(EncodeError):
        NARROW.write_request("Reset", event)


def test_what_comes_in_is_held_to_the_version_of_the_line() -> None:
    payload = b'{"type":"ImmediateAndResume"}'
    with pytest.raises(DecodeError):
        NARROW.read_request("Reset", payload)
    assert isinstance(NARROW.read_request("Reset", b'{"type":"OnIdle"}'), m.ResetRequest)
    assert isinstance(Dialect(Version.V21).read_request("Reset", payload), m.ResetRequest)
