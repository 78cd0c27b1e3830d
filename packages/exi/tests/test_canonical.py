"""The rules and the examples of Canonical EXI (W3C Recommendation of 2018-06-07), by their sections."""

from __future__ import annotations

from pathlib import Path

import pytest

from evproto.exi import Alignment, Characters, Options, Preserve, QName, Schema

EXI = "http://www.w3.org/2009/exi"
XS = "http://www.w3.org/2001/XMLSchema"
SCHEMALESS = Schema.schemaless()


@pytest.fixture
def typed(tmp_path: Path) -> Schema:
    """An element of each of some types, named as the type, in any order within `r`."""
    types = "float", "decimal", "dateTime", "date", "string", "token", "int"
    elements = "".join(f'<xs:element name="{name}" type="xs:{name}"/>' for name in types)
    model = f'<xs:choice minOccurs="0" maxOccurs="unbounded">{elements}</xs:choice>'
    path = tmp_path / "r.xsd"
    root = f'<xs:element name="r"><xs:complexType>{model}</xs:complexType></xs:element>'
    path.write_text(f'<xs:schema xmlns:xs="{XS}">{root}</xs:schema>')
    return Schema.from_xsd(path)


def canonical(schema: Schema, content: str, options: Options | None = None) -> str:
    """What stands in `r` when its canonical stream is read."""
    text = schema.decode_text(schema.canonical(f"<r>{content}</r>", options))
    return text.removeprefix("<r>").removesuffix("</r>")


def header(options: Options) -> bytes:
    """The stream of an empty element: all but the header is the same for the same alignment."""
    return SCHEMALESS.canonical("<a/>", options)


def test_compression_becomes_pre_compression_and_what_is_default_is_left_out() -> None:
    given = Options(compression=True, block_size=1_000_000, fragment=True)
    assert header(given) == header(Options(alignment=Alignment.PRE_COMPRESSION, fragment=True))


def test_a_block_size_stands_only_where_there_are_blocks() -> None:
    assert header(Options(block_size=100)) == header(Options())
    pre_compressed = Options(alignment=Alignment.PRE_COMPRESSION, block_size=100)
    assert header(pre_compressed) != header(Options(alignment=Alignment.PRE_COMPRESSION))


def test_the_options_stand_in_the_header_unless_they_are_left_out() -> None:
    assert SCHEMALESS.canonical("<a/>")[0] == 0b10_1_00000
    left_out = Options(canonical=True, omit_options_document=True)
    assert SCHEMALESS.canonical("<a/>", left_out)[0] == 0b10_0_00000
    preserving = Options(preserve=Preserve.PREFIXES)
    text = '<p:a xmlns:p="urn:a"/>'
    assert SCHEMALESS.decode_text(SCHEMALESS.canonical(text, preserving)) == text


def test_the_header_names_no_schema_that_was_not_named() -> None:
    named = Options(canonical=True, schema_id="urn:cars", include_schema_id=True)
    assert header(named) != header(Options(schema_id="urn:cars")) == header(Options())


def test_mappings_are_sorted_and_those_that_hold_anyway_left_out() -> None:
    def mapped(*pairs: tuple[str, str]) -> Options:
        names = tuple((QName(XS, kind), QName(EXI, representation)) for kind, representation in pairs)
        return Options(datatype_representation_map=names)

    strings = ("int", "string"), ("date", "string")
    assert header(mapped(*strings, ("base64Binary", "base64Binary"))) == header(mapped(*strings[::-1]))


@pytest.mark.parametrize(
    ("given", "same"),
    [
        ("123.012300", "1230123E-4"),
        ("0.0", "0E0"),
        ("-0.0", "0E0"),
        ("0E5", "0E0"),
        ("1.0", "1E0"),
        ("-1230.01", "-123001E-2"),
        ("0.1230", "123E-3"),
        ("12300", "123E2"),
        ("12.0", "12E0"),
        ("120E-1", "12E0"),
        ("1.2E1", "12E0"),
        ("NaN", "NaN"),
        ("-INF", "-INF"),
    ],
)
def test_a_float_has_the_shortest_mantissa_and_no_minus_zero(typed: Schema, given: str, same: str) -> None:
    assert canonical(typed, f"<float>{given}</float>") == f"<float>{same}</float>"


@pytest.mark.parametrize(("given", "same"), [("-0.0", "0.0"), ("+1.50", "1.5"), ("-00.10", "-0.1")])
def test_a_decimal_of_zero_has_no_minus(typed: Schema, given: str, same: str) -> None:
    assert canonical(typed, f"<decimal>{given}</decimal>") == f"<decimal>{same}</decimal>"


