"""Where certificates and keys are kept; the rest of the package sees names and bytes."""

from __future__ import annotations

from typing import Protocol


class Vault(Protocol):
    """Small named files, `folder/name`. Writing and removing stand on the disk when they return.

    OSError where the disk fails.
    """

    def names(self, folder: str) -> list[str]:
        """What is there, in a fixed order."""

    def read(self, name: str) -> bytes:
        """KeyError where there is nothing of that name."""

    def write(self, name: str, content: bytes) -> None:
        """All of it or nothing, in place of what was there, for nobody else to read."""

    def remove(self, name: str) -> None:
        """Gone, or it was not there."""


class MemoryVault:
    """Forgets everything with the process: for tests and simulated stations."""

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}

    def names(self, folder: str) -> list[str]:
        return sorted(name for name in self._files if name.rpartition("/")[0] == folder)

    def read(self, name: str) -> bytes:
        return self._files[name]

    def write(self, name: str, content: bytes) -> None:
        self._files[name] = content

    def remove(self, name: str) -> None:
        self._files.pop(name, None)
