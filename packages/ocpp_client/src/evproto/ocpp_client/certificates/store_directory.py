"""A vault that is a folder of PEM files: to look at with any tool, and for OpenSSL to load."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700


class DirectoryVault:
    """Everything under `path`, readable by the owner alone. One process at a time writes to it.

    A new content takes the place of the old one in one step, and outlives a loss of power.
    """

    def __init__(self, path: Path | str) -> None:
        self._path = Path(path)
        self._path.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)

    def names(self, folder: str) -> list[str]:
        files = (self._path / folder).glob("*")
        return sorted(f"{folder}/{file.name}" for file in files if not file.name.startswith("."))

    def read(self, name: str) -> bytes:
        try:
            return self.path_of(name).read_bytes()
        except FileNotFoundError:
            raise KeyError(name) from None

    def write(self, name: str, content: bytes) -> None:
        target = self.path_of(name)
        target.parent.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        unfinished = target.with_name(f".{target.name}")
        # Made with its mode: at no time can anybody else open it.
        file = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
        with os.fdopen(file, "wb") as stream:
            os.fchmod(file, PRIVATE_FILE)
            stream.write(content)
            stream.flush()
            os.fsync(file)
        unfinished.replace(target)
        _sync_folder(target.parent)

    def remove(self, name: str) -> None:
        target = self.path_of(name)
        if target.exists():
            target.unlink()
            _sync_folder(target.parent)

    def path_of(self, name: str) -> Path:
        """The file of that name."""
        return self._path / name


def new_key() -> ec.EllipticCurvePrivateKey:
    """A fresh P-256 key from the entropy of the operating system."""
    return ec.generate_private_key(ec.SECP256R1())


def _sync_folder(path: Path) -> None:
    """A rename stands on the disk once its folder does."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
