"""Every README's first Python example runs; the wheels are tried with the same examples."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
READMES = sorted([ROOT / "README.md", *ROOT.glob("packages/*/README.md"), *ROOT.glob("apps/*/README.md")])


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.parent.name)
def test_the_example_of_a_readme_runs(readme: Path, tmp_path: Path) -> None:
    example = re.search(r"^```python\n(.*?)^```", readme.read_text(), re.DOTALL | re.MULTILINE)
    assert example, f"{readme} has no Python example"
    run = subprocess.run(
        [sys.executable, "-c", example[1]],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
