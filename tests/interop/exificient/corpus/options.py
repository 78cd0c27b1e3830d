"""What the options of EXI change, with a schema and without (EXI 1.0 sections 5, 6, 7.3, 7.4, 8.4 and 9)."""

from .case import Case, document, schema

_SCHEMA = schema(
    '<xs:element name="r"><xs:complexType><xs:sequence>'
    '<xs:element ref="n" minOccurs="0" maxOccurs="unbounded"/>'
    '</xs:sequence><xs:attribute name="day" type="xs:date"/></xs:complexType></xs:element>'
    '<xs:element name="n"><xs:complexType mixed="true"><xs:sequence><xs:element name="s" type="xs:string"/>'
    '<xs:element name="i" type="xs:int" minOccurs="0"/><xs:element name="d" type="xs:decimal" minOccurs="0"/>'
    '<xs:any minOccurs="0" processContents="lax"/></xs:sequence><xs:attribute name="id" type="xs:ID"/>'
    '<xs:attribute name="c" type="xs:string"/></xs:complexType></xs:element>'
)
_PLAIN = (
    "<r/>",
    '<r day="2000-01-01"><n id="a" c="red"><s>red</s><i>5</i></n><n c="red"><s>blue</s><d>1.50</d></n></r>',
    "<r><n>text<s>x</s> and <i>007</i><u a='1'>unknown</u></n></r>",
    '<n><s xsi:type="xs:token">y</s></n>',
)
_RICH = (
    "<?before it?><!--first--><r><!--in--><n><s>x<!--amid-->y</s>"
    "<?pi some data?></n></r><!--last--><?after?>",
    '<!DOCTYPE r [<!ENTITY e "entity"> ]><r xmlns="urn:c"><n><s>an &e; here</s></n></r>',
    '<p:r xmlns:p="urn:c" xmlns:q="urn:c"><q:n xmlns:z="urn:z"><p:s>1</p:s></q:n></p:r>',
    '<c:r xmlns:c="urn:c" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:xs="http://www.w3.org/2001/XMLSchema"><c:n><c:s xsi:type="xs:token">1</c:s></c:n></c:r>',
)
_STRANGE = (
    "<a/>",
    "<a><b>1</b><b>1</b><c b='1' d='2'><b>1</b></c></a>",
    "<a x='1'><a x='1'><a x='1'>t</a>t</a>t</a>",
    "<x:a xmlns:x='urn:x' xmlns:y='urn:y' y:b='v'><y:c>v</y:c><x:c>v</x:c>" + "<x:d/>" * 20 + "</x:a>",
    "<a xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xmlns:xs='http://www.w3.org/2001/XMLSchema'>"
    "<b xsi:type='xs:int'>5</b><c xsi:nil='true'/><b xsi:type='xs:decimal'>5.0</b></a>",
    "<a>"
    + "".join(f"<e{number % 40} k='{number % 7}'>{number % 11}</e{number % 40}>" for number in range(150))
    + "</a>",
    "<a xml:lang='en' xml:space='preserve'>  <b>  </b>  </a>",
)
_MANY = ("<r>" + "".join(f"<n c='c{n % 9}'><s>s{n % 5}</s><i>{n}</i></n>" for n in range(130)) + "</r>",)

_PRESERVED = ("comments", "pis", "dtd", "prefixes", "lexical;prefixes", "comments;pis;dtd;prefixes;lexical")
_STRINGS = (
    "capacity=0",
    "capacity=1",
    "capacity=3",
    "max_length=0",
    "max_length=3",
    "max_length=4;capacity=2",
)
_HEADERS = (
    "cookie",
    "options",
    "cookie;options;schema_id",
    "strict;options",
    "options;capacity=5;max_length=9",
    "options;comments;pis;dtd;prefixes",
    "options;lexical;prefixes",
    "options;fragment",
    "options;schema_id;strict",
)
_FOREIGN = (
    "<r><n><s>x</s>" + "<u b='1'><v>1</v><v>2</v><w a='1'/><u/></u>" + "</n></r>",
    "<u><v>1</v><v>1</v><w k='1' l='2'><v>3</v></w><r/></u>",
)
_EXI = "{http://www.w3.org/2009/exi}"
_XS = "{http://www.w3.org/2001/XMLSchema}"
_MAPS = (
    f"dtr={_XS}int,{_EXI}string",
    f"dtr={_XS}decimal,{_EXI}string,{_XS}date,{_EXI}string",
    f"dtr={_XS}string,{_EXI}decimal",
    f"options;dtr={_XS}int,{_EXI}integer,{_XS}decimal,{_EXI}double",
)
_PROFILES = (
    "max_grammars=0",
    "max_grammars=2",
    "max_productions=0",
    "max_productions=3",
    "no_local_values",
    "max_grammars=1;max_productions=1;no_local_values;profile_values;options",
)


