"""The face for any XML: sources, trees, streams, saved schemas, and what is said when something is wrong."""

from __future__ import annotations

import io
from pathlib import Path
from types import ModuleType

import pytest
from lxml import etree

from evproto import exi
from evproto.core import ConfigError, DecodeError, EncodeError
from evproto.exi import Options, Preserve, QName, Schema

INNER = '<b p:c="1 &lt; 2">é</b>'
TEXT = f'<a xmlns="urn:a" xmlns:p="urn:p">{INNER}<!-- note --><?pi do?>{INNER}</a>'
EVERYTHING = Options(preserve=Preserve.ALL)
MESSAGE = '<t:Circle xmlns:t="urn:toy"><t:Colour>blue</t:Colour><t:Radius>7</t:Radius></t:Circle>'


@pytest.fixture
def toy(toy_xsd: Path) -> Schema:
    return Schema.from_xsd(toy_xsd)


def test_every_source_of_xml_gives_the_same_stream(tmp_path: Path) -> None:
    schema = Schema.schemaless()
    expected = schema.encode(TEXT, EVERYTHING)
    path = tmp_path / "a.xml"
    path.write_text(TEXT, "utf-8")
    latin = f'<?xml version="1.0" encoding="ISO-8859-1"?>{TEXT}'.encode("latin-1")
    tree = etree.fromstring(TEXT)
    sources = [
        TEXT.encode(),
        bytearray(TEXT.encode()),
        memoryview(TEXT.encode()),
        "\ufeff" + TEXT,
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-be"),
        latin,
        path,
        io.BytesIO(TEXT.encode()),
        tree,
        tree.getroottree(),
    ]
    for source in sources:
        assert schema.encode(source, EVERYTHING) == expected, source
    with path.open("rb") as file:
        assert schema.encode(file, EVERYTHING) == expected


def test_every_source_of_a_stream_gives_the_same_text(tmp_path: Path) -> None:
    schema = Schema.schemaless()
    data = schema.encode(TEXT, EVERYTHING)
    path = tmp_path / "a.exi"
    path.write_bytes(data)
    for source in (data, bytearray(data), memoryview(data), path, io.BytesIO(data)):
        assert schema.decode_text(source, EVERYTHING) == TEXT


def test_large_files_are_mapped_and_streamed(tmp_path: Path) -> None:
    schema = Schema.schemaless()
    text = "<a>" + "".join(f"<b c='{number}'>{number * 7919}</b>" for number in range(60_000)) + "</a>"
    xml, packed, back = tmp_path / "a.xml", tmp_path / "a.exi", tmp_path / "b.xml"
    xml.write_text(text)
    steps: list[int] = []
    with packed.open("wb") as file:
        written = schema.encode_to(xml, file, progress=steps.append)
    assert packed.read_bytes() == schema.encode(text)
    assert written == packed.stat().st_size
    assert len(steps) > 100
    assert steps == sorted(steps)
    with back.open("wb") as file:
        written = schema.decode_to(packed, file)
    assert written == back.stat().st_size
    assert back.read_text() == schema.decode_text(packed)
    assert sum(1 for _ in schema.read_events(packed)) == 60_000 * 4 + 4


def test_a_tree_has_what_was_preserved() -> None:
    schema = Schema.schemaless()
    root = schema.decode(schema.encode(TEXT, EVERYTHING), EVERYTHING).getroot()
    assert root.nsmap == {None: "urn:a", "p": "urn:p"}
    assert etree.tostring(root, encoding="unicode") == TEXT
    bare = schema.decode(schema.encode(TEXT)).getroot()
    assert [child.tag for child in bare] == ["{urn:a}b", "{urn:a}b"]


def test_a_doctype_and_its_entities_are_kept_and_not_expanded() -> None:
    text = '<!DOCTYPE a PUBLIC "p" "http://nowhere.invalid/s" [<!ENTITY e "x">]><a>1&e;2</a>'
    schema = Schema.schemaless()
    tree = schema.decode(schema.encode(text, EVERYTHING), EVERYTHING)
    assert tree.docinfo.public_id == "p"
    assert tree.getroot()[0].text == "&e;"
    assert schema.decode_text(schema.encode(text)) == "<a>1x2</a>"


def test_a_schema_makes_streams_typed_and_short(toy: Schema) -> None:
    data = toy.encode(MESSAGE)
    assert len(data) < 8 < len(Schema.schemaless().encode(MESSAGE))
    assert toy.decode_text(data) == MESSAGE.replace("t:", "ns0:").replace(":t=", ":ns0=")
    assert len(toy.encode(MESSAGE, Options(strict=True))) <= len(data)


def test_declared_classes_and_their_xsd_give_the_same_streams(toy: Schema, toys: ModuleType) -> None:
    declared = Schema.from_messages(toys.TOY)
    assert declared.encode(MESSAGE) == toy.encode(MESSAGE)
    assert toys.CODEC.decode(declared.encode(MESSAGE)) == toys.Circle(colour=toys.Colour.BLUE, radius=7)


def test_events_come_one_at_a_time_and_go_back(toy: Schema) -> None:
    data = toy.encode(MESSAGE)
    reader = toy.read_events(data)
    assert next(reader) == exi.StartDocument()
    match next(reader):
        case exi.StartElement(QName("urn:toy", "Circle")):
            pass
        case other:
            pytest.fail(repr(other))
    events = [
        exi.StartDocument(),
        exi.StartElement(QName("urn:toy", "Circle")),
        exi.StartElement(QName("urn:toy", "Colour")),
        exi.Characters("blue"),
        exi.EndElement(),
        exi.StartElement(QName("urn:toy", "Radius")),
        exi.Characters("7"),
        exi.EndElement(),
        exi.EndElement(),
        exi.EndDocument(),
    ]
    assert list(toy.read_events(data)) == events
    file = io.BytesIO()
    assert toy.write_events(iter(events), file) == len(data)
    assert file.getvalue() == data
    assert list(exi.events(Schema.schemaless().encode("<a/>")))[1] == exi.StartElement(QName("", "a"))


