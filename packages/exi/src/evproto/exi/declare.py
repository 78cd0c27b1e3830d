"""Declared messages: a typed class stands for an XML type, and for an element where it names one.

A class is frozen, has slots and takes keywords only; `dataclasses.fields` and `replace` work on
it. All classes share one implementation of the usual methods instead of compiling their own:
creating the classes of a protocol has to cost milliseconds, as every program start pays for it.
"""

from __future__ import annotations

import dataclasses
import enum
import inspect
import operator
from collections.abc import Callable, Iterator
from typing import Any, NoReturn, Self, TypeVar, cast, dataclass_transform

from .fields import (
    MISSING,
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
from .schema import QName
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
        "defaults",
        "element",
        "element_is_global",
        "mixed",
        "namespace",
        "parent",
        "setters",
        "simple",
        "specs",
        "type_name",
        "values",
    )

    cls: type[Message]
    values: Callable[[object], tuple[object, ...]]

    def __init__(self, name: str, parent: Declaration | None, specs: dict[str, FieldSpec]) -> None:
        self.parent = parent
        self.specs: dict[str, FieldSpec] = {**parent.specs, **specs} if parent else specs
        self.namespace: Namespace | None = parent.namespace if parent else None
        self.type_name: str | None = name + "Type"
        self.element: str | None = None
        self.element_is_global = True
        self.abstract = False
        self.mixed = False
        self.simple = False
        self.content: GroupTerm | None = None
        self.defaults = {key: spec.default for key, spec in self.specs.items() if spec.default is not MISSING}
        self.setters: tuple[tuple[str, Callable[[object, object], None]], ...] = ()

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

    def bind(self, cls: MessageType) -> None:
        """Take the slots of the finished class."""
        self.cls = cast("type[Message]", cls)
        self.setters = tuple((name, getattr(cls, name).__set__) for name in self.specs)
        names = tuple(self.specs)
        if len(names) > 1:
            self.values = operator.attrgetter(*names)
        else:
            self.values = lambda message: tuple(getattr(message, name) for name in names)

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
class MessageType(type):
    """Makes slots of the fields. Keywords of a class statement:

    namespace: its `Namespace`, inherited. element: the global element of this type. type: the
    name of the type, None when anonymous; by default that of the element, or of the class, with
    "Type" after it. abstract, mixed: as in XML Schema. content: the content model where it is
    not the plain sequence of the fields. base: True for a class that only carries a namespace.
    simple: the name of an element of simple type, of which the class is a wrapper with one
    `text()`; local: True when that element is no global one.
    """

    __exi__: Declaration

    def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any], **options: Any) -> MessageType:
        specs = {key: value for key, value in body.items() if isinstance(value, FieldSpec)}
        for key in specs:
            del body[key]
        parents = [base for base in bases if isinstance(base, MessageType)]
        if len(parents) > 1:
            raise TypeError(f"{name}: a message class has one message class as its base")
        declaration = Declaration(name, parents[0].__exi__ if parents else None, specs)
        declaration.apply(name, options)
        body["__slots__"] = tuple(specs)
        body["__exi__"] = declaration
        made = super().__new__(cls, name, bases, body)
        declaration.bind(made)
        if declaration.is_type and declaration.namespace:
            declaration.namespace.classes.append(made)  # type: ignore[arg-type]
        return made

    def __init__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any], **_options: Any) -> None:
        super().__init__(name, bases, body)

    @property
    def __dataclass_fields__(cls) -> dict[str, dataclasses.Field[Any]]:
        return _dataclass_fields(cls.__exi__)


class Message(metaclass=MessageType, base=True):
    """Base of all declared classes."""

    def __init__(self, **values: object) -> None:
        declaration = type(self).__exi__
        given = {**declaration.defaults, **values}
        try:
            for name, set_slot in declaration.setters:
                set_slot(self, given[name])
        except KeyError:
            missing = [name for name in declaration.specs if name not in given]
            raise TypeError(f"{type(self).__name__}: missing {', '.join(missing)}") from None
        if len(given) > len(declaration.setters):
            surplus = [name for name in given if name not in declaration.specs]
            raise TypeError(f"{type(self).__name__}: unknown {', '.join(surplus)}")

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        values = type(self).__exi__.values
        return values(self) == values(other)

    def __hash__(self) -> int:
        return hash((type(self), type(self).__exi__.values(self)))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in type(self).__exi__.specs)
        return f"{type(self).__name__}({shown})"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), dict(self._items())))

    @property
    def __dataclass_fields__(self) -> dict[str, dataclasses.Field[Any]]:
        return _dataclass_fields(type(self).__exi__)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def _items(self) -> Iterator[tuple[str, object]]:
        return ((name, getattr(self, name)) for name in type(self).__exi__.specs)


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


def _dataclass_fields(declaration: Declaration) -> dict[str, dataclasses.Field[Any]]:
    annotations: dict[str, Any] = {}
    for cls in reversed(declaration.cls.__mro__):
        annotations.update(inspect.get_annotations(cls))
    fields = {}
    for name, spec in declaration.specs.items():
        default: Any = dataclasses.MISSING if spec.default is MISSING else spec.default
        field: dataclasses.Field[Any] = dataclasses.field(default=default, kw_only=True)
        field.name = name
        field.type = annotations.get(name, Any)
        field._field_type = dataclasses._FIELD  # type: ignore[attr-defined]
        fields[name] = field
    return fields


def _rebuild(cls: type[Message], values: dict[str, object]) -> Message:
    return cls(**values)
