"""docs/control-pilot.md says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from evproto.iec61851 import SEQUENCES
from evproto.iec61851.serial_line import frame

DOCUMENT = Path(__file__).parents[3] / "docs" / "control-pilot.md"
TIMING_TESTS = Path(__file__).parent / "test_timing.py"

pytestmark = pytest.mark.skipif(not DOCUMENT.exists(), reason="the document is in the repository only")


def test_the_table_of_sequences_is_that_of_the_code() -> None:
    rows = re.findall(r"^\| ([0-9.]+) \| ((?:[A-D][12]-[A-D][12] ?)+)\|", DOCUMENT.read_text(), re.MULTILINE)
    told = {(pair, number) for number, pairs in rows for pair in pairs.split()}
    held = {
        (f"{before.value}-{after.value}", number)
        for (before, after), number in SEQUENCES.items()
        if after.letter in "ABCD"
    }
    assert told == held


def test_every_row_of_the_timing_table_names_a_test_that_exists() -> None:
    named = re.findall(r"`(test_\w+)`", DOCUMENT.read_text())
    tests = set(re.findall(r"^def (test_\w+)", TIMING_TESTS.read_text(), re.MULTILINE))
    assert len(named) >= 17
    assert set(named) <= tests


def test_the_frames_in_the_document_have_the_right_check_sum() -> None:
    frames = re.findall(r"`([^`*]+)\*([0-9A-F]{4})`", DOCUMENT.read_text())
    assert len(frames) >= 3
    for payload, check in frames:
        assert frame(payload) == f"{payload}*{check}\n".encode()
