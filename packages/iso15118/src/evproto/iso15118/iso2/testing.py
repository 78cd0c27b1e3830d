"""Message by message against one side: probes that bring a session to any state, and samples.

For conformance tests and fuzzing. A probe is the whole outside of its session: peer, application
and clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from evproto.core import Close
from evproto.v2gtp.charging import (
    ContactorWanted,
    EvccConfig,
    EvccEvent,
    EvccSession,
    Isolation,
    IsolationTestWanted,
    MeterReading,
    Pilot,
    Schedule,
    ScheduleEntry,
    SeccConfig,
    SeccEvent,
    SeccSession,
    SessionEnded,
)
from evproto.v2gtp.language import Frame
from evproto.v2gtp.messages.xmldsig import X509IssuerSerial

from ..testing import AC_MODES, DC_MODES, context, evcc_config, secc_config
from .evcc import Evcc
from .evcc import Session as EvccMachine
from .failures import CHARGE_SERVICE_ID, FailureContext, failed_response
from .messages import (
    ACEVChargeParameter,
    ACEVSEChargeParameter,
    ACEVSEStatus,
    AuthorizationReq,
    Body,
    BodyElement,
    CableCheckReq,
    CertificateChain,
    CertificateInstallationReq,
    CertificateUpdateReq,
    ChargeParameterDiscoveryReq,
    ChargeParameterDiscoveryRes,
    ChargeProgress,
    ChargingSession,
    ChargingStatusReq,
    CurrentDemandReq,
    DCEVChargeParameter,
    DCEVErrorCode,
    DCEVSEChargeParameter,
    DCEVSEStatus,
    DCEVSEStatusCode,
    DCEVStatus,
    EnergyTransferMode,
    EVSENotification,
    EVSEProcessing,
    IsolationLevel,
    ListOfRootCertificateIDs,
    MessageHeader,
    MeterInfo,
    MeteringReceiptReq,
    PaymentDetailsReq,
    PaymentOption,
    PaymentServiceSelectionReq,
    PowerDeliveryReq,
    PreChargeReq,
    PreChargeRes,
    ResponseCode,
    SAScheduleList,
    SelectedService,
    SelectedServiceList,
    ServiceDetailReq,
    ServiceDiscoveryReq,
    SessionSetupReq,
    SessionSetupRes,
    SessionStopReq,
    V2GMessage,
    WeldingDetectionReq,
    decode,
    encode,
)
from .paused import PausedSessions
from .secc import APP_PROTOCOL, Secc
from .secc import Session as SeccMachine
from .secc_setup import DAY_S
from .states import SeccState
from .timeouts import STRICT, Timeouts
from .values import amps, schedule_tuple, volts, watt_hours, watts
from .wire import EXI_PAYLOAD

METER = MeterReading(meter_id="meter 1", energy_wh=1234)
SESSION_ID = bytes.fromhex("0102030405060708")
BATTERY_V = 400.0

_EV_STATUS = DCEVStatus(ev_ready=True, ev_error_code=DCEVErrorCode.NO_ERROR, ev_ress_soc=40)
_ROOTS = ListOfRootCertificateIDs(
    root_certificate_id=(X509IssuerSerial(x509_issuer_name="CN=V2GRootCA", x509_serial_number=1),)
)

BodyT = TypeVar("BodyT", bound=BodyElement)


def request(name: str, *, is_dc: bool = True, progress: ChargeProgress = ChargeProgress.START) -> BodyElement:
    """A good request of this name."""
    if name == "ChargeParameterDiscoveryReq":
        return _dc_parameters() if is_dc else _ac_parameters()
    if name == "PowerDeliveryReq":
        return PowerDeliveryReq(charge_progress=progress, sa_schedule_tuple_id=1)
    return _REQUESTS[name]


def _dc_parameters() -> BodyElement:
    return ChargeParameterDiscoveryReq(
        requested_energy_transfer_mode=EnergyTransferMode.DC_EXTENDED,
        ev_charge_parameter=DCEVChargeParameter(
            dc_ev_status=_EV_STATUS,
            ev_maximum_current_limit=amps(300),
            ev_maximum_voltage_limit=volts(450),
        ),
    )


def _ac_parameters() -> BodyElement:
    return ChargeParameterDiscoveryReq(
        requested_energy_transfer_mode=EnergyTransferMode.AC_THREE_PHASE_CORE,
        ev_charge_parameter=ACEVChargeParameter(
            e_amount=watt_hours(20_000),
            ev_max_voltage=volts(260),
            ev_max_current=amps(32),
            ev_min_current=amps(6),
        ),
    )


_REQUESTS: Mapping[str, BodyElement] = {
    type(body).__name__: body
    for body in (
        SessionSetupReq(evcc_id=bytes.fromhex("02AABBCCDDEE")),
        ServiceDiscoveryReq(),
        ServiceDetailReq(service_id=CHARGE_SERVICE_ID),
        PaymentServiceSelectionReq(
            selected_payment_option=PaymentOption.EXTERNAL_PAYMENT,
            selected_service_list=SelectedServiceList(
                selected_service=(SelectedService(service_id=CHARGE_SERVICE_ID),)
            ),
        ),
        PaymentDetailsReq(
            emaid="DE1ABCD2EF357A", contract_signature_cert_chain=CertificateChain(certificate=b"\0")
        ),
        AuthorizationReq(),
        _dc_parameters(),
        PowerDeliveryReq(charge_progress=ChargeProgress.START, sa_schedule_tuple_id=1),
        ChargingStatusReq(),
        MeteringReceiptReq(
            session_id=bytes(range(2, 10)), meter_info=MeterInfo(meter_id="meter 1", meter_reading=1234)
        ),
        CableCheckReq(dc_ev_status=_EV_STATUS),
        PreChargeReq(dc_ev_status=_EV_STATUS, ev_target_voltage=volts(BATTERY_V), ev_target_current=amps(1)),
        CurrentDemandReq(
            dc_ev_status=_EV_STATUS,
            ev_target_current=amps(100),
            charging_complete=False,
            ev_target_voltage=volts(410),
        ),
        WeldingDetectionReq(dc_ev_status=_EV_STATUS),
        SessionStopReq(charging_session=ChargingSession.TERMINATE),
        CertificateInstallationReq(
            id="id1", oem_provisioning_cert=b"\0", list_of_root_certificate_ids=_ROOTS
        ),
        CertificateUpdateReq(
            id="id1",
            contract_signature_cert_chain=CertificateChain(certificate=b"\0"),
            emaid="DE1ABCD2EF357A",
            list_of_root_certificate_ids=_ROOTS,
        ),
    )
}

REQUEST_NAMES: tuple[str, ...] = tuple(_REQUESTS)
"""The names of all requests of the standard."""


class SeccProbe:
    """A car, an application and a clock around the charger's side.

    The application authorizes, passes the isolation test and lets the contactor follow, unless
    `passive`. `now` may be set forward with `wait`.
    """

    def __init__(
        self,
        config: SeccConfig | None = None,
        *,
        timeouts: Timeouts = STRICT,
        paused: PausedSessions | None = None,
        is_dc: bool = True,
        passive: bool = False,
    ) -> None:
        modes = DC_MODES if is_dc else AC_MODES
        self.is_dc = is_dc
        self.passive = passive
        self.now = 0.0
        self.events: list[SeccEvent] = []
        self.frames: list[Frame] = []
        self.closed = False
        language = Secc(config or secc_config(*modes), timeouts=timeouts, paused=paused)
        session = language.open(context(APP_PROTOCOL), self.now)
        assert isinstance(session, SeccMachine)
        self.session = session
        self.session_id = b"\0"

    def ask(self, body: BodyElement, *, session_id: bytes | None = None) -> BodyElement | None:
        """Send a request; the response, or None when there is none (yet)."""
        header = MessageHeader(session_id=self.session_id if session_id is None else session_id)
        return self.send(encode(V2GMessage(header=header, body=Body(body_element=body))))

    def send(self, payload: bytes, payload_type: int = EXI_PAYLOAD) -> BodyElement | None:
        """Send any payload."""
        self.session.receive(Frame(payload_type, payload), self.now)
        return self.response()

    def response(self) -> BodyElement | None:
        """What the session has to say by now."""
        self.frames.clear()
        self._pump()
        return self._read(self.frames[-1]) if self.frames else None

    def wait(self, seconds: float) -> BodyElement | None:
        """Let time pass; a response that comes meanwhile."""
        self.now += seconds
        self.session.advance(self.now)
        return self.response()

    def reach(self, state: SeccState) -> None:
        """Bring the session to the state, by the shortest way of a healthy car."""
        self.session.pilot(Pilot.B, self.now)
        for name, progress in self._way(state):
            if self.session.state is state:
                return
            if name in ("CableCheckReq", "PowerDeliveryReq") and progress is not ChargeProgress.STOP:
                self.session.pilot(Pilot.C, self.now)
            if name == "AuthorizationReq":
                self.session.authorize(True, self.now)
            self.ask(request(name, is_dc=self.is_dc, progress=progress))
        if self.session.state is not state:
            raise AssertionError(f"the way to {state} ended in {self.session.state}: {self.events[-3:]}")

    def _way(self, state: SeccState) -> list[tuple[str, ChargeProgress]]:
        if state in (SeccState.AC_RECEIPT, SeccState.DC_RECEIPT):
            self.session.meter(METER, self.now)
        if state is SeccState.ENDED:
            return [("SessionSetupReq", _START), ("SessionStopReq", _START)]
        loop = ("CurrentDemandReq" if self.is_dc else "ChargingStatusReq", _START)
        way = [(name, _START) for name in _BEFORE_ENERGY + (_DC_ENERGY if self.is_dc else ())]
        way += [("PowerDeliveryReq", _START), loop]
        if state is SeccState.RENEGOTIATED:
            return [*way, ("PowerDeliveryReq", _AGAIN), ("ChargeParameterDiscoveryReq", _START)]
        return [*way, ("PowerDeliveryReq", _STOP)]

    @property
    def ended(self) -> SessionEnded | None:
        """The last event, when the session has ended."""
        return self.events[-1] if self.events and isinstance(self.events[-1], SessionEnded) else None

    @property
    def contactor(self) -> bool | None:
        """What the session wants of the contactor; None while it has wanted nothing."""
        wanted = [event.closed for event in self.events if isinstance(event, ContactorWanted)]
        return wanted[-1] if wanted else None

    def _pump(self) -> None:
        busy = True
        while busy:
            busy = False
            while (output := self.session.next_output()) is not None:
                busy = True
                if isinstance(output, Close):
                    self.closed = True
                else:
                    self.frames.append(output)
            while (event := self.session.next_event()) is not None:
                busy = True
                self.events.append(event)
                if not self.passive:
                    self._obey(event, self.session)

    def _obey(self, event: SeccEvent, session: SeccSession) -> None:
        match event:
            case IsolationTestWanted():
                session.isolation_result(Isolation.VALID, self.now)
            case ContactorWanted(closed=closed):
                session.contactor(closed, self.now)

    def _read(self, frame: Frame) -> BodyElement:
        message = decode(frame.payload)
        body = message.body.body_element
        assert body is not None
        if isinstance(body, SessionSetupRes):
            self.session_id = message.header.session_id
        return body


_START, _STOP, _AGAIN = ChargeProgress.START, ChargeProgress.STOP, ChargeProgress.RENEGOTIATE
_BEFORE_ENERGY = (
    "SessionSetupReq",
    "ServiceDiscoveryReq",
    "PaymentServiceSelectionReq",
    "AuthorizationReq",
    "ChargeParameterDiscoveryReq",
)
_DC_ENERGY = ("CableCheckReq", "CableCheckReq", "PreChargeReq")


class EvccProbe:
    """A charger, an application and a clock around the car's side."""

    def __init__(
        self,
        config: EvccConfig | None = None,
        *,
        timeouts: Timeouts = STRICT,
        is_dc: bool = True,
        passive: bool = False,
    ) -> None:
        self.is_dc = is_dc
        self.passive = passive
        self.now = 0.0
        self.events: list[EvccEvent] = []
        self.requests: list[BodyElement] = []
        self.headers: list[MessageHeader] = []
        self.closed = False
        language = Evcc(config or evcc_config(*(DC_MODES if is_dc else AC_MODES)), timeouts=timeouts)
        session = language.open(context(APP_PROTOCOL), self.now)
        assert isinstance(session, EvccMachine)
        self.session = session
        session.set_battery(BATTERY_V, 40.0, self.now)
        session.set_targets(BATTERY_V + 10, 100.0, self.now)
        self._pump()

    @property
    def request(self) -> BodyElement:
        """The request that was sent last."""
        return self.requests[-1]

    @property
    def asked(self) -> str:
        """The name of the request that was sent last."""
        return type(self.request).__name__

    def answer(self, body: BodyElement, *, session_id: bytes = SESSION_ID) -> None:
        """Send a response."""
        header = MessageHeader(session_id=session_id)
        self.send(encode(V2GMessage(header=header, body=Body(body_element=body))))

    def send(self, payload: bytes, payload_type: int = EXI_PAYLOAD) -> None:
        """Send any payload."""
        self.session.receive(Frame(payload_type, payload), self.now)
        self._pump()

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds
        self.session.advance(self.now)
        self._pump()

    def pump(self) -> None:
        """Take what the session has to say after a command."""
        self._pump()

    def reach(self, name: str) -> None:
        """Answer as a healthy charger does until this request has been sent."""
        for _ in range(40):
            if self.asked == name:
                return
            if self.asked in ("CurrentDemandReq", "ChargingStatusReq") and name not in (
                "CurrentDemandReq",
                "ChargingStatusReq",
            ):
                self.answer(response(self.asked, is_dc=self.is_dc, receipt=name == "MeteringReceiptReq"))
                if self.asked == name:
                    return
                self.session.stop(self.now)
                self._pump()
                continue
            self.answer(response(self.asked, is_dc=self.is_dc))
            self.wait(0.2 if not self.requests_pending else 0.0)
        raise AssertionError(f"the way to {name} ended at {self.asked}: {self.events[-3:]}")

    @property
    def requests_pending(self) -> bool:
        """Whether a request waits for its response."""
        return self.session.asked

    @property
    def ended(self) -> SessionEnded | None:
        """The last event, when the session has ended."""
        return self.events[-1] if self.events and isinstance(self.events[-1], SessionEnded) else None

    @property
    def contactor(self) -> bool | None:
        """What the session wants of the contactor; None while it has wanted nothing."""
        wanted = [event.closed for event in self.events if isinstance(event, ContactorWanted)]
        return wanted[-1] if wanted else None

    def _pump(self) -> None:
        busy = True
        while busy:
            busy = False
            while (output := self.session.next_output()) is not None:
                busy = True
                if isinstance(output, Close):
                    self.closed = True
                else:
                    message = decode(output.payload)
                    assert message.body.body_element is not None
                    self.requests.append(message.body.body_element)
                    self.headers.append(message.header)
            while (event := self.session.next_event()) is not None:
                busy = True
                self.events.append(event)
                if not self.passive:
                    self._obey(event, self.session)

    def _obey(self, event: EvccEvent, session: EvccSession) -> None:
        if isinstance(event, ContactorWanted):
            session.contactor(event.closed, self.now)


