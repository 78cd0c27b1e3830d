"""Types in families: xsi:type and xsi:nil, substitution groups, wildcards, mixed content."""

from .case import case, content

_BASE = (
    '<xs:complexType name="base"><xs:sequence><xs:element name="a" type="xs:int"/></xs:sequence>'
    '<xs:attribute name="x" type="xs:int"/><xs:attribute name="y"/></xs:complexType>'
)
_MORE = (
    '<xs:complexType name="more"><xs:complexContent><xs:extension base="base"><xs:sequence>'
    '<xs:element name="b" type="xs:string" minOccurs="0"/></xs:sequence>'
    '<xs:attribute name="w" type="xs:byte"/>'
    "</xs:extension></xs:complexContent></xs:complexType>"
)
_LESS = (
    '<xs:complexType name="less"><xs:complexContent><xs:restriction base="base"><xs:sequence>'
    '<xs:element name="a" type="xs:int"/></xs:sequence><xs:attribute name="x" use="prohibited"/>'
    '<xs:attribute name="y" use="required"/></xs:restriction></xs:complexContent></xs:complexType>'
)
_R = '<xs:element name="r" type="base"/>'

_TYPES = [
    case("no-subtypes", _BASE + _R, "<r><a>1</a></r>", '<r xsi:type="base" x="1"><a>1</a></r>'),
    case(
        "extension",
        _BASE + _MORE + _R + '<xs:element name="m" type="more"/>',
        "<r><a>1</a></r>",
        '<r xsi:type="more" w="1" x="2" y="z"><a>1</a><b>s</b></r>',
        "<m><a>1</a></m>",
        '<r xsi:type="base"><a>1</a></r>',
    ),
    case(
        "restriction",
        _BASE + _LESS + _R + '<xs:element name="l" type="less"/>',
        '<l y="k"><a>1</a></l>',
        '<r xsi:type="less" y="k"><a>1</a></r>',
    ),
    case(
        "extended-twice",
        _BASE
        + _MORE
        + _R
        + '<xs:complexType name="most"><xs:complexContent><xs:extension base="more"><xs:choice>'
        '<xs:element name="c"/><xs:element name="d" type="xs:date"/></xs:choice>'
        "</xs:extension></xs:complexContent>"
        '</xs:complexType><xs:element name="m" type="most"/>',
        "<m><a>1</a><b>x</b><c/></m>",
        '<r xsi:type="most"><a>1</a><d>2000-01-01</d></r>',
    ),
    case(
        "empty-extension",
        '<xs:complexType name="none"/><xs:complexType name="some">'
        '<xs:complexContent><xs:extension base="none">'
        '<xs:sequence><xs:element name="a" type="xs:int"/></xs:sequence></xs:extension></xs:complexContent>'
        '</xs:complexType><xs:element name="r" type="none"/><xs:element name="s" type="some"/>',
        "<r/>",
        '<r xsi:type="some"><a>1</a></r>',
        "<s><a>2</a></s>",
    ),
    case(
        "abstract-type",
        _BASE.replace('name="base"', 'name="base" abstract="true"') + _MORE + _R,
        '<r xsi:type="more"><a>1</a></r>',
    ),
    case(
        "simple-subtypes",
        '<xs:simpleType name="small"><xs:restriction base="xs:int"><xs:minInclusive value="0"/>'
        '<xs:maxInclusive value="7"/></xs:restriction></xs:simpleType><xs:element name="r" type="xs:int"/>'
        '<xs:element name="s" type="small"/>',
        "<r>100</r>",
        '<r xsi:type="small">5</r>',
        '<r xsi:type="xs:short">5</r>',
        "<s>3</s>",
    ),
    case(
        "any-type",
        '<xs:element name="r"/>' + _BASE,
        "<r/>",
        "<r>text</r>",
        "<r><r/></r>",
        '<r xsi:type="xs:int">5</r>',
        '<r xsi:type="base"><a>1</a></r>',
        "<r>one<r>two</r>three</r>",
        '<r u="1" c:v="2"/>',
        "<r><foreign xmlns='urn:f'>x</foreign></r>",
    ),
    case(
        "any-simple-type",
        '<xs:element name="r" type="xs:anySimpleType"/>',
        "<r/>",
        "<r>x</r>",
        '<r xsi:type="xs:int">5</r>',
        '<r xsi:type="xs:boolean">true</r>',
    ),
    case(
        "union-typed",
        '<xs:simpleType name="u"><xs:union memberTypes="xs:int xs:boolean"/></xs:simpleType>'
        '<xs:element name="r" type="u"/>',
        "<r>1</r>",
        '<r xsi:type="xs:int">5</r>',
        '<r xsi:type="xs:boolean">true</r>',
    ),
    case(
        "unknown-type",
        _BASE + _R,
        '<r xsi:type="nowhere"><a>1</a></r>',
        '<r xsi:type="xs:string">x</r>',
        options=("",),
    ),
    case(
        "nillable",
        '<xs:element name="r" nillable="true" type="xs:int"/>'
        '<xs:element name="o"><xs:complexType><xs:sequence>'
        '<xs:element name="n" nillable="true" maxOccurs="2"><xs:complexType><xs:sequence>'
        '<xs:element name="a" type="xs:int"/></xs:sequence>'
        '<xs:attribute name="x" type="xs:int"/></xs:complexType>'
        "</xs:element></xs:sequence></xs:complexType></xs:element>",
        "<r>1</r>",
        '<r xsi:nil="true"/>',
        '<r xsi:nil="false">2</r>',
        '<r xsi:nil="1"/>',
        '<o><n xsi:nil="true" x="1"/><n><a>1</a></n></o>',
    ),
    case(
        "nillable-subtyped",
        _BASE + _MORE + '<xs:element name="r" type="base" nillable="true"/>',
        '<r xsi:nil="true" x="1"/>',
        '<r xsi:type="more" xsi:nil="true" w="1"/>',
        '<r xsi:type="more"><a>1</a></r>',
    ),
    case("not-nillable", '<xs:element name="r" type="xs:string"/>', '<r xsi:nil="true"/>', options=("",)),
    case(
        "simple-content-family",
        '<xs:complexType name="p"><xs:simpleContent><xs:extension base="xs:decimal"><xs:attribute name="u"/>'
        '</xs:extension></xs:simpleContent></xs:complexType><xs:complexType name="q"><xs:simpleContent>'
        '<xs:restriction base="p"><xs:minInclusive value="0"/><xs:attribute name="u" use="required"/>'
        '</xs:restriction></xs:simpleContent></xs:complexType><xs:complexType name="s"><xs:simpleContent>'
        '<xs:extension base="q"><xs:attribute name="k" type="xs:int"/></xs:extension></xs:simpleContent>'
        '</xs:complexType><xs:element name="r" type="p"/><xs:element name="t" type="s"/>',
        "<r>1.5</r>",
        '<r xsi:type="q" u="V">1.5</r>',
        '<t u="V" k="5">2</t>',
        '<r xsi:type="s" u="">0</r>',
    ),
]