def test_what_is_no_event_is_a_type_error(toy: Schema) -> None:
    for wrong in ("x", exi.StartElement("a"), exi.Characters(1)):  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="expected"):
            toy.write_events([exi.StartDocument(), wrong], io.BytesIO())  # type: ignore[list-item]


def test_an_exception_of_the_file_comes_through(toy: Schema) -> None:
    class Full(io.BytesIO):
        def write(self, data: object) -> int:
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        toy.encode_to(MESSAGE, Full())
    with pytest.raises(OSError, match="disk full"):
        toy.decode_to(toy.encode(MESSAGE), Full())


def test_encode_errors_name_the_element(toy: Schema) -> None:
    with pytest.raises(EncodeError, match="Circle") as caught:
        toy.encode(MESSAGE.replace("Colour>", "Color>"), Options(strict=True))
    assert caught.value.path.startswith("Circle")
    with pytest.raises(EncodeError, match="Radius"):
        toy.encode(MESSAGE.replace("7", "seven"), Options(strict=True))


def test_decode_errors_name_bit_and_path(toy: Schema) -> None:
    data = toy.encode(MESSAGE)
    with pytest.raises(DecodeError) as caught:
        toy.decode_text(data[:2])
    assert (caught.value.unit, caught.value.path.split("/")[0]) == ("bit", "Circle")
    assert caught.value.offset is not None
    with pytest.raises(DecodeError, match="after the end"):
        toy.decode_text(data + b"\x01")
    assert toy.decode_text(data + b"\0\0") == toy.decode_text(data)


def test_bad_xml_is_a_decode_error_at_a_byte() -> None:
    schema = Schema.schemaless()
    with pytest.raises(DecodeError, match="no well-formed XML") as caught:
        schema.encode("<a><b></a>")
    assert (caught.value.unit, caught.value.offset) == ("byte", 6)
    for wrong in (b"<a>\xff</a>", b'<?xml version="1.0" encoding="nonsense"?><a/>', "a.xml", b"\xff\xfe<"):
        with pytest.raises(DecodeError, match=r"no XML|no well-formed XML"):
            schema.encode(wrong)
    with pytest.raises(TypeError, match="int"):
        schema.encode(7)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="str"):
        schema.decode("80")  # type: ignore[arg-type]


def test_entity_bombs_and_external_entities_are_refused() -> None:
    schema = Schema.schemaless()
    bomb = "<!DOCTYPE a [<!ENTITY x0 'boom'>"
    bomb += "".join(f"<!ENTITY x{level} '{f'&x{level - 1};' * 10}'>" for level in range(1, 12))
    for text in (bomb + "]><a>&x11;</a>", "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>"):
        with pytest.raises(DecodeError, match=r"too much|never fetched"):
            schema.encode(text)


def test_streams_that_no_xml_can_hold_are_decode_errors() -> None:
    schema = Schema.schemaless()
    file = io.BytesIO()
    name = QName("", "a b")
    for event in (exi.StartElement(name), exi.StartElement(QName("", "a"))):
        file = io.BytesIO()
        events = [exi.StartDocument(), event, exi.Characters("\0"), exi.EndElement(), exi.EndDocument()]
        schema.write_events(events, file)
        with pytest.raises(DecodeError, match="no place in XML"):
            schema.decode_text(file.getvalue())


def test_a_saved_schema_is_the_same_schema(toy: Schema, tmp_path: Path) -> None:
    path = tmp_path / "toy.exig"
    toy.save(path)
    loaded = Schema.load(path)
    for options in (Options(), Options(strict=True), Options(compression=True)):
        assert loaded.encode(MESSAGE, options) == toy.encode(MESSAGE, options)
    loaded.save(tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == path.read_bytes()
    with pytest.raises(ConfigError, match="no schema to save"):
        Schema.schemaless().save(path)


@pytest.mark.parametrize("content", [b"", b"EXIG", b"\x7fELF", b"EXIG\x01" + bytes(50)])
def test_a_file_that_is_no_saved_schema_is_refused_by_name(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    with pytest.raises(DecodeError, match=r"other: .*(no saved grammar|cut short|version 1)"):
        Schema.load(path)


def test_the_header_tells_what_it_is_asked_to(toy: Schema) -> None:
    options = Options(
        include_cookie=True, include_options=True, include_schema_id=True, schema_id="urn:toy:1", strict=True
    )
    data = toy.encode(MESSAGE, options)
    assert data.startswith(b"$EXI")
    assert toy.decode_text(data) == toy.decode_text(toy.encode(MESSAGE))
    assert any(part.text == "urn:toy:1" for part in toy.explain(data).parts)
    with pytest.raises(ConfigError, match="schema_id"):
        toy.encode(MESSAGE, Options(include_options=True, include_schema_id=True))


def test_canonical_streams_are_one_for_all_ways_of_writing() -> None:
    schema = Schema.schemaless()
    assert schema.canonical('<a b="1" a="2"></a>') == schema.canonical("<a a='2' b='1'/>")


def test_nesting_is_bounded_both_ways() -> None:
    schema = Schema.schemaless()
    deep = "<a>" * 50 + "</a>" * 50
    with pytest.raises(EncodeError, match=r"nest|deep"):
        schema.encode(deep, Options(depth=49))
    data = schema.encode(deep, Options(depth=50))
    with pytest.raises(DecodeError, match=r"nest|deep"):
        schema.decode_text(data, Options(depth=49))
