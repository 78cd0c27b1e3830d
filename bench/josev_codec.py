"""The EXI codec that Josev gets from us beside its own Java gateway, called in turn in one process.

Runs in the environment of Josev: EVPROTO_JOSEV_PYTHON, or .peers/josev, which
tests/interop/josev/install.py makes; the gateway needs Java.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

from _report import Figure, interleave, options, report

ROOT = Path(__file__).resolve().parent.parent
JOSEV = Path(os.environ.get("EVPROTO_JOSEV_PYTHON", ROOT / ".peers" / "josev" / "bin" / "python"))
PACKAGES = ("core", "exi", "v2gtp", "iso15118")

HEADER = {"SessionID": "0102030405060708"}
STATUS = {"EVReady": True, "EVErrorCode": "NO_ERROR", "EVRESSSOC": 50}
CURRENT, VOLTAGE = (
    {"Multiplier": 0, "Value": value, "Unit": unit} for value, unit in ((10, "A"), (400, "V"))
)
DEMAND = {
    "DC_EVStatus": STATUS,
    "EVTargetCurrent": CURRENT,
    "EVMaximumVoltageLimit": VOLTAGE,
    "ChargingComplete": False,
    "EVTargetVoltage": VOLTAGE,
}
LOOP = {
    "Header": HEADER | {"TimeStamp": 1_700_000_000},
    "MeterInfoRequested": False,
    "EVPresentVoltage": {"Exponent": 0, "Value": 400},
    "Scheduled_DC_CLReqControlMode": {
        "EVTargetCurrent": {"Exponent": 0, "Value": 10},
        "EVTargetVoltage": {"Exponent": 0, "Value": 400},
    },
}
MESSAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "ISO 15118-2 CurrentDemandReq": (
        "urn:iso:15118:2:2013:MsgDef",
        {"V2G_Message": {"Header": HEADER, "Body": {"CurrentDemandReq": DEMAND}}},
    ),
    "DIN 70121 CurrentDemandReq": (
        "urn:din:70121:2012:MsgDef",
        {"V2G_Message": {"Header": HEADER, "Body": {"CurrentDemandReq": DEMAND}}},
    ),
    "ISO 15118-20 DC_ChargeLoopReq": ("urn:iso:std:iso:15118:-20:DC", {"DC_ChargeLoopReq": LOOP}),
}


def main() -> int:
    arguments = options(__doc__).parse_args()
    if importlib.util.find_spec("iso15118") is None:
        return run_in_josevs_environment()
    importlib.import_module("iso15118.shared.exi_codec")  # what Josev itself takes counts for neither
    ours, start_of_ours = started("evproto.iso15118.josev", "EvprotoExiCodec")
    theirs, start_of_theirs = started("iso15118.shared.exificient_exi_codec", "ExificientEXICodec")
    ratio = start_of_ours / start_of_theirs
    figures = [
        Figure(
            case="to the first message",
            measure="start",
            value=start_of_ours,
            unit="s",
            peer="gateway",
            ratio=ratio,
        )
    ]
    for case, (namespace, message) in MESSAGES.items():
        text = json.dumps(message)
        stream = ours.encode(text, namespace)
        assert stream == theirs.encode(text, namespace)
        pairs = {
            "encode": [partial(codec.encode, text, namespace) for codec in (ours, theirs)],
            "decode": [partial(codec.decode, stream, namespace) for codec in (ours, theirs)],
        }
        for measure, operations in pairs.items():
            mine, peers = interleave(*operations)
            ratio = mine.minimum / peers.minimum
            value = mine.minimum * 1e6
            figures.append(
                Figure(case=case, measure=measure, value=value, unit="us", peer="gateway", ratio=ratio)
            )
    theirs.gateway.shutdown()
    report(figures, as_json=arguments.json)
    return 0


def started(module: str, name: str) -> tuple[Any, float]:
    """A codec and the seconds from its import to its first message."""
    start = time.perf_counter()
    codec = getattr(importlib.import_module(module), name)()
    namespace, message = MESSAGES["ISO 15118-2 CurrentDemandReq"]
    codec.decode(codec.encode(json.dumps(message), namespace), namespace)
    return codec, time.perf_counter() - start


def run_in_josevs_environment() -> int:
    if not JOSEV.exists() or shutil.which("java") is None:
        print(
            f"left out: it needs Java and Josev at {JOSEV} (tests/interop/josev/install.py)", file=sys.stderr
        )
        return 0
    sources = [str(ROOT / "packages" / package / "src") for package in PACKAGES]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sources)}
    return subprocess.run([str(JOSEV), *sys.argv], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
