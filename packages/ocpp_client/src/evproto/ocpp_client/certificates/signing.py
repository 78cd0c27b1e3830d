"""How the station gets its own certificates signed, and keeps them fresh (use cases A02 and A03)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

from evproto.ocpp_client.certificates.checks import CertificateError
from evproto.ocpp_client.certificates.identities import Subject
from evproto.ocpp_client.certificates.store import CertificateStore
from evproto.ocpp_client.certificates.uses import OwnUse
from evproto.ocpp_client.clock import WallClock

LOOK_EVERY = 86_400.0
"""Seconds between looks at the ends of certificates; the wall clock may be set in between."""

Answered: TypeAlias = Callable[[bool | None, float], None]
"""Whether the back end will have it signed; None where it did not answer."""


class Host(Protocol):
    """What a station of any version lends to the signing of its certificates."""

    @property
    def wait_minimum(self) -> float:
        """CertSigningWaitMinimum, seconds."""

    @property
    def repeat_times(self) -> int:
        """CertSigningRepeatTimes."""

    def subject(self, use: OwnUse) -> Subject | None:
        """Who the certificate is for; None while that is not configured."""

    def send_csr(self, csr: str, use: OwnUse, then: Answered, now: float, *, triggered: bool) -> None:
        """Send SignCertificate; `triggered`: also before the back end has accepted the station."""

    def security_event(self, kind: str, info: str | None, now: float) -> None:
        """In the words of 2.x."""

    def identity_changed(self, use: OwnUse, now: float) -> None:
        """Another certificate came into force."""


class Signing:
    """start and stop: timers of these names; `on_timer` is called when one is due."""

    def __init__(
        self,
        store: CertificateStore,
        clock: WallClock,
        host: Host,
        start: Callable[[str, float], None],
        stop: Callable[[str], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._host = host
        self._start = start
        self._stop = stop
        self._open: dict[OwnUse, tuple[str, int]] = {}
        self._in_force: dict[OwnUse, str] = {}

    def can_ask(self, use: OwnUse) -> bool:
        """Whether all is configured that a CSR needs."""
        return self._host.subject(use) is not None

    def ask(self, use: OwnUse, now: float, *, triggered: bool = False) -> None:
        """Make a new key and ask for its certificate; an older question is dropped."""
        subject = self._host.subject(use)
        if subject is not None:
            self._send(use, self._store.own.request(use, subject), 0, now, triggered=triggered)

    def signed(self, use: OwnUse, chain: str, now: float) -> bool:
        """Take what the back end brought; a security event says why where it is no good."""
        subject = self._host.subject(use)
        name = subject.common_name if subject is not None else None
        try:
            self._store.own.accept(use, chain, self._clock.at(now), name)
        except (CertificateError, OSError) as error:
            self._host.security_event("InvalidChargingStationCertificate", str(error), now)
            return False
        self._settle(use)
        return True

    def look(self, now: float) -> None:
        """See what came into force, what ends soon, and when to look again."""
        at = self._clock.at(now)
        wait = LOOK_EVERY
        for use in OwnUse:
            self._compare(use, now)
            self._store.own.retire(use, at)
            renewal = self._store.own.renewal(use, at)
            if renewal is not None and at >= renewal and use not in self._open:
                self.ask(use, now)
            for moment in (renewal, self._store.own.next_change(use, at)):
                if moment is not None and moment > at:
                    wait = min(wait, (moment - at).total_seconds())
        self._start("look", now + wait)

    def on_timer(self, name: str, now: float) -> None:
        """Look again, or ask again."""
        if name == "look":
            self.look(now)
            return
        use = OwnUse(name)
        csr, sent = self._open[use]
        self._send(use, csr, sent, now)

    def _send(self, use: OwnUse, csr: str, sent: int, now: float, *, triggered: bool = False) -> None:
        """The same question each time: whichever is answered fits the key (A02.FR.17, FR.18)."""
        self._open[use] = (csr, sent + 1)
        if sent < self._host.repeat_times:
            self._start(use.value, now + self._host.wait_minimum * 2**sent)
        else:
            self._stop(use.value)
            del self._open[use]

        def answered(accepted: bool | None, at: float) -> None:
            self._on_answer(use, accepted)

        self._host.send_csr(csr, use, answered, now, triggered=triggered)

    def _on_answer(self, use: OwnUse, accepted: bool | None) -> None:
        """A back end that refuses is not asked again; one that is silent may be."""
        if accepted is False:
            self._settle(use)

    def _settle(self, use: OwnUse) -> None:
        self._open.pop(use, None)
        self._stop(use.value)

    def _compare(self, use: OwnUse, now: float) -> None:
        """Tell when another certificate came into force; not at the first look after a start."""
        current = self._store.own.current(use, self._clock.at(now))
        name = "" if current is None else current.name
        before = self._in_force.get(use)
        self._in_force[use] = name
        if before is not None and before != name:
            self._host.identity_changed(use, now)
