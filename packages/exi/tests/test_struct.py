"""Frozen classes with slots: how their objects take values, and what is said about wrong ones."""

from itertools import permutations
from typing import Any

import pytest

from evproto.exi._native import Fields
from evproto.exi.struct import Struct


class Point(Struct):
    x: int
    y: int = 0
    z: int = 0


class Named(Point):
    name: str = "P"


class Empty(Struct):
    pass


def test_values_may_come_in_any_order() -> None:
    for names in permutations(("x", "y", "z")):
        made = Point(**{name: index for index, name in enumerate(names)})
        assert [getattr(made, name) for name in names] == [0, 1, 2]


def test_values_may_come_without_their_names() -> None:
    assert Point(1, 2) == Point(1, y=2) == Point(x=1, y=2, z=0)
    assert repr(Named(1, 2, 3, "Q")) == "Named(x=1, y=2, z=3, name='Q')"
    assert Empty() == Empty()


@pytest.mark.parametrize(
    ("given", "named", "reason"),
    [
        ((), {"y": 1}, r"Point.__init__\(\) missing 1 required positional argument: 'x'"),
        ((1,), {"x": 1}, r"Point.__init__\(\) got multiple values for argument 'x'"),
        ((1,), {"size": 1}, r"Point.__init__\(\) got an unexpected keyword argument 'size'"),
        ((1, 2, 3, 4), {}, r"Point.__init__\(\) takes from 2 to 4 positional arguments but 5 were given"),
    ],
)
def test_wrong_values_are_refused_as_python_refuses_them(given: Any, named: Any, reason: str) -> None:
    with pytest.raises(TypeError, match=reason):
        Point(*given, **named)


def test_a_field_that_is_set_again_lets_the_old_value_go() -> None:
    point = Point([], [])  # type: ignore[arg-type]
    point.__init__(1, 2)  # type: ignore[misc]
    assert point == Point(1, 2)


def test_only_slots_of_the_class_are_filled() -> None:
    fields = Fields(Point, ("x", "y", "z"), {"y": 0, "z": 0}, True)
    with pytest.raises(TypeError, match="another class"):
        fields.fill(Empty(), (1, 2, 3), {})
    assert fields.fill(Named(1), (1, 2, 3), {})
    with pytest.raises(TypeError, match=r"Struct\.__init__ is no slot"):
        Fields(Struct, ("__init__",), {}, True)
