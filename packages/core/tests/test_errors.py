from __future__ import annotations

import copy
import pickle

import pytest

from evproto.core import ConfigError, DecodeError, EncodeError, EvprotoError


def test_decode_error_names_the_field_and_the_place() -> None:
    error = DecodeError("length 9 is over 8", offset=17, unit="bit", path="Header/SessionID")
    assert str(error) == "length 9 is over 8 (in Header/SessionID at bit 17)"


def test_decode_error_without_a_place_is_the_bare_reason() -> None:
    assert str(DecodeError("empty")) == "empty"


@pytest.mark.parametrize("error", [DecodeError("a", offset=3, path="x"), EncodeError("b", path="y")])
def test_errors_survive_copying_and_pickling(error: EvprotoError) -> None:
    for twin in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert type(twin) is type(error)
        assert vars(twin) == vars(error)


def test_errors_of_values_are_value_errors() -> None:
    assert all(issubclass(kind, ValueError) for kind in (DecodeError, EncodeError, ConfigError))
