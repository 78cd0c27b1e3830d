"""What a person sees on the terminal."""

from __future__ import annotations

import io

from rich.console import Console

from evproto.charger import FaultName
from evproto.charger.testing import Charge
from evproto.charger.view import LineLog, LiveView
from evproto.charger.view.live import sparkline


def screen(session_records: list[object]) -> str:
    console = Console(width=80, file=io.StringIO(), record=True)
    view = LiveView(console, "DC charging")
    for record in session_records:
        view(record)  # type: ignore[arg-type]
    console.print(view.render())
    return console.export_text()


def test_the_live_view_fits_80_columns_and_24_lines(charge: Charge) -> None:
    records = charge().records
    for count in (0, 20, 100, 600, len(records)):
        lines = screen(list(records[:count])).splitlines()
        assert max(map(len, lines)) <= 80
        assert len(lines) <= 24


def test_the_live_view_shows_states_values_and_messages(charge: Charge) -> None:
    records = [record for record in charge().records if record.time < 20]
    shown = screen(list(records))
    for word in ("Energy transfer", "C2  closed", "60.0", "CurrentDemandReq ×", "current demand"):
        assert word in shown


def test_the_live_view_names_the_fault(charge: Charge) -> None:
    assert "FAILED_SequenceError" in screen(list(charge(fault=FaultName.OUT_OF_ORDER).records))


def test_the_line_log_tells_a_repeated_message_once_and_counts_the_rest(charge: Charge) -> None:
    lines: list[str] = []
    log = LineLog(lines.append)
    for record in charge().records:
        log(record)
    assert sum("CurrentDemandReq" in line for line in lines) == 1
    assert any("more" in line for line in lines)
    assert len(lines) < 100
    assert any("SessionEnded" in line for line in lines)


def test_a_sparkline_is_full_at_its_highest_value() -> None:
    assert sparkline([0.0, 5.0, 10.0]) == "▁▄█"
    assert sparkline([0.0, 0.0]) == "▁▁"
    assert sparkline([]) == ""
