"""What a station needs from its hardware, as protocols: the simulated parts and real drivers fit alike.

Times are seconds of the station's clock. A part with a `deadline` wants `advance` when it comes.
"""

from __future__ import annotations

from typing import Protocol


class ContactorDevice(Protocol):
    """The contactor of one outlet."""

    @property
    def closed(self) -> bool: ...

    @property
    def deadline(self) -> float | None: ...

    def switch(self, close: bool, now: float) -> None: ...

    def advance(self, now: float) -> bool:
        """True when the auxiliary contact changed."""


class PowerSupply(Protocol):
    """A DC power supply."""

    @property
    def on(self) -> bool: ...

    def set(self, voltage_v: float, current_a: float) -> None: ...

    def switch_off(self) -> None: ...


class IsolationDevice(Protocol):
    """An isolation monitor that tests on demand."""

    @property
    def safe(self) -> bool: ...

    @property
    def deadline(self) -> float | None: ...

    def start(self, now: float) -> None: ...

    def stop(self) -> None: ...

    def advance(self, now: float) -> bool:
        """True once, when a test has ended."""


class Meter(Protocol):
    """An energy meter."""

    @property
    def reading_wh(self) -> float: ...


class Authorizer(Protocol):
    """Decides whether a customer may charge: a card reader, a back end, nobody at all."""

    @property
    def deadline(self) -> float | None: ...

    def ask(self, now: float) -> None: ...

    def cancel(self) -> None: ...

    def advance(self, now: float) -> bool | None:
        """The decision, once; None while there is none."""
