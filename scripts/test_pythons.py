"""Run the tests on every other Python from 3.12 on that is installed here, each in its own environment."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
VERSIONS = ("3.12", "3.13")
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())
TOOLS = SETTINGS["tool"]["hatch"]["envs"]["default"]["dependencies"]


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
    """An interpreter of that version on the PATH or among pyenv's; a shim that does not run is none."""
    name = f"python{version}"
    kept = (Path.home() / ".pyenv/versions").glob(f"{version}.*/bin/{name}")
    for candidate in [shutil.which(name), *map(str, kept)]:
        if candidate and runs(candidate):
            return candidate
    return None


def runs(python: str) -> bool:
    return subprocess.run([python, "--version"], capture_output=True, check=False).returncode == 0


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
            [str(env / "bin/python"), "-m", "pytest", "-q", "-m", "not interop and not slow", *sys.argv[1:]],
        ]
        return all(subprocess.run(step, cwd=ROOT, check=False).returncode == 0 for step in steps)


if __name__ == "__main__":
    sys.exit(main())
