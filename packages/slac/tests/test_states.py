"""The tables of states.py hold: what they do not allow changes nothing, what follows is in them."""

from __future__ import annotations

import random

import pytest

from evproto.slac import EvseState, EvState, RunState
from evproto.slac.emulator.bench import (
    EV_MAC,
    EVSE_MAC,
    MODEM_MAC,
    RUN,
    EvBench,
    EvseBench,
    confirmation,
    parameters_of,
    report_of,
    to_linked,
    to_match,
)
from evproto.slac.messages import (
    CmAmpMapCnf,
    CmAmpMapReq,
    CmAttenCharRsp,
    CmAttenProfileInd,
    CmMnbcSoundInd,
    CmSlacMatchReq,
    CmSlacParmReq,
    CmStartAttenCharInd,
    CmValidateCnf,
    CmValidateReq,
    Mme,
    ValidateResult,
)
from evproto.slac.states import EV_ACCEPTS, EVSE_ACCEPTS, RUN_ACCEPTS, RUN_NEXT

TO_EVSE: list[tuple[bytes, Mme]] = [
    (EV_MAC, CmSlacParmReq(run_id=RUN)),
    (EV_MAC, CmStartAttenCharInd(forwarding_sta=EV_MAC, run_id=RUN)),
    (EV_MAC, CmMnbcSoundInd(cnt=1, run_id=RUN, rnd=bytes(16))),
    (MODEM_MAC, CmAttenProfileInd(pev_mac=EV_MAC, aag=bytes(58))),
    (EV_MAC, CmAttenCharRsp(source_address=EV_MAC, run_id=RUN)),
    (EV_MAC, CmValidateReq()),
    (EV_MAC, CmSlacMatchReq(pev_mac=EV_MAC, evse_mac=EVSE_MAC, run_id=RUN)),
    (EV_MAC, CmAmpMapReq.of(bytes(4))),
    (EV_MAC, CmAmpMapCnf()),
]


def evse_in(state: EvseState) -> EvseBench:
    bench = EvseBench(plugged=state is not EvseState.UNMATCHED)
    match state:
        case EvseState.RESET:
            bench.modem.silent = True
            bench.to_wait_match()
            bench.match()
            bench.pilot("A")
            bench.pilot("B")
        case EvseState.JOINING:
            bench.to_wait_match()
            bench.match()
        case EvseState.MATCHED:
            bench.to_matched()
        case EvseState.PAUSED:
            bench.to_matched()
            bench.station.d_link_pause(bench.now)
        case _:
            pass
    assert bench.station.state is state
    return bench


def run_in(state: RunState) -> EvseBench:
    bench = EvseBench()
    if state is RunState.WAIT_START:
        bench.parameters()
    elif state is RunState.SOUNDING:
        bench.to_sounding()
    elif state is RunState.WAIT_RESPONSE:
        bench.to_sounding()
        bench.sound(10)
    else:
        bench.to_wait_match()
    if state in (RunState.VALIDATE_READY, RunState.VALIDATE_TOGGLE):
        bench.give(EV_MAC, CmValidateReq())
    if state is RunState.VALIDATE_TOGGLE:
        bench.give(EV_MAC, CmValidateReq(timer=9))
    if state is RunState.MATCHED:
        bench.match()
    return bench


def ev_in(state: EvState) -> EvBench:
    bench = EvBench()
    if state is EvState.PARAMETERS:
        bench.begin()
    elif state in (EvState.SOUNDING, EvState.REPORTS):
        bench.begin()
        bench.confirm()
        bench.wait(0.05 if state is EvState.SOUNDING else 0.3)
    elif state in (EvState.VALIDATE_1, EvState.VALIDATE_2):
        bench.to_reports()
        bench.report(25)
        bench.wait(1.2 - bench.now)
        if state is EvState.VALIDATE_2:
            bench.give(EVSE_MAC, CmValidateCnf(result=ValidateResult.READY))
    elif state is EvState.RETRY:
        bench.begin()
        bench.wait(0.65)
    elif state is not EvState.UNMATCHED:
        to_match(bench)
        if state is EvState.JOINING:
            bench.give(EVSE_MAC, confirmation(bench))
        elif state in (EvState.MATCHED, EvState.PAUSED):
            bench = EvBench()
            to_linked(bench)
        if state is EvState.PAUSED:
            bench.station.d_link_pause(bench.now)
    assert bench.state_is(state)
    return bench


@pytest.mark.parametrize("state", EvseState, ids=lambda state: state.value)
def test_evse_ignores_in_each_state_what_the_table_does_not_allow(state: EvseState) -> None:
    refused = [entry for entry in TO_EVSE if type(entry[1]) not in EVSE_ACCEPTS[state]]
    for source, message in refused:
        bench = evse_in(state)
        before = bench.station.deadline
        assert bench.give(source, message) == [], message
        assert (bench.station.state, bench.station.deadline) == (state, before)


@pytest.mark.parametrize("state", RunState, ids=lambda state: state.value)
def test_run_ignores_in_each_state_what_the_table_does_not_allow(state: RunState) -> None:
    about_runs = [entry for entry in TO_EVSE if not isinstance(entry[1], CmSlacParmReq | CmAmpMapReq)]
    for source, message in about_runs:
        if type(message) in RUN_ACCEPTS[state]:
            continue
        bench = run_in(state)
        before = bench.station.deadline
        assert bench.give(source, message) == [], message
        assert bench.station.deadline == before


@pytest.mark.parametrize("state", EvState, ids=lambda state: state.value)
def test_ev_ignores_in_each_state_what_the_table_does_not_allow(state: EvState) -> None:
    def messages(bench: EvBench) -> list[Mme]:
        return [
            parameters_of(bench),
            report_of(bench),
            CmValidateCnf(result=ValidateResult.READY),
            confirmation(bench),
            CmAmpMapReq.of(bytes(4)),
            CmAmpMapCnf(),
        ]

    for index in range(6):
        bench = ev_in(state)
        message = messages(bench)[index]
        if type(message) in EV_ACCEPTS[state]:
            continue
        before = bench.station.deadline
        assert bench.give(EVSE_MAC, message) == [], message
        assert bench.state_is(state) and bench.station.deadline == before


def test_runs_go_from_state_to_state_only_as_the_table_says() -> None:
    allowed = {(state, after) for (state, _), after in RUN_NEXT.items()}
    seen: set[tuple[RunState, RunState | None]] = set()
    for seed in range(300):
        rng = random.Random(seed)
        bench = EvseBench()
        bench.parameters()
        run = bench.station._runs[EV_MAC]
        for _ in range(30):
            state = run.state
            _random_step(bench, rng)
            now = bench.station._matched or bench.station._runs.get(EV_MAC)
            if now is not run:
                seen.add((state, None))
                break
            if run.state is not state:
                seen.add((state, run.state))
    assert seen <= allowed
    assert len(seen) >= 12


def _random_step(bench: EvseBench, rng: random.Random) -> None:
    """One message of the run, or time for one timer to fall due."""
    kind = rng.randrange(10)
    if kind < 3:
        deadline = bench.station.deadline
        if deadline is not None:
            bench.wait(deadline - bench.now)
    elif kind == 3:
        bench.give(EV_MAC, CmValidateReq(timer=5))
    elif kind == 4:
        bench.give(MODEM_MAC, CmAttenProfileInd(pev_mac=EV_MAC, aag=bytes(58)))
    elif kind == 5:
        bench.start(sounds=1)
    else:
        bench.give(*rng.choice(TO_EVSE[2:7]))
