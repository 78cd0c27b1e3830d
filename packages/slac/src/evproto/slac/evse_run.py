"""One car's matching run as the EVSE sees it: from its parameters to its match."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evproto.core.trace import Kind
from evproto.slac.attenuation import Average, mean_db
from evproto.slac.events import Failure, ReportSent, ValidationEnded, ValidationStarted
from evproto.slac.messages import (
    CmAttenCharInd,
    CmAttenCharRsp,
    CmAttenProfileInd,
    CmSlacMatchCnf,
    CmSlacMatchReq,
    CmStartAttenCharInd,
    CmValidateCnf,
    CmValidateReq,
    Frame,
    ValidateResult,
    qualcomm,
)
from evproto.slac.states import RunState
from evproto.slac.timeouts import C_EV_MATCH_RETRY

if TYPE_CHECKING:
    from evproto.slac.evse import Evse

_MVF_LENGTHS = (0x3E, 0x3E00)
"""62 bytes; some peers write it with the high byte first."""


class Run:
    """The run of the car at `mac` with one run identifier."""

    def __init__(self, evse: Evse, mac: bytes, run_id: bytes, now: float) -> None:
        self.mac = mac
        self.run_id = run_id
        self.began = now
        self.state = RunState.WAIT_START
        self._evse = evse
        self._timer = f"run {mac.hex()}"
        self._average = Average(evse.config.attenuation_offset_db)
        self._expected = 0
        self._report: CmAttenCharInd | None = None
        self._tries = 0
        self._phase: tuple[str, float] = ("B", now)
        self._toggles = 0
        self._validated: tuple[int, CmValidateCnf] | None = None
        self._start(evse.timeouts.tt_match_sequence, now)

    def end(self) -> None:
        """Stop the run's timer."""
        self._evse.stop_timer(self._timer)

    def on_start(self, frame: Frame, message: CmStartAttenCharInd, now: float) -> None:
        """CM_START_ATTEN_CHAR.IND; only the first of the three starts the clock."""
        if self.state is not RunState.WAIT_START:
            return
        if not self._is_sound(message):
            self._evse.ignore(frame, "its parameters are not allowed")
            return
        self._expected = message.num_sounds
        self._enter(RunState.SOUNDING, message.time_out / 10, now)

    def on_profile(
        self, message: CmAttenProfileInd | qualcomm.VsAttenuationCharacteristicsInd, now: float
    ) -> None:
        """What the own modem heard of one sound."""
        aag = message.aag
        if isinstance(message, qualcomm.VsAttenuationCharacteristicsInd):
            aag = aag[: message.num_groups]
        if self._average.add(aag) and self._average.sounds >= self._expected:
            self._send_report(now)

    def on_response(self, frame: Frame, message: CmAttenCharRsp, now: float) -> None:
        """CM_ATTEN_CHAR.RSP."""
        if message.source_address != self.mac or message.result != 0:
            self._evse.ignore(frame, "it does not accept our report")
        elif self.state is RunState.WAIT_RESPONSE:
            self._enter(RunState.WAIT_MATCH, self._evse.timeouts.tt_evse_match_session, now)

    def on_validate(self, frame: Frame, message: CmValidateReq, now: float) -> None:
        """CM_VALIDATE.REQ, step 1 or 2 (ISO 15118-3 A.9.3)."""
        if message.signal_type != 0 or message.result != ValidateResult.READY:
            self._evse.ignore(frame, "its parameters are not allowed")
        elif message.timer == 0:
            self._prepare_validation(now)
        elif self.state is RunState.VALIDATE_READY:
            self._begin_validation(message.timer, now)
        elif self._validated is not None and self._validated[0] == message.timer:
            self._evse.send(self.mac, self._validated[1], now)
        else:
            self._evse.ignore(frame, "step 1 is missing")

    def on_pilot(self, state: str, now: float) -> None:
        """Count toggles B-C-B whose phase C is neither too short nor too long."""
        before, since = self._phase
        if state == before:
            return
        limits = self._evse.timeouts
        if (before, state) == ("C", "B") and limits.vald_state_min <= now - since <= limits.vald_state_max:
            self._toggles += 1
        self._phase = (state, now)

    def on_match(self, frame: Frame, message: CmSlacMatchReq, now: float) -> bool:
        """CM_SLAC_MATCH.REQ; tells whether the run is matched by it."""
        if message.pev_mac != self.mac or message.evse_mac != self._evse.mac:
            self._evse.ignore(frame, "it means another pair")
            return False
        if message.mvf_length not in _MVF_LENGTHS:
            self._evse.ignore(frame, "its parameters are not allowed")
            return False
        confirmation = CmSlacMatchCnf(
            pev_id=message.pev_id,
            pev_mac=self.mac,
            evse_id=self._evse.config.evse_id,
            evse_mac=self._evse.mac,
            run_id=self.run_id,
            nid=self._evse.nid,
            nmk=self._evse.nmk,
        )
        self._evse.send(self.mac, confirmation, now)
        self.end()
        self.state = RunState.MATCHED
        return True

    def on_timer(self, now: float) -> None:
        """The state's time is over."""
        match self.state:
            case RunState.WAIT_START:
                self._fail(Failure.NO_START, now)
            case RunState.SOUNDING:
                self._end_sounding(now)
            case RunState.WAIT_RESPONSE:
                self._repeat_report(now)
            case RunState.WAIT_MATCH:
                self._fail(Failure.NO_MATCH_REQUEST, now)
            case RunState.VALIDATE_READY:
                self._enter(RunState.WAIT_MATCH, self._evse.timeouts.tt_evse_match_session, now)
            case RunState.VALIDATE_TOGGLE:
                self._end_validation(now)
            case RunState.MATCHED:
                pass

    def _is_sound(self, message: CmStartAttenCharInd) -> bool:
        """Table A.4; without `strict` any response type and forwarding station will do."""
        if not message.num_sounds or not message.time_out:
            return False
        if not self._evse.config.strict:
            return True
        return message.resp_type == 1 and message.forwarding_sta == self.mac

    def _end_sounding(self, now: float) -> None:
        """Report the mean of what arrived ([V2G3-A09-19]); of nothing there is nothing to report."""
        if self._average.sounds:
            self._send_report(now)
        else:
            self._fail(Failure.NO_SOUND, now)

    def _send_report(self, now: float) -> None:
        aag = self._average.profile()
        self._report = CmAttenCharInd(
            source_address=self.mac, run_id=self.run_id, num_sounds=self._average.sounds, aag=aag
        )
        self._evse.emit(ReportSent(self.mac, mean_db(aag), self._average.sounds))
        self._tries = 0
        self._evse.send(self.mac, self._report, now)
        self._enter(RunState.WAIT_RESPONSE, self._evse.timeouts.tt_match_response, now)

    def _repeat_report(self, now: float) -> None:
        self._tries += 1
        if self._tries > C_EV_MATCH_RETRY or self._report is None:
            self._fail(Failure.NO_ATTENUATION_RESPONSE, now)
            return
        self._evse.send(self.mac, self._report, now)
        self._start(self._evse.timeouts.tt_match_response, now)

    def _prepare_validation(self, now: float) -> None:
        result = self._evse.validation_result(self)
        self._evse.send(self.mac, CmValidateCnf(result=result), now)
        if result is ValidateResult.READY:
            self._validated = None
            self._enter(RunState.VALIDATE_READY, self._evse.timeouts.tt_match_sequence, now)

    def _begin_validation(self, timer: int, now: float) -> None:
        duration = min((timer + 1) / 10, self._evse.timeouts.tt_evse_vald_toggle)
        self._toggles = 0
        self._phase = (self._evse.pilot_state, now)
        self._validated = (timer, CmValidateCnf(result=ValidateResult.FAILURE))
        self._evse.emit(ValidationStarted(self.mac, duration))
        self._enter(RunState.VALIDATE_TOGGLE, duration, now)

    def _end_validation(self, now: float) -> None:
        success = self._toggles > 0
        result = ValidateResult.SUCCESS if success else ValidateResult.FAILURE
        answer = CmValidateCnf(toggle_num=min(self._toggles, 255), result=result)
        if self._validated is not None:
            self._validated = (self._validated[0], answer)
        self._evse.emit(ValidationEnded(self.mac, self._toggles, success))
        self._evse.send(self.mac, answer, now)
        self._enter(RunState.WAIT_MATCH, self._evse.timeouts.tt_evse_match_session, now)

    def _enter(self, state: RunState, timeout: float, now: float) -> None:
        self.state = state
        self._evse.note(Kind.STATE, state.value, now, ev=self.mac.hex(":"))
        self._start(timeout, now)

    def _start(self, timeout: float, now: float) -> None:
        self._evse.start_timer(self._timer, now + timeout)

    def _fail(self, reason: Failure, now: float) -> None:
        self._evse.run_failed(self, reason, now)