@pytest.mark.parametrize(
    ("given", "same", "utc"),
    [
        ("2015-08-11T24:00:00-07:30", "2015-08-12T00:00:00-07:30", "2015-08-12T07:30:00Z"),
        ("2012-06-30T23:59:60-06:00", "2012-06-30T23:59:60-06:00", "2012-07-01T05:59:60Z"),
        ("2012-01-01T00:30:00.000+14:00", "2012-01-01T00:30:00+14:00", "2011-12-31T10:30:00Z"),
        ("2012-06-30T23:59:59.10", "2012-06-30T23:59:59.1", "2012-06-30T23:59:59.1"),
    ],
)
def test_a_time_has_no_hour_24_and_its_zone_unless_utc_is_asked_for(
    typed: Schema, given: str, same: str, utc: str
) -> None:
    content = f"<dateTime>{given}</dateTime>"
    assert canonical(typed, content) == content.replace(given, same)
    assert canonical(typed, content, Options(canonical=True, utc_time=True)) == content.replace(given, utc)


def test_a_date_keeps_its_zone_for_it_is_no_instant(typed: Schema) -> None:
    content = "<date>2015-01-01+05:00</date>"
    assert canonical(typed, content, Options(canonical=True, utc_time=True)) == content


def test_values_of_an_enumeration_that_are_equal_are_the_first_of_them(tmp_path: Path) -> None:
    values = "".join(f'<xs:enumeration value="{value}"/>' for value in ("2", "1", "1.0"))
    kind = f'<xs:simpleType><xs:restriction base="xs:decimal">{values}</xs:restriction></xs:simpleType>'
    path = tmp_path / "v.xsd"
    path.write_text(f'<xs:schema xmlns:xs="{XS}"><xs:element name="v">{kind}</xs:element></xs:schema>')
    schema = Schema.from_xsd(path)
    assert {schema.canonical(f"<v>{value}</v>") for value in ("1", "1.0", "+1.00")} == {
        schema.canonical("<v>1</v>")
    }


def test_white_space_between_tags_goes_and_within_follows_the_type(typed: Schema) -> None:
    content = " <string> x </string>\n<token>  a   b </token><int> 12 </int> "
    assert canonical(typed, content) == "<string> x </string><token>a b</token><int>12</int>"
    schemaless = SCHEMALESS.decode_text(SCHEMALESS.canonical(f"<r>{content}</r>"))
    assert schemaless == "<r><string> x </string><token>  a   b </token><int> 12 </int></r>"


def test_xml_space_preserve_keeps_what_can_be_kept() -> None:
    text = '<r xml:space="preserve"> <a> x </a> </r>'
    assert SCHEMALESS.decode_text(SCHEMALESS.canonical(text)) == text


def test_an_empty_text_is_no_event_but_where_the_grammar_wants_one(typed: Schema) -> None:
    def texts(strict: bool) -> list[Characters]:
        stream = typed.canonical("<r><string></string></r>", Options(strict=strict))
        assert stream == typed.canonical("<r><string/></r>", Options(strict=strict))
        return [event for event in typed.read_events(stream) if isinstance(event, Characters)]

    assert texts(strict=False) == []
    assert texts(strict=True) == [Characters("")]


def test_attributes_and_declarations_have_one_order() -> None:
    options = Options(preserve=Preserve.PREFIXES)
    one = '<r xmlns:foo="urn:foo" xmlns:bla="urn:bla" c="1" b="2" a="3" foo:b="4" bla:b="5"/>'
    other = '<r bla:b="5" foo:b="4" a="3" b="2" c="1" xmlns:bla="urn:bla" xmlns:foo="urn:foo"/>'
    assert SCHEMALESS.canonical(one, options) == SCHEMALESS.canonical(other, options)
    text = SCHEMALESS.decode_text(SCHEMALESS.canonical(one, options))
    order = ["xmlns:bla", "xmlns:foo", " a=", " b=", " bla:b=", " foo:b=", " c="]
    places = [text.index(word) for word in order]
    assert places == sorted(places)


def test_types_and_nil_that_change_nothing_are_kept() -> None:
    namespaces = f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xs="{XS}"'
    with_them = f'<a {namespaces} b="1" xsi:nil="false" xsi:type="xs:string">x</a>'
    text = SCHEMALESS.decode_text(SCHEMALESS.canonical(with_them))
    assert "nil=" in text
    assert text.index("type=") < text.index("nil=") < text.index("b=")
