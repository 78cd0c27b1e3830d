"""The declared classes and the published schemas compile to the same tables, line by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from evproto.din70121 import messages as din
from evproto.exi import Codec
from evproto.exi._native import Grammar
from evproto.exi.schema import Schema, SimpleType
from evproto.exi.xsd import schema_from_xsd
from evproto.iso15118.iso2 import messages as iso2
from evproto.v2gtp.messages import app_protocol, xmldsig

pytestmark = pytest.mark.interop

SETS = [
    pytest.param(app_protocol.CODEC, "V2G_CI_AppProtocol.xsd", 2, 9, id="supportedAppProtocol"),
    pytest.param(xmldsig.CODEC, "xmldsig-core-schema.xsd", 24, 45, id="xmldsig"),
    pytest.param(iso2.CODEC, "iso15118_2/V2G_CI_MsgDef.xsd", 80, 243, id="iso2"),
    pytest.param(din.CODEC, "din_spec/V2G_CI_MsgDef.xsd", 81, 245, id="din70121"),
]


@pytest.mark.parametrize(("codec", "path", "roots", "names"), SETS)
def test_declared_classes_give_the_tables_of_the_published_schema(
    peer: Path, codec: Codec, path: str, roots: int, names: int
) -> None:
    published = Grammar(schema_from_xsd(peer / "schemas" / path, search=[peer / "schemas"])).tables()
    declared = codec.grammar.tables()
    differences = [pair for pair in zip(declared, published, strict=False) if pair[0] != pair[1]]
    assert differences[:5] == []
    assert len(declared) == len(published)
    assert len([element for element in codec.schema.elements if element.is_global]) == roots
    assert len({element.name for element in codec.schema.elements}) == names


@pytest.mark.parametrize(("codec", "path", "roots", "names"), SETS)
def test_declared_simple_types_have_the_facets_of_the_published_schema(
    peer: Path, codec: Codec, path: str, roots: int, names: int
) -> None:
    def lengths(one: SimpleType) -> tuple[int, int | None]:
        return one.min_length, one.max_length

    def facets(schema: Schema) -> dict[object, object]:
        return {
            one.name: (
                one.primitive,
                one.enumeration,
                one.minimum,
                one.maximum,
                one.min_length,
                one.max_length,
            )
            for one in schema.simple_types  # type: ignore[attr-defined]
            if one.name is not None
        }

    assert facets(codec.schema) == facets(schema_from_xsd(peer / "schemas" / path, search=[peer / "schemas"]))
    assert roots < names


@pytest.mark.parametrize(
    ("path", "roots", "names"),
    [
        ("din_spec/V2G_CI_MsgDef.xsd", 81, 245),
        ("iso15118_20/V2G_CI_CommonMessages.xsd", 54, 281),
        ("iso15118_20/V2G_CI_DC.xsd", 48, 149),
        ("iso15118_20/V2G_CI_AC.xsd", 42, 154),
        ("iso15118_20/V2G_CI_ACDP.xsd", 34, 129),
        ("iso15118_20/V2G_CI_WPT.xsd", 38, 193),
    ],
)
def test_every_v2g_schema_is_read(peer: Path, path: str, roots: int, names: int) -> None:
    schemas = peer / "schemas"
    schema = schema_from_xsd(schemas / path, search=[schemas])
    assert len([element for element in schema.elements if element.is_global]) == roots
    assert len({element.name for element in schema.elements}) == names
    assert Grammar(schema).fingerprint()
