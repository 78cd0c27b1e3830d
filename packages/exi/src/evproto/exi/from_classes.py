"""Declared classes become schema components."""

from __future__ import annotations

import sys
import types
import typing
from collections.abc import Iterable
from typing import Any, cast

from .declare import Declaration, MessageType, Namespace
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


def schema_from_namespaces(namespaces: Iterable[Namespace]) -> Schema:
    """The schema of all that the namespaces declare; TypeError names the class and field at fault."""
    return _Compiler(tuple(namespaces)).compile()


class _Compiler:
    def __init__(self, namespaces: tuple[Namespace, ...]) -> None:
        self.namespaces = namespaces
        self.simple = SimpleTypes()
        self.elements: list[Element] = []
        self.global_elements: dict[object, int] = {}
        """Index of a global element by its class or `GlobalElement`."""
        self.particles: dict[Declaration, Particle | None] = {}
        """Content of a class as far as it is looked at: derived classes begin with it."""
        self.uris = {space.uri for space in namespaces}
        """All namespaces, those that wildcards name too."""
        self.declarations = [cls.__exi__ for space in namespaces for cls in space.classes]
        complex_ones = [one for one in self.declarations if not one.simple]
        self.complex_index = {one.cls: index for index, one in enumerate(complex_ones)}
        self.complex_declarations = complex_ones
        self.type_refs: dict[int, tuple[object, TypeRef]] = {}
        """What an annotation means, by its identity; the annotation is kept for as long."""
        self.hints: dict[type, dict[str, Any]] = {}
        """Annotations of classes whose annotations are texts."""

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
        return Schema(
            namespaces=tuple(sorted(self.uris)),
            simple_types=tuple(self.simple.found),
            complex_types=complex_types,
            elements=tuple(self.elements),
        )

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
        self.elements.append(Element(declared.qname, self._type_ref(declared.type), is_global=True))

    def _type_of(self, declaration: Declaration) -> TypeRef:
        if not declaration.simple:
            return self._type_ref(declaration.cls)
        return TypeRef(False, self._simple_type(declaration, "value"))

    def _simple_type(self, declaration: Declaration, name: str) -> int:
        """The index of the simple type of a text or an attribute."""
        try:
            return self.simple.of(self._annotation(declaration, name)[0])
        except TypeError as error:
            raise _placed(declaration, name, error) from None

    def _type_ref(self, item: Any) -> TypeRef:
        """The type that an annotation means: that of a message class, or a simple one."""
        known = self.type_refs.get(id(item))
        if known is None:
            known = item, self._new_type_ref(item)
            self.type_refs[id(item)] = known
        return known[1]

    def _new_type_ref(self, item: Any) -> TypeRef:
        if not isinstance(item, MessageType):
            return TypeRef(False, self.simple.of(item))
        if item not in self.complex_index:
            raise TypeError(f"its class {item.__name__} is in none of the namespaces of the codec")
        return TypeRef(True, self.complex_index[item])

    def _local_element(
        self, declaration: Declaration, name: str, type_ref: TypeRef, nillable: bool = False
    ) -> int:
        space = declaration.namespace
        uri = space.uri if space is not None and space.qualified_elements else ""
        self.elements.append(Element(QName(uri, name), type_ref, False, nillable))
        return len(self.elements) - 1

    # Complex types

    def _complex(self, declaration: Declaration) -> ComplexType:
        slots = _slots(declaration)
        texts = [name for name, spec in declaration.specs.items() if spec.kind == "text"]
        particle = self._particle(declaration)
        content = _content_kind(declaration, particle, bool(texts))
        return ComplexType(
            name=None if declaration.type_name is None else QName(_uri(declaration), declaration.type_name),
            content=content,
            base=self._base(declaration),
            abstract=declaration.abstract,
            simple=self._simple_type(declaration, texts[0]) if texts else None,
            attributes=self._attributes(declaration, slots),
            particle=particle,
            cls=declaration.cls,
            fields=tuple(slots),
            text_slot=_text_slot(declaration, content, slots),
        )

    def _base(self, declaration: Declaration) -> int | None:
        parent = declaration.parent
        return None if parent is None else self.complex_index.get(parent.cls)

    def _attributes(self, declaration: Declaration, slots: dict[str, int]) -> tuple[AttributeUse, ...]:
        uses = [
            self._attribute(declaration, name, spec, slots[name])
            for name, spec in declaration.specs.items()
            if spec.kind == "attribute"
        ]
        uses.sort(key=lambda use: (use.name.local, use.name.uri))
        return tuple(uses)

    def _attribute(self, declaration: Declaration, name: str, spec: FieldSpec, slot: int) -> AttributeUse:
        space = declaration.namespace
        habit = space is not None and space.qualified_attributes
        qualified = habit if spec.qualified is None else spec.qualified
        return AttributeUse(
            name=QName(_uri(declaration) if qualified else "", spec.name),
            type=self._simple_type(declaration, name),
            required=not self._annotation(declaration, name)[1],
            slot=slot,
        )

    # Particles

    def _particle(self, declaration: Declaration) -> Particle | None:
        if declaration not in self.particles:
            self.particles[declaration] = self._all_content(declaration)
        return self.particles[declaration]

    def _all_content(self, declaration: Declaration) -> Particle | None:
        """The content of the bases, then what the class itself declares."""
        parent = declaration.parent
        inherited = self._particle(parent) if parent is not None and parent.is_type else None
        slots = _slots(declaration)
        if declaration.content is not None:
            return _extended(inherited, self._term(declaration, declaration.content, slots, None))
        known = () if parent is None else parent.specs
        own = [
            self._field(declaration, name, slots)
            for name, spec in declaration.own.items()
            if spec.kind not in ("attribute", "text") and name not in known
        ]
        return _extended(inherited, _sequence(own))

    def _field(
        self, declaration: Declaration, name: str, slots: dict[str, int], occurs: Occurs | None = None
    ) -> Particle:
        spec = declaration.specs.get(name)
        if spec is None:
            raise TypeError(f"{declaration.cls.__name__}: the content model names the unknown field {name!r}")
        if spec.kind == "children":
            return self._term(declaration, cast(GroupTerm, spec.term), slots, slots[name])
        try:
            item, optional, repeated = self._annotation(declaration, name)
            minimum, maximum = occurs or _occurs(spec, optional, repeated)
            wildcard = self._wildcard(spec.term) if spec.kind == "wildcard" else None
            element = None if wildcard else self._field_element(declaration, name, spec, item)
        except TypeError as error:
            raise _placed(declaration, name, error) from None
        return Particle(minimum, maximum, element, wildcard, slot=slots[name], repeated=repeated)

    def _field_element(self, declaration: Declaration, name: str, spec: FieldSpec, item: Any) -> int:
        if spec.kind == "ref":
            target = item if spec.term is None else spec.term
            if target not in self.global_elements:
                raise TypeError(f"{target!r} declares no global element of the codec's namespaces")
            return self.global_elements[target]
        # Inherited fields are local elements of the class that declared them.
        owner = _owner(declaration, name)
        return self._local_element(owner, spec.name, self._type_ref(item), spec.nillable)

    def _wildcard(self, term: object) -> Wildcard:
        wildcard = cast(Wildcard, term)
        if wildcard.kind is WildcardKind.URIS:
            self.uris.update(wildcard.uris)
        return wildcard

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
                return Particle(minimum, maximum, None, self._wildcard(term), slot=slot, repeated=True)
            case LocalTerm():
                index = self._local_element(declaration, term.name, self._type_ref(term.cls))
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

    # Annotations

    def _annotation(self, declaration: Declaration, name: str) -> tuple[Any, bool, bool]:
        """The type of a field, whether it is optional, and whether it is a tuple of that type."""
        cls = _owner(declaration, name).cls
        given = cls.__annotations__.get(name, MISSING)
        if given is MISSING:
            raise TypeError("has no annotation")
        return _taken_apart(self._hints_of(cls)[name] if isinstance(given, str) else given)

    def _hints_of(self, cls: type) -> dict[str, Any]:
        if cls not in self.hints:
            scope = vars(sys.modules[cls.__module__])
            self.hints[cls] = typing.get_type_hints(cls, globalns=scope, include_extras=True)
        return self.hints[cls]


