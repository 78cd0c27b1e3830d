"""A 2.x station as a whole: cold boot, a session, both versions on the line."""

from __future__ import annotations

from typing import Any

import pytest

from evproto.core import StateError
from evproto.ocpp_client import Version
from evproto.ocpp_client.bridge import Plugged
from evproto.ocpp_client.testing import Bench2


@pytest.mark.parametrize("version", [Version.V201, Version.V21])
def test_a_whole_session_from_cold_boot_to_the_end(version: Version) -> None:
    bench = Bench2(version, evse_count=1)
    bench.online()
    assert bench.actions() == ["BootNotification", "StatusNotification"]
    bench.forget()
    bench.plug()
    bench.token()
    bench.run(5.0)
    bench.token()
    bench.unplug()
    bench.run(1.0)
    assert bench.actions() == [
        "StatusNotification",
        "Authorize",
        "TransactionEvent",
        "TransactionEvent",
        "TransactionEvent",
        "StatusNotification",
    ]
    events = bench.events_of()
    assert [one.event_type.value for one in events] == ["Started", "Updated", "Ended"]
    assert [one.trigger_reason.value for one in events] == [
        "ChargingStateChanged",
        "ChargingStateChanged",
        "StopAuthorized",
    ]
    assert [one.seq_no for one in events] == [0, 1, 2]
    assert events[0].id_token.id_token == "TAG"
    assert bench.statuses() == ["Occupied", "Available"]
    assert len(bench.store) == 0


def test_a_place_that_does_not_exist_is_our_own_mistake(bench2: Any) -> None:
    with pytest.raises(StateError, match="EVSE 3"):
        bench2.station.tell(Plugged(3), bench2.now)
    with pytest.raises(StateError, match="no connector 2"):
        bench2.station.tell(Plugged(1, 2), bench2.now)
