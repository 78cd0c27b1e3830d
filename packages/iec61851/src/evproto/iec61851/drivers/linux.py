"""A board on Linux: PWM by sysfs, voltages by IIO, lines by gpiod 2.x (extra "linux").

Linux cannot sample within the pilot's period: the two pilot channels must be the outputs of peak
detectors, one for each half of the wave. docs/control-pilot.md tells what follows from that.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evproto.core import ConfigError
from evproto.iec61851 import supply_io as io

PERIOD_NS = 1_000_000
"""1 kHz, and the resolution of the duty cycle: one nanosecond."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdcChannel:
    """One IIO voltage channel, e.g. device "/sys/bus/iio/devices/iio:device0", name "in_voltage3".

    The pilot's volt are `gain` times the volt at the converter plus `offset_v`.
    """

    device: Path
    name: str
    gain: float = 1.0
    offset_v: float = 0.0

    def read_v(self) -> float:
        """The voltage; raises OSError."""
        raw = _number(self.device / f"{self.name}_raw")
        scale_mv = self._own_or_shared("scale", 1.0)
        return (raw + self._own_or_shared("offset", 0.0)) * scale_mv / 1000 * self.gain + self.offset_v

    def _own_or_shared(self, kind: str, default: float) -> float:
        for name in (f"{self.name}_{kind}", f"in_voltage_{kind}"):
            path = self.device / name
            if path.exists():
                return _number(path)
        return default


class SysfsPwm:
    """One channel of a PWM chip, e.g. "/sys/class/pwm/pwmchip0"; exports it if need be."""

    def __init__(self, chip: Path, channel: int) -> None:
        self._path = chip / f"pwm{channel}"
        try:
            if not self._path.exists():
                (chip / "export").write_text(str(channel))
            (self._path / "duty_cycle").write_text("0")
            (self._path / "period").write_text(str(PERIOD_NS))
            (self._path / "duty_cycle").write_text(str(PERIOD_NS))
            (self._path / "enable").write_text("1")
        except OSError as error:
            raise ConfigError(f"no PWM at {self._path}: {error}") from error

    def apply(self, command: io.SetPilot) -> None:
        """Set the duty cycle, rounded down to a nanosecond; raises OSError."""
        (self._path / "duty_cycle").write_text(str(command.duty * PERIOD_NS // 1))


class GpioLines:
    """Lines of one GPIO chip by name of their use: outputs that are set, inputs that are read.

    `outputs` and `inputs` map a use ("contactor", "lock", ...) to a line offset; uses in
    `active_low` are inverted. Needs gpiod 2.x.
    """

    def __init__(
        self,
        chip: str,
        *,
        outputs: Mapping[str, int],
        inputs: Mapping[str, int],
        active_low: frozenset[str] = frozenset(),
    ) -> None:
        try:
            import gpiod
            from gpiod.line import Direction, Value
        except ImportError as error:
            raise ConfigError("GPIO lines need gpiod 2.x: pip install evproto-iec61851[linux]") from error
        self._on, self._off = Value.ACTIVE, Value.INACTIVE
        self._offsets = {**outputs, **inputs}
        settings: dict[Any, Any] = {}
        for use, offset in self._offsets.items():
            direction = Direction.OUTPUT if use in outputs else Direction.INPUT
            settings[offset] = gpiod.LineSettings(
                direction=direction, active_low=use in active_low, output_value=Value.INACTIVE
            )
        try:
            self._request = gpiod.request_lines(chip, consumer="evproto", config=settings)
        except OSError as error:
            raise ConfigError(f"no GPIO lines {sorted(settings)} at {chip}: {error}") from error

    def has(self, use: str) -> bool:
        """Whether a line has this use."""
        return use in self._offsets

    def set(self, use: str, on: bool) -> None:
        """Set an output; raises OSError."""
        self._request.set_value(self._offsets[use], self._on if on else self._off)

    def get(self, use: str) -> bool:
        """Read an input; raises OSError."""
        return bool(self._request.get_value(self._offsets[use]) == self._on)

    def close(self) -> None:
        """Release the lines."""
        self._request.release()


@dataclass(frozen=True, slots=True, kw_only=True)
class LinuxBoardConfig:
    """Where the parts of the board are.

    pilot_high, pilot_low: the peak detectors. proximity: the divider of `proximity_pull_up_ohm`
    to `proximity_supply_v`, None without one. The lines' uses are the outputs "contactor", "cut",
    "lock", "three_phases", "residual_test" and the inputs "contactor_feedback", "lock_feedback",
    "residual_tripped".
    """

    pilot_high: AdcChannel
    pilot_low: AdcChannel
    proximity: AdcChannel | None = None
    proximity_pull_up_ohm: float = 330.0
    proximity_supply_v: float = 5.0


class LinuxBoard:
    """A `Board` of a PWM channel, converters and lines."""

    def __init__(self, config: LinuxBoardConfig, pwm: SysfsPwm, lines: GpioLines) -> None:
        self._config = config
        self._pwm = pwm
        self._lines = lines
        self._pwm_runs = False
        self._testing = False

    def read(self) -> list[io.SupplyInput]:
        """All readings of this moment; raises OSError."""
        config, lines = self._config, self._lines
        low_v = config.pilot_low.read_v() if self._pwm_runs else None
        readings: list[io.SupplyInput] = []
        if config.proximity is not None:
            readings.append(io.ProximitySample(self._resistance(config.proximity.read_v())))
        if lines.has("contactor_feedback"):
            readings.append(io.ContactorFeedback(lines.get("contactor_feedback")))
        if lines.has("lock_feedback"):
            readings.append(io.LockFeedback(lines.get("lock_feedback")))
        if lines.has("residual_tripped"):
            readings.append(self._residual())
        readings.append(io.PilotSample(config.pilot_high.read_v(), low_v))
        return readings

    def apply(self, output: io.SupplyOutput) -> None:
        """Do what the supply commands; raises OSError. A use without a line is left out."""
        match output:
            case io.SetPilot():
                self._pwm.apply(output)
                self._pwm_runs = 0 < output.duty < 1
            case io.CutPilot(cut):
                self._set("cut", cut)
            case io.SetContactor(closed):
                self._set("contactor", closed)
            case io.SetLock(locked):
                self._set("lock", locked)
            case io.SetPhases(phases):
                self._set("three_phases", phases == 3)
            case io.TestResidualCurrent():
                self._set("residual_test", True)
                self._testing = True

    def _residual(self) -> io.ResidualCurrent:
        """A device under test has tripped: its test line is let go."""
        tripped = self._lines.get("residual_tripped")
        if tripped and self._testing:
            self._testing = False
            self._set("residual_test", False)
        return io.ResidualCurrent(tripped)

    def _set(self, use: str, on: bool) -> None:
        if self._lines.has(use):
            self._lines.set(use, on)

    def _resistance(self, volts: float) -> float:
        headroom = self._config.proximity_supply_v - volts
        if headroom <= 0.01 * self._config.proximity_supply_v:
            return math.inf
        return self._config.proximity_pull_up_ohm * volts / headroom


def _number(path: Path) -> float:
    try:
        return float(path.read_text())
    except ValueError as error:
        raise OSError(f"{path} holds no number") from error
