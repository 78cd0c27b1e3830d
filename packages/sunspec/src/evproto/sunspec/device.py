"""A scanned device: its base address and its models in the order of the map."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from evproto.sunspec.values import Model


@dataclass(slots=True)
class UnknownModel:
    """A model that no definition is known for; its registers are kept."""

    id: int
    address: int
    length: int
    data: bytes = b""


@dataclass(slots=True)
class Quirks:
    """What a device does not do as the specification says, found out while it is read."""

    max_read: int = 125
    """Registers that it gives in one request."""
    across_models: bool = True
    """Whether it answers a read that spans more than one model."""


@dataclass(slots=True)
class Device:
    """What a scan found. `faults` are for people; the values are right all the same or None."""

    unit: int
    base: int
    models: list[Model | UnknownModel] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    quirks: Quirks = field(default_factory=Quirks)

    def __iter__(self) -> Iterator[Model]:
        return (model for model in self.models if isinstance(model, Model))

    def all(self, *numbers: int) -> list[Model]:
        """Every model with one of the numbers."""
        return [model for model in self if model.id in numbers]

    def __getitem__(self, number: int) -> Model:
        """The first model with the number; KeyError."""
        for model in self:
            if model.id == number:
                return model
        raise KeyError(number)

    def __contains__(self, number: object) -> bool:
        return any(model.id == number for model in self)
