"""Restricted character sets: which characters an xs:pattern lets through (EXI 1.0 appendix E)."""

from __future__ import annotations


def charset_of(expression: str) -> tuple[int, ...] | None:
    """The sorted code points that a pattern can match; None where EXI uses no restricted set."""
    raise NotImplementedError(expression)
