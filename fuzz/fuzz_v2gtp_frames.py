"""Any bytes, fed whole or byte by byte, give the same frames and faults, and no fault twice fatal."""

from __future__ import annotations

from _runner import run

from evproto.v2gtp import Frame, FrameFault, FrameParser, PayloadType, encode_frame

MAX_PAYLOAD = 256
SEEDS = [
    encode_frame(
        Frame(PayloadType.EXI, bytes.fromhex("8000dbab9371d3234b71d1b981899189d191818991d26b9b3a232b30"))
    ),
    encode_frame(Frame(PayloadType.ISO20_DC, bytes(40))) * 3,
    encode_frame(Frame(0xA000, b"maker's own")) + encode_frame(Frame(PayloadType.EXI, b"x")),
]


def check(data: bytes) -> None:
    """Raise when the parser depends on how the stream was cut, or keeps more than it may."""
    whole = FrameParser(max_payload=MAX_PAYLOAD).feed(data)
    parser = FrameParser(max_payload=MAX_PAYLOAD)
    pieces = [item for byte in data for item in parser.feed(bytes((byte,)))]
    assert list(map(_outcome, pieces)) == list(map(_outcome, whole))
    assert all(len(item.payload) <= MAX_PAYLOAD for item in whole if isinstance(item, Frame))
    fatal = [item for item in whole if isinstance(item, FrameFault) and item.fatal]
    assert len(fatal) <= 1
    assert not fatal or whole[-1] is fatal[0]


def _outcome(item: Frame | FrameFault) -> object:
    return item if isinstance(item, Frame) else item.kind


if __name__ == "__main__":
    run(check, SEEDS)