_HEADS = (
    '<xs:element name="h" type="xs:int"/><xs:element name="m" type="xs:short" substitutionGroup="h"/>'
    '<xs:element name="b" substitutionGroup="h"/><xs:element name="n" type="xs:byte" substitutionGroup="m"/>'
)
_SUBSTITUTED = [
    content(
        "substitution",
        '<xs:sequence><xs:element ref="h" maxOccurs="3"/></xs:sequence>',
        "<h>1</h>",
        "<m>2</m><b>3</b>",
        "<n>4</n><h>5</h><m>6</m>",
        more=_HEADS,
    ),
    content(
        "substitution-abstract",
        '<xs:sequence><xs:element ref="h"/></xs:sequence>',
        "<m>2</m>",
        "<n>4</n>",
        more=_HEADS.replace('name="h"', 'name="h" abstract="true"'),
    ),
    content(
        "substitution-in-choice",
        '<xs:choice maxOccurs="unbounded"><xs:element ref="h"/>'
        '<xs:element name="z" type="xs:int"/></xs:choice>',
        "<z>1</z><n>2</n><h>3</h>",
        more=_HEADS,
    ),
    content(
        "substitution-then",
        '<xs:sequence><xs:element ref="h" minOccurs="0"/><xs:element name="z"/></xs:sequence>',
        "<z/>",
        "<b>1</b><z/>",
        more=_HEADS,
    ),
]