def _uri(declaration: Declaration) -> str:
    return declaration.namespace.uri if declaration.namespace is not None else ""


def _slots(declaration: Declaration) -> dict[str, int]:
    return {name: slot for slot, name in enumerate(declaration.specs)}


def _owner(declaration: Declaration, name: str) -> Declaration:
    """The topmost of the class and its bases that has the field."""
    while declaration.parent is not None and name in declaration.parent.specs:
        declaration = declaration.parent
    return declaration


def _content_kind(declaration: Declaration, particle: Particle | None, has_text: bool) -> Content:
    if has_text:
        return Content.SIMPLE
    if declaration.mixed:
        return Content.MIXED
    return Content.EMPTY if particle is None else Content.ELEMENTS


def _text_slot(declaration: Declaration, content: Content, slots: dict[str, int]) -> int | None:
    if content is not Content.SIMPLE and content is not Content.MIXED:
        return None
    wanted = "text" if content is Content.SIMPLE else "children"
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


def _occurs(spec: FieldSpec, optional: bool, repeated: bool) -> Occurs:
    if repeated:
        if spec.occurs is None:
            raise TypeError("a tuple needs occurs=(least, greatest)")
        return spec.occurs
    if optional and spec.default is MISSING:
        raise TypeError("an optional field needs default=None")
    return (0, 1) if optional else (1, 1)


def _taken_apart(annotation: Any) -> tuple[Any, bool, bool]:
    if isinstance(annotation, type):
        return annotation, False, False
    optional = False
    origin = typing.get_origin(annotation)
    if origin is types.UnionType or origin is typing.Union:
        others = [part for part in annotation.__args__ if part is not types.NoneType]
        optional = len(others) < len(annotation.__args__)
        if len(others) == 1:
            annotation = others[0]
            origin = None if isinstance(annotation, type) else typing.get_origin(annotation)
    if origin is tuple:
        return annotation.__args__[0], optional, True
    return annotation, optional, False


def _placed(declaration: Declaration, name: str, error: TypeError) -> TypeError:
    """The same error with the class and the field in front."""
    return TypeError(f"{declaration.cls.__name__}.{name}: {error}")
