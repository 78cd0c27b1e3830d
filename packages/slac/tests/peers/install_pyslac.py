"""Put pyslac with what it needs into .peers/pyslac: an environment of its own, as its pins are old."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ENVIRONMENT = Path(__file__).resolve().parents[4] / ".peers" / "pyslac"
PYTHON = ENVIRONMENT / "bin" / "python"
REQUIREMENTS = ("pyslac==0.8.3", "marshmallow<4")
"""With marshmallow 4 the environs that it pins does not import."""


def install() -> Path:
    """Make the environment, unless it is there; its interpreter. CalledProcessError when it fails."""
    check = [PYTHON, "-c", "import pyslac.session"]
    if PYTHON.exists() and subprocess.run(check, capture_output=True, check=False).returncode == 0:
        return PYTHON
    uv = [shutil.which("uv")] if shutil.which("uv") else [sys.executable, "-m", "uv"]
    make = [*uv, "venv", "-q", "--clear", "--python", sys.executable, str(ENVIRONMENT)]
    subprocess.run(make, capture_output=True, check=True)
    fill = [*uv, "pip", "install", "-q", "--python", str(PYTHON), *REQUIREMENTS]
    subprocess.run(fill, capture_output=True, check=True)
    return PYTHON


if __name__ == "__main__":
    print(f"pyslac is at {install()}")
