"""The EV's side of matching: ask, sound, rank every charger that was heard, validate, join.

ISO 15118-3 chapters 7 to 9 and annex A. The application starts it when the pilot says 5 %; the
machine tells when to toggle the pilot for a validation and when the link is up or lost.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from evproto.core import ConfigError, StateError, TraceSink
from evproto.core.trace import Kind
from evproto.slac.attenuation import Limits, mean_db
from evproto.slac.ev_validation import ValidationPart
from evproto.slac.events import (
    CandidatesRanked,
    Failure,
    LinkReady,
    Matched,
    MatchingFailed,
    MatchingStarted,
    RunFailed,
)
from evproto.slac.messages import (
    BROADCAST,
    CmAmpMapCnf,
    CmAmpMapReq,
    CmAttenCharInd,
    CmAttenCharRsp,
    CmMnbcSoundInd,
    CmSlacMatchCnf,
    CmSlacMatchReq,
    CmSlacParmCnf,
    CmSlacParmReq,
    CmStartAttenCharInd,
    CmValidateCnf,
    CmValidateReq,
    Frame,
)
from evproto.slac.modem import ModemConfig
from evproto.slac.states import EV_ACCEPTS, EvState
from evproto.slac.station import Entropy, Station
from evproto.slac.timeouts import (
    C_EV_MATCH_MNBC,
    C_EV_MATCH_RETRY,
    C_EV_START_ATTEN_CHAR_INDS,
    Timeouts,
)

T_CONN_RESUME = 6.0
MAX_EVSES = 64
_MVF_LENGTHS = (0x56, 0x5600)
_EVSE_TO_EV = (CmSlacParmCnf, CmAttenCharInd, CmValidateCnf, CmSlacMatchCnf, CmAmpMapReq, CmAmpMapCnf)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvConfig:
    """Settings of an EV.

    pev_id: 17 bytes. parameter_tries: how often CM_SLAC_PARM.REQ is sent in a run. phase: seconds
    of each part of a validation toggle. strict: take parameters only as in table A.2, and no
    charger that does not answer CM_VALIDATE.REQ.
    """

    pev_id: bytes = bytes(17)
    limits: Limits = field(default_factory=Limits)
    parameter_tries: int = 1 + C_EV_MATCH_RETRY
    phase: float = 0.25
    strict: bool = False

    def __post_init__(self) -> None:
        if len(self.pev_id) != 17:
            raise ConfigError(f"pev_id: expected 17 bytes, got {len(self.pev_id)}")
        if not 0.2 <= self.phase <= 0.4:
            raise ConfigError(f"phase: expected 0.2 to 0.4 s, got {self.phase}")


class Ev(Station):
    """The EV's machine: `start` when the pilot says 5 %, `stop` when the plug is pulled."""

    SOURCE = "slac.ev"

    def __init__(
        self,
        *,
        mac: bytes,
        entropy: Entropy,
        config: EvConfig | None = None,
        modem: ModemConfig | None = None,
        timeouts: Timeouts | None = None,
        trace: TraceSink | None = None,
    ) -> None:
        super().__init__(
            mac=mac,
            entropy=entropy,
            modem=modem or ModemConfig(),
            timeouts=timeouts or Timeouts(),
            trace=trace,
        )
        self.config = config or EvConfig()
        self.state = EvState.UNMATCHED
        self.run_id = bytes(8)
        self._give_up_at = 0.0
        self._tries = 0
        self._step = 0
        self._parameters: CmSlacParmCnf | None = None
        self._reports: dict[bytes, float | None] = {}
        self._chosen: bytes | None = None
        self._validation = ValidationPart(self)

    @property
    def matched_evse(self) -> bytes | None:
        """The address of the charger that was matched."""
        return self._peer

    @property
    def nid(self) -> bytes:
        """The identifier of the network that was joined last (7 bytes)."""
        return self._modem.nid

    def start(self, now: float) -> None:
        """Begin to match; tried anew for TT_matching_repetition."""
        if self.state is not EvState.UNMATCHED:
            raise StateError(f"start in state {self.state.value}")
        self._give_up_at = now + self.timeouts.tt_matching_repetition
        self._begin_run(now)

    def stop(self, now: float) -> None:
        """The plug was pulled or the pilot left 5 %: end everything and leave the network."""
        if self.state in (EvState.JOINING, EvState.MATCHED, EvState.PAUSED):
            self._leave(now)
        elif self.state is not EvState.UNMATCHED:
            self.emit(RunFailed(self._chosen or BROADCAST, self.run_id, Failure.STOPPED))
            self._enter(EvState.UNMATCHED, now)

    def d_link_terminate(self, now: float) -> None:
        """D-LINK_TERMINATE.request: the session is over; leave the network."""
        self._need_match("D-LINK_TERMINATE")
        self._leave(now)

    def d_link_error(self, now: float) -> None:
        """D-LINK_ERROR.request: leave the network; `start` again when the pilot says 5 % anew."""
        self._need_match("D-LINK_ERROR")
        self._leave(now)

    def d_link_pause(self, now: float) -> None:
        """D-LINK_PAUSE.request: stay in the network, but let the modem sleep."""
        if self.state is not EvState.MATCHED:
            raise StateError(f"D-LINK_PAUSE in state {self.state.value}")
        self._modem.stop_watch()
        self._enter(EvState.PAUSED, now)

    def resume(self, now: float) -> None:
        """The pause is over; the link must be up again within T_conn_resume (6 s)."""
        if self.state is not EvState.PAUSED:
            raise StateError(f"resume in state {self.state.value}")
        self._enter(EvState.JOINING, now)
        self._start("tt_match_join", now + T_CONN_RESUME)
        self._modem.watch(self.timeouts.link_poll, now)

    @property
    def _peer(self) -> bytes | None:
        joined = self.state in (EvState.JOINING, EvState.MATCHED, EvState.PAUSED)
        return self._chosen if joined else None

    def on_key(self, taken: bool, now: float) -> None:
        if self.state is not EvState.JOINING:
            return
        if taken:
            self._modem.watch(self.timeouts.link_poll, now)
        else:
            self.fail_run(Failure.KEY_REFUSED, now)

    def on_link(self, up: bool, now: float) -> None:
        if up and self.state is EvState.JOINING:
            self._enter(EvState.MATCHED, now)
            self._modem.watch(self.timeouts.link_watch, now)
            self.emit(LinkReady(True))
        elif not up and self.state is EvState.MATCHED:
            self._leave(now)

    def match(self, evse: bytes, now: float) -> None:
        """Ask this charger for its key (called when it was found or validated)."""
        self._chosen = evse
        self._tries = 0
        self._enter(EvState.MATCH, now)
        self._send_match(now)

    def fail_run(self, reason: Failure, now: float) -> None:
        """This run has come to nothing; begin another while there is time."""
        self.emit(RunFailed(self._chosen or BROADCAST, self.run_id, reason))
        if self.state is EvState.JOINING:
            self._forget_network(now)
        if now + self.timeouts.tt_matching_rate < self._give_up_at:
            self._enter(EvState.RETRY, now)
            self._start("tt_matching_rate", now + self.timeouts.tt_matching_rate)
        else:
            self._enter(EvState.UNMATCHED, now)
            self.emit(MatchingFailed(reason))

    def random_byte(self) -> int:
        """A number of 0 to 255."""
        return self._entropy(1)[0]

    def _begin_run(self, now: float) -> None:
        self.run_id = self._entropy(8)
        self._tries = 0
        self._parameters = None
        self._reports = {}
        self._chosen = None
        self._enter(EvState.PARAMETERS, now)
        self.emit(MatchingStarted(BROADCAST, self.run_id))
        self._ask_parameters(now)

    def _ask_parameters(self, now: float) -> None:
        self._tries += 1
        self.send(BROADCAST, CmSlacParmReq(run_id=self.run_id), now)
        self._start("tt_match_response", now + self.timeouts.tt_match_response)

    def _on_frame(self, frame: Frame, now: float) -> None:
        message = frame.message
        if not isinstance(message, _EVSE_TO_EV):
            return
        if type(message) not in EV_ACCEPTS[self.state]:
            self.ignore(frame, f"not in state {self.state.value}")
        elif getattr(message, "run_id", self.run_id) != self.run_id:
            self.ignore(frame, "another run")
        elif getattr(message, "application_type", 0) or getattr(message, "security_type", 0):
            self.ignore(frame, "application or security type")
        else:
            self._dispatch(frame, now)

    def _dispatch(self, frame: Frame, now: float) -> None:
        match frame.message:
            case CmSlacParmCnf() as parameters:
                self._on_parameters(frame, parameters, now)
            case CmAttenCharInd() as report:
                self._on_report(frame, report, now)
            case CmValidateCnf() as answer:
                self._validation.on_answer(frame, answer, now)
            case CmSlacMatchCnf() as confirmation:
                self._on_match(frame, confirmation, now)
            case _:
                self._on_amplitude_message(frame, now)

    def _on_parameters(self, frame: Frame, message: CmSlacParmCnf, now: float) -> None:
        """Note the charger; the first one sets how we sound."""
        if not self._is_allowed(message):
            self.ignore(frame, "its parameters are not allowed")
            return
        if len(self._reports) < MAX_EVSES:
            self._reports.setdefault(frame.source, None)
        if self._parameters is None:
            self._parameters = message
            self._step = 0
            self._enter(EvState.SOUNDING, now)
            self._start("tt_ev_atten_results", now + self.timeouts.tt_ev_atten_results)
            self._sound(now)

    def _is_allowed(self, message: CmSlacParmCnf) -> bool:
        if not message.num_sounds or not message.time_out:
            return False
        if not self.config.strict:
            return True
        return (
            message.m_sound_target == BROADCAST
            and message.num_sounds == C_EV_MATCH_MNBC
            and message.resp_type == 1
            and message.forwarding_sta == self.mac
        )

    def _sound(self, now: float) -> None:
        """One of the indications that follow each other at TP_EV_batch_msg_interval."""
        parameters = self._parameters
        if parameters is None:
            return
        sounds = parameters.num_sounds
        if self._step < C_EV_START_ATTEN_CHAR_INDS:
            start = CmStartAttenCharInd(
                num_sounds=sounds,
                time_out=parameters.time_out,
                forwarding_sta=self.mac,
                run_id=self.run_id,
            )
            self.send(BROADCAST, start, now)
        else:
            left = sounds + C_EV_START_ATTEN_CHAR_INDS - self._step - 1
            sound = CmMnbcSoundInd(cnt=left, run_id=self.run_id, rnd=self._entropy(16))
            self.send(BROADCAST, sound, now)
        self._step += 1
        if self._step < C_EV_START_ATTEN_CHAR_INDS + sounds:
            self._start("tp_ev_batch_msg_interval", now + self.timeouts.tp_ev_batch_msg_interval)
        else:
            self.state = EvState.REPORTS
            self.note(Kind.STATE, self.state.value, now)
            self._choose_if_complete(now)

    def _on_report(self, frame: Frame, message: CmAttenCharInd, now: float) -> None:
        """Confirm every report, also when it comes again; only the first one counts."""
        if message.source_address != self.mac:
            self.ignore(frame, "it is about another car")
            return
        response = CmAttenCharRsp(source_address=self.mac, run_id=self.run_id)
        if self.state in (EvState.SOUNDING, EvState.REPORTS):
            if frame.source not in self._reports and len(self._reports) >= MAX_EVSES:
                self.ignore(frame, "too many chargers")
                return
            if not message.num_sounds or not message.aag:
                self.ignore(frame, "it reports nothing")
                return
            if self._reports.get(frame.source) is None:
                self._reports[frame.source] = mean_db(message.aag)
        self.send(frame.source, response, now)
        if self.state is EvState.REPORTS:
            self._choose_if_complete(now)

    def _choose_if_complete(self, now: float) -> None:
        """Do not wait for more when all known chargers have reported and one is surely ours."""
        if None in self._reports.values():
            return
        ranked = self._ranked()
        if ranked and self.config.limits.is_direct(ranked):
            self._choose(now)

    def _choose(self, now: float) -> None:
        ranked = self._ranked()
        self.emit(CandidatesRanked(tuple(ranked)))
        if not ranked:
            heard = any(loss is not None for loss in self._reports.values())
            self.fail_run(Failure.NOT_FOUND if heard else Failure.NO_REPORT, now)
        elif self.config.limits.is_direct(ranked):
            self.match(ranked[0][0], now)
        else:
            self._validation.begin(ranked, now)

    def _ranked(self) -> list[tuple[bytes, float]]:
        reports = {mac: loss for mac, loss in self._reports.items() if loss is not None}
        return self.config.limits.rank(reports)

    def _send_match(self, now: float) -> None:
        if self._chosen is None:
            return
        self._tries += 1
        request = CmSlacMatchReq(
            pev_id=self.config.pev_id, pev_mac=self.mac, evse_mac=self._chosen, run_id=self.run_id
        )
        self.send(self._chosen, request, now)
        self._start("tt_match_response", now + self.timeouts.tt_match_response)

    def _on_match(self, frame: Frame, message: CmSlacMatchCnf, now: float) -> None:
        """Take the key, if it comes from the charger that was asked."""
        if frame.source != self._chosen or message.evse_mac != self._chosen or message.pev_mac != self.mac:
            self.ignore(frame, "it means another pair")
            return
        if message.mvf_length not in _MVF_LENGTHS:
            self.ignore(frame, "its parameters are not allowed")
            return
        self._enter(EvState.JOINING, now)
        self.emit(Matched(frame.source, self.run_id))
        self._start("tt_match_join", now + self.timeouts.tt_match_join)
        self._modem.set_key(message.nmk, now, message.nid)

    def validate(self, evse: bytes, state: EvState, request: CmValidateReq, wait: float, now: float) -> None:
        """Send a step of the validation and wait for its answer."""
        self._chosen = evse
        if self.state is not state:
            self._enter(state, now)
        self.send(evse, request, now)
        self._start("tt_match_response", now + wait)

    def _on_own_timer(self, name: str, now: float) -> None:
        match name:
            case "tp_ev_batch_msg_interval":
                self._sound(now)
            case "tt_ev_atten_results" if self.state in (EvState.SOUNDING, EvState.REPORTS):
                self._choose(now)
            case "tt_match_response":
                self._on_no_response(now)
            case "tt_matching_rate":
                self._begin_run(now)
            case "tt_match_join":
                self.fail_run(Failure.NOT_JOINED, now)

    def _on_no_response(self, now: float) -> None:
        match self.state:
            case EvState.PARAMETERS if self._tries < self.config.parameter_tries:
                self._ask_parameters(now)
            case EvState.PARAMETERS:
                self.fail_run(Failure.NO_PARAMETERS, now)
            case EvState.VALIDATE_1 | EvState.VALIDATE_2:
                self._validation.on_no_answer(now)
            case EvState.MATCH if self._tries <= C_EV_MATCH_RETRY:
                self._send_match(now)
            case EvState.MATCH:
                self.fail_run(Failure.NO_MATCH_RESPONSE, now)
            case _:
                pass

    def _leave(self, now: float) -> None:
        if self.state is EvState.JOINING:
            self.emit(RunFailed(self._chosen or BROADCAST, self.run_id, Failure.STOPPED))
        else:
            self.emit(LinkReady(False))
        self._forget_network(now)
        self._enter(EvState.UNMATCHED, now)

    def _forget_network(self, now: float) -> None:
        """Leave the network at once (TP_match_leave): a key that nobody else has does it."""
        self._end_amplitudes(accepted=False)
        self._modem.stop_watch()
        self._modem.set_key(self._entropy(16), now)

    def _enter(self, state: EvState, now: float) -> None:
        """A state owns its timers: all of the last one's are stopped."""
        self._timers.leave("state")
        self.state = state
        self.note(Kind.STATE, state.value, now)

    def _start(self, name: str, at: float) -> None:
        self._timers.start(name, at, scope="state")

    def _need_match(self, command: str) -> None:
        if self._peer is None:
            raise StateError(f"{command} in state {self.state.value}")
