"""Annotations that are texts mean what they would mean as objects."""

from __future__ import annotations

import enum
import typing
from typing import Annotated, Optional

import pytest
from annotated_types import Interval as ForeignInterval

from evproto.exi import Codec, Message, Namespace, attribute, element, ref, types
from evproto.exi.schema import Particle, Schema
from evproto.exi.types import Byte, Interval

SPACE = Namespace("urn:texts", qualified_attributes=True)

Percent = Annotated[Byte, SPACE.simple("percentType"), Interval(ge=0, le=100)]
MaybePercent = Percent | None


class Lid(Message, namespace=SPACE, element="Lid"):
    id: types.ID | None = attribute("Id", default=None)
    size: Percent = element("Size")


class Box(Message, namespace=SPACE, element="Box"):
    @SPACE.enumeration("kindType")
    class Kind(enum.Enum):
        BIG = "big"

    kind: Kind = element("Kind")
    dotted: types.UnsignedByte | None = element("Dotted", default=None)
    alias: MaybePercent = element("Alias", default=None)
    old: Optional[Percent] = element("Old", default=None)  # noqa: UP045 what older programs write
    plain: tuple[int, ...] = element("Plain", default=(), occurs=(0, 3))
    several: tuple[types.UnsignedByte, ...] | None = element("Several", default=(), occurs=(0, None))
    inline: Annotated[int, ForeignInterval(gt=0, lt=9)] = element("Inline")
    lids: tuple[Lid, ...] = ref(default=(), occurs=(0, 2))


CODEC = Codec("texts", SPACE)


def field(name: str) -> tuple[Particle, Schema]:
    schema = CODEC.schema
    box = next(one for one in schema.complex_types if one.cls is Box)
    assert box.particle is not None
    slot = box.fields.index(name)
    return next(part for part in box.particle.children if part.slot == slot), schema


@pytest.mark.parametrize(
    ("name", "least", "most", "repeated", "meant"),
    [
        ("kind", 1, 1, False, "kindType"),
        ("dotted", 0, 1, False, "unsignedByte"),
        ("alias", 0, 1, False, "percentType"),
        ("old", 0, 1, False, "percentType"),
        ("plain", 0, 3, True, "integer"),
        ("several", 0, None, True, "unsignedByte"),
        ("inline", 1, 1, False, None),
    ],
)
def test_a_text_is_read_as_the_object_that_it_means(
    name: str, least: int, most: int | None, repeated: bool, meant: str | None
) -> None:
    part, schema = field(name)
    assert (part.minimum, part.maximum, part.repeated) == (least, most, repeated)
    assert part.element is not None
    made = schema.simple_types[schema.elements[part.element].type.index]
    assert (made.name and made.name.local) == meant


def test_an_optional_attribute_is_one_as_text() -> None:
    lid = next(one for one in CODEC.schema.complex_types if one.cls is Lid)
    assert [use.required for use in lid.attributes] == [False]


def test_a_message_of_such_classes_comes_back() -> None:
    box = Box(kind=Box.Kind.BIG, inline=4, plain=(1, 2), lids=(Lid(id="a", size=100),))
    assert CODEC.decode(CODEC.encode(box)) == box


def test_typing_reads_the_same_annotations() -> None:
    hints = typing.get_type_hints(Lid, include_extras=True)
    assert hints == {"id": types.ID | None, "size": Percent}


def test_a_name_that_means_nothing_is_named_with_its_field() -> None:
    space = Namespace("urn:nothing")

    class Wrong(Message, namespace=space, element="Wrong"):
        size: Nowhere = element("Size")  # type: ignore[name-defined]  # noqa: F821

    with pytest.raises(TypeError, match=r"Wrong\.size: the annotation Nowhere cannot be read: .*Nowhere"):
        Codec("wrong", space).grammar  # noqa: B018
