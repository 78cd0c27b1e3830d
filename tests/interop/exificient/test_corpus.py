"""Every case of the corpus, in four alignments: the streams of EXIficient and ours are the same.

DEFLATE may be deflated in many ways, so of compressed streams what they inflate to is compared.
Each stream of ours is read by EXIficient, each of EXIficient's by us, and what we read gives the
same stream again. Where EXIficient departs from the Recommendation stands in `departures.py`:
each departure has to be found, exactly there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pytest
from corpus import CASES, Case
from corpus.case import ALIGNMENTS
from departures import Outcome, expected_outcome
from inflate import same
from infoset import infoset
from words import options_of

from evproto import exi
from evproto.core import ConfigError, DecodeError, EncodeError

pytestmark = [pytest.mark.interop, pytest.mark.slow]


class Stream(NamedTuple):
    """One document with its options: the stream of either side, None where it refused."""

    document: str
    theirs: bytes | None
    ours: bytes | None
    why: str

    @property
    def outcome(self) -> Outcome:
        """What of it is not the same."""
        if self.theirs is None or self.ours is None:
            if self.theirs is self.ours:
                return Outcome.SAME
            return Outcome.THEY_REFUSE if self.theirs is None else Outcome.WE_REFUSE
        return Outcome.SAME if same(self.theirs, self.ours) else Outcome.BYTES


def schema_of(case: Case, path: str) -> exi.Schema:
    if case.files:
        return exi.Schema.from_xsd(path)
    return exi.Schema.schemaless() if path == "-" else exi.Schema.built_in_types()


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_streams_are_those_of_exificient(exificient: Any, tmp_path: Path, case: Case) -> None:
    path = case.write(tmp_path)
    schema = schema_of(case, path)
    for alignment in ALIGNMENTS:
        for more in case.options:
            words = f"mode={alignment};{more}"
            for document in case.documents:
                stream = encoded(exificient, schema, path, words, document)
                where = f"{case.name} [{words}]\n{document}\n{stream.why}"
                bytes_of_both = f"{shown(stream.theirs)}\n{shown(stream.ours)}"
                expected = expected_outcome(case.name, words, document)
                assert stream.outcome is expected, f"{where}\n{bytes_of_both}"
                if expected is Outcome.SAME and stream.ours is not None:
                    read_by_both(exificient, schema, path, words, stream)


def encoded(exificient: Any, schema: exi.Schema, path: str, words: str, document: str) -> Stream:
    why = ""
    try:
        theirs = exificient.ask("encode", path, words, document.encode())
    except exificient.Refused as failure:
        theirs, why = None, f"EXIficient: {failure}"
    try:
        ours = schema.encode(document, options_of(words, path))
    except (ConfigError, EncodeError, DecodeError) as failure:
        ours, why = None, f"{why}\nours: {failure}"
    return Stream(document, theirs, ours, why)


def read_by_both(exificient: Any, schema: exi.Schema, path: str, words: str, stream: Stream) -> None:
    options = options_of(words, path)
    ours = schema.decode_text(stream.theirs, options)
    assert schema.encode(ours, options) == stream.ours, (words, stream.document, ours)
    theirs = exificient.ask("decode", path, words, stream.ours).decode()
    if "fragment" not in words and "dtd" not in words:
        assert infoset(ours) == infoset(theirs), (words, stream.document)


def shown(data: bytes | None) -> str:
    return "refused" if data is None else data.hex()
