"""Block B, reset: of the station or of one EVSE, at once or when no transaction runs (B11 to B13)."""

from __future__ import annotations

from collections.abc import Mapping

from evproto.ocpp_client.bridge import Restart, RestartEvse
from evproto.ocpp_client.device_model import Component, Variable
from evproto.ocpp_client.v2.change_availability import TX_IN_PROGRESS
from evproto.ocpp_client.v2.charging_station import Block, ChargingStation, Handler
from evproto.ocpp_client.v2.evse import Evse
from evproto.ocpp_client.v2.provisioning import BOOT_REASON
from evproto.ocpp_client.v2.transactions import Transactions
from evproto.ocpp_client.v21.datatypes import StatusInfo
from evproto.ocpp_client.v21.enums import (
    BootReasonEnum,
    ReasonEnum,
    ResetEnum,
    ResetStatusEnum,
    TriggerReasonEnum,
)
from evproto.ocpp_client.v21.messages import ResetRequest, ResetResponse

GRACE = {ResetEnum.IMMEDIATE: 5.0, ResetEnum.IMMEDIATE_AND_RESUME: 5.0, ResetEnum.ON_IDLE: 30.0}
"""Seconds that a reset waits for the queue to empty; what is left goes after the restart."""

PATIENCE = 60.0
"""Seconds after which a restart that did not come is asked for again (ResetRetries)."""


class Reset(Block):
    """Ends transactions where it must, lets the back end hear of it, and asks for the restart."""

    name = "reset"

    def __init__(self, station: ChargingStation, transactions: Transactions) -> None:
        super().__init__(station)
        self._transactions = transactions
        self._kind: ResetEnum | None = None
        self._reason = BootReasonEnum.REMOTE_RESET
        self._asked: Restart | None = None
        self._retries = 0

    def handlers(self) -> Mapping[str, Handler]:
        return {"Reset": self._on_reset}

    def settle(self, now: float) -> None:
        """What waits for the end of transactions, or for the queue, may have come."""
        for evse in self._station.evses.values():
            if self._kind is None and evse.closing and evse.transaction is None:
                self._restart_evse(evse)
        if self._kind is None or (self._kind is ResetEnum.ON_IDLE and self._busy()):
            return
        if not self._station.online or len(self._station.store) == 0:
            self._restart(now)
        elif not self._runs("grace"):
            self._start("grace", now + GRACE[self._kind])

    def on_timer(self, name: str, now: float) -> None:
        if name == "grace":
            self._restart(now)
        elif self._asked is not None and self._retries > 0:
            self._retries -= 1
            self._ask(self._asked, now)
        else:
            self._give_up()

    def _on_reset(self, request: ResetRequest, now: float) -> ResetResponse:
        if request.evse_id:
            return self._on_evse(request.evse_id, request.type, now)
        if request.type is ResetEnum.IMMEDIATE_AND_RESUME and not self._resumes():
            return _rejected("UnsupportedParam")
        scheduled = request.type is ResetEnum.ON_IDLE and self._busy()
        self._reason = BootReasonEnum.SCHEDULED_RESET if scheduled else BootReasonEnum.REMOTE_RESET
        self._station.afterwards(lambda at: self._begin(request.type, at))
        return _taken(scheduled)

    # --- the station ---

    def _begin(self, kind: ResetEnum, now: float) -> None:
        self._kind = kind
        self._stop("retry")
        self._stop("grace")
        for evse in self._station.places():
            evse.closing = True
            if kind is ResetEnum.IMMEDIATE:
                self._end(evse, now)
            elif kind is ResetEnum.IMMEDIATE_AND_RESUME and evse.transaction is not None:
                # The transaction stays in the store, and the next start takes it up (B13).
                evse.flow = None
                self._transactions.report(evse, TriggerReasonEnum.RESET_COMMAND, now)
        self.settle(now)

    def _restart(self, now: float) -> None:
        assert self._kind is not None
        self._station.store.put(BOOT_REASON, self._reason.value)
        self._retries = self._station.model.number("OCPPCommCtrlr", "ResetRetries")
        self._asked = Restart(hard=self._kind is not ResetEnum.ON_IDLE)
        self._kind = None
        self._stop("grace")
        self._ask(self._asked, now)

    def _ask(self, restart: Restart, now: float) -> None:
        self._station.emit(restart)
        self._start("retry", now + PATIENCE)

    def _give_up(self) -> None:
        """The charger does not restart: better to charge on than to stand there."""
        self._asked = None
        self._station.store.put(BOOT_REASON, "")
        for evse in self._station.places():
            evse.closing = False

    def _busy(self) -> bool:
        return any(True for _ in self._station.transactions())

    def _resumes(self) -> bool:
        return self._station.model.number("TxCtrlr", "ResumptionTimeout") > 0

    # --- one EVSE ---

    def _on_evse(self, evse_id: int, kind: ResetEnum, now: float) -> ResetResponse:
        evse = self._station.evses.get(evse_id)
        allowed = self._station.model.value(Component("EVSE", evse_id=evse_id), Variable("AllowReset"))
        if evse is None:
            return _rejected("UnknownEvse")
        if allowed != "true" or kind is ResetEnum.IMMEDIATE_AND_RESUME:
            return _rejected("UnsupportedRequest")
        scheduled = kind is ResetEnum.ON_IDLE and evse.transaction is not None
        self._station.afterwards(lambda at: self._begin_evse(evse, kind, at))
        return _taken(scheduled)

    def _begin_evse(self, evse: Evse, kind: ResetEnum, now: float) -> None:
        evse.closing = True
        if kind is ResetEnum.IMMEDIATE:
            self._end(evse, now)
        self.settle(now)

    def _restart_evse(self, evse: Evse) -> None:
        evse.closing = False
        self._station.emit(RestartEvse(evse.id))

    def _end(self, evse: Evse, now: float) -> None:
        if evse.transaction is not None or evse.grant is not None:
            reason, trigger = ReasonEnum.IMMEDIATE_RESET, TriggerReasonEnum.RESET_COMMAND
            self._transactions.end(evse, trigger, reason, now)


def _taken(scheduled: bool) -> ResetResponse:
    if scheduled:
        return ResetResponse(status=ResetStatusEnum.SCHEDULED, status_info=TX_IN_PROGRESS)
    return ResetResponse(status=ResetStatusEnum.ACCEPTED)


def _rejected(reason: str) -> ResetResponse:
    return ResetResponse(status=ResetStatusEnum.REJECTED, status_info=StatusInfo(reason_code=reason))
