from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evproto.ocpp_client.device_model import (
    Attribute,
    AttributeEntry,
    Changed,
    Component,
    ComponentEntry,
    DataType,
    DeviceModel,
    GetStatus,
    Mutability,
    Reason,
    SetStatus,
    Source,
    Variable,
    VariableEntry,
    standard_component,
)

COMM = Component("OCPPCommCtrlr")
HEARTBEAT = Variable("HeartbeatInterval")
FAN = Component("Fan", evse_id=1)
SPEED = Variable("FanSpeed")
NUMBERS = ("RetryBackOffRandomRange", "RetryBackOffWaitMinimum", "WebSocketPingInterval")


def fan(*, max_limit: str = "1000", actual: str = "300") -> ComponentEntry:
    """The example of part 1, section 4.3."""
    writable = Mutability.READ_WRITE
    return ComponentEntry(
        name="Fan",
        evse_id=1,
        variables=(
            VariableEntry(
                name="FanSpeed",
                data_type=DataType.INTEGER,
                min_limit="0",
                max_limit=max_limit,
                supports_monitoring=True,
                attributes=(
                    AttributeEntry(value=actual, persistent=False),
                    AttributeEntry(type=Attribute.TARGET, mutability=writable, value="300"),
                    AttributeEntry(type=Attribute.MIN_SET, mutability=writable, value="200"),
                    AttributeEntry(type=Attribute.MAX_SET, mutability=writable, value="500"),
                ),
            ),
        ),
    )


def station(path: Path | str = ":memory:", *more: ComponentEntry) -> DeviceModel:
    names = ("OCPPCommCtrlr", "SecurityCtrlr", "AuthCtrlr", "TxCtrlr", "ClockCtrlr")
    return DeviceModel(path, [*map(standard_component, names), *more])


def test_names_do_not_heed_case() -> None:
    result = station().get(Component("ocppcommctrlr"), Variable("HEARTBEATINTERVAL"))
    assert (result.status, result.value) == (GetStatus.ACCEPTED, "300")


def test_get_names_what_is_unknown() -> None:
    model = station()
    assert model.get(Component("Nothing"), HEARTBEAT).status is GetStatus.UNKNOWN_COMPONENT
    assert model.get(Component("OCPPCommCtrlr", evse_id=1), HEARTBEAT).status is GetStatus.UNKNOWN_COMPONENT
    assert model.get(COMM, Variable("Nothing")).status is GetStatus.UNKNOWN_VARIABLE
    assert model.get(COMM, Variable("HeartbeatInterval", "x")).status is GetStatus.UNKNOWN_VARIABLE
    result = model.get(COMM, HEARTBEAT, Attribute.TARGET)
    assert result.status is GetStatus.NOT_SUPPORTED_ATTRIBUTE_TYPE


def test_set_names_what_is_unknown() -> None:
    model = station()
    assert model.set(Component("Nothing"), HEARTBEAT, "1", 0.0).status is SetStatus.UNKNOWN_COMPONENT
    assert model.set(COMM, Variable("Nothing"), "1", 0.0).status is SetStatus.UNKNOWN_VARIABLE
    result = model.set(COMM, HEARTBEAT, "1", 0.0, Attribute.MAX_SET)
    assert result.status is SetStatus.NOT_SUPPORTED_ATTRIBUTE_TYPE


def test_a_variable_without_a_value_reads_as_an_empty_text() -> None:
    result = station().get(Component("ClockCtrlr"), Variable("DateTime"))
    assert (result.status, result.value) == (GetStatus.ACCEPTED, "")


def test_what_is_write_only_is_never_read_by_the_back_end_nor_shown() -> None:
    model = station()
    security, password = Component("SecurityCtrlr"), Variable("BasicAuthPassword")
    seen: list[Changed] = []
    model.subscribe(lambda changed, now: seen.append(changed))
    assert model.set(security, password, "correct horse battery", 0.0).status is SetStatus.ACCEPTED
    result = model.get(security, password)
    assert (result.status, result.reason) == (GetStatus.REJECTED, Reason.WRITE_ONLY)
    assert model.value(security, password) == "correct horse battery"
    assert "horse" not in repr(seen) + repr(model.record(security, password))


