"""Schema documents: found, read without ever fetching, and their global components gathered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlparse

from lxml import etree

from evproto.core import DecodeError

from .schema import QName
from .types import XSD

XS: Final = f"{{{XSD}}}"
_KINDS: Final = frozenset(
    XS + kind
    for kind in ("element", "attribute", "simpleType", "complexType", "group", "attributeGroup", "notation")
)
_OF_VERSION_1_1: Final = (XS + "override", XS + "openContent", XS + "defaultOpenContent")
"""What would change the grammar; assertions and conditional types do not."""
_XML: Final = "http://www.w3.org/XML/1998/namespace"
_XML_ATTRIBUTES: Final = f"""
<xs:schema xmlns:xs="{XSD}" targetNamespace="{_XML}">
  <xs:attribute name="lang"><xs:simpleType><xs:union memberTypes="xs:language"><xs:simpleType>
    <xs:restriction base="xs:string"><xs:enumeration value=""/></xs:restriction>
  </xs:simpleType></xs:union></xs:simpleType></xs:attribute>
  <xs:attribute name="space"><xs:simpleType><xs:restriction base="xs:NCName">
    <xs:enumeration value="default"/><xs:enumeration value="preserve"/>
  </xs:restriction></xs:simpleType></xs:attribute>
  <xs:attribute name="base" type="xs:anyURI"/>
  <xs:attribute name="id" type="xs:ID"/>
  <xs:attributeGroup name="specialAttrs">
    <xs:attribute ref="xml:base"/><xs:attribute ref="xml:lang"/>
    <xs:attribute ref="xml:space"/><xs:attribute ref="xml:id"/>
  </xs:attributeGroup>
