"""Texts read after others: tags that came before go a shorter way, with the same streams and errors."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from evproto.core import DecodeError, EncodeError
from evproto.exi import Alignment, Options, Preserve, Schema

XS = "http://www.w3.org/2001/XMLSchema"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
DOCUMENT = (
    '<o:order xmlns:o="urn:o"><o:id>7</o:id><o:kind>fast</o:kind>'
    "<o:item><o:name>nut</o:name><o:count>300</o:count></o:item>"
    "<o:item><o:name>bolt</o:name><o:count>-2</o:count><o:note>two <o:b>bold</o:b> words</o:note></o:item>"
    "<o:empty/><o:item><o:name>nut</o:name><o:count>1</o:count></o:item></o:order>"
)
OPTIONS = (
    Options(),
    Options(strict=True),
    Options(alignment=Alignment.BYTE_ALIGNED),
    Options(compression=True),
    Options(preserve=Preserve.COMMENTS | Preserve.PIS | Preserve.DTD),
    Options(preserve=Preserve.PREFIXES | Preserve.LEXICAL_VALUES),
    Options(value_partition_capacity=1),
    Options(canonical=True),
    Options(depth=3),
)
CHANGES = (
    ("<o:id>", "<o:id >"),
    ("</o:id>", "</o:id\n>"),
    ("<o:id>7", "<o:id> 7\t"),
    ("<o:id>7", "<o:id>&#55;"),
    ("<o:id>7", "<o:id>seven"),
    ("<o:id>7", "<o:id>"),
    ("<o:id>7</o:id>", '<o:id xmlns:p="urn:p">7</o:id>'),
    ("<o:id>7</o:id>", '<o:id xmlns:o="urn:p">7</o:id>'),
    ("<o:id>7</o:id>", "<!-- c --><o:id><?pi x?>7</o:id>"),
    ("<o:id>7</o:id>", "<o:id><![CDATA[7]]></o:id>"),
    ("<o:kind>fast", "<o:kind>fast ]]>"),
    ("<o:kind>fast", "<o:kind>\r\nfast"),
    ("<o:kind>fast", "<o:kind>f\x00st"),
    ("<o:name>nut", "<o:name>n<o:b/>ut"),
    ("</o:name>", "</o:nam>"),
    ("</o:item>", "</o:order>"),
    ("</o:item>", "\n  </o:item>\n"),
    ("<o:item>", '<o:item xml:space="preserve">'),
    ("<o:item>", f'<o:item xmlns:xsi="{XSI}" xsi:type="o:item">'),
    ("<o:item>", "<o:item><!-- in -->"),
    ("<o:item>", "text<o:item>"),
    ("<o:item>", "<o:item> "),
    ("<o:empty/>", "<o:empty></o:empty>"),
    ("<o:empty/>", "<o:empty> </o:empty>"),
    ("<o:empty/>", "<o:other/>"),
    ("><", "> <"),
    ("><", ">\n\t<"),
    ("o:", "other:"),
    ('xmlns:o="urn:o"', 'xmlns:o="urn:o" xmlns:p="urn:p"'),
    ('xmlns:o="urn:o"', 'xmlns:o="urn:other"'),
    ("</o:order>", ""),
    ("</o:order>", "</o:order></o:order>"),
    ("</o:order>", "</o:order>  <!-- after -->"),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "order.xsd"
    item = (
        '<xs:element name="name" type="xs:string"/><xs:element name="count" type="xs:int"/>'
        '<xs:element name="note" minOccurs="0"><xs:complexType mixed="true"><xs:sequence>'
        '<xs:element name="b" type="xs:token" minOccurs="0" maxOccurs="unbounded"/>'
        "</xs:sequence></xs:complexType></xs:element>"
    )
    found.write_text(
        f'<xs:schema xmlns:xs="{XS}" xmlns="urn:o" targetNamespace="urn:o" elementFormDefault="qualified">'
        f'<xs:complexType name="item"><xs:sequence>{item}</xs:sequence></xs:complexType>'
        '<xs:element name="order"><xs:complexType><xs:sequence><xs:element name="id" type="xs:unsignedByte"/>'
        '<xs:element name="kind"><xs:simpleType><xs:restriction base="xs:string">'
        '<xs:enumeration value="slow"/><xs:enumeration value="fast"/></xs:restriction></xs:simpleType>'
        '</xs:element><xs:choice maxOccurs="40"><xs:element name="item" type="item"/>'
        '<xs:element name="empty"><xs:complexType/></xs:element></xs:choice></xs:sequence></xs:complexType>'
        "</xs:element></xs:schema>"
    )
    return found


def outcome(schema: Schema, text: str, options: Options) -> bytes | tuple[str, str]:
    try:
        return schema.encode(text, options)
    except (DecodeError, EncodeError) as error:
        return type(error).__name__, str(error)


def changed(seed: int, count: int) -> Iterator[str]:
    rng = random.Random(seed)
    for _ in range(count):
        text = DOCUMENT
        for old, new in rng.sample(CHANGES, rng.randint(1, 3)):
            text = text.replace(old, new, rng.choice((1, 1, -1)))
        yield text


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_a_text_gives_the_same_after_any_others(path: Path, options: Options) -> None:
    saved = path.with_suffix(".exig")
    Schema.from_xsd(path).save(saved)
    used = Schema.load(saved)
    for text in [DOCUMENT, *(DOCUMENT.replace(*change) for change in CHANGES), *changed(0, 300)]:
        assert outcome(used, text, options) == outcome(Schema.load(saved), text, options), text
        assert outcome(used, DOCUMENT, options) == outcome(used, DOCUMENT, options)


def test_threads_share_a_schema(path: Path) -> None:
    schema = Schema.from_xsd(path)
    texts = [DOCUMENT, DOCUMENT.replace("o:", "p:").replace("xmlns:o", "xmlns:p"), *changed(1, 30)]
    wanted = [outcome(Schema.from_xsd(path), text, Options()) for text in texts]
    wrong: list[str] = []

    def run(seed: int) -> None:
        order = random.Random(seed)
        for _ in range(300):
            at = order.randrange(len(texts))
            if outcome(schema, texts[at], Options()) != wanted[at]:
                wrong.append(texts[at])

    threads = [threading.Thread(target=run, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_pieces_are_those_of_the_whole(path: Path) -> None:
    schema = Schema.from_xsd(path)
    item = "<o:item><o:name>nut</o:name><o:count>300</o:count></o:item>"
    text = DOCUMENT.replace("<o:empty/>", "<o:empty/>" + item * 35)
    whole = schema.encode(text)
    places: list[int] = []
    out = path.with_suffix(".exi")
    with out.open("wb") as file:
        schema.encode_to(text, file, progress=lambda done, _: places.append(done))
    assert out.read_bytes() == whole
    assert places == sorted(places)
