"""The commands of a session: facts and decisions of the application."""

from __future__ import annotations

from abc import abstractmethod

from evproto.v2gtp.charging.events import EvccEvent, SeccEvent
from evproto.v2gtp.charging.quantities import (
    EvAcLimits,
    EvDcLimits,
    EvseAcLimits,
    EvseDcLimits,
    MeterReading,
    ProfileEntry,
    Schedule,
)
from evproto.v2gtp.charging.terms import EvError, Isolation, Pilot
from evproto.v2gtp.language import LanguageSession


class SeccSession(LanguageSession[SeccEvent]):
    """The charger's side of a charging session.

    Facts (`set_...`, `pilot`, `contactor`, `meter`) may be told at any time, the sooner the
    better, and are ignored after the end. Decisions raise `StateError` where nobody waits for
    them or after the end.
    """

    @abstractmethod
    def authorize(self, accepted: bool, now: float) -> None:
        """The answer to `AuthorizationWanted`; may come before it was asked for."""

    @abstractmethod
    def set_limits(self, limits: EvseDcLimits | EvseAcLimits, now: float) -> None:
        """What the charger can give from now on; told to the car with the next answer that can."""

    @abstractmethod
    def set_schedules(self, schedules: tuple[Schedule, ...], now: float) -> None:
        """The offer for this and later negotiations: one to three schedules."""

    @abstractmethod
    def set_present(self, voltage_v: float, current_a: float, now: float) -> None:
        """What is measured at the DC output."""

    @abstractmethod
    def isolation_result(self, isolation: Isolation, now: float) -> None:
        """The answer to `IsolationTestWanted`."""

    @abstractmethod
    def contactor(self, closed: bool, now: float) -> None:
        """The contactor's auxiliary contact says closed or open."""

    @abstractmethod
    def pilot(self, state: Pilot, now: float) -> None:
        """The pilot state seen; A ends the session."""

    @abstractmethod
    def meter(self, reading: MeterReading, now: float) -> None:
        """A fresh reading for the car."""

    @abstractmethod
    def set_rcd(self, tripped: bool, now: float) -> None:
        """AC: the residual current device."""

    @abstractmethod
    def stop(self, now: float, *, max_delay_s: float = 0.0) -> None:
        """Ask the car to stop charging within `max_delay_s`."""

    @abstractmethod
    def renegotiate(self, now: float, *, max_delay_s: float = 0.0) -> None:
        """Ask the car to negotiate the schedule anew."""

    @abstractmethod
    def emergency_shutdown(self, now: float) -> None:
        """Output off and contactor open at once; the car is told with every answer from now on."""

    @abstractmethod
    def abort(self, now: float) -> None:
        """End at once, without another word to the car."""


class EvccSession(LanguageSession[EvccEvent]):
    """The car's side of a charging session; facts and decisions as in `SeccSession`.

    The car sends the first request by itself when the session opens.
    """

    @abstractmethod
    def set_battery(self, voltage_v: float, soc_percent: float, now: float) -> None:
        """Voltage of the battery and its state of charge."""

    @abstractmethod
    def set_targets(self, voltage_v: float, current_a: float, now: float) -> None:
        """DC: what the car wants in the charge loop."""

    @abstractmethod
    def set_limits(self, limits: EvDcLimits | EvAcLimits, now: float) -> None:
        """What the car takes from now on."""

    @abstractmethod
    def set_ready(self, ready: bool, error: EvError, now: float) -> None:
        """Whether the car is able to charge. An error stops charging."""

    @abstractmethod
    def set_progress(
        self,
        now: float,
        *,
        complete: bool = False,
        bulk_complete: bool | None = None,
        time_to_full_s: float | None = None,
        time_to_bulk_s: float | None = None,
    ) -> None:
        """How far the charge has come; `complete` stops charging."""

    @abstractmethod
    def contactor(self, closed: bool, now: float) -> None:
        """The car's contactor is closed or open: the answer to `ContactorWanted`."""

    @abstractmethod
    def choose_schedule(self, schedule_id: int, profile: tuple[ProfileEntry, ...], now: float) -> None:
        """The answer to `SchedulesOffered`, with `own_schedule`."""

    @abstractmethod
    def stop(self, now: float) -> None:
        """Stop charging and end the session."""

    @abstractmethod
    def pause(self, now: float) -> None:
        """Stop charging and pause the session, to be resumed with `EvccConfig.resume`."""

    @abstractmethod
    def renegotiate(self, now: float) -> None:
        """Negotiate the schedule anew."""

    @abstractmethod
    def unplugged(self, now: float) -> None:
        """The proximity contact says that the connector is out."""

    @abstractmethod
    def abort(self, now: float) -> None:
        """End at once, without another word to the charger."""
