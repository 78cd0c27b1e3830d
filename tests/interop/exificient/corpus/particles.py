"""Content models (EXI 1.0 sections 8.5.4.1.5 to 8.5.4.1.8)."""

from .case import case, content

_A = '<xs:element name="a" type="xs:int"/>'
_B = '<xs:element name="b" type="xs:string"/>'
_C = '<xs:element name="c"/>'


def _element(name: str, occurs: str, kind: str = "xs:byte") -> str:
    least, _, most = occurs.partition("-")
    return f'<xs:element name="{name}" type="{kind}" minOccurs="{least}" maxOccurs="{most or least}"/>'


def _group(kind: str, occurs: str, *parts: str) -> str:
    least, _, most = occurs.partition("-")
    return f'<xs:{kind} minOccurs="{least}" maxOccurs="{most or least}">{"".join(parts)}</xs:{kind}>'


def _sequence(*parts: str) -> str:
    return _group("sequence", "1", *parts)


def _choice(*parts: str) -> str:
    return _group("choice", "1", *parts)


_a, _b, _c = "<a>1</a>", "<b>x</b>", "<c/>"
_x, _y = "<x>1</x>", "<y>2</y>"

_OCCURS = {
    "0-1": ("", _x),
    "0-2": ("", _x, _x * 2),
    "0-unbounded": ("", _x, _x * 5),
    "1-unbounded": (_x, _x * 4),
    "2": (_x * 2,),
    "2-3": (_x * 2, _x * 3),
    "3-unbounded": (_x * 3, _x * 6),
    "1-20": (_x, _x * 19, _x * 20),
    "0": ("",),
}

_SHAPES = [
    content("empty", "", "", " "),
    content("empty-sequence", "<xs:sequence/>", ""),
    content("sequence", _sequence(_A, _B), _a + _b, "<a>1</a> <b>x</b>"),
    content(
        "sequence-of-options",
        _sequence(_element("x", "0-1"), _element("y", "0-1"), _C),
        _x + _y + _c,
        _c,
        _y + _c,
    ),
    content("trailing-option", _sequence(_element("x", "1"), _element("y", "0-1")), _x, _x + _y),
    content("options", _sequence(_element("x", "0-1"), _element("y", "0-1")), "", _x, _y, _x + _y),
    content("choice", _choice(_A, _B, _C), _a, _b, _c),
    content("choice-of-options", _choice(_element("x", "0-1"), _element("y", "1")), "", _x, _y),
    content("choice-with-empty", _choice(_A, "<xs:sequence/>"), "", _a),
    content("choice-optional", _group("choice", "0-1", _A, _B), "", _a, _b),
    content("choice-repeated", _group("choice", "0-unbounded", _A, _B), "", _a * 3, _a + _b + _a),
    content("choice-bounded", _group("choice", "1-3", _A, _B), _a, _b + _a, _a * 3),
    content(
        "choice-of-sequences", _choice(_sequence(_A, _B), _sequence(_C, _element("x", "1"))), _a + _b, _c + _x
    ),
    content("sequence-repeated", _group("sequence", "0-unbounded", _A, _B), "", _a + _b, (_a + _b) * 3),
    content("sequence-bounded", _group("sequence", "2-3", _A, _B), (_a + _b) * 2, (_a + _b) * 3),
    content(
        "sequence-of-options-repeated",
        _group("sequence", "0-3", _element("x", "0-1"), _element("y", "1")),
        "",
        _y,
        _x + _y,
        _y + _x + _y + _y,
    ),
    content(
        "options-repeated",
        _group("sequence", "0-unbounded", _element("x", "0-1"), _element("y", "0-1")),
        "",
        _x,
        _y,
        _y + _x,
        _x + _x,
        _y + _y + _x + _y,
    ),
    content(
        "options-twice",
        _group("sequence", "2", _element("x", "0-1"), _element("y", "0-1")),
        "",
        _x,
        _y,
        _y + _x,
        _x + _y + _x + _y,
    ),
    content(
        "nested-choice",
        _sequence(_A, _choice(_group("choice", "0-1", _B), _sequence(_C, _element("x", "0-2")))),
        _a,
        _a + _b,
        _a + _c,
        _a + _c + _x * 2,
    ),
    content(
        "nested-occurs",
        _group("sequence", "1-2", _group("choice", "1-2", _element("x", "1-2"), _element("y", "1"))),
        _x,
        _x * 2,
        _y * 4,
        _x * 8,
        _y + _x,
    ),
    content(
        "deep",
        _sequence(_sequence(_sequence(_sequence(_element("x", "0-1")), _element("y", "1")))),
        _y,
        _x + _y,
    ),
    content("all", "<xs:all>" + _A + _B + _C + "</xs:all>", _a + _b + _c, _c + _a + _b, _b + _c + _a),
    content(
        "all-optional-parts",
        "<xs:all>" + _element("x", "0-1") + _element("y", "0-1") + _C + "</xs:all>",
        _c,
        _x + _c,
        _c + _y + _x,
    ),
    content("all-optional", '<xs:all minOccurs="0">' + _A + _B + "</xs:all>", "", _a + _b, _b + _a),
    content(
        "same-name-twice",
        _sequence(_element("x", "1"), _element("y", "1"), _element("x", "1")),
        _x + _y + _x,
    ),
    content(
        "same-element-type-differs",
        _sequence(
            '<xs:element name="p"><xs:complexType>' + _sequence(_A) + "</xs:complexType></xs:element>", _A
        ),
        f"<p>{_a}</p>{_a}",
    ),
    content(
        "nested-elements",
        _sequence(
            '<xs:element name="o" maxOccurs="3"><xs:complexType>'
            + _sequence(_element("x", "0-2"))
            + '<xs:attribute name="n" type="xs:byte" use="required"/></xs:complexType></xs:element>'
        ),
        '<o n="1"/>',
        f'<o n="1">{_x}</o><o n="2">{_x * 2}</o>',
    ),
    content(
        "defaulted",
        _sequence('<xs:element name="d" type="xs:int" default="5"/>'),
        "<d/>",
        "<d>5</d>",
        "<d>6</d>",
    ),
    content("fixed", _sequence('<xs:element name="d" type="xs:string" fixed="k"/>'), "<d/>", "<d>k</d>"),
]

