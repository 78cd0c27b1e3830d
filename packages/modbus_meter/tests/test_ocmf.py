"""OCMF: published records, every curve and form, round trips, tampering, and faults told by place."""

from __future__ import annotations

import base64
import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from evproto.core import DecodeError, EncodeError
from evproto.modbus_meter.ocmf import (
    CURVES,
    KeySigner,
    MeterStatus,
    OcmfReading,
    Payload,
    PublicKey,
    Secp192k1Signer,
    Signer,
    TimeStatus,
    TransactionReason,
    parse_curve,
    parse_ocmf,
    parse_public_key,
    sign_payload,
    verify_ocmf,
    write_payload,
)

PUBLISHED = json.loads((Path(__file__).parent / "ocmf_samples.json").read_text("utf-8"))
SAMPLES = {name: (item["record"], item["key"]) for name, item in PUBLISHED["records"].items()}
PAYLOAD = Payload(
    format_version="1.4",
    gateway_identification="evproto",
    gateway_serial="1",
    gateway_version="0.1",
    pagination="T7",
    meter_vendor="evproto",
    meter_serial="2",
    identification_status=True,
    identification_level="TRUSTED",
    identification_flags=("RFID_PLAIN", "OCPP_AUTH"),
    identification_type="ISO14443",
    identification_data="1F2D3A4F5506C7",
    tariff_text="0.42 €/kWh",
    charge_point_type="EVSEID",
    charge_point_identification="DE*ABC*E1",
    readings=(
        OcmfReading(
            time=dt.datetime(2026, 5, 1, 12, 0, tzinfo=dt.timezone(dt.timedelta(hours=2))),
            time_status=TimeStatus.SYNCHRONIZED,
            reason=TransactionReason.BEGIN,
            value=Decimal("2935.600"),
            obis="01-00:B2.08.00",
            unit="kWh",
            current_type="AC",
        ),
        OcmfReading(
            time=dt.datetime(2026, 5, 1, 13, 0, tzinfo=dt.timezone(dt.timedelta(hours=2))),
            time_status=TimeStatus.SYNCHRONIZED,
            reason=TransactionReason.END,
            value=Decimal("2946.640"),
            obis="01-00:B2.08.00",
            unit="kWh",
            current_type="AC",
        ),
    ),
)
CLASSES = {
    "secp192r1": ec.SECP192R1(),
    "secp256k1": ec.SECP256K1(),
    "secp256r1": ec.SECP256R1(),
    "secp384r1": ec.SECP384R1(),
    "brainpool256r1": ec.BrainpoolP256R1(),
    "brainpool384r1": ec.BrainpoolP384R1(),
}


def signer_of(curve: str) -> Signer:
    if curve == "secp192k1":
        pytest.importorskip("ecdsa", reason="secp192k1 needs the package ecdsa")
        return Secp192k1Signer(12345678901234567890)
    return KeySigner(ec.derive_private_key(12345678901234567890, CLASSES[curve]))


@pytest.mark.parametrize("name", SAMPLES)
def test_a_published_record_verifies(name: str) -> None:
    text, key = SAMPLES[name]
    record = parse_ocmf(text)
    assert verify_ocmf(record, key)
    assert record.text == text.strip()
    assert record.text.split("|")[1].encode() == record.signed_data


def test_a_published_record_with_another_value_does_not_verify() -> None:
    text, key = SAMPLES["ebee_key_in_groups"]
    verdict = verify_ocmf(parse_ocmf(text.replace('"RV":7753', '"RV":7763')), key)
    assert not verdict
    assert verdict.reason == "the signature does not match"


def test_fields_that_a_reading_leaves_out_are_those_of_the_one_before() -> None:
    readings = parse_ocmf(SAMPLES["lem_inherited_fields"][0]).payload.readings
    assert [reading.reason and reading.reason.value for reading in readings] == ["B", "B", "E", "E"]
    assert readings[1].time == readings[0].time
    assert readings[3].current_type == "DC"
    assert [str(reading.value) for reading in readings] == ["57.584", "4.405", "58.685", "4.405"]
    assert readings[0].wh == Decimal("57584")


def test_a_value_sent_as_text_is_a_number_and_its_status_is_told() -> None:
    reading = parse_ocmf(SAMPLES["isabellenhuette_raw"][0]).payload.readings[0]
    assert reading.value == 0
    assert reading.status is MeterStatus.OTHER_ERROR
    assert reading.errors == "E"


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("encoding", ["hex", "base64"])
@pytest.mark.parametrize("raw", [False, True])
def test_every_curve_and_form_of_signature_verifies(curve: str, encoding: str, raw: bool) -> None:
    signer = signer_of(curve)
    text = sign_payload(write_payload(PAYLOAD), signer, encoding=encoding, raw=raw)  # type: ignore[arg-type]
    record = parse_ocmf(text)
    assert record.signature.algorithm == f"ECDSA-{curve}-SHA256"
    assert verify_ocmf(record, signer.public_key)
    assert record.payload == PAYLOAD