def test_what_is_read_only_is_not_set_by_the_back_end() -> None:
    result = station().set(COMM, Variable("FileTransferProtocols"), "FTP", 0.0)
    assert (result.status, result.reason) == (SetStatus.REJECTED, Reason.READ_ONLY)


@pytest.mark.parametrize(
    ("component", "variable", "value", "reason"),
    [
        ("OCPPCommCtrlr", "OfflineThreshold", "1", None),
        ("OCPPCommCtrlr", "OfflineThreshold", "1.1", Reason.INVALID_VALUE),
        ("OCPPCommCtrlr", "OfflineThreshold", "true", Reason.INVALID_VALUE),
        ("OCPPCommCtrlr", "OfflineThreshold", "", Reason.INVALID_VALUE),
        ("OCPPCommCtrlr", "OfflineThreshold", "-1", Reason.VALUE_TOO_LOW),
        ("OCPPCommCtrlr", "RetryBackOffRandomRange", "86401", Reason.VALUE_TOO_HIGH),
        ("AuthCtrlr", "AuthorizeRemoteStart", "true", None),
        ("AuthCtrlr", "AuthorizeRemoteStart", "1", Reason.INVALID_VALUE),
        ("AuthCtrlr", "MasterPassGroupId", "x" * 37, Reason.VALUE_TOO_HIGH),
        ("ClockCtrlr", "NextTimeOffsetTransitionDateTime", "2026-03-29T01:00:00Z", None),
        ("ClockCtrlr", "NextTimeOffsetTransitionDateTime", "2026-03-29", Reason.INVALID_VALUE),
        ("ClockCtrlr", "NextTimeOffsetTransitionDateTime", "abc", Reason.INVALID_VALUE),
        ("OCPPCommCtrlr", "PublicKeyWithSignedMeterValue", "Never", None),
        ("OCPPCommCtrlr", "PublicKeyWithSignedMeterValue", "Sometimes", Reason.INVALID_VALUE),
        ("TxCtrlr", "TxStartPoint", "EVConnected, Authorized", None),
        ("TxCtrlr", "TxStartPoint", "EVConnected,EVConnected", Reason.INVALID_VALUE),
        ("TxCtrlr", "TxStartPoint", "EVConnected,Lunch", Reason.INVALID_VALUE),
        ("ClockCtrlr", "TimeSource", "NTP,Heartbeat", None),
        ("ClockCtrlr", "TimeSource", "", Reason.VALUE_TOO_LOW),
    ],
)
def test_set_takes_only_what_the_characteristics_allow(
    component: str, variable: str, value: str, reason: Reason | None
) -> None:
    result = station().set(Component(component), Variable(variable), value, 0.0)
    assert result.reason is reason
    assert result.status is (SetStatus.REJECTED if reason else SetStatus.ACCEPTED)


def test_limits_are_exact_where_floats_are_not() -> None:
    entry = VariableEntry(
        name="V",
        data_type=DataType.DECIMAL,
        max_limit="0.1",
        attributes=(AttributeEntry(mutability=Mutability.READ_WRITE),),
    )
    model = DeviceModel(":memory:", [ComponentEntry(name="C", variables=(entry,))])
    assert model.set(Component("C"), Variable("V"), "0.1", 0.0).status is SetStatus.ACCEPTED
    result = model.set(Component("C"), Variable("V"), "0.10000000000000001", 0.0)
    assert result.reason is Reason.VALUE_TOO_HIGH


