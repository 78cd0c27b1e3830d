"""The Linux board on a made-up sysfs tree, with gpiod's calls answered by the test."""

from __future__ import annotations

import asyncio
import enum
import math
import sys
import types
from fractions import Fraction
from pathlib import Path

import pytest

from evproto.core import ConfigError
from evproto.core.drivers import Driver
from evproto.iec61851 import (
    ContactorFeedback,
    CutPilot,
    LockFeedback,
    PilotSample,
    PilotState,
    ProximitySample,
    ResidualCurrent,
    SetContactor,
    SetLock,
    SetPhases,
    SetPilot,
    Supply,
    SupplyEvent,
    SupplyInput,
    SupplyOutput,
    TestResidualCurrent,
)
from evproto.iec61851.drivers import AdcChannel, GpioLines, LinuxBoard, LinuxBoardConfig, SysfsPwm, run_board

OUTPUTS = {"contactor": 1, "cut": 2, "lock": 3, "three_phases": 4, "residual_test": 8}
INPUTS = {"contactor_feedback": 5, "lock_feedback": 6, "residual_tripped": 7}


class Value(enum.Enum):
    INACTIVE = 0
    ACTIVE = 1


class Direction(enum.Enum):
    INPUT = 1
    OUTPUT = 2


class Request:
    """What gpiod.request_lines returns."""

    def __init__(self, chip: str, consumer: str, config: dict[int, types.SimpleNamespace]) -> None:
        if not chip.startswith("/dev/gpiochip"):
            raise FileNotFoundError(2, "no such chip")
        self.consumer = consumer
        self.config = config
        self.values = dict.fromkeys(config, Value.INACTIVE)
        self.released = False
        self.told: set[tuple[int, Value]] = set()

    def set_value(self, offset: int, value: Value) -> None:
        assert self.config[offset].direction is Direction.OUTPUT
        self.values[offset] = value
        if offset == OUTPUTS["contactor"]:
            self.values[INPUTS["contactor_feedback"]] = value

    def get_value(self, offset: int) -> Value:
        self.told.add((offset, self.values[offset]))
        return self.values[offset]

    def release(self) -> None:
        self.released = True


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> GpioLines:
    gpiod = types.ModuleType("gpiod")
    gpiod.LineSettings = types.SimpleNamespace  # type: ignore[attr-defined]
    gpiod.request_lines = Request  # type: ignore[attr-defined]
    line = types.ModuleType("gpiod.line")
    line.Direction, line.Value = Direction, Value  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "gpiod", gpiod)
    monkeypatch.setitem(sys.modules, "gpiod.line", line)
    return GpioLines(
        "/dev/gpiochip0", outputs=OUTPUTS, inputs=INPUTS, active_low=frozenset({"residual_tripped"})
    )


@pytest.fixture
def chip(tmp_path: Path) -> Path:
    """A PWM chip whose channel 0 is exported already."""
    channel = tmp_path / "pwmchip0" / "pwm0"
    channel.mkdir(parents=True)
    for name in ("period", "duty_cycle", "enable"):
        (channel / name).write_text("0")
    return channel.parent


@pytest.fixture
def iio(tmp_path: Path) -> Path:
    """A 12-bit converter of 1 mV per step behind a divider that maps -15..15 V to 0..3 V."""
    device = tmp_path / "iio:device0"
    device.mkdir()
    (device / "in_voltage_scale").write_text("1.0\n")
    for channel in range(3):
        (device / f"in_voltage{channel}_raw").write_text("0\n")
    return device


@pytest.fixture
def board(lines: GpioLines, chip: Path, iio: Path) -> LinuxBoard:
    config = LinuxBoardConfig(
        pilot_high=AdcChannel(device=iio, name="in_voltage0", gain=10.0, offset_v=-15.0),
        pilot_low=AdcChannel(device=iio, name="in_voltage1", gain=10.0, offset_v=-15.0),
        proximity=AdcChannel(device=iio, name="in_voltage2", gain=2.0),
    )
    return LinuxBoard(config, SysfsPwm(chip, 0), lines)


