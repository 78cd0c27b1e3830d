"""Any datagram is an SDP message that encodes to the same bytes, or a DecodeError; no machine raises."""

from __future__ import annotations

from ipaddress import IPv6Address

from _runner import run

from evproto.core import Datagram, DecodeError
from evproto.v2gtp import (
    SdpClient,
    SdpRequest,
    SdpRequestWireless,
    SdpResponse,
    SdpServer,
    Security,
    Transport,
    decode_sdp,
)

ADDRESS = IPv6Address("fe80::1")
PEER = ("fe80::2", 50000, 0, 1)
SEEDS = [
    SdpRequest(Security.TLS).to_bytes(),
    SdpResponse(ADDRESS, 50000, Security.TLS).to_bytes(),
    SdpRequestWireless(Security.TLS, Transport.TCP, 1, 2, bytes(20), bytes(37)).to_bytes(),
]


def check(data: bytes) -> None:
    """Raise when the codec loses something or a machine answers what is no request."""
    try:
        message = decode_sdp(data)
    except DecodeError:
        message = None
    else:
        assert message.to_bytes() == data
    server = SdpServer(ADDRESS, plain_port=50000)
    server.receive(Datagram(data, PEER), 0.0)
    answered = server.next_output() is not None
    assert answered == (isinstance(message, SdpRequest) and message.transport is Transport.TCP)
    client = SdpClient(security=Security.NONE)
    client.start(0.0)
    client.receive(Datagram(data, PEER), 0.1)


if __name__ == "__main__":
    run(check, SEEDS)
