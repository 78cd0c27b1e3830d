"""EXIficient as a warm process beside ours: rounds of both in turn, on the same documents."""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from _report import Times

DRIVER = Path(__file__).parent / "ExificientBench.java"
WARM_UP = 20_000
ROUNDS = 40
COUNT = 400
DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(\[.*?\]\s*)?>", re.DOTALL)


class Exificient:
    """The Java process; documents go by their numbers."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def stream(self, number: int) -> bytes:
        """The EXI stream of a document."""
        return bytes.fromhex(self._ask("exi", number, 0))

    def compare(
        self, number: int, operations: dict[str, Callable[[], object]]
    ) -> Iterator[tuple[str, Times, Times]]:
        """The times of each of ours and of EXIficient's same way, in turn."""
        for way in ("encode", "decode"):
            self._ask(way, number, WARM_UP)
        for what, operation in operations.items():
            ours, theirs = [], []
            for _ in range(ROUNDS):
                start = time.perf_counter()
                for _ in range(COUNT):
                    operation()
                ours.append((time.perf_counter() - start) / COUNT)
                theirs.append(int(self._ask(what.split()[0], number, COUNT)) / COUNT / 1e9)
            yield what, _times(ours), _times(theirs)

    def _ask(self, *words: object) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(*words, file=self.process.stdin, flush=True)
        return self.process.stdout.readline().strip()


def _times(samples: list[float]) -> Times:
    return Times(min(samples), statistics.median(samples))


@contextmanager
def exificient(shared: Path, schema: str, texts: list[bytes]) -> Iterator[Exificient]:
    """The process for a schema of the peer's package, with documents."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(shared / "schemas", folder / "schemas")
        signature = folder / "schemas" / "xmldsig-core-schema.xsd"
        signature.write_text(DOCTYPE.sub("", signature.read_text("utf-8")), "utf-8")
        jar = str(shared / "EXICodec.jar")
        subprocess.run(["javac", "-cp", jar, "-d", name, str(DRIVER)], check=True)
        files = [folder / f"{number}.xml" for number in range(len(texts))]
        for file, text in zip(files, texts, strict=True):
            file.write_bytes(text)
        java = ["java", "-Xms512m", "-XX:+UseSerialGC", "-cp", f"{name}{os.pathsep}{jar}"]
        process = subprocess.Popen(
            [*java, "ExificientBench", str(folder / "schemas" / schema), *map(str, files)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            yield Exificient(process)
        finally:
            process.terminate()
            process.wait(timeout=30)
