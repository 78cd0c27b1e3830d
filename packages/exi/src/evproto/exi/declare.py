"""Declared messages: a typed class stands for an XML type, and for an element where it names one.

A class is frozen, has slots and takes keywords only (see `evproto.exi.struct`).
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any, TypeVar, dataclass_transform

from ._native import Declaration
from .fields import (
    GlobalElement,
    attribute,
    children,
    element,
    ref,
    text,
    wildcard,
)
from .names import QName
from .struct import Struct, StructType
from .types import TypeName

EnumT = TypeVar("EnumT", bound=type[enum.Enum])


class Namespace:
    """An XML namespace and what is declared in it; declarations enter themselves.

    `qualified_elements` and `qualified_attributes` are the habits of its local declarations
    (elementFormDefault and attributeFormDefault of a schema document).
    """

    def __init__(
        self, uri: str, *, qualified_elements: bool = True, qualified_attributes: bool = False
    ) -> None:
        self.uri = uri
        self.qualified_elements = qualified_elements
        self.qualified_attributes = qualified_attributes
        self.classes: list[type[Message]] = []
        self.global_elements: list[GlobalElement] = []
        self.simple_types: list[object] = []

    def __repr__(self) -> str:
        return f"Namespace({self.uri!r})"

    def simple(self, name: str) -> TypeName:
        """The marker that makes an `Annotated` type a named simple type of this namespace."""
        return TypeName(QName(self.uri, name))

    def declare(self, *types: object) -> None:
        """Enter simple types that no field uses: their names stand in the string table."""
        self.simple_types.extend(types)

    def enumeration(self, name: str) -> Callable[[EnumT], EnumT]:
        """Decorate an `enum.Enum`, its values the lexical ones in schema order, with its type name."""

        def name_it(cls: EnumT) -> EnumT:
            cls.__exi_type__ = TypeName(QName(self.uri, name))  # type: ignore[attr-defined]
            return cls

        return name_it


@dataclass_transform(
    eq_default=True,
    frozen_default=True,
    kw_only_default=True,
    field_specifiers=(element, ref, attribute, text, children, wildcard),
)
class MessageType(StructType):
    """Makes slots of the fields. Keywords of a class statement:

    namespace: its `Namespace`, inherited. element: the global element of this type. type: the
    name of the type, None when anonymous; by default that of the element, or of the class, with
    "Type" after it. abstract, mixed: as in XML Schema. content: the content model where it is
    not the plain sequence of the fields. base: True for a class that only carries a namespace.
    simple: the name of an element of simple type, of which the class is a wrapper with one
    `text()`; local: True when that element is no global one.
    """

    __exi__: Declaration
    positional = False

    def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any], **options: Any) -> StructType:
        declaration = Declaration(name, bases, body, options)
        body["__exi__"] = declaration
        made = cls.make(name, bases, body, declaration.defaults)
        declaration.bind(made)
        return made


class Message(Struct, metaclass=MessageType, base=True):
    """Base of all declared classes."""


class AnyAttribute(Message, base=True):
    """An attribute of an `AnyElement`."""

    namespace: str = text()
    name: str = text()
    value: str = text()


class AnyElement(Message, base=True):
    """What a wildcard let in, as a generic tree; texts are lexical values."""

    namespace: str = text()
    name: str = text()
    attributes: tuple[AnyAttribute, ...] = text(default=())
    content: tuple[str | AnyElement, ...] = text(default=())
