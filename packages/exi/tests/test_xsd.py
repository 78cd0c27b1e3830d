"""Schema documents: the same tables as declared classes, and nothing is fetched."""

from pathlib import Path
from types import ModuleType

import pytest

from evproto.exi._native import Grammar
from evproto.exi.schema import Content, Group, Primitive, QName, WildcardKind
from evproto.exi.xsd import SchemaError, schema_from_xsd

HEAD = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" {attributes}>'


def document(path: Path, body: str, attributes: str = 'xmlns="urn:t" targetNamespace="urn:t"') -> Path:
    path.write_text(f"{HEAD.format(attributes=attributes)}{body}</xs:schema>")
    return path


def test_declared_classes_give_the_tables_of_their_xsd(toys: ModuleType, toy_xsd: Path) -> None:
    assert toys.CODEC.grammar.tables() == Grammar(schema_from_xsd(toy_xsd)).tables()


def test_tables_of_another_schema_differ(toys: ModuleType, toy_xsd: Path) -> None:
    toy_xsd.write_text(toy_xsd.read_text().replace('maxOccurs="3"', 'maxOccurs="4"'))
    grammar = Grammar(schema_from_xsd(toy_xsd))
    assert toys.CODEC.grammar.tables() != grammar.tables()
    assert toys.CODEC.grammar.fingerprint() != grammar.fingerprint()


def test_an_include_without_namespace_takes_that_of_its_includer(tmp_path: Path) -> None:
    document(
        tmp_path / "chameleon.xsd",
        '<xs:simpleType name="small"><xs:restriction base="xs:byte"/></xs:simpleType>'
        '<xs:element name="inner" type="small"/>',
        attributes="",
    )
    main = document(
        tmp_path / "main.xsd",
        '<xs:include schemaLocation="chameleon.xsd"/><xs:element name="outer" type="small"/>',
    )
    schema = schema_from_xsd(main)
    assert {element.name for element in schema.elements} == {QName("urn:t", "inner"), QName("urn:t", "outer")}


def test_a_redefinition_restricts_the_type_that_it_names(tmp_path: Path) -> None:
    document(
        tmp_path / "old.xsd",
        '<xs:simpleType name="n"><xs:restriction base="xs:unsignedShort"/></xs:simpleType>',
    )
    main = document(
        tmp_path / "new.xsd",
        '<xs:redefine schemaLocation="old.xsd"><xs:simpleType name="n"><xs:restriction base="n">'
        '<xs:maxExclusive value="8"/></xs:restriction></xs:simpleType></xs:redefine>'
        '<xs:element name="e" type="n"/>',
    )
    schema = schema_from_xsd(main)
    used = schema.simple_types[schema.elements[0].type.index]
    assert (used.minimum, used.maximum) == (0, 7)


def test_groups_attribute_groups_and_wildcards_are_expanded(tmp_path: Path) -> None:
    main = document(
        tmp_path / "main.xsd",
        '<xs:group name="g"><xs:choice><xs:element name="a" type="xs:date"/>'
        '<xs:any namespace="##targetNamespace urn:else"/></xs:choice></xs:group>'
        '<xs:attributeGroup name="ag"><xs:attribute name="z"/>'
        '<xs:attribute name="b" type="xs:int" use="required"/>'
        '<xs:anyAttribute namespace="##other"/></xs:attributeGroup>'
        '<xs:element name="e"><xs:complexType><xs:all><xs:element name="x"/></xs:all>'
        "</xs:complexType></xs:element>"
        '<xs:complexType name="t"><xs:group ref="g" maxOccurs="unbounded"/><xs:attributeGroup ref="ag"/>'
        "</xs:complexType>",
    )
    schema = schema_from_xsd(main)
    made = next(one for one in schema.complex_types if one.name == QName("urn:t", "t"))
    assert made.content is Content.ELEMENTS
    assert made.particle is not None
    assert (made.particle.group, made.particle.maximum) == (Group.CHOICE, None)
    assert made.particle.children[1].wildcard is not None
    assert made.particle.children[1].wildcard.uris == ("urn:t", "urn:else")
    assert [(use.name.local, use.required) for use in made.attributes] == [("b", True), ("z", False)]
    assert made.attribute_wildcard is not None
    assert made.attribute_wildcard.kind is WildcardKind.OTHER
    assert schema.namespaces == ("urn:else", "urn:t")


