"""The options that the commands share: which schema, and how the stream is laid out."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any, Final, get_type_hints

import typer

from evproto.core import ConfigError

from .document import Schema
from .options import DEFAULT_BLOCK_SIZE, DEFAULT_DEPTH, Alignment, Options, Preserve, Profile
from .schema import QName

_SCHEMA: Final = "Schema"
_LAYOUT: Final = "Stream"
_PRESERVED: Final = {
    "comments": Preserve.COMMENTS,
    "pis": Preserve.PIS,
    "dtd": Preserve.DTD,
    "prefixes": Preserve.PREFIXES,
    "lexical-values": Preserve.LEXICAL_VALUES,
    "all": Preserve.ALL,
}
_NAME: Final = re.compile(r"(?:\{([^{}]*)\})?([^{}=]+)")
_PAIR: Final = re.compile(r"((?:\{[^{}]*\})?[^{}=]+)=((?:\{[^{}]*\})?[^{}=]+)")


def _schema(*names: str, help: str) -> Any:
    return typer.Option(*names, help=help, rich_help_panel=_SCHEMA, show_default=False)


def _layout(*names: str, help: str) -> Any:
    return typer.Option(*names, help=help, rich_help_panel=_LAYOUT)


@dataclass(slots=True, kw_only=True)
class StreamOptions:
    """What was said about schema and stream. Without a schema, those of installed packages are tried."""

    xsd: Annotated[
        list[Path] | None, _schema("--xsd", help="An XML schema document; may stand several times.")
    ] = None
    search: Annotated[
        list[Path] | None, _schema("--search", help="A folder in which imported documents are looked for.")
    ] = None
    grammar: Annotated[Path | None, _schema("--grammar", help="What `evproto-exi compile` wrote.")] = None
    schemaless: Annotated[bool, _schema("--schemaless", help="No schema.")] = False
    built_in_types: Annotated[bool, _schema("--built-in-types", help="The types of XML Schema alone.")] = (
        False
    )
    alignment: Annotated[Alignment, _layout("--alignment", help="How codes and values stand.")] = (
        Alignment.BIT_PACKED
    )
    compression: Annotated[bool, _layout("--compression", help="Deflate.")] = False
    strict: Annotated[bool, _layout("--strict", help="Nothing beside what the schema has.")] = False
    preserve: Annotated[
        list[str] | None, _layout("--preserve", help=f"What to keep: {', '.join(_PRESERVED)}.")
    ] = None
    self_contained: Annotated[
        list[str] | None, _layout("--self-contained", help="An element, {uri}name, that stands for itself.")
    ] = None
    block_size: Annotated[int, _layout("--block-size", help="Values in a compressed block.")] = (
        DEFAULT_BLOCK_SIZE
    )
    value_max_length: Annotated[
        int | None, _layout("--value-max-length", help="Longest value that is remembered.")
    ] = None
    value_partition_capacity: Annotated[
        int | None, _layout("--value-partition-capacity", help="How many values are remembered.")
    ] = None
    datatype: Annotated[
        list[str] | None,
        _layout("--datatype", help="{uri}type={uri}representation of the datatype representation map."),
    ] = None
    schema_id: Annotated[str | None, _layout("--schema-id", help="What the header calls the schema.")] = None
    cookie: Annotated[bool, _layout("--cookie", help="Begin with $EXI.")] = False
    include_options: Annotated[
        bool, _layout("--include-options", help="Write the options into the header.")
    ] = False
    include_schema_id: Annotated[
        bool, _layout("--include-schema-id", help="Write the schemaId among them.")
    ] = False
    omit_options_document: Annotated[
        bool, _layout("--omit-options-document", help="Canonical EXI: no options in the header.")
    ] = False
    utc_time: Annotated[bool, _layout("--utc-time", help="Canonical EXI: times in UTC.")] = False
    no_local_values: Annotated[
        bool, _layout("--no-local-values", help="EXI profile: no value partitions by name.")
    ] = False
    max_grammars: Annotated[
        int | None, _layout("--max-grammars", help="EXI profile: built-in element grammars at most.")
    ] = None
    max_productions: Annotated[
        int | None, _layout("--max-productions", help="EXI profile: learnt productions at most.")
    ] = None
    depth: Annotated[int, _layout("--depth", help="How deep elements may be nested.")] = DEFAULT_DEPTH

    def schema(self) -> Schema | None:
        """The schema that was named, if one was."""
        made: list[Callable[[], Schema]] = []
        if self.xsd:
            paths = self.xsd
            made.append(lambda: Schema.from_xsd(paths, self.search or ()))
        if self.grammar is not None:
            path = self.grammar
            made.append(lambda: Schema.load(path))
        if self.schemaless:
            made.append(Schema.schemaless)
        if self.built_in_types:
            made.append(Schema.built_in_types)
        if len(made) > 1:
            raise ConfigError("only one of --xsd, --grammar, --schemaless and --built-in-types can be given")
        if not made:
            self._check_unused()
            return None
        return made[0]()

    def options(self, *, fragment: bool = False, canonical: bool = False) -> Options:
        """The options of the stream; ConfigError for a combination that EXI rules out."""
        return Options(
            alignment=self.alignment,
            compression=self.compression,
            strict=self.strict,
            fragment=fragment,
            preserve=self._preserve(),
            self_contained=bool(self.self_contained),
            self_contained_elements=frozenset(map(_qname, self.self_contained or ())),
            datatype_representation_map=tuple(map(_pair, self.datatype or ())),
            block_size=self.block_size,
            value_max_length=self.value_max_length,
            value_partition_capacity=self.value_partition_capacity,
            schema_id=self.schema_id,
            profile=self._profile(),
            include_cookie=self.cookie,
            include_options=self.include_options,
            include_schema_id=self.include_schema_id,
            canonical=canonical,
            omit_options_document=self.omit_options_document,
            utc_time=self.utc_time,
            depth=self.depth,
        )

    def _check_unused(self) -> None:
        for field in fields(self):
            if getattr(self, field.name) not in (field.default, []):
                name = field.name.replace("_", "-")
                raise ConfigError(
                    f"--{name} needs one of --xsd, --grammar, --schemaless and --built-in-types"
                )

    def _preserve(self) -> Preserve:
        kept = Preserve.NOTHING
        for name in self.preserve or ():
            if name not in _PRESERVED:
                raise ConfigError(f"--preserve takes {', '.join(_PRESERVED)}, not {name!r}")
            kept |= _PRESERVED[name]
        return kept

    def _profile(self) -> Profile | None:
        profile = Profile(
            local_value_partitions=not self.no_local_values,
            maximum_built_in_element_grammars=self.max_grammars,
            maximum_built_in_productions=self.max_productions,
        )
        return None if profile == Profile() else profile


def with_stream_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of `StreamOptions`, which it takes as its parameter `stream`."""
    hints = get_type_hints(StreamOptions, include_extras=True)
    parameters = [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for parameter in inspect.signature(command, eval_str=True).parameters.values()
        if parameter.name != "stream"
    ]
    parameters += [
        inspect.Parameter(
            field.name, inspect.Parameter.KEYWORD_ONLY, default=field.default, annotation=hints[field.name]
        )
        for field in fields(StreamOptions)
    ]

    def run(**values: Any) -> None:
        stream = StreamOptions(**{field.name: values.pop(field.name) for field in fields(StreamOptions)})
        command(**values, stream=stream)

    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    run.__name__, run.__doc__ = command.__name__, command.__doc__
    return run


def _qname(text: str) -> QName:
    found = _NAME.fullmatch(text)
    if found is None:
        raise ConfigError(f"a name is written {{uri}}name or name, not {text!r}")
    return QName(found[1] or "", found[2])


def _pair(text: str) -> tuple[QName, QName]:
    found = _PAIR.fullmatch(text)
    if found is None:
        raise ConfigError(f"--datatype takes {{uri}}type={{uri}}representation, not {text!r}")
    return _qname(found[1]), _qname(found[2])
