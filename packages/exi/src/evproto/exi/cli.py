"""The command evproto-exi: decode, encode and explain EXI streams (extra `evproto-exi[cli]`)."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, NoReturn

from evproto.core import ConfigError, DecodeError, EncodeError, EvprotoError

from .codec import Codec
from .declare import Message
from .json_view import from_json, to_json
from .registry import Reading, codecs, readings
from .xml_view import from_xml, parse, to_xml

try:
    import typer

    from . import cli_files
    from .cli_files import Form
    from .cli_options import StreamOptions, with_stream_options
    from .document import Schema
    from .explain import Explanation
    from .options import Options
except ImportError as failure:
    print(f"evproto-exi: {failure}: pip install 'evproto-exi[cli]'", file=sys.stderr)
    sys.exit(2)

app: Final = typer.Typer(
    help="Decode, encode and explain EXI streams, of installed protocols or of any XML.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


class View(StrEnum):
    """How a message is shown."""

    XML = "xml"
    JSON = "json"
    PYTHON = "python"


Input = Annotated[
    str,
    typer.Argument(help="Hexadecimal or base64 text, a file, or - for standard input.", show_default=False),
]
XmlInput = Annotated[
    str, typer.Argument(help="XML text, a file, or - for standard input.", show_default=False)
]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="A file to write instead of printing.")]
AsForm = Annotated[Form | None, typer.Option("--as", help="How to print the bytes (hex, to a file raw).")]
SchemaOption = Annotated[
    str | None,
    typer.Option("--schema", "-s", help="The schema set, instead of finding it: see `evproto-exi schemas`."),
]
FragmentOption = Annotated[
    bool | None,
    typer.Option("--fragment/--document", help="The kind of stream, instead of finding it."),
]


@app.command()
@with_stream_options
def decode(
    source: Input,
    stream: StreamOptions,
    schema: SchemaOption = None,
    fragment: FragmentOption = None,
    view: Annotated[View, typer.Option("--as", help="What to print.")] = View.XML,
    output: Output = None,
) -> None:
    """Show the message in an EXI stream or V2GTP frame.

    Without a schema the protocol is found among the installed packages; what the stream was taken
    for is said on standard error.
    """
    named = _named(stream, schema)
    if named is None:
        reading = _read(cli_files.stream_bytes(source), schema, fragment)
        _note(reading)
        _print(_shown(reading, view), output)
        return
    if view is not View.XML:
        raise ConfigError(f"--as {view} needs declared messages: with a schema document there is only xml")
    data, options = cli_files.stream_source(source), stream.options(fragment=bool(fragment))
    with cli_files.target(output) as file, cli_files.progress(data) as progress:
        named.decode_to(data, file, options, progress=progress)
        if output is None:
            file.write(b"\n")


@app.command()
@with_stream_options
def encode(
    source: Annotated[str, typer.Argument(help="XML or JSON text, a file, or - for standard input.")],
    stream: StreamOptions,
    schema: SchemaOption = None,
    fragment: Annotated[bool, typer.Option(help="Write a fragment, as signatures digest it.")] = False,
    form: AsForm = None,
    output: Output = None,
) -> None:
    """Write a message, given as XML or JSON, or any XML document, as an EXI stream."""
    named = _named(stream, schema)
    if named is not None:
        _encode_xml(named, stream.options(fragment=fragment), source, form, output)
        return
    key, codec, message = _parse_text(cli_files.read(source), schema)
    print(f"{key}: {codec.name}", file=sys.stderr)
    data = codec.encode_fragment(message) if fragment else codec.encode(message)
    cli_files.show(data, form, output)


@app.command()
@with_stream_options
def canonical(
    source: XmlInput,
    stream: StreamOptions,
    fragment: Annotated[bool, typer.Option(help="Write a fragment.")] = False,
    form: AsForm = None,
    output: Output = None,
) -> None:
    """Write an XML document as Canonical EXI, which is the same for all documents that say the same."""
    named = stream.schema()
    if named is None:
        raise ConfigError("canonical needs one of --xsd, --grammar, --schemaless and --built-in-types")
    _encode_xml(named, stream.options(fragment=fragment, canonical=True), source, form, output)


@app.command(name="compile")
def compile_schema(
    xsd: Annotated[list[Path], typer.Argument(help="XML schema documents.", show_default=False)],
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.", show_default=False)],
    search: Annotated[
        list[Path] | None, typer.Option(help="A folder in which imported documents are looked for.")
    ] = None,
) -> None:
    """Save schema documents as one small file that loads in a moment and needs no XSD any more."""
    made = Schema.from_xsd(xsd, search or ())
    made.check()
    made.check(strict=True)
    made.save(output)
    print(f"{output}: {output.stat().st_size} bytes", file=sys.stderr)


@app.command()
@with_stream_options
def info(
    source: Input,
    stream: StreamOptions,
    schema: SchemaOption = None,
    fragment: FragmentOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Explain a stream bit by bit: header, options, each event code, string and value.

    A stream that is wrong is explained up to the fault.
    """
    named = _named(stream, schema)
    if named is None:
        data = cli_files.stream_bytes(source)
        named, options = _reading_to_explain(data, schema, fragment)
    else:
        data, options = cli_files.stream_bytes(source), stream.options(fragment=bool(fragment))
    explanation = named.explain(data, options)
    if as_json:
        print(explanation.to_json())
    else:
        _print_lines(explanation)


