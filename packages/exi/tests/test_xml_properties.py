"""Any XML through any options comes back as it was; any bytes give events or DecodeError."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from xml.etree.ElementTree import canonicalize

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from evproto.core import DecodeError, EncodeError
from evproto.exi import Alignment, Options, Preserve, Profile, QName, Schema, infoset

sys.path.insert(0, str(Path(__file__).parent))
from xml_documents import documents

SCHEMALESS = Schema.schemaless()
BUILT_IN = Schema.built_in_types()
KEEP_ALL = Preserve.ALL
LAYOUTS = [{"alignment": alignment} for alignment in Alignment] + [{"compression": True}]


@st.composite
def options(draw: st.DrawFn, preserve: Preserve | None = None) -> Options:
    """Options that go together."""
    layout = draw(st.sampled_from(LAYOUTS))
    kept = [kind for kind in Preserve if draw(st.booleans())]
    flags = Preserve.NOTHING
    for kind in kept:
        flags |= kind
    with_options = draw(st.booleans())
    contained = not layout.get("compression") and layout.get("alignment") is not Alignment.PRE_COMPRESSION
    contained = contained and draw(st.booleans())
    return Options(
        **layout,  # type: ignore[arg-type]
        preserve=flags if preserve is None else preserve,
        block_size=draw(st.sampled_from([1, 3, 1_000_000])),
        value_max_length=draw(st.sampled_from([None, 0, 3])),
        value_partition_capacity=draw(st.sampled_from([None, 0, 1, 2])),
        self_contained=contained,
        self_contained_elements=frozenset({QName("", "b"), QName("urn:a", "item")})
        if contained
        else frozenset(),
        profile=draw(st.sampled_from([None, Profile(maximum_built_in_productions=1)]))
        if with_options
        else None,
        include_cookie=draw(st.booleans()),
        include_options=with_options,
        include_schema_id=with_options and draw(st.booleans()),
    )


def infoset_of(text: str) -> str:
    """The canonical form of a text, comments included; prefixes do not count in it."""
    return canonicalize(text, with_comments=True, rewrite_prefixes=True)


@given(document=documents(), options=options(preserve=KEEP_ALL))
@settings(max_examples=300, deadline=None)
def test_any_document_comes_back_with_everything_that_is_preserved(document: str, options: Options) -> None:
    back = SCHEMALESS.decode_text(SCHEMALESS.encode(document, options), options)
    assert infoset_of(back) == infoset_of(document)
    if not options.self_contained:
        assert canonicalize(back, with_comments=True) == canonicalize(document, with_comments=True)


@given(document=documents(), options=options())
@settings(max_examples=300, deadline=None)
def test_decoding_and_encoding_again_gives_the_same_stream(document: str, options: Options) -> None:
    for schema in (SCHEMALESS, BUILT_IN):
        if schema is BUILT_IN and options.profile is not None:
            continue  # an xsi:type that the profile put in is then part of the document
        data = schema.encode(document, options)
        assert schema.encode(schema.decode_text(data, options), options) == data
        file = io.BytesIO()
        assert schema.write_events(schema.read_events(data, options), file, options) == len(data)
        assert file.getvalue() == data


@given(document=documents(), options=options())
@settings(max_examples=100, deadline=None)
def test_a_header_with_options_needs_no_others(document: str, options: Options) -> None:
    assume(options.include_options)
    data = SCHEMALESS.encode(document, options)
    assert SCHEMALESS.decode_text(data) == SCHEMALESS.decode_text(data, options)


@given(document=documents())
@settings(max_examples=100, deadline=None)
def test_canonical_streams_do_not_depend_on_how_a_text_is_written(document: str) -> None:
    other = SCHEMALESS.decode_text(SCHEMALESS.encode(document))
    assert SCHEMALESS.canonical(document) == SCHEMALESS.canonical(other)


@given(data=st.binary(max_size=300), options=options())
@example(data=b"$EXI\x80", options=Options())
@settings(max_examples=500, deadline=None)
def test_any_bytes_give_events_or_a_decode_error(data: bytes, options: Options) -> None:
    for schema in (SCHEMALESS, BUILT_IN):
        for given_data in (data, b"\x80" + data):
            try:
                events = list(schema.read_events(given_data, options))
            except DecodeError:
                events = []
            else:
                assert isinstance(events[-1], infoset.EndDocument)
            explained = schema.explain(given_data, options)
            assert (explained.fault is None) == bool(events)
            assert list(explained.lines())
            try:
                text = schema.decode_text(given_data, options)
            except DecodeError:
                continue
            try:
                schema.encode(text, options)
            except EncodeError:
                assert not text or options.profile is not None


@given(
    document=documents(),
    options=options(),
    changes=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=3),
)
@settings(max_examples=500, deadline=None)
def test_a_damaged_stream_gives_events_or_a_decode_error(
    document: str, options: Options, changes: list[tuple[int, int]]
) -> None:
    data = bytearray(SCHEMALESS.encode(document, options))
    for at, value in changes:
        data[at % len(data)] = value
    try:
        SCHEMALESS.decode(bytes(data), options)
    except DecodeError as error:
        assert error.reason
