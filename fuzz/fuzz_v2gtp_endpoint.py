"""Any bytes into either endpoint raise nothing; its connection ends within its timeouts by one last event."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from _runner import run

from evproto.v2gtp import ConnectionEnded, Endpoint, Evcc, Frame, PayloadType, Secc, encode_frame
from evproto.v2gtp.app_protocol import Agreement, answer, offer
from evproto.v2gtp.messages.app_protocol import encode
from evproto.v2gtp.testing import TOY, toy_evcc, toy_secc

OFFER = encode_frame(Frame(PayloadType.EXI, encode(offer([TOY]))))
AGREED = encode_frame(Frame(PayloadType.EXI, encode(answer(Agreement(TOY, 1, False)))))
SEEDS = [
    OFFER + encode_frame(Frame(PayloadType.EXI, b"hello")) * 2 + encode_frame(Frame(PayloadType.EXI, b"bye")),
    AGREED + encode_frame(Frame(PayloadType.EXI, b"pong")) * 5,
]


def check(data: bytes) -> None:
    """Raise when an endpoint raises, or does not come to an end."""
    options: dict[str, Any] = {"entropy": bytes, "wall_clock": lambda: datetime(2030, 1, 1, tzinfo=UTC)}
    _play(Secc([toy_secc()], **options), data)
    _play(Evcc([toy_evcc()], **options), data)


def _play(endpoint: Endpoint[Any, Any], data: bytes) -> None:
    endpoint.start(0.0)
    endpoint.receive(data, 0.0)
    endpoint.receive(data, 1.0)
    while (deadline := endpoint.deadline) is not None:
        assert deadline < 100.0
        endpoint.advance(deadline)
        while endpoint.next_output() is not None:
            pass
    endpoint.connection_lost(100.0)
    events = list(iter(endpoint.next_event, None))
    assert [event for event in events if isinstance(event, ConnectionEnded)] == events[-1:]


if __name__ == "__main__":
    run(check, SEEDS)
