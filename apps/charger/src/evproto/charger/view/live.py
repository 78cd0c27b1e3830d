"""The live view: one screen of at least 80 columns, drawn from the picture of the session."""

from __future__ import annotations

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from evproto.charger.view.picture import POWER_VALUES, Picture
from evproto.core import Trace

BARS = "▁▂▃▄▅▆▇█"
MESSAGES = 9
EVENTS = 5
QUANTITIES = ("Voltage", "Current", "Power", "Energy", "SoC", "Pilot")
PARTS = (
    ("supply", "pilot, EVSE"),
    ("vehicle", "pilot, EV"),
    ("secc.iso2", "SECC"),
    ("evcc.iso2", "EVCC"),
)


class LiveView:
    """A trace sink that shows the session while it runs. Use it as a context manager."""

    def __init__(self, console: Console, title: str) -> None:
        self._picture = Picture()
        self._title = title
        self._live = Live(console=console, refresh_per_second=8, get_renderable=self.render, transient=True)

    def __enter__(self) -> LiveView:
        self._live.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._live.stop()

    def __call__(self, record: Trace) -> None:
        self._picture(record)

    def render(self) -> RenderableType:
        """The screen for the present picture."""
        picture = self._picture
        head = Text.assemble((self._title, "bold"), "   ", (picture.phase, "bold cyan"))
        head.append(f"   {picture.time:6.1f} s")
        if picture.faults:
            head.append(f"   {picture.faults} faults", style="bold red")
        return Panel(Group(head, "", _power(picture), "", _lower(picture)), width=80, border_style="dim")


def _power(picture: Picture) -> RenderableType:
    table = Table.grid(padding=(0, 3))
    table.add_row(
        *(Text(name, style="dim") for name in ("Voltage", "Current", "Power", "Energy", "SoC", "Pilot"))
    )
    table.add_row(
        Text(f"{picture.number('voltage_v'):.1f} V", style="bold"),
        Text(f"{picture.number('current_a'):.1f} A", style="bold"),
        Text(f"{picture.number('power_w') / 1000:.2f} kW", style="bold"),
        Text(f"{picture.number('energy_wh'):.0f} Wh", style="bold"),
        Text(f"{picture.number('soc_percent'):.1f} %", style="bold green"),
        _pilot(picture),
    )
    power = Text.assemble(("Power   ", "dim"), (sparkline(list(picture.power_w)), "magenta"))
    return Group(table, "", power, _charge_bar(picture))


def _pilot(picture: Picture) -> Text:
    state = str(picture.values.get("pilot", "-"))
    style = {"C": "bold green", "D": "bold green", "B": "bold yellow"}.get(state[:1], "bold")
    return Text(f"{state}  {picture.values.get('contactor', '')}", style=style)


def _charge_bar(picture: Picture) -> Text:
    filled = round(picture.number("soc_percent") * POWER_VALUES / 100)
    return Text.assemble(("Charge  ", "dim"), ("█" * filled, "green"), ("░" * (POWER_VALUES - filled), "dim"))


def _lower(picture: Picture) -> RenderableType:
    table = Table.grid(padding=(0, 2), expand=True)
    table.add_column(ratio=3)
    table.add_column(ratio=2)
    table.add_row(_messages(picture), Group(_states(picture), "", _events(picture)))
    return table


def _messages(picture: Picture) -> RenderableType:
    lines = [Text("EV  messages  EVSE", style="dim")]
    for line in list(picture.messages)[-MESSAGES:]:
        arrow, style = ("──▶", "blue") if line.by_ev else ("◀──", "cyan")
        times = f" ×{line.count}" if line.count > 1 else ""
        lines.append(
            Text.assemble((f"{line.time:7.2f} ", "dim"), (f"{arrow} ", style), f"{line.name}{times}")
        )
    return Group(*lines)


def _states(picture: Picture) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    for source, label in PARTS:
        if source in picture.states:
            table.add_row(Text(label, style="dim"), Text(picture.states[source], overflow="ellipsis"))
    return table


def _events(picture: Picture) -> RenderableType:
    lines = [Text(record.name, style=_event_style(record)) for record in list(picture.events)[-EVENTS:]]
    return Group(*lines)


def _event_style(record: Trace) -> str:
    return "bold red" if record.kind.value == "fault" else "yellow" if record.name == "Late" else ""


def sparkline(values: list[float]) -> str:
    """Values as a row of bars; the highest is a full one."""
    most = max(values, default=0.0)
    if most <= 0:
        return BARS[0] * len(values)
    return "".join(BARS[min(7, int(value / most * 7.999))] for value in values)
