"""Schema documents: facets, wildcards that are combined, and schemas that go wrong or in circles."""

from pathlib import Path

import pytest

from evproto.exi._native import Grammar
from evproto.exi.schema import (
    Content,
    Primitive,
    QName,
    Schema,
    SimpleType,
    WhiteSpace,
    Wildcard,
    WildcardKind,
)
from evproto.exi.xsd import SchemaError, schema_from_xsd

NINES = "9" * 50
HEAD = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:t" targetNamespace="urn:t">'


def read(folder: Path, body: str) -> Schema:
    path = folder / "main.xsd"
    path.write_text(f"{HEAD}{body}</xs:schema>")
    return schema_from_xsd(path)


def simple(folder: Path, definition: str) -> SimpleType:
    schema = read(folder, f'<xs:simpleType name="t">{definition}</xs:simpleType>')
    return next(one for one in schema.simple_types if one.name == QName("urn:t", "t"))


def restricted(folder: Path, base: str, facets: str) -> SimpleType:
    return simple(folder, f'<xs:restriction base="{base}">{facets}</xs:restriction>')


def test_every_schema_has_the_built_in_types(tmp_path: Path) -> None:
    schema = read(tmp_path, "")
    names = {one.name.local for one in schema.simple_types if one.name is not None}
    assert {"string", "NMTOKENS", "unsignedByte", "gMonthDay"} <= names
    assert [one.content for one in schema.complex_types] == [Content.MIXED]


@pytest.mark.parametrize(
    ("base", "facets", "handling", "values"),
    [
        ("xs:string", "", WhiteSpace.PRESERVE, ("a  b ",)),
        ("xs:normalizedString", "", WhiteSpace.REPLACE, ("a  b ",)),
        ("xs:token", "", WhiteSpace.COLLAPSE, ("a b",)),
        ("xs:string", '<xs:whiteSpace value="collapse"/>', WhiteSpace.COLLAPSE, ("a b",)),
        ("xs:int", "", WhiteSpace.COLLAPSE, ("a b",)),
    ],
)
def test_white_space_is_carried_and_handled_in_enumerations(
    tmp_path: Path, base: str, facets: str, handling: WhiteSpace, values: tuple[str, ...]
) -> None:
    made = restricted(tmp_path, base, facets + '<xs:enumeration value="a  b "/>')
    assert made.white_space is handling
    assert made.enumeration == values


def test_white_space_can_be_replaced() -> None:
    assert WhiteSpace.REPLACE.normalized("a\tb\n c") == "a b  c"


def test_bounds_of_all_steps_are_combined(tmp_path: Path) -> None:
    inner = '<xs:simpleType><xs:restriction base="xs:byte"><xs:minExclusive value="-9"/></xs:restriction>'
    made = simple(
        tmp_path, f'<xs:restriction>{inner}</xs:simpleType><xs:maxInclusive value=" +7 "/></xs:restriction>'
    )
    assert (made.minimum, made.maximum) == (-8, 7)


def test_a_pattern_restricts_the_characters_of_strings_only(tmp_path: Path) -> None:
    facet = '<xs:pattern value="[ab]*"/>'
    assert restricted(tmp_path, "xs:token", facet).charset == (97, 98)
    uri = restricted(tmp_path, "xs:anyURI", facet)
    assert (uri.charset, uri.has_pattern) == (None, True)


@pytest.mark.parametrize("definition", ["xs:list itemType='xs:int'", "xs:union memberTypes='xs:int xs:date'"])
def test_lists_and_unions_have_no_enumeration(tmp_path: Path, definition: str) -> None:
    made = simple(
        tmp_path,
        f"<xs:restriction><xs:simpleType><{definition}/></xs:simpleType>"
        '<xs:enumeration value="1"/></xs:restriction>',
    )
    assert made.primitive in (Primitive.LIST, Primitive.UNION)
    assert made.enumeration == ()
    assert made.white_space is WhiteSpace.COLLAPSE


@pytest.mark.parametrize(
    ("group", "own", "common"),
    [
        ("##any", "urn:a urn:b", ("urn:a", "urn:b")),
        ("urn:b urn:c", "urn:a urn:b", ("urn:b",)),
        ("##other", "urn:a urn:t ##local", ("urn:a",)),
        ("urn:a ##targetNamespace", "##other", ("urn:a",)),
        ("##other", "##any", None),
        ("##any", "##other", None),
    ],
)
def test_an_attribute_group_narrows_the_wildcard(
    tmp_path: Path, group: str, own: str, common: tuple[str, ...] | None
) -> None:
    schema = read(
        tmp_path,
        f'<xs:attributeGroup name="g"><xs:anyAttribute namespace="{group}"/></xs:attributeGroup>'
        '<xs:complexType name="c"><xs:attributeGroup ref="g"/>'
        f'<xs:anyAttribute namespace="{own}"/></xs:complexType>',
    )
    found = schema.complex_types[0].attribute_wildcard
    assert found is not None
    if common is None:
        assert found.kind is WildcardKind.OTHER
    else:
        assert found == Wildcard(kind=WildcardKind.URIS, uris=common)
        assert set(schema.namespaces) == {"urn:t", *common}


