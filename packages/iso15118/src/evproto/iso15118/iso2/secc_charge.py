"""The SECC from cable check to session stop (ISO 15118-2, 8.4.3 to 8.4.5), but for the power itself."""

from __future__ import annotations

from evproto.core import StateError
from evproto.v2gtp.charging import (
    EndReason,
    EvError,
    EvseDcLimits,
    Isolation,
    IsolationTestWanted,
    MeterReading,
    Notification,
    PreChargeWanted,
    ReceiptReceived,
    SeccConfig,
    TargetsChanged,
)
from evproto.v2gtp.language import SessionContext

from .messages import (
    CableCheckReq,
    CableCheckRes,
    ChargingSession,
    ChargingStatusReq,
    ChargingStatusRes,
    CurrentDemandReq,
    CurrentDemandRes,
    EVSEProcessing,
    MeterInfo,
    MeteringReceiptReq,
    MeteringReceiptRes,
    PreChargeReq,
    PreChargeRes,
    ResponseCode,
    SessionStopReq,
    SessionStopRes,
    WeldingDetectionReq,
    WeldingDetectionRes,
)
from .paused import PausedSession, PausedSessions
from .secc_base import Answer, Refusal
from .secc_power import PowerPhase
from .states import Outcome, SeccState
from .timeouts import STRICT, Timeouts
from .values import amps, finite, meter_info, volts, watts

PRE_CHARGE_TOLERANCE_V = 20.0
"""Output and battery may differ by this much when the car closes its contactor (IEC 61851-23)."""


