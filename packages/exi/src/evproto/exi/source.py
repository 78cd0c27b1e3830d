"""Where XML text and EXI streams come from: texts, bytes, files, trees. Large files are mapped."""

from __future__ import annotations

import codecs
import io
import mmap
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, TypeAlias

from evproto.core import DecodeError

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree

Octets: TypeAlias = bytes | bytearray | memoryview | mmap.mmap
ExiSource: TypeAlias = "Octets | Path | BinaryIO"
"""An EXI stream: its bytes, or the file that has them."""
XmlSource: TypeAlias = "str | Octets | Path | BinaryIO | etree._Element | etree._ElementTree"
"""XML text, the file that has it, or an lxml tree."""

_WHOLE: Final = (bytes, mmap.mmap)
_PLAIN: Final = (bytes, bytearray, memoryview, mmap.mmap, Path)
_MAPPED: Final = 1 << 20
"""Files from this size on are mapped into memory instead of read."""
_DECLARED: Final = re.compile(rb"""<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z][\w.\-]*)["']""")
_MARKS: Final = (
    (codecs.BOM_UTF8, ""),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_UTF_8: Final = ("", "utf-8", "ascii")


def exi_bytes(source: ExiSource) -> bytes | mmap.mmap:
    """The bytes of a stream."""
    if isinstance(source, _WHOLE):
        return source
    if isinstance(source, bytearray | memoryview):
        return bytes(source)
    if isinstance(source, Path):
        with source.open("rb") as file:
            return _contents(file)
    return _contents(_file(source, "an EXI stream"))


def xml_text(source: XmlSource) -> str | bytes | mmap.mmap:
    """XML text: as it is, or as UTF-8."""
    if isinstance(source, str):
        return source
    if isinstance(source, _PLAIN):
        return _as_utf8(exi_bytes(source))
    if hasattr(source, "read"):
        return _as_utf8(_contents(_file(source, "XML text")))
    return _text_of()(source)


@cache
def _text_of() -> Callable[[object], str]:
    """Found once: what is imported in each call takes a microsecond of it."""
    from .trees import text_of

    return text_of


def _file(source: object, what: str) -> BinaryIO:
    if isinstance(source, str) or not hasattr(source, "read"):
        raise TypeError(f"{what} is bytes, a Path or a binary file, not {type(source).__name__}")
    return source  # type: ignore[return-value]


def _contents(file: BinaryIO) -> bytes | mmap.mmap:
    """The rest of a file; a large one on disk is mapped, so that the system brings it in as it is read."""
    try:
        number, start = file.fileno(), file.tell()
        size = file.seek(0, io.SEEK_END)
        file.seek(start)
    except (OSError, ValueError, AttributeError):
        return _read(file)
    if start or size < _MAPPED:
        return _read(file)
    return mmap.mmap(number, 0, access=mmap.ACCESS_READ)


def _read(file: BinaryIO) -> bytes:
    data = file.read()
    if not isinstance(data, bytes):
        raise TypeError("the file has to be open in binary mode")
    return data


def _as_utf8(data: bytes | mmap.mmap) -> str | bytes | mmap.mmap:
    encoding = _encoding(data[:200])
    if encoding in _UTF_8:
        return data
    try:
        return str(data[:], encoding)
    except (UnicodeError, LookupError) as failure:
        raise DecodeError(f"no XML: {failure}") from None


def _encoding(start: bytes) -> str:
    """What a text is written in (XML 1.0 appendix F): a mark, the shape of its start, or what it declares."""
    if start[:1] == b"<" and start[1:2] not in (b"\0", b"?"):
        return ""
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    declared = _DECLARED.match(start)
    if declared is None:
        return ""
    name = declared[1].decode("ascii").lower()
    try:
        return codecs.lookup(name).name
    except LookupError:
        return name