def set_pilot(iio: Path, high_v: float, low_v: float = -12.0) -> None:
    (iio / "in_voltage0_raw").write_text(str(round((high_v + 15) * 100)))
    (iio / "in_voltage1_raw").write_text(str(round((low_v + 15) * 100)))


def request_of(lines: GpioLines) -> Request:
    request = lines._request
    assert isinstance(request, Request)
    return request


def test_pwm_starts_in_x1_at_1_khz(chip: Path) -> None:
    SysfsPwm(chip, 0)
    assert (chip / "pwm0" / "period").read_text() == "1000000"
    assert (chip / "pwm0" / "duty_cycle").read_text() == "1000000"
    assert (chip / "pwm0" / "enable").read_text() == "1"


def test_pwm_is_rounded_down_to_a_nanosecond(chip: Path) -> None:
    pwm = SysfsPwm(chip, 0)
    pwm.apply(SetPilot(Fraction(2, 3)))
    assert (chip / "pwm0" / "duty_cycle").read_text() == "666666"
    pwm.apply(SetPilot(Fraction(0)))
    assert (chip / "pwm0" / "duty_cycle").read_text() == "0"


def test_a_channel_that_is_not_exported_is_asked_for_and_its_absence_is_named(tmp_path: Path) -> None:
    chip = tmp_path / "pwmchip1"
    chip.mkdir()
    with pytest.raises(ConfigError, match="pwm3"):
        SysfsPwm(chip, 3)
    assert (chip / "export").read_text() == "3"


def test_an_absent_gpio_chip_is_named(lines: GpioLines) -> None:
    assert lines.has("contactor")
    with pytest.raises(ConfigError, match="/nowhere"):
        GpioLines("/nowhere", outputs=OUTPUTS, inputs={})


def test_a_missing_gpiod_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gpiod", None)
    with pytest.raises(ConfigError, match="pip install"):
        GpioLines("/dev/gpiochip0", outputs=OUTPUTS, inputs={})


def test_the_real_gpiod_has_the_calls_that_the_board_makes() -> None:
    gpiod = pytest.importorskip("gpiod", reason="gpiod is not installed")
    from gpiod.line import Direction, Value

    gpiod.LineSettings(direction=Direction.OUTPUT, active_low=True, output_value=Value.INACTIVE)
    assert callable(gpiod.request_lines)
    for name in ("set_value", "get_value", "release"):
        assert hasattr(gpiod.LineRequest, name)


def test_the_board_reads_what_the_converters_and_lines_hold(
    board: LinuxBoard, lines: GpioLines, iio: Path
) -> None:
    set_pilot(iio, 9.0)
    (iio / "in_voltage2_raw").write_text("1000")  # 2.0 V of 5 V behind 330 ohm: 220 ohm
    request_of(lines).values[5] = Value.ACTIVE
    board.apply(SetPilot(Fraction(1, 4)))
    proximity, contactor, lock, residual, pilot = board.read()
    assert isinstance(proximity, ProximitySample)
    assert proximity.resistance_ohm == pytest.approx(220.0)
    assert (contactor, lock, residual) == (
        ContactorFeedback(True),
        LockFeedback(False),
        ResidualCurrent(False),
    )
    assert isinstance(pilot, PilotSample)
    assert pilot.high_v == pytest.approx(9.0)
    assert pilot.low_v == pytest.approx(-12.0)


def test_without_pwm_there_is_no_negative_half(board: LinuxBoard) -> None:
    board.apply(SetPilot(Fraction(1)))
    pilot = board.read()[-1]
    assert isinstance(pilot, PilotSample)
    assert pilot.low_v is None


def test_an_open_proximity_contact_is_infinite(board: LinuxBoard, iio: Path) -> None:
    (iio / "in_voltage2_raw").write_text("2500")
    assert board.read()[0] == ProximitySample(math.inf)


