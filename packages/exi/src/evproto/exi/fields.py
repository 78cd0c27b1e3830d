"""What a field of a declared message is in XML: an element, an attribute, text or ordered content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from ._native import FieldSpec
from .names import QName, Wildcard, WildcardKind
from .struct import MISSING, Struct

if TYPE_CHECKING:
    from .declare import Namespace

Occurs = tuple[int, int | None]
"""The least and the greatest number of copies; None is unbounded."""


def element(
    name: str, *, default: Any = MISSING, occurs: Occurs | None = None, nillable: bool = False
) -> Any:
    """A local element. `occurs` is needed for a tuple only; `default=None` makes it optional."""
    return FieldSpec("element", name, default, occurs, nillable)


def ref(target: GlobalElement | None = None, *, default: Any = MISSING, occurs: Occurs | None = None) -> Any:
    """A global element: `target`, or by default the one that the class of the field declares.

    The head of a substitution group stands for all its members.
    """
    return FieldSpec("ref", "", default, occurs, False, None, target)


def attribute(name: str, *, default: Any = MISSING, qualified: bool | None = None) -> Any:
    """An attribute; whether it is in the namespace of the class is the namespace's habit."""
    return FieldSpec("attribute", name, default, None, False, qualified)


def text(*, default: Any = MISSING) -> Any:
    """The character content of a class with simple content."""
    return FieldSpec("text", "", default)


def wildcard(namespaces: Wildcard, *, default: Any = MISSING, occurs: Occurs | None = None) -> Any:
    """Elements that the schema leaves open, as `AnyElement`."""
    return FieldSpec("wildcard", "", default, occurs, False, None, namespaces)


def children(*terms: Term, default: Any = MISSING, occurs: Occurs = (1, 1)) -> Any:
    """Children whose order matters, and the text between them, as one tuple: a sequence of terms."""
    return FieldSpec("children", "", default, None, False, None, sequence(*terms, occurs=occurs))


class GlobalElement:
    """A global element of simple type; `type` is a Python type or an `Annotated` one."""

    __slots__ = ("name", "namespace", "type")

    def __init__(self, namespace: Namespace, name: str, type: object) -> None:
        self.namespace = namespace
        self.name = name
        self.type = type
        namespace.global_elements.append(self)

    @property
    def qname(self) -> QName:
        """The name with its namespace."""
        return QName(self.namespace.uri, self.name)


class GroupTerm(Struct):
    """A group of terms with its number of copies."""

    group: Literal["sequence", "choice", "all"]
    terms: tuple[Term, ...]
    occurs: Occurs = (1, 1)


class CountedTerm(Struct):
    """A term with a number of copies that is not its usual one."""

    term: Term
    occurs: Occurs


class LocalTerm(Struct):
    """A local element of a class that declares no element of its own."""

    name: str
    cls: type


Term = str | type | Wildcard | GroupTerm | CountedTerm | LocalTerm
"""A part of a content model: a field by its name, or in ordered content a class or a wildcard.

A field that is no tuple occurs once there unless `optional` or `counted` says otherwise.
"""


def sequence(*terms: Term, occurs: Occurs = (1, 1)) -> GroupTerm:
    """Terms one after the other."""
    return GroupTerm("sequence", terms, occurs)


def choice(*terms: Term, occurs: Occurs = (1, 1)) -> GroupTerm:
    """One of the terms, `occurs` times."""
    return GroupTerm("choice", terms, occurs)


def all_of(*terms: Term, occurs: Occurs = (1, 1)) -> GroupTerm:
    """Each of the terms once, in any order."""
    return GroupTerm("all", terms, occurs)


def counted(term: Term, minimum: int, maximum: int | None) -> CountedTerm:
    """A term that occurs `minimum` to `maximum` times at this place."""
    return CountedTerm(term, (minimum, maximum))


def optional(term: Term) -> CountedTerm:
    """A term that may be missing at this place."""
    return CountedTerm(term, (0, 1))


def local(name: str, cls: type) -> LocalTerm:
    """A local element whose content is an object of `cls`."""
    return LocalTerm(name, cls)


ANY: Final = Wildcard(kind=WildcardKind.ANY)
"""Elements of any namespace."""

OTHER: Final = Wildcard(kind=WildcardKind.OTHER)
"""Elements of any namespace but the class's own."""