class ChargePhase(PowerPhase):
    """Handlers and commands of isolation test, pre-charge, charge loop, metering and the end."""

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
        self._voltage_v = 0.0
        self._current_a = 0.0
        self._wanted: PreChargeWanted | TargetsChanged | None = None
        self._emergency_told = False
        self._end_reason = EndReason.FINISHED
        self._meter: MeterReading | None = None
        self._meter_info: MeterInfo | None = None
        self._receipt_due = False
        self._receipt_for: MeterInfo | None = None
        self._handlers |= {
            CableCheckReq: self._cable_check,
            PreChargeReq: self._pre_charge,
            ChargingStatusReq: self._charging_status,
            CurrentDemandReq: self._current_demand,
            MeteringReceiptReq: self._metering_receipt,
            WeldingDetectionReq: self._welding_detection,
            SessionStopReq: self._session_stop,
        }

    def set_present(self, voltage_v: float, current_a: float, now: float) -> None:
        self._voltage_v = finite(voltage_v, "voltage_v")
        self._current_a = finite(current_a, "current_a")

    def isolation_result(self, isolation: Isolation, now: float) -> None:
        self._must_run("isolation_result")
        if not self._testing_isolation:
            raise StateError("isolation_result: no isolation test is wanted")
        self._testing_isolation = False
        self._isolation = isolation

    def meter(self, reading: MeterReading, now: float) -> None:
        self._meter_info = meter_info(reading)
        self._meter = reading
        self._receipt_due = self._config.receipt_wanted

    def set_rcd(self, tripped: bool, now: float) -> None:
        self._rcd = tripped

    def _cable_check(self, request: CableCheckReq, now: float) -> Answer:
        if self._state is SeccState.RENEGOTIATED:
            self._power_off(now)
            self._isolation = Isolation.INVALID
        self._note_ev_status(request.dc_ev_status)
        self._check_ev_error()
        self._check_emergency()
        finished = self._isolation_tested(now)
        response = CableCheckRes(
            response_code=ResponseCode.OK,
            dc_evse_status=self._dc_status(),
            evse_processing=EVSEProcessing.FINISHED if finished else EVSEProcessing.ONGOING,
        )
        return response, Outcome.OK if finished else Outcome.ONGOING

    def _isolation_tested(self, now: float) -> bool:
        """Begin the test once the pilot allows it; a failed one ends the session."""
        if self._isolation is Isolation.INVALID:
            self._check_phase("cable check", self._timeouts.cable_check, now)
            if not self._testing_isolation and self._pilot is not None and self._pilot.wants_energy:
                self._testing_isolation = True
                self._events.append(IsolationTestWanted())
            return False
        if self._isolation not in (Isolation.VALID, Isolation.WARNING):
            raise Refusal(ResponseCode.FAILED, self._isolation.value, EndReason.ISOLATION_FAULT)
        self._leave_phase("cable check")
        return True

    def _pre_charge(self, request: PreChargeReq, now: float) -> Answer:
        self._note_ev_status(request.dc_ev_status)
        self._check_ev_error()
        self._check_emergency()
        limits = self._dc
        voltage = min(request.ev_target_voltage.si, limits.max_voltage_v)
        current = min(request.ev_target_current.si, limits.max_current_a)
        self._want_contactor(True, now)
        self._want(PreChargeWanted(voltage_v=max(0.0, voltage), current_a=max(0.0, current)))
        if abs(self._voltage_v - voltage) <= PRE_CHARGE_TOLERANCE_V:
            self._leave_phase("pre-charge")
        else:
            self._check_phase("pre-charge", self._timeouts.pre_charge, now)
        response = PreChargeRes(
            response_code=ResponseCode.OK,
            dc_evse_status=self._dc_status(),
            evse_present_voltage=volts(self._voltage_v),
        )
        return response, Outcome.OK

    def _charging_status(self, request: ChargingStatusReq, now: float) -> Answer:
        self._check_obedience(now)
        info, receipt = self._metering()
        response = ChargingStatusRes(
            response_code=ResponseCode.OK,
            evse_id=self._config.evse_id,
            sa_schedule_tuple_id=self._schedule_id or 1,
            evse_max_current=amps(self._ac_limits.max_current_a) if self._ac_limits else None,
            meter_info=info,
            receipt_required=receipt or None,
            ac_evse_status=self._ac_status(),
        )
        return response, Outcome.RECEIPT if receipt else Outcome.OK

    def _current_demand(self, request: CurrentDemandReq, now: float) -> Answer:
        self._note_ev_status(
            request.dc_ev_status,
            request.charging_complete,
            request.bulk_charging_complete,
            request.remaining_time_to_full_soc,
            request.remaining_time_to_bulk_soc,
        )
        self._check_obedience(now)
        limits = self._dc
        voltage, current = request.ev_target_voltage.si, request.ev_target_current.si
        self._follow_targets(voltage, current, limits)
        info, receipt = self._metering()
        response = CurrentDemandRes(
            response_code=ResponseCode.OK,
            dc_evse_status=self._dc_status(),
            evse_present_voltage=volts(self._voltage_v),
            evse_present_current=amps(self._current_a),
            evse_current_limit_achieved=current >= limits.max_current_a,
            evse_voltage_limit_achieved=voltage >= limits.max_voltage_v,
            evse_power_limit_achieved=current * self._voltage_v >= limits.max_power_w,
            evse_maximum_voltage_limit=volts(limits.max_voltage_v),
            evse_maximum_current_limit=amps(limits.max_current_a),
            evse_maximum_power_limit=watts(limits.max_power_w),
            evse_id=self._config.evse_id,
            sa_schedule_tuple_id=self._schedule_id or 1,
            meter_info=info,
            receipt_required=receipt or None,
        )
        return response, Outcome.RECEIPT if receipt else Outcome.OK

    def _follow_targets(self, voltage: float, current: float, limits: EvseDcLimits) -> None:
        """Nothing beyond our own limits, and nothing at all once the contactor is to open."""
        if self._emergency or not self._contactor_wanted:
            return
        voltage = max(0.0, min(voltage, limits.max_voltage_v))
        current = max(0.0, min(current, limits.max_current_a))
        self._want(TargetsChanged(voltage_v=voltage, current_a=current))

    def _check_obedience(self, now: float) -> None:
        """An emergency is told once; a notification may be obeyed for as long as it said."""
        if self._emergency:
            if self._emergency_told:
                raise Refusal(ResponseCode.FAILED, "shut down", EndReason.EMERGENCY_SHUTDOWN)
            self._emergency_told = True
        if self._notification is Notification.NONE:
            return
        if self._notified_until is None:
            self._notified_until = now + self._notification_delay + self._timeouts.sequence.performance
        elif now > self._notified_until:
            self._notified_until = float("inf")
            self._fault(f"EVSENotification {self._notification.value}", "the car does not obey", now)

    def _metering(self) -> tuple[MeterInfo | None, bool]:
        """What to send of the meter, and whether the car is to sign for it."""
        info = self._meter_info
        if info is None:
            return None, False
        receipt, self._receipt_due = self._receipt_due, False
        if receipt:
            self._receipt_for = info
        return info, receipt

    def _metering_receipt(self, request: MeteringReceiptReq, now: float) -> Answer:
        if request.session_id != self._session_id or request.meter_info != self._receipt_for:
            raise Refusal(
                ResponseCode.FAILED_METERING_SIGNATURE_NOT_VALID, "it is not the reading that was sent"
            )
        if self._meter is not None:
            self._events.append(ReceiptReceived(reading=self._meter))
        response = MeteringReceiptRes(response_code=ResponseCode.OK, evse_status=self._status())
        return response, Outcome.OK

    def _welding_detection(self, request: WeldingDetectionReq, now: float) -> Answer:
        self._note_ev_status(request.dc_ev_status)
        response = WeldingDetectionRes(
            response_code=ResponseCode.OK,
            dc_evse_status=self._dc_status(),
            evse_present_voltage=volts(self._voltage_v),
        )
        return response, Outcome.OK

    def _session_stop(self, request: SessionStopReq, now: float) -> Answer:
        paused = request.charging_session is ChargingSession.PAUSE
        if paused and self._paused is not None:
            self._paused.remember(
                PausedSession(
                    session_id=self._session_id,
                    evcc_id=self._evcc_id,
                    mode=self._mode,
                    schedule_id=self._schedule_id,
                    authorized=self._authorized is True,
                )
            )
        self._end_reason = EndReason.PAUSED if paused else EndReason.FINISHED
        return SessionStopRes(response_code=ResponseCode.OK), Outcome.OK

    def _reply(self, answer: Answer, now: float) -> None:
        super()._reply(answer, now)
        if self._state is SeccState.ENDED:
            self._end(self._end_reason, now, "")
        elif answer[1] in (Outcome.AC_STOP, Outcome.DC_STOP):
            self._stopping = False

    def _want(self, wanted: PreChargeWanted | TargetsChanged) -> None:
        if wanted != self._wanted or not self._supply_on:
            self._wanted = wanted
            self._supply_on = True
            self._events.append(wanted)

    def _check_ev_error(self) -> None:
        if self._ev_error is not EvError.NONE:
            raise Refusal(ResponseCode.FAILED, self._ev_error.value, EndReason.EV_ERROR)

    @property
    def _dc(self) -> EvseDcLimits:
        return self._dc_limits or EvseDcLimits(max_voltage_v=0.0, max_current_a=0.0, max_power_w=0.0)
