"""How long a car waits in the charge loop over TCP: our SECC beside Josev's, in the same run.

Each SECC runs in a process of its own, each on a virtual Ethernet of one network namespace; the
same car (ours) charges at them in turn. Time is from CurrentDemandReq being encoded to
CurrentDemandRes being read from the socket. Josev's SECC needs Java and a Python with the package
iso15118: EVPROTO_JOSEV_PYTHON, or .peers/josev, which tests/interop/josev/install.py makes.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from _report import Figure, options, report

ROOT = Path(__file__).resolve().parent.parent
PEER = ROOT / "tests" / "interop" / "josev" / "peer.py"
OURS, THEIRS = ("v2g0", "v2g1"), ("v2g2", "v2g3")
WARM_UP = 3
"""Answers at the begin of each session that do not count: a cold JVM is no steady state."""

NAMESPACE = """
set -e
ip link set lo up
ip link add v2g0 type veth peer name v2g1
ip link add v2g2 type veth peer name v2g3
for end in v2g0 v2g1 v2g2 v2g3; do
    echo 0 > /proc/sys/net/ipv6/conf/$end/accept_dad
    ip link set $end up
done
sleep 0.3
exec "$@"
"""


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--sessions", type=int, default=2, help="sessions at each SECC")
    parser.add_argument("--loops", type=int, default=100, help="rounds of the charge loop in a session")
    parser.add_argument("--serve", metavar="INTERFACE", help="be our SECC")
    chosen = parser.parse_args()
    if chosen.serve:
        from _loopback_apps import serve

        asyncio.run(serve(chosen.serve))
        return
    if "EVPROTO_BENCH_NAMESPACE" not in os.environ:
        sys.exit(_in_namespace())
    report(measure(chosen.sessions, chosen.loops), as_json=chosen.json)


def measure(sessions: int, loops: int) -> list[Figure]:
    """Charge at both in turn; Josev's figures are left out where it is not there."""
    josev = _josev_python()
    ours: list[float] = []
    theirs: list[float] = []
    with _running([sys.executable, __file__, "--serve", OURS[0]]):
        for _ in range(sessions):
            ours += _charge(OURS[1], loops)
            if josev is not None:
                with _running([str(josev), str(PEER), "secc", THEIRS[0], "DC"]):
                    theirs += _charge(THEIRS[1], loops)
    return _figures(ours, theirs)


def _charge(interface: str, loops: int) -> list[float]:
    from _loopback_apps import TimingCar

    car = TimingCar(loops + WARM_UP)
    asyncio.run(car.charge(interface))
    return car.answers[WARM_UP:]


def _figures(ours: list[float], theirs: list[float]) -> list[Figure]:
    figures = []
    for measure, of in (("median", statistics.median), ("p95", _p95)):
        ratio = of(ours) / of(theirs) if theirs else None
        peer = "Josev SECC" if theirs else None
        value = of(ours) * 1000
        figures.append(
            Figure(case="CurrentDemandRes", measure=measure, value=value, unit="ms", peer=peer, ratio=ratio)
        )
        if theirs:
            value = of(theirs) * 1000
            figures.append(Figure(case="CurrentDemandRes of Josev", measure=measure, value=value, unit="ms"))
    return figures


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20, method="inclusive")[-1]


@contextlib.contextmanager
def _running(command: list[str]) -> Iterator[None]:
    environment = {**os.environ, "JAVA_TOOL_OPTIONS": "-Xmx96m"}
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )
    try:
        _wait_until_listening(process, command)
        yield
    finally:
        # Josev starts a JVM of its own: the whole group goes.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, 15)
        process.wait(10)


def _wait_until_listening(process: subprocess.Popen[bytes], command: list[str]) -> None:
    """Until the process answers on the SDP port: its socket shows in the table of the namespace."""
    before = _sdp_sockets()
    for _ in range(600):
        if _sdp_sockets() > before:
            return
        if process.poll() is not None:
            errors = process.stderr.read().decode() if process.stderr else ""
            raise RuntimeError(f"{' '.join(command)} ended: {errors[-2000:]}")
        time.sleep(0.05)
    raise RuntimeError(f"{' '.join(command)} does not listen")


def _sdp_sockets() -> int:
    return sum(f":{15118:04X} " in line for line in Path("/proc/net/udp6").read_text().splitlines())


def _josev_python() -> Path | None:
    python = Path(os.environ.get("EVPROTO_JOSEV_PYTHON", ROOT / ".peers" / "josev" / "bin" / "python"))
    if python.exists() and shutil.which("java"):
        return python
    print(f"no comparison: Josev needs Java and {python}", file=sys.stderr)
    return None


def _in_namespace() -> int:
    if not (shutil.which("unshare") and shutil.which("ip")):
        print("loopback: the programs unshare and ip are needed", file=sys.stderr)
        return 2
    command = [sys.executable, *sys.argv]
    environment = {**os.environ, "EVPROTO_BENCH_NAMESPACE": "1"}
    unshare = ["unshare", "--map-root-user", "--net", "sh", "-c", NAMESPACE, "sh", *command]
    return subprocess.run(unshare, env=environment, check=False).returncode


if __name__ == "__main__":
    main()
