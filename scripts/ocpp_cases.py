"""Write docs/ocpp-cases.md: which case of the certification tools is held by which test.

    python scripts/ocpp_cases.py [--check]

A test holds a case by naming it, in its own name (`test_tc_005_1_cp_...`, `test_tc_b_01_cs_...`)
or in a parameter (`"TC_023_2_CP"`). --check only says whether every test on the page exists.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
TESTS = ROOT / "packages/ocpp_client/tests"
PAGE = ROOT / "docs/ocpp-cases.md"

HELD_ELSEWHERE = {
    "085": "test_basic_auth_carries_identity_and_password_and_no_log_does",
    "086": "test_profile_3_shows_its_certificate_and_checks_the_back_ends",
    "087": "test_profile_3_shows_its_certificate_and_checks_the_back_ends",
    "088": "test_a_back_end_without_our_subprotocol_is_no_connection",
}
"""Cases that a test of another name holds."""

CASES_16 = {
    "001": "cold boot",
    "002": "cold boot, pending",
    "003": "session, plug first",
    "004_1": "session, identification first",
    "004_2": "identification first, connection time-out",
    "005_1": "EV side disconnected: stop, unlock",
    "005_2": "EV side disconnected: stop, stay locked",
    "005_3": "EV side disconnected: suspend",
    "007": "start with a cached id",
    "008_1": "start with a listed id",
    "010": "remote start, cable first",
    "011_1": "remote start, before the cable",
    "011_2": "remote start, time-out",
    "012": "remote stop",
    "013": "hard reset",
    "014": "soft reset",
    "015": "hard reset with a transaction",
    "016": "soft reset with a transaction",
    "017_1": "unlock, no session, loose cable",
    "017_2": "unlock, no session, fixed cable",
    "018_1": "unlock, session, loose cable",
    "018_2": "unlock, session, fixed cable",
    "019_1": "all configuration keys",
    "019_2": "named configuration keys",
    "021": "change a configuration key",
    "023_1": "authorize: invalid",
    "023_2": "authorize: expired",
    "023_3": "authorize: blocked",
    "024": "lock failure",
    "026": "remote start rejected",
    "027": "remote start, connector 0",
    "028": "remote stop rejected",
    "030": "unlock failure",
    "031": "unlock, unknown connector",
    "032_1": "power failure ends transactions",
    "034": "power failure while unavailable",
    "036": "connection lost in a transaction",
    "037_1": "offline start, valid",
    "037_2": "offline start, invalid, stop",
    "037_3": "offline start, invalid, no stop",
    "038": "offline stop",
    "039": "offline transaction",
    "040_1": "configuration key not supported",
    "040_2": "configuration value invalid",
    "042_1": "list version, not supported",
    "042_2": "list version, empty",
    "043_1": "send list, not supported",
    "043_2": "send list, version mismatch",
    "043_3": "send list, failed",
    "043_4": "send list, full",
    "043_5": "send list, differential",
    "044_1": "firmware: installed",
    "044_2": "firmware: download failed",
    "044_3": "firmware: installation failed",
    "045_1": "diagnostics: uploaded",
    "045_2": "diagnostics: upload failed",
    "046": "reservation, used",
    "047": "reservation, expired",
    "048_1": "reservation: faulted",
    "048_2": "reservation: occupied",
    "048_3": "reservation: unavailable",
    "048_4": "reservation: rejected",
    "049": "reservation of the charge point, used",
    "050_1": "reservation of the charge point: faulted",
    "050_2": "reservation of the charge point: occupied",
    "050_3": "reservation of the charge point: unavailable",
    "050_4": "reservation of the charge point: rejected",
    "051": "cancel reservation",
    "052": "cancel reservation, rejected",
    "053_1": "reservation with parent id, used by its group",
    "053_2": "reservation with parent id, not used by another",
    "054": "trigger message",
    "055": "trigger message, rejected",
    "056": "smart charging: default profile",
    "057": "smart charging: transaction profile",
    "058_1": "smart charging: transaction profile without a transaction",
    "058_2": "smart charging: wrong transaction",
    "059": "remote start with a profile",
    "060": "remote start with a profile, rejected",
    "061": "clear cache",
    "062": "data transfer to the back end",
    "064": "data transfer to the charge point",
    "066": "composite schedule",
    "067": "clear charging profile",
    "068": "stop: the same id",
    "069": "stop: the same group",
    "070": "sampled meter values",
    "071": "clock-aligned meter values",
    "072": "stacked charging profiles",
    "073": "update the password",
    "074": "update the certificate",
    "075_1": "install a manufacturer root",
    "075_2": "install a back end root",
    "076": "delete a certificate",
    "077": "security event: invalid station certificate",
    "078": "security event: invalid back end certificate",
    "079": "security log",
    "080": "signed firmware: installed",
    "081": "signed firmware: invalid signature",
    "083": "upgrade the security profile",
    "084": "upgrade the security profile, rejected",
    "085": "basic authentication",
    "086": "TLS, server certificate",
    "087": "TLS, client certificate",
    "088": "subprotocol",
}
"""By number; the titles are ours."""

CASES_201 = {
    "A": "01 04 05 06 07 09 10 11 14 15 19 20 21 22 23",
    "B": "01 02 03 06 07 08 09 10 11 12 13 15 20 21 22 23 25 26 27 28 29 30 32 33 34 35 36 37 39 41 43 45 46 "
    "47 49 50 51 52 53 57",
    "C": "02 04 05 06 07 08 09 10 11 12 13 15 16 17 18 26 32 33 34 36 37 38 39 41 42 44 45 46 47 48 49 56 57",
    "E": "01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 19 20 21 22 24 25 26 27 28 29 30 31 32 33 34 35 "
    "37 38 39 40 41 42 43 44 45 50 51 52 54",
    "F": "01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 23 24 26 27",
    "G": "01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 21",
    "J": "01 02 03 04 06 07 08 09 10 11",
    "K": "38",
    "L": "01 02 03 05 06 07 08 10 11 12 13 14 15 16 18",
    "M": "01 02 07 09 12 13 17 18 19 20 22 23 30 31",
    "N": "25 26 27 28 30 31 32 35 36 62",
    "P": "01 03",
}
"""Part 6 of OCPP 2.0.1: the numbers of its charging station cases, by functional block."""

INTRODUCTION = """# OCPP certification cases

