"""Josev with our codec in place of its Java gateway: its car and its charger, Java out of reach."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent

SESSIONS = {
    ("DC", "ISO_15118_2"): ("SessionSetup", "CableCheck", "PreCharge", "CurrentDemand", "SessionStop"),
    ("AC", "ISO_15118_2"): ("SessionSetup", "ChargeParameterDiscovery", "ChargingStatus", "SessionStop"),
    ("DC", "DIN_SPEC_70121"): ("SessionSetup", "ContractAuthentication", "CurrentDemand", "SessionStop"),
    ("DC", "ISO_15118_20_DC"): ("SessionSetup", "ScheduleExchange", "DC_ChargeLoop", "SessionStop"),
    ("DC_BPT", "ISO_15118_20_DC"): ("SessionSetup", "DC_PreCharge", "DC_ChargeLoop", "SessionStop"),
    ("AC", "ISO_15118_20_AC"): ("SessionSetup", "ScheduleExchange", "AC_ChargeLoop", "SessionStop"),
}

"""The kind of charging and the protocol, and messages that the session has among others."""

pytestmark = [pytest.mark.interop, pytest.mark.slow]


@pytest.mark.parametrize(("kind", "protocol"), SESSIONS, ids=map("-".join, SESSIONS))
def test_josev_charges_itself_with_our_codec(
    namespace: list[str], josev: Path, kind: str, protocol: str
) -> None:
    command = [*namespace, sys.executable, str(HERE / "drop_in.py"), kind, protocol, str(josev)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    verdicts = json.loads(done.stdout.splitlines()[-1])
    for side, suffix in (("secc", "Res"), ("evcc", "Req")):
        assert verdicts[side]["ok"], verdicts[side]
        sent = verdicts[side]["sent"]
        assert sent[0] == f"supportedAppProtocol{suffix}"
        assert set(sent) >= {name + suffix for name in SESSIONS[kind, protocol]}
        assert sent[-1] == f"SessionStop{suffix}"
