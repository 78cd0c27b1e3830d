"""The Python side of the EXIficient driver, and the schemas of the PyPI package iso15118."""

from __future__ import annotations

import base64
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))  # the modules that the tests share
DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(\[.*?\]\s*)?>", re.DOTALL)


def peer_folder() -> Path | None:
    """The folder `shared` of the peer's package: EVPROTO_PEER_ISO15118, .peers or an installed one."""
    candidates = [ROOT / ".peers" / "iso15118"]
    if named := os.environ.get("EVPROTO_PEER_ISO15118"):
        candidates.insert(0, Path(named))
    spec = importlib.util.find_spec("iso15118")
    if spec is not None and spec.origin is not None:
        candidates.append(Path(spec.origin).parent)
    found = (path / "shared" for path in candidates)
    return next((path for path in found if (path / "schemas").is_dir()), None)


@pytest.fixture(scope="session")
def peer() -> Path:
    found = peer_folder()
    if found is None:
        pytest.skip("the package iso15118 is not at hand: run scripts/fetch_peers.py")
    return found


@pytest.fixture(scope="session")
def schemas(peer: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the peer's schemas without DOCTYPE, which EXIficient would fetch."""
    copy = tmp_path_factory.mktemp("peer") / "schemas"
    shutil.copytree(peer / "schemas", copy)
    xmldsig = copy / "xmldsig-core-schema.xsd"
    xmldsig.write_text(DOCTYPE.sub("", xmldsig.read_text("utf-8")), "utf-8")
    return copy


class RefusedError(Exception):
    """EXIficient does not take an input; the text is its reason."""


class Exificient:
    """EXIficient as a program: XML in, EXI out, and back."""

    Refused = RefusedError

    def __init__(self, classpath: str, schemas: dict[str, Path]) -> None:
        self.schemas = schemas
        flags = ["-Xmx1g", "-Xss16m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
        self.process = subprocess.Popen(
            ["java", *flags, "-cp", classpath, "ExificientDriver"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, verb: str, schema: str, options: str, data: bytes) -> bytes:
        """`verb` is encode or decode, the schema a path, "-" or "xsd"; RefusedError when it fails."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{verb} {schema} {options} {base64.b64encode(data).decode()}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, "EXIficient ended"
        answer = answer.strip("\n")
        if answer.startswith("!"):
            raise RefusedError(answer[2:])
        return base64.b64decode(answer)

    def encode(self, schema: str, xml: str, *, fragment: bool = False, partitions: bool = False) -> bytes:
        """The stream of an XML text of a V2G schema; EXIficient has to be able to read it again.

        V2G uses no value partitions; `partitions` does.
        """
        options = ("" if partitions else "capacity=0") + (";fragment" if fragment else "")
        path = str(self.schemas[schema])
        data = self.ask("encode", path, options, xml.encode())
        self.ask("decode", path, options, data)
        return data

    def close(self) -> None:
        """End the program."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=30)


@pytest.fixture(scope="session")
def exificient(peer: Path, schemas: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exificient]:
    if shutil.which("java") is None or shutil.which("javac") is None:
        pytest.skip("there is no Java here")
    jar = peer / "EXICodec.jar"
    classes = tmp_path_factory.mktemp("classes")
    subprocess.run(
        ["javac", "-cp", str(jar), "-d", str(classes), str(HERE / "ExificientDriver.java")], check=True
    )
    running = Exificient(
        f"{classes}{os.pathsep}{jar}",
        {
            "app_protocol": schemas / "V2G_CI_AppProtocol.xsd",
            "iso2": schemas / "iso15118_2" / "V2G_CI_MsgDef.xsd",
            "xmldsig": schemas / "xmldsig-core-schema.xsd",
        },
    )
    yield running
    running.close()
