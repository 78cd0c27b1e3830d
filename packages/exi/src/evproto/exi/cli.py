"""The command evproto-exi: decode, encode and dump EXI streams (extra `evproto-exi[cli]`)."""

from __future__ import annotations

import base64
import binascii
import re
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, NoReturn

from evproto.core import DecodeError, EncodeError, EvprotoError

from .codec import Codec
from .declare import Message
from .dump import dump_stream
from .json_view import from_json, to_json
from .registry import Reading, codecs, readings, strip_frame
from .xml_view import from_xml, parse, to_xml

try:
    import typer
except ImportError:
    print("evproto-exi: the command needs the package typer: pip install 'evproto-exi[cli]'", file=sys.stderr)
    sys.exit(2)

app: Final = typer.Typer(
    help="Decode, encode and explain EXI streams of the protocols whose packages are installed.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

_HEX: Final = re.compile(rb"(?:[0-9a-fA-F]{2})+")


class View(StrEnum):
    """How a message is shown."""

    XML = "xml"
    JSON = "json"
    PYTHON = "python"


class Form(StrEnum):
    """How bytes are shown."""

    HEX = "hex"
    BASE64 = "base64"
    RAW = "raw"


Input = Annotated[
    str,
    typer.Argument(help="Hexadecimal or base64 text, a file, or - for standard input.", show_default=False),
]
SchemaOption = Annotated[
    str | None,
    typer.Option("--schema", "-s", help="The schema set, instead of finding it: see `evproto-exi schemas`."),
]
FragmentOption = Annotated[
    bool | None,
    typer.Option("--fragment/--document", help="The kind of stream, instead of finding it."),
]


@app.command()
def decode(
    source: Input,
    schema: SchemaOption = None,
    fragment: FragmentOption = None,
    view: Annotated[View, typer.Option("--as", help="What to print.")] = View.XML,
) -> None:
    """Show the message in an EXI stream or V2GTP frame.

    What the stream was taken for is said on standard error.
    """
    reading = _read(_stream(source), schema, fragment)
    _note(reading)
    match view:
        case View.XML:
            print(to_xml(reading.root, reading.codec))
        case View.JSON:
            print(to_json(reading.root, reading.codec))
        case View.PYTHON:
            print(repr(reading.root))


@app.command()
def encode(
    source: Annotated[str, typer.Argument(help="XML or JSON text, a file, or - for standard input.")],
    schema: SchemaOption = None,
    fragment: Annotated[bool, typer.Option(help="Write a fragment, as signatures digest it.")] = False,
    form: Annotated[Form, typer.Option("--as", help="How to print the bytes.")] = Form.HEX,
) -> None:
    """Write a message, given as XML or JSON, as an EXI stream."""
    key, codec, message = _parse_text(_bytes(source), schema)
    print(f"{key}: {codec.name}", file=sys.stderr)
    data = codec.encode_fragment(message) if fragment else codec.encode(message)
    match form:
        case Form.HEX:
            print(data.hex())
        case Form.BASE64:
            print(base64.b64encode(data).decode("ascii"))
        case Form.RAW:
            sys.stdout.buffer.write(data)


@app.command()
def dump(source: Input, schema: SchemaOption = None, fragment: FragmentOption = None) -> None:
    """Explain a stream bit by bit: the header, then each event code and value."""
    data = _stream(source)
    codec, is_fragment = _reading_to_dump(data, schema, fragment)
    for line in dump_stream(codec.grammar, data, fragment=is_fragment):
        print(line)


@app.command()
def schemas() -> None:
    """List the schema sets that are installed."""
    for key, codec in codecs().items():
        print(f"{key:<16} {codec.name}")


def main() -> None:
    """Run the command; a fault is one line on standard error and exit code 2."""
    try:
        app(standalone_mode=False)
    except (EvprotoError, OSError) as failure:
        _fail(str(failure))
    except typer.Exit as leave:
        sys.exit(leave.exit_code)
    except Exception as failure:
        # The parser of arguments, and only it, raises these; its classes moved between releases.
        if not hasattr(failure, "format_message"):
            raise
        _fail(failure.format_message())


def _fail(reason: str) -> NoReturn:
    if reason:
        print(f"evproto-exi: {' '.join(reason.split())}", file=sys.stderr)
    sys.exit(2)


def _note(reading: Reading) -> None:
    print(reading, file=sys.stderr)
    if reading.surplus:
        print(f"{reading.surplus} zero bytes follow the end of the stream", file=sys.stderr)


def _read(data: bytes, schema: str | None, fragment: bool | None) -> Reading:
    among = codecs() if schema is None else {schema: _codec(schema)}
    found = readings(data, among.items(), fragment=fragment)
    if len(found) == 1:
        return found[0]
    if found:
        ways = "; ".join(str(reading) for reading in found)
        raise DecodeError(f"several readings fit, choose with --schema and --fragment: {ways}")
    if len(among) == 1 and fragment is not None:
        ((key, codec),) = among.items()
        return _tolerant(data, key, codec, fragment)
    raise DecodeError(f"no reading fits in {', '.join(among) or 'no installed schema set'}")


def _reading_to_dump(data: bytes, schema: str | None, fragment: bool | None) -> tuple[Codec, bool]:
    """What to explain a stream as; a broken one too, when its schema set is named."""
    try:
        reading = _read(data, schema, fragment)
    except DecodeError:
        if schema is None:
            raise
        return _codec(schema), bool(fragment)
    _note(reading)
    return reading.codec, reading.fragment


def _tolerant(data: bytes, key: str, codec: Codec, fragment: bool) -> Reading:
    """The reading that was asked for by name, also when the stream is not as we would write it."""
    root, used = codec.decode_prefix(data, fragment=fragment)
    if not isinstance(root, Message):
        raise DecodeError(f"the root is the value {root!r:.60}, not a message")
    return Reading(key, codec, fragment, root, used, len(data) - used, 0)


def _codec(key: str) -> Codec:
    known = codecs()
    if key not in known:
        raise DecodeError(f"there is no schema set {key!r}, only {', '.join(known) or 'none'}")
    return known[key]


def _parse_text(data: bytes, schema: str | None) -> tuple[str, Codec, Message]:
    among = codecs() if schema is None else {schema: _codec(schema)}
    is_xml = data.lstrip().startswith(b"<")
    if is_xml:
        parse(data)
    reasons = []
    for key, codec in among.items():
        try:
            message = from_xml(data, codec) if is_xml else from_json(data, codec)
        except DecodeError as failure:
            reasons.append(f"{key}: {failure}")
            continue
        if isinstance(message, Message):
            return key, codec, message
    raise EncodeError("; ".join(reasons) or "no schema set is installed")


def _stream(source: str) -> bytes:
    """The EXI stream: what stands in a text form, without the header of a frame."""
    return strip_frame(_binary(_bytes(source)))[0]


def _bytes(source: str) -> bytes:
    if source == "-":
        return sys.stdin.buffer.read()
    try:
        if Path(source).is_file():
            return Path(source).read_bytes()
    except (OSError, ValueError):
        pass  # Too long or not made for a file name: it is the data itself.
    return source.encode()


def _binary(data: bytes) -> bytes:
    """Bytes as they are unless they are hexadecimal or base64 text.

    No EXI stream and no frame can be taken for text: they begin with a byte that is no ASCII
    character, or with 0x01.
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


if __name__ == "__main__":
    main()
