"""Which message is allowed when: the states of both sides and what each accepts.

The EVSE has one state for the plug and, while matching, one per run of a car. The handlers act
only on what stands here; everything else is ignored (ISO 15118-3 [V2G3-A09-47], [V2G3-A09-98]).
"""

from __future__ import annotations

import enum
from collections.abc import Mapping

from evproto.slac.messages import (
    CmAmpMapCnf,
    CmAmpMapReq,
    CmAttenCharInd,
    CmAttenCharRsp,
    CmAttenProfileInd,
    CmMnbcSoundInd,
    CmSlacMatchCnf,
    CmSlacMatchReq,
    CmSlacParmCnf,
    CmSlacParmReq,
    CmStartAttenCharInd,
    CmValidateCnf,
    CmValidateReq,
    Mme,
    qualcomm,
)


class EvseState(enum.Enum):
    """The EVSE's data link."""

    RESET = "Reset"
    UNMATCHED = "Unmatched"
    MATCHING = "Matching"
    JOINING = "Joining"
    MATCHED = "Matched"
    PAUSED = "Paused"


class RunState(enum.Enum):
    """One car's run at the EVSE."""

    WAIT_START = "WaitStartAttenChar"
    SOUNDING = "Sounding"
    WAIT_RESPONSE = "WaitAttenCharRsp"
    WAIT_MATCH = "WaitMatch"
    VALIDATE_READY = "ValidateReady"
    VALIDATE_TOGGLE = "ValidateToggle"
    MATCHED = "RunMatched"


class EvState(enum.Enum):
    """The EV's data link."""

    UNMATCHED = "Unmatched"
    PARAMETERS = "WaitSlacParmCnf"
    SOUNDING = "Sounding"
    REPORTS = "WaitAttenCharInd"
    VALIDATE_1 = "WaitValidateCnf1"
    VALIDATE_2 = "WaitValidateCnf2"
    MATCH = "WaitSlacMatchCnf"
    RETRY = "WaitRepetition"
    JOINING = "Joining"
    MATCHED = "Matched"
    PAUSED = "Paused"


_PROFILES = (CmAttenProfileInd, qualcomm.VsAttenuationCharacteristicsInd)
_AMPLITUDES = (CmAmpMapReq, CmAmpMapCnf)

EVSE_ACCEPTS: Mapping[EvseState, frozenset[type[Mme]]] = {
    EvseState.RESET: frozenset(),
    EvseState.UNMATCHED: frozenset(),
    EvseState.MATCHING: frozenset(
        {CmSlacParmReq, CmStartAttenCharInd, CmMnbcSoundInd, *_PROFILES}
        | {CmAttenCharRsp, CmValidateReq, CmSlacMatchReq}
    ),
    EvseState.JOINING: frozenset({CmSlacMatchReq, CmSlacParmReq, *_AMPLITUDES}),
    EvseState.MATCHED: frozenset(_AMPLITUDES),
    EvseState.PAUSED: frozenset(_AMPLITUDES),
}

RUN_ACCEPTS: Mapping[RunState, frozenset[type[Mme]]] = {
    RunState.WAIT_START: frozenset({CmStartAttenCharInd}),
    RunState.SOUNDING: frozenset({CmStartAttenCharInd, CmMnbcSoundInd, *_PROFILES}),
    RunState.WAIT_RESPONSE: frozenset({CmAttenCharRsp}),
    RunState.WAIT_MATCH: frozenset({CmAttenCharRsp, CmValidateReq, CmSlacMatchReq}),
    RunState.VALIDATE_READY: frozenset({CmValidateReq, CmSlacMatchReq}),
    RunState.VALIDATE_TOGGLE: frozenset(),
    RunState.MATCHED: frozenset({CmSlacMatchReq}),
}

RUN_NEXT: Mapping[tuple[RunState, str], RunState | None] = {
    (RunState.WAIT_START, "CmStartAttenCharInd"): RunState.SOUNDING,
    (RunState.WAIT_START, "tt_match_sequence"): None,
    (RunState.SOUNDING, "all sounds or tt_evse_match_mnbc"): RunState.WAIT_RESPONSE,
    (RunState.SOUNDING, "no sound at tt_evse_match_mnbc"): None,
    (RunState.WAIT_RESPONSE, "CmAttenCharRsp"): RunState.WAIT_MATCH,
    (RunState.WAIT_RESPONSE, "retries used up"): None,
    (RunState.WAIT_MATCH, "CmValidateReq"): RunState.VALIDATE_READY,
    (RunState.WAIT_MATCH, "CmSlacMatchReq"): RunState.MATCHED,
    (RunState.WAIT_MATCH, "tt_evse_match_session"): None,
    (RunState.VALIDATE_READY, "CmValidateReq with timer"): RunState.VALIDATE_TOGGLE,
    (RunState.VALIDATE_READY, "CmSlacMatchReq"): RunState.MATCHED,
    (RunState.VALIDATE_READY, "tt_match_sequence"): RunState.WAIT_MATCH,
    (RunState.VALIDATE_TOGGLE, "tt_evse_vald_toggle"): RunState.WAIT_MATCH,
    (RunState.MATCHED, "CmSlacMatchReq"): RunState.MATCHED,
}
"""What follows, for drawing and for tests; None: the run has failed."""

EV_ACCEPTS: Mapping[EvState, frozenset[type[Mme]]] = {
    EvState.UNMATCHED: frozenset(),
    EvState.PARAMETERS: frozenset({CmSlacParmCnf}),
    EvState.SOUNDING: frozenset({CmSlacParmCnf, CmAttenCharInd}),
    EvState.REPORTS: frozenset({CmSlacParmCnf, CmAttenCharInd}),
    EvState.VALIDATE_1: frozenset({CmAttenCharInd, CmValidateCnf}),
    EvState.VALIDATE_2: frozenset({CmAttenCharInd, CmValidateCnf}),
    EvState.MATCH: frozenset({CmAttenCharInd, CmSlacMatchCnf}),
    EvState.RETRY: frozenset(),
    EvState.JOINING: frozenset(_AMPLITUDES),
    EvState.MATCHED: frozenset(_AMPLITUDES),
    EvState.PAUSED: frozenset(_AMPLITUDES),
}