</xs:schema>"""
"""Stands in for the document of the XML namespace where that is not at hand: many schemas import it."""
_GATHERING: Final = (XS + "include", XS + "import", XS + "redefine")


class SchemaError(DecodeError):
    """A schema document is malformed, missing or not understood; the text names file and line."""


@dataclass(eq=False, slots=True)
class Document:
    """A schema document as one namespace sees it (a chameleon has one for each that includes it)."""

    path: Path
    root: etree._Element
    namespace: str
    chameleon: bool
    qualified_elements: bool = False
    qualified_attributes: bool = False


@dataclass(slots=True)
class Documents:
    """All documents of a schema set and their global components."""

    search: tuple[Path, ...] = ()
    """Folders in which a document is looked for by its file name when it is not at its location."""
    documents: list[Document] = field(default_factory=list)
    components: dict[tuple[str, QName], tuple[etree._Element, Document]] = field(default_factory=dict)
    """By the kind (the tag without its namespace) and name."""
    redefined: dict[etree._Element, tuple[etree._Element, Document]] = field(default_factory=dict)
    """What the name of a redefining component means inside it."""
    _seen: set[tuple[Path, str]] = field(default_factory=set)

    def load(self, path: Path, including: Document | None = None) -> None:
        """Read a document and all that it draws in; `including` is given for an include."""
        self._load(path, _parse(path), including)

    def _load(self, path: Path, root: etree._Element, including: Document | None = None) -> str:
        """Also gives the namespace of the document."""
        namespace = root.get("targetNamespace", "")
        chameleon = including is not None and not namespace and bool(including.namespace)
        if including is not None:
            if not chameleon and namespace != including.namespace:
                raise SchemaError(f"{path}: included into {including.namespace!r} but is {namespace!r}")
            namespace = including.namespace
        if (path.resolve(), namespace) in self._seen:
            return namespace
        self._seen.add((path.resolve(), namespace))
        document = Document(
            path,
            root,
            namespace,
            chameleon,
            root.get("elementFormDefault") == "qualified",
            root.get("attributeFormDefault") == "qualified",
        )
        self.documents.append(document)
        for node in root.iter(*_OF_VERSION_1_1):
            raise error(node, document, f"{_kind(node)} of XML Schema 1.1 is not understood")
        for node in root.iterchildren(*_GATHERING):
            self._gather(node, document)
        for node in root.iterchildren(*_KINDS):
            self._enter(node, document)
        return namespace

    def resolve(self, name: str, node: etree._Element, document: Document) -> QName:
        """The qualified name that an attribute value of QName type means at a node."""
        prefix, colon, local = name.strip().rpartition(":")
        uri = _XML if prefix == "xml" else node.nsmap.get(prefix if colon else None)
        if uri is None:
            if colon:
                raise error(node, document, f"prefix {prefix!r} is not bound")
            uri = document.namespace if document.chameleon else ""
        return QName(uri, local)

    def find(
        self, kind: str, name: str, node: etree._Element, document: Document
    ) -> tuple[etree._Element, Document]:
        """The global component that is named at a node; SchemaError when there is none."""
        qname = self.resolve(name, node, document)
        for ancestor in node.iterancestors():
            if ancestor in self.redefined and (_kind(ancestor), ancestor.get("name")) == (kind, qname.local):
                return self.redefined[ancestor]
        if (kind, qname) not in self.components:
            known = qname.uri in {one.namespace for one in self.documents}
            hint = "" if known else ", and no document of its namespace"
            attribute = next((str(key) for key, value in node.items() if name in value.split()), kind)
            raise error(node, document, f"{attribute}: there is no {kind} {{{qname.uri}}}{qname.local}{hint}")
        return self.components[kind, qname]

    def globals(self, kind: str) -> Iterator[tuple[QName, etree._Element, Document]]:
        """All global components of a kind."""
        for (of_kind, name), (node, document) in self.components.items():
            if of_kind == kind:
                yield name, node, document

    def _gather(self, node: etree._Element, document: Document) -> None:
        location = node.get("schemaLocation")
        path = None if location is None else _locate(location, document.path, self.search)
        if node.tag == XS + "import":
            self._import(path, location, node, document)
            return
        if path is None:
            raise _missing(location, node, document)
        self.load(path, document)
        if node.tag == XS + "redefine":
            for child in node.iterchildren(*_KINDS):
                self._redefine(child, document)

    def _import(
        self, path: Path | None, location: str | None, node: etree._Element, document: Document
    ) -> None:
        wanted = node.get("namespace", "")
        if path is not None:
            root = _parse(path)
        elif wanted == _XML:
            path, root = Path("xml.xsd"), etree.fromstring(_XML_ATTRIBUTES)
        elif location is None:
            return
        else:
            raise _missing(location, node, document)
        namespace = self._load(path, root)
        if namespace != wanted:
            raise error(node, document, f"namespace: {path.name} is of {namespace!r}, not {wanted!r}")

    def _enter(self, node: etree._Element, document: Document) -> None:
        key = (_kind(node), QName(document.namespace, node.get("name", "")))
        if key in self.components:
            raise error(node, document, f"{key[0]} {key[1].local} stands twice")
        self.components[key] = (node, document)

    def _redefine(self, node: etree._Element, document: Document) -> None:
        key = (_kind(node), QName(document.namespace, node.get("name", "")))
        if key not in self.components:
            raise error(node, document, f"there is no {key[0]} {key[1].local} to redefine")
        self.redefined[node] = self.components[key]
        self.components[key] = (node, document)


def load_documents(paths: Iterable[Path], search: Iterable[Path] = ()) -> Documents:
    """The documents at the paths with all that they include, import and redefine."""
    documents = Documents(tuple(search))
    for path in paths:
        documents.load(path)
    return documents


def error(node: etree._Element, document: Document, reason: str) -> SchemaError:
    """A SchemaError that names the place."""
    return SchemaError(f"{document.path}:{node.sourceline}: {reason}")


def _missing(location: str | None, node: etree._Element, document: Document) -> SchemaError:
    if location is None:
        return error(node, document, f"{_kind(node)} without schemaLocation")
    return error(node, document, f"schemaLocation: {location} is not at hand, and schemas are never fetched")


def _kind(node: etree._Element) -> str:
    return etree.QName(node).localname


def _locate(location: str, base: Path, search: tuple[Path, ...]) -> Path | None:
    """The local file of a schemaLocation, or one of the same name beside it or in `search`."""
    parsed = urlparse(location)
    local = Path(unquote(parsed.path))
    remote = bool(parsed.scheme) and parsed.scheme != "file"
    candidates = [] if remote else [base.parent / local]
    candidates += [folder / local.name for folder in (base.parent, *search)]
    return next((path for path in candidates if path.is_file()), None)


def _parse(path: Path) -> etree._Element:
    # The parser neither loads a DTD nor expands entities nor opens a connection: DOCTYPE is noise.
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.parse(path, parser).getroot()
    except (OSError, etree.XMLSyntaxError) as failure:
        raise SchemaError(f"{path}: {failure}") from None
    if root.tag != XS + "schema":
        raise SchemaError(f"{path}: the root is {root.tag}, not an XML schema")
    return root
