"""The EVCC from cable check to session stop (ISO 15118-2, 8.4.3 to 8.4.5)."""

from __future__ import annotations

from dataclasses import replace

from evproto.core import StateError
from evproto.v2gtp.charging import (
    ChargingStarted,
    ChargingStopped,
    EndReason,
    EvccConfig,
    EvDcLimits,
    EvError,
    EvseAcLimits,
    EvsePresentChanged,
    Isolation,
    MeterReceived,
    Notification,
    Pilot,
    ProfileEntry,
    RenegotiationStarted,
    WeldingChecked,
)
from evproto.v2gtp.language import SessionContext

from .evcc_base import Waiting
from .evcc_setup import SetupPhase
from .messages import (
    BodyElement,
    CableCheckReq,
    CableCheckRes,
    ChargeProgress,
    ChargingSession,
    ChargingStatusReq,
    ChargingStatusRes,
    CurrentDemandReq,
    CurrentDemandRes,
    DCEVPowerDeliveryParameter,
    EVSEProcessing,
    MeterInfo,
    MeteringReceiptReq,
    MeteringReceiptRes,
    PhysicalValue,
    PowerDeliveryReq,
    PowerDeliveryRes,
    PreChargeReq,
    PreChargeRes,
    SessionStopRes,
    UnitSymbol,
    WeldingDetectionReq,
    WeldingDetectionRes,
)
from .states import Outcome
from .timeouts import STRICT, Timeouts
from .values import amps, charging_profile, finite, meter_reading, physical, volts, watts

PRE_CHARGE_TOLERANCE_V = 20.0
"""Output and battery may differ by this much when the car closes its contactor (IEC 61851-23)."""
PRE_CHARGE_CURRENT_A = 1.0
"""Pre-charge asks for less than the 2 A of inrush current that IEC 61851-23 allows."""
SAFE_VOLTAGE_V = 60.0
"""What may be left at the inlet after the contactors opened (IEC 61851-23)."""


