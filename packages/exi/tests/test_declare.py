"""Declared classes: what they are in Python, and what is said about a wrong declaration."""

import copy
import dataclasses
import gc
import pickle
import weakref
from types import ModuleType
from typing import Any

import pytest

from evproto.exi import (
    Codec,
    Message,
    Namespace,
    attribute,
    children,
    choice,
    element,
    optional,
    ref,
    sequence,
    text,
)
from evproto.exi.types import UnsignedByte


def test_a_message_is_frozen_and_has_slots(toys: ModuleType) -> None:
    circle = toys.Circle(colour=toys.Colour.RED, radius=1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        circle.radius = 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        del circle.radius
    assert not hasattr(circle, "__dict__")


def test_a_message_takes_all_its_fields_and_no_others(toys: ModuleType) -> None:
    with pytest.raises(TypeError, match=r"Circle.*missing.*'radius'"):
        toys.Circle(colour=toys.Colour.RED)
    with pytest.raises(TypeError, match=r"Circle.*unexpected.*'size'"):
        toys.Circle(colour=toys.Colour.RED, radius=1, size=2)
    with pytest.raises(TypeError):
        toys.Circle(toys.Colour.RED, 1)


def test_messages_are_equal_and_hash_by_class_and_values(toys: ModuleType) -> None:
    one = toys.Circle(colour=toys.Colour.RED, radius=1)
    assert one == toys.Circle(colour=toys.Colour.RED, radius=1)
    assert hash(one) == hash(toys.Circle(colour=toys.Colour.RED, radius=1))
    assert one != toys.Circle(colour=toys.Colour.RED, radius=2)
    assert one != toys.Square(colour=toys.Colour.RED, side=(1,))
    assert repr(one) == "Circle(colour=<Colour.RED: 'red'>, radius=1)"


def test_dataclass_tools_work_on_a_message(toys: ModuleType) -> None:
    one = toys.Circle(colour=toys.Colour.RED, radius=1)
    assert dataclasses.is_dataclass(one)
    assert [field.name for field in dataclasses.fields(toys.Circle)] == ["colour", "radius"]
    assert dataclasses.replace(one, radius=9).radius == 9
    assert one.__replace__(radius=9).radius == 9
    assert dataclasses.asdict(one) == {"colour": toys.Colour.RED, "radius": 1}


def test_a_message_can_be_copied_and_pickled(toys: ModuleType) -> None:
    assert copy.deepcopy(toys.DRAWING) == toys.DRAWING
    data = pickle.dumps(Key(value=3))
    assert pickle.loads(data) == Key(value=3)


PICKLES = Namespace("urn:pickles")


class Key(Message, namespace=PICKLES, element="Key"):
    value: UnsignedByte = element("Value")


def wrong(make: Any) -> str:
    """What is said when the classes that `make` declares in a namespace are compiled."""
    space = Namespace("urn:wrong")
    with pytest.raises(TypeError) as caught:
        make(space)
        Codec("wrong", space).schema  # noqa: B018
    return str(caught.value)


def test_a_field_of_no_type_is_named_with_its_class() -> None:
    def make(space: Namespace) -> None:
        class Box(Message, namespace=space, element="Box"):
            lid: list[int] = element("Lid")

    assert wrong(make).startswith("Box.lid: ")


def test_a_tuple_without_occurs_is_named() -> None:
    def make(space: Namespace) -> None:
        class Box(Message, namespace=space, element="Box"):
            lid: tuple[int, ...] = element("Lid")

    assert wrong(make) == "Box.lid: a tuple needs occurs=(least, greatest)"


def test_an_optional_field_without_default_is_named() -> None:
    def make(space: Namespace) -> None:
        class Box(Message, namespace=space, element="Box"):
            lid: int | None = element("Lid")

    assert wrong(make) == "Box.lid: an optional field needs default=None"


def test_a_field_without_annotation_is_named() -> None:
    def make(space: Namespace) -> None:
        class Box(Message, namespace=space, element="Box"):
            lid = element("Lid")

    assert wrong(make) == "Box.lid: has no annotation"


def test_a_reference_to_a_class_without_element_is_named() -> None:
    def make(space: Namespace) -> None:
        class Lid(Message, namespace=space):
            size: int = element("Size")

        class Box(Message, namespace=space, element="Box"):
            lid: Lid = ref()

    assert wrong(make).startswith("Box.lid: ")


def test_a_class_of_a_foreign_namespace_is_named() -> None:
    def make(space: Namespace) -> None:
        class Lid(Message, namespace=Namespace("urn:not-in-codec")):
            size: int = element("Size")

        class Box(Message, namespace=space, element="Box"):
            lid: Lid = element("Lid")

    assert wrong(make) == "Box.lid: its class Lid is in none of the namespaces of the codec"


def test_a_content_model_with_an_unknown_field_is_named() -> None:
    def make(space: Namespace) -> None:
        class Box(Message, namespace=space, element="Box", content=choice("lid", "bottom")):
            lid: int | None = element("Lid", default=None)

    assert wrong(make) == "Box: the content model names the unknown field 'bottom'"


def test_mixed_content_without_children_is_named() -> None:
    def make(space: Namespace) -> None:
        class Box(Message, namespace=space, element="Box", mixed=True):
            id: str = attribute("Id")

    assert wrong(make) == "Box: mixed content needs a field made by children()"


def test_a_class_without_element_in_ordered_content_is_named() -> None:
    def make(space: Namespace) -> None:
        class Lid(Message, namespace=space):
            value: int = text()

        class Box(Message, namespace=space, element="Box"):
            content: tuple[Lid, ...] = children(Lid)

    assert wrong(make) == "Box: Lid declares no element"


def test_a_class_that_nobody_holds_any_more_goes() -> None:
    def make() -> weakref.ref[type]:
        class Box(Message, namespace=Namespace("urn:gone"), element="Box"):
            lid: UnsignedByte = element("Lid")

        return weakref.ref(Box)

    gone = make()
    gc.collect()
    assert gone() is None


def test_an_unknown_class_keyword_is_refused() -> None:
    with pytest.raises(TypeError, match="Box: unknown class keyword colour"):

        class Box(Message, namespace=Namespace("urn:x"), element="Box", colour="red"):
            pass


def test_a_class_without_namespace_is_refused() -> None:
    with pytest.raises(TypeError, match="Box: a message class needs a namespace"):

        class Box(Message, element="Box"):
            pass


def test_a_count_around_a_group_is_the_number_of_its_copies() -> None:
    space = Namespace("urn:boxes")

    class Box(Message, namespace=space, element="Box", content=sequence("lid", optional(choice("a", "b")))):
        lid: int = element("Lid")
        a: int | None = element("A", default=None)
        b: int | None = element("B", default=None)

    codec = Codec("boxes", space)
    for box in (Box(lid=1), Box(lid=1, b=2)):
        assert codec.decode(codec.encode(box)) == box
    particle = codec.schema.complex_types[0].particle
    assert particle is not None
    assert [(part.minimum, part.maximum) for part in particle.children] == [(1, 1), (0, 1)]
