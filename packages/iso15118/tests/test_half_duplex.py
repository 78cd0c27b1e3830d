"""Two requests in one TCP segment: the second came before the first was answered."""

from __future__ import annotations

from datetime import UTC, datetime

from evproto.core import CLOSE
from evproto.iso15118 import iso2
from evproto.iso15118.iso2 import messages as m
from evproto.iso15118.testing import DC_MODES, secc_config
from evproto.v2gtp import PayloadType, Secc, encode_frame
from evproto.v2gtp.charging import EndReason, SessionEnded
from evproto.v2gtp.language import Frame
from evproto.v2gtp.messages import app_protocol as sap


def exi(payload: bytes) -> bytes:
    return encode_frame(Frame(PayloadType.EXI, payload))


def request(body: m.BodyElement, session_id: bytes = bytes(8)) -> bytes:
    message = m.V2GMessage(header=m.MessageHeader(session_id=session_id), body=m.Body(body_element=body))
    return exi(m.encode(message))


def test_a_second_request_in_the_same_segment_is_a_sequence_error_and_ends_the_session() -> None:
    endpoint = Secc(
        [iso2.Secc(secc_config(*DC_MODES))],
        entropy=lambda count: bytes(range(1, count + 1)),
        wall_clock=lambda: datetime(2026, 1, 1, tzinfo=UTC),
    )
    endpoint.start(0.0)
    offer = sap.AppProtocol(
        protocol_namespace=iso2.APP_PROTOCOL.namespace,
        version_number_major=iso2.APP_PROTOCOL.version_major,
        version_number_minor=iso2.APP_PROTOCOL.version_minor,
        schema_id=1,
        priority=1,
    )
    endpoint.receive(exi(sap.encode(sap.SupportedAppProtocolReq(app_protocol=(offer,)))), 0.1)
    while endpoint.next_output() is not None:
        pass
    setup = request(m.SessionSetupReq(evcc_id=bytes(6)))
    discovery = request(m.ServiceDiscoveryReq(), bytes(range(1, 9)))
    endpoint.receive(setup + discovery, 0.2)
    answers = []
    while (output := endpoint.next_output()) is not None:
        if isinstance(output, bytes):
            answers.append(m.decode(output[8:]).body.body_element)
        else:
            assert output is CLOSE
    codes = [answer.response_code for answer in answers]  # type: ignore[union-attr]
    assert codes == [m.ResponseCode.OK_NEW_SESSION_ESTABLISHED, m.ResponseCode.FAILED_SEQUENCE_ERROR]
    ended = None
    while (event := endpoint.next_event()) is not None:
        ended = event if isinstance(event, SessionEnded) else ended
    assert ended is not None
    assert ended.reason is EndReason.SEQUENCE_ERROR
