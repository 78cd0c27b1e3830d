"""Options of a grammar, and its tables."""

from pathlib import Path
from types import ModuleType

import pytest

from evproto.core import DecodeError, EncodeError
from evproto.exi._native import Grammar
from evproto.exi.xsd import schema_from_xsd


def test_a_strict_grammar_writes_fewer_bits_and_comes_back(toys: ModuleType) -> None:
    strict = Grammar(toys.CODEC.schema, strict=True)
    data = strict.encode(toys.DRAWING)
    assert strict.decode(data) == toys.DRAWING
    assert len(data) < len(toys.CODEC.encode(toys.DRAWING))
    assert strict.fingerprint() != toys.CODEC.grammar.fingerprint()


@pytest.mark.parametrize("capacity", [None, 1, 2, 50])
def test_strings_are_referred_back_to_where_the_partition_has_room(
    toys: ModuleType, capacity: int | None
) -> None:
    amounts = (toys.Amount(name="same", share=1), toys.Amount(name="same", share=2))
    message = toys.Drawing(title="same", amount=amounts, open=False)
    grammar = Grammar(toys.CODEC.schema, value_partition_capacity=capacity)
    data = grammar.encode(message)
    assert len(data) < len(toys.CODEC.encode(message))
    assert grammar.decode(data) == message


def test_references_to_strings_are_understood_by_default(toys: ModuleType) -> None:
    amounts = (toys.Amount(name="same", share=1), toys.Amount(name="same", share=2))
    message = toys.Drawing(title="same", amount=amounts, open=False)
    assert (
        toys.CODEC.decode(Grammar(toys.CODEC.schema, value_partition_capacity=None).encode(message))
        == message
    )


def test_nesting_beyond_the_limit_is_refused_both_ways(toys: ModuleType) -> None:
    inner = toys.AnyElement(namespace="urn:else", name="e")
    for _ in range(200):
        inner = toys.AnyElement(namespace="urn:else", name="e", content=(inner,))
    message = toys.Drawing(title="deep", note=toys.Note(content=(inner,)), open=True)
    with pytest.raises(EncodeError, match="deeper than the limit"):
        toys.CODEC.encode(message)
    data = Grammar(toys.CODEC.schema, depth=500).encode(message)
    with pytest.raises(DecodeError, match="deeper than the limit"):
        toys.CODEC.decode(data)


def test_a_schema_without_classes_has_events_only(toys: ModuleType, toy_xsd: Path) -> None:
    grammar = Grammar(schema_from_xsd(toy_xsd))
    data = toys.CODEC.encode(toys.DRAWING)
    assert grammar.encode_events(grammar.decode_events(data)) == data
    with pytest.raises(DecodeError, match="a type without a class"):
        grammar.decode(data)


def test_events_without_sense_are_refused(toys: ModuleType) -> None:
    grammar = toys.CODEC.grammar
    for events in (
        [],
        [(1,)],
        [(3, "x")],
        [(0, "urn:toy", "Circle")],
        [(0, "urn:toy", "Circle"), (1,), (1,)],
    ):
        with pytest.raises(EncodeError):
            grammar.encode_events(events)
    for nonsense in ([(9,)], [(0, "only")], ["text"], [()]):
        with pytest.raises((TypeError, IndexError)):
            grammar.encode_events(nonsense)


def test_tables_name_states_codes_widths_and_values(toys: ModuleType) -> None:
    lines = toys.CODEC.grammar.tables()
    assert any(line.startswith("document s0") for line in lines)
    assert any("SE({urn:toy}Radius)" in line and "Unsigned:Integer min=0 max=65535" in line for line in lines)
    assert any("NBit:Integer bits=7 low=0 last=100" in line for line in lines)
    assert any('of=["red", "green", "blue"]' in line for line in lines)
    assert len(toys.CODEC.grammar.fingerprint()) == 32
