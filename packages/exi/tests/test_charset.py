"""Restricted character sets follow EXI 1.0 section 7.1.10.1 and appendix E."""

import pytest

from evproto.exi.charset import charset_of


def chars(*expressions: str) -> str | None:
    found = charset_of(*expressions)
    return None if found is None else "".join(map(chr, found))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("abc", "abc"),
        ("[a-e]", "abcde"),
        ("[a-e-[bd]]", "ace"),
        ("(x|y)z*", "xyz"),
        ("a{2,3}b?", "ab"),
        (r"\d", None),
        (r"[\p{L}]", None),
        (r"\s", "\t\n\r "),
        (r"\.\-\\", "-.\\"),
        (r"[\-a]", "-a"),
        ("[a-]", "-a"),
        ("[^a]", None),
        (".", None),
        ("😀", None),
        ("", ""),
        ("[Ā-Ȁ]", None),
        ("[a-a]|", "a"),
        ("[a-z-[^aeiou]]", "aeiou"),
        ("[^a-z-[^0-9]]", "0123456789"),
        (r"[a-e-[\s]]", "abcde"),
        (r"[a-e-[\d]]", None),
        (r"[\^\-]", "-^"),
        ("[a^]", "^a"),
        ("[^\x00-\u00ff]", None),
        (r"\p{Lu}|a", None),
        (r"\P{IsBasicLatin}", None),
        (r"a|\S", None),
        ("[ab]{1,}c{2}d{0,3}", "abcd"),
        ("[\u0001-\u00ff]", "".join(map(chr, range(1, 256)))),
        ("[\u0001-\u0100]", None),
        ("((a|b)|(c))+", "abc"),
    ],
)
def test_a_pattern_gives_the_characters_that_it_can_match(expression: str, expected: str | None) -> None:
    assert chars(expression) == expected


def test_patterns_of_one_step_are_united() -> None:
    assert chars("[ab]", "c") == "abc"


@pytest.mark.parametrize(
    "expression",
    [
        "(a",
        "a)",
        "[a",
        "[z-a]",
        "a{2",
        "a{x}",
        "a{,2}",
        r"\p",
        r"\p{L",
        "[a-c-[b]d]",
        r"[a-\s]",
        "*",
        "\\",
        r"\q",
        "a]",
    ],
)
def test_a_malformed_pattern_is_refused(expression: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        charset_of(expression)
