"""A small schema that has each kind of thing once, as declared classes and as XSD: fixture `toys`."""

import enum
import sys
from pathlib import Path
from types import ModuleType
from typing import Annotated

import pytest

from evproto.exi import (
    OTHER,
    AnyElement,
    Codec,
    Message,
    Namespace,
    attribute,
    children,
    choice,
    element,
    local,
    ref,
    text,
)
from evproto.exi.types import (
    ANONYMOUS,
    ID,
    Base64Binary,
    Byte,
    HexBinary,
    Int,
    Interval,
    Length,
    Pattern,
    UnsignedShort,
)

TOY = Namespace("urn:toy", qualified_attributes=True)

Percent = Annotated[Byte, TOY.simple("percentType"), Interval(ge=0, le=100)]
Name = Annotated[str, TOY.simple("nameType"), Length(2, 9)]
Code = Annotated[str, TOY.simple("codeType"), Pattern("[A-F]{2}|x")]
Hex = Annotated[HexBinary, ANONYMOUS, Length(2, 2)]


@TOY.enumeration("colourType")
class Colour(enum.Enum):
    RED = "red"
    GREEN = "green"
    BLUE = "blue"


class Toy(Message, namespace=TOY, base=True):
    pass


class Shape(Toy, element="Shape", abstract=True):
    colour: Colour = element("Colour")


class Circle(Shape, element="Circle"):
    radius: UnsignedShort = element("Radius")


class Square(Shape, element="Square"):
    side: tuple[Int, ...] = element("Side", occurs=(1, 3))


class Amount(Toy, content=choice("whole", "share")):
    name: Name = attribute("Name")
    whole: int | None = element("whole", default=None)
    share: Percent | None = element("share", default=None)


class Key(Toy):
    id: ID | None = attribute("Id", default=None)
    value: Base64Binary = text()


class Bold(Toy, simple="Bold", local=True):
    value: str = text()


class Note(Toy, mixed=True):
    content: tuple[str | Bold | Amount | AnyElement, ...] = children(
        choice(Bold, local("Amount", Amount), OTHER, occurs=(0, None)), default=()
    )


class Drawing(Toy, element="Drawing", type=None):
    title: Name = element("Title")
    code: Code | None = element("Code", default=None)
    shape: tuple[Shape, ...] = ref(default=(), occurs=(0, 4))
    amount: tuple[Amount, ...] = element("Amount", default=(), occurs=(0, 2))
    key: Key | None = element("Key", default=None)
    note: Note | None = element("Note", default=None)
    open: bool = element("Open")
    hex: Hex | None = element("Hex", default=None)


CODEC = Codec("toys", TOY, roots=(Drawing,))

DRAWING = Drawing(
    title="Zoë",
    code="AB",
    shape=(Circle(colour=Colour.BLUE, radius=7), Square(colour=Colour.RED, side=(-1, 0, 2**31 - 1))),
    amount=(Amount(name="all", whole=-(2**70)), Amount(name="part", share=100)),
    key=Key(id="k1", value=b"\0\xff"),
    note=Note(
        content=(
            "a ",
            Bold(value="b"),
            Amount(name="no", share=0),
            AnyElement(namespace="urn:else", name="thing", content=("c",)),
            "d",
        )
    ),
    open=True,
    hex=b"\x12\x34",
)

XSD = """<?xml version="1.0"?>
<!DOCTYPE xs:schema SYSTEM "http://nowhere.invalid/XMLSchema.dtd" [<!ENTITY e SYSTEM "file:///etc/passwd">]>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:toy" targetNamespace="urn:toy"
           elementFormDefault="qualified" attributeFormDefault="qualified">
  <xs:simpleType name="percentType">
    <xs:restriction base="xs:byte"><xs:minInclusive value="0"/><xs:maxInclusive value="100"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="nameType">
    <xs:restriction base="xs:string"><xs:minLength value="2"/><xs:maxLength value="9"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="codeType">
    <xs:restriction base="xs:string"><xs:pattern value="[A-F]{2}|x"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="colourType">
    <xs:restriction base="xs:string"><xs:enumeration value="red"/><xs:enumeration value="green"/>
      <xs:enumeration value="blue"/></xs:restriction>
  </xs:simpleType>
  <xs:complexType name="ShapeType" abstract="true">
    <xs:sequence><xs:element name="Colour" type="colourType"/></xs:sequence>
  </xs:complexType>
  <xs:element name="Shape" type="ShapeType" abstract="true"/>
  <xs:element name="Circle" type="CircleType" substitutionGroup="Shape"/>
  <xs:complexType name="CircleType"><xs:complexContent><xs:extension base="ShapeType"><xs:sequence>
    <xs:element name="Radius" type="xs:unsignedShort"/></xs:sequence></xs:extension></xs:complexContent>
  </xs:complexType>
  <xs:element name="Square" type="SquareType" substitutionGroup="Shape"/>
  <xs:complexType name="SquareType"><xs:complexContent><xs:extension base="ShapeType"><xs:sequence>
    <xs:element name="Side" type="xs:int" maxOccurs="3"/></xs:sequence></xs:extension></xs:complexContent>
  </xs:complexType>
  <xs:complexType name="AmountType"><xs:choice>
    <xs:element name="whole" type="xs:integer"/><xs:element name="share" type="percentType"/></xs:choice>
    <xs:attribute name="Name" type="nameType" use="required"/></xs:complexType>
  <xs:complexType name="KeyType"><xs:simpleContent><xs:extension base="xs:base64Binary">
    <xs:attribute name="Id" type="xs:ID"/></xs:extension></xs:simpleContent></xs:complexType>
  <xs:complexType name="NoteType" mixed="true"><xs:choice minOccurs="0" maxOccurs="unbounded">
    <xs:element name="Bold" type="xs:string"/><xs:element name="Amount" type="AmountType"/>
    <xs:any namespace="##other" processContents="lax"/></xs:choice></xs:complexType>
  <xs:element name="Drawing"><xs:complexType><xs:sequence>
    <xs:element name="Title" type="nameType"/>
    <xs:element name="Code" type="codeType" minOccurs="0"/>
    <xs:element ref="Shape" minOccurs="0" maxOccurs="4"/>
    <xs:element name="Amount" type="AmountType" minOccurs="0" maxOccurs="2"/>
    <xs:element name="Key" type="KeyType" minOccurs="0"/>
    <xs:element name="Note" type="NoteType" minOccurs="0"/>
    <xs:element name="Open" type="xs:boolean"/>
    <xs:element name="Hex" minOccurs="0"><xs:simpleType><xs:restriction base="xs:hexBinary">
      <xs:length value="2"/></xs:restriction></xs:simpleType></xs:element>
  </xs:sequence></xs:complexType></xs:element>
</xs:schema>
"""


@pytest.fixture(scope="session")
def toys() -> ModuleType:
    return sys.modules[__name__]


@pytest.fixture
def toy_xsd(tmp_path: Path) -> Path:
    path = tmp_path / "toy.xsd"
    path.write_text(XSD)
    return path