_WILD = [
    content(
        f"any-{name}",
        "<xs:sequence>"
        f'<xs:any namespace="{spaces}" processContents="lax" minOccurs="0" maxOccurs="2"/></xs:sequence>',
        *found,
        more='<xs:element name="g" type="xs:int"/>',
    )
    for name, spaces, found in (
        ("any", "##any", ("", "<g>1</g>", "<unknown>x</unknown>", "<f:x xmlns:f='urn:f'><f:y/></f:x>")),
        ("other", "##other", ("<f:x xmlns:f='urn:f'/>",)),
        ("target", "##targetNamespace", ("<g>1</g>", "<u/>", "<g>1</g><g>2</g>")),
        ("local", "##local", ("<u xmlns=''/>",)),
        ("uri", "urn:f", ("<f:x xmlns:f='urn:f'/>", "<f:x xmlns:f='urn:f' f:a='1'><f:x/></f:x>")),
        ("several", "urn:f ##targetNamespace ##local", ("<g>5</g><f:x xmlns:f='urn:f'/>", "<u xmlns=''/>")),
    )
]
_WILD_ATTRIBUTES = [
    case(
        f"any-attribute-{name}",
        f'<xs:attribute name="g" type="xs:int"/><xs:element name="r"><xs:complexType><xs:attribute name="k"/>'
        f'<xs:anyAttribute namespace="{spaces}" processContents="lax"/></xs:complexType></xs:element>',
        *found,
    )
    for name, spaces, found in (
        ("any", "##any", ("<r/>", '<r c:g="5" k="1"/>', "<r f:u='x' a='1' z='2' xmlns:f='urn:f'/>")),
        ("other", "##other", ("<r f:u='x' xmlns:f='urn:f'/>", "<r k='1' f:u='x' xmlns:f='urn:f'/>")),
        ("target", "##targetNamespace", ('<r c:g="5"/>', '<r c:u="x"/>')),
        ("local", "##local", ('<r u="x"/>', '<r k="1" u="x"/>')),
        ("uri", "urn:f urn:e", ("<r f:u='x' xmlns:f='urn:f' xmlns:e='urn:e' e:a='1'/>",)),
    )
]
_WILD_FAMILY = [
    case(
        "wildcard-union",
        '<xs:complexType name="p"><xs:anyAttribute namespace="urn:e"/>'
        '</xs:complexType><xs:complexType name="q">'
        '<xs:complexContent><xs:extension base="p"><xs:anyAttribute namespace="urn:f" processContents="lax"/>'
        '</xs:extension></xs:complexContent></xs:complexType><xs:element name="r" type="q"/>',
        "<r f:u='x' xmlns:f='urn:f'/>",
        "<r/>",
    ),
    case(
        "wildcard-intersection",
        '<xs:attributeGroup name="g"><xs:anyAttribute namespace="urn:e urn:f"/></xs:attributeGroup>'
        '<xs:element name="r"><xs:complexType><xs:attributeGroup ref="g"/>'
        '<xs:anyAttribute namespace="urn:f urn:d" processContents="lax"/></xs:complexType></xs:element>',
        "<r f:u='x' xmlns:f='urn:f'/>",
        "<r/>",
    ),
    case(
        "wildcard-other-and-uris",
        '<xs:attributeGroup name="g"><xs:anyAttribute namespace="##other"/></xs:attributeGroup>'
        '<xs:element name="r"><xs:complexType><xs:attributeGroup ref="g"/>'
        '<xs:anyAttribute namespace="urn:f urn:c ##local" processContents="lax"/>'
        "</xs:complexType></xs:element>",
        "<r f:u='x' xmlns:f='urn:f'/>",
        "<r/>",
    ),
    case(
        "wildcard-restricted",
        '<xs:complexType name="p">'
        '<xs:anyAttribute namespace="urn:e urn:f" processContents="lax"/></xs:complexType>'
        '<xs:complexType name="q"><xs:complexContent><xs:restriction base="p">'
        '<xs:anyAttribute namespace="urn:f" processContents="lax"/></xs:restriction></xs:complexContent>'
        '</xs:complexType><xs:complexType name="s"><xs:complexContent><xs:restriction base="p"/>'
        '</xs:complexContent></xs:complexType><xs:element name="r" type="q"/><xs:element name="t" type="s"/>',
        "<r f:u='x' xmlns:f='urn:f'/>",
        "<r/>",
        "<t/>",
    ),
]

