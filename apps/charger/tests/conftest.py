"""Sessions for the tests, each run in virtual time in a fresh folder."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from evproto.charger.testing import Charge, Session, charge_in


@pytest.fixture
def charge(tmp_path: Path) -> Charge:
    """Runs a session in virtual time with these settings."""
    numbers = itertools.count()

    def run(**settings: Any) -> Session:
        return charge_in(tmp_path / f"session-{next(numbers)}", **settings)

    return run