class ChargePhase(SetupPhase):
    """Handlers, builders and commands of everything that has to do with energy."""

    def __init__(
        self, config: EvccConfig, context: SessionContext, now: float, *, timeouts: Timeouts = STRICT
    ) -> None:
        super().__init__(config, context, now, timeouts=timeouts)
        self._progress = ChargeProgress.START
        self._target_voltage_v = 0.0
        self._target_current_a = 0.0
        self._complete = False
        self._bulk_complete: bool | None = None
        self._time_to_full_s: float | None = None
        self._time_to_bulk_s: float | None = None
        self._receipt_for: MeterInfo | None = None
        self._welding_polls = 0
        self._handlers |= {
            "CableCheckReq": (CableCheckRes, self._cable_check_res),
            "PreChargeReq": (PreChargeRes, self._pre_charge_res),
            "PowerDeliveryReq": (PowerDeliveryRes, self._power_delivery_res),
            "ChargingStatusReq": (ChargingStatusRes, self._charging_status_res),
            "CurrentDemandReq": (CurrentDemandRes, self._current_demand_res),
            "MeteringReceiptReq": (MeteringReceiptRes, self._metering_receipt_res),
            "WeldingDetectionReq": (WeldingDetectionRes, self._welding_detection_res),
            "SessionStopReq": (SessionStopRes, self._session_stop_res),
        }
        self._builders |= {
            "CableCheckReq": lambda: CableCheckReq(dc_ev_status=self._ev_status()),
            "PreChargeReq": self._pre_charge_req,
            "PowerDeliveryReq": self._power_delivery_req,
            "ChargingStatusReq": ChargingStatusReq,
            "CurrentDemandReq": self._current_demand_req,
            "MeteringReceiptReq": self._metering_receipt_req,
            "WeldingDetectionReq": lambda: WeldingDetectionReq(dc_ev_status=self._ev_status()),
        }

    def set_targets(self, voltage_v: float, current_a: float, now: float) -> None:
        self._target_voltage_v = finite(voltage_v, "voltage_v")
        self._target_current_a = finite(current_a, "current_a")

    def set_ready(self, ready: bool, error: EvError, now: float) -> None:
        self._ready = ready
        self._error = error
        if error is not EvError.NONE and not self._ended:
            self._leave(EndReason.EV_ERROR, error.value, now)
            self._hurry(now)

    def set_progress(
        self,
        now: float,
        *,
        complete: bool = False,
        bulk_complete: bool | None = None,
        time_to_full_s: float | None = None,
        time_to_bulk_s: float | None = None,
    ) -> None:
        self._complete = complete
        self._bulk_complete = bulk_complete
        self._time_to_full_s = None if time_to_full_s is None else finite(time_to_full_s, "time_to_full_s")
        self._time_to_bulk_s = None if time_to_bulk_s is None else finite(time_to_bulk_s, "time_to_bulk_s")

    def contactor(self, closed: bool, now: float) -> None:
        self._contactor_closed = closed
        if not self._ended:
            self._done_waiting(Waiting.CONTACTOR_CLOSED if closed else Waiting.CONTACTOR_OPEN, now)

    def choose_schedule(self, schedule_id: int, profile: tuple[ProfileEntry, ...], now: float) -> None:
        if self._waiting is not Waiting.SCHEDULE:
            raise StateError("choose_schedule: no choice is wanted")
        if schedule_id not in {offer.id for offer in self._schedules}:
            raise ValueError(f"schedule {schedule_id} was not offered")
        charging_profile(profile)
        self._waiting = Waiting.NOTHING
        self._timers.stop("choice")
        self._schedule_id = schedule_id
        self._profile = profile
        self._start_energy(now)

    def stop(self, now: float) -> None:
        self._must_run("stop")
        self._leave(EndReason.FINISHED, "", now)
        self._hurry(now)

    def pause(self, now: float) -> None:
        self._must_run("pause")
        self._leaving = self._leaving or ChargingSession.PAUSE
        self._leave(EndReason.PAUSED, "", now)
        self._hurry(now)

    def renegotiate(self, now: float) -> None:
        if not self._charging:
            raise StateError("renegotiate: no energy flows")
        self._renegotiation_wanted = True
        self._hurry(now)

    def _hurry(self, now: float) -> None:
        """A wish came between two requests: act on it now, not after the pause."""
        if self._asked or (self._planned is None and self._waiting is Waiting.NOTHING):
            return
        if not self._charging:
            if self._planned not in ("WeldingDetectionReq", "SessionStopReq"):
                self._leave_now(now)
            return
        self._planned = None
        self._timers.stop("pace")
        self._go(self._after_loop(), now)

    def _cable_check_res(self, response: CableCheckRes, now: float) -> None:
        self._watch(response.dc_evse_status, now)
        if response.evse_processing is not EVSEProcessing.FINISHED:
            if self._in_time("cable check", self._timeouts.cable_check, now):
                self._go(Outcome.ONGOING, now, self._config.ongoing_interval_s)
            return
        self._leave_phase("cable check")
        isolation = self._condition.isolation if self._condition else None
        if isolation not in (Isolation.VALID, Isolation.WARNING):
            detail = isolation.value if isolation else "the charger told no isolation status"
            self._leave(EndReason.ISOLATION_FAULT, detail, now)
        self._go(Outcome.OK, now)

    def _pre_charge_req(self) -> BodyElement:
        return PreChargeReq(
            dc_ev_status=self._ev_status(),
            ev_target_voltage=volts(self._voltage_v),
            ev_target_current=amps(PRE_CHARGE_CURRENT_A),
        )

    def _pre_charge_res(self, response: PreChargeRes, now: float) -> None:
        self._watch(response.dc_evse_status, now)
        voltage = response.evse_present_voltage.si
        self._events.append(EvsePresentChanged(voltage_v=voltage))
        if abs(voltage - self._voltage_v) > PRE_CHARGE_TOLERANCE_V:
            if self._in_time("pre-charge", self._timeouts.pre_charge, now):
                self._go(Outcome.ONGOING, now, self._config.ongoing_interval_s)
            return
        self._leave_phase("pre-charge")
        if self._leaving:
            self._go(Outcome.OK, now)
            return
        self._want_contactor(True, now)
        self._wait_for(Waiting.CONTACTOR_CLOSED, Outcome.OK, now)

    def _power_delivery_req(self) -> BodyElement:
        if self._progress is ChargeProgress.START:
            # [V2G2-847]: state C follows the request within 250 ms; in DC it is there already.
            self._want_pilot(Pilot.C)
        starts = self._progress is ChargeProgress.START
        return PowerDeliveryReq(
            charge_progress=self._progress,
            sa_schedule_tuple_id=self._schedule_id,
            charging_profile=charging_profile(self._profile) if starts else None,
            ev_power_delivery_parameter=self._power_delivery_parameter() if self._mode.is_dc else None,
        )

    def _power_delivery_parameter(self) -> DCEVPowerDeliveryParameter:
        return DCEVPowerDeliveryParameter(
            dc_ev_status=self._ev_status(),
            bulk_charging_complete=self._bulk_complete,
            charging_complete=self._complete,
        )

    def _power_delivery_res(self, response: PowerDeliveryRes, now: float) -> None:
        match self._progress:
            case ChargeProgress.START:
                self._charging = True
                self._progress = ChargeProgress.STOP
                self._events.append(ChargingStarted(schedule_id=self._schedule_id, profile=self._profile))
                self._watch(response.evse_status, now)
                self._go(Outcome.DC_START if self._mode.is_dc else Outcome.AC_START, now)
            case ChargeProgress.RENEGOTIATE:
                self._progress = ChargeProgress.START
                self._charging = False
                by_ev = self._notification.notification is not Notification.RENEGOTIATION
                self._events.append(RenegotiationStarted(by_ev=by_ev))
                self._go(Outcome.RENEGOTIATE, now)
            case ChargeProgress.STOP:
                self._stopped(now)

    def _stopped(self, now: float) -> None:
        self._events.append(ChargingStopped())
        self._power_off(now)
        self._leaving = self._leaving or ChargingSession.TERMINATE
        if self._mode.is_dc:
            self._wait_for(Waiting.CONTACTOR_OPEN, Outcome.DC_STOP, now)
        else:
            self._go(Outcome.AC_STOP, now)

    def _charging_status_res(self, response: ChargingStatusRes, now: float) -> None:
        if response.evse_max_current is not None and self._evse_ac is not None:
            self._evse_limits(
                EvseAcLimits(
                    nominal_voltage_v=self._evse_ac.nominal_voltage_v,
                    max_current_a=response.evse_max_current.si,
                )
            )
        self._watch(response.ac_evse_status, now)
        self._loop(response.meter_info, response.receipt_required, self._config.status_interval_s, now)

    def _current_demand_req(self) -> BodyElement:
        limits = self._dc_limits or EvDcLimits(max_voltage_v=0.0, max_current_a=0.0)
        voltage, current = self._targets()
        return CurrentDemandReq(
            dc_ev_status=self._ev_status(),
            ev_target_current=amps(current),
            ev_maximum_voltage_limit=volts(limits.max_voltage_v),
            ev_maximum_current_limit=amps(limits.max_current_a),
            ev_maximum_power_limit=None if limits.max_power_w is None else watts(limits.max_power_w),
            bulk_charging_complete=self._bulk_complete,
            charging_complete=self._complete,
            remaining_time_to_full_soc=_seconds(self._time_to_full_s),
            remaining_time_to_bulk_soc=_seconds(self._time_to_bulk_s),
            ev_target_voltage=volts(voltage),
        )

    def _targets(self) -> tuple[float, float]:
        """What the application wants, within what the charger said it can give."""
        limits = self._evse_dc
        if limits is None:
            return self._target_voltage_v, self._target_current_a
        voltage = min(self._target_voltage_v, limits.max_voltage_v)
        return voltage, min(self._target_current_a, limits.max_current_a)

    def _current_demand_res(self, response: CurrentDemandRes, now: float) -> None:
        self._events.append(
            EvsePresentChanged(
                voltage_v=response.evse_present_voltage.si, current_a=response.evse_present_current.si
            )
        )
        self._evse_limits_now(response)
        self._watch(response.dc_evse_status, now)
        self._loop(response.meter_info, response.receipt_required, self._config.loop_interval_s, now)

    def _evse_limits_now(self, response: CurrentDemandRes) -> None:
        limits = self._evse_dc
        if limits is None:
            return
        voltage = response.evse_maximum_voltage_limit
        current = response.evse_maximum_current_limit
        power = response.evse_maximum_power_limit
        told = (
            voltage.si if voltage else limits.max_voltage_v,
            current.si if current else limits.max_current_a,
            power.si if power else limits.max_power_w,
        )
        if told != (limits.max_voltage_v, limits.max_current_a, limits.max_power_w):
            self._evse_limits(
                replace(limits, max_voltage_v=told[0], max_current_a=told[1], max_power_w=told[2])
            )

    def _loop(self, info: MeterInfo | None, receipt: bool | None, interval: float, now: float) -> None:
        """What follows in the charge loop: a receipt comes first, then the wish to stop."""
        if info is not None:
            self._events.append(MeterReceived(reading=meter_reading(info)))
            if receipt:
                self._receipt_for = info
                self._go(Outcome.RECEIPT, now)
                return
        outcome = self._after_loop()
        self._go(outcome, now, interval if outcome is Outcome.OK else 0.0)

    def _after_loop(self) -> Outcome:
        if self._complete:
            self._leaving = self._leaving or ChargingSession.TERMINATE
        if self._leaving:
            self._progress = ChargeProgress.STOP
            return Outcome.DC_STOP if self._mode.is_dc else Outcome.AC_STOP
        if self._renegotiation_wanted:
            self._renegotiation_wanted = False
            self._progress = ChargeProgress.RENEGOTIATE
            return Outcome.RENEGOTIATE
        return Outcome.OK

    def _metering_receipt_req(self) -> BodyElement:
        return MeteringReceiptReq(
            session_id=self._session_id,
            sa_schedule_tuple_id=self._schedule_id,
            meter_info=self._receipt_for or MeterInfo(meter_id=""),
        )

    def _metering_receipt_res(self, response: MeteringReceiptRes, now: float) -> None:
        self._watch(response.evse_status, now)
        outcome = self._after_loop()
        if outcome is Outcome.OK:
            outcome = Outcome.DC if self._mode.is_dc else Outcome.AC
        self._go(outcome, now)

    def _welding_detection_res(self, response: WeldingDetectionRes, now: float) -> None:
        self._welding_polls += 1
        voltage = response.evse_present_voltage.si
        safe = voltage <= SAFE_VOLTAGE_V
        if not safe and self._welding_polls < self._config.welding_polls:
            self._go(Outcome.ONGOING, now, self._config.ongoing_interval_s)
            return
        self._events.append(WeldingChecked(voltage_v=voltage, suspicious=not safe))
        self._go(Outcome.OK, now)

    def _session_stop_res(self, response: SessionStopRes, now: float) -> None:
        self._go(Outcome.OK, now)


def _seconds(amount: float | None) -> PhysicalValue | None:
    return None if amount is None else physical(amount, UnitSymbol.S)
