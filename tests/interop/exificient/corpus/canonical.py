"""What Canonical EXI makes of values, white space and options (its sections 3 and 4)."""

from .case import Case, document, schema

_VALUES = schema(
    '<xs:element name="r"><xs:complexType mixed="true"><xs:choice minOccurs="0" maxOccurs="unbounded">'
    '<xs:element name="f" type="xs:float"/><xs:element name="d" type="xs:decimal"/>'
    '<xs:element name="t" type="xs:dateTime"/><xs:element name="time" type="xs:time"/>'
    '<xs:element name="day" type="xs:date"/><xs:element name="ym" type="xs:gYearMonth"/>'
    '<xs:element name="y" type="xs:gYear"/><xs:element name="md" type="xs:gMonthDay"/>'
    '<xs:element name="m" type="xs:gMonth"/><xs:element name="gd" type="xs:gDay"/>'
    '<xs:element name="i" type="xs:integer"/><xs:element name="b" type="xs:boolean"/>'
    '<xs:element name="x" type="xs:hexBinary"/><xs:element name="s" type="xs:string"/>'
    '<xs:element name="k" type="xs:token"/><xs:element name="e" type="price"/>'
    '</xs:choice><xs:attribute name="a" type="xs:int"/><xs:attribute name="z" type="xs:float"/>'
    "</xs:complexType></xs:element>"
    '<xs:simpleType name="price"><xs:restriction base="xs:decimal"><xs:enumeration value="1"/>'
    '<xs:enumeration value="1.0"/><xs:enumeration value="2"/></xs:restriction></xs:simpleType>'
)


def _each(name: str, values: str) -> tuple[str, ...]:
    return tuple(f"<r><{name}>{value}</{name}></r>" for value in values.split())


_FLOATS = (
    *_each("f", "123.012300 0.0 -0.0 1.0 -1230.01 0.1230 12300 12.0 120E-1 1.2E1"),
    *_each("f", "NaN INF -INF 0E5 1e0 1E0 +1"),
)
_DECIMALS = _each("d", "-0.0 -0 +1.50 00.100 .5 -0.5") + _each("e", "1 1.0 1.00 2.0")
_TIMES = (
    *_each("t", "2015-08-11T24:00:00-07:30 2012-06-30T23:59:60-06:00 2012-06-30T23:59:59.000-06:00"),
    *_each("t", "2012-06-30T23:59:59.100 2012-06-30T23:59:59Z 2012-01-01T00:30:00+14:00"),
    *_each("time", "24:00:00 23:59:60-06:00 01:00:00+02:00 12:00:00.50Z"),
    *_each("day", "2015-01-01 2015-01-01Z 2015-01-01+05:00 2015-01-01-05:00"),
    *_each("ym", "2015-01 2015-01+05:00"),
    *_each("y", "2015 2015-05:00"),
    *_each("md", "--01-01 --01-01+05:00"),
    *_each("m", "--01 --01+05:00"),
    *_each("gd", "---01 ---01+05:00"),
)
_OTHERS = (*_each("i", "+1 -0 007 99999999999999999999"), *_each("b", "1 true 0 false"), *_each("x", "aB cd"))
_SPACES = (
    "<r> <s> x </s> <k>  a   b </k><i> 12 </i> </r>",
    "<r xml:space='preserve'> <s> x </s> <k>  a   b </k> </r>",
    "<r>text <s/> more</r>",
    "<r><s></s><k>  </k><i></i></r>",
    "<r>\n  <s>\n</s>\n<!-- c -->\n</r>",
)
_UNTYPED = (
    "<r a='x' z='1.50'><i>one</i></r>",
    "<r z='1' a='+5' unknown='1'/>",
    "<r><u q='1'>  <v/> </u></r>",
)
_SCHEMALESS = (
    "<a b='1' a='2'><c> x </c> <c xml:space='preserve'> <d/> </c><e>  </e></a>",
    "<z:a xmlns:z='urn:z' xmlns:b='urn:b' b:q='1' z:q='2' q='3'>x<b:c/>y</z:a>",
)
_EXI = "{http://www.w3.org/2009/exi}"
_XS = "{http://www.w3.org/2001/XMLSchema}"
_OPTIONS = (
    "canonical",
    "canonical;options",
    "canonical;strict",
    "canonical;options;block=10",
    "canonical;options;fragment;block=1000000",
    "canonical;options;prefixes",
    "canonical;options;lexical;prefixes",
    f"canonical;options;dtr={_XS}token,{_EXI}string,{_XS}int,{_EXI}string",
    f"canonical;options;dtr={_XS}date,{_EXI}string,{_XS}base64Binary,{_EXI}base64Binary",
    "canonical;options;max_grammars=0;max_productions=0;profile_values",
)


def _case(name: str, documents: tuple[str, ...], options: tuple[str, ...]) -> Case:
    return Case(f"canonical-{name}", {"main.xsd": _VALUES}, tuple(map(document, documents)), options)


CASES = (
    _case("numbers", _FLOATS + _DECIMALS + _OTHERS, ("canonical", "canonical;strict")),
    _case("times", _TIMES, ("canonical", "canonical;utc")),
    _case("spaces", _SPACES, ("canonical", "canonical;lexical", "canonical;comments")),
    _case("untyped", _UNTYPED, ("canonical", "canonical;lexical")),
    _case("options", _UNTYPED[1:] + _SPACES[:1], _OPTIONS),
    Case("canonical-schemaless", {}, _SCHEMALESS, ("canonical", "canonical;options", "canonical;prefixes")),
)