_NAMED = [
    content(
        "group",
        '<xs:group ref="g" minOccurs="0" maxOccurs="2"/>',
        "",
        _a + _b,
        (_a + _b) * 2,
        more=f'<xs:group name="g"><xs:sequence>{_A}{_B}</xs:sequence></xs:group>',
    ),
    content(
        "group-in-group",
        _sequence('<xs:group ref="g"/>', _C),
        _a + _c,
        _b + _c,
        more=f'<xs:group name="g"><xs:choice><xs:group ref="h"/>{_B}</xs:choice></xs:group>'
        f'<xs:group name="h"><xs:sequence>{_A}</xs:sequence></xs:group>',
    ),
    content(
        "group-of-all",
        '<xs:group ref="g"/>',
        _b + _a,
        more=f'<xs:group name="g"><xs:all>{_A}{_B}</xs:all></xs:group>',
    ),
    content(
        "element-ref",
        _sequence('<xs:element ref="e" maxOccurs="2"/>', '<xs:element ref="f" minOccurs="0"/>'),
        "<e>1</e>",
        "<e>1</e><e>2</e><f>x</f>",
        more='<xs:element name="e" type="xs:int"/><xs:element name="f" type="xs:string"/>',
    ),
    case(
        "recursive",
        '<xs:element name="r" type="t"/><xs:complexType name="t"><xs:sequence>'
        '<xs:element name="n" type="t" minOccurs="0" maxOccurs="2"/></xs:sequence>'
        '<xs:attribute name="v" type="xs:int"/></xs:complexType>',
        "<r/>",
        '<r v="1"><n v="2"><n/></n><n v="3"/></r>',
    ),
    case(
        "mutually-recursive",
        '<xs:element name="a"><xs:complexType><xs:sequence><xs:element ref="b" minOccurs="0"/></xs:sequence>'
        '</xs:complexType></xs:element><xs:element name="b"><xs:complexType><xs:sequence>'
        '<xs:element ref="a" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>',
        "<a/>",
        "<a><b><a><b/></a></b></a>",
        "<b/>",
    ),
    case(
        "many-roots",
        "".join(f'<xs:element name="e{number}" type="xs:int"/>' for number in range(17)),
        "<e0>1</e0>",
        "<e9>2</e9>",
        "<e16>3</e16>",
    ),
]

