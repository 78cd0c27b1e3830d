"""Compiled EXI grammars: streams to Python objects, XML text or events, and back."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from mmap import mmap
from typing import Any, Final, Generic, TypeVar, final

from evproto.core import DecodeError

from .codec import Codec
from .declare import Message, Namespace
from .explain import Row
from .infoset import Event
from .options import Options
from .schema import QName, Schema

MessageT = TypeVar("MessageT", bound=Message)

_Event = tuple[int, str, str] | tuple[int] | tuple[int, str, str, str] | tuple[int, str]

@final
class Components:
    """The schema components of what namespaces declare.

    TypeError names the class and the field whose declaration is wrong.
    """

    def __new__(cls, namespaces: tuple[Namespace, ...]) -> Components: ...
    def schema(self) -> Schema:
        """The same as Python objects."""

@final
class FieldSpec:
    """What follows the equals sign of a field."""

    def __new__(
        cls,
        kind: str,
        name: str,
        default: object,
        occurs: tuple[int, int | None] | None = None,
        nillable: bool = False,
        qualified: bool | None = None,
        term: object = None,
    ) -> FieldSpec: ...
    @property
    def name(self) -> str: ...
    @property
    def default(self) -> object: ...

@final
class Declaration:
    """What a class says of its XML type; the class holds it as `__exi__`.

    It takes the fields out of the body of the class. TypeError for class keywords that are wrong.
    """

    def __new__(
        cls, name: str, bases: tuple[type, ...], body: dict[str, Any], options: dict[str, Any]
    ) -> Declaration: ...
    def bind(self, cls: type) -> None:
        """Takes the class, and enters it in its namespace."""

    @property
    def element(self) -> str | None: ...
    @property
    def namespace(self) -> Namespace | None: ...
    @property
    def defaults(self) -> dict[str, object]:
        """The defaults of the fields that the class itself declares."""

    @property
    def specs(self) -> dict[str, FieldSpec]:
        """All fields, those of the bases first: the place of one is its slot."""

@final
class Fields:
    """Where the fields of a class are in its objects, and their defaults."""

    def __new__(
        cls, of: type, names: tuple[str, ...], defaults: dict[str, object], positional: bool
    ) -> Fields: ...
    def fill(self, object: object, given: tuple[object, ...], values: dict[str, object]) -> bool:
        """Fills the slots of a new object.

        False, with some of them filled, when the values are not those of the fields.
        """

@final
class Grammar:
    """The tables of a schema set, bound to the classes that the schema names.

    ValueError for a schema that cannot be compiled, TypeError for a class without the slots that
    the schema names. `value_partition_capacity` is what encoding uses: 0 never refers back to an
    earlier string, as V2G does; None is unbounded. With 0 decoding still understands references.
    """

    def __new__(
        cls,
        schema: Components | Schema,
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

@final
class Settings:
    """The options of a stream, read once."""

    def __new__(cls, options: Options) -> Settings: ...

@final
class Grammars:
    """The grammars of a schema set or of none, for documents of any kind: see `evproto.exi.Schema`.

    XML text is str, or bytes (also mapped ones) of UTF-8. `write` takes the pieces of what is
    made; `progress` is told how many bytes of the source are done.
    """

    @staticmethod
    def from_components(components: Components | Schema) -> Grammars: ...
    @staticmethod
    def schemaless() -> Grammars: ...
    @staticmethod
    def built_in_types() -> Grammars: ...
    @staticmethod
    def load(data: bytes) -> Grammars: ...
    def save(self) -> bytes: ...
    def check(self, strict: bool) -> None: ...
    def encode_xml(self, text: str | bytes | mmap, settings: Settings) -> bytes: ...
    def encode_xml_to(
        self,
        text: str | bytes | mmap,
        settings: Settings,
        write: Callable[[bytes], object],
        progress: Callable[[int], object] | None = None,
    ) -> int: ...
    def decode_xml(self, data: bytes | mmap, settings: Settings) -> str: ...
    def decode_xml_to(
        self,
        data: bytes | mmap,
        settings: Settings,
        write: Callable[[bytes], object],
        progress: Callable[[int], object] | None = None,
    ) -> int: ...
    def read(self, data: bytes | mmap, settings: Settings) -> EventReader: ...
    def write(self, events: Iterable[Event], settings: Settings, write: Callable[[bytes], object]) -> int: ...
    def explain(self, data: bytes | mmap, settings: Settings) -> tuple[list[Row], DecodeError | None]: ...

@final
class EventReader(Iterator[Event]):
    """Events of a stream, decoded as they are asked for."""

    def __next__(self) -> Event: ...

@final
class StartDocument:
    """The document or fragment begins."""

    __match_args__: Final = ()
    def __new__(cls) -> StartDocument: ...

@final
class EndDocument:
    """The document or fragment ends."""

    __match_args__: Final = ()
    def __new__(cls) -> EndDocument: ...

@final
class StartElement:
    """An element begins; its prefix is None where it was not preserved."""

    __match_args__: Final = (
        "name",
        "prefix",
    )
    @property
    def name(self) -> QName: ...
    @property
    def prefix(self) -> str | None: ...
    def __new__(cls, name: QName, prefix: str | None = None) -> StartElement: ...

@final
class EndElement:
    """The element that began last ends."""

    __match_args__: Final = ()
    def __new__(cls) -> EndElement: ...

@final
class Attribute:
    """An attribute of the element that began last, with its lexical value."""

    __match_args__: Final = (
        "name",
        "value",
        "prefix",
    )
    @property
    def name(self) -> QName: ...
    @property
    def value(self) -> str: ...
    @property
    def prefix(self) -> str | None: ...
    def __new__(cls, name: QName, value: str, prefix: str | None = None) -> Attribute: ...

@final
class XsiType:
    """xsi:type of the element that began last; `text` is the value as written, where preserved."""

    __match_args__: Final = (
        "name",
        "prefix",
        "value_prefix",
        "text",
    )
    @property
    def name(self) -> QName: ...
    @property
    def prefix(self) -> str | None: ...
    @property
    def value_prefix(self) -> str | None: ...
    @property
    def text(self) -> str | None: ...
    def __new__(
        cls, name: QName, prefix: str | None = None, value_prefix: str | None = None, text: str | None = None
    ) -> XsiType: ...

@final
class XsiNil:
    """xsi:nil of the element that began last, when its value is a boolean."""

    __match_args__: Final = (
        "value",
        "prefix",
        "text",
    )
    @property
    def value(self) -> bool: ...
    @property
    def prefix(self) -> str | None: ...
    @property
    def text(self) -> str | None: ...
    def __new__(cls, value: bool, prefix: str | None = None, text: str | None = None) -> XsiNil: ...

@final
class Characters:
    """Text."""

    __match_args__: Final = ("text",)
    @property
    def text(self) -> str: ...
    def __new__(cls, text: str) -> Characters: ...

@final
class NamespaceDeclaration:
    """A prefix is declared; `local_element` says that the element itself has it."""

    __match_args__: Final = (
        "uri",
        "prefix",
        "local_element",
    )
    @property
    def uri(self) -> str: ...
    @property
    def prefix(self) -> str: ...
    @property
    def local_element(self) -> bool: ...
    def __new__(cls, uri: str, prefix: str, local_element: bool = False) -> NamespaceDeclaration: ...

@final
class Comment:
    """A comment."""

    __match_args__: Final = ("text",)
    @property
    def text(self) -> str: ...
    def __new__(cls, text: str) -> Comment: ...

@final
class ProcessingInstruction:
    """A processing instruction."""

    __match_args__: Final = (
        "target",
        "text",
    )
    @property
    def target(self) -> str: ...
    @property
    def text(self) -> str: ...
    def __new__(cls, target: str, text: str) -> ProcessingInstruction: ...

@final
class Doctype:
    """The document type declaration; `text` is its internal subset."""

    __match_args__: Final = (
        "name",
        "public",
        "system",
        "text",
    )
    @property
    def name(self) -> str: ...
    @property
    def public(self) -> str | None: ...
    @property
    def system(self) -> str | None: ...
    @property
    def text(self) -> str | None: ...
    def __new__(
        cls, name: str, public: str | None = None, system: str | None = None, text: str | None = None
    ) -> Doctype: ...

@final
class EntityReference:
    """A reference to an entity of the document type."""

    __match_args__: Final = ("name",)
    @property
    def name(self) -> str: ...
    def __new__(cls, name: str) -> EntityReference: ...

@final
class SelfContained:
    """The element that began last is self-contained."""

    __match_args__: Final = ()
    def __new__(cls) -> SelfContained: ...
