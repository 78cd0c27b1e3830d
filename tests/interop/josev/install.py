"""Put Josev (the PyPI package iso15118) with its dependencies into .peers/josev.

Its pins clash with everything of ours, so it lives in an environment of its own.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ENVIRONMENT = Path(__file__).resolve().parents[3] / ".peers" / "josev"
PYTHON = ENVIRONMENT / "bin" / "python"
REQUIREMENTS = ("iso15118==0.31.2", "aiofile", "annotated-types", "lxml")
"""aiofile is missing from the metadata of the wheel; the last two are what our codec needs there."""


def main() -> None:
    """Make the environment, unless it is there."""
    if (
        PYTHON.exists()
        and subprocess.run(
            [PYTHON, "-c", "import iso15118, aiofile, annotated_types, lxml"], check=False
        ).returncode
        == 0
    ):
        print("Josev is there")
        return
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "-q", "--clear", "--python", sys.executable, str(ENVIRONMENT)], check=True)
    subprocess.run([*uv, "pip", "install", "-q", "--python", str(PYTHON), *REQUIREMENTS], check=True)
    print("Josev is installed")


if __name__ == "__main__":
    main()
