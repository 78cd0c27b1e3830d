"""The EVCC from session setup to charge parameter discovery (ISO 15118-2, 8.4.3)."""

from __future__ import annotations

from collections.abc import Callable

from evproto.v2gtp.charging import (
    AuthorizationDone,
    AuthorizationPending,
    EndReason,
    EnergyTransferMode,
    EvAcLimits,
    EvccConfig,
    EvDcLimits,
    EvError,
    EvseAcLimits,
    EvseCondition,
    EvseConditionChanged,
    EvseDcLimits,
    EvseLimitsChanged,
    Isolation,
    Notification,
    NotificationReceived,
    Pilot,
    ProfileEntry,
    Schedule,
    SchedulesOffered,
    ServicesOffered,
    SessionStarted,
)
from evproto.v2gtp.language import SessionContext

from .evcc_base import EvccBase, Waiting
from .failures import CHARGE_SERVICE_ID
from .messages import (
    ACEVChargeParameter,
    ACEVSEChargeParameter,
    ACEVSEStatus,
    AuthorizationReq,
    AuthorizationRes,
    BodyElement,
    ChargeParameterDiscoveryReq,
    ChargeParameterDiscoveryRes,
    DCEVChargeParameter,
    DCEVSEChargeParameter,
    DCEVSEStatus,
    DCEVStatus,
    EVChargeParameter,
    EVSEProcessing,
    EVSEStatus,
    PaymentOption,
    PaymentServiceSelectionReq,
    PaymentServiceSelectionRes,
    PhysicalValue,
    ResponseCode,
    SAScheduleList,
    SelectedService,
    SelectedServiceList,
    ServiceDetailReq,
    ServiceDetailRes,
    ServiceDiscoveryReq,
    ServiceDiscoveryRes,
    SessionSetupReq,
    SessionSetupRes,
)
from .states import Outcome
from .timeouts import STRICT, Timeouts
from .values import (
    AUTHORIZATIONS,
    EV_ERRORS,
    MODES,
    NEUTRAL_CONDITIONS,
    NEUTRAL_ISOLATION,
    NEUTRAL_MODES,
    NEUTRAL_NOTIFICATIONS,
    amps,
    finite,
    finite_all,
    neutral_service,
    percent,
    schedule,
    volts,
    watt_hours,
    watts,
)

PROFILE_ENTRIES = 24
"""A charging profile holds no more, so more entries of a schedule are of no use."""

_ALARMS = (EvseCondition.EMERGENCY_SHUTDOWN, EvseCondition.MALFUNCTION)


