"""How the native module fills and reads objects: slots, references, refusals."""

import dataclasses
import gc
import sys
from types import ModuleType

import pytest

from evproto.core import DecodeError, EncodeError
from evproto.exi._native import Grammar
from evproto.exi.schema import (
    ComplexType,
    Content,
    Element,
    Group,
    Particle,
    Primitive,
    QName,
    Schema,
    SimpleType,
    TypeRef,
)

XSD = "http://www.w3.org/2001/XMLSchema"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
UINT = SimpleType(name=QName("urn:x", "uint"), primitive=Primitive.INTEGER, minimum=0)


def schema_of(cls: type, fields: tuple[str, ...], *, slot: int = 0, maximum: int | None = 1) -> Schema:
    """One element `root` whose class has one field of integers."""
    many = maximum != 1
    leaf = Particle(minimum=0, maximum=maximum, element=1, slot=slot, repeated=many)
    root = ComplexType(
        name=QName("urn:x", "rootType"),
        content=Content.ELEMENTS,
        particle=Particle(group=Group.SEQUENCE, children=(leaf,)),
        cls=cls,
        fields=fields,
    )
    elements = (
        Element(name=QName("urn:x", "root"), type=TypeRef(True, 0), is_global=True),
        Element(name=QName("", "n"), type=TypeRef(False, 0)),
    )
    return Schema(namespaces=("urn:x",), simple_types=(UINT,), complex_types=(root,), elements=elements)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class One:
    n: int | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Many:
    n: tuple[int, ...] = ()


def allocated(work: object, rounds: int = 200) -> int:
    """How many more memory blocks there are after many calls than before."""
    assert callable(work)
    for _ in range(20):
        work()
    gc.collect()
    before = sys.getallocatedblocks()
    for _ in range(rounds):
        work()
    gc.collect()
    return sys.getallocatedblocks() - before


def test_plain_slotted_dataclasses_are_filled_and_read() -> None:
    grammar = Grammar(schema_of(One, ("n",)))
    for value in (None, 0, 1, 255, 256, 2**63 - 1, 2**63, 2**64, 2**500):
        assert grammar.decode(grammar.encode(One(n=value))) == One(n=value)


def test_absent_fields_are_none_or_the_empty_tuple() -> None:
    assert Grammar(schema_of(One, ("n",))).decode(Grammar(schema_of(One, ("n",))).encode(One())) == One()
    many = Grammar(schema_of(Many, ("n",), maximum=None))
    for count in (0, 1, 3, 1000):
        message = Many(n=tuple(range(count)))
        assert many.decode(many.encode(message)) == message


def test_a_class_without_the_slots_is_refused() -> None:
    class Loose:
        n = 3

    with pytest.raises(TypeError, match=r"Loose\.n is no slot"):
        Grammar(schema_of(Loose, ("n",)))


def test_a_slot_beyond_the_fields_is_refused() -> None:
    with pytest.raises(TypeError, match="a slot beyond its fields"):
        Grammar(schema_of(One, ("n",), slot=1))


def test_an_index_that_does_not_exist_is_refused() -> None:
    wrong = dataclasses.replace(schema_of(One, ("n",)), simple_types=())
    with pytest.raises(ValueError, match="cannot be compiled"):
        Grammar(wrong)


@pytest.mark.parametrize("value", [True, "1", 1.0, b"1", -1])
def test_a_value_of_another_kind_is_refused_with_its_path(value: object) -> None:
    grammar = Grammar(schema_of(One, ("n",)))
    with pytest.raises(EncodeError) as caught:
        grammar.encode(One(n=value))  # type: ignore[arg-type]
    assert caught.value.path == "root/n"


def test_an_object_of_another_class_is_refused(toys: ModuleType) -> None:
    grammar = toys.CODEC.grammar
    with pytest.raises(EncodeError, match="class of no element"):
        grammar.encode(3)
    with pytest.raises(EncodeError, match="expected Drawing, got Circle"):
        circle = toys.Circle(colour=toys.Colour.RED, radius=1)
        grammar.encode(circle, element=QName("urn:toy", "Drawing"))


def test_decoding_leaks_nothing(toys: ModuleType) -> None:
    data = toys.CODEC.encode(toys.DRAWING)
    assert allocated(lambda: toys.CODEC.decode(data)) < 20
    assert allocated(lambda: toys.CODEC.encode(toys.DRAWING)) < 20


