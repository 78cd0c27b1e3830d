"""A codec: the grammar of a set of namespaces, compiled when it is first needed."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from .declare import Message, Namespace
from .names import QName

if TYPE_CHECKING:
    from ._native import Components, Direct, Grammar
    from .schema import Schema
    from .tree import TreeCodec

MessageT = TypeVar("MessageT", bound=Message)


class Codec:
    """EXI documents and fragments of the classes that the namespaces declare.

    `name` says for people which protocol this is; `roots` are the classes of its messages, where
    not every global element is one.
    """

    def __init__(self, name: str, *namespaces: Namespace, roots: tuple[type[Message], ...] = ()) -> None:
        self.name = name
        self.namespaces = namespaces
        self.roots = roots

    def __repr__(self) -> str:
        return f"Codec({self.name!r})"

    @cached_property
    def schema(self) -> Schema:
        """The schema components of the declared classes, as Python objects."""
        return self.components.schema()

    @cached_property
    def components(self) -> Components:
        """What the namespaces declare, read once; TypeError names the class and field at fault."""
        from ._native import Components

        return Components(self.namespaces)

    @cached_property
    def grammar(self) -> Grammar:
        """The compiled tables."""
        from ._native import Grammar

        return Grammar(self.components)

    @cached_property
    def tree(self) -> TreeCodec:
        """What the XML and JSON views stand on."""
        from .tree import TreeCodec

        return TreeCodec(self.schema)

    def decode(self, data: bytes) -> object:
        """The root object of an EXI document; zero bytes after its end are let pass.

        DecodeError, with position and path, for anything that is no such document.
        """
        return self.grammar.decode(data)

    def direct(self, cls: type[MessageT]) -> Direct[MessageT]:
        """`decode` and `encode` for documents of one class, by the shortest way.

        A protocol that has one root for all its messages binds these two once and calls them.
        """
        from ._native import Direct

        return Direct(self, cls, cls.__exi__.element or cls.__name__)

    def decode_as(self, cls: type[MessageT], data: bytes) -> MessageT:
        """The root object of an EXI document that has to be a `cls`."""
        return _expect(cls, self.grammar.decode(data))

    def decode_prefix(self, data: bytes, *, fragment: bool = False) -> tuple[object, int]:
        """The root object of a stream and the number of bytes that it took."""
        return self.grammar.decode_prefix(data, fragment=fragment)

    def encode(self, message: Message, element: str | None = None) -> bytes:
        """The EXI document of an object whose class declares a global element, or of `element`.

        EncodeError, with the path, when a value is missing or outside its facets.
        """
        if element is None:
            return self.grammar.encode(message)
        return self.grammar.encode(message, element=self._qname(message, element))

    def decode_fragment(self, data: bytes) -> object:
        """The root object of an EXI fragment; otherwise as `decode`."""
        return self.grammar.decode(data, fragment=True)

    def decode_fragment_as(self, cls: type[MessageT], data: bytes) -> MessageT:
        """The root object of an EXI fragment that has to be a `cls`."""
        return _expect(cls, self.grammar.decode(data, fragment=True))

    def encode_fragment(self, message: object, element: str | QName | None = None) -> bytes:
        """The EXI fragment of an object.

        `element` names the root where its class does not: any element of the set, local ones too.
        """
        return self.grammar.encode(message, fragment=True, element=self._qname(message, element))

    def _qname(self, message: object, element: str | QName | None) -> QName | None:
        if element is None or isinstance(element, QName):
            return element
        declaration = type(message).__exi__ if isinstance(message, Message) else None
        if declaration is None or declaration.namespace is None:
            raise TypeError(f"name {element} with its namespace, as a QName")
        return QName(declaration.namespace.uri, element)


def _expect(cls: type[MessageT], message: object) -> MessageT:
    if not isinstance(message, cls):
        from evproto.core.errors import DecodeError

        raise DecodeError(f"expected {cls.__name__}, got {type(message).__name__}")
    return message
