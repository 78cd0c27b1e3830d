"""The self-test of the residual current device before a vehicle is given power (IEC 62955, UL 2231)."""

from __future__ import annotations


class SelfTest:
    """The device is told to test itself; it has to trip and to come back within a time, once per vehicle."""

    def __init__(self, *, wanted: bool, within_s: float) -> None:
        self.due: float | None = None
        """When a running test has failed, or None."""
        self.passed = not wanted
        self._wanted = wanted
        self._within_s = within_s
        self._tripped = False

    @property
    def runs(self) -> bool:
        """Whether the device's reports belong to a test."""
        return self.due is not None

    def reset(self) -> None:
        """Another vehicle: test anew."""
        self.due = None
        self.passed = not self._wanted

    def begin(self, now: float) -> None:
        """The device was told to test itself."""
        self.due = now + self._within_s
        self._tripped = False

    def take(self, tripped: bool) -> None:
        """A report of the device while the test runs."""
        if tripped:
            self._tripped = True
        elif self._tripped:
            self.due = None
            self.passed = True
