"""Streams that are EXI but not of the schema: non-strict EXI can write them, so a peer might."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from evproto.core import DecodeError
from evproto.exi.testing import RandomMessages
from evproto.iso15118.iso2 import messages as iso2

START, END, ATTRIBUTE, TEXT = range(4)
BODY = iso2.MSG_BODY.uri
GRAMMAR = iso2.CODEC.grammar
HEADER = iso2.MessageHeader(session_id=bytes(8))

Event = Sequence[object]


def events_of(body: iso2.BodyElement) -> list[Event]:
    message = iso2.V2GMessage(header=HEADER, body=iso2.Body(body_element=body))
    return list(GRAMMAR.decode_events(iso2.encode(message)))


def span(events: list[Event], name: str) -> tuple[int, int]:
    """The first and the last event of an element, the latter counted in."""
    first = next(at for at, event in enumerate(events) if event[0] == START and event[2] == name)
    depth = 0
    for at in range(first, len(events)):
        depth += {START: 1, END: -1}.get(int(str(events[at][0])), 0)
        if depth == 0:
            return first, at
    raise AssertionError(name)


def write(events: list[Event]) -> bytes:
    return GRAMMAR.encode_events(events, deviations=True)


def test_a_missing_mandatory_element_is_refused() -> None:
    events = events_of(iso2.SessionSetupReq(evcc_id=bytes(6)))
    first, last = span(events, "EVCCID")
    del events[first : last + 1]
    with pytest.raises(DecodeError) as caught:
        iso2.decode(write(events))
    assert caught.value.path == "V2G_Message/Body/SessionSetupReq"
    assert caught.value.offset is not None


def test_a_missing_mandatory_attribute_is_refused() -> None:
    request = iso2.CertificateInstallationReq(
        id="id1",
        oem_provisioning_cert=b"cert",
        list_of_root_certificate_ids=RandomMessages(iso2.CODEC, random.Random(1)).of(
            iso2.ListOfRootCertificateIDs
        ),
    )
    events = [event for event in events_of(request) if event[0] != ATTRIBUTE]
    with pytest.raises(DecodeError):
        iso2.decode(write(events))


def test_an_element_that_the_schema_does_not_have_is_refused() -> None:
    events = events_of(iso2.SessionSetupReq(evcc_id=bytes(6)))
    last = span(events, "EVCCID")[1]
    events[last + 1 : last + 1] = [(START, BODY, "Extra"), (TEXT, "1"), (END,)]
    with pytest.raises(DecodeError, match="does not have here"):
        iso2.decode(write(events))


def test_text_that_the_schema_does_not_have_is_refused() -> None:
    events = events_of(iso2.SessionSetupReq(evcc_id=bytes(6)))
    events.insert(span(events, "SessionSetupReq")[1], (TEXT, "words"))
    with pytest.raises(DecodeError, match="does not have here"):
        iso2.decode(write(events))


@pytest.mark.parametrize("seed", range(8))
def test_no_deviation_gives_an_object_that_could_not_be_sent(seed: int) -> None:
    rng = random.Random(seed)
    make = RandomMessages(iso2.CODEC, rng, empty=False)
    for _ in range(25):
        events = list(GRAMMAR.decode_events(iso2.encode(make.of(iso2.V2GMessage))))
        inner = [str(event[2]) for event in events if event[0] == START][1:]
        first, last = span(events, rng.choice(inner))
        match rng.randrange(3):
            case 0:
                del events[first : last + 1]
            case 1:
                events[first:first] = events[first : last + 1]
            case _:
                events[first] = (START, "urn:else", "Unknown")
        try:
            message = iso2.decode(write(events))
        except DecodeError:
            continue
        assert iso2.decode(iso2.encode(message)) == message
