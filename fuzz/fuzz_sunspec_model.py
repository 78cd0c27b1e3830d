"""Invariant: any text is a model definition or a ConfigError, and a definition lays out within its length."""

from __future__ import annotations

import json

from _runner import run

from evproto.core import ConfigError
from evproto.sunspec import parse_model
from evproto.sunspec.layout import layout_for

POINTS = [{"name": "ID", "type": "uint16"}, {"name": "L", "type": "uint16"}, {"name": "N", "type": "count"}]
GROUP = {"name": "g", "type": "group", "count": "N", "points": [{"name": "V", "type": "int16", "sf": -1}]}
SEED = json.dumps({"id": 65000, "group": {"name": "m", "type": "group", "points": POINTS, "groups": [GROUP]}})


def check(data: bytes) -> None:
    """JSON text of a model; its own bytes serve as registers."""
    try:
        model = parse_model(json.loads(data))
    except (ConfigError, ValueError, RecursionError):
        return
    layout = layout_for(model, 200, data)
    assert layout.words <= 202 + model.group.words
    layout.unpack(data)


if __name__ == "__main__":
    run(check, [SEED.encode()])
