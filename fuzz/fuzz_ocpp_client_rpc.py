"""Any text from a back end is answered or reported; nothing is raised and only JSON is sent."""

from __future__ import annotations

import json

from _runner import run

from evproto.ocpp_client import Rpc, Version

SEEDS = [
    b'[2,"a","Reset",{"type":"Immediate"}]',
    b'[2,"b","SetVariables",{"setVariableData":[{"attributeValue":"1","component":{"name":"x"},"variable":{"name":"y"}}]}]',
    b'[3,"1",{"currentTime":"2026-01-01T00:00:00Z"}]',
    b'[4,"1","GenericError","",{}]',
    b'[6,"1","NotifyPeriodicEventStream",{"data":[{"t":0,"v":"1"}],"id":1,"pending":0,"basetime":"2026-01-01T00:00:00Z"}]',
]


def check(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    for version in Version:
        rpc = Rpc(version, frozenset(version.actions), lambda: "1")
        rpc.connected(0.0)
        rpc.receive(text, 1.0)
        outputs = 0
        while (output := rpc.next_output()) is not None:
            json.loads(output)
            outputs += 1
        assert outputs + (rpc.next_event() is not None) >= (1 if version is not Version.V21 else 0)


if __name__ == "__main__":
    run(check, SEEDS)
