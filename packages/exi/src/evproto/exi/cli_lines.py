"""An explanation on the terminal: coloured where it is one, plain text elsewhere."""

from __future__ import annotations

import sys
from typing import Final

import typer

from .explain import Explanation, Kind, Line

_COLOURS: Final = {
    Kind.HEADER: typer.colors.BLUE,
    Kind.PRODUCTION: typer.colors.CYAN,
    Kind.CODE: typer.colors.CYAN,
    Kind.TABLE: typer.colors.MAGENTA,
    Kind.VALUE: typer.colors.GREEN,
    Kind.LITERAL: typer.colors.GREEN,
    Kind.CHANNEL: typer.colors.YELLOW,
    Kind.INFLATED: typer.colors.YELLOW,
    None: typer.colors.RED,
}


def print_lines(explanation: Explanation) -> None:
    """Print one line per event code, string or value."""
    coloured = sys.stdout.isatty()
    for line in explanation.lines():
        print(_coloured(line) if coloured else line)


def _coloured(line: Line) -> str:
    place = typer.style(line.place, dim=True)
    bits = typer.style(f"{line.bits:<12}", dim=True)
    meaning = typer.style(line.meaning, fg=_COLOURS.get(line.kind))
    note = typer.style(f"  [{line.note}]", dim=True) if line.note else ""
    return f"{place}  {bits} {'  ' * line.depth}{meaning}{note}"
