"""The host's own modem: who made it, its key, and whether its link is up.

A part of `Station` with timers of its own. Only what the own modem sends is believed: its address
is learnt from the answer to a question of ours, and from then on nobody else speaks for it.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evproto.slac.events import KeySet, ModemFault, ModemFound, Vendor
from evproto.slac.keys import nid_from_nmk
from evproto.slac.messages import (
    CmAttenProfileInd,
    CmNwInfoCnf,
    CmNwInfoReq,
    CmSetKeyCnf,
    CmSetKeyReq,
    Frame,
    Mme,
    lumissil,
    qualcomm,
)

if TYPE_CHECKING:
    from evproto.slac.station import Station

IDENTIFY_TRIES = 2
KEY_TRIES = 3
VERIFY_TRIES = 3
DOWN_REPORTS = 2
"""Reports of a missing link until it counts as lost."""
SILENT_POLLS = 4


class KeySense(enum.Enum):
    """Which result of CM_SET_KEY.CNF is success.

    HomePlug Green PHY says 0; firmware of Qualcomm modems says 1, as HomePlug AV 1.0 did. AUTO
    takes both, and asks the modem with CM_NW_INFO which network it is in.
    """

    AUTO = "auto"
    HPGP = "hpgp"
    QUALCOMM = "qualcomm"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModemConfig:
    """How to speak with the own modem.

    address: where requests go. mac: its own address where that is known beforehand. supervise:
    ask it for the link; without, or with a modem of unknown make, the link counts as up once the
    key is set.
    """

    address: bytes = qualcomm.LOCAL_MODEM
    mac: bytes | None = None
    key_sense: KeySense = KeySense.AUTO
    supervise: bool = True


class Modem:
    """See the module."""

    PREFIX = "modem "

    def __init__(self, station: Station, config: ModemConfig) -> None:
        self.config = config
        self.mac = config.mac
        self.vendor: Vendor | None = None
        self.nid = bytes(7)
        self._station = station
        self._nmk: bytes | None = None
        self._tries = 0
        self._verify_tries = 0
        self._other_network = False
        self._result = 0
        self._watching = False
        self._interval = 0.0
        self._link: bool | None = None
        self._downs = 0
        self._silent = 0
        self._handlers: dict[type[Mme], Callable[[Frame, Mme, float], None]] = {
            qualcomm.VsSwVerCnf: self._on_version,
            lumissil.NscmGetVersionCnf: self._on_version,
            CmSetKeyCnf: self._on_set_key,
            CmNwInfoCnf: self._on_network_info,
            qualcomm.VsPlLnkStatusCnf: self._on_link_status,
            lumissil.NscmGetDLinkStatusCnf: self._on_link_status,
        }

    def set_key(self, nmk: bytes, now: float, nid: bytes | None = None) -> None:
        """Give the modem a key; `Station.on_key` tells how it went."""
        self._nmk = nmk
        self.nid = nid or nid_from_nmk(nmk)
        self._tries = 0
        self.stop_watch()
        if self.vendor in (None, Vendor.UNKNOWN):
            self._identify(now)
        else:
            self._send_key(now)

    def watch(self, interval: float, now: float) -> None:
        """Ask for the link every `interval` seconds; `Station.on_link` tells of changes."""
        self._interval = interval
        if not self._watching:
            self._watching, self._link, self._downs, self._silent = True, None, 0, 0
            self._poll(now)

    def stop_watch(self) -> None:
        """Ask no more."""
        self._watching = False
        self._stop("link")

    def reset(self, now: float) -> None:
        """Restart the modem."""
        if self.vendor is Vendor.LUMISSIL:
            self._send(lumissil.NscmResetDeviceReq(), now)
        else:
            self._send(qualcomm.VsRsDevReq(), now)

    def is_own(self, frame: Frame) -> bool:
        """Whether the own modem has sent the frame."""
        return self.mac is not None and frame.source == self.mac

    def receive(self, frame: Frame, now: float) -> bool:
        """Take the frame if it is of a kind that only the own modem sends; tells whether it is."""
        message = frame.message
        handler = self._handlers.get(type(message))
        if handler is None:
            return self._is_forged_indication(frame)
        if self.mac is not None and frame.source != self.mac:
            self._station.ignore(frame, "it is not the own modem's")
        else:
            handler(frame, message, now)
        return True

    def on_timer(self, name: str, now: float) -> None:
        """One of this part's timers fell due."""
        match name.removeprefix(self.PREFIX):
            case "version":
                self._on_version_timeout(now)
            case "key":
                self._retry_key("it did not confirm the key", now)
            case "verify":
                self._on_verify_timeout(now)
            case "link":
                self._on_poll_due(now)

    def _is_forged_indication(self, frame: Frame) -> bool:
        if frame.message.__class__ not in _INDICATIONS or self.is_own(frame):
            return False
        self._station.ignore(frame, "it is not the own modem's")
        return True

    def _identify(self, now: float) -> None:
        self._send(qualcomm.VsSwVerReq(), now)
        self._send(lumissil.NscmGetVersionReq(), now)
        self._start("version", now + self._station.timeouts.modem_response)

    def _on_version(self, frame: Frame, message: Mme, now: float) -> None:
        if self._running("version"):
            self._stop("version")
            self.mac = frame.source
            if isinstance(message, qualcomm.VsSwVerCnf):
                self.vendor = Vendor.QUALCOMM
                version = message.version.rstrip(b"\0").decode("ascii", "replace")
            else:
                self.vendor, version = Vendor.LUMISSIL, ""
            self._station.emit(ModemFound(self.vendor, version, frame.source))
            self._tries = 0
            self._send_key(now)

    def _on_version_timeout(self, now: float) -> None:
        self._tries += 1
        if self._tries < IDENTIFY_TRIES:
            self._identify(now)
            return
        self.vendor = Vendor.UNKNOWN
        self._tries = 0
        self._send_key(now)

    def _send_key(self, now: float) -> None:
        if self._nmk is not None:
            self._send(CmSetKeyReq(nid=self.nid, new_key=self._nmk), now)
            self._start("key", now + self._station.timeouts.modem_response)

    def _on_set_key(self, frame: Frame, message: Mme, now: float) -> None:
        if not isinstance(message, CmSetKeyCnf) or not self._running("key"):
            return
        self._stop("key")
        self.mac = frame.source
        self._result = message.result
        sense = self.config.key_sense
        if sense is KeySense.AUTO and message.result in (0, 1):
            self._verify_tries, self._other_network = 0, False
            self._verify(now)
        elif (sense, message.result) in ((KeySense.HPGP, 0), (KeySense.QUALCOMM, 1)):
            self._key_taken(verified=False, now=now)
        else:
            self._retry_key(f"it answered the key with {message.result}", now)

    def _verify(self, now: float) -> None:
        self._send(CmNwInfoReq(), now)
        self._start("verify", now + self._station.timeouts.modem_response)

    def _on_network_info(self, frame: Frame, message: Mme, now: float) -> None:
        if not isinstance(message, CmNwInfoCnf) or not self._running("verify"):
            return
        if any(network.nid == self.nid for network in message.networks):
            self._stop("verify")
            self._key_taken(verified=True, now=now)
        else:
            # A modem takes its time to form the network anew: the timer asks again.
            self._other_network = bool(message.networks)

    def _on_verify_timeout(self, now: float) -> None:
        self._verify_tries += 1
        if self._verify_tries < VERIFY_TRIES:
            self._verify(now)
        elif self._other_network or (self.vendor, self._result) in _FAILURES:
            self._retry_key("it did not take the key", now)
        else:
            self._key_taken(verified=False, now=now)

    def _key_taken(self, *, verified: bool, now: float) -> None:
        self._station.emit(KeySet(self.nid, verified))
        self._station.on_key(True, now)

    def _retry_key(self, reason: str, now: float) -> None:
        self._tries += 1
        if self._tries < KEY_TRIES:
            self._send_key(now)
            return
        self._station.emit(ModemFault(reason))
        self._station.on_key(False, now)

    def _poll(self, now: float) -> None:
        self._start("link", now + self._interval)
        if not self.config.supervise or self.vendor in (None, Vendor.UNKNOWN):
            self._report_link(True, now)
        elif self.vendor is Vendor.QUALCOMM:
            self._silent += 1
            self._send(qualcomm.VsPlLnkStatusReq(), now)
        else:
            self._silent += 1
            self._send(lumissil.NscmGetDLinkStatusReq(), now)

    def _on_poll_due(self, now: float) -> None:
        if self._silent == SILENT_POLLS:
            self._station.emit(ModemFault("it does not tell its link"))
            if self._link:
                self._report_link(False, now)
        if self._watching:
            self._poll(now)

    def _on_link_status(self, _frame: Frame, message: Mme, now: float) -> None:
        if not self._watching:
            return
        self._silent = 0
        up = getattr(message, "link", getattr(message, "link_status", 0)) == 1
        self._downs = 0 if up else self._downs + 1
        if up or self._downs >= DOWN_REPORTS:
            self._report_link(up, now)

    def _report_link(self, up: bool, now: float) -> None:
        if up != bool(self._link):
            self._link = up
            self._station.on_link(up, now)

    def _send(self, message: Mme, now: float) -> None:
        self._station.send(self.config.address, message, now)

    def _start(self, name: str, at: float) -> None:
        self._station.start_timer(self.PREFIX + name, at)

    def _stop(self, name: str) -> None:
        self._station.stop_timer(self.PREFIX + name)

    def _running(self, name: str) -> bool:
        return self._station.timer_runs(self.PREFIX + name)


_FAILURES = ((Vendor.LUMISSIL, 1),)
"""Results that mean failure for sure; Qualcomm's firmware uses both numbers for success."""
_INDICATIONS = (CmAttenProfileInd, qualcomm.VsAttenuationCharacteristicsInd, qualcomm.VsHstActionInd)
