from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evproto.core import DecodeError
from evproto.v2gtp import AppProtocol
from evproto.v2gtp.app_protocol import Agreement, answer, choose, offer, offered, read_answer
from evproto.v2gtp.messages import app_protocol as messages
from evproto.v2gtp.messages.app_protocol import (
    ResponseCode,
    SupportedAppProtocolReq,
    SupportedAppProtocolRes,
    decode,
    encode,
)

DIN = AppProtocol("urn:din:70121:2012:MsgDef", 2, 0)
ISO2 = AppProtocol("urn:iso:15118:2:2013:MsgDef", 2, 0)
ISO20_DC = AppProtocol("urn:iso:std:iso:15118:-20:DC", 1, 0)

PROTOCOLS = st.lists(
    st.builds(AppProtocol, st.sampled_from(["a", "b", "c"]), st.integers(0, 2), st.integers(0, 2)),
    min_size=1,
    max_size=20,
)


def entry(protocol: AppProtocol, schema_id: int, priority: int) -> messages.AppProtocol:
    return messages.AppProtocol(
        protocol_namespace=protocol.namespace,
        version_number_major=protocol.version_major,
        version_number_minor=protocol.version_minor,
        schema_id=schema_id,
        priority=priority,
    )


def request(*entries: messages.AppProtocol) -> SupportedAppProtocolReq:
    return SupportedAppProtocolReq(app_protocol=entries)


def test_offer_counts_schema_ids_and_priorities_from_one() -> None:
    assert offer([ISO2, DIN]) == request(entry(ISO2, 1, 1), entry(DIN, 2, 2))


def test_offer_holds_all_20_protocols_and_no_more() -> None:
    many = [AppProtocol(f"urn:example:{number}", 1, 0) for number in range(21)]
    message = offer(many[:20])
    assert decode(encode(message)) == message
    assert choose(message, [many[19]]) == Agreement(many[19], 20, False)
    with pytest.raises(ValueError, match="21"):
        offer(many)
    with pytest.raises(ValueError, match="0"):
        offer([])


def test_secc_takes_what_the_evcc_ranks_highest_among_its_own() -> None:
    asked = request(entry(DIN, 7, 3), entry(ISO20_DC, 9, 1), entry(ISO2, 8, 2))
    assert choose(asked, [DIN, ISO2]) == Agreement(ISO2, 8, False)
    assert choose(asked, [DIN]) == Agreement(DIN, 7, False)
    assert choose(asked, [DIN, ISO2, ISO20_DC]) == Agreement(ISO20_DC, 9, False)


def test_order_of_the_secc_has_no_say() -> None:
    asked = request(entry(DIN, 1, 1), entry(ISO2, 2, 2))
    assert choose(asked, [ISO2, DIN]) == choose(asked, [DIN, ISO2]) == Agreement(DIN, 1, False)


def test_another_minor_version_is_agreed_on_with_deviation() -> None:
    asked = request(entry(AppProtocol(ISO2.namespace, 2, 1), 1, 1))
    agreement = choose(asked, [ISO2])
    assert agreement == Agreement(ISO2, 1, True)
    assert answer(agreement).response_code is ResponseCode.OK_SUCCESSFUL_NEGOTIATION_WITH_MINOR_DEVIATION


def test_same_minor_version_goes_before_another_one() -> None:
    newer = AppProtocol(ISO2.namespace, 2, 3)
    asked = request(entry(ISO2, 1, 1))
    assert choose(asked, [newer, ISO2]) == Agreement(ISO2, 1, False)


def test_another_major_version_is_another_protocol() -> None:
    asked = request(entry(AppProtocol(ISO2.namespace, 1, 0), 1, 1))
    assert choose(asked, [ISO2]) is None
    assert answer(None) == SupportedAppProtocolRes(
        response_code=ResponseCode.FAILED_NO_NEGOTIATION, schema_id=None
    )


def test_schema_id_that_two_entries_use_is_never_answered() -> None:
    asked = request(entry(ISO2, 1, 1), entry(DIN, 1, 2), entry(ISO20_DC, 2, 3))
    assert choose(asked, [ISO2, DIN]) is None
    assert choose(asked, [ISO2, DIN, ISO20_DC]) == Agreement(ISO20_DC, 2, False)


def test_entries_of_equal_priority_count_in_the_order_of_the_offer() -> None:
    asked = request(entry(DIN, 1, 5), entry(ISO2, 2, 5))
    assert choose(asked, [ISO2, DIN]) == Agreement(DIN, 1, False)


@pytest.mark.parametrize("schema_id", [None, 0, 3, 255])
def test_answer_that_names_nothing_of_the_offer_is_refused(schema_id: int | None) -> None:
    response = SupportedAppProtocolRes(
        response_code=ResponseCode.OK_SUCCESSFUL_NEGOTIATION, schema_id=schema_id
    )
    with pytest.raises(DecodeError, match="SchemaID"):
        read_answer(response, [ISO2, DIN])


@settings(deadline=None, max_examples=200)
@given(cars=PROTOCOLS, chargers=PROTOCOLS)
def test_both_sides_agree_on_the_car_s_first_that_the_charger_speaks(
    cars: list[AppProtocol], chargers: list[AppProtocol]
) -> None:
    asked = decode(encode(offer(cars)))
    assert isinstance(asked, SupportedAppProtocolReq)
    assert offered(asked) == tuple(cars)
    agreement = choose(asked, chargers)
    told = decode(encode(answer(agreement)))
    assert isinstance(told, SupportedAppProtocolRes)
    heard = read_answer(told, cars)
    spoken = {(protocol.namespace, protocol.version_major) for protocol in chargers}
    expected = next((car for car in cars if (car.namespace, car.version_major) in spoken), None)
    if expected is None:
        assert agreement is None
        assert heard is None
        return
    assert agreement is not None
    assert heard is not None
    assert heard.protocol == expected
    assert heard.schema_id == agreement.schema_id
    assert heard.minor_deviation == (agreement.protocol.version_minor != expected.version_minor)


def test_offer_of_din_70121_has_the_bytes_that_cars_send() -> None:
    # As seen on the wire in traces that the pyPLC project has published.
    seen = "8000dbab9371d3234b71d1b981899189d191818991d26b9b3a232b30020000040040"
    assert encode(offer([DIN])).hex() == seen
    assert encode(answer(Agreement(DIN, 1, False))).hex() == "80400040"
