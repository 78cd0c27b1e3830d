"""One station with its modem in virtual time, while a test plays all the others by hand."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from evproto.core import TraceSink
from evproto.slac.emulator.modem import EmulatedModem
from evproto.slac.ev import Ev, EvConfig
from evproto.slac.events import Event, Failure, RunFailed
from evproto.slac.evse import Evse, EvseConfig
from evproto.slac.messages import (
    BROADCAST,
    CmAttenCharInd,
    CmAttenCharRsp,
    CmAttenProfileInd,
    CmMnbcSoundInd,
    CmSlacMatchCnf,
    CmSlacMatchReq,
    CmSlacParmCnf,
    CmSlacParmReq,
    CmStartAttenCharInd,
    Frame,
    Mme,
    decode,
    encode,
    qualcomm,
)
from evproto.slac.modem import ModemConfig
from evproto.slac.states import EvState
from evproto.slac.station import Station
from evproto.slac.timeouts import Timeouts

EVSE_MAC = bytes.fromhex("021000000001")
EV_MAC = bytes.fromhex("022000000001")
OTHER_EV = bytes.fromhex("022000000002")
OTHER_EVSE = bytes.fromhex("021000000002")
MODEM_MAC = bytes.fromhex("023000000001")
RUN = b"run-0001"
NMK = b"a secret network"
NID = b"\1\2\3\4\5\6\7"


class Bench:
    """One machine whose modem answers by itself; the test is the rest of the line."""

    def __init__(self, station: Station, modem: EmulatedModem) -> None:
        self.station = station
        self.modem = modem
        self.now = 0.0
        self.linked = False
        self.sent: list[tuple[float, Frame]] = []
        self.events: list[Event] = []

    def settle(self) -> None:
        """Take outputs and events; what goes to the modem is answered at once."""
        while (data := self.station.next_output()) is not None:
            frame = decode(data)
            if frame.destination == qualcomm.LOCAL_MODEM:
                self._ask_modem(frame)
            else:
                self.sent.append((self.now, frame))
        while (event := self.station.next_event()) is not None:
            self.events.append(event)

    def give(self, source: bytes, message: Mme, destination: bytes | None = None) -> list[Mme]:
        """Give the machine a frame; returns what it sends at once."""
        return self.give_raw(encode(Frame(destination or self.station.mac, source, message)))

    def give_raw(self, data: bytes) -> list[Mme]:
        """Give the machine any bytes."""
        before = len(self.sent)
        self.station.receive(data, self.now)
        self.settle()
        return [frame.message for _, frame in self.sent[before:]]

    def wait(self, seconds: float) -> list[Mme]:
        """Let the time pass; returns what is sent meanwhile."""
        before = len(self.sent)
        end = self.now + seconds
        while (deadline := self.station.deadline) is not None and deadline <= end:
            self.now = max(self.now, deadline)
            self.station.advance(self.now)
            self.settle()
        self.now = end
        self.station.advance(end)
        self.settle()
        return [frame.message for _, frame in self.sent[before:]]

    def got(self, kind: type[Event]) -> list[Event]:
        """The events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]

    def _ask_modem(self, frame: Frame) -> None:
        peers = [EmulatedModem(mac=b"\2\3\0\0\0\0")] if self.linked else []
        answer = self.modem.answer(frame.message, peers, self.now)
        if answer is not None:
            self.station.receive(encode(Frame(frame.source, self.modem.mac, answer)), self.now)


class EvseBench(Bench):
    """A charger; the test is the cars.

    plugged: the pilot is in state B from the beginning.
    """

    station: Evse

    def __init__(
        self,
        config: EvseConfig | None = None,
        *,
        modem: EmulatedModem | None = None,
        modem_config: ModemConfig | None = None,
        timeouts: Timeouts | None = None,
        trace: TraceSink | None = None,
        plugged: bool = True,
        seed: int = 1,
    ) -> None:
        evse = Evse(
            mac=EVSE_MAC,
            entropy=random.Random(seed).randbytes,
            config=config,
            modem=modem_config,
            timeouts=timeouts,
            trace=trace,
        )
        super().__init__(evse, modem or EmulatedModem(mac=MODEM_MAC))
        evse.start(0.0)
        if plugged:
            evse.pilot("B", 0.0)
        self.settle()

    def pilot(self, state: str) -> list[Mme]:
        """The control pilot changes."""
        before = len(self.sent)
        self.station.pilot(state, self.now)
        self.settle()
        return [frame.message for _, frame in self.sent[before:]]

    def parameters(self, source: bytes = EV_MAC, run: bytes = RUN) -> list[Mme]:
        """CM_SLAC_PARM.REQ."""
        return self.give(source, CmSlacParmReq(run_id=run), BROADCAST)

    def start(self, source: bytes = EV_MAC, run: bytes = RUN, sounds: int = 10) -> list[Mme]:
        """CM_START_ATTEN_CHAR.IND."""
        message = CmStartAttenCharInd(num_sounds=sounds, forwarding_sta=source, run_id=run)
        return self.give(source, message, BROADCAST)

    def sound(self, count: int = 1, level: int = 10, source: bytes = EV_MAC, run: bytes = RUN) -> list[Mme]:
        """Sounds, each with the modem's profile; returns the answers."""
        answers: list[Mme] = []
        for left in range(count - 1, -1, -1):
            answers += self.give(source, CmMnbcSoundInd(cnt=left, run_id=run, rnd=bytes(16)), BROADCAST)
            answers += self.give(self.modem.mac, CmAttenProfileInd(pev_mac=source, aag=bytes([level]) * 58))
        return answers

    def response(self, source: bytes = EV_MAC, run: bytes = RUN) -> list[Mme]:
        """CM_ATTEN_CHAR.RSP."""
        return self.give(source, CmAttenCharRsp(source_address=source, run_id=run))

    def match(self, source: bytes = EV_MAC, run: bytes = RUN) -> list[Mme]:
        """CM_SLAC_MATCH.REQ."""
        return self.give(source, CmSlacMatchReq(pev_mac=source, evse_mac=EVSE_MAC, run_id=run))

    def to_sounding(self, source: bytes = EV_MAC, run: bytes = RUN) -> None:
        """Up to the first sound."""
        self.parameters(source, run)
        self.start(source, run)

    def to_wait_match(self, source: bytes = EV_MAC, run: bytes = RUN) -> None:
        """Up to the report that the car has confirmed."""
        self.to_sounding(source, run)
        self.sound(10, source=source, run=run)
        self.response(source, run)

    def to_matched(self) -> None:
        """Up to the link."""
        self.to_wait_match()
        self.linked = True
        self.match()
        self.wait(0.3)


