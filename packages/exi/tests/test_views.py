"""XML and JSON for people: what they look like, and what is refused."""

from types import ModuleType

import pytest

from evproto.core import DecodeError, EncodeError
from evproto.exi import AnyElement, from_json, from_xml, to_json, to_xml

XML = """<n1:Drawing xmlns:n1="urn:toy">
  <n1:Title>a&amp;b</n1:Title>
  <n1:Circle>
    <n1:Colour>red</n1:Colour>
    <n1:Radius>7</n1:Radius>
  </n1:Circle>
  <n1:Key n1:Id="i">AAE=</n1:Key>
  <n1:Note>x<n1:Bold>y</n1:Bold></n1:Note>
  <n1:Open>true</n1:Open>
</n1:Drawing>"""

JSON = """{
  "Drawing": {
    "Title": "a&b",
    "Shape": [
      {
        "Circle": {
          "Colour": "red",
          "Radius": 7
        }
      }
    ],
    "Key": {
      "@Id": "i",
      "#text": "AAE="
    },
    "Note": {
      "#content": [
        "x",
        {
          "Bold": "y"
        }
      ]
    },
    "Open": true
  }
}"""


@pytest.fixture
def plain(toys: ModuleType) -> object:
    return toys.Drawing(
        title="a&b",
        shape=(toys.Circle(colour=toys.Colour.RED, radius=7),),
        key=toys.Key(id="i", value=b"\0\1"),
        note=toys.Note(content=("x", toys.Bold(value="y"))),
        open=True,
    )


def test_xml_looks_like_this(toys: ModuleType, plain: object) -> None:
    assert to_xml(plain, toys.CODEC) == XML
    assert from_xml(XML, toys.CODEC) == plain


def test_hints_at_the_schema_are_passed_over(toys: ModuleType, plain: object) -> None:
    xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:toy toy.xsd"'
    assert from_xml(XML.replace(" xmlns:n1", f" {xsi} xmlns:n1"), toys.CODEC) == plain


def test_json_looks_like_this(toys: ModuleType, plain: object) -> None:
    assert to_json(plain, toys.CODEC) == JSON
    assert from_json(JSON, toys.CODEC) == plain


def test_members_of_json_may_come_in_any_order(toys: ModuleType, plain: object) -> None:
    moved = JSON.replace('"Title": "a&b",', "").replace('"Open": true', '"Open": true, "Title": "a&b"')
    assert from_json(moved, toys.CODEC) == plain


def test_what_xml_forbids_is_shown_escaped(toys: ModuleType) -> None:
    nul = toys.Drawing(title="\0\0\x1f", open=True)
    assert "<n1:Title>\\u0000\\u0000\\u001f</n1:Title>" in to_xml(nul, toys.CODEC)
    assert from_json(to_json(nul, toys.CODEC), toys.CODEC) == nul


@pytest.mark.parametrize(
    ("old", "new", "reason", "path"),
    [
        ("Radius>", "Size>", "expected Radius, got {urn:toy}Size", "Drawing/Circle"),
        (">7<", ">65536<", "65536 is outside 0 to 65535", "Drawing/Circle/Radius"),
        (">7<", ">seven<", "'seven' is no unsignedShort", "Drawing/Circle/Radius"),
        (">red<", ">pink<", "'pink' is none of red, green, blue", "Drawing/Circle/Colour"),
        (">AAE=<", ">AAE<", "'AAE' is no base64Binary", "Drawing/Key"),
        (">AAE=<", "><n1:x/><", "unexpected element {urn:toy}x", "Drawing/Key"),
        ("n1:Id=", "n1:Nr=", "unexpected attribute {urn:toy}Nr", "Drawing/Key"),
        ("  <n1:Open>true</n1:Open>\n", "", "expected Open, got the end", "Drawing"),
        ("<n1:Circle>", "<n1:Circle>text", "unexpected text 'text'", "Drawing/Circle"),
        ("  <n1:Title>a&amp;b</n1:Title>\n", "", "expected Title, got {urn:toy}Circle", "Drawing"),
    ],
)
def test_xml_that_does_not_fit_is_refused_with_its_path(
    toys: ModuleType, old: str, new: str, reason: str, path: str
) -> None:
    assert old in XML
    with pytest.raises(DecodeError) as caught:
        from_xml(XML.replace(old, new), toys.CODEC)
    assert (caught.value.reason, caught.value.path) == (reason, path)


@pytest.mark.parametrize(
    ("old", "new", "reason", "path"),
    [
        ('"Radius"', '"Size"', "unexpected member 'Size'", "Drawing/Shape/Circle"),
        ("7", "-1", "-1 is outside 0 to 65535", "Drawing/Circle/Radius"),
        ("7", "null", "expected a value, got None", "Drawing/Shape/Circle/Radius"),
        ('"Open": true', '"Open": {}', "'' is no boolean", "Drawing/Open"),
        ('"Title": "a&b",', "", "expected Title, got {urn:toy}Circle", "Drawing"),
        ('"Title": "a&b",', '"Title": ["ab", "cd"],', "expected Open, got {urn:toy}Title", "Drawing"),
    ],
)
def test_json_that_does_not_fit_is_refused_with_its_path(
    toys: ModuleType, old: str, new: str, reason: str, path: str
) -> None:
    assert old in JSON
    with pytest.raises(DecodeError) as caught:
        from_json(JSON.replace(old, new), toys.CODEC)
    assert caught.value.path == path
    assert reason.split(",")[0].split(" ")[0] in caught.value.reason


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<a",
        "<a/>",
        b"\xff\xfe",
        '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>',
        "<n1:Drawing xmlns:n1='urn:toy'>" + "<a>" * 500 + "</a>" * 500 + "</n1:Drawing>",
        "\ud800",
    ],
)
def test_what_is_no_xml_of_the_schema_is_a_decode_error(toys: ModuleType, text: str | bytes) -> None:
    with pytest.raises(DecodeError):
        from_xml(text, toys.CODEC)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"a": 1, "a": 2}', "[" * 100_000, '{"Drawing": 5}', '{"Drawing": {"Note": "x"}}'],
)
def test_what_is_no_json_of_the_schema_is_a_decode_error(toys: ModuleType, text: str) -> None:
    with pytest.raises(DecodeError):
        from_json(text, toys.CODEC)


def test_a_value_outside_its_facets_is_not_shown(toys: ModuleType) -> None:
    with pytest.raises(EncodeError) as caught:
        to_xml(toys.Drawing(title="x", open=True), toys.CODEC)
    assert caught.value.path == "Drawing/Title"


def test_an_object_without_an_element_is_not_shown(toys: ModuleType) -> None:
    with pytest.raises(EncodeError, match="Bold has no element"):
        to_xml(toys.Bold(value="x"), toys.CODEC)


def test_an_item_that_does_not_belong_is_named(toys: ModuleType) -> None:
    wrong = toys.Drawing(title="ab", shape=(toys.Key(value=b""),), open=True)
    with pytest.raises(EncodeError, match="Key does not belong here"):
        to_xml(wrong, toys.CODEC)


def test_an_unknown_element_is_named_with_its_namespace_in_json(toys: ModuleType) -> None:
    foreign = AnyElement(namespace="urn:else", name="thing", content=("c",))
    drawing = toys.Drawing(title="ab", note=toys.Note(content=(foreign,)), open=True)
    assert '"{urn:else}thing": ' in to_json(drawing, toys.CODEC)
