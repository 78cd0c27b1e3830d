"""Events are small frozen values that `match` takes apart."""

import pickle

import pytest

from evproto import exi
from evproto.exi import QName

NAME = QName("urn:a", "b")
EVENTS = [
    exi.StartDocument(),
    exi.EndDocument(),
    exi.StartElement(NAME),
    exi.StartElement(NAME, "p"),
    exi.EndElement(),
    exi.Attribute(NAME, "1"),
    exi.Attribute(NAME, "1", "p"),
    exi.Characters("x"),
    exi.Comment("x"),
    exi.NamespaceDeclaration("urn:a", "p"),
    exi.NamespaceDeclaration("urn:a", "p", True),
    exi.ProcessingInstruction("x", ""),
    exi.Doctype("a"),
    exi.Doctype("a", "p", "s", "t"),
    exi.EntityReference("x"),
    exi.SelfContained(),
]


def test_events_are_equal_when_class_and_fields_are() -> None:
    assert len(set(EVENTS)) == len(EVENTS)
    for at, event in enumerate(EVENTS):
        assert event == pickle.loads(pickle.dumps(event))
        assert [other == event for other in EVENTS].index(True) == at
        assert eval(repr(event), vars(exi)) == event
        assert event != "x"


def test_match_takes_an_event_apart() -> None:
    match exi.StartElement(NAME, "p"):
        case exi.StartElement(QName("urn:a", local), prefix):
            assert (local, prefix) == ("b", "p")
        case _:
            pytest.fail("no match")


def test_events_are_frozen() -> None:
    with pytest.raises(AttributeError):
        exi.Characters("x").text = "y"  # type: ignore[misc]
