"""Run mypy --strict over every package as it is installed, so that py.typed is tried too."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def main() -> int:
    names = sorted(path.parent.name for path in ROOT.glob("*/*/src/evproto/*/py.typed"))
    packages = [argument for name in names for argument in ("-p", f"evproto.{name}")]
    print(f"mypy --strict over {', '.join(names)}", flush=True)
    return subprocess.run([sys.executable, "-m", "mypy", *packages], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
