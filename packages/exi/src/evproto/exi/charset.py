"""Restricted character sets: which characters an xs:pattern lets through (EXI 1.0 appendix E)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_ESCAPED: Final = {"n": "\n", "r": "\r", "t": "\t"}
_LITERAL_ESCAPES: Final = frozenset("\\|.?*+(){}-[]^")
_QUANTITY: Final = re.compile(r"\{[0-9]+(,[0-9]*)?\}")
_TOO_MANY: Final = 256
_LAST_BASIC: Final = 0xFFFF
_LAST: Final = 0x10FFFF

Chars = list[tuple[int, int]]
"""A set of characters: ranges of code points in order, both ends included, with gaps between."""

_SPACES: Final[Chars] = [(9, 10), (13, 13), (32, 32)]
_ALL_BUT_LINE_ENDS: Final[Chars] = [(0, 9), (11, 12), (14, _LAST)]


def charset_of(*expressions: str) -> tuple[int, ...] | None:
    """The sorted code points that the patterns of one derivation step can match.

    None where EXI uses no restricted set (section 7.1.10.1): 256 characters or more, characters
    outside the basic plane, escapes of Unicode categories and all multi-character escapes but \\s.
    ValueError for a malformed pattern.
    """
    found: Chars = []
    has_set = True
    for expression in expressions:
        reader = _Reader(expression)
        found = _united((*found, *reader.read()))
        has_set = has_set and reader.has_set
    count = sum(high - low + 1 for low, high in found)
    if not has_set or count >= _TOO_MANY or any(high > _LAST_BASIC for _, high in found):
        return None
    return tuple(code for low, high in found for code in range(low, high + 1))


def _united(ranges: Iterable[tuple[int, int]]) -> Chars:
    found: Chars = []
    for low, high in sorted(ranges):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return found


def _complement(chars: Chars) -> Chars:
    edges = [-1, *(edge for low, high in chars for edge in (low, high)), _LAST + 1]
    gaps = zip(edges[::2], edges[1::2], strict=True)
    return [(before + 1, after - 1) for before, after in gaps if after - before > 1]


def _without(chars: Chars, others: Chars) -> Chars:
    return _complement(_united((*_complement(chars), *others)))


class _Reader:
    """Recursive descent over the productions of XML Schema part 2, appendix F.

    `has_set` turns false at an escape for which EXI has no set; the rest is read for its form alone.
    """

    def __init__(self, expression: str) -> None:
        self.expression = expression
        self.at = 0
        self.has_set = True

    def read(self) -> Chars:
        chars = self._branches()
        if self.at < len(self.expression):
            raise self._malformed("a stray ')'")
        return chars

    def _peek(self) -> str:
        return self.expression[self.at : self.at + 1]

    def _take(self) -> str:
        char = self._peek()
        if not char:
            raise self._malformed("more")
        self.at += 1
        return char

    def _malformed(self, what: str) -> ValueError:
        return ValueError(f"pattern {self.expression!r}: unexpected end or {what} at {self.at}")

    def _branches(self) -> Chars:
        pieces: Chars = []
        while self._peek() not in ("", ")"):
            pieces += self._piece()
        return _united(pieces)

    def _piece(self) -> Chars:
        match char := self._take():
            case "|":
                return []
            case "(":
                chars = self._branches()
                if self._take() != ")":
                    raise self._malformed("an open group")
            case "[":
                chars = self._class()
            case "\\":
                chars = self._escape()
            case ".":
                chars = _ALL_BUT_LINE_ENDS
            case "?" | "*" | "+" | "{" | "}" | "]":
                raise self._malformed(f"{char!r}")
            case _:
                chars = _one(char)
        self._quantifier()
        return chars

    def _quantifier(self) -> None:
        if self._peek() in ("?", "*", "+"):
            self._take()
        elif self._peek() == "{":
            quantity = _QUANTITY.match(self.expression, self.at)
            if quantity is None:
                raise self._malformed("a quantifier that is none")
            self.at = quantity.end()

    def _escape(self) -> Chars:
        match char := self._take():
            case "n" | "r" | "t":
                return _one(_ESCAPED[char])
            case "s":
                return _SPACES
            case "S" | "i" | "I" | "c" | "C" | "d" | "D" | "w" | "W":
                self.has_set = False
                return []
            case "p" | "P":
                return self._category()
        if char not in _LITERAL_ESCAPES:
            raise self._malformed(f"escape {char!r}")
        return _one(char)

    def _category(self) -> Chars:
        end = self.expression.find("}", self.at)
        if self._peek() != "{" or end < 0:
            raise self._malformed("a category without its name")
        self.at = end + 1
        self.has_set = False
        return []

    def _class(self) -> Chars:
        negated = self._peek() == "^"
        if negated:
            self._take()
        chars, taken_away = self._members()
        return _without(_complement(chars) if negated else chars, taken_away)

    def _members(self) -> tuple[Chars, Chars]:
        """What stands between the brackets of a class, and what a class subtraction takes away."""
        ranges: Chars = []
        while (char := self._take()) != "]":
            if char == "-" and self._peek() == "[":
                self._take()
                taken_away = self._class()
                if self._take() != "]":
                    raise self._malformed("something after a class subtraction")
                return _united(ranges), taken_away
            if char == "[":
                raise self._malformed("'['")
            ranges += self._range(char)
        return _united(ranges), []

    def _range(self, char: str) -> Chars:
        first = self._escape() if char == "\\" else _one(char)
        follows = self.expression[self.at : self.at + 2]
        if not _is_single(first) or follows[:1] != "-" or follows in ("-]", "-["):
            return first
        self._take()
        char = self._take()
        last = self._escape() if char == "\\" else _one(char)
        if not _is_single(last):
            raise self._malformed("a range that ends in a class")
        low, high = first[0][0], last[0][0]
        if high < low:
            raise self._malformed("a range from high to low")
        return [(low, high)]


def _one(char: str) -> Chars:
    return [(ord(char), ord(char))]


def _is_single(chars: Chars) -> bool:
    return len(chars) == 1 and chars[0][0] == chars[0][1]