def test_a_failed_decode_leaks_nothing(toys: ModuleType) -> None:
    data = toys.CODEC.encode(toys.DRAWING)

    def cut_everywhere() -> None:
        for end in range(len(data)):
            with pytest.raises(DecodeError):
                toys.CODEC.decode(data[:end])

    # What leaks does so each time; the interpreter's own caches grow in one of them at most.
    assert min(allocated(cut_everywhere, rounds=20) for _ in range(3)) < 40


def test_shared_values_keep_their_reference_counts(toys: ModuleType) -> None:
    data = toys.CODEC.encode(toys.DRAWING)
    shared = [toys.Colour.BLUE, toys.Colour.RED]
    before = [sys.getrefcount(value) for value in shared]
    for _ in range(100):
        toys.CODEC.decode(data)
        toys.CODEC.encode(toys.DRAWING)
    assert [sys.getrefcount(value) for value in shared] == before


def test_xsi_type_gives_an_object_of_the_derived_class(toys: ModuleType) -> None:
    grammar = toys.CODEC.grammar
    circle = toys.Circle(colour=toys.Colour.RED, radius=9)
    events = grammar.decode_events(grammar.encode(circle))
    typed = [(0, "urn:toy", "Shape"), (2, XSI, "type", "{urn:toy}CircleType"), *events[1:]]
    assert grammar.decode(grammar.encode_events(typed)) == circle


def test_xsi_type_of_an_unrelated_type_is_refused(toys: ModuleType) -> None:
    grammar = toys.CODEC.grammar
    typed = [(0, "urn:toy", "Circle"), (2, XSI, "type", "{urn:toy}KeyType"), (3, ""), (1,)]
    with pytest.raises(DecodeError, match="xsi:type KeyType does not fit") as caught:
        grammar.decode(grammar.encode_events(typed))
    assert caught.value.path == "Circle"


@pytest.mark.parametrize(("name", "value"), [("int", "2"), ("string", "red"), ("anySimpleType", "red")])
def test_xsi_type_of_a_value_has_to_derive_from_what_is_declared(
    toys: ModuleType, name: str, value: str
) -> None:
    with pytest.raises(DecodeError, match=f"xsi:type {name} does not fit") as caught:
        toys.CODEC.grammar.decode(with_value_type(toys, "Colour", name, value))
    assert caught.value.path == "Circle/Colour"


@pytest.mark.parametrize(
    ("name", "value", "radius"), [("unsignedByte", "9", 9), ("unsignedShort", "300", 300)]
)
def test_a_value_of_a_derived_type_is_one_of_the_declared_type(
    toys: ModuleType, name: str, value: str, radius: int
) -> None:
    circle = toys.CODEC.grammar.decode(with_value_type(toys, "Radius", name, value))
    assert circle == toys.Circle(colour=toys.Colour.RED, radius=radius)
    assert toys.CODEC.grammar.decode(toys.CODEC.grammar.encode(circle)) == circle


def with_value_type(toys: ModuleType, element: str, name: str, value: str) -> bytes:
    """A circle in which one value says by xsi:type what it is."""
    grammar = toys.CODEC.grammar
    events = []
    for event in grammar.decode_events(grammar.encode(toys.Circle(colour=toys.Colour.RED, radius=9))):
        if events and events[-1][:1] == (2,):
            event = (3, value)
        events.append(event)
        if event == (0, "urn:toy", element):
            events.append((2, XSI, "type", f"{{{XSD}}}{name}"))
    return bytes(grammar.encode_events(events))


def test_content_beside_the_schema_is_refused_with_its_place(toys: ModuleType) -> None:
    grammar = toys.CODEC.grammar
    stray = [
        (0, "urn:toy", "Circle"),
        (0, "urn:else", "more"),
        (1,),
        (0, "urn:toy", "Colour"),
        (3, "red"),
        (1,),
        (0, "urn:toy", "Radius"),
        (3, "1"),
        (1,),
        (1,),
    ]
    data = grammar.encode_events(stray, deviations=True)
    assert grammar.decode_events(data) == stray
    with pytest.raises(DecodeError, match="does not have here") as caught:
        grammar.decode(data)
    assert caught.value.path == "Circle/more"
    assert caught.value.unit == "bit"
