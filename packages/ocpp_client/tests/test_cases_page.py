"""The page of certification cases claims nothing that no test holds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "scripts/ocpp_cases.py"


@pytest.mark.skipif(not SCRIPT.exists(), reason="only in the repository")
def test_the_page_of_cases_names_only_tests_that_exist() -> None:
    assert subprocess.run([sys.executable, str(SCRIPT), "--check"], check=False).returncode == 0
