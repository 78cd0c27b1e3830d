from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from evproto.core.drivers.modbus import serve_tcp
from evproto.sunspec.cli import app
from evproto.sunspec.testing import device_of

runner = CliRunner()


@pytest.fixture(scope="module")
def target() -> Iterator[str]:
    """A device on loopback, served from another thread as another program would."""
    device = device_of(1, 103, 704)
    device[103].set({"W_SF": 0, "W": 4711})
    device[704].set({"WMaxLimPct_SF": -1})
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(serve_tcp(device, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    loop.call_soon_threadsafe(server.close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def output(*arguments: str, code: int = 0) -> str:
    result = runner.invoke(app, list(arguments))
    assert result.exit_code == code, result.output
    return result.output


def test_scan_lists_the_models(target: str) -> None:
    found = json.loads(output("scan", target, "--json"))
    assert [model["id"] for model in found["models"]] == [1, 103, 704]
    assert "Inverter" in output("scan", target)


def test_read_shows_points(target: str) -> None:
    assert json.loads(output("read", target, "103.W", "--json")) == {"103": {"W": 4711}}
    assert "4711" in output("read", target, "103")


def test_write_reads_back(target: str) -> None:
    shown = json.loads(output("write", target, "704.WMaxLimPct=55.5", "704.WMaxLimPctEna=ENABLED", "--json"))
    assert shown == {"WMaxLimPct": 55.5, "WMaxLimPctEna": "ENABLED"}


def test_watch_prints_a_line_for_each_reading(target: str) -> None:
    lines = output("watch", target, "103.W", "--times", "2", "--every", "0.1", "--json").splitlines()
    assert [json.loads(line) for line in lines] == [{"103.W": 4711}] * 2


def test_models_lists_and_explains() -> None:
    assert len(json.loads(output("models", "--json"))) == 112
    points = json.loads(output("models", "203", "--json"))
    assert {"point": "W", "type": "int16", "registers": 1, "unit": "W"}.items() <= points[18].items()


def test_a_wrong_argument_is_one_line_and_code_2(target: str) -> None:
    assert "no model 999" in output("read", target, "999.W", code=2)
    assert "model 12345 is unknown" in output("models", "12345", code=2)
    assert "no SunSpec map found" in output("scan", "127.0.0.1:1", code=2)
    output("write", target, "103", code=2)