@app.command()
def dump(source: Input, schema: SchemaOption = None, fragment: FragmentOption = None) -> None:
    """The same as `info`, for the protocols of installed packages."""
    data = cli_files.stream_bytes(source)
    named, options = _reading_to_explain(data, schema, fragment)
    _print_lines(named.explain(data, options))


@app.command()
def schemas() -> None:
    """List the schema sets that are installed."""
    for key, codec in codecs().items():
        print(f"{key:<16} {codec.name}")


def main() -> None:
    """Run the command; a fault is one line on standard error and exit code 2."""
    try:
        app(standalone_mode=False)
    except (EvprotoError, OSError, ImportError) as failure:
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


def _named(stream: StreamOptions, schema: str | None) -> Schema | None:
    named = stream.schema()
    if named is not None and schema is not None:
        raise ConfigError("--schema names an installed schema set: it excludes --xsd, --grammar and the like")
    return named


def _encode_xml(named: Schema, options: Options, source: str, form: Form | None, output: Path | None) -> None:
    text = cli_files.xml_source(source)
    with cli_files.progress(text) as progress:
        if output is None or form not in (None, Form.RAW):
            cli_files.show(named.encode(text, options), form, output)
            return
        with cli_files.target(output) as file:
            named.encode_to(text, file, options, progress=progress)


def _shown(reading: Reading, view: View) -> str:
    match view:
        case View.XML:
            return to_xml(reading.root, reading.codec)
        case View.JSON:
            return to_json(reading.root, reading.codec)
        case View.PYTHON:
            return repr(reading.root)


def _print(text: str, output: Path | None) -> None:
    if output is None:
        print(text)
    else:
        output.write_text(text + "\n", "utf-8")


def _print_lines(explanation: Explanation) -> None:
    from .cli_lines import print_lines

    print_lines(explanation)


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


def _reading_to_explain(data: bytes, schema: str | None, fragment: bool | None) -> tuple[Schema, Options]:
    """What to explain a stream as; a broken one too, when its schema set is named."""
    try:
        reading = _read(data, schema, fragment)
    except DecodeError:
        if schema is None:
            raise
        return _schema_of(_codec(schema)), Options(fragment=bool(fragment))
    _note(reading)
    return _schema_of(reading.codec), Options(fragment=reading.fragment)


def _schema_of(codec: Codec) -> Schema:
    return Schema.from_components(codec.schema, codec.name)


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


if __name__ == "__main__":
    main()
