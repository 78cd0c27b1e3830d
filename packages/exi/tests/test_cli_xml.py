"""The command for any XML: which schema, all options, and one line with exit code 2 when they clash."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from evproto.exi import Alignment, Options, Preserve, Profile, QName, Schema, cli, cli_files

XSD = "http://www.w3.org/2001/XMLSchema"
EXI = "http://www.w3.org/2009/exi"
MESSAGE = '<t:Circle xmlns:t="urn:toy"><t:Colour>blue</t:Colour><t:Radius>7</t:Radius></t:Circle>'


class Run:
    """The command in this process."""

    def __init__(self, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
        self.capture = capfdbinary
        self.monkeypatch = monkeypatch

    def __call__(self, *arguments: object, stdin: bytes = b"") -> tuple[int, bytes, str]:
        self.monkeypatch.setattr(sys, "argv", ["evproto-exi", *map(str, arguments)])
        self.monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = 0
        try:
            cli.main()
        except SystemExit as leave:
            code = int(leave.code or 0)
        out, err = self.capture.readouterr()
        return code, out, err.decode()


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(cli, "codecs", dict)
    return Run(capfdbinary, monkeypatch)


LAYOUTS = {
    "": Options(),
    "--alignment byte-aligned": Options(alignment=Alignment.BYTE_ALIGNED),
    "--alignment pre-compression --block-size 2": Options(alignment=Alignment.PRE_COMPRESSION, block_size=2),
    "--compression": Options(compression=True),
    "--strict": Options(strict=True),
    "--preserve comments --preserve prefixes": Options(preserve=Preserve.COMMENTS | Preserve.PREFIXES),
    "--preserve all": Options(preserve=Preserve.ALL),
    "--self-contained {urn:toy}Colour": Options(
        self_contained=True, self_contained_elements=frozenset({QName("urn:toy", "Colour")})
    ),
    "--value-max-length 2 --value-partition-capacity 1": Options(
        value_max_length=2, value_partition_capacity=1
    ),
    "--cookie --include-options --include-schema-id --schema-id toy": Options(
        include_cookie=True, include_options=True, include_schema_id=True, schema_id="toy"
    ),
    "--no-local-values --max-grammars 0 --max-productions 0": Options(
        profile=Profile(
            local_value_partitions=False,
            maximum_built_in_element_grammars=0,
            maximum_built_in_productions=0,
        )
    ),
    f"--datatype {{{XSD}}}unsignedShort={{{EXI}}}string": Options(
        datatype_representation_map=((QName(XSD, "unsignedShort"), QName(EXI, "string")),)
    ),
    "--fragment": Options(fragment=True),
}


@pytest.mark.parametrize(("arguments", "options"), LAYOUTS.items(), ids=LAYOUTS)
def test_every_option_reaches_the_stream_and_back(
    run: Run, toy_xsd: Path, arguments: str, options: Options
) -> None:
    expected = Schema.from_xsd(toy_xsd).encode(MESSAGE, options)
    code, out, err = run("encode", MESSAGE, "--xsd", toy_xsd, *arguments.split())
    assert (code, out.decode().strip(), err) == (0, expected.hex(), "")
    code, out, err = run("decode", expected.hex(), "--xsd", toy_xsd, *arguments.split())
    assert (code, err) == (0, "")
    assert out.decode().strip() == Schema.from_xsd(toy_xsd).decode_text(expected, options)


def test_files_and_standard_streams_carry_raw_bytes(run: Run, tmp_path: Path) -> None:
    xml, packed, back = tmp_path / "a.xml", tmp_path / "a.exi", tmp_path / "b.xml"
    xml.write_text("<a>\u00e9</a>", "utf-8")
    assert run("encode", xml, "--schemaless", "-o", packed) == (0, b"", "")
    expected = Schema.schemaless().encode(xml)
    assert packed.read_bytes() == expected
    assert run("encode", "-", "--schemaless", "--as", "raw", stdin=xml.read_bytes())[1] == expected
    assert run("decode", packed, "--schemaless", "-o", back)[0] == 0
    assert back.read_text("utf-8") == xml.read_text("utf-8")
    assert run("decode", "-", "--schemaless", stdin=expected)[1].decode() == "<a>\u00e9</a>\n"


def test_a_compiled_schema_stands_in_for_its_documents(run: Run, toy_xsd: Path, tmp_path: Path) -> None:
    saved = tmp_path / "toy.exig"
    code, _, err = run("compile", toy_xsd, "-o", saved)
    assert (code, "bytes" in err) == (0, True)
    assert run("encode", MESSAGE, "--grammar", saved)[1] == run("encode", MESSAGE, "--xsd", toy_xsd)[1]


def test_canonical_does_not_depend_on_how_a_text_is_written(run: Run) -> None:
    one = run("canonical", "<a b='1' a='2'/>", "--schemaless")
    assert one[0] == 0
    assert one == run("canonical", '<a a="2" b="1"></a>', "--schemaless")
    assert one != run("canonical", "<a b='1' a='2'/>", "--schemaless", "--omit-options-document")


def test_info_explains_each_bit_once_and_in_order(run: Run, toy_xsd: Path) -> None:
    data = Schema.from_xsd(toy_xsd).encode(MESSAGE, Options(include_options=True, strict=True))
    code, out, _ = run("info", data.hex(), "--xsd", toy_xsd, "--json")
    shown = json.loads(out)
    assert (code, shown["size"], shown["fault"]) == (0, len(data), None)
    places = [(part["start"], part["end"]) for part in shown["parts"] if part["end"] > part["start"]]
    assert [start for start, _ in places] == [0, *(end for _, end in places[:-1])]
    assert places[-1][1] > 8 * (len(data) - 1)
    lines = run("info", data.hex(), "--xsd", toy_xsd)[1].decode().splitlines()
    assert "header" in lines[0]
    assert any("'blue'" in line for line in lines)
    assert any("SE Circle" in line for line in lines)


def test_info_of_a_broken_stream_ends_where_it_breaks(run: Run) -> None:
    code, out, _ = run("info", "8001", "--schemaless")
    assert code == 0
    assert "!!" in out.decode().splitlines()[-1]
    assert json.loads(run("info", "8001", "--schemaless", "--json")[1])["fault"]["bit"] is not None


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("encode", "<a/>", "--schemaless", "--built-in-types"), "only one of --xsd"),
        (("encode", "<a/>", "--strict"), "--strict needs one of --xsd"),
        (("encode", "<a/>", "--schemaless", "--strict", "--preserve", "pis"), "preserve.pis"),
        (("encode", "<a/>", "--schemaless", "--compression", "--alignment", "byte-aligned"), "alignment"),
        (("encode", "<a/>", "--schemaless", "--preserve", "all-of-it"), "--preserve takes"),
        (("encode", "<a/>", "--schemaless", "--block-size", "0"), "block_size"),
        (("encode", "<a/>", "--schemaless", "--self-contained", "{a"), "{uri}name"),
        (("encode", "<a/>", "--schemaless", "--datatype", "x"), "--datatype takes"),
        (("encode", "<a/>", "--schemaless", "--schema", "iso2"), "--schema"),
        (("encode", "<a", "--schemaless"), "no well-formed XML"),
        (("encode", "<a/>", "--xsd", "missing.xsd"), "missing.xsd"),
        (("encode", "<a/>", "--grammar", "missing.exig"), "missing.exig"),
        (("decode", "80", "--schemaless"), "bit"),
        (("decode", "80", "--schemaless", "--as", "json"), "--as json"),
        (("canonical", "<a/>"), "canonical needs"),
        (("compile", "missing.xsd", "-o", "x"), "missing.xsd"),
        (("info", "8000"), "no reading fits"),
    ],
)  # fmt: skip
def test_a_fault_is_one_line_and_exit_code_2(run: Run, arguments: tuple[str, ...], reason: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, b"")
    assert reason in err
    assert len(err.splitlines()) == 1


def test_a_file_that_could_not_be_written_whole_is_taken_away(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "a.xml"
    assert run("decode", "8001", "--schemaless", "-o", target)[0] == 2
    assert not target.exists()


def test_progress_of_large_files_is_shown_on_a_terminal_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    large = tmp_path / "large"
    large.write_bytes(bytes(5 << 20))
    with cli_files.progress(large) as progress:
        assert progress is None
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with cli_files.progress(b"small") as progress:
        assert progress is None
    with cli_files.progress(large) as progress:
        assert progress is not None
        progress(1 << 20)