def dc_status(
    *,
    code: DCEVSEStatusCode = DCEVSEStatusCode.EVSE_READY,
    notification: EVSENotification = EVSENotification.NONE,
    isolation: IsolationLevel = IsolationLevel.VALID,
) -> DCEVSEStatus:
    """The status of a DC charger, healthy where nothing else is said."""
    return DCEVSEStatus(
        notification_max_delay=0,
        evse_notification=notification,
        evse_isolation_status=isolation,
        evse_status_code=code,
    )


def ac_status(*, notification: EVSENotification = EVSENotification.NONE, rcd: bool = False) -> ACEVSEStatus:
    """The status of an AC charger, healthy where nothing else is said."""
    return ACEVSEStatus(notification_max_delay=0, evse_notification=notification, rcd=rcd)


def response(name: str, *, is_dc: bool = True, receipt: bool = False) -> BodyElement:
    """A good response to the request of this name."""
    facts = FailureContext(
        evse_id="DE*EVP*E00001",
        mode=EnergyTransferMode.DC_EXTENDED if is_dc else EnergyTransferMode.AC_THREE_PHASE_CORE,
        is_dc=is_dc,
        ac_status=ac_status(),
        dc_status=dc_status(),
    )
    if name == "ChargeParameterDiscoveryReq":
        return _parameters(is_dc)
    body = failed_response(type(_REQUESTS[name]), ResponseCode.OK, facts)
    assert body is not None
    if name == "PreChargeReq":
        return change(body, PreChargeRes, evse_present_voltage=volts(BATTERY_V))
    if receipt:
        info = MeterInfo(meter_id="meter 1", meter_reading=1234)
        return change(body, type(body), meter_info=info, receipt_required=True)
    return body


