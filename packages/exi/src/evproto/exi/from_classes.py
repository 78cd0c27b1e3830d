"""Declared classes become schema components."""

from __future__ import annotations

import sys
import types
import typing
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeVar

from .declare import Declaration, Message, Namespace
from .fields import (
    CountedTerm,
    FieldSpec,
    GlobalElement,
    GroupTerm,
    LocalTerm,
    Occurs,
    Term,
)
from .schema import (
    AttributeUse,
    ComplexType,
    Content,
    Element,
    Group,
    Particle,
    QName,
    Schema,
    TypeRef,
    Wildcard,
    WildcardKind,
)
from .simple import ANY_TYPE, SimpleTypes
from .struct import MISSING

T = TypeVar("T")


def schema_from_namespaces(namespaces: Iterable[Namespace]) -> Schema:
    """The schema of all that the namespaces declare; TypeError names the class and field at fault."""
    return _Compiler(tuple(namespaces)).compile()


class _Annotation(NamedTuple):
    item: Any
    optional: bool
    repeated: bool


class _Compiler:
    def __init__(self, namespaces: tuple[Namespace, ...]) -> None:
        self.namespaces = namespaces
        self.simple = SimpleTypes()
        self.elements: list[Element] = []
        self.global_elements: dict[object, int] = {}
        """Index of a global element by its class or `GlobalElement`."""
        self.declarations = [cls.__exi__ for space in namespaces for cls in space.classes]
        complex_ones = [one for one in self.declarations if not one.simple]
        self.complex_index = {one.cls: index for index, one in enumerate(complex_ones)}
        self.complex_refs = [TypeRef(True, index) for index in range(len(complex_ones))]
        self.complex_declarations = complex_ones

    def compile(self) -> Schema:
        for space in self.namespaces:
            for unused in space.simple_types:
                self.simple.of(unused)
        for declaration in self.declarations:
            self._global_element_of(declaration)
        for space in self.namespaces:
            for declared in space.global_elements:
                self._global_element(declared)
        complex_types = (*(self._complex(one) for one in self.complex_declarations), ANY_TYPE)
        self.simple.complete()
        return Schema(
            namespaces=tuple(sorted(self._uris(complex_types))),
            simple_types=tuple(self.simple.found),
            complex_types=complex_types,
            elements=tuple(self.elements),
        )

    def _uris(self, complex_types: Iterable[ComplexType]) -> set[str]:
        uris = {space.uri for space in self.namespaces}
        for made in complex_types:
            uris.update(_wildcard_uris(made.particle))
        return uris

    # Elements

    def _global_element_of(self, declaration: Declaration) -> None:
        if declaration.element is None or not declaration.element_is_global:
            return
        if declaration.cls in self.global_elements:
            return
        head = declaration.head
        if head is not None:
            self._global_element_of(head)
        self.global_elements[declaration.cls] = len(self.elements)
        self.elements.append(
            Element(
                name=QName(_uri(declaration), declaration.element),
                type=self._type_of(declaration),
                is_global=True,
                abstract=declaration.abstract,
                substitutes=None if head is None else self.global_elements[head.cls],
            )
        )

    def _global_element(self, declared: GlobalElement) -> None:
        self.global_elements[declared] = len(self.elements)
        type_ref = TypeRef(False, self.simple.of(declared.type))
        self.elements.append(Element(name=declared.qname, type=type_ref, is_global=True))

    def _type_of(self, declaration: Declaration) -> TypeRef:
        if not declaration.simple:
            return self._class_type(declaration.cls)
        annotation = _annotation(declaration, "value")
        return TypeRef(False, _placed(declaration, "value", self.simple.of, annotation.item))

    def _class_type(self, cls: type) -> TypeRef:
        if cls not in self.complex_index:
            raise TypeError(f"its class {cls.__name__} is in none of the namespaces of the codec")
        return self.complex_refs[self.complex_index[cls]]

    def _local_element(
        self, declaration: Declaration, name: str, type_ref: TypeRef, nillable: bool = False
    ) -> int:
        space = declaration.namespace
        uri = space.uri if space is not None and space.qualified_elements else ""
        self.elements.append(Element(name=QName(uri, name), type=type_ref, nillable=nillable))
        return len(self.elements) - 1

    # Complex types

    def _complex(self, declaration: Declaration) -> ComplexType:
        slots = {name: slot for slot, name in enumerate(declaration.specs)}
        texts = [name for name, spec in declaration.specs.items() if spec.kind == "text"]
        particle = self._particle(declaration, slots)
        content = _content_kind(declaration, particle, bool(texts))
        return ComplexType(
            name=None if declaration.type_name is None else QName(_uri(declaration), declaration.type_name),
            content=content,
            base=self._base(declaration),
            abstract=declaration.abstract,
            simple=self._text_type(declaration, texts[0]) if texts else None,
            attributes=self._attributes(declaration, slots),
            particle=particle,
            cls=declaration.cls,
            fields=tuple(slots),
            text_slot=_text_slot(declaration, content, slots),
        )

    def _base(self, declaration: Declaration) -> int | None:
        parent = declaration.parent
        return None if parent is None else self.complex_index.get(parent.cls)

    def _text_type(self, declaration: Declaration, name: str) -> int:
        return _placed(declaration, name, self.simple.of, _annotation(declaration, name).item)

    def _attributes(self, declaration: Declaration, slots: dict[str, int]) -> tuple[AttributeUse, ...]:
        uses = []
        for name, spec in declaration.specs.items():
            if spec.kind != "attribute":
                continue
            space = declaration.namespace
            habit = space is not None and space.qualified_attributes
            qualified = habit if spec.qualified is None else spec.qualified
            annotation = _annotation(declaration, name)
            uses.append(
                AttributeUse(
                    name=QName(_uri(declaration) if qualified else "", spec.name),
                    type=_placed(declaration, name, self.simple.of, annotation.item),
                    required=not annotation.optional,
                    slot=slots[name],
                )
            )
        return tuple(sorted(uses, key=lambda use: (use.name.local, use.name.uri)))

    # Particles

    def _particle(self, declaration: Declaration, slots: dict[str, int]) -> Particle | None:
        parent = declaration.parent
        inherited = self._particle(parent, slots) if parent is not None and parent.is_type else None
        own_names = declaration.specs.keys() - (parent.specs.keys() if parent is not None else set())
        own: Particle | None
        if declaration.content is not None:
            own = self._term(declaration, declaration.content, slots, None)
        else:
            names = [name for name in declaration.specs if name in own_names]
            own = _sequence(
                [
                    self._field(declaration, name, slots)
                    for name in names
                    if declaration.specs[name].kind not in ("attribute", "text")
                ]
            )
        return _extended(inherited, own)

    def _field(
        self, declaration: Declaration, name: str, slots: dict[str, int], occurs: Occurs | None = None
    ) -> Particle:
        spec = declaration.specs.get(name)
        if spec is None:
            raise TypeError(f"{declaration.cls.__name__}: the content model names the unknown field {name!r}")
        if spec.kind == "children":
            return self._term(declaration, typing.cast(GroupTerm, spec.term), slots, slots[name])
        annotation = _annotation(declaration, name)
        if occurs is None:
            occurs = _placed(declaration, name, lambda _: _occurs(spec, annotation), None)
        if spec.kind == "wildcard":
            return Particle(
                minimum=occurs[0],
                maximum=occurs[1],
                wildcard=typing.cast(Wildcard, spec.term),
                slot=slots[name],
                repeated=annotation.repeated,
            )
        return Particle(
            minimum=occurs[0],
            maximum=occurs[1],
            element=_placed(
                declaration, name, lambda item: self._field_element(declaration, spec, item), annotation.item
            ),
            slot=slots[name],
            repeated=annotation.repeated,
        )

    def _field_element(self, declaration: Declaration, spec: FieldSpec, item: Any) -> int:
        if spec.kind == "ref":
            target = item if spec.term is None else spec.term
            if target not in self.global_elements:
                raise TypeError(f"{target!r} declares no global element of the codec's namespaces")
            return self.global_elements[target]
        if isinstance(item, type) and issubclass(item, Message):
            type_ref = self._class_type(item)
        else:
            type_ref = TypeRef(False, self.simple.of(item))
        # Inherited fields are local elements of the class that declared them.
        return self._local_element(_owner(declaration, spec), spec.name, type_ref, spec.nillable)

    def _term(
        self,
        declaration: Declaration,
        term: Term,
        slots: dict[str, int],
        slot: int | None,
        occurs: Occurs = (1, 1),
    ) -> Particle:
        """A part of a content model; `slot` is that of the ordered content it belongs to, if any."""
        minimum, maximum = occurs
        match term:
            case CountedTerm():
                if isinstance(term.term, str):
                    return self._field(declaration, term.term, slots, term.occurs)
                return self._term(declaration, term.term, slots, slot, term.occurs)
            case GroupTerm():
                inner = tuple(self._part(declaration, part, slots, slot) for part in term.terms)
                return Particle(
                    minimum=term.occurs[0], maximum=term.occurs[1], group=term.group, children=inner
                )
            case Wildcard():
                return Particle(minimum=minimum, maximum=maximum, wildcard=term, slot=slot, repeated=True)
            case LocalTerm():
                index = self._local_element(declaration, term.name, self._class_type(term.cls))
                return Particle(minimum=minimum, maximum=maximum, element=index, slot=slot, repeated=True)
            case type():
                return self._class_term(declaration, term, slot, occurs)
        raise TypeError(f"{declaration.cls.__name__}: {term!r} cannot stand in a content model")

    def _part(
        self, declaration: Declaration, term: Term, slots: dict[str, int], slot: int | None
    ) -> Particle:
        if isinstance(term, str):
            # A content model says by itself how often a field occurs; tuples say it with the field.
            spec = declaration.specs.get(term)
            fixed = None if spec is None or spec.occurs is not None else (1, 1)
            return self._field(declaration, term, slots, fixed)
        return self._term(declaration, term, slots, slot)

    def _class_term(self, declaration: Declaration, cls: type, slot: int | None, occurs: Occurs) -> Particle:
        inner: Declaration | None = getattr(cls, "__exi__", None)
        if inner is None or inner.element is None:
            raise TypeError(f"{declaration.cls.__name__}: {cls.__name__} declares no element")
        if inner.element_is_global:
            index = self.global_elements[cls]
        else:
            index = self._local_element(declaration, inner.element, self._type_of(inner))
        return Particle(
            minimum=occurs[0],
            maximum=occurs[1],
            element=index,
            slot=slot,
            repeated=True,
            wrapper=cls if inner.simple else None,
        )


