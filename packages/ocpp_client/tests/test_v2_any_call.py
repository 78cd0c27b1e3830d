"""Whatever a back end calls that the schemas allow, a 2.x station answers and goes on."""

from __future__ import annotations

import random
from typing import Any

import pytest

from evproto.ocpp_client import Version
from evproto.ocpp_client.rpc_events import CallFailed
from evproto.ocpp_client.rpc_frames import ErrorCode
from evproto.ocpp_client.testing import Bench2

CALLS = 300


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("version", [Version.V201, Version.V21])
def test_any_call_is_answered(random_message: Any, version: Version, seed: int) -> None:
    bench = Bench2(version, settings={"EVSE.AllowReset": True}).boot()
    bench.charge()
    chance = random.Random(seed)
    requests = [request for request, _ in version.actions.values()]
    for number in range(CALLS):
        bench.forget()
        bench.csms.call(random_message(chance.choice(requests), chance.random()), bench.now)
        bench.pump()
        bench.run(40.0 if not bench.answers else 0.1)
        (answer,) = bench.answers
        if isinstance(answer, CallFailed):
            assert answer.code not in (None, ErrorCode.INTERNAL_ERROR), number
    assert bench.station.online