_MIXED = [
    case(
        "mixed",
        '<xs:element name="r"><xs:complexType mixed="true"><xs:choice minOccurs="0" maxOccurs="unbounded">'
        '<xs:element name="b" type="xs:string"/><xs:element name="n" type="xs:int"/></xs:choice>'
        '<xs:attribute name="a"/></xs:complexType></xs:element>',
        "<r/>",
        "<r>text</r>",
        "<r>one<b>two</b>three<n>4</n></r>",
        '<r a="x"><b>y</b> <n>1</n>z</r>',
    ),
    case(
        "mixed-sequence",
        '<xs:element name="r"><xs:complexType mixed="true"><xs:sequence><xs:element name="a" type="xs:int"/>'
        '<xs:element name="b" minOccurs="0" type="xs:int"/></xs:sequence></xs:complexType></xs:element>',
        "<r><a>1</a></r>",
        "<r>x<a>1</a>y<b>2</b>z</r>",
    ),
    case(
        "mixed-extended",
        '<xs:complexType name="p" mixed="true"><xs:sequence>'
        '<xs:element name="a" minOccurs="0" type="xs:int"/>'
        '</xs:sequence></xs:complexType><xs:complexType name="q"><xs:complexContent mixed="true">'
        '<xs:extension base="p"><xs:sequence>'
        '<xs:element name="b" type="xs:int"/></xs:sequence></xs:extension>'
        '</xs:complexContent></xs:complexType><xs:element name="r" type="q"/>',
        "<r><b>1</b></r>",
        "<r>x<a>1</a>y<b>2</b>z</r>",
    ),
    case(
        "mixed-empty", '<xs:element name="r"><xs:complexType mixed="true"/></xs:element>', "<r/>", "<r>x</r>"
    ),
]

_DEVIATING = [
    content(
        f"deviation-{name}",
        '<xs:sequence><xs:element name="a" type="xs:int"/>'
        '<xs:element name="b" type="xs:string" minOccurs="0"/>'
        "</xs:sequence>",
        found,
        options=("",),
    )
    for name, found in (
        ("missing", ""),
        ("order", "<b>x</b><a>1</a>"),
        ("surplus", "<a>1</a><a>2</a>"),
        ("unknown", "<a>1</a><u>x</u>"),
        ("unknown-first", "<u><v/></u><u><v/><w/></u><a>1</a>"),
        ("text", "<a>1</a>text"),
        ("text-first", "text<a>1</a>"),
        ("value", "<a>one</a>"),
        ("inside", "<a>1<u/></a>"),
        ("attribute-late", "<a u='1'>1</a>"),
        ("foreign", "<a>1</a><f:a xmlns:f='urn:f' f:b='2'>x</f:a>"),
    )
] + [
    case(
        "deviation-attributes",
        '<xs:element name="r"><xs:complexType><xs:attribute name="a" type="xs:int" use="required"/>'
        '<xs:attribute name="b" type="xs:int"/></xs:complexType></xs:element>',
        "<r/>",
        '<r b="1"/>',
        '<r a="x"/>',
        '<r a="1" u="2"/>',
        '<r b="x" a="1" u="2" v="3"/>',
        "<r a='1'>text</r>",
        options=("",),
    ),
    case(
        "deviation-root",
        '<xs:element name="r" type="xs:int"/>',
        "<u>1</u>",
        "<u a='1'><u a='1'>x</u>y</u>",
        "<f:r xmlns:f='urn:f'><r>5</r></f:r>",
        options=("",),
    ),
]

CASES = (
    *_TYPES,
    *_SUBSTITUTED,
    *_WILD,
    *_WILD_ATTRIBUTES,
    *_WILD_FAMILY,
    *_MIXED,
    *_DEVIATING,
)
