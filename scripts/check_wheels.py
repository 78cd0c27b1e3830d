"""Build every wheel, install them with no index into an empty environment, run each README's example.

The wheels of third parties are downloaded first; our own must then fit together by themselves:
a version range that does not match, or a file that a wheel forgot, fails here.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROJECTS = sorted(path.parent for path in ROOT.glob("*/*/pyproject.toml"))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        ours, theirs = work / "ours", work / "theirs"
        for project in PROJECTS:
            print(f"building {project.name}", flush=True)
            run(sys.executable, "-m", "build", "--wheel", "--installer", "uv", "--outdir", ours, project)
        wheels = sorted(ours.glob("*.whl"))
        python = empty_environment(work / "env")
        run(python, "-m", "pip", "wheel", "-q", "--wheel-dir", theirs, "--find-links", ours, *wheels)
        run(
            python,
            "-m",
            "pip",
            "install",
            "-q",
            "--no-index",
            "--find-links",
            ours,
            "--find-links",
            theirs,
            *wheels,
        )
        for project in PROJECTS:
            try_package(python, project, work)
    print(f"{len(PROJECTS)} passed, 0 failed")


def empty_environment(folder: Path) -> Path:
    venv.create(folder, with_pip=True)
    return folder / "bin" / "python"


def try_package(python: Path, project: Path, work: Path) -> None:
    example = re.search(
        r"^```python\n(.*?)^```", (project / "README.md").read_text(), re.DOTALL | re.MULTILINE
    )
    if example is None:
        raise SystemExit(f"{project.name}/README.md has no Python example")
    print(f"trying {project.name}", flush=True)
    run(python, "-c", f"import evproto.{project.name}", cwd=work)
    run(python, "-c", example[1], cwd=work)


def run(*command: object, cwd: Path = ROOT) -> None:
    words = [str(word) for word in command]
    result = subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=False)
    if result.returncode:
        raise SystemExit(f"failed: {' '.join(words[:6])} ...\n{result.stdout}\n{result.stderr}")


if __name__ == "__main__":
    main()
