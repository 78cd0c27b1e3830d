"""The command: it finds the protocol, never guesses, and says in one line what is wrong."""

import base64
import io
import sys
from pathlib import Path
from types import ModuleType

import pytest

from evproto.exi import cli, registry


class Run:
    """The command in this process, with the toy schema as the only one."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.capsys = capsys
        self.monkeypatch = monkeypatch

    def __call__(self, *arguments: str, stdin: bytes = b"") -> tuple[int, str, str]:
        self.monkeypatch.setattr(sys, "argv", ["evproto-exi", *arguments])
        self.monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = 0
        try:
            cli.main()
        except SystemExit as leave:
            code = int(leave.code or 0)
        out, err = self.capsys.readouterr()
        return code, out, err


@pytest.fixture
def run(toys: ModuleType, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(cli, "codecs", lambda: {"toys": toys.CODEC})
    return Run(capsys, monkeypatch)


@pytest.fixture
def data(toys: ModuleType) -> bytes:
    return bytes(toys.CODEC.encode(toys.DRAWING))


def test_every_form_of_a_stream_is_decoded(run: Run, data: bytes, tmp_path: Path) -> None:
    (tmp_path / "raw").write_bytes(data)
    (tmp_path / "text").write_text(data.hex(" ") + "\n")
    expected = run("decode", data.hex())
    assert expected[0] == 0
    assert "<n1:Drawing" in expected[1]
    assert expected[2] == "toys: toys document, Drawing\n"
    frame = b"\x01\xfe\x80\x01" + len(data).to_bytes(4, "big") + data
    assert run("decode", base64.b64encode(data).decode()) == expected
    assert run("decode", str(tmp_path / "raw")) == expected
    assert run("decode", str(tmp_path / "text")) == expected
    assert run("decode", "-", stdin=data) == expected
    assert run("decode", "-", stdin=frame) == expected
    assert run("decode", frame.hex()) == expected


def test_views_and_forms_come_back(run: Run, data: bytes, tmp_path: Path) -> None:
    for view in ("xml", "json"):
        shown = run("decode", data.hex(), "--as", view)[1]
        (tmp_path / view).write_text(shown)
        assert run("encode", str(tmp_path / view))[1].strip() == data.hex()
    assert base64.b64decode(run("encode", str(tmp_path / "xml"), "--as", "base64")[1]) == data
    assert run("decode", data.hex(), "--as", "python")[1].startswith("Drawing(title='Zo")


def test_fragments_are_found(run: Run, toys: ModuleType) -> None:
    fragment = toys.CODEC.encode_fragment(toys.Circle(colour=toys.Colour.RED, radius=3))
    code, out, err = run("decode", fragment.hex())
    assert (code, err) == (0, "toys: toys fragment, Circle\n")
    assert "Radius" in out


def test_zero_bytes_after_the_end_are_reported(run: Run, data: bytes) -> None:
    code, _, err = run("decode", (data + b"\0\0").hex())
    assert code == 0
    assert "2 zero bytes follow" in err


def test_dump_explains_each_event(run: Run, data: bytes) -> None:
    code, out, _ = run("dump", data.hex())
    lines = out.splitlines()
    assert code == 0
    assert "header" in lines[0]
    assert any("SE Drawing" in line for line in lines)
    assert any("'Zoë'" in line for line in lines)


def test_dump_of_a_broken_stream_ends_where_it_breaks(run: Run, data: bytes) -> None:
    code, out, _ = run("dump", data[:4].hex(), "--schema", "toys")
    assert code == 0
    assert "!!" in out.splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("decode", "nonsense!"), "neither hexadecimal nor base64"),
        (("decode", "80ff"), "no reading fits in toys"),
        (("decode", "01fe800100000009"), "cut short"),
        (("decode", "80", "--schema", "iso3"), "there is no schema set 'iso3', only toys"),
        (("decode", "80", "--as", "pdf"), "pdf"),
        (("decode", "--what"), "--what"),
        (("encode", "<a/>"), "toys: a is no global element"),
        (("encode", "<a"), "no well-formed XML"),
        (("encode", "{"), "no JSON"),
        (("bake",), "bake"),
    ],
)
def test_a_fault_is_one_line_and_exit_code_2(run: Run, arguments: tuple[str, ...], reason: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert reason in err
    assert len(err.splitlines()) == 1


def test_two_readings_of_equal_rank_are_not_chosen_between(
    run: Run, toys: ModuleType, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "codecs", lambda: {"one": toys.CODEC, "two": toys.CODEC})
    code, _, err = run("decode", data.hex())
    assert code == 2
    assert "several readings fit" in err
    assert run("decode", data.hex(), "--schema", "one")[0] == 0


def test_schemas_lists_what_is_installed(run: Run) -> None:
    assert run("schemas")[1].split() == ["toys", "toys"]


def test_a_message_of_the_protocol_goes_before_any_other_reading(toys: ModuleType, data: bytes) -> None:
    (reading,) = registry.readings(data, [("toys", toys.CODEC)])
    assert (reading.rank, reading.fragment, reading.root) == (0, False, toys.DRAWING)
