"""How the tables of the corpus are written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

XS: Final = "http://www.w3.org/2001/XMLSchema"
NAMESPACES: Final = (
    f'xmlns="urn:c" xmlns:c="urn:c" xmlns:xs="{XS}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
_ROOT: Final = re.compile(r"<([\w:.-]+)")

ALIGNMENTS: Final = ("BIT_PACKED", "BYTE_PACKED", "PRE_COMPRESSION", "COMPRESSION")
EVERYWHERE: Final = ("", "strict")


class Case(NamedTuple):
    """A schema, the documents encoded with it, and the options: words of the driver joined by ';'."""

    name: str
    files: dict[str, str]
    """Schema documents by file name, the first one is read; empty for no schema."""
    documents: tuple[str, ...]
    options: tuple[str, ...] = EVERYWHERE
    """Each is tried with every alignment."""
    schemaless: str = "-"
    """Without files: "-" for no schema, "xsd" for the built-in types alone."""

    def write(self, folder: Path) -> str:
        """Put the schema documents into a folder; what the driver calls the schema."""
        if not self.files:
            return self.schemaless
        for name, text in self.files.items():
            path = folder / self.name / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return str(folder / self.name / next(iter(self.files)))


def schema(body: str, namespace: str = "urn:c", attributes: str = 'elementFormDefault="qualified"') -> str:
    """A schema document; `urn:c` has the prefix c too."""
    target = f'targetNamespace="{namespace}" xmlns="{namespace}" xmlns:c="urn:c"' if namespace else ""
    return f'<xs:schema xmlns:xs="{XS}" {target} {attributes}>{body}</xs:schema>'


def case(name: str, body: str, *documents: str, options: tuple[str, ...] = EVERYWHERE) -> Case:
    """A case of one schema document for `urn:c`."""
    return Case(name, {"main.xsd": schema(body)}, tuple(map(document, documents)), options)


def content(
    name: str, model: str, *contents: str, more: str = "", options: tuple[str, ...] = EVERYWHERE
) -> Case:
    """A case of one element `r` whose complex type is `model`; the contents go between its tags.

    `more` are further global components.
    """
    body = f'<xs:element name="r"><xs:complexType>{model}</xs:complexType></xs:element>{more}'
    return case(name, body, *(f"<r>{inner}</r>" for inner in contents), options=options)


def values(name: str, values: Iterable[str], definition: str = "") -> Case:
    """A case of a simple type: each value as element and attribute, then all of them in a row.

    `definition` is what stands in the simpleType; without it `name` is a built-in type.
    """
    kind = "t" if definition else f"xs:{name}"
    more = f'<xs:simpleType name="t">{definition}</xs:simpleType>' if definition else ""
    model = (
        f'<xs:sequence><xs:element name="v" type="{kind}" maxOccurs="unbounded"/></xs:sequence>'
        f'<xs:attribute name="a" type="{kind}"/>'
    )
    body = f'<xs:element name="r"><xs:complexType>{model}</xs:complexType></xs:element>{more}'
    values = list(values)
    documents = [f'<r a="{value}"><v>{value}</v></r>' for value in values]
    documents.append("<r>" + "".join(f"<v>{value}</v>" for value in values) + "</r>")
    return case(name, body, *documents)


def restriction(base: str, *facets: str) -> str:
    """The definition of a restriction; a facet is `name=value`."""
    parts = (facet.partition("=") for facet in facets)
    inner = "".join(f'<xs:{name} value="{value}"/>' for name, _, value in parts)
    return f'<xs:restriction base="{base}">{inner}</xs:restriction>'


def document(text: str) -> str:
    """A document with the namespaces of the corpus bound at its root."""
    return text if "xmlns" in text else _ROOT.sub(rf"<\1 {NAMESPACES}", text, count=1)
