"""The SECC in charge parameter discovery: limits of both sides, and schedules (ISO 15118-2, 8.4.3.8)."""

from __future__ import annotations

from evproto.v2gtp.charging import (
    ChargeParametersReceived,
    EndReason,
    EnergyTransferMode,
    EvAcLimits,
    EvDcLimits,
    EvError,
    EvseAcLimits,
    EvseDcLimits,
    EvStatusChanged,
    PeerFault,
    Schedule,
    ScheduleEntry,
    SchedulesWanted,
    SeccConfig,
)
from evproto.v2gtp.language import SessionContext

from .messages import (
    ACEVChargeParameter,
    ACEVSEChargeParameter,
    ChargeParameterDiscoveryReq,
    ChargeParameterDiscoveryRes,
    DCEVChargeParameter,
    DCEVSEChargeParameter,
    DCEVStatus,
    EVChargeParameter,
    EVSEChargeParameter,
    EVSEProcessing,
    PhysicalValue,
    ResponseCode,
    SAScheduleList,
    UnitSymbol,
)
from .paused import PausedSessions
from .secc_base import Answer, Refusal
from .secc_setup import SetupPhase
from .states import Outcome
from .timeouts import STRICT, Timeouts
from .values import (
    NEUTRAL_EV_ERRORS,
    NEUTRAL_MODES,
    amps,
    finite_all,
    schedule_tuple,
    volts,
    watt_hours,
    watts,
)

DAY_S = 86400
"""An offer without a departure time covers a day ([V2G2-304])."""
_LAST_START = 16_777_214
"""The largest start of a relative time interval."""


