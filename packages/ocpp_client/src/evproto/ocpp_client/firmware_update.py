"""A firmware update from its order to its end, the same for all versions (use cases L01 and L02).

The charger downloads and installs; when, and whether at all, is decided here.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Protocol

from evproto.core import DecodeError, StateError
from evproto.ocpp_client.bridge_security import (
    CancelFirmware,
    DownloadFirmware,
    FirmwareDownloaded,
    InstallFirmware,
)
from evproto.ocpp_client.clock import WallClock
from evproto.ocpp_client.codec import decode, encode
from evproto.ocpp_client.store import Store
from evproto.ocpp_client.types import OcppStruct, Timestamp

KEY = "firmware.update"
RETRY_INTERVAL = 60
"""Seconds between attempts where the back end names none."""


class Phase(enum.Enum):
    """Where an update is."""

    SCHEDULED = "Scheduled"
    DOWNLOADING = "Downloading"
    READY = "Ready"
    """Downloaded and verified; waits for its time or for vehicles to finish."""
    INSTALLING = "Installing"


class Order(OcppStruct, frozen=True, kw_only=True):
    """What the back end ordered. `signature` and `certificate` are both there or both not."""

    request_id: int | None
    location: str
    retrieve_at: Timestamp
    install_at: Timestamp | None = None
    retries: int = 0
    retry_interval: float = RETRY_INTERVAL
    signature: str | None = None
    certificate: str | None = None

    def __repr__(self) -> str:
        return f"Order(request_id={self.request_id})"  # its location may carry a password


class _Stored(OcppStruct, frozen=True, kw_only=True):
    order: Order
    phase: Phase


class Trust(Protocol):
    """Says who may sign firmware."""

    def refusal(self, certificate: str, now: float) -> str | None:
        """Why this signing certificate is not taken; None when it is."""

    def is_signed(self, digest: bytes, signature: str, certificate: str) -> bool:
        """Whether the signature is over the firmware with this digest."""


class Host(Protocol):
    """What a station of any version lends to its firmware update."""

    @property
    def is_charging(self) -> bool:
        """Whether a transaction runs."""

    def report(self, status: str, request_id: int | None, now: float) -> bool:
        """Tell the back end; False when it cannot hear it now."""

    def security_event(self, kind: str, info: str | None, now: float) -> None:
        """In the words of 2.x."""

    def hold(self, held: bool, now: float) -> None:
        """Whether connectors without a transaction are kept from starting one (L01.FR.07)."""


class FirmwareUpdate:
    """One at a time; what was ordered outlives a restart.

    schedule: starts the timer of that name. while_charging: whether the charger can do the work
    while a transaction runs: download, install.
    """

    def __init__(
        self,
        host: Host,
        store: Store,
        clock: WallClock,
        schedule: Callable[[float], None],
        emit: Callable[[DownloadFirmware | InstallFirmware | CancelFirmware], None],
        trust: Trust | None,
        *,
        while_charging: tuple[bool, bool] = (True, False),
    ) -> None:
        self._host = host
        self._store = store
        self._clock = clock
        self._schedule = schedule
        self._emit = emit
        self._trust = trust
        self._download_while_charging, self._install_while_charging = while_charging
        self._order: Order | None = None
        self._phase = Phase.SCHEDULED
        self._restarted = False
        self._said: str | None = None
        self._last: tuple[str, int | None] = ("Idle", None)
        self._unheard = False

    @property
    def last(self) -> tuple[str, int | None]:
        """What a trigger asks for: the last status and its request id, Idle once all is done."""
        status, request_id = self._last
        return ("Idle", None) if status == "Installed" else (status, request_id)

    def restore(self, now: float) -> None:
        """Take up an update that a restart cut short."""
        text = self._store.get(KEY)
        if not text:
            return
        try:
            stored = decode(_Stored, text)
        except DecodeError:
            self._forget()
            return
        self._order, self._phase = stored.order, stored.phase
        self._last = (_STATUSES[self._phase], self._order.request_id)
        # Whether an installation goes on after a restart only the charger knows, if it lives.
        self._restarted = True
        if self._phase is Phase.DOWNLOADING:
            self._phase = Phase.SCHEDULED
        self.settle(now)

    def order(self, order: Order, now: float) -> str:
        """Take an order; gives an UpdateFirmwareStatus. What it starts comes by `settle`."""
        if order.certificate is not None and order.signature is not None:
            reason = "signatures cannot be checked here"
            if self._trust is not None:
                reason = self._trust.refusal(order.certificate, now) or ""
            if reason:
                self._host.security_event("InvalidFirmwareSigningCertificate", reason, now)
                return "InvalidCertificate"
        if self._phase is Phase.INSTALLING and self._order is not None and not self._restarted:
            return "Rejected"
        cancelled = self._order is not None
        if self._order is not None and self._phase is not Phase.SCHEDULED:
            self._emit(CancelFirmware(self._order.request_id))
        self._order, self._said, self._restarted = order, None, False
        self._enter(Phase.SCHEDULED)
        return "AcceptedCanceled" if cancelled else "Accepted"

    def settle(self, now: float) -> None:
        """Go on as soon as time and vehicles allow."""
        order = self._order
        if order is None:
            return
        if self._phase is Phase.SCHEDULED:
            self._begin_download(order, now)
        if self._phase is Phase.READY:
            self._begin_installation(order, now)

    def downloaded(self, fact: FirmwareDownloaded, now: float) -> None:
        """The file is there: verify its signature."""
        order = self._order
        if order is None or self._phase is not Phase.DOWNLOADING or not self._means(fact.request_id):
            return
        self._report("Downloaded", now)
        if order.signature is not None and order.certificate is not None:
            trust = self._trust
            if trust is None or not trust.is_signed(fact.digest, order.signature, order.certificate):
                self._report("InvalidSignature", now)
                self._host.security_event("InvalidFirmwareSignature", None, now)
                self._end(now)
                return
            self._report("SignatureVerified", now)
        self._enter(Phase.READY)
        self.settle(now)

    def changed(self, status: str, request_id: int | None, now: float) -> None:
        """The charger tells how it goes. StateError where it leaves out a signature that must be checked."""
        if not self._means(request_id):
            return
        if status == "Downloaded" and self._order is not None:
            if self._order.signature is not None:
                raise StateError("tell FirmwareDownloaded: the signature has to be checked")
            self.downloaded(FirmwareDownloaded(b"", request_id), now)
            return
        self._report(status, now)
        if status == "Installed":
            self._host.security_event("FirmwareUpdated", None, now)
        if status in ENDS:
            self._end(now)

    def heard(self, now: float) -> None:
        """The back end hears us again: the last status, where it missed it."""
        if self._unheard:
            self._unheard = not self._host.report(*self._last, now)

    def _begin_download(self, order: Order, now: float) -> None:
        waiting = self._clock.seconds_until(order.retrieve_at, now)
        if waiting > 0:
            self._schedule(now + waiting)
        if waiting > 0 or (self._host.is_charging and not self._download_while_charging):
            self._say_once("DownloadScheduled", now)
            self._host.hold(waiting <= 0, now)
            return
        self._enter(Phase.DOWNLOADING)
        self._emit(
            DownloadFirmware(
                request_id=order.request_id,
                location=order.location,
                retries=order.retries,
                retry_interval=order.retry_interval,
            )
        )

    def _begin_installation(self, order: Order, now: float) -> None:
        waiting = 0.0 if order.install_at is None else self._clock.seconds_until(order.install_at, now)
        if waiting > 0:
            self._schedule(now + waiting)
            self._say_once("InstallScheduled", now)
            return
        if self._host.is_charging and not self._install_while_charging:
            self._say_once("InstallScheduled", now)
            self._host.hold(True, now)
            return
        self._host.hold(not self._install_while_charging, now)
        self._enter(Phase.INSTALLING)
        self._emit(InstallFirmware(order.request_id))

    def _means(self, request_id: int | None) -> bool:
        """Whether a fact is about the present update, or the last one; one without an id is."""
        present = self._last[1] if self._order is None else self._order.request_id
        return request_id in (None, present)

    def _say_once(self, status: str, now: float) -> None:
        if self._said != status:
            self._said = status
            self._report(status, now)

    def _report(self, status: str, now: float) -> None:
        request_id = self._order.request_id if self._order is not None else self._last[1]
        self._last = (status, request_id)
        self._unheard = not self._host.report(status, request_id, now)

    def _enter(self, phase: Phase) -> None:
        assert self._order is not None
        self._phase = phase
        self._store.put(KEY, encode(_Stored(order=self._order, phase=phase)).decode())

    def _end(self, now: float) -> None:
        self._order = None
        self._forget()
        self._host.hold(False, now)

    def _forget(self) -> None:
        self._store.put(KEY, "")


_STATUSES = {
    Phase.SCHEDULED: "DownloadScheduled",
    Phase.DOWNLOADING: "Downloading",
    Phase.READY: "InstallScheduled",
    Phase.INSTALLING: "Installing",
}

ENDS = frozenset(
    {"Installed", "DownloadFailed", "InstallationFailed", "InstallVerificationFailed", "InvalidSignature"}
)
"""The statuses with which an update is over."""
