"""The SECC's power: PowerDeliveryReq, contactor, pilot, and what the charger asks of the car."""

from __future__ import annotations

from evproto.core import StateError
from evproto.v2gtp.charging import (
    ChargingStarted,
    ChargingStopped,
    EndReason,
    EvseCondition,
    Notification,
    Pilot,
    ProfileEntry,
    RenegotiationStarted,
    Schedule,
    SeccConfig,
)
from evproto.v2gtp.language import SessionContext

from .messages import (
    ChargeProgress,
    DCEVPowerDeliveryParameter,
    EVSEStatus,
    PowerDeliveryReq,
    PowerDeliveryRes,
    ResponseCode,
)
from .paused import PausedSessions
from .secc_base import Answer, Refusal
from .secc_parameters import ParametersPhase
from .states import Outcome
from .timeouts import STRICT, Timeouts
from .values import adheres, finite, profile


class PowerPhase(ParametersPhase):
    """The handler of PowerDeliveryReq, and the commands that start and stop the flow of power."""

    def __init__(
        self,
        config: SeccConfig,
        context: SessionContext,
        now: float,
        *,
        timeouts: Timeouts = STRICT,
        paused: PausedSessions | None = None,
    ) -> None:
        super().__init__(config, context, now, timeouts=timeouts, paused=paused)
        self._schedule_id: int | None = None
        self._starting: tuple[Schedule, tuple[ProfileEntry, ...]] | None = None
        self._stopping = False
        self._notified_until: float | None = None
        self._handlers |= {PowerDeliveryReq: self._power_delivery}

    def contactor(self, closed: bool, now: float) -> None:
        opened_by_itself = self._contactor_obeyed and not closed
        self._contactor_closed = closed
        if self._ended:
            return
        if closed is self._contactor_wanted:
            self._contactor_obeyed = closed
        elif opened_by_itself and self._charging:
            self._shut_down(EvseCondition.MALFUNCTION, now)
        self._continue(now)

    def pilot(self, state: Pilot, now: float) -> None:
        before, self._pilot = self._pilot, state
        if self._ended or state is before:
            return
        if state is Pilot.A:
            self._end(EndReason.UNPLUGGED, now, "pilot state A")
        elif state in (Pilot.E, Pilot.F):
            self._shut_down(EvseCondition.MALFUNCTION, now)
        else:
            self._follow_pilot(state, now)
        self._continue(now)

    def stop(self, now: float, *, max_delay_s: float = 0.0) -> None:
        self._must_run("stop")
        self._notify(Notification.STOP_CHARGING, max_delay_s)
        self._condition = self._condition or EvseCondition.SHUTDOWN

    def renegotiate(self, now: float, *, max_delay_s: float = 0.0) -> None:
        if not self._charging or self._notification is Notification.STOP_CHARGING:
            raise StateError("renegotiate: no energy flows, or the car is to stop")
        self._notify(Notification.RENEGOTIATION, max_delay_s)

    def emergency_shutdown(self, now: float) -> None:
        self._must_run("emergency_shutdown")
        self._shut_down(EvseCondition.EMERGENCY_SHUTDOWN, now)

    def _notify(self, notification: Notification, max_delay_s: float) -> None:
        self._notification = notification
        self._notification_delay = max(0.0, min(65535.0, finite(max_delay_s, "max_delay_s")))
        self._notified_until = None

    def _shut_down(self, condition: EvseCondition, now: float) -> None:
        """Output off and contactor open at once; every answer from now on says so."""
        if self._emergency:
            return
        self._emergency = True
        self._condition = condition
        self._notify(Notification.STOP_CHARGING, 0.0)
        self._power_off(now)
        if self._starting is not None:
            self._refuse(self._not_applied(condition.value), now)

    def _follow_pilot(self, state: Pilot, now: float) -> None:
        """The contactor is closed in C and D only; DC does not come back by itself."""
        if not state.wants_energy:
            if self._contactor_wanted:
                self._fault("pilot state B", "the car left state C without PowerDeliveryReq", now)
                self._power_off(now)
        elif self._charging and not self._stopping and not self._is_dc and not self._emergency:
            self._want_contactor(True, now)

    def _continue(self, now: float) -> None:
        """A fact came: perhaps the one for which PowerDeliveryReq waits."""
        if self._request is None or not isinstance(self._request, PowerDeliveryReq):
            return
        try:
            answer = self._try_stop(now) if self._stopping else self._try_start(now)
        except Refusal as refusal:
            self._refuse(refusal, now)
            return
        if answer is not None:
            self._reply(answer, now)

    def _on_timer(self, name: str, now: float) -> None:
        match name:
            case "pilot":
                self._refuse(self._not_applied("no pilot state C or D", EndReason.PILOT_TIMEOUT), now)
            case "contactor":
                detail = f"did not {'open' if self._stopping else 'close'}"
                reason = EndReason.CONTACTOR_TIMEOUT
                self._refuse(Refusal(ResponseCode.FAILED_CONTACTOR_ERROR, detail, reason), now)
            case "pilot back":
                if self._pilot is not None and self._pilot.wants_energy:
                    self._fault("pilot state C", "the car stays in it after PowerDeliveryReq Stop", now)
            case _:
                super()._on_timer(name, now)

    def _power_delivery(self, request: PowerDeliveryReq, now: float) -> Answer | None:
        parameter = request.ev_power_delivery_parameter
        if isinstance(parameter, DCEVPowerDeliveryParameter):
            self._note_ev_status(
                parameter.dc_ev_status, parameter.charging_complete, parameter.bulk_charging_complete
            )
        offers = {offer.id: offer for offer in self._schedules}
        schedule = offers.get(request.sa_schedule_tuple_id)
        if schedule is None:
            detail = f"SAScheduleTupleID {request.sa_schedule_tuple_id} of {sorted(offers)}"
            raise Refusal(ResponseCode.FAILED_TARIFF_SELECTION_INVALID, detail)
        match request.charge_progress:
            case ChargeProgress.START:
                return self._start(request, schedule, now)
            case ChargeProgress.STOP:
                return self._stop(now)
            case ChargeProgress.RENEGOTIATE:
                return self._renegotiate()

    def _start(self, request: PowerDeliveryReq, schedule: Schedule, now: float) -> Answer | None:
        if self._charging:
            raise self._sequence_error("PowerDeliveryReq Start")
        if self._emergency:
            raise self._not_applied("shut down", EndReason.EMERGENCY_SHUTDOWN)
        if self._notification is Notification.STOP_CHARGING:
            raise self._not_applied("the charger asked to stop", EndReason.REFUSED)
        entries = profile(request.charging_profile)
        if not adheres(entries, schedule):
            detail = f"the profile exceeds schedule {schedule.id}"
            raise Refusal(ResponseCode.FAILED_CHARGING_PROFILE_INVALID, detail)
        self._starting = (schedule, entries)
        return self._try_start(now)

    def _try_start(self, now: float) -> Answer | None:
        """First the pilot ([V2G2-847]), then the contactor ([V2G2-860]), then the answer."""
        if self._starting is None:
            return None
        if self._pilot is None or not self._pilot.wants_energy:
            self._run_timer("pilot", now + self._timeouts.pilot.timeout)
            return None
        self._timers.stop("pilot")
        self._want_contactor(True, now)
        if not self._contactor_closed:
            self._run_timer("contactor", now + self._timeouts.contactor.timeout)
            return None
        self._timers.stop("contactor")
        schedule, entries = self._starting
        self._starting = None
        self._schedule_id = schedule.id
        self._events.append(ChargingStarted(schedule_id=schedule.id, profile=entries))
        return self._power_delivery_ok(Outcome.DC_START if self._is_dc else Outcome.AC_START)

    def _stop(self, now: float) -> Answer | None:
        self._stopping = True
        self._power_off(now)
        return self._try_stop(now)

    def _try_stop(self, now: float) -> Answer | None:
        """The answer waits for the contactor to open."""
        if self._contactor_closed:
            self._run_timer("contactor", now + self._timeouts.contactor.timeout)
            return None
        self._timers.stop("contactor")
        self._timers.start("pilot back", now + self._timeouts.pilot.timeout)
        self._events.append(ChargingStopped())
        return self._power_delivery_ok(Outcome.DC_STOP if self._is_dc else Outcome.AC_STOP)

    def _renegotiate(self) -> Answer:
        if not self._charging:
            raise Refusal(ResponseCode.FAILED, "renegotiation before charging", EndReason.SEQUENCE_ERROR)
        by_ev = self._notification is not Notification.RENEGOTIATION
        if not by_ev:
            self._notify(Notification.NONE, 0.0)
        self._renegotiating = True
        self._events.append(RenegotiationStarted(by_ev=by_ev))
        return self._power_delivery_ok(Outcome.RENEGOTIATE)

    def _power_delivery_ok(self, outcome: Outcome) -> Answer:
        return PowerDeliveryRes(response_code=ResponseCode.OK, evse_status=self._status()), outcome

    def _run_timer(self, name: str, at: float) -> None:
        if name not in self._timers:
            self._timers.start(name, at)

    def _not_applied(self, detail: str, reason: EndReason = EndReason.EMERGENCY_SHUTDOWN) -> Refusal:
        return Refusal(ResponseCode.FAILED_POWER_DELIVERY_NOT_APPLIED, detail, reason)

    def _status(self) -> EVSEStatus:
        return self._dc_status() if self._is_dc else self._ac_status()