Written by `scripts/ocpp_cases.py` from the names of the tests in `packages/ocpp_client/tests`; each
test runs a station in virtual time against the scripted back end. *open*: no test holds it yet.
Part 6 of 2.0.1 has no cases of block D (local authorization list); `test_v2_block_d.py` holds its
use cases.
"""


def main() -> int:
    page = written()
    if "--check" in sys.argv:
        return 0 if _named(PAGE.read_text()) <= _named(page) else 1
    PAGE.write_text(page)
    return 0


def written() -> str:
    """The page as it should be."""
    held = tests_by_case()
    rows_16 = [(f"TC_{number}_CP", title, held.get(number)) for number, title in CASES_16.items()]
    rows_201 = [
        (f"TC_{block}_{number}_CS", f"block {block}", held.get(f"{block}_{number}"))
        for block, numbers in CASES_201.items()
        for number in numbers.split()
    ]
    return INTRODUCTION + _section("OCPP 1.6", rows_16) + _section("OCPP 2.0.1", rows_201)


def _named(page: str) -> set[str]:
    return set(re.findall(r"`(test_\w+)`", page))


def tests_by_case() -> dict[str, list[str]]:
    """The names of the tests that hold a case, by `005_1` or `B_01`."""
    found: dict[str, list[str]] = defaultdict(list)
    for case, name in HELD_ELSEWHERE.items():
        found[case].append(name)
    for path in sorted(TESTS.glob("test_*.py")):
        for name, text in _functions(path):
            for match in re.finditer(r"tc_(\d{3}(?:_\d)?|[a-p]_\d\d)(?=_)", text.lower()):
                case = match[1].upper()
                if name not in found[case]:
                    found[case].append(name)
    return found


def _functions(path: Path) -> Iterator[tuple[str, str]]:
    """Every test with the text of its decorators and its name."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield (
                node.name,
                " ".join(map(ast.unparse, node.decorator_list)).replace("'", "_") + " " + node.name,
            )


def _section(title: str, rows: list[tuple[str, str, list[str] | None]]) -> str:
    held = sum(1 for _, _, tests in rows if tests)
    lines = [f"\n## {title}: {held} of {len(rows)} held\n\n", "| case | about | test |\n", "|---|---|---|\n"]
    for case, about, tests in rows:
        names = "<br>".join(f"`{name}`" for name in tests) if tests else "open"
        lines.append(f"| {case} | {about} | {names} |\n")
    return "".join(lines)


if __name__ == "__main__":
    sys.exit(main())
