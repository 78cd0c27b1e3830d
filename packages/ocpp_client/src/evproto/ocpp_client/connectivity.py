"""When to connect to which back end: back-off and network connection profiles, as a machine.

Back-off is OCPP 2.0.1 part 4 section 5.4 to the letter; profiles are tried in their configured
order, and the last one that worked is the way back, configured or not (use cases B09 and B10). The
machine opens no socket: its outputs tell the driver which profile to connect to, the driver tells
how it went.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Never, TypeAlias

from evproto.core import Kind, Machine, StateError, Trace, TraceSink


@dataclass(frozen=True, slots=True, kw_only=True)
class BackOff:
    """The RetryBackOff variables of OCPPCommCtrlr, and the attempts per profile. Seconds."""

    wait_minimum: float = 30.0
    random_range: float = 15.0
    repeat_times: int = 5
    attempts_per_profile: int = 3


@dataclass(frozen=True, slots=True)
class Connect:
    """Output: open a WebSocket to the profile in this slot.

    fallback: nothing that is new works, so what worked before may be trusted again (M05.FR.15).
    """

    slot: int
    fallback: bool = False


@dataclass(frozen=True, slots=True)
class Disconnect:
    """Output: close the WebSocket, or give up connecting."""


@dataclass(frozen=True, slots=True)
class Online:
    """The back end of this slot is connected."""

    slot: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Offline:
    """The connection ended; the next attempt comes `retry_in` seconds from now."""

    reason: str
    retry_in: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotChanged:
    """The attempts at one profile are used up; the next one is tried."""

    failed: int
    next: int


ConnectivityEvent: TypeAlias = Online | Offline | SlotChanged


class Connectivity(Machine[Never, Connect | Disconnect, ConnectivityEvent]):
    """Keeps one charging station connected to one of its back ends.

    `slots` is NetworkConfigurationPriority. `last_good` is the slot that worked before a reboot; it
    is tried when all slots have failed, with one attempt more, for then it may be the network.
    `chance` gives a float in [0, 1); seed it from the station's identity, so that a fleet that
    lost its back end does not come back in step.
    """

    def __init__(
        self,
        slots: tuple[int, ...],
        chance: Callable[[], float],
        *,
        back_off: BackOff | None = None,
        last_good: int | None = None,
        trace: TraceSink | None = None,
    ) -> None:
        super().__init__(trace=trace)
        if not slots:
            raise StateError("no network connection profile is configured")
        self._slots = slots
        self._chance = chance
        self._back_off = back_off or BackOff()
        self._last_good = last_good
        self._falling_back = False
        self._running = False
        self._online = False
        self._slot = slots[0]
        self._attempts_at_slot = 0
        self._failed_slots: set[int] = set()
        self._retries = 0
        self._wait = 0.0

    @property
    def slot(self) -> int:
        """The slot that is connected or tried."""
        return self._slot

    @property
    def online(self) -> bool:
        """Whether a back end is connected."""
        return self._online

    def start(self, now: float) -> None:
        """Connect for the first time; there is no wait before it."""
        if self._running:
            raise StateError("running already")
        self._running = True
        self._attempt(now)

    def stop(self, now: float) -> None:
        """Disconnect and stay so."""
        if self._running:
            self._running = self._online = False
            self._timers.clear()
            self._outputs.append(Disconnect())
            self._note(now, "stopped")

    def receive(self, item: Never, now: float) -> None:
        """Nothing comes from a peer: the driver reports by commands."""
        raise StateError("connectivity has no peer")

    def connected(self, now: float) -> None:
        """The WebSocket stands and the back end took our subprotocol."""
        if not self._running:
            return
        self._online = True
        self._last_good, self._falling_back = self._slot, False
        self._attempts_at_slot = self._retries = 0
        self._failed_slots.clear()
        self._timers.clear()
        self._events.append(Online(self._slot))
        self._note(now, f"online at slot {self._slot}")

    def disconnected(self, reason: str, now: float) -> None:
        """The attempt failed or the connection ended; `reason` is for the log."""
        if not self._running:
            return
        if not self._online:
            self._attempts_at_slot += 1
            if self._attempts_at_slot >= self._back_off.attempts_per_profile + self._falling_back:
                self._next_slot(now)
        self._online = False
        wait = self._next_wait()
        self._timers.start("retry", now + wait)
        self._events.append(Offline(reason=reason, retry_in=wait))
        self._note(now, f"offline: {reason}")

    def set_back_off(self, back_off: BackOff) -> None:
        """Use it from the next failure on."""
        self._back_off = back_off

    def set_slots(self, slots: tuple[int, ...], now: float) -> None:
        """A new priority list; it is used from the next attempt on."""
        if not slots:
            raise StateError("no network connection profile is configured")
        self._slots = slots
        self._failed_slots.clear()
        if self._slot not in slots and not self._online:
            self._slot, self._attempts_at_slot = slots[0], 0
        self._note(now, f"slots {', '.join(map(str, slots))}")

    def reconnect(self, now: float) -> None:
        """Give up what stands or is tried, and connect to the first slot without a wait."""
        if not self._running:
            return
        self._online = self._falling_back = False
        self._slot = self._slots[0]
        self._attempts_at_slot = self._retries = 0
        self._failed_slots.clear()
        self._timers.clear()
        self._outputs.append(Disconnect())
        self._events.append(Offline(reason="new settings", retry_in=0.0))
        self._attempt(now)

    def _on_timer(self, name: str, now: float) -> None:
        self._attempt(now)

    def _attempt(self, now: float) -> None:
        self._outputs.append(Connect(self._slot, self._falling_back))
        self._note(now, f"connect to slot {self._slot}")

    def _next_wait(self) -> float:
        """Part 4 section 5.4: double the previous time, with a fresh random part each time."""
        if self._retries == 0:
            self._wait = self._back_off.wait_minimum
        elif self._retries <= self._back_off.repeat_times:
            self._wait *= 2
        self._retries += 1
        return self._wait + self._chance() * self._back_off.random_range

    def _next_slot(self, now: float) -> None:
        failed, self._attempts_at_slot = self._slot, 0
        self._failed_slots.add(failed)
        untried = [slot for slot in self._slots if slot not in self._failed_slots]
        self._falling_back = not untried
        if untried:
            self._slot = untried[0]
        else:
            # B10.FR.07: all have failed once, back to the one that worked last.
            self._slot = self._slots[0] if self._last_good is None else self._last_good
            self._failed_slots.clear()
        if self._slot != failed:
            self._events.append(SlotChanged(failed=failed, next=self._slot))
            self._note(now, f"slot {failed} failed, trying {self._slot}")

    def _note(self, now: float, name: str) -> None:
        self._record(Trace(time=now, source="ocpp.connectivity", kind=Kind.STATE, name=name))
