"""Run every fuzz target for a number of inputs: `run_fuzz.py --runs 20000 --seed 1`."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

FUZZ = Path(__file__).parent.parent / "fuzz"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("names", nargs="*", help="targets to run (default: all)")
    options = parser.parse_args()
    failed = []
    targets = sorted(FUZZ.glob("fuzz_*.py"))
    for target in targets:
        if options.names and target.stem not in options.names:
            continue
        print(f"{target.stem}: ", end="", flush=True)
        command = [sys.executable, target, "--runs", options.runs, "--seed", options.seed]
        if subprocess.run([str(word) for word in command], check=False).returncode:
            failed.append(target.stem)
    print(
        f"{len(targets) - len(failed)} passed, {len(failed)} failed"
        + (f": {', '.join(failed)}" if failed else "")
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
