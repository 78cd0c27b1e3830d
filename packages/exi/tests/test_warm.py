"""What a schema keeps from one text for the next changes no text."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from lxml import etree

from evproto.core import DecodeError
from evproto.exi import Alignment, Options, Schema

DOCUMENTS = (
    '<t:Circle xmlns:t="urn:toy"><t:Colour>blue</t:Colour><t:Radius>7</t:Radius></t:Circle>',
    '<t:Circle xmlns:t="urn:toy"><x:y xmlns:x="urn:x">&lt;&amp;</x:y><t:Radius>7</t:Radius></t:Circle>',
    '<x:y xmlns:x="urn:x" xmlns:t="urn:toy"><t:Circle><t:Radius>1</t:Radius></t:Circle></x:y>',
    '<Circle xmlns="urn:toy"><Colour note="a&quot;b">red</Colour><Radius/></Circle>',
)
OPTIONS = (Options(), Options(value_partition_capacity=0), Options(alignment=Alignment.BYTE_ALIGNED))


@pytest.fixture
def streams(toy_xsd: Path) -> list[tuple[bytes, Options]]:
    schema = Schema.from_xsd(toy_xsd)
    return [(schema.encode(text, options), options) for text in DOCUMENTS for options in OPTIONS]


def test_a_warm_schema_writes_what_a_fresh_one_does(
    toy_xsd: Path, streams: list[tuple[bytes, Options]]
) -> None:
    warm = Schema.from_xsd(toy_xsd)
    for data, options in [*streams, *reversed(streams), *streams]:
        assert warm.decode_text(data, options) == Schema.from_xsd(toy_xsd).decode_text(data, options)


def test_a_stream_that_fails_changes_nothing_for_the_next(
    toy_xsd: Path, streams: list[tuple[bytes, Options]]
) -> None:
    warm, fresh = Schema.from_xsd(toy_xsd), Schema.from_xsd(toy_xsd)
    for data, options in streams:
        expected = fresh.decode_text(data, options)
        for end in range(2, len(data) - 1):
            with pytest.raises(DecodeError):
                warm.decode_text(data[:end], options)
            assert warm.decode_text(data, options) == expected


def test_threads_share_a_schema(toy_xsd: Path, streams: list[tuple[bytes, Options]]) -> None:
    schema, fresh = Schema.from_xsd(toy_xsd), Schema.from_xsd(toy_xsd)
    expected = [fresh.decode_text(data, options) for data, options in streams]

    def rounds(_: int) -> bool:
        texts = ([schema.decode_text(data, options) for data, options in streams] for _ in range(100))
        trees = ([schema.decode(data, options) for data, options in streams] for _ in range(20))
        written = ([etree.tostring(tree, encoding="unicode") for tree in found] for found in trees)
        return all(found == expected for found in texts) and all(found == expected for found in written)

    with ThreadPoolExecutor(2) as pool:
        assert all(pool.map(rounds, range(2)))


def test_a_text_that_lxml_refuses_changes_nothing_for_the_next_tree() -> None:
    schema, options = Schema.schemaless(), Options(fragment=True)
    two, one = schema.encode("<a/><b/>", options), schema.encode("<a>1</a>", options)
    for _ in range(3):
        with pytest.raises(DecodeError, match="lxml"):
            schema.decode(two, options)
        assert etree.tostring(schema.decode(one, options)) == b"<a>1</a>"
