from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from evproto.core.pcapng import decode as decode_capture
from evproto.slac.capture import FrameCapture, frames_of
from evproto.slac.cli import main
from evproto.slac.emulator import Segment

COMMAND = [sys.executable, "-m", "evproto.slac.cli"]


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *words], capture_output=True, text=True, timeout=30, check=False)


def run_here(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str]:
    """The exit code and the error text, without the start of another interpreter."""
    monkeypatch.setattr(sys, "argv", ["evproto-slac", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0), capsys.readouterr().err


@pytest.fixture
def capture_file(tmp_path: Path) -> Path:
    """A matched session as the charger sees it."""
    file = tmp_path / "session.pcapng"
    with file.open("wb") as opened:
        segment = Segment()
        segment.add_evse("evse", trace=FrameCapture(opened.write, epoch_ns=0))
        segment.add_ev("ev")
        segment.plug("ev", "evse", 1.0)
        segment.run(until=2.0)
    return file


def test_sniff_shows_the_frames_of_a_capture(capture_file: Path) -> None:
    shown = run("sniff", "--read", str(capture_file))
    assert shown.returncode == 0
    lines = shown.stdout
    assert re.search(r"0\.\d+\s+02:10:\S+ > modem\s+CM_SET_KEY\.REQ", lines)
    assert "CM_SLAC_MATCH.CNF" in lines and "mean 10.0 dB" in lines


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["evse", "-i", "nosuchif0"], "no Ethernet interface 'nosuchif0'"),
        (["ev", "-i", "nosuchif0"], "no Ethernet interface 'nosuchif0'"),
        (["modem-info", "-i", "nosuchif0"], "no Ethernet interface 'nosuchif0'"),
        (["sniff"], "--interface and --read"),
        (["sniff", "--read", "/nonexistent"], "/nonexistent: No such file or directory"),
        (["sniff", "--read", __file__], "pcapng"),
        (["emulate", "a=x", "b=y", "-a", "a,c=10"], "expected two of a, b"),
        (["emulate", "a=x", "b=y", "-a", "a,b=loud"], "expected NAME,NAME=DB"),
        (["emulate", "a=nosuchif0"], "nosuchif0"),
        (["evse", "-i", "lo", "--validation", "sometimes"], "sometimes"),
    ],
)
def test_wrong_setting_is_named_and_ends_with_code_2(
    words: list[str], told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = run_here(words, monkeypatch, capsys)
    assert code == 2
    assert told in text
    assert "Traceback" not in text


@pytest.fixture
def pairs() -> Iterator[list[tuple[str, str]]]:
    """Two veth pairs: each line's end and host's end."""
    prefix = f"evc{os.getpid() % 10000}"
    made = [(f"{prefix}l{index}", f"{prefix}h{index}") for index in range(2)]
    for line, host in made:
        words = ["ip", "link", "add", line, "type", "veth", "peer", "name", host]
        if shutil.which("ip") is None or subprocess.run(words, capture_output=True, check=False).returncode:
            pytest.skip("needs the right to make network interfaces")
        for name in (line, host):
            subprocess.run(["ip", "link", "set", name, "up"], check=True)
    yield made
    for line, _ in made:
        subprocess.run(["ip", "link", "del", line], capture_output=True, check=False)


def test_evse_and_ev_match_over_the_emulated_line(pairs: list[tuple[str, str]], tmp_path: Path) -> None:
    (line_evse, evse), (line_ev, ev) = pairs
    capture, trace, whole = (tmp_path / name for name in ("ev.pcapng", "ev.jsonl", "line.pcapng"))
    ports = [f"evse={line_evse}", f"ev={line_ev}"]
    emulator = start("emulate", *ports, "-a", "evse,ev=12", "--capture", str(whole), shown=False)
    charger = None
    try:
        wait_for_modem(evse)
        charger = start("evse", "-i", evse, "--once")
        wait_for_text(whole, b"\x09\x60")
        files = ["--capture", str(capture), "--trace", str(trace)]
        car = run("ev", "-i", ev, "--once", *files, "--timeout", "15")
        assert car.returncode == 0, car.stdout
        assert "LinkReady established=True" in car.stdout
        assert re.search(r"CandidatesRanked candidates=\S+ 12\.0 dB", car.stdout)
        output, _ = charger.communicate(timeout=15)
        assert "LinkReady established=True" in output and charger.returncode == 0
        info = run("modem-info", "-i", ev)
        assert "MAC-QCA7000-1.1.0" in info.stdout and "link=1" in info.stdout
    finally:
        for process in (emulator, charger):
            if process is not None:
                process.kill()
                process.communicate()
    assert len(list(frames_of(capture.read_bytes()))) > 15
    assert '"name": "CmSlacMatchCnf"' in trace.read_text()
    names = [interface.name for interface in decode_capture(whole.read_bytes()).interfaces]
    assert names == ["evse", "ev"]


def start(*words: str, shown: bool = True) -> subprocess.Popen[str]:
    stdout = subprocess.PIPE if shown else subprocess.DEVNULL
    return subprocess.Popen([*COMMAND, *words], stdout=stdout, text=True)


def wait_for_modem(interface: str) -> None:
    """The emulator is another program: it takes a moment until it answers."""
    deadline = time.monotonic() + 15
    while run("modem-info", "-i", interface, "--wait", "0.1").returncode:
        assert time.monotonic() < deadline


def wait_for_text(file: Path, wanted: bytes) -> None:
    deadline = time.monotonic() + 15
    while wanted not in file.read_bytes():
        assert time.monotonic() < deadline
        time.sleep(0.02)
