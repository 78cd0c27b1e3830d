"""Compiled EXI grammars: streams to Python objects or events, and back."""

from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar, final

from .codec import Codec
from .declare import Message
from .schema import QName, Schema

__all__ = ["Direct", "Grammar"]

MessageT = TypeVar("MessageT", bound=Message)

_Event = tuple[int, str, str] | tuple[int] | tuple[int, str, str, str] | tuple[int, str]

@final
class Grammar:
    """The tables of a schema set, bound to the classes that the schema names.

    ValueError for a schema that cannot be compiled, TypeError for a class without the slots that
    the schema names. `value_partition_capacity` is what encoding uses: 0 never refers back to an
    earlier string, as V2G does; None is unbounded. With 0 decoding still understands references.
    """

    def __new__(
        cls,
        schema: Schema,
        *,
        strict: bool = False,
        value_partition_capacity: int | None = 0,
        value_max_length: int | None = None,
        depth: int = 128,
    ) -> Grammar: ...
    def decode(self, data: bytes, fragment: bool = False) -> object:
        """The root object of a document or fragment; zero bytes may follow it.

        DecodeError, with bit offset and path, for anything else.
        """

    def decode_prefix(self, data: bytes, fragment: bool = False) -> tuple[object, int]:
        """The root object and the number of bytes that it took; whatever follows is left alone."""

    def encode(self, obj: object, fragment: bool = False, element: QName | None = None) -> bytes:
        """The bytes of an object; `element` names its root where the class does not.

        EncodeError, with the path, for a missing value or one outside its type.
        """

    def decode_events(self, data: bytes, fragment: bool = False) -> list[_Event]:
        """The events of a document or fragment, with lexical values.

        (0, uri, local) start, (1,) end, (2, uri, local, text) attribute, (3, text) characters.
        The value of xsi:type is written {uri}local. DecodeError as for `decode`.
        """

    def encode_events(
        self, events: Iterable[Sequence[object]], fragment: bool = False, deviations: bool = False
    ) -> bytes:
        """The bytes of events. With `deviations` what the schema does not allow is written too.

        EncodeError, with the path, for what has no place or a value that is none of its type.
        """

    def tables(self) -> list[str]:
        """The tables as lines of text: the same for two schemas that mean the same."""

    def fingerprint(self) -> str:
        """32 hexadecimal digits that tell tables apart."""

@final
class Direct(Generic[MessageT]):
    """Documents of one root class; see `Codec.direct`."""

    def __new__(cls, codec: Codec, message_class: type[MessageT], root: str) -> Direct[MessageT]: ...
    def decode(self, data: bytes) -> MessageT:
        """The message in an EXI document; DecodeError for anything else."""

    def encode(self, message: MessageT) -> bytes:
        """The EXI document of a message; EncodeError when a value is missing or outside its type."""