@pytest.mark.parametrize(
    ("base", "own", "union"),
    [
        ("urn:a", "urn:b", Wildcard(kind=WildcardKind.URIS, uris=("urn:a", "urn:b"))),
        ("##other", "##other", Wildcard(kind=WildcardKind.OTHER, uris=("urn:t",))),
        ("##other", "urn:a", Wildcard(kind=WildcardKind.ANY)),
    ],
)
def test_an_extension_widens_the_wildcard(tmp_path: Path, base: str, own: str, union: Wildcard) -> None:
    schema = read(
        tmp_path,
        f'<xs:complexType name="b"><xs:anyAttribute namespace="{base}"/></xs:complexType>'
        '<xs:complexType name="d"><xs:complexContent><xs:extension base="b">'
        f'<xs:anyAttribute namespace="{own}"/></xs:extension></xs:complexContent></xs:complexType>',
    )
    found = {one.name.local: one.attribute_wildcard for one in schema.complex_types if one.name is not None}
    assert found["d"] == union


def test_the_xml_namespace_needs_no_document(tmp_path: Path) -> None:
    schema = read(
        tmp_path,
        '<xs:import namespace="http://www.w3.org/XML/1998/namespace" schemaLocation="http://w3.org/xml.xsd"/>'
        '<xs:complexType name="c"><xs:attribute ref="xml:lang"/></xs:complexType>'
        '<xs:complexType name="d"><xs:attributeGroup ref="xml:specialAttrs"/></xs:complexType>',
    )
    counts = {one.name.local: len(one.attributes) for one in schema.complex_types if one.name is not None}
    assert (counts["c"], counts["d"]) == (1, 4)


def test_a_redefinition_means_the_old_component_of_its_own_kind_only(tmp_path: Path) -> None:
    (tmp_path / "old.xsd").write_text(
        f'{HEAD}<xs:complexType name="t"/><xs:group name="t"><xs:sequence><xs:element name="old"/>'
        "</xs:sequence></xs:group></xs:schema>"
    )
    schema = read(
        tmp_path,
        '<xs:redefine schemaLocation="old.xsd"><xs:complexType name="t"><xs:complexContent>'
        '<xs:extension base="t"><xs:group ref="t"/></xs:extension></xs:complexContent></xs:complexType>'
        "</xs:redefine>",
    )
    assert [element.name.local for element in schema.elements] == ["old"]


def test_long_chains_of_references_are_read(tmp_path: Path) -> None:
    chain = "".join(
        f'<xs:complexType name="t{number}"><xs:sequence><xs:element name="a" type="t{number + 1}"/>'
        "</xs:sequence></xs:complexType>"
        for number in range(2000)
    )
    schema = read(tmp_path, chain + '<xs:complexType name="t2000"/>')
    assert len(schema.complex_types) == 2002
    assert Grammar(schema).fingerprint()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            '<xs:group name="g"><xs:sequence><xs:group ref="g"/></xs:sequence></xs:group>'
            '<xs:complexType name="c"><xs:group ref="g"/></xs:complexType>',
            "the group stands in itself",
        ),
        (
            '<xs:attributeGroup name="g"><xs:attributeGroup ref="g"/></xs:attributeGroup>'
            '<xs:complexType name="c"><xs:attributeGroup ref="g"/></xs:complexType>',
            "the attribute group stands in itself",
        ),
        (
            '<xs:element name="a" substitutionGroup="b"/><xs:element name="b" substitutionGroup="a"/>',
            "substitutionGroup: the element is a head of itself",
        ),
        ('<xs:element name="e" type="missing"/>', "type: there is no complexType {urn:t}missing"),
        (
            '<xs:element name="e" type="o:t" xmlns:o="urn:other"/>',
            "{urn:other}t, and no document of its namespace",
        ),
        ('<xs:include schemaLocation="absent.xsd"/>', "schemaLocation: absent.xsd is not at hand"),
        ("<xs:include/>", "include without schemaLocation"),
        ('<xs:import namespace="urn:o" schemaLocation="main.xsd"/>', "namespace: main.xsd is of 'urn:t'"),
        ('<xs:override schemaLocation="main.xsd"/>', "override of XML Schema 1.1"),
        (
            '<xs:simpleType name="s"><xs:restriction base="xs:int"><xs:maxInclusive value="1_0"/>'
            "</xs:restriction></xs:simpleType>",
            "maxInclusive: '1_0' is no whole number",
        ),
        (
            f'<xs:simpleType name="s"><xs:restriction base="xs:integer"><xs:minInclusive value="{NINES}"/>'
            "</xs:restriction></xs:simpleType>",
            "minInclusive: more than 38 digits",
        ),
        (
            '<xs:simpleType name="s"><xs:restriction base="xs:string"><xs:pattern value="[a"/>'
            "</xs:restriction></xs:simpleType>",
            "pattern '[a'",
        ),
        (
            '<xs:simpleType name="s"><xs:restriction base="xs:string"><xs:whiteSpace value="keep"/>'
            "</xs:restriction></xs:simpleType>",
            "whiteSpace: 'keep' is none of preserve",
        ),
        (
            '<xs:complexType name="c"><xs:anyAttribute namespace="##any urn:a"/></xs:complexType>',
            "namespace: ##any cannot stand in a list",
        ),
    ],
)
def test_a_wrong_schema_is_refused_with_place_and_attribute(tmp_path: Path, body: str, reason: str) -> None:
    with pytest.raises(SchemaError) as caught:
        read(tmp_path, body)
    assert reason in str(caught.value)
    assert "main.xsd:1: " in str(caught.value)


def test_derivations_without_end_are_refused(tmp_path: Path) -> None:
    chain = "".join(
        f'<xs:simpleType name="t{number}"><xs:restriction base="t{number + 1}"/></xs:simpleType>'
        for number in range(2000)
    )
    with pytest.raises(SchemaError, match=r"main\.xsd: groups or derivations are nested too deeply"):
        read(tmp_path, chain + '<xs:simpleType name="t2000"><xs:restriction base="xs:int"/></xs:simpleType>')
