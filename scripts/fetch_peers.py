"""Fetch the programs of others that tests and benchmarks compare with, into .peers/.

The only one so far is the PyPI package iso15118: its schemas, and EXIficient in its EXICodec.jar.
"""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

PEERS = Path(__file__).resolve().parent.parent / ".peers"
PACKAGES = {"iso15118": "iso15118==0.31.2"}


def main() -> None:
    """Download each package without its dependencies and unpack it."""
    for folder, requirement in PACKAGES.items():
        if (PEERS / folder).is_dir():
            print(f"{requirement} is there")
            continue
        wheel = download(requirement)
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(PEERS)
        print(f"{requirement} unpacked")


def download(requirement: str) -> Path:
    """The wheel of a requirement, by pip; uv environments have none, so it may come from outside."""
    pip = [sys.executable, "-m", "pip"]
    if subprocess.run([*pip, "--version"], capture_output=True, check=False).returncode != 0:
        pip = ["pip"]
    wheels = PEERS / "wheels"
    command = [*pip, "download", "--no-deps", "--only-binary", ":all:", "-q", "-d", str(wheels), requirement]
    subprocess.run(command, check=True)
    name = requirement.partition("==")[0]
    return next(wheels.glob(f"{name}-*.whl"))


if __name__ == "__main__":
    main()
