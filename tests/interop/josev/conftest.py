"""Where Josev is, and how to be alone with it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ENVIRONMENT = Path(__file__).resolve().parents[3] / ".peers" / "josev"


@pytest.fixture(scope="session")
def josev() -> Path:
    """The interpreter of an environment with Josev."""
    python = Path(os.environ.get("EVPROTO_JOSEV_PYTHON", ENVIRONMENT / "bin" / "python"))
    if not python.exists():
        pytest.skip(f"no Josev at {python}: run tests/interop/josev/install.py")
    return python


@pytest.fixture(scope="session")
def namespace() -> list[str]:
    """The words before a command that give it a network namespace of its own."""
    unshare = shutil.which("unshare")
    if unshare is None or shutil.which("ip") is None:
        pytest.skip("unshare and ip (util-linux, iproute2) are needed for a network namespace")
    command = [unshare, "-n"] if os.geteuid() == 0 else [unshare, "-rn"]
    if subprocess.run([*command, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine allows no network namespaces")
    return command