def _case(name: str, documents: tuple[str, ...], options: tuple[str, ...], *, informed: bool) -> Case:
    files = {"main.xsd": _SCHEMA} if informed else {}
    return Case(name, files, tuple(map(document, documents)) if informed else documents, options)


_FRAGMENTS = ("<s>x</s>", "<i>5</i>", "<n><s>1</s></n>", "<u>x</u>", "<r/>")

_RELAXED = schema(
    '<xs:group name="g"><xs:sequence><xs:element name="inside" type="xs:int"/></xs:sequence></xs:group>'
    '<xs:complexType name="a"><xs:sequence><xs:element name="v" type="xs:int"/>'
    '<xs:element name="w" type="xs:int"/></xs:sequence></xs:complexType>'
    '<xs:complexType name="b"><xs:sequence><xs:element name="v" type="xs:string"/>'
    '<xs:element name="w" type="xs:int" nillable="true"/></xs:sequence><xs:attribute name="q" type="xs:int"/>'
    '</xs:complexType><xs:attribute name="z" type="xs:date"/>'
)
_RELAXED_FRAGMENTS = (
    "<v>5</v>",
    "<w>5</w>",
    "<v q='5'>1</v>",
    "<v c:z='2000-01-01'><w>1</w></v>",
    '<v xsi:type="a"><v>1</v><w>2</w></v>',
    '<w xsi:nil="true"/>',
    "<inside>5</inside>",
)

CASES = (
    _case("preserve", _PLAIN + _RICH, _PRESERVED, informed=True),
    _case("preserve-schemaless", _STRANGE + _RICH, ("", *_PRESERVED), informed=False),
    _case("strings", _PLAIN + _MANY, _STRINGS, informed=True),
    _case("strings-schemaless", _STRANGE, _STRINGS, informed=False),
    _case(
        "blocks",
        _MANY,
        ("", "options;block=50", "block=1", "block=7", "block=100", "block=101", "block=261"),
        informed=True,
    ),
    _case("blocks-schemaless", _STRANGE, ("block=1", "block=3", "block=120"), informed=False),
    _case("header", _PLAIN[:2], _HEADERS, informed=True),
    _case("header-schemaless", _STRANGE[:2], _HEADERS, informed=False),
    _case("maps", _PLAIN, _MAPS, informed=True),
    _case(
        "fragment", _FRAGMENTS, ("fragment", "fragment;strict", "fragment;prefixes;comments"), informed=True
    ),
    Case(
        "fragment-relaxed",
        {"main.xsd": _RELAXED},
        tuple(map(document, _RELAXED_FRAGMENTS)),
        ("fragment", "fragment;strict"),
    ),
    _case("fragment-schemaless", _STRANGE[:4], ("fragment",), informed=False),
    _case("profile", _FOREIGN, _PROFILES, informed=True),
    Case("profile-built-in-types", {}, _STRANGE + _MANY, _PROFILES, schemaless="xsd"),
    _case("profile-schemaless", _STRANGE + _MANY, ("max_grammars=1;max_productions=1",), informed=False),
    _case("contained", _STRANGE[:2], ("contained=b", "contained=a,c", "options;contained=b"), informed=False),
    _case("contained-informed", _PLAIN[:3], ("contained={urn:c}n",), informed=True),
    _case("canonical", _PLAIN + _RICH, ("canonical", "canonical;options", "canonical;utc"), informed=True),
    Case("built-in-types", {}, _STRANGE, ("", "strict", "prefixes"), schemaless="xsd"),
)
