"""The EV's validation of chargers that are equally likely: toggle the pilot, see who noticed.

ISO 15118-3 A.9.3. A part of `Ev`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evproto.slac.events import Failure, ToggleRequested, ValidationEnded
from evproto.slac.messages import CmValidateCnf, CmValidateReq, Frame, ValidateResult
from evproto.slac.states import EvState
from evproto.slac.timeouts import C_EV_MATCH_RETRY, C_EV_VALD_NB_TOGGLES

if TYPE_CHECKING:
    from evproto.slac.ev import Ev

_SLACK = 0.3
"""Seconds that the charger watches for longer than the toggles take."""


class ValidationPart:
    """Goes through the candidates, nearest first."""

    def __init__(self, ev: Ev) -> None:
        self._ev = ev
        self._ranked: list[tuple[bytes, float]] = []
        self._next = 0
        self._answered = False
        self._tries = 0
        self._toggles = 0
        self._request = CmValidateReq()
        self._wait = 0.0

    def begin(self, ranked: list[tuple[bytes, float]], now: float) -> None:
        """Validate these chargers, one after the other, until one has seen our toggles."""
        self._ranked, self._next, self._answered = ranked, -1, False
        self._take_next(now)

    def on_answer(self, frame: Frame, message: CmValidateCnf, now: float) -> None:
        """CM_VALIDATE.CNF of the charger that was asked."""
        if frame.source != self._evse or message.signal_type != 0:
            self._ev.ignore(frame, "it is not the answer of the charger that was asked")
            return
        self._answered = True
        if self._ev.state is EvState.VALIDATE_1:
            self._on_first_answer(message, now)
        else:
            self._on_second_answer(frame, message, now)

    def on_no_answer(self, now: float) -> None:
        """The time for an answer is over: ask again, then ask the next charger."""
        self._tries += 1
        if self._tries > C_EV_MATCH_RETRY:
            self._take_next(now)
        else:
            wait = self._ev.timeouts.tt_match_response
            self._ev.validate(self._evse, self._ev.state, self._request, wait, now)

    @property
    def _evse(self) -> bytes:
        return self._ranked[self._next][0]

    def _take_next(self, now: float) -> None:
        self._next += 1
        if self._next >= len(self._ranked):
            self._end(now)
            return
        self._tries = 0
        self._request = CmValidateReq()
        wait = self._ev.timeouts.tt_match_response
        self._ev.validate(self._evse, EvState.VALIDATE_1, self._request, wait, now)

    def _on_first_answer(self, message: CmValidateCnf, now: float) -> None:
        match message.result:
            case ValidateResult.READY:
                self._toggle(now)
            case ValidateResult.NOT_REQUIRED:
                self._ev.match(self._evse, now)
            case ValidateResult.NOT_READY:
                # Busy with another car: the response timer asks again.
                pass
            case _:
                self._take_next(now)

    def _toggle(self, now: float) -> None:
        """How often is drawn by lot, so that another car's toggles do not pass for ours."""
        phase = self._ev.config.phase
        self._toggles = 1 + self._ev.random_byte() % C_EV_VALD_NB_TOGGLES
        duration = 2 * phase * self._toggles + _SLACK
        timer = round(duration * 10) - 1
        self._tries = 0
        self._request = CmValidateReq(timer=timer)
        wait = (timer + 1) / 10 + self._ev.timeouts.tt_match_response
        self._ev.emit(ToggleRequested(self._toggles, phase))
        self._ev.validate(self._evse, EvState.VALIDATE_2, self._request, wait, now)

    def _on_second_answer(self, frame: Frame, message: CmValidateCnf, now: float) -> None:
        if message.result == ValidateResult.READY:
            self._ev.ignore(frame, "the answer to step 1 came again")
            return
        success = message.result == ValidateResult.SUCCESS and message.toggle_num == self._toggles
        self._ev.emit(ValidationEnded(self._evse, message.toggle_num, success))
        if success:
            self._ev.match(self._evse, now)
        else:
            self._take_next(now)

    def _end(self, now: float) -> None:
        """No charger was validated. Where none can be, a lone or clearly nearest one is taken."""
        nearest, loss = self._ranked[0]
        clear = len(self._ranked) == 1 or self._ranked[1][1] - loss >= self._ev.config.limits.margin
        if clear and not self._answered and not self._ev.config.strict:
            self._ev.match(nearest, now)
        else:
            self._ev.fail_run(Failure.NOT_VALIDATED, now)