class SetupPhase(EvccBase):
    """Handlers and builders of everything before the cable check or the power."""

    def __init__(
        self, config: EvccConfig, context: SessionContext, now: float, *, timeouts: Timeouts = STRICT
    ) -> None:
        super().__init__(config, context, now, timeouts=timeouts)
        self._mode = config.modes[0]
        self._details_wanted: list[int] = []
        self._services: dict[int, int | None] = {}
        self._authorization_told: bool | None = None
        self._dc_limits = config.dc_limits
        self._ac_limits = config.ac_limits
        self._evse_dc: EvseDcLimits | None = None
        self._evse_ac: EvseAcLimits | None = None
        self._ready = True
        self._error = EvError.NONE
        self._ev_status_made: tuple[tuple[object, ...], DCEVStatus] | None = None
        self._voltage_v = 0.0
        self._soc_percent = 0.0
        self._schedules: tuple[Schedule, ...] = ()
        self._schedule_id = 1
        self._profile: tuple[ProfileEntry, ...] = ()
        self._renegotiation_wanted = False
        self._evse_said: tuple[object, ...] | None = None
        self._condition: EvseConditionChanged | None = None
        self._notification = NotificationReceived(notification=Notification.NONE, max_delay_s=0.0)
        self._handlers |= {
            "SessionSetupReq": (SessionSetupRes, self._session_setup_res),
            "ServiceDiscoveryReq": (ServiceDiscoveryRes, self._service_discovery_res),
            "ServiceDetailReq": (ServiceDetailRes, self._service_detail_res),
            "PaymentServiceSelectionReq": (PaymentServiceSelectionRes, self._payment_service_selection_res),
            "AuthorizationReq": (AuthorizationRes, self._authorization_res),
            "ChargeParameterDiscoveryReq": (ChargeParameterDiscoveryRes, self._parameters_res),
        }
        self._builders |= {
            "SessionSetupReq": lambda: SessionSetupReq(evcc_id=self._config.evcc_id),
            "ServiceDiscoveryReq": ServiceDiscoveryReq,
            "ServiceDetailReq": lambda: ServiceDetailReq(service_id=self._details_wanted[0]),
            "PaymentServiceSelectionReq": self._payment_service_selection_req,
            "AuthorizationReq": AuthorizationReq,
            "ChargeParameterDiscoveryReq": self._parameters_req,
        }

    def set_battery(self, voltage_v: float, soc_percent: float, now: float) -> None:
        self._voltage_v = finite(voltage_v, "voltage_v")
        self._soc_percent = finite(soc_percent, "soc_percent")

    def set_limits(self, limits: EvDcLimits | EvAcLimits, now: float) -> None:
        finite_all(limits)
        if isinstance(limits, EvDcLimits):
            self._dc_limits = limits
        else:
            self._ac_limits = limits

    def _session_setup_res(self, response: SessionSetupRes, now: float) -> None:
        self._timers.stop("communication setup")
        self._events.append(
            SessionStarted(
                session_id=self._session_id,
                peer_id=response.evse_id,
                resumed=response.response_code is ResponseCode.OK_OLD_SESSION_JOINED,
            )
        )
        self._go(Outcome.OK, now)

    def _service_discovery_res(self, response: ServiceDiscoveryRes, now: float) -> None:
        modes = response.charge_service.supported_energy_transfer_mode.energy_transfer_mode
        offered = tuple(NEUTRAL_MODES[mode] for mode in modes)
        options = response.payment_option_list.payment_option
        services = response.service_list.service if response.service_list else ()
        self._events.append(
            ServicesOffered(
                modes=offered,
                authorizations=tuple(AUTHORIZATIONS[option] for option in options),
                services=tuple(neutral_service(offer) for offer in services),
                free=response.charge_service.free_service,
            )
        )
        common = [mode for mode in self._config.modes if mode in offered]
        if PaymentOption.EXTERNAL_PAYMENT not in options:
            self._leave(EndReason.INCOMPATIBLE, "only contracts are accepted", now)
        elif not common:
            self._leave(EndReason.INCOMPATIBLE, f"the charger offers {[m.value for m in offered]}", now)
        else:
            self._mode = common[0]
        wanted = {offer.service_id for offer in services} & set(self._config.services)
        self._details_wanted = sorted(wanted)
        self._go(Outcome.ONGOING if self._details_wanted else Outcome.OK, now)

    def _service_detail_res(self, response: ServiceDetailRes, now: float) -> None:
        """Take the first parameter set of each service that is wanted."""
        number = self._details_wanted.pop(0)
        sets = response.service_parameter_list
        self._services[number] = sets.parameter_set[0].parameter_set_id if sets else None
        self._go(Outcome.ONGOING if self._details_wanted else Outcome.OK, now)

    def _payment_service_selection_req(self) -> BodyElement:
        charge = SelectedService(service_id=CHARGE_SERVICE_ID)
        others = (
            SelectedService(service_id=number, parameter_set_id=chosen)
            for number, chosen in self._services.items()
        )
        return PaymentServiceSelectionReq(
            selected_payment_option=PaymentOption.EXTERNAL_PAYMENT,
            selected_service_list=SelectedServiceList(selected_service=(charge, *others)),
        )

    def _payment_service_selection_res(self, response: PaymentServiceSelectionRes, now: float) -> None:
        self._go(Outcome.OK, now)

    def _authorization_res(self, response: AuthorizationRes, now: float) -> None:
        if response.evse_processing is EVSEProcessing.FINISHED:
            self._leave_phase("authorization")
            self._events.append(AuthorizationDone())
            self._go(Outcome.OK, now)
            return
        customer = response.evse_processing is EVSEProcessing.ONGOING_WAITING_FOR_CUSTOMER_INTERACTION
        if customer is not self._authorization_told:
            self._authorization_told = customer
            self._events.append(AuthorizationPending(for_customer=customer))
        timing = self._timeouts.customer if customer else self._timeouts.ongoing
        if self._in_time("authorization", timing, now):
            self._go(Outcome.ONGOING, now, self._config.ongoing_interval_s)

    def _parameters_req(self) -> BodyElement:
        return ChargeParameterDiscoveryReq(
            max_entries_sa_schedule_tuple=PROFILE_ENTRIES,
            requested_energy_transfer_mode=MODES[self._mode],
            ev_charge_parameter=self._dc_parameter() if self._mode.is_dc else self._ac_parameter(),
        )

    def _dc_parameter(self) -> EVChargeParameter:
        limits = self._dc_limits or EvDcLimits(max_voltage_v=0.0, max_current_a=0.0)
        return DCEVChargeParameter(
            departure_time=self._config.departure_s,
            dc_ev_status=self._ev_status(),
            ev_maximum_current_limit=amps(limits.max_current_a),
            ev_maximum_power_limit=_optional(watts, limits.max_power_w),
            ev_maximum_voltage_limit=volts(limits.max_voltage_v),
            ev_energy_capacity=_optional(watt_hours, limits.energy_capacity_wh),
            ev_energy_request=_optional(watt_hours, limits.energy_request_wh),
            full_soc=None if limits.full_soc_percent is None else percent(limits.full_soc_percent),
            bulk_soc=None if limits.bulk_soc_percent is None else percent(limits.bulk_soc_percent),
        )

    def _ac_parameter(self) -> EVChargeParameter:
        limits = self._ac_limits or EvAcLimits(
            max_voltage_v=0.0, max_current_a=0.0, min_current_a=0.0, energy_wh=0.0
        )
        return ACEVChargeParameter(
            departure_time=self._config.departure_s,
            e_amount=watt_hours(limits.energy_wh),
            ev_max_voltage=volts(limits.max_voltage_v),
            ev_max_current=amps(limits.max_current_a),
            ev_min_current=amps(limits.min_current_a),
        )

    def _ev_status(self) -> DCEVStatus:
        facts = (self._ready, self._error, self._soc_percent)
        if self._ev_status_made is None or self._ev_status_made[0] != facts:
            status = DCEVStatus(
                ev_ready=self._ready,
                ev_error_code=EV_ERRORS[self._error],
                ev_ress_soc=percent(self._soc_percent),
            )
            self._ev_status_made = (facts, status)
        return self._ev_status_made[1]

    def _parameters_res(self, response: ChargeParameterDiscoveryRes, now: float) -> None:
        parameter = response.evse_charge_parameter
        if isinstance(parameter, DCEVSEChargeParameter) and self._mode.is_dc:
            self._evse_limits(_dc_limits(parameter))
            self._watch(parameter.dc_evse_status, now)
        elif isinstance(parameter, ACEVSEChargeParameter) and not self._mode.is_dc:
            self._evse_limits(_ac_limits(parameter))
            self._watch(parameter.ac_evse_status, now)
        else:
            self._leave(EndReason.INCOMPATIBLE, f"{type(parameter).__name__} for {self._mode.value}", now)
        if response.evse_processing is not EVSEProcessing.FINISHED:
            if self._in_time("charge parameter discovery", self._timeouts.ongoing, now):
                self._go(Outcome.ONGOING, now, self._config.ongoing_interval_s)
            return
        self._leave_phase("charge parameter discovery")
        self._take_schedules(response.sa_schedules, now)

    def _take_schedules(self, offer: object, now: float) -> None:
        if not isinstance(offer, SAScheduleList):
            self._leave(EndReason.INCOMPATIBLE, "the charger offered no SAScheduleList", now)
            self._go(self._after_parameters(), now)
            return
        self._schedules = tuple(schedule(entry) for entry in offer.sa_schedule_tuple)
        self._events.append(SchedulesOffered(schedules=self._schedules))
        if self._config.own_schedule and not self._leaving:
            self._wait_for(Waiting.SCHEDULE, self._after_parameters(), now)
            return
        self._schedule_id = self._schedules[0].id
        self._profile = self._default_profile(self._schedules[0])
        self._start_energy(now)

    def _start_energy(self, now: float) -> None:
        """DC: the car's contactor has to be open for the isolation test, also when renegotiated."""
        outcome = self._after_parameters()
        if self._mode.is_dc and not self._leaving:
            self._want_contactor(False, now)
            self._want_pilot(Pilot.C)
            self._wait_for(Waiting.CONTACTOR_OPEN, outcome, now)
        else:
            self._go(outcome, now)

    def _after_parameters(self) -> Outcome:
        return Outcome.DC if self._mode.is_dc else Outcome.AC

    def _default_profile(self, offer: Schedule) -> tuple[ProfileEntry, ...]:
        most = self._max_power()
        return tuple(
            ProfileEntry(start_s=entry.start_s, max_power_w=min(entry.max_power_w, most))
            for entry in offer.entries[:PROFILE_ENTRIES]
        )

    def _max_power(self) -> float:
        if self._mode.is_dc:
            limits = self._dc_limits
            if limits is None:
                return 0.0
            own = limits.max_voltage_v * limits.max_current_a
            return own if limits.max_power_w is None else min(own, limits.max_power_w)
        phases = 3 if self._mode is EnergyTransferMode.AC_THREE_PHASE else 1
        if self._ac_limits is None or self._evse_ac is None:
            return 0.0
        return self._ac_limits.max_current_a * self._evse_ac.nominal_voltage_v * phases

    def _evse_limits(self, limits: EvseDcLimits | EvseAcLimits) -> None:
        if limits in (self._evse_dc, self._evse_ac):
            return
        if isinstance(limits, EvseDcLimits):
            self._evse_dc = limits
        else:
            self._evse_ac = limits
        self._events.append(EvseLimitsChanged(limits=limits))

    def _watch(self, status: EVSEStatus, now: float) -> None:
        """What the charger says of itself and of us, in any response that carries its status."""
        said = (status, self._charging)
        if said == self._evse_said:
            return
        self._evse_said = said
        told = _condition(status)
        if told != self._condition:
            self._condition = told
            self._events.append(told)
        if told.condition in _ALARMS or told.rcd or told.isolation is Isolation.FAULT:
            self._want_contactor(False, now)
            self._leave(EndReason.EMERGENCY_SHUTDOWN, told.condition.value, now)
        elif told.condition is EvseCondition.SHUTDOWN:
            self._leave(EndReason.FINISHED, told.condition.value, now)
        self._watch_notification(status, now)

    def _watch_notification(self, status: EVSEStatus, now: float) -> None:
        wanted = NEUTRAL_NOTIFICATIONS[status.evse_notification]
        told = NotificationReceived(notification=wanted, max_delay_s=float(status.notification_max_delay))
        if told.notification is not self._notification.notification:
            self._notification = told
            if wanted is not Notification.NONE:
                self._events.append(told)
        if wanted is Notification.STOP_CHARGING:
            self._leave(EndReason.FINISHED, "the charger asked to stop", now)
        elif wanted is Notification.RENEGOTIATION and self._charging:
            self._renegotiation_wanted = True


