"""The base of all settings: immutable, unknown keys refused, every error named in one line."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from evproto.core import ConfigError


class Config(BaseModel):
    """Settings of one module. Units stand in the names."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)


ConfigT = TypeVar("ConfigT", bound=Config)


def checked(cls: type[ConfigT], place: str, values: dict[str, object]) -> ConfigT:
    """An instance of `cls`, or a `ConfigError` of one line that names the place, the key and the value."""
    try:
        return cls(**values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "value"
        shown = "" if isinstance(first["input"], dict) else f" (got {first['input']!r})"
        raise ConfigError(f"{place}: {key}: {first['msg']}{shown}") from None
