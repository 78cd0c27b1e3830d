"""Invariant: any text is a meter map or a ConfigError, and the registers of a map decode any bytes."""

from __future__ import annotations

from importlib import resources

from _runner import run

from evproto.core import ConfigError
from evproto.modbus_meter import parse_meter

FOLDER = resources.files("evproto.modbus_meter") / "meters"
SEEDS = [(FOLDER / f"{name}.yaml").read_bytes()[:600] for name in ("abb_b21", "eastron_sdm72", "orno_we504")]


def check(data: bytes) -> None:
    """The bytes as text, then as registers."""
    try:
        meter = parse_meter(data.decode("utf-8", "replace"), "fuzz")
    except ConfigError:
        return
    for register in meter.registers:
        register.decode(data[: 2 * register.span.count].ljust(2 * register.span.count, b"\0"))
    meter.blocks()


if __name__ == "__main__":
    run(check, SEEDS)
