"""Objects of message classes are recycled when they die; nothing of that may be seen from outside."""

from __future__ import annotations

import gc
import sys
import weakref
from typing import Any

from evproto.exi import Codec, Message, Namespace, element
from evproto.exi.types import Base64Binary

NAMESPACE = Namespace("urn:example:recycling")


class Node(Message, namespace=NAMESPACE, element="Node"):
    """Two values."""

    left: Base64Binary = element("Left")
    right: Base64Binary | None = element("Right", default=None)


CODEC = Codec("recycling", NAMESPACE)


class Value:
    """Stands for a value and can be watched; what a field holds is checked when it is encoded."""

    node: Any = None


def decoded() -> Node:
    node = CODEC.decode(CODEC.encode(Node(left=b"left", right=b"right")))
    assert isinstance(node, Node)
    return node


def node_of(left: Any, right: Any = None) -> Node:
    return Node(left=left, right=right)


def test_a_dead_message_gives_up_its_values() -> None:
    decoded()  # the class is bound, and recycled from here on
    value = Value()
    seen = weakref.ref(value)
    node = node_of(value)
    del value
    assert seen() is not None
    del node
    assert seen() is None


def test_a_recycled_object_has_nothing_of_the_one_before() -> None:
    data = CODEC.encode(Node(left=b"other"))
    first = decoded()
    address = id(first)
    del first
    again = CODEC.decode(data)
    assert id(again) == address
    assert again == Node(left=b"other")
    assert again.right is None


def test_classes_and_values_keep_their_reference_counts() -> None:
    decoded()
    value = Value()
    gc.collect()
    before = sys.getrefcount(Node), sys.getrefcount(value), sys.getrefcount(None)
    nodes = [node_of(value) for _ in range(1000)]
    nodes += [decoded() for _ in range(1000)]
    del nodes
    after = sys.getrefcount(Node), sys.getrefcount(value), sys.getrefcount(None)
    # Up to 256 dead objects are kept, and each keeps its class; those of other tests count too.
    assert abs(after[0] - before[0]) <= 256
    assert after[1] == before[1]
    # A thousand of these nodes held it; what else goes on in the interpreter is far less.
    assert abs(after[2] - before[2]) < 500


def test_no_memory_is_lost_however_many_messages_come_and_go() -> None:
    data = CODEC.encode(Node(left=bytes(100), right=bytes(100)))
    for _ in range(100):
        CODEC.decode(data)
    before = sys.getallocatedblocks()
    for _ in range(20_000):
        CODEC.decode(data)
    assert sys.getallocatedblocks() - before < 100


def test_objects_of_a_derived_class_die_as_python_objects_do() -> None:
    decoded()

    class Longer(Node, element="Longer"):
        """Is not bound to a grammar, so Python destroys its objects, and ours those of its base."""

        middle: Base64Binary = element("Middle")

    values: list[Any] = [Value(), Value(), Value()]
    seen = [weakref.ref(value) for value in values]
    longer = Longer(left=values[0], right=values[1], middle=values[2])
    del values
    assert all(reference() for reference in seen)
    del longer
    assert not any(reference() for reference in seen)


def test_a_message_in_a_cycle_is_collected() -> None:
    decoded()
    value = Value()
    value.node = node_of(value)
    seen = weakref.ref(value)
    del value
    gc.collect()
    assert seen() is None


def test_messages_nested_very_deep_die_without_a_crash() -> None:
    deep: Any = decoded()
    for _ in range(200_000):
        deep = node_of(deep)
    del deep
