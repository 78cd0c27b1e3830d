"""Restricted character sets: which characters an xs:pattern lets through (EXI 1.0 appendix E)."""

from __future__ import annotations

from typing import Final

_ESCAPED: Final = {"n": "\n", "r": "\r", "t": "\t"}
_LITERAL_ESCAPES: Final = frozenset("\\|.?*+(){}-[]^")
_SPACES: Final = frozenset(" \t\n\r")
_TOO_MANY: Final = 256


class _NoSet(Exception):  # noqa: N818  (a way out of the recursion, no error)
    """The expression has no restricted set."""


def charset_of(*expressions: str) -> tuple[int, ...] | None:
    """The sorted code points that the patterns of one derivation step can match.

    None where EXI uses no restricted set (section 7.1.10.1): 256 characters or more, characters
    outside the basic plane, escapes of Unicode categories. ValueError for a malformed pattern.
    """
    found: set[str] = set()
    try:
        for expression in expressions:
            found |= _Reader(expression).read()
    except _NoSet:
        return None
    if len(found) >= _TOO_MANY or any(ord(char) > 0xFFFF for char in found):
        return None
    return tuple(sorted(ord(char) for char in found))


class _Reader:
    """Recursive descent over the productions of XML Schema part 2, appendix F."""

    def __init__(self, expression: str) -> None:
        self.expression = expression
        self.at = 0

    def read(self) -> set[str]:
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

    def _branches(self) -> set[str]:
        chars: set[str] = set()
        while self._peek() not in ("", ")"):
            chars |= self._piece()
        return chars

    def _piece(self) -> set[str]:
        match char := self._take():
            case "|":
                return set()
            case "(":
                chars = self._branches()
                if self._take() != ")":
                    raise self._malformed("an open group")
            case "[":
                chars = self._class()
            case "\\":
                chars = self._escape()
            case ".":
                raise _NoSet
            case "?" | "*" | "+" | "{" | "}" | "]":
                raise self._malformed(f"{char!r}")
            case _:
                chars = {char}
        self._quantifier()
        return chars

    def _quantifier(self) -> None:
        if self._peek() in ("?", "*", "+"):
            self._take()
        elif self._peek() == "{":
            end = self.expression.find("}", self.at)
            if end < 0:
                raise self._malformed("an open quantifier")
            self.at = end + 1

    def _escape(self) -> set[str]:
        char = self._take()
        if char in _ESCAPED:
            return {_ESCAPED[char]}
        if char == "s":
            return set(_SPACES)
        if char in _LITERAL_ESCAPES:
            return {char}
        if char in "SiIcCdDwWpP":
            raise _NoSet
        raise self._malformed(f"escape {char!r}")

    def _class(self) -> set[str]:
        if self._peek() == "^":
            raise _NoSet
        chars: set[str] = set()
        while (char := self._take()) != "]":
            if char == "-" and self._peek() == "[":
                self._take()
                chars -= self._class()
                continue
            if char == "[":
                raise self._malformed("'['")
            chars |= self._range(char)
        return chars

    def _range(self, char: str) -> set[str]:
        first = self._escape() if char == "\\" else {char}
        follows = self.expression[self.at : self.at + 2]
        if len(first) != 1 or follows[:1] != "-" or follows in ("-]", "-["):
            return first
        self._take()
        char = self._take()
        last = self._escape() if char == "\\" else {char}
        low, high = ord(first.pop()), ord(min(last))
        if high < low:
            raise self._malformed("a range from high to low")
        if high > 0xFFFF or high - low >= _TOO_MANY * 256:
            raise _NoSet
        return {chr(code) for code in range(low, high + 1)}
