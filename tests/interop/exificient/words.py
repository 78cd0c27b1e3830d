"""The options of the driver as those of evproto.exi."""

from __future__ import annotations

from typing import Any, Final

from evproto import exi

_ALIGNMENTS: Final[dict[str, dict[str, Any]]] = {
    "BIT_PACKED": {},
    "BYTE_PACKED": {"alignment": exi.Alignment.BYTE_ALIGNED},
    "PRE_COMPRESSION": {"alignment": exi.Alignment.PRE_COMPRESSION},
    "COMPRESSION": {"compression": True},
}
_FLAGS: Final = {
    "strict": "strict",
    "fragment": "fragment",
    "cookie": "include_cookie",
    "options": "include_options",
    "schema_id": "include_schema_id",
    "canonical": "canonical",
    "utc": "utc_time",
}
_NUMBERS: Final = {
    "block": "block_size",
    "max_length": "value_max_length",
    "capacity": "value_partition_capacity",
}
_PRESERVED: Final = {
    "comments": exi.Preserve.COMMENTS,
    "pis": exi.Preserve.PIS,
    "dtd": exi.Preserve.DTD,
    "prefixes": exi.Preserve.PREFIXES,
    "lexical": exi.Preserve.LEXICAL_VALUES,
}


def options_of(text: str, schema: str = "-") -> exi.Options:
    """The options that the words mean; ConfigError where they exclude each other.

    `schema` is what the driver calls the schema: EXIficient takes it for the schemaId.
    """
    words = {name: value for name, _, value in (word.partition("=") for word in text.split(";")) if name}
    given: dict[str, Any] = dict(_ALIGNMENTS[words.pop("mode", "BIT_PACKED")])
    given |= {_FLAGS[word]: True for word in words if word in _FLAGS}
    given |= {_NUMBERS[word]: int(value) for word, value in words.items() if word in _NUMBERS}
    preserve = exi.Preserve.NOTHING
    for word in words:
        preserve |= _PRESERVED.get(word, exi.Preserve.NOTHING)
    given["preserve"] = preserve
    given["schema_id"] = schema if schema not in ("-", "xsd") else None
    if "dtr" in words:
        names = list(map(_qname, words["dtr"].split(",")))
        given["datatype_representation_map"] = tuple(zip(names[::2], names[1::2], strict=True))
    if "contained" in words:
        given["self_contained"] = True
        given["self_contained_elements"] = frozenset(map(_qname, words["contained"].split(",")))
    profile = _profile(words)
    return exi.Options(**given, **({"profile": profile} if profile else {}))


def _profile(words: dict[str, str]) -> exi.Profile | None:
    if not {"no_local_values", "max_grammars", "max_productions"} & set(words):
        return None
    return exi.Profile(
        local_value_partitions="no_local_values" not in words,
        maximum_built_in_element_grammars=_number(words.get("max_grammars")),
        maximum_built_in_productions=_number(words.get("max_productions")),
    )


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)


def _qname(text: str) -> exi.QName:
    uri, _, local = text.removeprefix("{").rpartition("}")
    return exi.QName(uri, local)
