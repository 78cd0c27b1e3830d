from __future__ import annotations

import subprocess
import sys

import pytest

from evproto.core.lazy import lazy


def test_a_name_that_a_package_does_not_have_is_an_attribute_error_that_names_both() -> None:
    load = lazy("evproto.core", timers="Timers")
    with pytest.raises(AttributeError, match=r"'evproto\.core' has no attribute 'Nothing'"):
        load("Nothing")


def test_a_module_is_loaded_when_one_of_its_names_is_first_used() -> None:
    code = (
        "import sys, evproto.core; before = 'evproto.core.trace' in sys.modules;"
        "evproto.core.Trace; print(before, 'evproto.core.trace' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
