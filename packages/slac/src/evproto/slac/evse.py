"""The EVSE's side of matching: runs of several cars at once, one of which gets the key.

ISO 15118-3 chapters 7 to 9 and annex A. The application tells the pilot's state; the machine
tells when a car is matched and when its link is up or lost.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from evproto.core import ConfigError, StateError, TraceSink
from evproto.core.trace import Kind
from evproto.slac.events import (
    ErrorRoutineRequested,
    Failure,
    LinkReady,
    Matched,
    MatchingFailed,
    MatchingStarted,
    RunFailed,
)
from evproto.slac.evse_run import Run
from evproto.slac.messages import (
    CmAmpMapCnf,
    CmAmpMapReq,
    CmAttenCharRsp,
    CmAttenProfileInd,
    CmSlacMatchReq,
    CmSlacParmCnf,
    CmSlacParmReq,
    CmStartAttenCharInd,
    CmValidateReq,
    Frame,
    ValidateResult,
    qualcomm,
)
from evproto.slac.modem import ModemConfig
from evproto.slac.states import EVSE_ACCEPTS, RUN_ACCEPTS, EvseState, RunState
from evproto.slac.station import Entropy, Station
from evproto.slac.timeouts import C_EV_MATCH_MNBC, C_EVSE_MATCH_PARALLEL, Timeouts

KEY_PAUSE = 5.0
"""Seconds until a modem that refused a key is asked again."""
T_CONN_RESUME = 6.0
SOUND_TIME_OUT = 6
"""TT_EVSE_match_MNBC in units of 100 ms."""


class Validation(enum.Enum):
    """What the EVSE answers to a car that wants to be validated."""

    SUPPORTED = "supported"
    NOT_REQUIRED = "not required"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvseConfig:
    """Settings of an EVSE.

    evse_id: 17 bytes. max_runs: cars that may be matching at once. attenuation_offset_db: what
    the own path adds to each sound. strict: take parameters only as in table A.4.
    """

    evse_id: bytes = bytes(17)
    max_runs: int = 16
    attenuation_offset_db: int = 0
    validation: Validation = Validation.SUPPORTED
    strict: bool = False

    def __post_init__(self) -> None:
        if len(self.evse_id) != 17:
            raise ConfigError(f"evse_id: expected 17 bytes, got {len(self.evse_id)}")
        if self.max_runs < C_EVSE_MATCH_PARALLEL:
            raise ConfigError(f"max_runs: expected at least {C_EVSE_MATCH_PARALLEL}, got {self.max_runs}")


class Evse(Station):
    """The EVSE's machine: `start`, then `pilot` with every change of the control pilot."""

    SOURCE = "slac.evse"

    def __init__(
        self,
        *,
        mac: bytes,
        entropy: Entropy,
        config: EvseConfig | None = None,
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
        self.config = config or EvseConfig()
        self.state = EvseState.RESET
        self.pilot_state = "A"
        self._nmk = b""
        self._started = False
        self._may_match = True
        self._runs: dict[bytes, Run] = {}
        self._matched: Run | None = None

    @property
    def nid(self) -> bytes:
        """The identifier of the network that the next car will join (7 bytes)."""
        return self._modem.nid

    @property
    def nmk(self) -> bytes:
        """The key of that network (16 bytes): a secret."""
        return self._nmk

    @property
    def matched_ev(self) -> bytes | None:
        """The address of the matched car."""
        return self._peer

    @property
    def runs(self) -> int:
        """Cars that are matching now."""
        return len(self._runs)

    def start(self, now: float) -> None:
        """Find the modem and give it a first key."""
        if self._started:
            raise StateError("the EVSE is started already")
        self._started = True
        self._renew_key(now)

    def pilot(self, state: str, now: float) -> None:
        """The control pilot is in this state, "A" to "F"; tell every change at its time."""
        if len(state) != 1 or state not in "ABCDEF":
            raise ValueError(f"expected a state A to F, got {state!r}")
        before, self.pilot_state = self.pilot_state, state
        if before in "AEF":
            self._may_match = True
        if state in "BCD":
            for run in self._runs.values():
                if run.state is RunState.VALIDATE_TOGGLE:
                    run.on_pilot(state, now)
            if before in "AEF" and self.state is EvseState.UNMATCHED:
                self._enter_matching(now)
        elif before in "BCD":
            self._leave(now)

    def d_link_terminate(self, now: float) -> None:
        """D-LINK_TERMINATE.request: the session is over; leave the network.

        The EVSE matches again after the pilot was in A, E or F, or by `match_again`.
        """
        self._need_match("D-LINK_TERMINATE")
        self._may_match = False
        self._leave(now)

    def match_again(self, now: float) -> None:
        """Match anew though the plug stayed in: the car has woken us up with a B-C-B toggle."""
        if self._matched is not None or self.state is EvseState.MATCHING or self.pilot_state not in "BCD":
            raise StateError(f"match_again in state {self.state.value}, pilot {self.pilot_state}")
        self._may_match = True
        if self.state is EvseState.UNMATCHED:
            self._enter_matching(now)

    def d_link_error(self, now: float) -> None:
        """D-LINK_ERROR.request: leave the network and match anew after the pilot's E or F."""
        self._need_match("D-LINK_ERROR")
        self._lose_link("D-LINK_ERROR", now)

    def d_link_pause(self, now: float) -> None:
        """D-LINK_PAUSE.request: stay in the network, but let the modem sleep."""
        if self.state is not EvseState.MATCHED:
            raise StateError(f"D-LINK_PAUSE in state {self.state.value}")
        self._modem.stop_watch()
        self._enter(EvseState.PAUSED, now)

    def resume(self, now: float) -> None:
        """The pause is over; the link must be up again within T_conn_resume (6 s)."""
        if self.state is not EvseState.PAUSED:
            raise StateError(f"resume in state {self.state.value}")
        self._join(T_CONN_RESUME, now)

    def reset_modem(self, now: float) -> None:
        """Restart the own modem."""
        self._modem.reset(now)

    def validation_result(self, run: Run) -> ValidateResult:
        """What to answer to the first CM_VALIDATE.REQ of this run."""
        if self.config.validation is Validation.NOT_REQUIRED:
            return ValidateResult.NOT_REQUIRED
        if self.config.validation is Validation.UNSUPPORTED:
            return ValidateResult.FAILURE
        busy = (RunState.VALIDATE_READY, RunState.VALIDATE_TOGGLE)
        if any(other.state in busy for other in self._runs.values() if other is not run):
            return ValidateResult.NOT_READY
        return ValidateResult.READY

    def run_failed(self, run: Run, reason: Failure, now: float) -> None:
        """Called by a run that has ended without a match."""
        self._drop(run, reason, now)
        if "tt_matching_repetition" not in self._timers:
            self._timers.start("tt_matching_repetition", now + self.timeouts.tt_matching_repetition)
        self._give_up_if_over(Failure.REPETITION, now)

    @property
    def _peer(self) -> bytes | None:
        return self._matched.mac if self._matched else None

    def on_key(self, taken: bool, now: float) -> None:
        if not taken:
            self._timers.start("key pause", now + KEY_PAUSE)
            return
        self._enter(EvseState.UNMATCHED, now)
        if self.pilot_state in "BCD" and self._may_match:
            self._enter_matching(now)

    def on_link(self, up: bool, now: float) -> None:
        if up and self.state is EvseState.JOINING:
            self._timers.stop("tt_match_join")
            self._enter(EvseState.MATCHED, now)
            self._modem.watch(self.timeouts.link_watch, now)
            self.emit(LinkReady(True))
        elif not up and self.state is EvseState.MATCHED:
            self._lose_link("link lost", now)

    def _on_frame(self, frame: Frame, now: float) -> None:
        message = frame.message
        if type(message) not in EVSE_ACCEPTS[self.state]:
            self.ignore(frame, f"not in state {self.state.value}")
        elif isinstance(message, CmSlacParmReq):
            self._on_parameters(frame, message, now)
        elif isinstance(message, CmAttenProfileInd | qualcomm.VsAttenuationCharacteristicsInd):
            self._on_profile(frame, message, now)
        elif isinstance(message, CmAmpMapReq | CmAmpMapCnf):
            self._on_amplitude_message(frame, now)
        else:
            self._on_run_frame(frame, now)

    def _on_run_frame(self, frame: Frame, now: float) -> None:
        run = self._run_of(frame)
        if run is None:
            return
        match frame.message:
            case CmStartAttenCharInd() as start:
                run.on_start(frame, start, now)
            case CmAttenCharRsp() as response:
                run.on_response(frame, response, now)
            case CmValidateReq() as request:
                run.on_validate(frame, request, now)
            case CmSlacMatchReq() as request if run.on_match(frame, request, now):
                self._on_matched(run, now)

    def _run_of(self, frame: Frame) -> Run | None:
        """The run to which the frame belongs and which accepts it now."""
        message = frame.message
        run = self._matched or self._runs.get(frame.source)
        if run is None or run.mac != frame.source:
            self.ignore(frame, "no run of this car")
        elif getattr(message, "run_id", run.run_id) != run.run_id:
            self.ignore(frame, "another run of this car")
        elif getattr(message, "application_type", 0) or getattr(message, "security_type", 0):
            self.ignore(frame, "application or security type")
        elif type(message) not in RUN_ACCEPTS[run.state]:
            self.ignore(frame, f"not in state {run.state.value}")
        else:
            return run
        return None

    def _on_parameters(self, frame: Frame, message: CmSlacParmReq, now: float) -> None:
        """Begin a run, or begin it anew ([V2G3-A09-16])."""
        if message.application_type or message.security_type:
            self.ignore(frame, "application or security type")
            return
        if self.state is EvseState.JOINING and not self._forget_match(frame, now):
            return
        old = self._runs.get(frame.source)
        if old is not None:
            self._discard(old, now, report=old.run_id != message.run_id)
        elif len(self._runs) >= self.config.max_runs and not self._make_room(now):
            self.ignore(frame, "too many runs")
            return
        self._runs[frame.source] = Run(self, frame.source, message.run_id, now)
        if old is None or old.run_id != message.run_id:
            self.emit(MatchingStarted(frame.source, message.run_id))
        answer = CmSlacParmCnf(
            num_sounds=C_EV_MATCH_MNBC,
            time_out=SOUND_TIME_OUT,
            forwarding_sta=frame.source,
            run_id=message.run_id,
        )
        self.send(frame.source, answer, now)

    def _forget_match(self, frame: Frame, now: float) -> bool:
        """The matched car did not get our key and begins anew; no other car may."""
        if frame.source != self._peer or self._matched is None:
            self.ignore(frame, f"not in state {self.state.value}")
            return False
        self.emit(RunFailed(self._matched.mac, self._matched.run_id, Failure.REPLACED))
        self._unmatch()
        self._enter(EvseState.MATCHING, now)
        return True

    def _make_room(self, now: float) -> bool:
        """Drop the oldest run that has shown nothing but its first question."""
        idle = [run for run in self._runs.values() if run.state is RunState.WAIT_START]
        if idle:
            self._discard(min(idle, key=lambda run: run.began), now, report=True)
        return bool(idle)

    def _on_profile(
        self,
        frame: Frame,
        message: CmAttenProfileInd | qualcomm.VsAttenuationCharacteristicsInd,
        now: float,
    ) -> None:
        run = self._runs.get(message.pev_mac)
        if run is not None and run.state is RunState.SOUNDING:
            run.on_profile(message, now)
        else:
            self.ignore(frame, "no run of this car is sounding")

    def _on_matched(self, run: Run, now: float) -> None:
        if self._matched is not None:
            return
        self._matched = self._runs.pop(run.mac)
        for other in list(self._runs.values()):
            self._drop(other, Failure.REPLACED, now)
        self._timers.stop("tt_evse_slac_init")
        self._timers.stop("tt_matching_repetition")
        self.emit(Matched(run.mac, run.run_id))
        self._join(self.timeouts.tt_match_join, now)

    def _join(self, timeout: float, now: float) -> None:
        self._enter(EvseState.JOINING, now)
        self._timers.start("tt_match_join", now + timeout)
        self._modem.watch(self.timeouts.link_poll, now)

    def _on_own_timer(self, name: str, now: float) -> None:
        if name.startswith("run "):
            self._runs[bytes.fromhex(name[4:])].on_timer(now)
            return
        match name:
            case "tt_evse_slac_init":
                self._give_up_if_over(Failure.SLAC_INIT, now)
            case "tt_matching_repetition":
                self._give_up_if_over(Failure.REPETITION, now)
            case "tt_match_join":
                self._on_join_timeout(now)
            case "key pause":
                self._renew_key(now)

    def _on_join_timeout(self, now: float) -> None:
        """The key has been told, so that it is spent: match anew with another."""
        if self._matched is not None:
            self.emit(RunFailed(self._matched.mac, self._matched.run_id, Failure.NOT_JOINED))
        self._unmatch()
        self._timers.start("tt_matching_repetition", now + self.timeouts.tt_matching_repetition)
        self._renew_key(now)

    def _give_up_if_over(self, reason: Failure, now: float) -> None:
        """Matching is over when no run is left and no time remains for another."""
        waiting = {"tt_evse_slac_init", "tt_matching_repetition"}
        if (
            self.state is EvseState.MATCHING
            and not self._runs
            and not any(t in self._timers for t in waiting)
        ):
            self._may_match = False
            self.emit(MatchingFailed(reason))
            self._enter(EvseState.UNMATCHED, now)

    def _enter_matching(self, now: float) -> None:
        self._may_match = True
        if "tt_matching_repetition" not in self._timers:
            self._timers.start("tt_evse_slac_init", now + self.timeouts.tt_evse_slac_init)
        self._enter(EvseState.MATCHING, now)

    def _lose_link(self, reason: str, now: float) -> None:
        """Ask for the pilot's error routine once, and wait for it to match anew."""
        self.emit(ErrorRoutineRequested(reason))
        self._may_match = False
        self._leave(now)

    def _leave(self, now: float) -> None:
        """Leave the network: nothing is kept, and the key is another (TP_match_leave)."""
        self._timers.stop("tt_evse_slac_init")
        self._timers.stop("tt_matching_repetition")
        for run in list(self._runs.values()):
            self._drop(run, Failure.STOPPED, now)
        had_key_told = self._matched is not None
        if self.state in (EvseState.MATCHED, EvseState.PAUSED):
            self.emit(LinkReady(False))
        elif self._matched is not None:
            self.emit(RunFailed(self._matched.mac, self._matched.run_id, Failure.STOPPED))
        self._unmatch()
        if had_key_told:
            self._renew_key(now)
        elif self.state is EvseState.MATCHING:
            self._enter(EvseState.UNMATCHED, now)

    def _unmatch(self) -> None:
        self._timers.stop("tt_match_join")
        self._modem.stop_watch()
        self._end_amplitudes(accepted=False)
        self._matched = None

    def _renew_key(self, now: float) -> None:
        self._nmk = self._entropy(16)
        self._enter(EvseState.RESET, now)
        self._modem.set_key(self._nmk, now)

    def _drop(self, run: Run, reason: Failure, now: float) -> None:
        run.end()
        del self._runs[run.mac]
        self.emit(RunFailed(run.mac, run.run_id, reason))
        self.note(Kind.STATE, "RunFailed", now, ev=run.mac.hex(":"), reason=reason.value)

    def _discard(self, run: Run, now: float, *, report: bool) -> None:
        if report:
            self._drop(run, Failure.REPLACED, now)
        else:
            run.end()
            del self._runs[run.mac]

    def _enter(self, state: EvseState, now: float) -> None:
        self.state = state
        self.note(Kind.STATE, state.value, now)

    def _need_match(self, command: str) -> None:
        if self._matched is None:
            raise StateError(f"{command} in state {self.state.value}")
