"""Fetch the programs of others that tests and benchmarks compare with, into .peers/.

The only one so far is the PyPI package iso15118: its schemas, and EXIficient in its EXICodec.jar.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

PEERS = Path(__file__).resolve().parent.parent / ".peers"
PACKAGES = {"iso15118": "iso15118==0.31.2"}


def main() -> None:
    """Unpack each package without its dependencies."""
    for folder, requirement in PACKAGES.items():
        if (PEERS / folder).is_dir():
            print(f"{requirement} is there")
            continue
        subprocess.run([*installer(), "--no-deps", "--target", str(PEERS), requirement], check=True)
        print(f"{requirement} unpacked")


def installer() -> list[str]:
    """uv where it is on the path, as in the hatch environment, which has no pip; else pip."""
    uv = shutil.which("uv")
    if uv is not None:
        return [uv, "pip", "install", "--quiet", "--python", sys.executable]
    return [sys.executable, "-m", "pip", "install", "--quiet"]


if __name__ == "__main__":
    main()
