"""Random XML documents for hypothesis: namespaces, mixed content, comments, instructions, any characters."""

from __future__ import annotations

from hypothesis import strategies as st

_NAMES = st.sampled_from(["a", "b", "item", "é", "x-1", "_y.z", "日本"])
_URIS = st.sampled_from(["", "urn:a", "urn:b", "http://example/?q=1"])
_PREFIXES = st.sampled_from(["", "p", "q", "ns0"])
_CHARACTERS = st.characters(
    exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff", include_characters="\t\n"
)
TEXTS = st.one_of(
    st.sampled_from(["", " ", "x", "same", "1", "true", "a & b < c > d", "]]>", '"quoted"', "\r\n"]),
    st.text(_CHARACTERS, max_size=12),
)
_COMMENTS = st.text(_CHARACTERS, max_size=8).map(lambda text: text.replace("-", "_").replace("\r", ""))
_TARGETS = st.sampled_from(["pi", "other"])


def _escaped(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return text.replace("\r", "&#13;")


def _attribute_value(text: str) -> str:
    return _escaped(text).replace("\t", "&#9;").replace("\n", "&#10;")


@st.composite
def _tags(draw: st.DrawFn, scope: dict[str, str]) -> tuple[str, str, dict[str, str]]:
    """The name of an element, the rest of its start tag, and the prefixes in scope in it."""
    declared = draw(st.dictionaries(_PREFIXES, _URIS, max_size=2))
    declared = {prefix: uri for prefix, uri in declared.items() if uri or not prefix}
    inner = {**scope, **declared}
    prefix = draw(st.sampled_from(sorted({"", *inner})))
    name = draw(_NAMES) if not prefix else f"{prefix}:{draw(_NAMES)}"
    rest = [
        f' xmlns{":" if prefix else ""}{prefix}="{_attribute_value(uri)}"' for prefix, uri in declared.items()
    ]
    seen = set()
    for local, value in draw(st.dictionaries(_NAMES, TEXTS, max_size=3)).items():
        prefix = draw(st.sampled_from(sorted({"", *inner} - {""}) or [""])) if draw(st.booleans()) else ""
        key = (inner.get(prefix, "") if prefix else "", local)
        if key not in seen:
            seen.add(key)
            rest.append(f' {prefix}{":" if prefix else ""}{local}="{_attribute_value(value)}"')
    if draw(st.integers(0, 9)) == 0:
        rest.append(' xml:space="preserve"')
    return name, "".join(rest), inner


@st.composite
def _elements(draw: st.DrawFn, scope: dict[str, str], depth: int) -> str:
    name, rest, inner = draw(_tags(scope))
    parts = []
    for _ in range(draw(st.integers(0, 3))):
        match draw(st.integers(0, 5)):
            case 0 | 1:
                parts.append(_escaped(draw(TEXTS)))
            case 2:
                parts.append(f"<!--{draw(_COMMENTS)}-->")
            case 3:
                parts.append(f"<?{draw(_TARGETS)} {draw(_COMMENTS).replace('?', '').strip()}?>")
            case _ if depth < 4:
                parts.append(draw(_elements(inner, depth + 1)))
    return f"<{name}{rest}>{''.join(parts)}</{name}>"


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A well-formed document."""
    before = [f"<!--{draw(_COMMENTS)}-->"] if draw(st.booleans()) else []
    if draw(st.booleans()):
        before.append('<!DOCTYPE a PUBLIC "p" "s" [<!ENTITY e "x">]>')
    after = ["<?pi end?>"] if draw(st.booleans()) else []
    return "".join([*before, draw(_elements({}, 0)), *after])
