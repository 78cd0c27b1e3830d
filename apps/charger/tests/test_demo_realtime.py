"""The demo over real sockets on loopback."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from evproto.charger import Current, DemoConfig, FaultName, run_real_time, run_virtual
from evproto.charger.demo.realtime import NetworkError
from evproto.charger.demo.session import tcp_port
from evproto.charger.demo.settings import BatteryConfig
from evproto.charger.testing import untimed
from evproto.core.pcapng import decode


def has_loopback() -> bool:
    with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
        try:
            probe.bind(("::1", 0))
        except OSError:
            return False
    return True


pytestmark = pytest.mark.skipif(not has_loopback(), reason="this machine has no IPv6 loopback address")

SHORT = BatteryConfig(capacity_wh=1000.0, soc_percent=50.0, target_soc_percent=51.0)


@pytest.mark.slow
@pytest.mark.parametrize("current", Current)
def test_real_time_leaves_the_same_trace_as_virtual_time_but_for_times(
    tmp_path: Path, current: Current
) -> None:
    config = DemoConfig(current=current, battery=SHORT, seed=20_001)
    real = run_real_time(config, tmp_path / "real", sdp_port=0)
    virtual = run_virtual(config, tmp_path / "virtual")
    assert real.ok
    assert virtual.ok
    assert untimed(tmp_path / "real") == untimed(tmp_path / "virtual")
    assert real.duration_s == pytest.approx(virtual.duration_s, abs=1.0)


@pytest.mark.slow
def test_a_pulled_cable_in_real_time_leaves_the_same_trace_too(tmp_path: Path) -> None:
    config = DemoConfig(fault=FaultName.PULLED_CABLE, fault_at_s=2.0, seed=20_002)
    assert run_real_time(config, tmp_path / "real", sdp_port=0).contactor_open
    run_virtual(config, tmp_path / "virtual")
    assert untimed(tmp_path / "real") == untimed(tmp_path / "virtual")


def test_a_port_in_use_is_passed_over(tmp_path: Path) -> None:
    config = DemoConfig(fault=FaultName.PULLED_CABLE, fault_at_s=0.9, seed=20_003)
    with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as other:
        other.bind(("::1", tcp_port(20_003)))
        other.listen()
        assert run_real_time(config, tmp_path, sdp_port=0).messages > 2


def test_an_sdp_port_in_use_is_an_error_that_names_the_address(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as other:
        other.bind(("::1", 0))
        with pytest.raises(NetworkError, match=r"\[::1\]"):
            run_real_time(DemoConfig(), tmp_path / "s", sdp_port=other.getsockname()[1])
    assert not (tmp_path / "s").exists()


@pytest.mark.slow
def test_an_interrupt_leaves_a_complete_folder_and_code_130(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    command = [sys.executable, "-m", "evproto.charger", "demo", "--seed", "20004", "--out", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        while "SessionSetupReq" not in demo.stdout.readline():
            assert demo.poll() is None
        demo.send_signal(signal.SIGINT)
        _, errors = demo.communicate(timeout=30)
    assert demo.returncode == 130
    assert errors.startswith("evproto-charger: interrupted")
    assert errors.count("\n") == 1
    assert "Interrupted" in (folder / "session.html").read_text("utf-8")
    assert decode((folder / "session.pcapng").read_bytes()).fault is None
