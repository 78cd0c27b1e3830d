"""What the commands read and write: texts, files, standard streams, and how far they are."""

from __future__ import annotations

import base64
import binascii
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Final

from evproto.core import DecodeError

from .registry import strip_frame

_HEX: Final = re.compile(rb"(?:[0-9a-fA-F]{2})+")
_LARGE: Final = 4 << 20
"""Files from this size on get a progress bar."""


class Form(StrEnum):
    """How bytes are shown."""

    HEX = "hex"
    BASE64 = "base64"
    RAW = "raw"


def is_file(source: str) -> bool:
    """Whether an argument names a file; what is too long or not made for a file name is data itself."""
    try:
        return source != "-" and Path(source).is_file()
    except (OSError, ValueError):
        return False


def read(source: str) -> bytes:
    """The bytes of an argument: of standard input, of a file, or of itself."""
    if source == "-":
        return sys.stdin.buffer.read()
    return Path(source).read_bytes() if is_file(source) else source.encode()


def stream_bytes(source: str) -> bytes:
    """The EXI stream: what stands in a text form, without the header of a frame."""
    return strip_frame(_binary(read(source)))[0]


def stream_source(source: str) -> bytes | Path:
    """The EXI stream of an argument; a large file stays on disk."""
    if is_file(source) and Path(source).stat().st_size >= _LARGE:
        return Path(source)
    return stream_bytes(source)


def xml_source(source: str) -> bytes | Path:
    """The XML text of an argument; a file stays on disk."""
    return Path(source) if is_file(source) else read(source)


def show(data: bytes, form: Form | None, output: Path | None) -> None:
    """Write bytes: to a file as they are, to standard output as hexadecimal unless told otherwise."""
    match form or (Form.RAW if output is not None else Form.HEX):
        case Form.HEX:
            made = f"{data.hex()}\n".encode()
        case Form.BASE64:
            made = base64.b64encode(data) + b"\n"
        case Form.RAW:
            made = data
    if output is not None:
        output.write_bytes(made)
    elif form is Form.RAW:
        sys.stdout.buffer.write(made)
    else:
        print(made.decode("ascii"), end="")


@contextmanager
def target(output: Path | None) -> Iterator[BinaryIO]:
    """The file to write to; a new one is taken away again when writing fails."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with output.open("wb") as file:
        try:
            yield file
        except BaseException:
            output.unlink(missing_ok=True)
            raise


@contextmanager
def progress(source: bytes | Path) -> Iterator[Callable[[int], object] | None]:
    """Shows how many bytes of a large file are done, on standard error when it is a terminal."""
    size = source.stat().st_size if isinstance(source, Path) else len(source)
    if size < _LARGE or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

    columns = BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=size)
        yield lambda done: bar.update(task, completed=done)


def _binary(data: bytes) -> bytes:
    """Bytes as they are unless they are hexadecimal or base64 text.

    No EXI stream and no frame can be taken for text: they begin with a byte that is no ASCII
    character, with 0x01, or with $.
    """
    compact = re.sub(rb"[\s:]|0x", b"", data)
    if _HEX.fullmatch(compact):
        return binascii.unhexlify(compact)
    if data[:1] == b"$" or not data.isascii() or data[:1] == b"\x01":
        return data
    try:
        return base64.b64decode(compact, validate=True)
    except binascii.Error:
        raise DecodeError("neither hexadecimal nor base64, and no such file") from None
