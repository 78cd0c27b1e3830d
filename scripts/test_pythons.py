"""Run the tests on every other Python from 3.12 on that is installed here, each in its own environment."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
VERSIONS = ("3.12", "3.13")
TOOLS = ("pytest", "hypothesis", "msgspec", "lxml")


def main() -> int:
    tried: list[str] = []
    failed: list[str] = []
    for version in VERSIONS:
        python = find(version)
        if python is None:
            print(f"Python {version}: not installed here, left out")
            continue
        tried.append(version)
        if not passes(python, version):
            failed.append(version)
    print(f"{len(tried) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


def find(version: str) -> str | None:
    found = subprocess.run(["uv", "python", "find", version], capture_output=True, text=True, check=False)
    return found.stdout.strip() or None if found.returncode == 0 else None


def passes(python: str, version: str) -> bool:
    print(f"Python {version}: {python}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        env = Path(folder) / "env"
        projects = [
            word
            for path in sorted(ROOT.glob("*/*/pyproject.toml"))
            for word in ("--editable" if path.parent.name != "exi" else "", str(path.parent))
            if word
        ]
        steps = [
            ["uv", "venv", "-q", "--python", python, str(env)],
            ["uv", "pip", "install", "-q", "--python", str(env), *TOOLS, *projects],
            [
                str(env / "bin" / "python"),
                "-m",
                "pytest",
                "-q",
                "-m",
                "not interop and not slow",
                *sys.argv[1:],
            ],
        ]
        return all(subprocess.run(step, cwd=ROOT, check=False).returncode == 0 for step in steps)


if __name__ == "__main__":
    sys.exit(main())
