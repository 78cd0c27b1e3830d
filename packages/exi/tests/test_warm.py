"""What a schema keeps from one text for the next changes no text."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

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
        return all(
            [schema.decode_text(data, options) for data, options in streams] == expected for _ in range(100)
        )

    with ThreadPoolExecutor(2) as pool:
        assert all(pool.map(rounds, range(2)))
