"""The typed messages against the JSON schemas of the PyPI package `ocpp`, the dictionary they came from."""

from __future__ import annotations

import importlib
import importlib.util
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from evproto.core import DecodeError, EncodeError
from evproto.ocpp_client.codec import decode, encode, to_builtins
from evproto.ocpp_client.types import OcppStruct, Timestamp
from evproto.ocpp_client.v16 import enums as enums16
from evproto.ocpp_client.v16 import messages as messages16
from evproto.ocpp_client.v21 import datatypes as datatypes21
from evproto.ocpp_client.v21 import messages as messages21

VERSIONS = ("v16", "v201", "v21")


def schemas() -> Iterator[tuple[str, str, Path]]:
    """(version, struct name, schema file) of the installed package `ocpp`, found without importing it."""
    spec = importlib.util.find_spec("ocpp")
    if spec is None or spec.origin is None:
        return
    for version in VERSIONS:
        for path in sorted((Path(spec.origin).parent / version / "schemas").glob("*.json")):
            name = path.stem if path.stem.endswith(("Request", "Response")) else f"{path.stem}Request"
            yield version, name, path


SCHEMAS = list(schemas())
needs_schemas = pytest.mark.skipif(not SCHEMAS, reason="the PyPI package ocpp is not installed")


def struct_of(version: str, name: str) -> type[OcppStruct]:
    module = importlib.import_module(f"evproto.ocpp_client.{version}.messages")
    struct: type[OcppStruct] = getattr(module, name)
    return struct


@needs_schemas
@pytest.mark.interop
@pytest.mark.parametrize(
    ("version", "name", "path"), SCHEMAS, ids=lambda value: str(value) if isinstance(value, str) else ""
)
def test_random_messages_are_valid_by_the_published_schema(
    random_message: Any, version: str, name: str, path: Path
) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft6Validator(json.loads(path.read_text(encoding="utf-8-sig")))
    kind = struct_of(version, name)
    for seed in range(12):
        message = random_message(kind, seed, full=seed == 0)
        text = encode(message)
        plain = json.loads(text)
        if version == "v16":
            plain = tenths(plain)
        if name == "StopTransactionRequest":
            plain = without_hertz(plain)
        validator.validate(plain)
        assert decode(kind, text) == message


@needs_schemas
@pytest.mark.parametrize("version", VERSIONS)
def test_every_schema_has_its_struct_with_exactly_its_names(version: str) -> None:
    wrong = []
    for _, name, path in (entry for entry in SCHEMAS if entry[0] == version):
        schema = json.loads(path.read_text(encoding="utf-8-sig"))
        fields = {
            field.encode_name: field.required for field in msgspec.structs.fields(struct_of(version, name))
        }
        required = set(schema.get("required", ()))
        expected = {key: key in required for key in schema.get("properties", {})}
        if fields != expected:
            wrong.append((name, fields, expected))
    assert wrong == []


def test_names_that_no_rule_of_case_gives_are_right() -> None:
    change = datatypes21.ChargingSchedulePeriod(start_period=0, limit=1.0, limit_l2=2.0, limit_l3=3.0)
    assert to_builtins(change) == {"startPeriod": 0, "limit": 1.0, "limit_L2": 2.0, "limit_L3": 3.0}


def test_an_unknown_field_a_wrong_type_and_a_missing_field_are_refused_with_their_place() -> None:
    for text, place in [
        (b'{"idTag": "x", "more": 1}', "more"),
        (b'{"idTag": 5}', "$.idTag"),
        (b"{}", "idTag"),
        (b'{"idTag": "123456789012345678901"}', "$.idTag"),
    ]:
        with pytest.raises(DecodeError, match="AuthorizeRequest") as error:
            decode(messages16.AuthorizeRequest, text)
        assert place in str(error.value)


def test_a_value_over_its_limit_is_refused_before_it_is_sent() -> None:
    with pytest.raises(EncodeError, match=r"\$\.idTag"):
        encode(messages16.AuthorizeRequest(id_tag="x" * 21))


def test_a_timestamp_is_written_with_three_fractional_digits() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, 678_912, UTC)
    response = messages16.HeartbeatResponse(current_time=Timestamp.of(moment))
    assert encode(response) == b'{"currentTime":"2026-01-02T03:04:05.678Z"}'


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-02T03:04:05Z",
        "2026-01-02T04:04:05+01:00",
        "2026-01-02T03:04:05.000000Z",
        "2026-01-02T03:04:05",
    ],
)
def test_a_timestamp_is_read_in_the_forms_met_in_the_field(text: str) -> None:
    response = decode(messages16.HeartbeatResponse, json.dumps({"currentTime": text}))
    assert response.current_time == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize("text", ['"yesterday"', "5", "null", '"2026-13-01T00:00:00Z"'])
def test_what_is_no_timestamp_is_refused(text: str) -> None:
    with pytest.raises(DecodeError, match="currentTime"):
        decode(messages16.HeartbeatResponse, f'{{"currentTime": {text}}}')


def test_json_nested_too_deep_is_a_decode_error() -> None:
    with pytest.raises(DecodeError):
        decode(
            messages21.DataTransferRequest, '{"vendorId":"x","data":' + "[" * 100_000 + "]" * 100_000 + "}"
        )


def test_enumerations_carry_the_standards_words() -> None:
    assert enums16.Measurand.ENERGY_ACTIVE_IMPORT_REGISTER.value == "Energy.Active.Import.Register"


def tenths(node: Any) -> Any:
    """OCPP 1.6 limits are multiples of 0.1, which binary floats are not; whole numbers stand in."""
    if isinstance(node, dict):
        return {key: tenths(value) for key, value in node.items()}
    if isinstance(node, list):
        return [tenths(value) for value in node]
    return round(node) if isinstance(node, float) else node


def without_hertz(node: Any) -> Any:
    """One enumeration serves MeterValues and StopTransaction; only the schema of the first has Hertz."""
    if isinstance(node, dict):
        return {key: without_hertz(value) for key, value in node.items() if value != "Hertz"}
    return [without_hertz(value) for value in node] if isinstance(node, list) else node
