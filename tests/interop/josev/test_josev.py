"""ISO 15118-2 sessions with Josev, which others wrote: both directions, AC and DC.

Every session runs in a network namespace of its own. EVPROTO_JOSEV_PYTHON names the interpreter
of an environment with Josev; without it `.peers/josev` is used, which install.py makes.
EVPROTO_JOSEV_RUNS is how often each combination is run.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
RUNS = int(os.environ.get("EVPROTO_JOSEV_RUNS", "5"))

BEFORE_ENERGY = ["SessionSetup", "ServiceDiscovery", "PaymentServiceSelection", "Authorization"]
ENERGY = {
    "DC": ["CableCheck", "PreCharge", "PowerDelivery", "CurrentDemand", "PowerDelivery", "WeldingDetection"],
    "AC": ["PowerDelivery", "ChargingStatus", "PowerDelivery"],
}

pytestmark = [pytest.mark.interop, pytest.mark.slow]


def run(namespace: list[str], josev: Path, direction: str, kind: str) -> dict[str, Any]:
    if shutil.which("java") is None:
        pytest.skip("Josev needs java")
    command = [*namespace, sys.executable, str(HERE / "scenario.py"), direction, kind, str(josev)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def phases(messages: list[str], suffix: str) -> list[str]:
    """The names without their suffix, repeats in a row only once."""
    names = [name.removesuffix(suffix) for name in messages if name.endswith(suffix) and name[0].isupper()]
    names = [name for name in names if name not in ("SdpRequest", "SdpResponse", "Sdp")]
    return [name for index, name in enumerate(names) if index == 0 or names[index - 1] != name]


@pytest.mark.parametrize("number", range(RUNS))
@pytest.mark.parametrize("kind", ["DC", "AC"])
@pytest.mark.parametrize("direction", ["ours-secc", "ours-evcc"])
def test_a_session_with_josev_runs_from_setup_to_stop(
    namespace: list[str], josev: Path, direction: str, kind: str, number: int
) -> None:
    result = run(namespace, josev, direction, kind)
    assert result["ok"], result
    assert result["reason"] == "FINISHED"
    assert result["faults"] == []
    assert result["contactor_closed"] is False
    assert result["josev"]["ok"], result["josev"]
    wanted = [*BEFORE_ENERGY, "ChargeParameterDiscovery", *ENERGY[kind], "SessionStop"]
    ours, theirs = ("Res", "Req") if direction == "ours-secc" else ("Req", "Res")
    assert phases(result["messages"], ours) == wanted
    assert phases(result["josev"]["sent"], theirs) == wanted
