"""Declared messages: a typed class stands for an XML type, and for an element where it names one.

A class is frozen, has slots and takes keywords only (see `evproto.exi.struct`).
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any, TypeVar, cast, dataclass_transform

from .fields import (
    FieldSpec,
    GlobalElement,
    GroupTerm,
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


class Declaration:
    """What a class says of its XML type; the class holds it as `__exi__`."""

    __slots__ = (
        "abstract",
        "cls",
        "content",
        "element",
        "element_is_global",
        "mixed",
        "namespace",
        "own",
        "parent",
        "simple",
        "specs",
        "type_name",
    )

    cls: type[Message]

    def __init__(self, name: str, parent: Declaration | None, specs: dict[str, FieldSpec]) -> None:
        self.parent = parent
        self.own = specs
        """The fields that the class itself declares."""
        self.specs: dict[str, FieldSpec] = {**parent.specs, **specs} if parent else specs
        """All fields, those of its bases first: the place of one is its slot."""
        self.namespace: Namespace | None = parent.namespace if parent else None
        self.type_name: str | None = name + "Type"
        self.element: str | None = None
        self.element_is_global = True
        self.abstract = False
        self.mixed = False
        self.simple = False
        self.content: GroupTerm | None = None

    def apply(self, name: str, options: dict[str, Any]) -> None:
        """Take the keywords of the class statement."""
        if options.pop("base", False):
            self.type_name = None
        self.namespace = options.pop("namespace", self.namespace)
        if wrapped := options.pop("simple", None):
            self.simple = True
            self.type_name = None
            self.element = wrapped
            self.element_is_global = not options.pop("local", False)
        elif named := options.pop("element", None):
            self.element = named
            self.type_name = named + "Type"
        self.type_name = options.pop("type", self.type_name)
        self.abstract = options.pop("abstract", False)
        self.mixed = options.pop("mixed", False)
        self.content = options.pop("content", None)
        if options:
            raise TypeError(f"{name}: unknown class keyword {', '.join(options)}")
        if self.is_type and self.namespace is None:
            raise TypeError(f"{name}: a message class needs a namespace")

    @property
    def is_type(self) -> bool:
        """Whether the class stands for something in a schema, rather than carrying a namespace."""
        return self.type_name is not None or self.element is not None

    @property
    def head(self) -> Declaration | None:
        """The head of the substitution group to which the element belongs."""
        parent = self.parent
        return parent if self.element and parent and parent.element else None


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

    def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any], **options: Any) -> MessageType:
        specs = {key: value for key, value in body.items() if isinstance(value, FieldSpec)}
        for key in specs:
            del body[key]
        parents = [base for base in bases if isinstance(base, MessageType)]
        if len(parents) > 1:
            raise TypeError(f"{name}: a message class has one message class as its base")
        declaration = Declaration(name, parents[0].__exi__ if parents else None, specs)
        declaration.apply(name, options)
        body["__exi__"] = declaration
        made = cast("type[Message]", cls.make(name, bases, body, {k: v.default for k, v in specs.items()}))
        declaration.cls = made
        if declaration.is_type and declaration.namespace:
            declaration.namespace.classes.append(made)
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
