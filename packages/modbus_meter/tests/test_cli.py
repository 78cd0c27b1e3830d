from __future__ import annotations

import asyncio
import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evproto.core.drivers.modbus import serve_tcp
from evproto.modbus_meter import Load, SimulatedMeter, meter_map
from evproto.modbus_meter.cli import app, main

runner = CliRunner()
SAMPLES = json.loads((Path(__file__).parent / "ocmf_samples.json").read_text("utf-8"))["records"]


@pytest.fixture(scope="module")
def target() -> Iterator[str]:
    """A meter on loopback, served from another thread as another program would."""
    loop = asyncio.new_event_loop()
    meter = SimulatedMeter(meter_map("eastron_sdm630"), Load())
    server = loop.run_until_complete(serve_tcp(meter, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    loop.call_soon_threadsafe(server.close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def output(*arguments: str, code: int = 0) -> str:
    result = runner.invoke(app, list(arguments))
    assert result.exit_code == code, (result.output, result.exception)
    return result.output


def fault(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    monkeypatch.setattr(sys, "argv", ["evproto-meter", *arguments])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 2
    return capsys.readouterr().err


def test_list_shows_the_meters() -> None:
    assert len(json.loads(output("list", "--json"))) >= 40
    assert "eastron_sdm630" in output("list")


def test_read_shows_values(target: str) -> None:
    values = json.loads(output("read", "eastron_sdm630", target, "--only", "power", "--json"))
    assert values == {"power": {"value": 11040.0, "unit": "W", "quality": "good"}}
    assert "voltage_l1" in output("read", "eastron_sdm630", target)


def test_watch_prints_a_line_for_each_reading(target: str) -> None:
    arguments = ["--only", "frequency", "--times", "2", "--every", "0.1", "--json"]
    lines = output("watch", "eastron_sdm630", target, *arguments).splitlines()
    assert [json.loads(line)["frequency"]["value"] for line in lines] == [50.0, 50.0]


def test_ocmf_verify_judges_records(tmp_path: Path) -> None:
    sample = SAMPLES["lem_inherited_fields"]
    (judged,) = json.loads(output("ocmf", "verify", sample["record"], "--key", sample["key"], "--json"))
    assert judged["valid"]
    assert judged["readings"][0]["value"] == "57.584"
    path = tmp_path / "records.txt"
    path.write_text(sample["record"] + "\n" + sample["record"].replace("57.584", "57.585") + "\n")
    assert "does not match" in output("ocmf", "verify", str(path), "--key", sample["key"], code=1)


def test_a_fault_of_the_user_is_one_line_and_code_2(
    target: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "no meter 'nothing'" in fault(monkeypatch, capsys, "read", "nothing", target)
    assert "has no speed" in fault(monkeypatch, capsys, "read", "eastron_sdm630", target, "--only", "speed")
    assert "closed" in fault(monkeypatch, capsys, "read", "eastron_sdm630", "127.0.0.1:1")
    assert "begin with 'OCMF|'" in fault(monkeypatch, capsys, "ocmf", "verify", "x", "--key", "00")
    assert "no public key" in fault(
        monkeypatch, capsys, "ocmf", "verify", SAMPLES["keba"]["record"], "--key", "00"
    )