_ATTRIBUTES = [
    case(
        "attributes",
        '<xs:element name="r"><xs:complexType><xs:attribute name="z" type="xs:int"/>'
        '<xs:attribute name="a" use="required"/><xs:attribute name="m" type="xs:boolean" default="true"/>'
        '<xs:attribute name="f" type="xs:string" fixed="k"/></xs:complexType></xs:element>',
        '<r a="1"/>',
        '<r z="5" a="x"/>',
        '<r m="false" a="" z="-1"/>',
        '<r f="k" a="x"/>',
    ),
    case(
        "attributes-required",
        '<xs:element name="r"><xs:complexType><xs:sequence><xs:element name="x" type="xs:int"/></xs:sequence>'
        '<xs:attribute name="b" type="xs:int" use="required"/>'
        '<xs:attribute name="a" type="xs:int" use="required"/></xs:complexType></xs:element>',
        '<r a="1" b="2"><x>3</x></r>',
    ),
    case(
        "attribute-groups",
        '<xs:attributeGroup name="g"><xs:attribute name="a" type="xs:int"/><xs:attributeGroup ref="h"/>'
        '</xs:attributeGroup><xs:attributeGroup name="h"><xs:attribute name="b" type="xs:byte"/>'
        '</xs:attributeGroup><xs:element name="r"><xs:complexType><xs:attributeGroup ref="g"/>'
        '<xs:attribute name="ab" type="xs:date"/></xs:complexType></xs:element>',
        "<r/>",
        '<r a="1" b="2" ab="2000-01-01"/>',
        '<r b="2"/>',
    ),
    case(
        "attribute-ref",
        '<xs:attribute name="g" type="xs:int"/><xs:element name="r"><xs:complexType>'
        '<xs:attribute ref="g"/><xs:attribute name="g" type="xs:string"/></xs:complexType></xs:element>',
        '<r c:g="1" g="x"/>',
        '<r g="y"/>',
        '<r c:g="7"/>',
    ),
    case(
        "attribute-forms",
        '<xs:element name="r"><xs:complexType><xs:sequence>'
        '<xs:element name="q" form="unqualified" type="xs:int"/></xs:sequence>'
        '<xs:attribute name="a" form="qualified" type="xs:int"/><xs:attribute name="b" form="unqualified"/>'
        "</xs:complexType></xs:element>",
        '<c:r xmlns:c="urn:c" c:a="1" b="x"><q>1</q></c:r>',
    ),
    case(
        "xml-attributes",
        '<xs:element name="r"><xs:complexType>'
        '<xs:anyAttribute processContents="lax"/></xs:complexType></xs:element>',
        '<r xml:lang="en"/>',
        '<r xml:space="preserve" xml:lang="de"/>',
    ),
    case(
        "simple-content",
        '<xs:element name="r"><xs:complexType><xs:simpleContent><xs:extension base="xs:int">'
        '<xs:attribute name="u" type="xs:string"/></xs:extension>'
        "</xs:simpleContent></xs:complexType></xs:element>",
        "<r>1</r>",
        '<r u="V">230</r>',
    ),
]

CASES = (
    *(
        content(f"occurs-{occurs}", _sequence(_element("x", occurs)), *found)
        for occurs, found in _OCCURS.items()
    ),
    *(
        content(f"occurs-{occurs}-then", _sequence(_element("x", occurs), _C), *(one + _c for one in found))
        for occurs, found in _OCCURS.items()
    ),
    *_SHAPES,
    *_NAMED,
    *_ATTRIBUTES,
)