def _condition(status: EVSEStatus) -> EvseConditionChanged:
    if isinstance(status, DCEVSEStatus):
        isolation = status.evse_isolation_status
        return EvseConditionChanged(
            condition=NEUTRAL_CONDITIONS[status.evse_status_code],
            isolation=NEUTRAL_ISOLATION[isolation] if isolation else None,
        )
    rcd = isinstance(status, ACEVSEStatus) and status.rcd
    return EvseConditionChanged(condition=EvseCondition.READY, rcd=rcd)


def _dc_limits(parameter: DCEVSEChargeParameter) -> EvseDcLimits:
    tolerance = parameter.evse_current_regulation_tolerance
    energy = parameter.evse_energy_to_be_delivered
    return EvseDcLimits(
        max_voltage_v=parameter.evse_maximum_voltage_limit.si,
        max_current_a=parameter.evse_maximum_current_limit.si,
        max_power_w=parameter.evse_maximum_power_limit.si,
        min_voltage_v=parameter.evse_minimum_voltage_limit.si,
        min_current_a=parameter.evse_minimum_current_limit.si,
        peak_current_ripple_a=parameter.evse_peak_current_ripple.si,
        current_regulation_tolerance_a=tolerance.si if tolerance else None,
        energy_wh=energy.si if energy else None,
    )


def _ac_limits(parameter: ACEVSEChargeParameter) -> EvseAcLimits:
    return EvseAcLimits(
        nominal_voltage_v=parameter.evse_nominal_voltage.si,
        max_current_a=parameter.evse_max_current.si,
    )


def _optional(make: Callable[[float], PhysicalValue], amount: float | None) -> PhysicalValue | None:
    return None if amount is None else make(amount)
