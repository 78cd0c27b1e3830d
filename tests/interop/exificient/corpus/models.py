"""Random content models with random documents: what no table thought of.

Every element of a model has a name of its own, so a model is deterministic however it nests.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from .case import Case, content

_MODELS = 60
_DOCUMENTS = 5
_OCCURS = ((1, 1), (1, 1), (1, 1), (0, 1), (0, 1), (0, 2), (1, 2), (2, 3), (0, None), (1, None))
_TYPES = {
    "xs:int": ("0", "-7", "100000"),
    "xs:string": ("", "abc", "a b"),
    "xs:boolean": ("true", "false"),
    "xs:unsignedByte": ("0", "255"),
    "xs:date": ("2026-11-28", "1999-01-01Z"),
}


class _Model:
    """A particle that can write its schema and make up content."""

    def __init__(self, chance: random.Random, names: Iterator[str], depth: int) -> None:
        self.chance = chance
        self.least, self.most = chance.choice(_OCCURS)
        self.kind = chance.choice(("element", "sequence", "choice")) if depth else "element"
        if self.kind == "element":
            self.name = next(names)
            self.type = chance.choice(list(_TYPES))
        else:
            self.parts = [_Model(chance, names, depth - 1) for _ in range(chance.randint(1, 4))]

    @property
    def can_be_empty(self) -> bool:
        """Whether it matches nothing at all."""
        if self.least == 0:
            return True
        if self.kind == "element":
            return False
        quantifier = all if self.kind == "sequence" else any
        return quantifier(part.can_be_empty for part in self.parts)

    def schema(self) -> str:
        """The particle in a schema."""
        most = "unbounded" if self.most is None else self.most
        occurs = f'minOccurs="{self.least}" maxOccurs="{most}"'
        if self.kind == "element":
            return f'<xs:element name="{self.name}" type="{self.type}" {occurs}/>'
        return f"<xs:{self.kind} {occurs}>{''.join(part.schema() for part in self.parts)}</xs:{self.kind}>"

    def content(self) -> str:
        """Content that matches the particle."""
        most = self.least + 3 if self.most is None else self.most
        return "".join(self._copy() for _ in range(self.chance.randint(self.least, most)))

    def _copy(self) -> str:
        if self.kind == "element":
            return f"<{self.name}>{self.chance.choice(_TYPES[self.type])}</{self.name}>"
        if self.kind == "choice":
            return self.chance.choice(self.parts).content()
        return "".join(part.content() for part in self.parts)


def _case(number: int) -> Case:
    chance = random.Random(number)
    model = _Model(chance, (f"e{index}" for index in range(1000)), 3)
    while model.kind == "element":
        model = _Model(chance, (f"e{index}" for index in range(1000)), 3)
    documents = dict.fromkeys(model.content() for _ in range(_DOCUMENTS))
    return content(f"model-{number}", model.schema(), *documents)


CASES = tuple(_case(number) for number in range(_MODELS))
