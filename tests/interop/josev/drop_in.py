"""One session of Josev with itself, our codec in both: `drop_in.py AC|DC PROTOCOL JOSEV_PYTHON`.

Run it in a network namespace of its own. Java is out of reach. Prints one line of JSON: the verdict
of either side.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from scenario import OURS, PEERS, last_line, make_link, start_peer, until_listening

PACKAGES = ("evproto.core", "evproto.exi", "evproto.v2gtp", "evproto.iso15118")


def sources() -> str:
    """The folders from which our packages come here, for the peer's environment."""
    found = {
        str(Path(path).parents[1]) for name in PACKAGES for path in importlib.import_module(name).__path__
    }
    return os.pathsep.join(sorted(found))


async def main(kind: str, protocol: str, python: str) -> None:
    make_link()
    variables = {"PYTHONPATH": sources(), "PATH": "/nowhere"}
    words = (kind, protocol, "evproto")
    secc = await start_peer(python, "secc", *words, interface=OURS, **variables)
    await until_listening(15118)
    evcc = await start_peer(python, "evcc", *words, interface=PEERS, **variables)
    verdicts = await asyncio.gather(last_line(secc), last_line(evcc))
    print(json.dumps(dict(zip(("secc", "evcc"), map(json.loads, verdicts), strict=True))), flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
