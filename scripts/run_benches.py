"""Run every benchmark: `run_benches.py [--json] [names]`. With --json, one array of all figures."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).parent.parent / "bench"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("names", nargs="*", help="benchmarks to run (default: all)")
    options = parser.parse_args()
    figures: list[object] = []
    failed = False
    for path in sorted(BENCH.glob("[a-z]*.py")):
        if options.names and path.stem not in options.names:
            continue
        if not options.json:
            print(f"\n{path.stem}", flush=True)
        command = [sys.executable, str(path), *(["--json"] if options.json else [])]
        result = subprocess.run(
            command, stdout=subprocess.PIPE if options.json else None, text=True, check=False
        )
        failed |= result.returncode != 0
        if options.json and result.returncode == 0:
            figures += json.loads(result.stdout)
    if options.json:
        print(json.dumps(figures, indent=1))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
