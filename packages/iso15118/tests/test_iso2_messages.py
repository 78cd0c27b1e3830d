"""The declared messages of ISO 15118-2: round trips, hostile bytes, what the standard fixes, views."""

from __future__ import annotations

import random
import typing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evproto.core import DecodeError, EncodeError
from evproto.exi import Codec, Schema, from_json, to_json, to_xml
from evproto.exi.registry import codecs, readings
from evproto.exi.testing import RandomMessages
from evproto.iso15118.iso2 import messages as iso2
from evproto.iso15118.iso2.messages import PhysicalValue, UnitSymbol
from evproto.v2gtp.messages import app_protocol, xmldsig

HEADER = iso2.MessageHeader(session_id=bytes(8))
EXPLAINED = Schema.from_components(iso2.CODEC.schema)


def wrap(body: iso2.BodyElement | None) -> iso2.V2GMessage:
    return iso2.V2GMessage(header=HEADER, body=iso2.Body(body_element=body))


def body_classes() -> list[type[iso2.BodyElement]]:
    return sorted(iso2.BodyElement.__subclasses__(), key=lambda cls: cls.__name__)


def test_all_34_messages_are_declared() -> None:
    assert len(body_classes()) == 34


def test_typing_reads_the_annotations_of_every_class() -> None:
    for space in iso2.CODEC.namespaces:
        for cls in space.classes:
            assert typing.get_type_hints(cls, include_extras=True).keys() == cls.__exi__.specs.keys()


@pytest.mark.parametrize("cls", body_classes(), ids=lambda cls: cls.__name__)
def test_each_message_comes_back(cls: type[iso2.BodyElement]) -> None:
    make = RandomMessages(iso2.CODEC, random.Random(cls.__name__))
    for _ in range(12):
        message = wrap(make.of(cls))
        assert iso2.decode(iso2.encode(message)) == message


def test_messages_begin_with_the_code_of_v2g_message() -> None:
    assert iso2.encode(wrap(iso2.ChargingStatusReq()))[:2] == bytes.fromhex("8098")


@pytest.mark.parametrize("cls", body_classes(), ids=lambda cls: cls.__name__)
def test_each_message_is_explained_to_its_end(cls: type[iso2.BodyElement]) -> None:
    make = RandomMessages(iso2.CODEC, random.Random(4))
    for _ in range(2):
        message = iso2.V2GMessage(
            header=make.of(iso2.MessageHeader), body=iso2.Body(body_element=make.of(cls))
        )
        explanation = EXPLAINED.explain(iso2.encode(message))
        assert explanation.fault is None
        lines = [str(line) for line in explanation.lines()]
        assert any(message.header.session_id.hex().upper() in line for line in lines)
        assert any(f"SE {cls.__name__} " in line for line in lines)


def test_an_empty_body_comes_back() -> None:
    assert iso2.decode(iso2.encode(wrap(None))) == wrap(None)


@pytest.mark.parametrize("head", [iso2.BodyElement()])
def test_an_abstract_head_is_decoded(head: iso2.BodyElement) -> None:
    assert iso2.decode(iso2.encode(wrap(head))) == wrap(head)


def test_arrays_are_filled_to_their_limits() -> None:
    interval = iso2.RelativeTimeInterval(start=16777214, duration=86400)
    power = PhysicalValue(multiplier=3, unit=UnitSymbol.W, value=-32768)
    entries = (iso2.PMaxScheduleEntry(time_interval=interval, p_max=power),) * 1024
    cost = iso2.Cost(cost_kind=iso2.CostKind.CARBON_DIOXIDE_EMISSION, amount=2**32 - 1, amount_multiplier=-3)
    slot = iso2.SalesTariffEntry(
        time_interval=interval,
        e_price_level=255,
        consumption_cost=(iso2.ConsumptionCost(start_value=power, cost=(cost,) * 3),) * 3,
    )
    schedule = iso2.SAScheduleTuple(
        sa_schedule_tuple_id=255,
        p_max_schedule=iso2.PMaxSchedule(p_max_schedule_entry=entries),
        sales_tariff=iso2.SalesTariff(id="t", sales_tariff_id=1, sales_tariff_entry=(slot,) * 1024),
    )
    make = RandomMessages(iso2.CODEC, random.Random(0))
    response = iso2.ChargeParameterDiscoveryRes(
        response_code=iso2.ResponseCode.OK,
        evse_processing=iso2.EVSEProcessing.FINISHED,
        sa_schedules=iso2.SAScheduleList(sa_schedule_tuple=(schedule,) * 3),
        evse_charge_parameter=make.of(iso2.DCEVSEChargeParameter),
    )
    assert iso2.decode(iso2.encode(wrap(response))) == wrap(response)


def test_one_entry_too_many_is_refused() -> None:
    entry = iso2.ProfileEntry(
        charging_profile_entry_start=0,
        charging_profile_entry_max_power=PhysicalValue.from_si(1000, UnitSymbol.W),
    )
    request = iso2.PowerDeliveryReq(
        charge_progress=iso2.ChargeProgress.START,
        sa_schedule_tuple_id=1,
        charging_profile=iso2.ChargingProfile(profile_entry=(entry,) * 25),
    )
    with pytest.raises(EncodeError) as caught:
        iso2.encode(wrap(request))
    assert "ChargingProfile" in caught.value.path


