"""Watches the values of the device model and tells when a monitor triggers (N03 to N08).

A monitor's state is what it saw last: whether its alert is out, and the value from which the next
difference counts. Types and data types as in part 1, section 4.4.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Never

from evproto.core import Kind, Machine, Trace, TraceSink
from evproto.ocpp_client.device_model.model import DeviceModel
from evproto.ocpp_client.device_model.monitor_checks import (
    is_apart,
    is_change,
    is_supported,
    refuse_value,
    until_aligned,
)
from evproto.ocpp_client.device_model.monitor_store import Monitor, MonitorStore
from evproto.ocpp_client.device_model.monitor_types import (
    ClearMonitoringStatus,
    MonitoringBase,
    MonitorKind,
    MonitorType,
    SetMonitoringStatus,
    Trigger,
)
from evproto.ocpp_client.device_model.record import Record
from evproto.ocpp_client.device_model.reports import Selection
from evproto.ocpp_client.device_model.terms import (
    Attribute,
    Changed,
    Component,
    GetStatus,
    Mutability,
    Reason,
    Variable,
)

MOST_SEVERE, LEAST_SEVERE = 0, 9


class MonitoringCriterion(Enum):
    """Which monitors a report holds (N02)."""

    THRESHOLD_MONITORING = "ThresholdMonitoring"
    DELTA_MONITORING = "DeltaMonitoring"
    PERIODIC_MONITORING = "PeriodicMonitoring"

    @classmethod
    def of(cls, type_: MonitorType) -> MonitoringCriterion:
        """The criterion that a type of monitor meets."""
        if type_.is_threshold:
            return cls.THRESHOLD_MONITORING
        return cls.PERIODIC_MONITORING if type_.is_periodic else cls.DELTA_MONITORING


@dataclass(frozen=True, slots=True, kw_only=True)
class Triggered:
    """A monitor triggered at the time `at`; the station makes an EventData of it.

    `actual` is empty where the variable is write-only; `cleared`: the alert is over.
    """

    monitor: Monitor
    component: Component
    variable: Variable
    trigger: Trigger
    actual: str = field(repr=False)
    at: float
    cleared: bool = False
    transaction_id: str | None = None


@dataclass(frozen=True, slots=True)
class MonitoringResult:
    """The answer to setting a monitor; `id` stands with ACCEPTED."""

    status: SetMonitoringStatus
    id: int | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorRequest:
    """A monitor as the back end asks for it; with an `id` it takes the place of that monitor."""

    component: Component
    variable: Variable
    type: MonitorType
    value: float
    severity: int
    transaction: bool = False
    id: int | None = None


@dataclass(slots=True)
class _State:
    monitor: Monitor
    component: Component
    variable: Variable
    alerting: bool
    reference: str | None = None
    """The value that Delta counts from; after a restart the one of that moment."""


class Monitors(Machine[Changed, Never, Triggered]):
    """All monitors of one device model; it hears of changes by itself.

    seconds_of_day: the wall clock, as seconds since midnight at a monotonic time.
    """

    def __init__(
        self,
        model: DeviceModel,
        now: float,
        *,
        seconds_of_day: Callable[[float], float],
        most_custom: int = 200,
        trace: TraceSink | None = None,
    ) -> None:
        super().__init__(trace=trace)
        self._model = model
        self._store = MonitorStore(model)
        self._seconds_of_day = seconds_of_day
        self._most_custom = most_custom
        self._states: dict[int, _State] = {}
        self._watching: dict[tuple[object, object], list[_State]] = {}
        self._transactions: dict[int, str] = {}
        self._horizon = now
        self._sync(now)
        model.subscribe(self.receive)

    def receive(self, item: Changed, now: float) -> None:
        """A variable has a new value."""
        if item.attribute not in (Attribute.ACTUAL, Attribute.TARGET):
            return
        for state in self._watching.get((item.component.key, item.variable.key), ()):
            concerned = item.attribute is Attribute.ACTUAL or state.monitor.type.is_target
            if concerned and self._holds(state):
                self._look(state, now)

    def set(self, request: MonitorRequest, now: float) -> MonitoringResult:
        """Set a monitor as SetVariableMonitoring does (N04)."""
        record = self._model.find(request.component, request.variable)
        if isinstance(record, GetStatus):
            return MonitoringResult(SetMonitoringStatus(record.value))
        if not is_supported(record, request.type):
            return MonitoringResult(SetMonitoringStatus.UNSUPPORTED_MONITOR_TYPE)
        if (reason := self._refuse(record, request)) is not None:
            return MonitoringResult(SetMonitoringStatus.REJECTED, reason=reason)
        if self._has_twin(record, request):
            return MonitoringResult(SetMonitoringStatus.DUPLICATE)
        wanted = (request.type, request.value, request.severity, request.transaction)
        if request.id is None:
            id_ = self._store.insert(record.id, *wanted)
        else:
            id_ = request.id
            self._store.replace(id_, *wanted)
            self._drop(id_)
        self._sync(now)
        return MonitoringResult(SetMonitoringStatus.ACCEPTED, id_)

    def clear(self, id_: int, now: float) -> ClearMonitoringStatus:
        """Remove a monitor as ClearVariableMonitoring does (N06)."""
        state = self._states.get(id_)
        if state is None:
            return ClearMonitoringStatus.NOT_FOUND
        if state.monitor.kind is MonitorKind.HARD_WIRED:
            return ClearMonitoringStatus.REJECTED
        self._store.remove(id_)
        self._sync(now)
        return ClearMonitoringStatus.ACCEPTED

    def __contains__(self, id_: int) -> bool:
        """Whether a monitor is in force."""
        return id_ in self._states

    def set_base(self, base: MonitoringBase, now: float) -> None:
        """Put in force what SetMonitoringBase asks for (N03)."""
        self._store.set_base(base)
        self._sync(now)
        self._tell("ActiveMonitoringBase", base.value, now)

    def set_level(self, severity: int, now: float) -> bool:
        """Tell no event that is less severe (a higher number), as SetMonitoringLevel asks for (N05)."""
        if not MOST_SEVERE <= severity <= LEAST_SEVERE:
            return False
        self._tell("ActiveMonitoringLevel", str(severity), now)
        return True

    def report(
        self,
        criteria: Collection[MonitoringCriterion] = (),
        selections: Collection[Selection] = (),
    ) -> Iterator[tuple[Record, list[Monitor]]]:
        """Variables with those of their monitors that a monitoring report holds (N02)."""
        by_record: dict[int, list[Monitor]] = {}
        for state in self._states.values():
            monitor = state.monitor
            named = any(selection.holds(state.component, state.variable) for selection in selections)
            if (named or not selections) and (
                not criteria or MonitoringCriterion.of(monitor.type) in criteria
            ):
                by_record.setdefault(monitor.record_id, []).append(monitor)
        for record in self._model:
            if record.id in by_record:
                yield record, by_record[record.id]

    def transaction_started(self, evse_id: int, transaction_id: str, now: float) -> None:
        """Monitors that hold during transactions hold at this EVSE from now on."""
        waiting = [state for state in self._states.values() if not self._holds(state)]
        self._transactions[evse_id] = transaction_id
        for state in waiting:
            if self._holds(state):
                self._begin(state, now)

    def transaction_ended(self, evse_id: int, now: float) -> None:
        """They hold no more; their alerts are void."""
        running = [state for state in self._states.values() if self._holds(state)]
        self._transactions.pop(evse_id, None)
        for state in running:
            if not self._holds(state):
                self._timers.stop(str(state.monitor.id))
                self._set_alerting(state, False)

    def clock_set(self, now: float) -> None:
        """The wall clock was set: what is aligned with it is aligned anew."""
        for state in self._states.values():
            if state.monitor.type is MonitorType.PERIODIC_CLOCK_ALIGNED and self._holds(state):
                self._schedule(state, now)

    def advance(self, now: float) -> None:
        self._horizon = now
        super().advance(now)

    def _on_timer(self, name: str, now: float) -> None:
        """An interval is over. Those that were slept through are told once."""
        state = self._states[int(name)]
        self._emit(state, Trigger.PERIODIC, now)
        self._schedule(state, now)
        due = self._timers.at(name)
        if due is not None and due <= self._horizon:
            self._schedule(state, self._horizon)

    # --- which monitors there are ---

    def _sync(self, now: float) -> None:
        """Bring the states in line with the table; what has not changed goes on undisturbed."""
        records = {record.id: record for record in self._model}
        stored = {monitor.id: (monitor, alerting) for monitor, alerting in self._store.active()}
        for id_ in [id_ for id_ in self._states if id_ not in stored]:
            self._drop(id_)
        for id_, (monitor, alerting) in stored.items():
            state = self._states.get(id_)
            if state is not None and state.monitor == monitor:
                continue
            self._drop(id_)
            record = records[monitor.record_id]
            # Alerts of a transaction have ended with it, also when it ended by a loss of power.
            alerting = alerting and not monitor.transaction
            state = self._states[id_] = _State(monitor, record.component, record.variable, alerting)
            if self._holds(state):
                self._begin(state, now)
        self._watching = {}
        for state in self._states.values():
            self._watching.setdefault((state.component.key, state.variable.key), []).append(state)

    def _drop(self, id_: int) -> None:
        self._timers.stop(str(id_))
        self._states.pop(id_, None)

    def _refuse(self, record: Record, request: MonitorRequest) -> Reason | None:
        if not MOST_SEVERE <= request.severity <= LEAST_SEVERE:
            return Reason.VALUE_OUT_OF_RANGE
        if request.id is None:
            if sum(state.monitor.kind is MonitorKind.CUSTOM for state in self._states.values()) >= (
                self._most_custom
            ):
                return Reason.OUT_OF_STORAGE
        elif (reason := self._refuse_id(record, request.id)) is not None:
            return reason
        return refuse_value(record, request.type, request.value)

    def _refuse_id(self, record: Record, id_: int) -> Reason | None:
        state = self._states.get(id_)
        if state is None or state.monitor.record_id != record.id:
            return Reason.NOT_FOUND
        return Reason.READ_ONLY if state.monitor.kind is MonitorKind.HARD_WIRED else None

    def _has_twin(self, record: Record, request: MonitorRequest) -> bool:
        return any(
            state.monitor.record_id == record.id
            and state.monitor.type is request.type
            and state.monitor.severity == request.severity
            and state.monitor.id != request.id
            for state in self._states.values()
        )

    # --- what they see ---

    def _holds(self, state: _State) -> bool:
        """Whether the monitor is in force now; those for transactions only during one."""
        if not state.monitor.transaction:
            return True
        evse_id = state.component.evse_id
        return bool(self._transactions) if evse_id is None else evse_id in self._transactions

    def _begin(self, state: _State, now: float) -> None:
        """The monitor starts, or starts again after a restart: a state that is there already is told."""
        if state.monitor.type.is_periodic:
            self._schedule(state, now)
            return
        if state.monitor.type is MonitorType.DELTA:
            state.reference = self._actual(state)
            return
        self._look(state, now)

    def _look(self, state: _State, now: float) -> None:
        match state.monitor.type:
            case MonitorType.UPPER_THRESHOLD | MonitorType.LOWER_THRESHOLD:
                self._look_at_threshold(state, now)
            case MonitorType.DELTA:
                self._look_at_change(state, now)
            case MonitorType.TARGET_DELTA | MonitorType.TARGET_DELTA_RELATIVE:
                self._look_at_target(state, now)
            case MonitorType.PERIODIC | MonitorType.PERIODIC_CLOCK_ALIGNED:
                pass

    def _look_at_threshold(self, state: _State, now: float) -> None:
        actual = self._record_of(state).number(Attribute.ACTUAL)
        if actual is None:
            return
        limit = Decimal(repr(state.monitor.value))
        beyond = actual > limit if state.monitor.type is MonitorType.UPPER_THRESHOLD else actual < limit
        if beyond is not state.alerting:
            self._set_alerting(state, beyond)
            self._emit(state, Trigger.ALERTING, now, cleared=not beyond)

    def _look_at_change(self, state: _State, now: float) -> None:
        actual = self._actual(state)
        data_type = self._record_of(state).characteristics.data_type
        if actual is None or not is_change(data_type, state.reference, actual, state.monitor.value):
            state.reference = actual if state.reference is None else state.reference
            return
        state.reference = actual
        self._emit(state, Trigger.DELTA, now)

    def _look_at_target(self, state: _State, now: float) -> None:
        """Told once when the values part, and again only after they have met."""
        apart = is_apart(self._record_of(state), state.monitor.type, state.monitor.value)
        if apart is not state.alerting:
            self._set_alerting(state, apart)
            if apart:
                self._emit(state, Trigger.DELTA, now)

    def _schedule(self, state: _State, now: float) -> None:
        interval = state.monitor.value
        wait = interval
        if state.monitor.type is MonitorType.PERIODIC_CLOCK_ALIGNED:
            wait = until_aligned(interval, self._seconds_of_day(now))
        self._timers.start(str(state.monitor.id), now + wait)

    def _emit(self, state: _State, trigger: Trigger, now: float, *, cleared: bool = False) -> None:
        model, monitor = self._model, state.monitor
        level = model.number("MonitoringCtrlr", "ActiveMonitoringLevel", default=LEAST_SEVERE)
        if monitor.severity > level or not model.flag("MonitoringCtrlr", "Enabled", default=True):
            return
        hidden = self._record_of(state).actual.traits.mutability is Mutability.WRITE_ONLY
        self._events.append(
            Triggered(
                monitor=monitor,
                component=state.component,
                variable=state.variable,
                trigger=trigger,
                actual="" if hidden else self._actual(state) or "",
                at=now,
                cleared=cleared,
                transaction_id=self._transaction_of(state),
            )
        )
        self._record(
            Trace(
                time=now,
                source="ocpp.monitors",
                kind=Kind.NOTE,
                name=trigger.value,
                details={"monitor": monitor.id},
            )
        )

    def _transaction_of(self, state: _State) -> str | None:
        evse_id = state.component.evse_id
        return None if evse_id is None else self._transactions.get(evse_id)

    def _set_alerting(self, state: _State, alerting: bool) -> None:
        if state.alerting is not alerting:
            state.alerting = alerting
            self._store.set_alerting(state.monitor.id, alerting)

    def _record_of(self, state: _State) -> Record:
        return self._model.record(state.component, state.variable)

    def _actual(self, state: _State) -> str | None:
        return self._record_of(state).actual.value

    def _tell(self, variable: str, value: str, now: float) -> None:
        """Keep it in MonitoringCtrlr, where the station has that."""
        component = Component("MonitoringCtrlr")
        if isinstance(self._model.find(component, Variable(variable)), Record):
            self._model.write(component, Variable(variable), value, now)
