"""Annotations become simple types: derivation steps, facets of ours and of annotated-types."""

from decimal import Decimal
from typing import Annotated, Any

import annotated_types
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evproto.exi import Codec, GlobalElement, Namespace
from evproto.exi.built_in import BUILT_IN_TYPES, BUILT_INS
from evproto.exi.schema import Primitive, QName, Schema, SimpleType
from evproto.exi.types import XSD, Byte, HexBinary, Interval, Length, ListOf, Pattern, UnsignedByte

SPACE = Namespace("urn:simple")


def schema_of(annotation: Any) -> Schema:
    space = Namespace("urn:read")
    GlobalElement(space, "it", annotation)
    return Codec("read", space).schema


def read(annotation: Any) -> SimpleType:
    schema = schema_of(annotation)
    return schema.simple_types[schema.elements[0].type.index]


@pytest.mark.parametrize(
    ("python", "name", "primitive"),
    [
        (str, "string", Primitive.STRING),
        (bool, "boolean", Primitive.BOOLEAN),
        (int, "integer", Primitive.INTEGER),
        (float, "double", Primitive.FLOAT),
        (Decimal, "decimal", Primitive.DECIMAL),
    ],
)
def test_a_python_type_is_the_built_in_type_of_its_values(
    python: type, name: str, primitive: Primitive
) -> None:
    made = read(python)
    assert (made.name, made.primitive) == (QName(XSD, name), primitive)


def test_a_built_in_type_stands_after_its_ancestors() -> None:
    names, index = [], BUILT_INS["byte"]
    while (base := BUILT_IN_TYPES[index].base) is not None:
        assert base < index
        index = base
        names.append(BUILT_IN_TYPES[index].name)
    assert names == [
        QName(XSD, name) for name in ("short", "int", "long", "integer", "decimal", "anySimpleType")
    ]


def test_all_built_in_types_are_in_every_schema() -> None:
    assert len(BUILT_INS) == 45
    assert schema_of(str).simple_types == BUILT_IN_TYPES


def test_each_step_narrows_the_one_before() -> None:
    percent = Annotated[Byte, SPACE.simple("percent"), Interval(ge=0, le=100)]
    half = Annotated[percent, SPACE.simple("half"), Interval(le=50)]
    made = read(half)
    assert (made.name, made.minimum, made.maximum) == (QName("urn:simple", "half"), 0, 50)


def test_facets_of_annotated_types_do_as_well() -> None:
    made = read(Annotated[int, annotated_types.Gt(3), annotated_types.Lt(9)])
    assert (made.name, made.minimum, made.maximum) == (None, 4, 8)
    made = read(Annotated[str, annotated_types.Len(2, 5)])
    assert (made.min_length, made.max_length) == (2, 5)


def test_bounds_never_grow() -> None:
    made = read(Annotated[UnsignedByte, SPACE.simple("wide"), Interval(ge=-5, le=1000)])
    assert (made.minimum, made.maximum) == (0, 255)


def test_a_pattern_restricts_the_characters() -> None:
    made = read(Annotated[str, SPACE.simple("hexes"), Pattern("[0-9A-F]+")])
    assert made.has_pattern
    assert made.charset == tuple(b"0123456789ABCDEF")


def test_a_list_has_items() -> None:
    schema = schema_of(Annotated[tuple[int, ...], ListOf(Byte)])
    made = schema.simple_types[schema.elements[0].type.index]
    assert made.item is not None
    assert schema.simple_types[made.item].name == QName(XSD, "byte")


@pytest.mark.parametrize(
    "annotation",
    [
        list,
        object,
        Annotated[int, "facet"],
        Annotated[list[int], Length(1, 2)],
        Annotated[int, Interval()],
        Annotated[int, Interval(ge=0.5)],
    ],
)
def test_what_is_no_simple_type_is_refused(annotation: Any) -> None:
    with pytest.raises(TypeError):
        read(annotation)


@given(value=st.from_type(Annotated[bytes, Length(2, 5)]), number=st.from_type(Byte))
def test_hypothesis_understands_our_facets(value: bytes, number: int) -> None:
    assert 2 <= len(value) <= 5
    assert -128 <= number <= 127


def test_lengths_of_binaries_count_bytes() -> None:
    made = read(Annotated[HexBinary, SPACE.simple("id"), Length(max_length=6)])
    assert (made.primitive, made.min_length, made.max_length) == (Primitive.HEX_BINARY, 0, 6)