def test_a_service_scope_of_64_nul_is_decoded_and_shown_escaped() -> None:
    # Seen from real cars (facts of the field): XML could not even carry it.
    message = wrap(iso2.ServiceDiscoveryReq(service_scope="\0" * 64))
    assert iso2.decode(iso2.encode(message)) == message
    assert "\\u0000" * 64 in to_xml(message, iso2.CODEC)
    assert "\\u0000" * 64 in to_json(message, iso2.CODEC)
    assert from_json(to_json(message, iso2.CODEC), iso2.CODEC) == message


def test_zero_bytes_after_a_message_are_let_pass() -> None:
    data = iso2.encode(wrap(iso2.ChargingStatusReq()))
    assert iso2.decode(data + b"\0") == wrap(iso2.ChargingStatusReq())


def test_another_document_than_a_v2g_message_is_refused() -> None:
    data = iso2.CODEC.encode(iso2.ChargingStatusReq())
    with pytest.raises(DecodeError, match="expected V2G_Message"):
        iso2.decode(data)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (iso2.SessionSetupReq(evcc_id=bytes(7)), "EVCCID"),
        (iso2.ServiceDetailReq(service_id=65536), "ServiceID"),
        (iso2.ServiceDiscoveryReq(service_scope="x" * 65), "ServiceScope"),
        (iso2.AuthorizationReq(gen_challenge=bytes(15)), "GenChallenge"),
    ],
)
def test_a_value_beyond_its_facets_is_refused_with_its_path(body: iso2.BodyElement, path: str) -> None:
    with pytest.raises(EncodeError) as caught:
        iso2.encode(wrap(body))
    assert caught.value.path == f"V2G_Message/Body/{type(body).__name__}/{path}"


@settings(deadline=None, max_examples=300)
@given(data=st.binary(max_size=200), seed=st.integers(0, 50), flip=st.integers(min_value=0))
def test_any_bytes_give_a_message_or_a_decode_error(data: bytes, seed: int, flip: int) -> None:
    make = RandomMessages(iso2.CODEC, random.Random(seed))
    mutated = bytearray(iso2.encode(make.of(iso2.V2GMessage)))
    mutated[flip // 8 % len(mutated)] ^= 128 >> flip % 8
    for hostile in (data, b"\x80\x98" + data, bytes(mutated)):
        try:
            message = iso2.decode(hostile)
        except DecodeError as error:
            assert error.reason
        else:
            assert iso2.decode(iso2.encode(message)) == message


@pytest.mark.parametrize(
    ("key", "codec", "cls", "fragment"),
    [
        ("iso2", iso2.CODEC, iso2.V2GMessage, False),
        ("iso2", iso2.CODEC, iso2.AuthorizationReq, True),
        ("iso2", iso2.CODEC, iso2.SalesTariff, True),
        ("app_protocol", app_protocol.CODEC, app_protocol.SupportedAppProtocolReq, False),
        ("app_protocol", app_protocol.CODEC, app_protocol.SupportedAppProtocolRes, False),
        ("xmldsig", xmldsig.CODEC, xmldsig.SignedInfo, True),
        ("xmldsig", xmldsig.CODEC, xmldsig.Signature, False),
    ],
)
def test_the_protocol_of_a_stream_is_found(key: str, codec: Codec, cls: type, fragment: bool) -> None:
    make = RandomMessages(codec, random.Random(1))
    for _ in range(25):
        message = make.of(cls)
        data = codec.encode_fragment(message) if fragment else codec.encode(message)
        (reading,) = readings(data, codecs().items())
        assert (reading.key, reading.root, reading.fragment) == (key, message, fragment)


@pytest.mark.parametrize(
    ("amount", "unit", "multiplier", "value"),
    [
        (400, UnitSymbol.V, 0, 400),
        (3.2, UnitSymbol.A, -1, 32),
        (0.001, UnitSymbol.A, -3, 1),
        (0, UnitSymbol.A, 0, 0),
        (32.767, UnitSymbol.A, -3, 32767),
        (32.768, UnitSymbol.A, -2, 3277),
        (350_000, UnitSymbol.W, 2, 3500),
        (-32_767_000, UnitSymbol.W, 3, -32767),
        (7200, UnitSymbol.H, 0, 2),
        (90, UnitSymbol.M, -1, 15),
        (90, UnitSymbol.S, 0, 90),
    ],
)
def test_a_physical_value_keeps_most_digits(
    amount: float, unit: UnitSymbol, multiplier: int, value: int
) -> None:
    made = PhysicalValue.from_si(amount, unit)
    assert (made.multiplier, made.unit, made.value) == (multiplier, unit, value)


@pytest.mark.parametrize("amount", [40e6, -40e6, float("nan"), float("inf")])
def test_what_fits_no_physical_value_is_refused(amount: float) -> None:
    with pytest.raises(ValueError, match="physical value"):
        PhysicalValue.from_si(amount, UnitSymbol.W)


@given(amount=st.floats(-3.2e7, 3.2e7), unit=st.sampled_from(list(UnitSymbol)))
def test_a_physical_value_is_right_to_four_digits(amount: float, unit: UnitSymbol) -> None:
    scale = {UnitSymbol.H: 3600, UnitSymbol.M: 60}.get(unit, 1)
    made = PhysicalValue.from_si(amount, unit)
    assert made.si == pytest.approx(amount, rel=2e-4, abs=0.0006 * scale)
    assert -3 <= made.multiplier <= 3
    assert abs(made.value) <= 32767
    assert PhysicalValue.from_si(made.si, unit).si == pytest.approx(made.si)