def _uri(declaration: Declaration) -> str:
    return declaration.namespace.uri if declaration.namespace is not None else ""


def _owner(declaration: Declaration, spec: FieldSpec) -> Declaration:
    owner = declaration
    while owner.parent is not None and spec in owner.parent.specs.values():
        owner = owner.parent
    return owner


def _content_kind(declaration: Declaration, particle: Particle | None, has_text: bool) -> Content:
    if has_text:
        return Content.SIMPLE
    if declaration.mixed:
        return Content.MIXED
    return Content.EMPTY if particle is None else Content.ELEMENTS


def _text_slot(declaration: Declaration, content: Content, slots: dict[str, int]) -> int | None:
    wanted = {Content.SIMPLE: "text", Content.MIXED: "children"}.get(content)
    if wanted is None:
        return None
    for name, slot in slots.items():
        if declaration.specs[name].kind == wanted:
            return slot
    raise TypeError(f"{declaration.cls.__name__}: mixed content needs a field made by children()")


def _sequence(particles: list[Particle]) -> Particle | None:
    if len(particles) == 1 and particles[0].group is Group.SEQUENCE:
        return particles[0]
    return Particle(group=Group.SEQUENCE, children=tuple(particles)) if particles else None


def _extended(inherited: Particle | None, own: Particle | None) -> Particle | None:
    """The particle of an extension: that of the base, then its own."""
    if inherited is None or own is None:
        return own if inherited is None else inherited
    return Particle(group=Group.SEQUENCE, children=(inherited, own))


