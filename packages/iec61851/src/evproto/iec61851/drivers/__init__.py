"""Real boards under asyncio: Linux (PWM, IIO, GPIO) and a microcontroller on a serial line."""

from evproto.iec61851.drivers.board import Board, run_board
from evproto.iec61851.drivers.linux import AdcChannel, GpioLines, LinuxBoard, LinuxBoardConfig, SysfsPwm
from evproto.iec61851.drivers.serial import SerialBoard, open_serial

__all__ = [
    "AdcChannel",
    "Board",
    "GpioLines",
    "LinuxBoard",
    "LinuxBoardConfig",
    "SerialBoard",
    "SysfsPwm",
    "open_serial",
    "run_board",
]