class ParametersPhase(SetupPhase):
    """The handler of ChargeParameterDiscoveryReq, and the commands that bring limits and schedules."""

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
        self._dc_limits = config.dc_limits
        self._ac_limits = config.ac_limits
        self._own_schedules: tuple[Schedule, ...] = ()
        self._schedules_asked = False
        self._renegotiating = False
        self._mode: EnergyTransferMode | None = None
        self._parameters: ChargeParametersReceived | None = None
        self._ev_said: tuple[object, ...] | None = None
        self._ev_status: EvStatusChanged | None = None
        self._ev_error = EvError.NONE
        self._handlers |= {ChargeParameterDiscoveryReq: self._charge_parameter_discovery}

    def set_limits(self, limits: EvseDcLimits | EvseAcLimits, now: float) -> None:
        finite_all(limits)
        if isinstance(limits, EvseDcLimits):
            self._dc_limits = limits
        else:
            self._ac_limits = limits

    def set_schedules(self, schedules: tuple[Schedule, ...], now: float) -> None:
        self._must_run("set_schedules")
        check_schedules(schedules)
        self._own_schedules = schedules

    def _charge_parameter_discovery(self, request: ChargeParameterDiscoveryReq, now: float) -> Answer:
        mode = NEUTRAL_MODES[request.requested_energy_transfer_mode]
        if mode not in self._config.modes or (self._mode is not None and mode.is_dc != self._is_dc):
            raise Refusal(ResponseCode.FAILED_WRONG_ENERGY_TRANSFER_MODE, mode.value)
        self._read_parameters(mode, request.ev_charge_parameter)
        self._check_emergency()
        schedules = self._offer(request.max_entries_sa_schedule_tuple, now)
        ongoing = schedules is None
        response = ChargeParameterDiscoveryRes(
            response_code=ResponseCode.OK,
            evse_processing=EVSEProcessing.ONGOING if ongoing else EVSEProcessing.FINISHED,
            sa_schedules=SAScheduleList(sa_schedule_tuple=tuple(schedule_tuple(s) for s in schedules))
            if schedules
            else None,
            evse_charge_parameter=self._evse_charge_parameter(),
        )
        if schedules is None:
            return response, Outcome.ONGOING
        self._schedules = schedules
        self._leave_phase("charge parameter discovery")
        return response, self._after_parameters()

    def _after_parameters(self) -> Outcome:
        again, self._renegotiating = self._renegotiating, False
        if not self._is_dc:
            return Outcome.AC
        return Outcome.DC_AGAIN if again else Outcome.DC

    def _read_parameters(self, mode: EnergyTransferMode, parameters: EVChargeParameter) -> None:
        if isinstance(parameters, DCEVChargeParameter) and mode.is_dc:
            self._note_ev_status(parameters.dc_ev_status)
            limits: EvDcLimits | EvAcLimits = self._read_dc(parameters)
        elif isinstance(parameters, ACEVChargeParameter) and not mode.is_dc:
            limits = self._read_ac(parameters)
        else:
            detail = f"{type(parameters).__name__} with {mode.value}"
            raise Refusal(ResponseCode.FAILED_WRONG_CHARGE_PARAMETER, detail)
        self._mode = mode
        self._is_dc = mode.is_dc
        told = ChargeParametersReceived(mode=mode, limits=limits, departure_s=parameters.departure_time)
        if told != self._parameters:
            self._parameters = told
            self._events.append(told)

    def _read_dc(self, parameters: DCEVChargeParameter) -> EvDcLimits:
        limits = EvDcLimits(
            max_voltage_v=_amount(parameters.ev_maximum_voltage_limit, UnitSymbol.V),
            max_current_a=_amount(parameters.ev_maximum_current_limit, UnitSymbol.A),
            max_power_w=_optional(parameters.ev_maximum_power_limit, UnitSymbol.W),
            energy_capacity_wh=_optional(parameters.ev_energy_capacity, UnitSymbol.WH),
            energy_request_wh=_optional(parameters.ev_energy_request, UnitSymbol.WH),
            full_soc_percent=parameters.full_soc,
            bulk_soc_percent=parameters.bulk_soc,
        )
        least = self._dc_limits.min_voltage_v if self._dc_limits else 0.0
        if limits.max_voltage_v < least:
            raise Refusal(
                ResponseCode.FAILED_WRONG_CHARGE_PARAMETER,
                f"the car takes {limits.max_voltage_v} V at most, the charger gives {least} V at least",
            )
        return limits

    def _read_ac(self, parameters: ACEVChargeParameter) -> EvAcLimits:
        limits = EvAcLimits(
            max_voltage_v=_amount(parameters.ev_max_voltage, UnitSymbol.V),
            max_current_a=_amount(parameters.ev_max_current, UnitSymbol.A),
            min_current_a=_amount(parameters.ev_min_current, UnitSymbol.A),
            energy_wh=_amount(parameters.e_amount, UnitSymbol.WH),
        )
        if limits.min_current_a > limits.max_current_a:
            raise Refusal(
                ResponseCode.FAILED_WRONG_CHARGE_PARAMETER,
                f"EVMinCurrent {limits.min_current_a} A above EVMaxCurrent {limits.max_current_a} A",
            )
        return limits

    def _offer(self, max_entries: int | None, now: float) -> tuple[Schedule, ...] | None:
        """The schedules, cut to what the car can hold; None while the application owes them."""
        schedules = self._own_schedules
        if not schedules and self._config.own_schedules:
            self._check_phase("charge parameter discovery", self._timeouts.ongoing, now)
            if not self._schedules_asked:
                self._schedules_asked = True
                departure = self._parameters.departure_s if self._parameters else None
                self._events.append(SchedulesWanted(departure_s=departure, max_entries=max_entries))
            return None
        return tuple(_cut(offer, max_entries) for offer in schedules or (self._default_schedule(),))

    def _default_schedule(self) -> Schedule:
        entry = ScheduleEntry(start_s=0, max_power_w=self._max_power())
        return Schedule(id=1, entries=(entry,), end_s=DAY_S)

    def _max_power(self) -> float:
        if self._is_dc:
            return self._dc_limits.max_power_w if self._dc_limits else 0.0
        phases = 3 if self._mode is EnergyTransferMode.AC_THREE_PHASE else 1
        limits = self._ac_limits
        return limits.nominal_voltage_v * limits.max_current_a * phases if limits else 0.0

    def _evse_charge_parameter(self) -> EVSEChargeParameter:
        if self._is_dc and self._dc_limits is not None:
            return self._dc_charge_parameter(self._dc_limits)
        limits = self._ac_limits or EvseAcLimits(nominal_voltage_v=0.0, max_current_a=0.0)
        return ACEVSEChargeParameter(
            ac_evse_status=self._ac_status(),
            evse_nominal_voltage=volts(limits.nominal_voltage_v),
            evse_max_current=amps(limits.max_current_a),
        )

    def _dc_charge_parameter(self, limits: EvseDcLimits) -> EVSEChargeParameter:
        tolerance = limits.current_regulation_tolerance_a
        return DCEVSEChargeParameter(
            dc_evse_status=self._dc_status(),
            evse_maximum_current_limit=amps(limits.max_current_a),
            evse_maximum_power_limit=watts(limits.max_power_w),
            evse_maximum_voltage_limit=volts(limits.max_voltage_v),
            evse_minimum_current_limit=amps(limits.min_current_a),
            evse_minimum_voltage_limit=volts(limits.min_voltage_v),
            evse_current_regulation_tolerance=None if tolerance is None else amps(tolerance),
            evse_peak_current_ripple=amps(limits.peak_current_ripple_a),
            evse_energy_to_be_delivered=None if limits.energy_wh is None else watt_hours(limits.energy_wh),
        )

    def _check_emergency(self) -> None:
        if self._emergency:
            raise Refusal(ResponseCode.FAILED, "shut down", EndReason.EMERGENCY_SHUTDOWN)

    def _note_ev_status(
        self,
        status: DCEVStatus,
        complete: bool | None = None,
        bulk_complete: bool | None = None,
        time_to_full: PhysicalValue | None = None,
        time_to_bulk: PhysicalValue | None = None,
    ) -> None:
        """Tell the application what is new in the car's status; `_ev_error` is kept for the handler."""
        said = (status, complete, bulk_complete, time_to_full, time_to_bulk)
        if said == self._ev_said:
            return
        self._ev_said = said
        self._ev_error = NEUTRAL_EV_ERRORS[status.ev_error_code]
        last = self._ev_status
        told = EvStatusChanged(
            soc_percent=status.ev_ress_soc,
            ready=status.ev_ready,
            error=self._ev_error,
            complete=complete if complete is not None or last is None else last.complete,
            bulk_complete=bulk_complete if bulk_complete is not None or last is None else last.bulk_complete,
            time_to_full_s=time_to_full.si if time_to_full else None,
            time_to_bulk_s=time_to_bulk.si if time_to_bulk else None,
        )
        if told == last:
            return
        before = last.error if last else EvError.NONE
        self._ev_status = told
        self._events.append(told)
        if told.error is not EvError.NONE and told.error is not before:
            self._events.append(PeerFault(name=status.ev_error_code.value, detail="the car's DC_EVStatus"))