class EvBench(Bench):
    """A car; the test is the chargers."""

    station: Ev

    def __init__(
        self,
        config: EvConfig | None = None,
        *,
        modem: EmulatedModem | None = None,
        modem_config: ModemConfig | None = None,
        timeouts: Timeouts | None = None,
        trace: TraceSink | None = None,
        seed: int = 1,
    ) -> None:
        ev = Ev(
            mac=EV_MAC,
            entropy=random.Random(seed).randbytes,
            config=config,
            modem=modem_config,
            timeouts=timeouts,
            trace=trace,
        )
        super().__init__(ev, modem or EmulatedModem(mac=MODEM_MAC))

    def state_is(self, state: EvState) -> bool:
        """Whether the car is in this state."""
        return self.station.state is state

    def begin(self) -> None:
        """The plug is in."""
        self.station.start(self.now)
        self.settle()

    @property
    def run(self) -> bytes:
        """The run identifier."""
        return self.station.run_id

    def confirm(self, source: bytes = EVSE_MAC) -> list[Mme]:
        """CM_SLAC_PARM.CNF of a charger."""
        return self.give(source, CmSlacParmCnf(forwarding_sta=EV_MAC, run_id=self.run))

    def report(self, level: int, source: bytes = EVSE_MAC) -> list[Mme]:
        """CM_ATTEN_CHAR.IND of a charger."""
        message = CmAttenCharInd(
            source_address=EV_MAC, run_id=self.run, num_sounds=10, aag=bytes([level]) * 58
        )
        return self.give(source, message)

    def to_reports(self, *sources: bytes) -> None:
        """Up to the last sound, with these chargers around."""
        self.begin()
        for source in sources or (EVSE_MAC,):
            self.confirm(source)
        self.wait(0.25)


def kinds(messages: list[Mme]) -> list[type[Mme]]:
    """The classes of the messages."""
    return [type(message) for message in messages]


def only(messages: list[Mme], kind: type[Mme]) -> Mme:
    """The one message, which must be of that class."""
    assert kinds(messages) == [kind], messages
    return messages[0]


def failures(bench: Bench) -> list[Failure]:
    """Why runs have failed, in order."""
    return [event.reason for event in bench.events if isinstance(event, RunFailed)]


def parameters_of(bench: EvBench, **changes: Any) -> CmSlacParmCnf:
    """A charger's CM_SLAC_PARM.CNF for the car, with these fields changed."""
    return replace(CmSlacParmCnf(forwarding_sta=EV_MAC, run_id=bench.run), **changes)


def report_of(bench: EvBench, **changes: Any) -> CmAttenCharInd:
    """A charger's CM_ATTEN_CHAR.IND for the car, with these fields changed."""
    whole = CmAttenCharInd(source_address=EV_MAC, run_id=bench.run, num_sounds=10, aag=bytes([10]) * 58)
    return replace(whole, **changes)


def confirmation(bench: EvBench, evse: bytes = EVSE_MAC, **changes: Any) -> CmSlacMatchCnf:
    """A charger's CM_SLAC_MATCH.CNF for the car, with these fields changed."""
    whole = CmSlacMatchCnf(pev_mac=EV_MAC, evse_mac=evse, run_id=bench.run, nid=NID, nmk=NMK)
    return replace(whole, **changes)


def to_match(bench: EvBench) -> None:
    """The car up to CM_SLAC_MATCH.REQ to the only charger."""
    bench.to_reports()
    bench.report(10)


def to_linked(bench: EvBench) -> None:
    """The car up to its link."""
    to_match(bench)
    bench.linked = True
    bench.give(EVSE_MAC, confirmation(bench))
    bench.wait(0.3)