def change(body: BodyElement, cls: type[BodyT], **fields: Any) -> BodyT:
    """The same message with other values in some fields."""
    assert isinstance(body, cls)
    return replace(body, **fields)


def _parameters(is_dc: bool) -> BodyElement:
    offer = Schedule(id=1, entries=(ScheduleEntry(start_s=0, max_power_w=22_000.0),), end_s=DAY_S)
    return ChargeParameterDiscoveryRes(
        response_code=ResponseCode.OK,
        evse_processing=EVSEProcessing.FINISHED,
        sa_schedules=SAScheduleList(sa_schedule_tuple=(schedule_tuple(offer),)),
        evse_charge_parameter=_dc_charger() if is_dc else _ac_charger(),
    )


def _dc_charger() -> DCEVSEChargeParameter:
    return DCEVSEChargeParameter(
        dc_evse_status=dc_status(),
        evse_maximum_current_limit=amps(400),
        evse_maximum_power_limit=watts(150_000),
        evse_maximum_voltage_limit=volts(1000),
        evse_minimum_current_limit=amps(0),
        evse_minimum_voltage_limit=volts(150),
        evse_peak_current_ripple=amps(1),
    )


def _ac_charger() -> ACEVSEChargeParameter:
    return ACEVSEChargeParameter(
        ac_evse_status=ac_status(), evse_nominal_voltage=volts(230), evse_max_current=amps(32)
    )
