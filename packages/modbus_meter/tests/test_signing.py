"""Signed start and stop: with both kinds of meter, over lossy lines, across reboots."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from evproto.core import StateError
from evproto.core.modbus import Answer, Failed, Registers, Request, checked
from evproto.core.modbus import Failure as LineFailure
from evproto.modbus_meter.ocmf import KeySigner, parse_ocmf, verify_ocmf
from evproto.modbus_meter.signing import (
    Activity,
    Begin,
    Command,
    Done,
    End,
    Failure,
    GetStatus,
    HttpResponse,
    LemDcbm,
    ReadRecord,
    Ready,
    Record,
    Recovered,
    Reply,
    SetTime,
    SigningOptions,
    SigningSession,
    Started,
    StartRefused,
    State,
    Status,
    Stopped,
    TransactionRequest,
    Trouble,
    em580_command,
)
from evproto.modbus_meter.signing.simulation import Em580Front, LemFront, SigningMeter

REQUEST = TransactionRequest(
    transaction_id="0a1b-2c",
    evse_id="DE*ABC*E1",
    identification_status=True,
    identification_level="TRUSTED",
    identification_flags=("RFID_PLAIN", "OCPP_AUTH"),
    identification_type="ISO14443",
    identification_data="1F2D3A4F5506C7",
    tariff_text="0.42 EUR/kWh",
)
WALL = 1_777_000_000.0


class Bench:
    """A meter of either kind in memory, with a counter that grows."""

    def __init__(self, kind: str, curve: ec.EllipticCurve | None = None) -> None:
        self.energy = 1000.0
        signer = KeySigner(ec.derive_private_key(4711, curve or ec.SECP256R1()))
        self.meter = SigningMeter(signer, lambda: self.energy)
        self.kind = kind
        self.front = Em580Front(self.meter) if kind == "em580" else LemFront(self.meter)
        self.lem = LemDcbm()

    def execute(self, command: Command, break_after: int | None = None) -> Reply:
        """Carry one command out; `break_after` exchanges the line is dead."""
        count = 0
        flow = em580_command(command) if self.kind == "em580" else self.lem.command(command)
        try:
            request = next(flow)  # type: ignore[call-overload]
            while True:
                dead = break_after is not None and count >= break_after
                # the exchange in which the line breaks still reaches the meter every second time
                if not dead or count % 2:
                    answer = self._exchange(request)
                if dead:
                    answer = self._broken()
                count += 1
                request = flow.send(answer)  # type: ignore[arg-type]
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]

    def _exchange(self, request: object) -> Answer | HttpResponse:
        if isinstance(self.front, LemFront):
            return self.front.respond(request)  # type: ignore[arg-type]
        answer = self.front.answer(request)  # type: ignore[arg-type]
        assert answer is not None
        return checked(request, answer)  # type: ignore[arg-type]

    def _broken(self) -> Answer | HttpResponse:
        return HttpResponse(0) if self.kind == "lem" else Failed(failure=LineFailure.TIMEOUT)


@dataclass
class Drive:
    """Virtual time between a session and a bench."""

    session: SigningSession
    carry: Callable[[Command], Reply | None]
    now: float = 0.0
    events: list[object] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)

    def settle(self) -> None:
        while True:
            while (event := self.session.next_event()) is not None:
                self.events.append(event)
            command = self.session.next_output()
            if command is None:
                return
            self.commands.append(command)
            reply = self.carry(command)
            if reply is not None:
                self.session.receive(reply, self.now)

    def until(self, state: State, limit: float = 600.0) -> None:
        end = self.now + limit
        self.settle()
        while self.session.state is not state:
            deadline = self.session.deadline
            assert deadline is not None, f"{self.session.state} waits for nothing"
            assert deadline <= end, f"{self.session.state} after {limit} s: {self.events[-5:]}"
            self.now = max(self.now, deadline)
            self.session.advance(self.now)
            self.settle()

    def of(self, kind: type) -> list:  # type: ignore[type-arg]
        return [event for event in self.events if isinstance(event, kind)]


def begun(bench: Bench, **options: object) -> Drive:
    drive = Drive(SigningSession(), bench.execute)
    drive.session.begin(0.0, wall_clock=WALL, offset_minutes=120, **options)  # type: ignore[arg-type]
    drive.settle()
    return drive


KINDS = pytest.mark.parametrize("kind", ["em580", "lem"])


@KINDS
def test_a_transaction_is_signed_from_start_to_stop(kind: str) -> None:
    bench = Bench(kind)
    drive = begun(bench)
    assert drive.of(Ready)
    drive.session.start(REQUEST, 1.0)
    drive.settle()
    assert drive.of(Started) == [Started("0a1b-2c", "")]
    bench.energy += 11_040
    drive.now = 200.0
    drive.session.stop(200.0)
    drive.until(State.READY)
    (stopped,) = drive.of(Stopped)
    record = parse_ocmf(stopped.record)
    assert verify_ocmf(record, stopped.public_key)
    payload = record.payload
    first, last = payload.readings
    assert last.wh - first.wh == 11_040  # type: ignore[operator]
    assert first.time.utcoffset().total_seconds() == 7200  # type: ignore[union-attr]
    assert payload.identification_data == "1F2D3A4F5506C7"
    assert payload.charge_point_identification == "DE*ABC*E1"
    if kind == "em580":
        assert payload.identification_flags == ("RFID_PLAIN", "OCPP_AUTH")
        assert payload.identification_level == "TRUSTED"


def test_a_long_record_of_a_384_bit_meter_is_read_in_pieces() -> None:
    bench = Bench("em580", ec.SECP384R1())
    drive = begun(bench)
    drive.session.start(REQUEST, 0.0)
    drive.settle()
    drive.session.stop(1.0)
    drive.until(State.READY)
    assert len(drive.of(Stopped)[0].record) > 500
    assert verify_ocmf(parse_ocmf(drive.of(Stopped)[0].record), drive.of(Stopped)[0].public_key)


@KINDS
def test_a_transaction_that_runs_after_a_reboot_is_ended_and_its_record_kept(kind: str) -> None:
    bench = Bench(kind)
    first = begun(bench)
    first.session.start(REQUEST, 0.0)
    first.settle()
    bench.lem = LemDcbm()
    second = begun(bench)
    second.until(State.READY)
    (recovered,) = second.of(Recovered)
    assert recovered.transaction_id == "0a1b-2c"
    assert verify_ocmf(parse_ocmf(recovered.record), recovered.public_key)
    assert second.of(Stopped) == []


@KINDS
def test_a_transaction_is_gone_on_with_when_asked_for(kind: str) -> None:
    bench = Bench(kind)
    first = begun(bench)
    first.session.start(REQUEST, 0.0)
    first.settle()
    second = begun(bench, resume="0a1b-2c")
    assert second.session.state is State.RUNNING
    second.session.stop(1.0)
    second.until(State.READY)
    assert second.of(Stopped)[0].transaction_id == "0a1b-2c"
    assert bench.meter.pagination == 1


def test_a_record_left_by_a_power_cut_is_read_first() -> None:
    bench = Bench("em580")
    first = begun(bench)
    first.session.start(REQUEST, 0.0)
    first.settle()
    bench.execute(End(""))
    second = begun(bench)
    second.until(State.READY)
    assert second.of(Recovered)[0].transaction_id == "0a1b-2c"


@KINDS
def test_a_meter_that_refuses_to_start_is_told_and_nothing_runs(kind: str) -> None:
    bench = Bench(kind)
    drive = begun(bench)
    bench.meter.begin = lambda request: False  # type: ignore[method-assign]
    drive.session.start(REQUEST, 0.0)
    drive.until(State.READY)
    assert [event.transaction_id for event in drive.of(StartRefused)] == ["0a1b-2c"]
    assert drive.of(Started) == []
    assert bench.meter.running is None


def test_a_start_whose_answer_is_lost_is_looked_after_not_repeated() -> None:
    bench = Bench("em580")
    lost = {"once": True}

    def carry(command: Command) -> Reply | None:
        reply = bench.execute(command)
        if type(command).__name__ == "Begin" and lost.pop("once", False):
            return None
        return reply

    drive = Drive(SigningSession(), carry)
    drive.session.begin(0.0, wall_clock=WALL)
    drive.settle()
    drive.session.start(REQUEST, 0.0)
    drive.until(State.RUNNING)
    assert sum(type(command).__name__ == "Begin" for command in drive.commands) == 1
    assert len(drive.of(Started)) == 1


def test_a_stop_whose_answer_is_lost_still_brings_the_record() -> None:
    bench = Bench("lem")
    drive = begun(bench)
    drive.session.start(REQUEST, 0.0)
    drive.settle()
    lost = {"once": True}

    def carry(command: Command) -> Reply | None:
        reply = bench.execute(command)
        return None if type(command).__name__ == "End" and lost.pop("once", False) else reply

    drive.carry = carry
    drive.session.stop(10.0)
    drive.now = 10.0
    drive.until(State.READY)
    assert verify_ocmf(parse_ocmf(drive.of(Stopped)[0].record), drive.of(Stopped)[0].public_key)


@settings(deadline=None, max_examples=80)
@given(st.sampled_from(["em580", "lem"]), st.integers(0, 2**32), st.floats(0.0, 0.5))
def test_over_any_lossy_line_each_started_transaction_gives_one_true_record(
    kind: str, seed: int, loss: float
) -> None:
    rng = random.Random(seed)
    bench = Bench(kind)

    def carry(command: Command) -> Reply | None:
        if rng.random() < loss:
            return bench.execute(command, break_after=rng.randrange(6)) if rng.random() < 0.7 else None
        reply = bench.execute(command)
        return None if rng.random() < loss / 2 else reply

    drive = Drive(SigningSession(), carry)
    drive.session.begin(0.0, wall_clock=WALL)
    for number in range(3):
        drive.until(State.READY, 3600)
        request = TransactionRequest(transaction_id=f"t{number}", evse_id="E1")
        drive.session.start(request, drive.now)
        drive.settle()
        while drive.session.state not in (State.RUNNING, State.READY):
            drive.now = drive.session.deadline or drive.now
            drive.session.advance(drive.now)
            drive.settle()
        if drive.session.state is State.RUNNING:
            bench.energy += 500
            drive.session.stop(drive.now)
            drive.until(State.READY, 3600)
    started = [event.transaction_id for event in drive.of(Started)]
    stopped = [event.transaction_id for event in drive.of(Stopped)]
    assert stopped == started
    pages = set()
    for event in drive.of(Stopped) + drive.of(Recovered):
        record = parse_ocmf(event.record)
        assert verify_ocmf(record, event.public_key)
        pages.add(record.payload.pagination)
    assert len(pages) == len(drive.of(Stopped)) + len(drive.of(Recovered))
    assert bench.meter.running is None


REPLIES: list[Reply] = [
    Status(Activity.IDLE),
    Status(Activity.RUNNING, "x"),
    Status(Activity.RECORD_READY, "x"),
    Done(),
    Record("OCMF|x", ""),
    Failure("no"),
    Failure("gone", lost=True),
]


@settings(deadline=None, max_examples=300)
@given(st.lists(st.tuples(st.integers(0, len(REPLIES) - 1), st.floats(0, 20)), max_size=40))
def test_every_reply_in_every_state_leaves_no_exception(steps: list[tuple[int, float]]) -> None:
    session = SigningSession()
    session.begin(0.0, wall_clock=WALL)
    now = 0.0
    for choice, pause in steps:
        now += pause
        session.advance(now)
        session.receive(REPLIES[choice], now)
        if session.state is State.READY:
            session.start(REQUEST, now)
        elif session.state is State.RUNNING:
            session.stop(now)
        assert session.deadline is not None or session.state is State.RUNNING


def test_commands_at_the_wrong_time_are_faults_of_the_application() -> None:
    session = SigningSession()
    for command in (lambda: session.start(REQUEST, 0), lambda: session.stop(0), lambda: session.abandon(0)):
        with pytest.raises(StateError):
            command()
    session.begin(0.0, wall_clock=WALL)
    with pytest.raises(StateError):
        session.begin(0.0, wall_clock=WALL)


def test_a_record_that_cannot_be_read_can_be_abandoned() -> None:
    bench = Bench("em580")
    drive = begun(bench)
    drive.session.start(REQUEST, 0.0)
    drive.settle()

    def carry(command: Command) -> Reply | None:
        return Failure("corrupted") if type(command).__name__ == "ReadRecord" else bench.execute(command)

    drive.carry = carry
    drive.session.stop(0.0)
    drive.settle()
    assert drive.session.state is State.READING
    drive.session.abandon(1.0)
    drive.until(State.READY)
    assert drive.of(Stopped) == []
    assert any("given up" in event.text for event in drive.of(Trouble))


def test_the_clock_is_set_again_after_an_hour_of_rest() -> None:
    bench = Bench("em580")
    drive = begun(bench)
    drive.now = SigningOptions().resync
    drive.session.advance(drive.now)
    drive.settle()
    assert bench.meter.time is not None
    assert bench.meter.time.timestamp() == pytest.approx(WALL + 3600, abs=1)


def test_an_identification_that_does_not_fit_is_refused_not_shortened() -> None:
    long = TransactionRequest(transaction_id="t", evse_id="E", identification_data="1" * 40)

    reply = Bench("em580").execute(Begin(long))
    assert isinstance(reply, Failure)
    assert "more than 39 bytes" in reply.text


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=40), st.integers(0, 600))
def test_any_answer_of_a_lem_is_a_reply(body: bytes, status: int) -> None:

    for command in (GetStatus(), SetTime(WALL, 60), Begin(REQUEST), End("x"), ReadRecord("x")):
        flow = LemDcbm().command(command)
        try:
            next(flow)
            while True:
                flow.send(HttpResponse(status, body.decode("latin-1")))
        except StopIteration as end:
            assert isinstance(end.value, Status | Done | Record | Failure)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32))
def test_any_registers_of_an_em580_give_a_reply(seed: int) -> None:

    rng = random.Random(seed)

    def answer(request: Request) -> Answer:
        return Registers(unit=1, function=request.function, data=rng.randbytes(2 * request.count))

    for command in (GetStatus(), ReadRecord("x")):
        flow = em580_command(command)
        try:
            request = next(flow)
            while True:
                request = flow.send(answer(request))
        except StopIteration as end:
            assert isinstance(end.value, Status | Record | Failure)
