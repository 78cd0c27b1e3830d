"""Runs a fuzz target: under atheris where it is installed, else with a seeded loop of its own."""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Sequence


def run(check: Callable[[bytes], None], seeds: Sequence[bytes] = ()) -> None:
    """Feed `check` with bytes until `--runs` is reached; it raises when its invariant is broken.

    `seeds` are valid inputs; half of the runs mutate one of them.
    """
    parser = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__)
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--max-length", type=int, default=4096)
    parser.add_argument("--atheris", action="store_true", help="coverage-guided, with the package atheris")
    options = parser.parse_args()
    if options.atheris:
        _run_atheris(check, options.runs)
    else:
        _run_random(check, seeds, options.runs, options.seed, options.max_length)


def _run_random(
    check: Callable[[bytes], None], seeds: Sequence[bytes], runs: int, seed: int, max_length: int
) -> None:
    rng = random.Random(seed)
    for number in range(runs):
        data = mutate(rng, rng.choice(seeds)) if seeds and number % 2 else noise(rng, max_length)
        try:
            check(data)
        except Exception:
            print(f"run {number}, seed {seed}: invariant broken by {data.hex()[:400]}", file=sys.stderr)
            raise
    print(f"{runs} passed, 0 failed")


def noise(rng: random.Random, max_length: int) -> bytes:
    """Random bytes, short ones more often than long ones."""
    return rng.randbytes(int(max_length ** rng.random()) if max_length else 0)


def mutate(rng: random.Random, data: bytes) -> bytes:
    """The data with a few bits flipped, bytes removed, repeated or put in."""
    mutated = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(mutated) + 1)
        match rng.randrange(4):
            case 0 if at < len(mutated):
                mutated[at] ^= 1 << rng.randrange(8)
            case 1:
                del mutated[at : at + rng.randint(1, 8)]
            case 2:
                mutated[at:at] = rng.randbytes(rng.randint(1, 8))
            case _:
                mutated[at:at] = mutated[at : at + rng.randint(1, 16)]
    return bytes(mutated)


def _run_atheris(check: Callable[[bytes], None], runs: int) -> None:
    import atheris  # type: ignore[import-not-found, unused-ignore]

    atheris.instrument_all()
    atheris.Setup([sys.argv[0], f"-runs={runs}"], check)
    atheris.Fuzz()
