"""The command line: what it prints, leaves and returns."""

from __future__ import annotations

from pathlib import Path

import pytest

from evproto.charger.cli import main


@pytest.mark.parametrize("options", [[], ["--ac"], ["--dc", "--seed", "9"]], ids=" ".join)
def test_the_demo_in_virtual_time_leaves_its_three_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    assert main(["demo", "--virtual", "--out", str(tmp_path / "s"), *options]) == 0
    assert {path.name for path in (tmp_path / "s").iterdir()} == {
        "trace.jsonl",
        "session.pcapng",
        "session.html",
    }
    printed = capsys.readouterr().out
    assert "Finished" in printed
    assert str(tmp_path / "s") in printed.replace("\n", "")


def test_without_out_a_new_folder_is_made_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["demo", "--virtual"]) == 0
    assert main(["demo", "--virtual"]) == 0
    assert len(list(tmp_path.glob("sessions/*-dc*"))) == 2
    capsys.readouterr()


def test_a_fault_that_was_asked_for_is_no_failure_of_the_demo(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "--virtual", "--out", str(tmp_path), "--fault", "out-of-order"]) == 0
    assert "FAILED_SequenceError" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["demo", "--sped", "1"], "--sped"),
        (["demo", "--seed", "x"], "--seed"),
        (["demo", "--seed", "-1"], "--seed"),
        (["demo", "--fault", "earthquake"], "--fault"),
        (["demo", "--fault-at", "-3"], "--fault-at"),
        (["demo", "--out", "/dev/null/here", "--virtual"], "--out"),
        (["demo", "extra"], "extra"),
        (["demmo"], "demmo"),
    ],
)
def test_a_wrong_option_is_one_line_that_names_it_and_code_2(
    arguments: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert named in printed.err
    assert printed.err.count("\n") == 1


def test_help_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--help"]) == 0
    assert "--virtual" in capsys.readouterr().out
