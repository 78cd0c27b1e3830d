"""Every timer of ISO 15118-2 (tables 109 and 111): its pair of times and what follows from each.

Reaching the performance time is reported as `Late` and nothing more; reaching the timeout ends
the session with the reason that stands beside it. `STRICT` holds the tables. `FIELD` is what
cars and chargers in the street need: the same performance times, later timeouts where they are
known to take longer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from evproto.v2gtp.charging import EndReason


class Timing(NamedTuple):
    """A pair of times in seconds, the consequence of the second one, and where it is written."""

    performance: float
    timeout: float
    reason: EndReason
    clause: str


def _message(performance: float, timeout: float) -> Timing:
    return Timing(performance, timeout, EndReason.MESSAGE_TIMEOUT, "ISO 15118-2 table 109")


_QUICK = _message(1.5, 2.0)
_SLOW = _message(4.5, 5.0)

_MESSAGES: Mapping[str, Timing] = {
    "SessionSetupReq": _QUICK,
    "ServiceDiscoveryReq": _QUICK,
    "ServiceDetailReq": _SLOW,
    "PaymentServiceSelectionReq": _QUICK,
    "PaymentDetailsReq": _SLOW,
    "AuthorizationReq": _QUICK,
    "ChargeParameterDiscoveryReq": _QUICK,
    "PowerDeliveryReq": _SLOW,
    "ChargingStatusReq": _QUICK,
    "MeteringReceiptReq": _QUICK,
    "CableCheckReq": _QUICK,
    "PreChargeReq": _QUICK,
    "CurrentDemandReq": _message(0.025, 0.25),
    "WeldingDetectionReq": _QUICK,
    "CertificateInstallationReq": _SLOW,
    "CertificateUpdateReq": _SLOW,
    "SessionStopReq": _QUICK,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """A set of all timers.

    messages: by the request's name; the EVCC waits for the response (EVCC_Msg_Timeout), the
    SECC gives it (SECC_Msg_Performance_Time). sequence: from a response to the next request;
    the EVCC keeps to the performance time, the SECC gives up at the timeout. ongoing: from the
    first request of a phase that is answered "Ongoing"; customer: the same while the SECC waits
    for a customer. cable_check, pre_charge: from the first request of the phase. pilot: from
    PowerDeliveryReq to the pilot state that belongs to it. contactor: from the order to the
    auxiliary contact.
    """

    name: str
    messages: Mapping[str, Timing]
    sequence: Timing
    ongoing: Timing
    customer: Timing
    setup: Timing
    cable_check: Timing
    pre_charge: Timing
    pilot: Timing
    contactor: Timing


STRICT = Timeouts(
    name="strict",
    messages=_MESSAGES,
    sequence=Timing(40.0, 60.0, EndReason.SEQUENCE_TIMEOUT, "[V2G2-443]"),
    ongoing=Timing(55.0, 60.0, EndReason.ONGOING_TIMEOUT, "ISO 15118-2 table 111"),
    customer=Timing(55.0, 300.0, EndReason.NOT_AUTHORIZED, "[V2G2-854]; the length is a policy"),
    setup=Timing(18.0, 20.0, EndReason.SETUP_TIMEOUT, "[V2G2-714] [V2G2-716] [V2G2-723]"),
    cable_check=Timing(38.0, 40.0, EndReason.CABLE_CHECK_TIMEOUT, "ISO 15118-2 table 111"),
    pre_charge=Timing(5.0, 7.0, EndReason.PRE_CHARGE_TIMEOUT, "ISO 15118-2 table 111"),
    pilot=Timing(0.25, 0.25, EndReason.PILOT_TIMEOUT, "[V2G2-847] [V2G2-848]"),
    contactor=Timing(3.0, 3.0, EndReason.CONTACTOR_TIMEOUT, "[V2G2-860] [V2G2-862] [V2G2-865]"),
)
"""The tables of the standard."""

FIELD = replace(
    STRICT,
    name="field",
    messages={
        name: timing._replace(timeout=max(2.0, timing.timeout * 2)) for name, timing in _MESSAGES.items()
    },
    pre_charge=STRICT.pre_charge._replace(timeout=10.0),
    pilot=STRICT.pilot._replace(timeout=1.5),
)
"""What is met in the street: chargers answer CurrentDemandReq after 7 to 324 ms, cars change the
pilot late, power supplies ramp slowly. All of it is reported as late."""
