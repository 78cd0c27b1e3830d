"""Build the libFuzzer targets of the EXI core and run each for a while: `--seconds 60 --jobs 2`.

They need no nightly compiler and no cargo-fuzz: coverage counters are a pass of the stable one.
What a target finds is kept under crashes/, and the run ends with exit code 1.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parent.parent
FUZZ = ROOT / "packages/exi/rust/fuzz"
CRASHES = ROOT / "crashes"
COVERAGE = (
    "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 "
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table "
    "-Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing -Cdebug-assertions -Ccodegen-units=1"
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="how long each target runs (60)")
    parser.add_argument("--jobs", type=int, default=1, help="how many run at a time (1)")
    parser.add_argument("--corpus", type=Path, help="a folder that keeps what was found interesting")
    parser.add_argument("targets", nargs="*", help="which ones (all)")
    arguments = parser.parse_args()
    known = [target["name"] for target in tomllib.loads((FUZZ / "Cargo.toml").read_text())["bin"]]
    if unknown := set(arguments.targets) - set(known):
        parser.error(f"no target {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    folder = build()
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(arguments.jobs) as pool:
        corpus = arguments.corpus or Path(scratch)
        runs = [
            pool.submit(run, folder / name, corpus / name, arguments.seconds)
            for name in arguments.targets or known
        ]
        failed = sum(not done.result() for done in runs)
    print(f"{len(runs) - failed} passed, {failed} failed")
    return 1 if failed else 0


def build() -> Path:
    """Builds all targets; gives the folder of the programs."""
    host = re.search(r"host: (\S+)", subprocess.check_output(["rustc", "-vV"], text=True))
    assert host is not None
    # A target of its own keeps the flags from build scripts.
    command = ["cargo", "build", "--release", "--bins", "--target", host[1]]
    subprocess.run(command, cwd=FUZZ, env={**os.environ, "RUSTFLAGS": COVERAGE}, check=True)
    return FUZZ / "target" / host[1] / "release"


def run(program: Path, corpus: Path, seconds: int) -> bool:
    """One target; says how much it tried. False when it found something."""
    corpus.mkdir(parents=True, exist_ok=True)
    CRASHES.mkdir(exist_ok=True)
    # What is found goes to the first folder; texts want a few to begin with.
    folders = [corpus, *(FUZZ / "seeds").glob(program.name)]
    limits = [f"-max_total_time={seconds}", "-rss_limit_mb=2048", "-timeout=10", "-print_final_stats=1"]
    command = [str(program), *map(str, folders), *limits, f"-artifact_prefix={CRASHES}/{program.name}-"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    tried = re.search(r"number_of_executed_units: (\d+)", done.stdout)
    print(f"{program.name}: {tried[1] if tried else 'no'} inputs in {seconds} s", flush=True)
    if done.returncode:
        print(done.stdout[-4000:], file=sys.stderr, flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
