from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evproto.core import DecodeError
from evproto.din70121 import messages as din
from evproto.exi.testing import RandomMessages


def test_random_messages_come_back_equal() -> None:
    make = RandomMessages(din.CODEC, random.Random(1), empty=False)
    for _ in range(300):
        message = make.of(din.V2GMessage)
        assert din.decode(din.encode(message)) == message


@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_a_decode_error(data: bytes) -> None:
    try:
        message = din.decode(data)
    except DecodeError:
        return
    assert isinstance(message, din.V2GMessage)


def test_the_first_byte_pair_of_a_message_is_the_one_of_the_field() -> None:
    """V2G_Message is number 77 of 81 global elements in 7 bits: every DIN capture begins 80 9a."""
    message = din.V2GMessage(
        header=din.MessageHeader(session_id=bytes(8)),
        body=din.Body(body_element=din.SessionStopReq()),
    )
    assert din.encode(message)[:2].hex() == "809a"


def test_a_message_without_a_body_is_no_error_of_the_codec() -> None:
    message = din.V2GMessage(header=din.MessageHeader(session_id=bytes(8)), body=din.Body())
    assert din.decode(din.encode(message)) == message


def test_a_physical_value_may_lack_its_unit() -> None:
    status = din.DCEVStatus(ev_ready=True, ev_error_code=din.DCEVErrorCode.NO_ERROR, ev_ress_soc=50)
    volts = din.PhysicalValue(multiplier=0, value=400)
    request = din.PreChargeReq(dc_ev_status=status, ev_target_voltage=volts, ev_target_current=volts)
    message = din.V2GMessage(
        header=din.MessageHeader(session_id=bytes(8)), body=din.Body(body_element=request)
    )
    assert din.decode(din.encode(message)) == message


def test_a_power_over_16_bits_is_refused_with_its_field() -> None:
    with pytest.raises(ValueError, match="PMax"):
        entry = din.PMaxScheduleEntry(time_interval=din.RelativeTimeInterval(start=0), p_max=60_000)
        schedule = din.PMaxSchedule(p_max_schedule_id=1, p_max_schedule_entry=(entry,))
        din.CODEC.encode_fragment(schedule)