@pytest.mark.parametrize("curve", CURVES)
def test_a_public_key_is_known_in_every_form_of_the_field(curve: str) -> None:
    signer = signer_of(curve)
    key = signer.public_key
    record = parse_ocmf(sign_payload(write_payload(PAYLOAD), signer))
    der = key.to_der()
    pem = f"-----BEGIN PUBLIC KEY-----\n{base64.encodebytes(der).decode()}-----END PUBLIC KEY-----\n"
    forms: list[str | bytes] = [der, der.hex(), der.hex().upper(), base64.b64encode(der).decode(), pem]
    forms += [key.point, key.point.hex(), "04" + key.point.hex(), b"\x04" + key.point, der.hex(" ")]
    for form in forms:
        assert verify_ocmf(record, form), form
    if curve in CLASSES:
        theirs = ec.derive_private_key(12345678901234567890, CLASSES[curve]).public_key()
        spki = theirs.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        assert spki == der


def test_the_curve_of_key_and_signature_must_agree() -> None:
    record = parse_ocmf(sign_payload(write_payload(PAYLOAD), signer_of("secp256r1")))
    verdict = verify_ocmf(record, signer_of("secp256k1").public_key)
    assert not verdict
    assert "secp256k1" in verdict.reason


def test_a_hash_of_another_length_verifies() -> None:
    signer = KeySigner(ec.derive_private_key(7, ec.SECP384R1()), "SHA384")
    assert verify_ocmf(parse_ocmf(sign_payload(write_payload(PAYLOAD), signer)), signer.public_key)


def test_the_spelling_of_the_field_names_the_same_curve() -> None:
    assert parse_curve("brainpoolP384r1") is parse_curve("brainpool384r1")


RECORD = sign_payload(write_payload(PAYLOAD), KeySigner(ec.derive_private_key(99, ec.SECP384R1())))
RECORD_KEY = KeySigner(ec.derive_private_key(99, ec.SECP384R1())).public_key


@settings(deadline=None, max_examples=600)
@given(st.integers(0, len(RECORD.encode()) - 1), st.integers(0, 255))
def test_a_record_with_any_byte_changed_is_refused(place: int, byte: int) -> None:
    data = bytearray(RECORD.encode())
    if data[place] == byte:
        return
    data[place] = byte
    try:
        record = parse_ocmf(bytes(data))
    except DecodeError:
        return
    assert not verify_ocmf(record, RECORD_KEY)


def test_every_single_bit_of_a_record_counts() -> None:
    original = RECORD.encode()
    for place in range(len(original)):
        for bit in range(8):
            data = bytearray(original)
            data[place] ^= 1 << bit
            try:
                record = parse_ocmf(bytes(data))
            except DecodeError:
                continue
            assert not verify_ocmf(record, RECORD_KEY), (place, bit)


