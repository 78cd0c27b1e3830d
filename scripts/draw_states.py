"""Draw the state tables of the protocols into docs/states; `--check` only tells whether they are fresh."""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from pathlib import Path

from evproto.iso15118.iso2 import EVCC_TABLE, SECC_TABLE, SeccState
from evproto.iso15118.iso2.states import END

DOCS = Path(__file__).resolve().parent.parent / "docs" / "states"


def secc() -> str:
    """The charger's side: what it waits for, and which request leads where."""
    edges: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in SECC_TABLE:
        if row.request == "SessionStopReq" and row.state not in (SeccState.STOPPED, SeccState.DC_STOPPED):
            continue
        edges[row.state.name, row.next.name].append(f"{row.request} {label(row.outcome.value)}".strip())
    lines = ["stateDiagram-v2", f"    [*] --> {SeccState.SESSION_SETUP.name}"]
    lines += [f"    {state.name}: {state.value}" for state in SeccState]
    lines += [f"    {start} --> {end}: {'<br>'.join(why)}" for (start, end), why in edges.items()]
    lines.append(f"    {SeccState.ENDED.name} --> [*]")
    return page(
        "ISO 15118-2, the SECC",
        "What the charger waits for. Not drawn: SessionStopReq ends the session from every state between "
        "session setup and power delivery; any failed response, fault or timeout does so from everywhere.",
        lines,
    )


def evcc() -> str:
    """The car's side: which request follows which response."""
    edges: dict[tuple[str, str], list[str]] = defaultdict(list)
    for step in EVCC_TABLE:
        edges[step.request, step.next].append(step.outcome.value)
    lines = ["stateDiagram-v2", "    [*] --> SessionSetupReq"]
    for (start, end), why in edges.items():
        target = "[*]" if end == END else end
        lines.append(f"    {start} --> {target}: {', '.join(why)}")
    return page(
        "ISO 15118-2, the EVCC",
        "Which request the car sends next, by how the last one was answered. Not drawn: a car that is to "
        "stop before power delivery goes to SessionStopReq; any failed response, fault or timeout ends the "
        "session.",
        lines,
    )


def label(outcome: str) -> str:
    return "" if outcome == "OK" else f"({outcome})"


def page(title: str, text: str, lines: list[str]) -> str:
    drawing = "\n".join(["```mermaid", *lines, "```"])
    origin = "Drawn from evproto/iso15118/iso2/states.py by scripts/draw_states.py."
    return f"# {title}\n\n{text}\n\n{drawing}\n\n{origin}\n"


PAGES = {"iso15118-2-secc.md": secc, "iso15118-2-evcc.md": evcc}


def main() -> int:
    """Write the pages, or compare them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a page is stale")
    check = parser.parse_args().check
    stale = []
    for name, draw in PAGES.items():
        path, text = DOCS / name, draw()
        if not path.exists() or path.read_text() != text:
            stale.append(name)
            if not check:
                DOCS.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
    if check and stale:
        print(f"stale: {', '.join(stale)}; run scripts/draw_states.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