def test_an_own_scale_and_offset_of_a_channel_count_before_the_shared_ones(iio: Path) -> None:
    (iio / "in_voltage0_raw").write_text("100")
    (iio / "in_voltage0_scale").write_text("2.0")
    (iio / "in_voltage0_offset").write_text("-50")
    assert AdcChannel(device=iio, name="in_voltage0").read_v() == pytest.approx(0.1)


def test_a_converter_that_holds_no_number_is_an_os_error(board: LinuxBoard, iio: Path) -> None:
    (iio / "in_voltage0_raw").write_text("rubbish")
    with pytest.raises(OSError, match="no number"):
        board.read()


def test_every_output_moves_its_line(board: LinuxBoard, lines: GpioLines) -> None:
    for output, offset, value in (
        (SetContactor(True), 1, Value.ACTIVE),
        (CutPilot(True), 2, Value.ACTIVE),
        (SetLock(True), 3, Value.ACTIVE),
        (SetPhases(3), 4, Value.ACTIVE),
        (SetPhases(1), 4, Value.INACTIVE),
        (SetContactor(False), 1, Value.INACTIVE),
    ):
        board.apply(output)
        assert request_of(lines).values[offset] is value
    lines.close()
    assert request_of(lines).released


def test_a_residual_self_test_lets_its_line_go_when_the_device_has_tripped(
    board: LinuxBoard, lines: GpioLines
) -> None:
    request = request_of(lines)
    board.apply(TestResidualCurrent())
    board.read()
    assert request.values[8] is Value.ACTIVE
    request.values[7] = Value.ACTIVE
    assert ResidualCurrent(True) in board.read()
    assert request.values[8] is Value.INACTIVE


def test_a_board_without_a_line_leaves_its_command_out(
    lines: GpioLines, chip: Path, iio: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = GpioLines("/dev/gpiochip0", outputs={"contactor": 1}, inputs={})
    config = LinuxBoardConfig(
        pilot_high=AdcChannel(device=iio, name="in_voltage0"),
        pilot_low=AdcChannel(device=iio, name="in_voltage1"),
    )
    board = LinuxBoard(config, SysfsPwm(chip, 0), few)
    board.apply(SetLock(True))
    (pilot,) = board.read()
    assert isinstance(pilot, PilotSample)
    del monkeypatch, lines


def test_a_supply_runs_on_the_board_and_leaves_it_with_an_open_contactor(
    board: LinuxBoard, lines: GpioLines, chip: Path, iio: Path, caplog: pytest.LogCaptureFixture
) -> None:
    supply = Supply()
    events: list[SupplyEvent] = []
    drivers: list[Driver[SupplyInput, SupplyOutput, SupplyEvent]] = []
    (iio / "in_voltage2_raw").write_text("1000")
    set_pilot(iio, 9.0)

    async def until(state: PilotState) -> None:
        async with asyncio.timeout(5):
            while supply.state is not state:
                await asyncio.sleep(0.005)

    async def charge() -> None:
        task = asyncio.create_task(
            run_board(supply, board, events.append, interval_s=0.005, on_driver=drivers.append)
        )
        await until(PilotState.B1)
        drivers[0].command(supply.authorize)
        drivers[0].command(supply.offer, 16.0)
        await until(PilotState.B2)
        set_pilot(iio, 6.0)
        await until(PilotState.C2)
        async with asyncio.timeout(5):
            while (INPUTS["contactor_feedback"], Value.ACTIVE) not in request_of(lines).told:
                await asyncio.sleep(0.005)
        (iio / "in_voltage0_raw").unlink()
        async with asyncio.timeout(5):
            while request_of(lines).values[1] is not Value.INACTIVE:
                await asyncio.sleep(0.005)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(charge())
    assert supply.state is PilotState.UNKNOWN
    assert "no readings" in caplog.text
    assert request_of(lines).values[1] is Value.INACTIVE
    assert (chip / "pwm0" / "duty_cycle").read_text() == "1000000"