def check_schedules(schedules: tuple[Schedule, ...]) -> None:
    """ValueError for an offer that no message can carry."""
    if not 1 <= len(schedules) <= 3 or len({offer.id for offer in schedules}) != len(schedules):
        raise ValueError(f"one to three schedules with different ids, not {[s.id for s in schedules]}")
    for offer in schedules:
        starts = [entry.start_s for entry in offer.entries]
        if not starts or starts != sorted(set(starts)) or not 1 <= offer.id <= 255:
            raise ValueError(f"schedule {offer.id}: id 1 to 255, at least one entry, starts in order")
        if starts[0] < 0 or starts[-1] > _LAST_START:
            raise ValueError(f"schedule {offer.id}: starts from 0 to {_LAST_START}")
        for entry in offer.entries:
            finite_all(entry)


def _cut(schedule: Schedule, entries: int | None) -> Schedule:
    """At most so many entries: the offer ends where the first entry left out begins."""
    most = min(entries or 1024, 1024)
    if len(schedule.entries) <= most:
        return schedule
    return Schedule(id=schedule.id, entries=schedule.entries[:most], end_s=schedule.entries[most].start_s)


def _amount(value: PhysicalValue, unit: UnitSymbol) -> float:
    if value.unit is not unit or value.value < 0:
        raise Refusal(
            ResponseCode.FAILED_WRONG_CHARGE_PARAMETER,
            f"{value.si} {value.unit.value} where {unit.value} of at least 0 is expected",
        )
    return value.si


def _optional(value: PhysicalValue | None, unit: UnitSymbol) -> float | None:
    return None if value is None else _amount(value, unit)