def test_min_set_and_max_set_bound_the_target_and_each_other() -> None:
    model = station(":memory:", fan())
    assert model.set(FAN, SPEED, "600", 0.0, Attribute.TARGET).reason is Reason.VALUE_TOO_HIGH
    assert model.set(FAN, SPEED, "100", 0.0, Attribute.TARGET).reason is Reason.VALUE_TOO_LOW
    assert model.set(FAN, SPEED, "500", 0.0, Attribute.TARGET).status is SetStatus.ACCEPTED
    assert model.set(FAN, SPEED, "1001", 0.0, Attribute.MAX_SET).reason is Reason.VALUE_TOO_HIGH
    assert model.set(FAN, SPEED, "501", 0.0, Attribute.MIN_SET).reason is Reason.VALUE_TOO_HIGH
    assert model.set(FAN, SPEED, "199", 0.0, Attribute.MAX_SET).reason is Reason.VALUE_TOO_LOW


def test_a_measured_value_may_be_out_of_its_limits_but_of_no_other_type() -> None:
    model = station(":memory:", fan())
    model.write(FAN, SPEED, "1002", 0.0)
    assert model.get(FAN, SPEED).value == "1002"
    with pytest.raises(ValueError, match="InvalidValue"):
        model.write(FAN, SPEED, "fast", 0.0)
    with pytest.raises(KeyError):
        model.write(FAN, Variable("Noise"), "1", 0.0)


def test_what_needs_a_reboot_holds_from_the_next_start_on(tmp_path: Path) -> None:
    priority = Variable("NetworkConfigurationPriority")
    model = station(tmp_path / "dm.db")
    assert model.set(COMM, priority, "2,1", 0.0).status is SetStatus.REBOOT_REQUIRED
    assert model.get(COMM, priority).value == "2,1"
    assert model.value(COMM, priority) == "1"
    model.close()
    assert station(tmp_path / "dm.db").value(COMM, priority) == "2,1"


def test_a_guard_refuses_what_its_module_cannot_use() -> None:
    model = station()
    model.guard("OCPPCommCtrlr", "HeartbeatInterval", lambda v: Reason.VALUE_TOO_LOW if v == "0" else None)
    assert model.set(COMM, HEARTBEAT, "0", 0.0).reason is Reason.VALUE_TOO_LOW
    assert model.set(COMM, HEARTBEAT, "1", 0.0).status is SetStatus.ACCEPTED


def test_listeners_hear_of_changes_of_their_variable_only_and_of_no_repetition() -> None:
    model = station()
    seen: list[tuple[str, Source, float]] = []
    model.subscribe(
        lambda changed, now: seen.append((changed.value, changed.source, now)),
        "OCPPCommCtrlr",
        "heartbeatinterval",
    )
    model.set(COMM, HEARTBEAT, "60", 1.0)
    model.set(COMM, HEARTBEAT, "60", 2.0)
    model.set(COMM, Variable("OfflineThreshold"), "7", 3.0)
    model.write(COMM, HEARTBEAT, "61", 4.0)
    assert seen == [("60", Source.BACK_END, 1.0), ("61", Source.STATION, 4.0)]


def test_values_outlive_a_restart_and_new_component_files(tmp_path: Path) -> None:
    path = tmp_path / "dm.db"
    model = station(path)
    model.set(COMM, HEARTBEAT, "77", 0.0)
    model.write(COMM, Variable("ActiveNetworkProfile"), "2", 0.0)
    model.close()
    comm = standard_component("OCPPCommCtrlr").with_values(
        {"HeartbeatInterval": "900", "ActiveNetworkProfile": "9", "OfflineThreshold": "901"}
    )
    model = DeviceModel(path, [comm])
    assert model.number("OCPPCommCtrlr", "HeartbeatInterval") == 77
    assert model.value(COMM, Variable("ActiveNetworkProfile")) == "2"
    assert model.number("OCPPCommCtrlr", "OfflineThreshold") == 901
    assert model.dropped == []
    assert model.record(COMM, HEARTBEAT).actual.source is Source.BACK_END


