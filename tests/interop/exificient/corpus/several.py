"""Schemas of several documents: imports, includes, redefinitions, groups across namespaces."""

from .case import Case, document, schema


def _case(name: str, files: dict[str, str], *documents: str) -> Case:
    return Case(name, files, tuple(map(document, documents)))


_IMPORT = '<xs:import namespace="urn:d" schemaLocation="{}"/>'
_TYPED = (
    '<xs:complexType name="t"><xs:sequence><xs:element name="a" type="xs:int" minOccurs="0"/></xs:sequence>'
    '<xs:attribute name="k" type="xs:byte"/></xs:complexType>'
)
_USES = '<xs:element name="r" type="t"/>'

CASES = (
    _case(
        "include",
        {
            "main.xsd": schema('<xs:include schemaLocation="parts/part.xsd"/>' + _USES),
            "parts/part.xsd": schema(_TYPED),
        },
        "<r/>",
        '<r k="1"><a>1</a></r>',
    ),
    _case(
        "include-upwards",
        {
            "top/main.xsd": schema('<xs:include schemaLocation="../part.xsd"/>' + _USES),
            "part.xsd": schema(_TYPED),
        },
        '<r k="1"><a>1</a></r>',
    ),
    _case(
        "include-circle",
        {
            "main.xsd": schema('<xs:include schemaLocation="part.xsd"/>' + _USES),
            "part.xsd": schema('<xs:include schemaLocation="main.xsd"/>' + _TYPED),
        },
        '<r k="1"><a>1</a></r>',
    ),
    _case(
        "chameleon",
        {
            "main.xsd": schema('<xs:include schemaLocation="part.xsd"/>' + _USES),
            "part.xsd": schema(_TYPED + '<xs:element name="o" type="t"/>', ""),
        },
        '<r k="1"><a xmlns="">1</a></r>',
        "<r><a>1</a></r>",
        "<o/>",
    ),
    _case(
        "chameleon-twice",
        {
            "main.xsd": schema(
                '<xs:import namespace="urn:d" schemaLocation="other.xsd"/>'
                '<xs:include schemaLocation="part.xsd"/>' + _USES
            ),
            "other.xsd": schema(
                '<xs:include schemaLocation="part.xsd"/><xs:element name="s" type="t"/>', "urn:d"
            ),
            "part.xsd": schema(_TYPED, ""),
        },
        "<r><a>1</a></r>",
        '<s xmlns="urn:d"><a>1</a></s>',
    ),
    _case(
        "import",
        {
            "main.xsd": schema(
                _IMPORT.format("other.xsd") + '<xs:element name="r"><xs:complexType><xs:sequence>'
                '<xs:element xmlns:d="urn:d" ref="d:o" maxOccurs="2"/>'
                '<xs:element name="i" xmlns:d="urn:d" type="d:t"/>'
                "</xs:sequence></xs:complexType></xs:element>"
            ),
            "other.xsd": schema(_TYPED + '<xs:element name="o" type="t"/>', "urn:d"),
        },
        '<r><d:o xmlns:d="urn:d" k="1"><d:a>1</d:a></d:o><i/></r>',
    ),
    _case(
        "import-without-namespace",
        {
            "main.xsd": schema(
                '<xs:import schemaLocation="other.xsd"/><xs:element name="r"><xs:complexType><xs:sequence>'
                '<xs:any namespace="##local"/></xs:sequence></xs:complexType></xs:element>'
            ),
            "other.xsd": schema('<xs:element name="o" type="xs:int"/>', ""),
        },
        '<r><o xmlns="">5</o></r>',
        '<o xmlns="">5</o>',
    ),
    _case(
        "no-namespace",
        {"main.xsd": schema(_TYPED + _USES, "")},
        '<r xmlns="" k="1"><a>1</a></r>',
    ),
    _case(
        "unqualified",
        {"main.xsd": schema(_TYPED + _USES, attributes="")},
        '<c:r xmlns:c="urn:c" k="1"><a>1</a></c:r>',
    ),
    _case(
        "qualified-attributes",
        {
            "main.xsd": schema(
                _TYPED + _USES, attributes='elementFormDefault="qualified" attributeFormDefault="qualified"'
            )
        },
        '<r c:k="1"><a>1</a></r>',
        "<r/>",
    ),
    _case(
        "redefine",
        {
            "main.xsd": schema(
                '<xs:redefine schemaLocation="part.xsd"><xs:complexType name="t"><xs:complexContent>'
                '<xs:extension base="t"><xs:sequence><xs:element name="b" type="xs:date"/></xs:sequence>'
                '</xs:extension></xs:complexContent></xs:complexType><xs:simpleType name="s"><xs:restriction '
                'base="s"><xs:maxInclusive value="7"/></xs:restriction></xs:simpleType><xs:group name="g">'
                '<xs:sequence><xs:group ref="g"/>'
                '<xs:element name="h" type="xs:int"/></xs:sequence></xs:group>'
                '<xs:attributeGroup name="ag"><xs:attributeGroup ref="ag"/>'
                '<xs:attribute name="q" type="xs:int"/>'
                "</xs:attributeGroup></xs:redefine>" + _USES
            ),
            "part.xsd": schema(
                _TYPED + '<xs:simpleType name="s"><xs:restriction base="xs:unsignedByte"/></xs:simpleType>'
                '<xs:element name="v" type="s"/><xs:group name="g"><xs:sequence>'
                '<xs:element name="f" type="s"/>'
                '</xs:sequence></xs:group><xs:attributeGroup name="ag"><xs:attribute name="p" type="s"/>'
                '</xs:attributeGroup><xs:element name="u"><xs:complexType><xs:group ref="g"/>'
                '<xs:attributeGroup ref="ag"/></xs:complexType></xs:element>'
            ),
        },
        '<r k="1"><a>1</a><b>2000-01-01</b></r>',
        "<v>5</v>",
        '<u p="1" q="100"><f>3</f><h>4</h></u>',
    ),
    _case(
        "substitution-across",
        {
            "main.xsd": schema(
                _IMPORT.format("other.xsd") + '<xs:element xmlns:d="urn:d" name="m" type="xs:short" '
                'substitutionGroup="d:h"/><xs:element xmlns:d="urn:d" name="a" substitutionGroup="d:h"/>'
                '<xs:element xmlns:d="urn:d" name="r"><xs:complexType><xs:sequence maxOccurs="4">'
                '<xs:element ref="d:h"/></xs:sequence></xs:complexType></xs:element>'
            ),
            "other.xsd": schema(
                '<xs:element name="h" type="xs:int"/>'
                '<xs:element name="a" type="xs:byte" substitutionGroup="h"/>',
                "urn:d",
            ),
        },
        '<r><m>1</m><d:a xmlns:d="urn:d">2</d:a><a>3</a><d:h xmlns:d="urn:d">4</d:h></r>',
    ),
    _case(
        "attributes-across",
        {
            "main.xsd": schema(
                _IMPORT.format("other.xsd") + '<xs:element name="r" xmlns:d="urn:d"><xs:complexType>'
                '<xs:attribute ref="d:x"/><xs:attribute name="x" type="xs:int"/>'
                '<xs:attributeGroup ref="d:g"/>'
                "</xs:complexType></xs:element>"
            ),
            "other.xsd": schema(
                '<xs:attribute name="x" type="xs:byte"/><xs:attributeGroup name="g">'
                '<xs:attribute name="y" type="xs:int" form="qualified"/></xs:attributeGroup>',
                "urn:d",
            ),
        },
        '<r d:x="1" x="2" d:y="3" xmlns:d="urn:d"/>',
        "<r/>",
    ),
    _case(
        "many-namespaces",
        {
            "main.xsd": schema(
                "".join(
                    f'<xs:import namespace="urn:n{number}" schemaLocation="n{number}.xsd"/>'
                    for number in range(5)
                )
                + '<xs:element name="r"><xs:complexType><xs:sequence>'
                + "".join(
                    f'<xs:element xmlns:n="urn:n{number}" ref="n:e" minOccurs="0"/>' for number in range(5)
                )
                + "</xs:sequence></xs:complexType></xs:element>"
            ),
            **{
                f"n{number}.xsd": schema('<xs:element name="e" type="xs:int"/>', f"urn:n{number}")
                for number in range(5)
            },
        },
        '<r><n:e xmlns:n="urn:n0">1</n:e><n:e xmlns:n="urn:n3">2</n:e></r>',
        '<n:e xmlns:n="urn:n4">1</n:e>',
    ),
)
