"""The signed start and stop of a charging transaction, whatever the meter: one machine.

Outputs are commands for the meter, inputs its replies; a translator for each kind of meter stands
between (`em580`, `lem_dcbm`). The order is: look at the meter, fetch what an interrupted
transaction left, set the clock, start; stop, wait for the record, read it, confirm that it was read.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from evproto.core import Kind, Machine, StateError, Trace, TraceSink
from evproto.modbus_meter.signing.messages import (
    Activity,
    Begin,
    Command,
    ConfirmRecord,
    Done,
    End,
    Failure,
    GetStatus,
    ReadRecord,
    Ready,
    Record,
    Recovered,
    Reply,
    SetTime,
    SigningEvent,
    Started,
    StartRefused,
    Status,
    Stopped,
    TransactionRequest,
    Trouble,
)


class State(enum.Enum):
    """Where the machine stands; `WAITING` before `begin`."""

    WAITING = "waiting"
    LOOKING = "looking"
    ENDING_OTHER = "ending_other"
    SETTING_TIME = "setting_time"
    READY = "ready"
    STARTING = "starting"
    CHECKING_START = "checking_start"
    RUNNING = "running"
    STOPPING = "stopping"
    AWAITING_RECORD = "awaiting_record"
    READING = "reading"
    CONFIRMING = "confirming"


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningOptions:
    """Seconds: for one command, between looks at the meter, and before a new try after a fault."""

    timeout: float = 5.0
    poll: float = 0.2
    pause: float = 2.0
    start_tries: int = 3
    resync: float = 3600.0


class SigningSession(Machine[Reply, Command, SigningEvent]):
    """One meter's transactions. `wall_clock` and `offset_minutes` come with `begin` and `set_clock`.

    A start is tried a few times and then refused. A stop is tried until the record is read, for the
    record is worth money. After a reboot `begin` finds a running transaction, ends it and gives its
    record as `Recovered`, or, with `resume`, goes on with it.
    """

    def __init__(self, options: SigningOptions | None = None, *, trace: TraceSink | None = None) -> None:
        super().__init__(trace=trace)
        self.state = State.WAITING
        self._options = options or SigningOptions()
        self._clock = (0.0, 0.0, 0)
        self._request: TransactionRequest | None = None
        self._transaction = ""
        self._resume = ""
        self._ours = False
        self._record_text = ("", "")
        self._tries = 0
        self._end_again = False
        self._abandoned = False
        self._pending: Command | None = None

    def begin(self, now: float, *, wall_clock: float, offset_minutes: int = 0, resume: str = "") -> None:
        """Look at the meter. `wall_clock` is seconds since 1970 at `now`; `resume` a transaction's id."""
        self._need(State.WAITING)
        self.set_clock(now, wall_clock=wall_clock, offset_minutes=offset_minutes)
        self._resume = resume
        self._look(now)

    def set_clock(self, now: float, *, wall_clock: float, offset_minutes: int = 0) -> None:
        """Say what time it is; sent to the meter before the next start."""
        self._clock = (now, wall_clock, offset_minutes)

    def start(self, request: TransactionRequest, now: float) -> None:
        """Begin a transaction; the answer is `Started` or `StartRefused`."""
        self._need(State.READY)
        self._request, self._transaction, self._ours, self._tries = request, request.transaction_id, True, 0
        self._timers.stop("resync")
        self._set_time(now)

    def stop(self, now: float) -> None:
        """End the transaction; `Stopped` follows when the record is here."""
        self._need(State.RUNNING)
        self._send(State.STOPPING, End(self._transaction), now)

    def abandon(self, now: float) -> None:
        """Give up the record of a transaction that is over: the way out when it cannot be read."""
        if self.state not in (State.STOPPING, State.AWAITING_RECORD, State.READING, State.CONFIRMING):
            raise StateError(f"the signing session is {self.state.value}: there is no record to abandon")
        self._abandoned = True
        self._events.append(Trouble(f"the record of {self._transaction!r} is given up"))
        self._send(State.CONFIRMING, ConfirmRecord(), now)

    def receive(self, item: Reply, now: float) -> None:
        """Take the meter's reply to the command under way; one that nothing waits for is left aside."""
        command, self._pending = self._pending, None
        self._timers.stop("reply")
        if command is None:
            self._events.append(Trouble(f"a reply that nothing asked for: {type(item).__name__}"))
            return
        if isinstance(item, Failure):
            self._failed(command, item, now)
        elif isinstance(item, _REPLY_OF[type(command)]):
            self._took(item, now)
        else:
            self._failed(command, Failure(f"{type(item).__name__} answers {type(command).__name__}"), now)

    def _need(self, state: State) -> None:
        if self.state is not state:
            raise StateError(f"the signing session is {self.state.value}, not {state.value}")

    def _took(self, reply: Reply, now: float) -> None:
        match self.state, reply:
            case State.LOOKING, Status():
                self._looked(reply, now)
            case State.ENDING_OTHER, Done():
                self._send(State.AWAITING_RECORD, GetStatus(), now)
            case State.SETTING_TIME, Done():
                self._time_is_set(now)
            case State.STARTING, Done(record=record):
                self._started(record)
            case State.CHECKING_START, Status(activity=activity):
                self._start_checked(activity, now)
            case State.STOPPING, Done():
                self._send(State.AWAITING_RECORD, GetStatus(), now)
            case State.AWAITING_RECORD, Status(activity=activity):
                self._record_awaited(activity, now)
            case State.READING, Record(text=text, public_key=key):
                self._record_text = (text, key)
                self._send(State.CONFIRMING, ConfirmRecord(), now)
            case State.CONFIRMING, Done():
                self._finished(now)

    def _looked(self, status: Status, now: float) -> None:
        if status.activity is Activity.IDLE:
            self._set_time(now)
            return
        self._transaction = status.transaction_id
        if (
            status.activity is Activity.RUNNING
            and self._resume
            and status.transaction_id in ("", self._resume)
        ):
            self._transaction, self._ours = self._resume, True
            self._started("")
        elif status.activity is Activity.RUNNING:
            self._send(State.ENDING_OTHER, End(status.transaction_id), now)
        else:
            self._ours = bool(self._resume) and status.transaction_id == self._resume
            self._send(State.READING, ReadRecord(status.transaction_id), now)

    def _set_time(self, now: float) -> None:
        since, wall_clock, offset = self._clock
        self._send(State.SETTING_TIME, SetTime(wall_clock + now - since, offset), now)

    def _time_is_set(self, now: float) -> None:
        if self._request is None:
            self._enter(State.READY, now)
            self._timers.start("resync", now + self._options.resync)
            self._events.append(Ready())
        else:
            self._send(State.STARTING, Begin(self._request), now)

    def _started(self, record: str) -> None:
        self.state = State.RUNNING
        self._request = None
        self._resume = ""
        self._events.append(Started(self._transaction, record))

    def _start_checked(self, activity: Activity, now: float) -> None:
        if activity is Activity.RUNNING:
            self._started("")
        else:
            self._set_time(now)

    def _record_awaited(self, activity: Activity, now: float) -> None:
        if activity is Activity.RECORD_READY:
            self._send(State.READING, ReadRecord(self._transaction), now)
        elif activity is Activity.RUNNING and self._end_again:
            self._end_again = False
            self._send(State.STOPPING, End(self._transaction), now)
        elif activity is Activity.RUNNING:
            self._retry_later(now, self._options.poll)
        else:
            self._events.append(Trouble(f"the meter has no record of {self._transaction!r}"))
            self._forget()
            self._set_time(now)

    def _finished(self, now: float) -> None:
        if not self._abandoned:
            kind = Stopped if self._ours else Recovered
            self._events.append(kind(self._transaction, *self._record_text))
        self._forget()
        self._set_time(now)

    def _forget(self) -> None:
        self._request, self._transaction, self._resume, self._ours = None, "", "", False
        self._record_text = ("", "")
        self._abandoned = self._end_again = False

    def _failed(self, command: Command, failure: Failure, now: float) -> None:
        self._events.append(Trouble(f"{type(command).__name__}: {failure.text}"))
        if self.state in (State.SETTING_TIME, State.STARTING, State.CHECKING_START) and self._request:
            self._start_failed(failure, now)
        else:
            self._retry_later(now, self._options.pause)

    def _start_failed(self, failure: Failure, now: float) -> None:
        assert self._request is not None
        self._tries += 1
        if self._tries < self._options.start_tries:
            if self.state is State.STARTING and failure.lost:
                # whether it started is unknown: to begin once more could sign two transactions
                self._send(State.CHECKING_START, GetStatus(), now)
            else:
                self._retry_later(now, self._options.pause)
            return
        self._events.append(StartRefused(self._request.transaction_id, failure.text))
        self._forget()
        self._look(now)

    def _look(self, now: float) -> None:
        self._send(State.LOOKING, GetStatus(), now)

    def _retry_later(self, now: float, after: float) -> None:
        self._timers.start("retry", now + after)

    def _retry(self, now: float) -> None:
        match self.state:
            case State.LOOKING | State.CHECKING_START | State.AWAITING_RECORD:
                self._send(self.state, GetStatus(), now)
            case State.ENDING_OTHER | State.STOPPING:
                # the end may have worked though its answer was lost: look, and end again if it did not
                self._end_again = True
                self._send(State.AWAITING_RECORD, GetStatus(), now)
            case State.SETTING_TIME:
                self._set_time(now)
            case State.STARTING if self._request:
                self._send(State.STARTING, Begin(self._request), now)
            case State.READING:
                self._send(State.READING, ReadRecord(self._transaction), now)
            case State.CONFIRMING:
                self._send(State.CONFIRMING, ConfirmRecord(), now)

    def _send(self, state: State, command: Command, now: float) -> None:
        self._enter(state, now)
        self._pending = command
        self._outputs.append(command)
        self._timers.start("reply", now + self._options.timeout)

    def _enter(self, state: State, now: float) -> None:
        if state is not self.state:
            self._record(Trace(time=now, source="meter.signing", kind=Kind.STATE, name=state.value))
        self.state = state
        self._timers.stop("retry")

    def _on_timer(self, name: str, now: float) -> None:
        if name == "retry":
            self._retry(now)
        elif name == "resync":
            self._set_time(now)
        else:
            command, self._pending = self._pending, None
            assert command is not None
            self._failed(command, Failure("no reply", lost=True), now)


_REPLY_OF: dict[type[Command], type[Reply]] = {
    GetStatus: Status,
    SetTime: Done,
    Begin: Done,
    End: Done,
    ReadRecord: Record,
    ConfirmRecord: Done,
}