texts = st.text(st.characters(exclude_characters="|", codec="utf-8"), max_size=20)
readings = st.builds(
    OcmfReading,
    time=st.datetimes(
        min_value=dt.datetime(2000, 1, 1),
        timezones=st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=-3, minutes=-30))]),
    ).map(lambda t: t.replace(microsecond=t.microsecond // 1000 * 1000)),
    time_status=st.sampled_from(TimeStatus),
    reason=st.sampled_from(TransactionReason),
    value=st.decimals(min_value=0, max_value=10**9, places=3),
    obis=texts,
    unit=st.sampled_from(["kWh", "Wh"]),
    current_type=st.sampled_from(["AC", "DC"]),
    errors=st.sampled_from(["", "E", "t", "Et"]),
    status=st.sampled_from(MeterStatus),
)


@settings(deadline=None, max_examples=150)
@given(
    st.builds(
        Payload,
        pagination=st.integers(0, 10**9).map(lambda n: f"T{n}"),
        readings=st.lists(readings, min_size=1, max_size=4).map(tuple),
        gateway_serial=st.none() | texts,
        identification_status=st.none() | st.booleans(),
        identification_flags=st.none() | st.lists(texts, max_size=4).map(tuple),
        tariff_text=st.none() | texts,
        extra=st.dictionaries(st.sampled_from(["UA", "ZZ"]), texts),
    )
)
def test_a_payload_survives_writing_and_reading(payload: Payload) -> None:
    text = write_payload(payload)
    record = parse_ocmf(f'OCMF|{text}|{{"SD":"00"}}')
    assert record.payload == payload
    assert write_payload(record.payload) == text


def test_digits_are_kept_as_they_are() -> None:
    assert '"RV":2935.600,' in write_payload(PAYLOAD)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda t: "", "does not begin with 'OCMF|' (at character 0)"),
        (lambda t: "XCMF|{}|{}", "does not begin"),
        (lambda t: "OCMF|{}", "no signature section (at character 7)"),
        (lambda t: t + "|{}", "there is a third section (at character"),
        (lambda t: t.replace('"FV"', "FV", 1), "(at character 6)"),
        (lambda t: t.replace('"PG":"T7"', '"PG":"7"'), "'7' is no pagination (in PG)"),
        (lambda t: t.replace('"PG":"T7",', ""), "the pagination is missing (in PG)"),
        (lambda t: t.replace("2026-05-01T13", "2026-05-41T13"), "(in RD/1/TM)"),
        (lambda t: t.replace(" S", " Q", 1), "is no time"),
        (lambda t: t.replace('"TX":"E"', '"TX":"Z"'), "'Z' is none of B, C, X"),
        (lambda t: t.replace("2946.640", '"12a"'), "'12a' is no number (in RD/1/RV)"),
        (lambda t: t.replace("2946.640", "1e400"), "is no number of a meter"),
        (lambda t: t.replace("2946.640", "NaN"), "NaN is no JSON"),
        (lambda t: t.replace('"IS":true', '"IS":1'), "(in IS)"),
        (lambda t: t.replace('"GI"', '"GS"', 1), "the key 'GS' stands twice"),
        (lambda t: t.replace('"SD"', '"SX"'), "unknown key 'SX' in the signature section"),
        (lambda t: t.replace('"SD":"30', '"SD":"3x'), "no hexadecimal text of one case (in SD)"),
        (lambda t: t.split("|{\"SA")[0] + '|{"SD":1}', "is no text (in SD)"),
        (lambda t: 'OCMF|{"PG":"T1"}|{"SD":"00"}', "there are no readings (in RD)"),
        (lambda t: "OCMF|" + "[" * 100000 + "|{}", "(at character 5)"),
    ],
)  # fmt: skip
def test_a_malformed_record_is_told_by_place(change, fault: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(DecodeError) as caught:
        parse_ocmf(change(RECORD))
    assert fault in str(caught.value)


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=200) | st.text(max_size=100))
def test_any_input_is_a_record_or_a_decode_error(data: bytes | str) -> None:
    for item in (data, b"OCMF|" + (data if isinstance(data, bytes) else data.encode("utf-8", "replace"))):
        try:
            parse_ocmf(item)
        except DecodeError:
            continue


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=140) | st.text(max_size=200))
def test_any_input_is_a_key_or_a_decode_error(data: bytes | str) -> None:
    try:
        key = parse_public_key(data)
    except DecodeError:
        return
    assert isinstance(key, PublicKey)
    assert not verify_ocmf(parse_ocmf(RECORD), key)


@settings(deadline=None, max_examples=100)
@given(st.binary(min_size=1, max_size=120), st.sampled_from(list(CURVES)))
def test_any_signature_bytes_are_refused_without_a_crash(data: bytes, curve: str) -> None:
    signer = signer_of(curve)
    payload = write_payload(PAYLOAD)
    text = f'OCMF|{payload}|{{"SA":"ECDSA-{curve}-SHA256","SD":"{data.hex()}"}}'
    assert not verify_ocmf(parse_ocmf(text), signer.public_key)


def test_a_point_that_is_not_on_its_curve_is_refused() -> None:
    for curve in CURVES.values():
        record = parse_ocmf(sign_payload(write_payload(PAYLOAD), signer_of(curve.name)))
        verdict = verify_ocmf(record, bytes(2 * curve.size - 1) + b"\x05")
        assert not verdict
        assert "cannot be used" in verdict.reason


def test_a_pipe_cannot_be_written() -> None:
    with pytest.raises(EncodeError, match="may not stand"):
        write_payload(Payload(pagination="T1", readings=PAYLOAD.readings, gateway_serial="a|b"))


def test_a_signer_shows_nothing_of_its_key() -> None:
    secret = "12345678901234567890"
    for curve in CURVES:
        assert secret not in repr(signer_of(curve))


def test_the_payload_is_plain_json() -> None:
    data = json.loads(write_payload(PAYLOAD))
    assert data["RD"][1] == {"TM": "2026-05-01T13:00:00,000+0200 S", "TX": "E", "RV": 2946.64, "ST": "G"}
