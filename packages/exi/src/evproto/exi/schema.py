"""Schema components: the one thing that a grammar is compiled from.

The front ends (declared classes, XSD documents) produce a `Schema`; the Rust core compiles it
into tables. Components refer to each other by index into the schema's own tuples, so a schema
is plain data: it can be compared, printed and sent across the language border.

The names follow XML Schema part 1 (components) and EXI 1.0 section 8.5.4 (what the grammar
needs of them). Components carry the binding too: which class and which of its fields a part
fills. A schema that came from an XSD has none, and the grammar is the same without it.
"""

import enum

from .names import QName, Wildcard, WildcardKind
from .struct import Struct


class Primitive(enum.IntEnum):
    """How EXI represents the values of a simple type (EXI 1.0 table 7-1)."""

    STRING = 0
    BOOLEAN = 1
    DECIMAL = 2
    FLOAT = 3
    INTEGER = 4
    """Any integer type; the bounds say whether it is n-bit, unsigned or signed."""
    HEX_BINARY = 5
    BASE64_BINARY = 6
    QNAME = 7
    """Represented as a string, but for xsi:type itself."""
    DATE_TIME = 8
    TIME = 9
    DATE = 10
    G_YEAR_MONTH = 11
    G_YEAR = 12
    G_MONTH_DAY = 13
    G_DAY = 14
    G_MONTH = 15
    LIST = 16
    UNION = 17
    """Represented as a string."""


class WhiteSpace(enum.IntEnum):
    """What is done to white space in text before it is a value."""

    PRESERVE = 0
    REPLACE = 1
    """Tabs and line ends become spaces."""
    COLLAPSE = 2
    """And spaces in a row become one, those at the ends none."""

    def normalized(self, text: str) -> str:
        """The text with its white space handled."""
        if self is WhiteSpace.COLLAPSE:
            return " ".join(text.split())
        return text if self is WhiteSpace.PRESERVE else text.translate(_TO_SPACES)


_TO_SPACES = dict.fromkeys(map(ord, "\t\n\r"), " ")


class SimpleType(Struct):
    """A simple type with the facets of all its ancestors combined.

    `enumeration` holds lexical values in schema order; it is empty where EXI does not use it
    (EXI 1.0 section 7.2: not for list, union, QName and NOTATION). `charset` is the restricted
    character set as sorted code points (section 7.1.10.1), or None. `minimum` and `maximum` are
    inclusive integer bounds. Lengths count characters, bytes or list items and are checked by
    the codec; they do not change the grammar. `values` are the Python objects of the
    enumeration, in the same order, when a class declared it.
    """

    name: QName | None
    primitive: Primitive
    base: int | None = None
    item: int | None = None
    members: tuple[int, ...] = ()
    enumeration: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    min_length: int = 0
    max_length: int | None = None
    charset: tuple[int, ...] | None = None
    has_pattern: bool = False
    white_space: WhiteSpace = WhiteSpace.PRESERVE
    values: tuple[object, ...] | None = None


class Group(enum.IntEnum):
    """How the children of a group particle combine."""

    SEQUENCE = 0
    CHOICE = 1
    ALL = 2


class Particle(Struct):
    """min and max copies of one term: exactly one of `element`, `wildcard`, `group` is set.

    `maximum` None is unbounded. `slot` is the index of the field that an element or a wildcard
    fills in the class of the enclosing complex type; `repeated` says that this field is a tuple
    to which it appends. `wrapper` is a class whose only field (slot 0) holds the value: it stands
    around the values of an element of simple type in an ordered tuple, so that an item tells its
    element; the other items tell it by their class (AnyElement for wildcards, str for text).
    """

    minimum: int = 1
    maximum: int | None = 1
    element: int | None = None
    wildcard: Wildcard | None = None
    group: Group | None = None
    children: tuple["Particle", ...] = ()
    slot: int | None = None
    repeated: bool = False
    wrapper: type | None = None


class AttributeUse(Struct):
    """One attribute of a complex type; `type` is an index into `Schema.simple_types`."""

    name: QName
    type: int
    required: bool = False
    slot: int | None = None


class Content(enum.IntEnum):
    """The content kind of a complex type."""

    EMPTY = 0
    SIMPLE = 1
    ELEMENTS = 2
    MIXED = 3


class ComplexType(Struct):
    """A complex type, its derivation flattened: all inherited attributes and particles stand here.

    `simple` is the simple type of SIMPLE content. `text_slot` is the field that SIMPLE content
    fills, or that collects the text runs of MIXED content (as one ordered tuple with the
    elements, when `slot` of those is the same field). `cls` is the Python class, `fields` the
    names of all its fields: a slot is an index into them.
    """

    name: QName | None
    content: Content
    base: int | None = None
    abstract: bool = False
    simple: int | None = None
    attributes: tuple[AttributeUse, ...] = ()
    attribute_wildcard: Wildcard | None = None
    particle: Particle | None = None
    cls: type | None = None
    fields: tuple[str, ...] = ()
    text_slot: int | None = None


class TypeRef(Struct):
    """The type of an element: an index into `simple_types` or into `complex_types`."""

    is_complex: bool
    index: int


class Element(Struct):
    """An element declaration, global or local.

    `substitutes` is the index of the substitution-group head, for global elements only.
    """

    name: QName
    type: TypeRef
    is_global: bool = False
    nillable: bool = False
    abstract: bool = False
    substitutes: int | None = None


class Schema(Struct):
    """A whole schema set, imports included.

    `namespaces` are all target namespaces and those that wildcards name; `attributes` are the
    global attribute declarations as (name, simple type index).
    """

    namespaces: tuple[str, ...]
    simple_types: tuple[SimpleType, ...]
    complex_types: tuple[ComplexType, ...]
    elements: tuple[Element, ...]
    attributes: tuple[tuple[QName, int], ...] = ()


__all__ = [
    "AttributeUse",
    "ComplexType",
    "Content",
    "Element",
    "Group",
    "Particle",
    "Primitive",
    "QName",
    "Schema",
    "SimpleType",
    "TypeRef",
    "WhiteSpace",
    "Wildcard",
    "WildcardKind",
]
