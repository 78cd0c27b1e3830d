"""Story, page and capture of a session."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from evproto.charger import Current, FaultName, tell
from evproto.charger.report.page import render_page
from evproto.charger.report.story import Story
from evproto.charger.testing import Charge, Session
from evproto.core import Kind, Trace

HEADER = {"title": "A <b>title</b>", "subtitle": "", "outcome": "", "ok": True, "facts": []}


class Page(HTMLParser):
    """The elements of a page, and what they load from elsewhere."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.outside: list[str] = []
        self.faults: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("src", "href") and not (value or "").startswith("data:"):
                self.outside.append(f"{tag} {name}={value}")
        if tag not in ("meta", "link", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)


def data_of(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    data = json.loads(found[1])
    assert isinstance(data, dict)
    return data


def message(source: str, kind: Kind, time: float, name: str = "SessionSetupReq") -> Trace:
    return Trace(time=time, source=source, kind=kind, name=name, raw=b"\x80", details={})


def test_the_page_is_well_formed_and_needs_nothing_from_elsewhere(charge: Charge) -> None:
    text = (charge().folder / "session.html").read_text("utf-8")
    page = Page(text)
    assert not page.open
    assert not page.faults
    assert not page.outside
    assert "url(" not in text
    assert "@import" not in text


def test_the_page_holds_every_message_with_its_fields_as_json_and_xml(charge: Charge) -> None:
    session = charge()
    messages = data_of((session.folder / "session.html").read_text("utf-8"))["messages"]
    assert isinstance(messages, list)
    sent = [r for r in session.records if r.kind is Kind.SENT and r.raw is not None]
    assert [m["name"] for m in messages] == [r.name for r in sent]
    demand = next(m for m in messages if m["name"] == "CurrentDemandReq")
    assert "EVTargetCurrent" in json.dumps(demand["details"])
    assert "EVTargetCurrent>" in demand["xml"]
    assert all(m["received"] is not None for m in messages)


def test_what_a_peer_sends_cannot_become_markup() -> None:
    evil = "</script><script>alert(1)</script><!--"
    story = Story(facts={"text": evil})
    page = render_page(story, {**HEADER, "subtitle": evil})
    assert page.count("<script") == 2
    assert data_of(page)["facts"] == {"text": evil}
    assert "<title>A &lt;b&gt;title&lt;/b&gt;</title>" in page


def test_a_message_that_was_swallowed_is_told_as_never_arrived(charge: Charge) -> None:
    story = tell(charge(fault=FaultName.SILENT_STATION).records)
    lost = [m for m in story.messages if m.received is None]
    assert [m.name for m in lost] == ["CurrentDemandRes"]


def test_an_answer_after_the_performance_time_is_late() -> None:
    records = [
        message("evcc.iso2", Kind.SENT, 0.0, "CurrentDemandReq"),
        message("secc.iso2", Kind.RECEIVED, 0.001, "CurrentDemandReq"),
        message("secc.iso2", Kind.SENT, 0.030, "CurrentDemandRes"),
        message("evcc.iso2", Kind.RECEIVED, 0.031, "CurrentDemandRes"),
    ]
    request, response = tell(records).messages
    assert (request.late, response.late) == (False, True)
    assert response.answer_s == pytest.approx(0.029)


def test_a_message_that_the_peer_never_sent_is_told_as_foreign(charge: Charge) -> None:
    story = tell(charge(fault=FaultName.OUT_OF_ORDER).records)
    assert [m.name for m in story.messages if m.foreign] == ["SessionSetupReq"]


def test_a_late_report_of_a_machine_marks_its_last_message() -> None:
    records = [
        message("evcc.iso2", Kind.SENT, 0.0),
        Trace(time=1.0, source="ev", kind=Kind.NOTE, name="Late", details={"by_peer": False}),
    ]
    assert [m.late for m in tell(records).messages] == [True]


def test_only_the_ends_of_a_very_long_phase_are_decoded() -> None:
    records = [message("evcc.iso2", Kind.SENT, float(n), "CurrentDemandReq") for n in range(1200)]
    read = [bool(m.details) for m in tell(records).messages]
    assert read == [True] * 500 + [False] * 200 + [True] * 500


def test_undecodable_bytes_are_shown_with_the_reason() -> None:
    (only,) = tell([message("evcc.iso2", Kind.SENT, 0.0)]).messages
    assert "undecodable" in only.details
    assert only.xml is None


def test_a_story_of_nothing_is_a_page_too() -> None:
    assert Page(render_page(tell([]), HEADER)).open == []


@pytest.mark.interop
@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")
@pytest.mark.parametrize("current", Current)
def test_tshark_reads_the_capture_and_finds_the_protocol_lengths(charge: Charge, current: Current) -> None:
    session = charge(current=current)
    path = session.folder / "session.pcapng"
    assert tshark(path, "-Y", "tcp.analysis.flags or _ws.malformed or tcp.checksum.status == 0") == ""
    assert frames(path) == wire_messages(session)


def frames(path: Path) -> list[bytes]:
    """The V2GTP payloads of both directions, cut by the lengths in their headers."""
    followed = tshark(path, "-q", "-z", "follow,tcp,raw,0")
    found = []
    for line in followed.splitlines():
        data = bytes.fromhex(line) if re.fullmatch(r"\t?([0-9a-f]{2})+", line) else b""
        while data:
            length = int.from_bytes(data[4:8], "big")
            assert data[:2] == b"\x01\xfe"
            found.append(data[8 : 8 + length])
            data = data[8 + length :]
    return found


def wire_messages(session: Session) -> list[bytes]:
    kinds = [r for r in session.records if r.kind is Kind.SENT and r.raw is not None]
    return [r.raw for r in kinds if r.raw is not None and not r.source.endswith(".sdp")]


def tshark(path: Path, *options: str) -> str:
    checks = ["-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE"]
    command = ["tshark", "-r", str(path), *checks, *options]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
