"""Schemas with documents, small and of our own making, that show every part of EXI once."""

from . import canonical, datatypes, derivation, facets, models, options, particles, several
from .case import Case

CASES: tuple[Case, ...] = (
    *datatypes.CASES,
    *facets.CASES,
    *particles.CASES,
    *derivation.CASES,
    *several.CASES,
    *models.CASES,
    *options.CASES,
    *canonical.CASES,
)

__all__ = ["CASES", "Case"]
