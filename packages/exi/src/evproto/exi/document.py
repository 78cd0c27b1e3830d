"""Any XML as EXI and back: with a schema read from XSD, with declared classes, or without one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, TypeAlias

from evproto.core import DecodeError

from ._native import Components as DeclaredComponents
from ._native import Grammars
from .options import Options
from .source import ExiSource, XmlSource, exi_bytes, xml_text

if TYPE_CHECKING:
    from lxml import etree

    from .declare import Namespace
    from .explain import Explanation
    from .infoset import Event
    from .schema import Schema as Components

DEFAULT: Final = Options()
Progress: TypeAlias = "Callable[[int], object] | None"
"""Is told now and then how many bytes of the source are done."""


class Schema:
    """What the grammars of EXI streams come from, and all that can be done with them.

    Made by one of `from_xsd`, `schemaless`, `built_in_types`, `from_messages` and `load`. The
    tables are compiled when they are first needed, apart for strict and other streams.
    """

    def __init__(self, grammars: Grammars, name: str) -> None:
        self._grammars = grammars
        self.name = name

    def __repr__(self) -> str:
        return f"<Schema {self.name}>"

    @classmethod
    def from_xsd(cls, paths: str | Path | Iterable[str | Path], search: Iterable[str | Path] = ()) -> Schema:
        """The schema set of one or several documents; DecodeError names file and line (extra `xsd`).

        `search` are folders in which imported documents are looked for by their file names.
        """
        from .xsd import schema_from_xsd

        files = [paths] if isinstance(paths, str | Path) else list(paths)
        return cls.from_components(
            schema_from_xsd(files, search), ", ".join(Path(file).name for file in files)
        )

    @classmethod
    def from_messages(cls, *namespaces: Namespace) -> Schema:
        """The schema of declared classes."""
        names = ", ".join(namespace.uri for namespace in namespaces)
        return cls(Grammars.from_components(DeclaredComponents(namespaces)), names)

    @classmethod
    def from_components(cls, components: Components, name: str = "components") -> Schema:
        """The schema of components (`evproto.exi.schema`), whichever front end they come from."""
        return cls(Grammars.from_components(components), name)

    @classmethod
    def schemaless(cls) -> Schema:
        """No schema: built-in grammars, which learn from the document (EXI 1.0 section 8.4)."""
        return cls(Grammars.schemaless(), "schemaless")

    @classmethod
    def built_in_types(cls) -> Schema:
        """Only the types of XML Schema itself, for xsi:type: what an empty schemaId names."""
        return cls(Grammars.built_in_types(), "built-in types")

    @classmethod
    def load(cls, path: str | Path) -> Schema:
        """A schema that `save` wrote; DecodeError for a file that is damaged, foreign or forged."""
        try:
            return cls(Grammars.load(Path(path).read_bytes()), Path(path).name)
        except DecodeError as failure:
            raise DecodeError(f"{path}: {failure.reason}") from None

    def save(self, path: str | Path) -> None:
        """Write the schema as one small file, to be loaded without XSD documents or lxml."""
        Path(path).write_bytes(self._grammars.save())

    def check(self, *, strict: bool = False) -> None:
        """Compile the tables now; DecodeError says what is wrong with the schema."""
        self._grammars.check(strict)

    def encode(self, source: XmlSource, options: Options | None = None) -> bytes:
        """The EXI stream of an XML document.

        `source` is XML text (str, or bytes in any encoding), a Path, a binary file object, or an
        lxml element or tree. DecodeError for what is no XML, EncodeError for what has no place in
        the stream, with the path of the element.
        """
        return self._grammars.encode_xml(xml_text(source), (options or DEFAULT).native)

    def encode_to(
        self, source: XmlSource, file: BinaryIO, options: Options | None = None, *, progress: Progress = None
    ) -> int:
        """Write the EXI stream of an XML document piece by piece; gives the number of bytes."""
        settings = (options or DEFAULT).native
        return self._grammars.encode_xml_to(xml_text(source), settings, file.write, progress)

    def decode(self, source: ExiSource, options: Options | None = None) -> etree._ElementTree:
        """The lxml tree of a stream (bytes, a Path or a binary file object).

        `options` stand for what the header of the stream does not say. DecodeError, with offset
        in bits and path, for a stream that is wrong or holds what no XML can.
        """
        return _tree_of()(self._grammars.decode_xml(exi_bytes(source), (options or DEFAULT).native))

    def decode_text(self, source: ExiSource, options: Options | None = None) -> str:
        """The XML text of a stream, as `decode`; a fragment may have several elements side by side."""
        return self._grammars.decode_xml(exi_bytes(source), (options or DEFAULT).native)

    def decode_to(
        self, source: ExiSource, file: BinaryIO, options: Options | None = None, *, progress: Progress = None
    ) -> int:
        """Write the XML text of a stream piece by piece, as UTF-8; gives the number of bytes."""
        settings = (options or DEFAULT).native
        return self._grammars.decode_xml_to(exi_bytes(source), settings, file.write, progress)

    def read_events(self, source: ExiSource, options: Options | None = None) -> Iterator[Event]:
        """The events of a stream, one at a time as they are asked for."""
        return self._grammars.read(exi_bytes(source), (options or DEFAULT).native)

    def write_events(self, events: Iterable[Event], file: BinaryIO, options: Options | None = None) -> int:
        """Write events as a stream, piece by piece; gives the number of bytes.

        EncodeError, with the path, for what has no place in the stream.
        """
        return self._grammars.write(events, (options or DEFAULT).native, file.write)

    def canonical(self, source: XmlSource, options: Options | None = None) -> bytes:
        """The Canonical EXI stream of an XML document: the one of all that say the same."""
        return self.encode(source, (options or DEFAULT).as_canonical())

    def explain(self, source: ExiSource, options: Options | None = None) -> Explanation:
        """A stream bit by bit; one that is wrong is explained up to the fault."""
        from .explain import Explanation, part_of

        data = exi_bytes(source)
        rows, fault = self._grammars.explain(data, (options or DEFAULT).native)
        return Explanation(tuple(map(part_of, rows)), data, fault)


@cache
def _tree_of() -> Callable[[str], etree._ElementTree]:
    """Found once: lxml is needed only for trees."""
    from .trees import tree_of

    return tree_of


def events(source: ExiSource, options: Options | None = None) -> Iterator[Event]:
    """The events of a stream without schema, one at a time."""
    return Schema.schemaless().read_events(source, options)