def test_what_is_not_persistent_starts_with_its_first_value(tmp_path: Path) -> None:
    path = tmp_path / "dm.db"
    model = station(path, fan())
    model.write(FAN, SPEED, "444", 0.0)
    model.set(FAN, SPEED, "400", 0.0, Attribute.TARGET)
    model.close()
    model = station(path, fan())
    assert model.value(FAN, SPEED) == "300"
    assert model.value(FAN, SPEED, Attribute.TARGET) == "400"


def test_a_value_that_new_component_files_forbid_falls_back_and_is_told(tmp_path: Path) -> None:
    path = tmp_path / "dm.db"
    model = station(path, fan())
    model.set(FAN, SPEED, "450", 0.0, Attribute.TARGET)
    model.close()
    model = station(path, fan(max_limit="400"))
    assert model.value(FAN, SPEED, Attribute.TARGET) == "300"
    assert [(lost.variable, lost.source) for lost in model.dropped] == [(SPEED, Source.BACK_END)]


def test_components_that_are_in_no_file_any_more_go_but_added_ones_stay(tmp_path: Path) -> None:
    path = tmp_path / "dm.db"
    model = station(path, fan())
    added = ComponentEntry(
        name="NetworkConfiguration",
        instance="1",
        variables=(VariableEntry(name="OcppCsmsUrl", data_type=DataType.STRING),),
    )
    model.add(added)
    model.close()
    model = station(path)
    assert model.get(FAN, SPEED).status is GetStatus.UNKNOWN_COMPONENT
    assert model.get(added.component, Variable("OcppCsmsUrl")).status is GetStatus.ACCEPTED


def test_a_batch_that_fails_leaves_nothing_on_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "dm.db"
    model = station(path)
    with pytest.raises(RuntimeError), model.batch():
        model.set(COMM, HEARTBEAT, "5", 0.0)
        model.set(COMM, Variable("NetworkConfigurationPriority"), "2", 0.0)
        model.write(Component("ClockCtrlr"), Variable("DateTime"), "2026-01-01T00:00:00Z", 0.0)
        raise RuntimeError("power cut")
    assert model.number("OCPPCommCtrlr", "HeartbeatInterval") == 300
    assert model.get(COMM, Variable("NetworkConfigurationPriority")).value == "1"
    assert model.value(Component("ClockCtrlr"), Variable("DateTime")) == "2026-01-01T00:00:00Z"
    model.close()
    assert station(path).number("OCPPCommCtrlr", "HeartbeatInterval") == 300


def test_a_damaged_file_is_put_aside_and_the_snapshot_stands_in(tmp_path: Path) -> None:
    path = tmp_path / "dm.db"
    model = station(path)
    model.set(COMM, HEARTBEAT, "77", 0.0)
    model.set(Component("SecurityCtrlr"), Variable("Identity"), "CS-7", 0.0)
    model.snapshot()
    model.set(COMM, HEARTBEAT, "78", 0.0)
    model.close()
    path.write_bytes(b"this is no database" * 1000)
    model = station(path)
    assert model.recovered
    assert model.number("OCPPCommCtrlr", "HeartbeatInterval") == 77
    assert model.value(Component("SecurityCtrlr"), Variable("Identity")) == "CS-7"
    assert len(list(tmp_path.glob("dm.db.corrupt*"))) == 1


def test_without_a_sound_snapshot_the_component_files_are_enough(tmp_path: Path) -> None:
    path = tmp_path / "dm.db"
    path.write_bytes(b"this is no database" * 1000)
    path.with_name("dm.db.snapshot").write_bytes(b"nor is this" * 1000)
    model = station(path)
    assert model.recovered
    assert model.number("OCPPCommCtrlr", "HeartbeatInterval") == 300


