"""Runs pyslac's EVSE, one session after the other: `pyslac_evse.py INTERFACE`.

Prints READY when a session awaits a car and MATCHED when it has matched; a line on standard
input begins the next one. Only pyslac's wait of ten seconds after a key is taken out.
"""

import asyncio
import logging
import sys

import pyslac.session
from pyslac.environment import Config
from pyslac.session import SlacEvseSession, SlacSessionController

pyslac.session.SLAC_SETTLE_TIME = 0
logging.disable(logging.CRITICAL)


async def main(interface: str) -> None:
    config = Config()
    config.load_envs()
    controller = SlacSessionController()
    loop = asyncio.get_running_loop()
    while True:
        session = SlacEvseSession("DE*ABC*E1", interface, config)
        await session.evse_set_key()
        await controller.process_cp_state(session, "B")
        print("READY", flush=True)
        while session.state != pyslac.session.STATE_MATCHED:
            await asyncio.sleep(0.005)
        print("MATCHED", flush=True)
        if not await loop.run_in_executor(None, sys.stdin.readline):
            return
        await controller.process_cp_state(session, "A")
        session.socket.close()


asyncio.run(main(sys.argv[1]))
