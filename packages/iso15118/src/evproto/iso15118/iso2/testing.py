"""Message by message against one side: probes that bring a session to any state.

For conformance tests and fuzzing. A probe is the whole outside of its session: peer, application
and clock. Good messages of every kind are in `samples`.
"""

from __future__ import annotations

from evproto.core import Close
from evproto.v2gtp.charging import (
    ContactorWanted,
    EvccConfig,
    EvccEvent,
    EvccSession,
    Isolation,
    IsolationTestWanted,
    Pilot,
    SeccConfig,
    SeccEvent,
    SeccSession,
    SessionEnded,
)
from evproto.v2gtp.language import Frame

from ..testing import AC_MODES, DC_MODES, context, evcc_config, secc_config
from .evcc import Evcc
from .evcc import Session as EvccMachine
from .messages import (
    Body,
    BodyElement,
    ChargeProgress,
    MessageHeader,
    SessionSetupRes,
    V2GMessage,
    decode,
    encode,
)
from .paused import PausedSessions
from .samples import BATTERY_V, METER, SESSION_ID, request, response
from .secc import APP_PROTOCOL, Secc
from .secc import Session as SeccMachine
from .states import SeccState
from .timeouts import STRICT, Timeouts
from .wire import EXI_PAYLOAD


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
