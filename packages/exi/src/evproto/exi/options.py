"""The options of an EXI stream (EXI 1.0 section 5.4), with the rules that bind them to each other."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

from evproto.core import ConfigError

from ._native import Settings
from .schema import QName

_MOST: Final = 2**32 - 1
DEFAULT_BLOCK_SIZE: Final = 1_000_000
DEFAULT_DEPTH: Final = 1000


class Alignment(enum.StrEnum):
    """How event codes and values stand in the stream."""

    BIT_PACKED = "bit-packed"
    BYTE_ALIGNED = "byte-aligned"
    PRE_COMPRESSION = "pre-compression"
    """Byte-aligned, in the order of compression, but not deflated."""


class Preserve(enum.Flag):
    """What of a document is kept beyond elements, attributes and values (section 6.3)."""

    NOTHING = 0
    COMMENTS = enum.auto()
    PIS = enum.auto()
    DTD = enum.auto()
    """The document type declaration, and references to its entities."""
    PREFIXES = enum.auto()
    LEXICAL_VALUES = enum.auto()
    """Values as they were written, "+01" say, not as their type has them."""
    ALL = COMMENTS | PIS | DTD | PREFIXES | LEXICAL_VALUES

    @property
    def option_name(self) -> str:
        """The standard's name, as it stands in the options document."""
        return "preserve." + _STANDARD_NAMES.get(self, (self.name or "").lower())


_STANDARD_NAMES: Final = {Preserve.LEXICAL_VALUES: "lexicalValues"}
_NOT_STRICT: Final = (Preserve.COMMENTS, Preserve.PIS, Preserve.DTD, Preserve.PREFIXES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The parameters of the EXI Profile, which bound the memory that a decoder needs.

    None is no bound.
    """

    local_value_partitions: bool = True
    maximum_built_in_element_grammars: int | None = None
    maximum_built_in_productions: int | None = None

    def __post_init__(self) -> None:
        for name in ("maximum_built_in_element_grammars", "maximum_built_in_productions"):
            _check_count(f"profile.{name}", getattr(self, name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a stream is written; for reading, what the header of the stream does not say.

    The names are those of EXI 1.0 section 5.4. `self_contained_elements` are the elements that
    are written as streams of their own. `include_options` writes the options into the header, with
    `include_schema_id` also the `schema_id`, on which both sides have to agree. `canonical` writes
    Canonical EXI (its section 2.1 has the names): the options stand in the header unless
    `omit_options_document`, as V2G signatures have it, and `utc_time` takes times to UTC. `depth`
    bounds how deep elements may be nested, which is no part of the standard.
    """

    alignment: Alignment = Alignment.BIT_PACKED
    compression: bool = False
    strict: bool = False
    fragment: bool = False
    preserve: Preserve = Preserve.NOTHING
    self_contained: bool = False
    self_contained_elements: frozenset[QName] = frozenset()
    datatype_representation_map: tuple[tuple[QName, QName], ...] = ()
    block_size: int = DEFAULT_BLOCK_SIZE
    value_max_length: int | None = None
    value_partition_capacity: int | None = None
    schema_id: str | None = None
    profile: Profile | None = None
    include_cookie: bool = False
    include_options: bool = False
    include_schema_id: bool = False
    canonical: bool = False
    omit_options_document: bool = False
    utc_time: bool = False
    depth: int = DEFAULT_DEPTH
    _native: Settings | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def native(self) -> Settings:
        """The options as the Rust half has them."""
        if self._native is None:
            object.__setattr__(self, "_native", Settings(self))
        assert self._native is not None
        return self._native

    @property
    def options_stand_in_header(self) -> bool:
        """Whether the stream says itself with which options it is written."""
        return not self.omit_options_document if self.canonical else self.include_options

    def as_canonical(self) -> Options:
        """The same options for Canonical EXI."""
        return self if self.canonical else replace(self, canonical=True)

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, ({one.name: getattr(self, one.name) for one in fields(self) if one.init},)

    def __post_init__(self) -> None:
        self._check_numbers()
        self._check_strict()
        self._check_alignment()
        self._check_self_contained()
        self._check_header()

    def _check_numbers(self) -> None:
        if self.block_size < 1:
            raise ConfigError(f"block_size is {self.block_size}, it has to be 1 at least")
        _check_count("block_size", self.block_size)
        _check_count("value_max_length", self.value_max_length)
        _check_count("value_partition_capacity", self.value_partition_capacity)
        _check_count("depth", self.depth)

    def _check_strict(self) -> None:
        if not self.strict:
            return
        for kind in _NOT_STRICT:
            if kind in self.preserve:
                raise ConfigError(f"strict excludes {kind.option_name}: a strict grammar has no place for it")
        if self.self_contained:
            raise ConfigError("strict excludes self_contained: a strict grammar has no place for it")

    def _check_alignment(self) -> None:
        if self.compression and self.alignment is not Alignment.BIT_PACKED:
            raise ConfigError(f"compression excludes alignment, which is {self.alignment}")

    def _check_self_contained(self) -> None:
        if self.self_contained and self.compression:
            raise ConfigError("self_contained excludes compression")
        if self.self_contained and self.alignment is Alignment.PRE_COMPRESSION:
            raise ConfigError("self_contained excludes alignment pre-compression")
        if self.self_contained_elements and not self.self_contained:
            raise ConfigError("self_contained_elements need self_contained")

    def _check_header(self) -> None:
        if self.include_schema_id and not self.options_stand_in_header:
            raise ConfigError("include_schema_id needs include_options: the schemaId stands among them")
        for name in ("omit_options_document", "utc_time"):
            if getattr(self, name) and not self.canonical:
                raise ConfigError(f"{name} needs canonical: it is an option of Canonical EXI")
        if self.omit_options_document and self.include_options:
            raise ConfigError("omit_options_document excludes include_options")
        if self.canonical and self.include_cookie:
            raise ConfigError("canonical excludes include_cookie: a canonical stream begins without one")


def _rebuild(values: dict[str, Any]) -> Options:
    return Options(**values)


def _check_count(name: str, value: int | None) -> None:
    if value is not None and not 0 <= value <= _MOST:
        raise ConfigError(f"{name} is {value}, it has to be from 0 to {_MOST}")