def test_reads_ask_no_database(tmp_path: Path) -> None:
    model = station(tmp_path / "dm.db")
    statements: list[str] = []
    model.database.set_trace_callback(statements.append)
    model.get(COMM, HEARTBEAT)
    model.number("OCPPCommCtrlr", "HeartbeatInterval")
    model.write(Component("ClockCtrlr"), Variable("DateTime"), "2026-01-01T00:00:00Z", 0.0)
    assert statements == []


def test_a_value_that_is_not_known_any_more_is_forgotten() -> None:
    model = station(":memory:", fan())
    seen: list[str] = []
    model.subscribe(lambda changed, now: seen.append(changed.value))
    model.forget(FAN, SPEED, 0.0)
    model.forget(FAN, SPEED, 0.0)
    assert model.value(FAN, SPEED) is None
    assert model.get(FAN, SPEED).value == ""
    assert seen == [""]


def test_a_boolean_of_a_component_file_is_read_whatever_its_case() -> None:
    auth = standard_component("AuthCtrlr").with_values({"LocalPreAuthorize": "True"})
    assert DeviceModel(":memory:", [auth]).flag("AuthCtrlr", "LocalPreAuthorize")


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("set"), st.sampled_from(NUMBERS), st.integers(-5, 200_000)),
            st.tuples(st.just("write"), st.sampled_from(NUMBERS), st.integers(0, 100)),
            st.tuples(st.just("default"), st.sampled_from(NUMBERS), st.integers(0, 100)),
            st.just(("restart", "", 0)),
        ),
        max_size=25,
    )
)
@settings(max_examples=25, deadline=None)
def test_only_first_values_change_with_the_component_files(steps: list[tuple[str, str, int]]) -> None:
    """Against a model of the model: what the files say, and above it what others have set."""
    defaults = dict.fromkeys(NUMBERS, 1)
    chosen: dict[str, int] = {}
    with TemporaryDirectory() as folder:

        def start() -> DeviceModel:
            values = {name: str(value) for name, value in defaults.items()}
            entry = standard_component("OCPPCommCtrlr").with_values(values)
            return DeviceModel(Path(folder, "dm.db"), [entry])

        model = start()
        loaded = dict(defaults)
        for action, name, value in steps:
            if action == "set":
                result = model.set(COMM, Variable(name), str(value), 0.0)
                assert (result.status is SetStatus.ACCEPTED) is (0 <= value <= 86_400)
                chosen |= {name: value} if result.status is SetStatus.ACCEPTED else {}
            elif action == "write":
                model.write(COMM, Variable(name), str(value), 0.0)
                chosen |= {name: value} if name in chosen or loaded[name] != value else {}
            elif action == "default":
                defaults[name] = value
            else:
                model.close()
                model, loaded = start(), dict(defaults)
            for each in NUMBERS:
                assert model.number("OCPPCommCtrlr", each) == chosen.get(each, loaded[each])
        model.close()


CHILD = """
import sys
from evproto.ocpp_client.device_model import Component, DeviceModel, Variable, standard_component
model = DeviceModel(sys.argv[1], [standard_component("OCPPCommCtrlr")])
for number in range(1, 1_000_000):
    model.set(Component("OCPPCommCtrlr"), Variable("HeartbeatInterval"), str(number), 0.0)
    print(number, flush=True)
"""


def test_what_was_accepted_is_there_after_a_kill(tmp_path: Path) -> None:
    for kills in range(5):
        path = tmp_path / f"{kills}.db"
        child = subprocess.Popen([sys.executable, "-c", CHILD, str(path)], stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        for _ in range(1 + 7 * kills):
            accepted = int(child.stdout.readline())
        child.kill()
        rest = child.stdout.read().split()
        child.wait()
        child.stdout.close()
        # The last line may be cut: a number that is shorter is smaller.
        accepted = max(accepted, int(rest[-1]) if rest else 0)
        model = station(path)
        assert model.number("OCPPCommCtrlr", "HeartbeatInterval") in (accepted, accepted + 1)
        assert not model.recovered
        model.close()