def test_extensions_and_restrictions_are_flattened(tmp_path: Path) -> None:
    main = document(
        tmp_path / "main.xsd",
        '<xs:complexType name="base"><xs:sequence><xs:element name="a" type="xs:int"/></xs:sequence>'
        '<xs:attribute name="x"/><xs:attribute name="y"/></xs:complexType>'
        '<xs:complexType name="more"><xs:complexContent><xs:extension base="base"><xs:sequence>'
        '<xs:element name="b" type="xs:int"/></xs:sequence></xs:extension></xs:complexContent>'
        "</xs:complexType>"
        '<xs:complexType name="less"><xs:complexContent><xs:restriction base="base"><xs:sequence>'
        '<xs:element name="a" type="xs:int"/></xs:sequence><xs:attribute name="x" use="prohibited"/>'
        "</xs:restriction></xs:complexContent></xs:complexType>"
        '<xs:complexType name="short"><xs:simpleContent><xs:extension base="xs:string"/></xs:simpleContent>'
        '</xs:complexType><xs:complexType name="shorter"><xs:simpleContent><xs:restriction base="short">'
        '<xs:maxLength value="3"/></xs:restriction></xs:simpleContent></xs:complexType>',
    )
    schema = schema_from_xsd(main)
    types = {one.name.local: one for one in schema.complex_types if one.name is not None}
    assert types["more"].particle is not None
    assert len(types["more"].particle.children) == 2
    assert [use.name.local for use in types["less"].attributes] == ["y"]
    assert types["shorter"].simple is not None
    assert schema.simple_types[types["shorter"].simple].max_length == 3


def test_lists_unions_and_untyped_elements_are_read(tmp_path: Path) -> None:
    main = document(
        tmp_path / "main.xsd",
        '<xs:simpleType name="l"><xs:list itemType="xs:int"/></xs:simpleType>'
        '<xs:simpleType name="u"><xs:union memberTypes="xs:int xs:date"/></xs:simpleType>'
        '<xs:simpleType name="le"><xs:restriction base="l"><xs:enumeration value="1 2"/></xs:restriction>'
        '</xs:simpleType><xs:element name="free"/>',
    )
    schema = schema_from_xsd(main)
    types = {one.name.local: one for one in schema.simple_types if one.name is not None}
    assert types["l"].primitive is Primitive.LIST
    assert types["u"].primitive is Primitive.UNION
    assert types["le"].enumeration == ()
    assert schema.complex_types[schema.elements[0].type.index].content is Content.MIXED


def test_a_remote_schema_is_looked_for_beside_the_document_and_never_fetched(tmp_path: Path) -> None:
    body = '<xs:import namespace="urn:r" schemaLocation="http://nowhere.invalid/far/remote.xsd"/>'
    main = document(tmp_path / "main.xsd", body)
    with pytest.raises(SchemaError, match="never fetched"):
        schema_from_xsd(main)
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    document(shelf / "remote.xsd", '<xs:element name="r"/>', 'targetNamespace="urn:r"')
    assert schema_from_xsd(main, search=[shelf]).namespaces == ("urn:r", "urn:t")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('<xs:element name="e" type="missing"/>', "there is no complexType"),
        ('<xs:element name="e" type="q:missing"/>', "prefix 'q' is not bound"),
        ('<xs:element name="e"/><xs:element name="e"/>', "stands twice"),
        ('<xs:simpleType name="s"><xs:restriction base="s"/></xs:simpleType>', "derived from itself"),
        (
            '<xs:complexType name="c"><xs:complexContent><xs:extension base="c"/>'
            "</xs:complexContent></xs:complexType>",
            "derived from itself",
        ),
        ('<xs:complexType name="c"><xs:sequence maxOccurs="x"/></xs:complexType>', "is no number"),
        ('<xs:complexType name="c"><xs:sequence minOccurs="2"/></xs:complexType>', "occurs 2 to 1"),
        ('<xs:simpleType name="s"/>', "holds a restriction"),
    ],
)
def test_a_wrong_schema_is_refused_with_file_and_line(tmp_path: Path, body: str, reason: str) -> None:
    with pytest.raises(SchemaError, match=reason) as caught:
        schema_from_xsd(document(tmp_path / "wrong.xsd", body))
    assert "wrong.xsd:1" in str(caught.value)


def test_what_is_no_schema_is_refused(tmp_path: Path) -> None:
    for text in ("", "<a/>", "no xml"):
        (tmp_path / "wrong.xsd").write_text(text)
        with pytest.raises(SchemaError, match=r"wrong\.xsd"):
            schema_from_xsd(tmp_path / "wrong.xsd")
    with pytest.raises(SchemaError, match=r"absent\.xsd"):
        schema_from_xsd(tmp_path / "absent.xsd")
