"""One side of Josev as a process, for one session.

    peer.py secc|evcc INTERFACE AC|DC [PROTOCOL java|evproto]

PROTOCOL is Josev's name, ISO_15118_2 for one; the last word is the EXI codec: Josev's own or ours.
Runs in Josev's own environment. Prints "READY" and at the end one line of JSON with the verdict:
ok, reason, and the names of the messages that it sent. Josev's own entry points give no exit code
that means anything and do not end after a failed session.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys

ROLE, INTERFACE, KIND = sys.argv[1:4]
PROTOCOL, CODEC = sys.argv[4:6] or ("ISO_15118_2", "java")
os.environ.update(NETWORK_INTERFACE=INTERFACE, LOG_LEVEL="ERROR", MESSAGE_LOG_JSON="False", AUTH_MODES="EIM")

from iso15118.shared import comm_session  # noqa: E402

sent: list[str] = []
verdict: asyncio.Future[dict[str, object]]

original_send = comm_session.V2GCommunicationSession.send


async def send(self, message):
    await original_send(self, message)
    sent.append(str(self.current_state.message))


async def stop(self, reason):
    """In place of Josev's, which sleeps for five seconds."""
    outcome = self.comm_session.stop_reason
    self.writer.close()
    if not verdict.done():
        verdict.set_result({"ok": bool(outcome and outcome.successful), "reason": str(reason), "sent": sent})


def secc(codec):
    """The simulated charger; its output follows what the car asks for."""
    from iso15118.secc import SECCHandler
    from iso15118.secc.comm_session_handler import SECCCommunicationSession
    from iso15118.secc.controller.simulator import SimEVSEController
    from iso15118.secc.secc_settings import Config

    class Charger(SimEVSEController):
        async def send_charging_command(self, voltage, current, is_precharge=False, is_session_bpt=False):
            self.evse_data_context.present_voltage = voltage

    SECCCommunicationSession.stop = stop
    config = Config()
    config.load_envs()
    handler = SECCHandler(exi_codec=codec, evse_controller=Charger(), config=config)
    return handler.start(INTERFACE)


def evcc(codec):
    """The simulated car."""
    from iso15118.evcc import EVCCHandler
    from iso15118.evcc.controller.simulator import SimEVController
    from iso15118.evcc.evcc_config import EVCCConfig
    from iso15118.shared.settings import load_shared_settings

    load_shared_settings()
    config = EVCCConfig(
        supportedProtocols=[PROTOCOL],
        supportedEnergyServices=[KIND],
        energyTransferMode="DC_extended" if KIND.startswith("DC") else "AC_three_phase_core",
        useTls=False,
        chargeLoopCycle=5,
    )
    config.load_raw_values()
    handler = EVCCHandler(
        evcc_config=config, iface=INTERFACE, exi_codec=codec, ev_controller=SimEVController(config)
    )
    return handler.start()


def exi_codec():
    if CODEC == "evproto":
        from evproto.iso15118.josev import EvprotoExiCodec

        return EvprotoExiCodec()
    from iso15118.shared.exificient_exi_codec import ExificientEXICodec

    return ExificientEXICodec()


async def main() -> bool:
    global verdict
    verdict = asyncio.get_running_loop().create_future()
    comm_session.V2GCommunicationSession.send = send
    comm_session.V2GCommunicationSession.stop = stop
    codec = exi_codec()
    running = asyncio.create_task(secc(codec) if ROLE == "secc" else evcc(codec))
    print("READY", flush=True)
    await asyncio.wait({verdict, running}, timeout=120, return_when=asyncio.FIRST_COMPLETED)
    result = (
        verdict.result()
        if verdict.done()
        else {"ok": False, "reason": f"no session: {running}", "sent": sent}
    )
    print(json.dumps(result), flush=True)
    await asyncio.sleep(0.2)
    if CODEC == "java":
        codec.gateway.shutdown()
    return bool(result["ok"])


if __name__ == "__main__":
    ok = asyncio.run(main())
    os._exit(0 if ok else 1)