def _occurs(spec: FieldSpec, annotation: _Annotation) -> Occurs:
    if annotation.repeated:
        if spec.occurs is None:
            raise TypeError("a tuple needs occurs=(least, greatest)")
        return spec.occurs
    if annotation.optional and spec.default is MISSING:
        raise TypeError("an optional field needs default=None")
    return (0, 1) if annotation.optional else (1, 1)


def _annotation(declaration: Declaration, name: str) -> _Annotation:
    owner = declaration
    while owner.parent is not None and name in owner.parent.specs:
        owner = owner.parent
    given = owner.cls.__annotations__.get(name, MISSING)
    if given is MISSING:
        raise TypeError(f"{declaration.cls.__name__}.{name}: has no annotation")
    if isinstance(given, str):
        scope = vars(sys.modules[owner.cls.__module__])
        given = typing.get_type_hints(owner.cls, globalns=scope, include_extras=True)[name]
    return _taken_apart(given)


def _taken_apart(annotation: Any) -> _Annotation:
    optional = False
    origin = typing.get_origin(annotation)
    if origin is types.UnionType or origin is typing.Union:
        others = [part for part in annotation.__args__ if part is not types.NoneType]
        optional = len(others) < len(annotation.__args__)
        if len(others) == 1:
            annotation = others[0]
            origin = typing.get_origin(annotation)
    if origin is tuple:
        return _Annotation(annotation.__args__[0], optional, True)
    return _Annotation(annotation, optional, False)


def _placed(declaration: Declaration, name: str, read: Callable[[Any], T], item: Any) -> T:
    """Call `read`; its TypeError gets the class and the field in front."""
    try:
        return read(item)
    except TypeError as error:
        raise TypeError(f"{declaration.cls.__name__}.{name}: {error}") from None


def _wildcard_uris(particle: Particle | None) -> set[str]:
    if particle is None:
        return set()
    found = set().union(*(_wildcard_uris(child) for child in particle.children))
    if particle.wildcard is not None and particle.wildcard.kind is WildcardKind.URIS:
        found.update(particle.wildcard.uris)
    return found
