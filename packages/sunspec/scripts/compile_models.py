"""Writes the model files of evproto.sunspec from the JSON of github.com/sunspec/models.

    python scripts/compile_models.py PATH/TO/models/json src/evproto/sunspec/models

The form is ours: one line for each group, point and symbol, keys left out where the value is the
usual one, so that a new version of the models shows as a readable difference.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

SIZES = {"int16": 1, "uint16": 1, "count": 1, "acc16": 1, "enum16": 1, "bitfield16": 1, "pad": 1, "raw16": 1}
SIZES |= {"int32": 2, "uint32": 2, "acc32": 2, "enum32": 2, "bitfield32": 2, "ipaddr": 2, "float32": 2}
SIZES |= {"int64": 4, "uint64": 4, "acc64": 4, "bitfield64": 4, "float64": 4, "eui48": 4, "sunssf": 1}
SIZES |= {"ipv6addr": 8}


def compile_group(group: dict[str, Any]) -> dict[str, Any]:
    """Our form of a group."""
    compact = {"name": group["name"], **texts(group)}
    if group["type"] == "sync":
        compact["sync"] = True
    if "count" in group:
        compact["count"] = number_or_name(group["count"])
    compact["points"] = [compile_point(point) for point in group["points"]]
    if group.get("groups"):
        compact["groups"] = [compile_group(child) for child in group["groups"]]
    return compact


def compile_point(point: dict[str, Any]) -> dict[str, Any]:
    """Our form of a point."""
    compact = {"name": point["name"], "type": point["type"]}
    if point["size"] != SIZES.get(point["type"]):
        compact["size"] = point["size"]
    if "sf" in point:
        compact["sf"] = number_or_name(point["sf"])
    if point.get("units"):
        compact["unit"] = point["units"].strip()
    flags = "".join(
        letter
        for key, value, letter in (("access", "RW", "w"), ("mandatory", "M", "m"), ("static", "S", "s"))
        if point.get(key) == value
    )
    if flags:
        compact["flags"] = flags
    compact |= texts(point)
    if point.get("standards"):
        compact["standards"] = point["standards"]
    if point.get("symbols"):
        compact["symbols"] = [
            {"name": symbol["name"], "value": symbol["value"], **texts(symbol)} for symbol in point["symbols"]
        ]
    return compact


def texts(item: dict[str, Any]) -> dict[str, str]:
    """Label and description; where the source has details or comments these are joined to it."""
    kept = {}
    if item.get("label") and item["label"].strip() != item["name"]:
        kept["label"] = item["label"].strip()
    parts = [item.get("desc", ""), item.get("detail", "")]
    text = " ".join(part.strip() for part in dict.fromkeys(parts) if part and part.strip())
    if text:
        kept["text"] = text
    return kept


def number_or_name(value: int | str) -> int | str:
    """Counts and scale factors are numbers or names of points."""
    return int(value) if re.fullmatch(r"-?\d+", str(value)) else value


def dump(model: dict[str, Any]) -> str:
    """JSON with one point, symbol or group head in a line."""
    text = json.dumps(model, ensure_ascii=False, separators=(",", ":"))
    return re.sub(r'(?<=[\[,])(?=\{"name")', "\n", text) + "\n"


def main(source: Path, target: Path) -> None:
    """Compile every model of the folder."""
    for path in sorted(source.glob("model_*.json")):
        model = json.loads(path.read_text("utf-8"))
        number = int(model["id"])
        compact = {"id": number, "group": compile_group(model["group"])}
        (target / f"{number}.json").write_text(dump(compact), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
