"""Frozen classes with slots that share one implementation of the usual methods.

Like frozen dataclasses, and `dataclasses.fields`, `replace` and `asdict` work on them; but a class
costs microseconds to create, as no code is compiled for it. A protocol has hundreds of them, and
every program start pays for each.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NoReturn, Self, TypeVar, dataclass_transform

if TYPE_CHECKING:
    import dataclasses

MISSING: Final[Any] = object()
"""The default of a field that has to be given."""


class Layout:
    """The fields of a class, those of its bases first; the class holds it as `__layout__`.

    What only objects need is made when the first of them does.
    """

    def __init__(self, cls: StructType, fields: dict[str, Any]) -> None:
        self.cls = cls
        self.fields = fields
        """The default of each field, or MISSING."""
        self.names = tuple(fields)

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """The fields that need not be given."""
        return {name: default for name, default in self.fields.items() if default is not MISSING}

    @cached_property
    def fill(self) -> Callable[[object, tuple[object, ...], dict[str, object]], bool]:
        """What fills the slots of a new object; False for values that are not those of the fields."""
        from ._native import Fields

        return Fields(self.cls, self.names, self.defaults, self.cls.positional).fill

    @cached_property
    def init(self) -> Callable[..., None]:
        """The same as a function with the fields as its parameters: it says what is wrong with values."""
        return _compiled_init(self)

    @cached_property
    def values(self) -> Callable[[object], tuple[object, ...]]:
        """The values of an object."""
        if len(self.names) > 1:
            return operator.attrgetter(*self.names)
        if self.names:
            only = operator.attrgetter(*self.names)
            return lambda struct: (only(struct),)
        return lambda struct: ()

    @cached_property
    def pick(self) -> Callable[[dict[str, Any]], tuple[object, ...]]:
        """The values that are held by a dict; KeyError when one is missing."""
        if len(self.names) > 1:
            return operator.itemgetter(*self.names)
        return lambda held: tuple(held[name] for name in self.names)


def _compiled_init(layout: Layout) -> Callable[..., None]:
    names = layout.names
    spaces: dict[str, Any] = {f"_default_{name}": default for name, default in layout.defaults.items()}
    parameters = [f"{name}=_default_{name}" if name in layout.defaults else name for name in names]
    head = ", ".join(["self", *([] if layout.cls.positional or not names else ["*"]), *parameters])
    exec(f"def __init__({head}): pass", spaces)  # the names are identifiers: fields of a class
    made: Callable[..., None] = spaces["__init__"]
    made.__qualname__ = f"{layout.cls.__qualname__}.__init__"
    return made


@dataclass_transform(eq_default=True, frozen_default=True)
class StructType(type):
    """Makes slots of the annotated names; what stands behind an equals sign is a default."""

    __layout__: Layout
    positional = True
    """Whether values may be given in the order of the fields, without their names."""

    def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> StructType:
        own = {key: body.pop(key, MISSING) for key in body.get("__annotations__", ())}
        return cls.make(name, bases, body, own)

    @classmethod
    def make(
        cls, name: str, bases: tuple[type, ...], body: dict[str, Any], own: dict[str, Any]
    ) -> StructType:
        """The class with the given fields of its own, by name with their defaults."""
        inherited: dict[str, Any] = {}
        for base in bases:
            if isinstance(base, StructType):
                inherited = base.__layout__.fields
        body["__slots__"] = tuple(own)
        made = type.__new__(cls, name, bases, body)
        made.__layout__ = Layout(made, {**inherited, **own})
        return made

    @property
    def __dataclass_fields__(cls) -> dict[str, dataclasses.Field[Any]]:
        return _dataclass_fields(cls.__layout__)


class Struct(metaclass=StructType):
    """Base of such classes."""

    def __init__(self, /, *given: Any, **values: Any) -> None:
        layout = type(self).__layout__
        if not layout.fill(self, given, values):
            layout.init(self, *given, **values)

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        values = type(self).__layout__.values
        return values(self) == values(other)

    def __hash__(self) -> int:
        cls = self.__class__
        return hash((cls, cls.__layout__.values(self)))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in type(self).__layout__.names)
        return f"{type(self).__name__}({shown})"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        _frozen(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        _frozen(f"cannot delete field {name!r}")

    def __reduce__(self) -> tuple[object, ...]:
        layout = type(self).__layout__
        return (_rebuild, (type(self), dict(zip(layout.names, layout.values(self), strict=True))))

    def __replace__(self, **changes: Any) -> Self:
        return evolve(self, **changes)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    @property
    def __dataclass_fields__(self) -> dict[str, dataclasses.Field[Any]]:
        return _dataclass_fields(type(self).__layout__)


StructT = TypeVar("StructT", bound=Struct)


def evolve(struct: StructT, **changes: Any) -> StructT:
    """The same object with some fields changed; `dataclasses.replace`, but fast."""
    layout = type(struct).__layout__
    return type(struct)(**{**dict(zip(layout.names, layout.values(struct), strict=True)), **changes})


# The module dataclasses takes longer to load than this package, and few programs need it here.


def _frozen(reason: str) -> NoReturn:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(reason)


def _dataclass_fields(layout: Layout) -> dict[str, dataclasses.Field[Any]]:
    import dataclasses

    annotations: dict[str, Any] = {}
    for cls in reversed(layout.cls.__mro__):
        annotations.update(getattr(cls, "__annotations__", {}))
    fields = {}
    for name in layout.names:
        default: Any = layout.defaults.get(name, dataclasses.MISSING)
        field: dataclasses.Field[Any] = dataclasses.field(default=default)
        field.name = name
        field.type = annotations.get(name, Any)
        field._field_type = dataclasses._FIELD  # type: ignore[attr-defined]
        fields[name] = field
    return fields


def _rebuild(cls: type[Struct], values: dict[str, object]) -> Struct:
    return cls(**values)
