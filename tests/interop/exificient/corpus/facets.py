"""Derived simple types: bounds, enumerations, patterns, lists and unions (EXI 1.0 sections 7.1 and 7.2)."""

from .case import restriction, values

_NUMBERS = {
    "n-bit-0": (restriction("xs:integer", "minInclusive=7", "maxInclusive=7"), ["7"]),
    "n-bit-1": (restriction("xs:integer", "minInclusive=-1", "maxInclusive=0"), ["-1", "0"]),
    "n-bit-7": (restriction("xs:byte", "minInclusive=0", "maxInclusive=100"), ["0", "100", "42"]),
    "n-bit-12": (restriction("xs:int", "minInclusive=-2048", "maxInclusive=2047"), ["-2048", "2047", "0"]),
    "too-wide": (restriction("xs:int", "minInclusive=-2048", "maxInclusive=2048"), ["-2048", "2048"]),
    "too-wide-unsigned": (restriction("xs:int", "minInclusive=1", "maxInclusive=4097"), ["1", "4097"]),
    "exclusive": (restriction("xs:integer", "minExclusive=-1", "maxExclusive=16"), ["0", "15"]),
    "half-exclusive": (restriction("xs:short", "minExclusive=5"), ["6", "32767"]),
    "above": (restriction("xs:integer", "minInclusive=10"), ["10", "1000000000000"]),
    "below": (restriction("xs:integer", "maxInclusive=-10"), ["-10", "-1000000000000"]),
    "far-away": (
        restriction("xs:integer", "minInclusive=100000000000000000000", "maxInclusive=100000000000000000009"),
        ["100000000000000000000", "100000000000000000009"],
    ),
    "far-below": (
        restriction(
            "xs:integer", "minInclusive=-100000000000000000009", "maxInclusive=-100000000000000000000"
        ),
        ["-100000000000000000000", "-100000000000000000005"],
    ),
    "unsigned-long-end": (
        restriction("xs:unsignedLong", "minInclusive=18446744073709551600"),
        ["18446744073709551600", "18446744073709551615"],
    ),
    "digits": (restriction("xs:integer", "totalDigits=3"), ["0", "999", "-999"]),
    "decimal-bounds": (restriction("xs:decimal", "minInclusive=0", "maxInclusive=10"), ["0", "10", "3.14"]),
    "decimal-digits": (restriction("xs:decimal", "fractionDigits=0"), ["0", "10", "-3"]),
    "boolean-pattern": (restriction("xs:boolean", "pattern=true|false|0|1"), ["true", "false", "0", "1"]),
    "boolean-words": (restriction("xs:boolean", "pattern=true|false"), ["true", "false"]),
}

_ENUMERATED = {
    "enum-1": (restriction("xs:string", "enumeration=only"), ["only"]),
    "enum-3": (restriction("xs:string", "enumeration=c", "enumeration=a", "enumeration=b"), ["a", "b", "c"]),
    "enum-space": (restriction("xs:token", "enumeration=a b", "enumeration=c"), ["a b", "c"]),
    "enum-int": (
        restriction("xs:int", "enumeration=10", "enumeration=-5", "enumeration=0"),
        ["0", "10", "-5"],
    ),
    "enum-decimal": (
        restriction("xs:decimal", "enumeration=1.0", "enumeration=2.50"),
        ["1.0", "2.50", "1", "2.5"],
    ),
    "enum-double": (restriction("xs:double", "enumeration=1E1", "enumeration=0.5"), ["1E1", "0.5", "10"]),
    "enum-boolean": (restriction("xs:boolean", "pattern=true"), ["true"]),
    "enum-date": (restriction("xs:date", "enumeration=2000-01-01", "enumeration=1999-12-31"), ["2000-01-01"]),
    "enum-time": (restriction("xs:gYear", "enumeration=2000", "enumeration=1999"), ["1999"]),
    "enum-hex": (restriction("xs:hexBinary", "enumeration=00", "enumeration=FF"), ["00", "FF", "ff"]),
    "enum-base64": (restriction("xs:base64Binary", "enumeration=AA==", "enumeration=AAE="), ["AA==", "AAE="]),
    "enum-uri": (restriction("xs:anyURI", "enumeration=urn:a", "enumeration=urn:b"), ["urn:b"]),
    "enum-duration": (restriction("xs:duration", "enumeration=P1D", "enumeration=PT1H"), ["P1D", "PT1H"]),
    "enum-qname": (restriction("xs:QName", "enumeration=c:a", "enumeration=c:b"), ["c:a", "c:b"]),
    "enum-list": (restriction("xs:NMTOKENS", "enumeration=a b", "enumeration=c"), ["a b", "c"]),
    "enum-wide": (
        restriction("xs:string", *(f"enumeration=v{number}" for number in range(257))),
        ["v0", "v128", "v256"],
    ),
}

_PATTERNS = {
    "pattern-digits": (restriction("xs:string", "pattern=[0-9]{1,9}"), ["0", "0123456789", "a"]),
    "pattern-letters": (restriction("xs:string", "pattern=[A-Z]{2}[a-z]*"), ["DE", "ATx", "é"]),
    "pattern-one": (restriction("xs:string", "pattern=a*"), ["", "a", "aaaa"]),
    "pattern-class": (restriction("xs:string", r"pattern=[a-z-[aeiou]]+"), ["xyz", "b"]),
    "pattern-not": (restriction("xs:string", "pattern=[^a]*"), ["b", "xyz"]),
    "pattern-any": (restriction("xs:string", "pattern=a.c"), ["abc"]),
    "pattern-d": (restriction("xs:string", r"pattern=\d+"), ["123"]),
    "pattern-s": (restriction("xs:string", r"pattern=[\sa]+"), ["a a", "a"]),
    "pattern-i": (restriction("xs:string", r"pattern=\i\c*"), ["abc"]),
    "pattern-w": (restriction("xs:string", r"pattern=\w+"), ["abc"]),
    "pattern-category": (restriction("xs:string", r"pattern=\p{Lu}+"), ["ABC"]),
    "pattern-block": (restriction("xs:string", r"pattern=\p{IsBasicLatin}+"), ["ABC"]),
    "pattern-not-category": (restriction("xs:string", r"pattern=\P{Lu}+"), ["abc"]),
    "pattern-escapes": (restriction("xs:string", r"pattern=[\.\-\\\t\n\r]+|\|"), [".-", "|", "\\"]),
    "pattern-two": (restriction("xs:string", "pattern=[a-c]+", "pattern=[x-z]+"), ["abc", "xyz"]),
    "pattern-many": (restriction("xs:string", "pattern=[&#32;-&#288;]*"), ["abc"]),
    "pattern-255": (restriction("xs:string", "pattern=[&#32;-&#286;]*"), ["abc", "&#286;"]),
    "pattern-uri": (restriction("xs:anyURI", "pattern=[a-z:]+"), ["urn:a"]),
    "pattern-token": (restriction("xs:token", "pattern=[a-d]+"), ["abcd"]),
    "pattern-name": (restriction("xs:NCName", "pattern=[a-d]+"), ["abcd"]),
    "pattern-int": (restriction("xs:int", "pattern=[0-4]+"), ["1", "44"]),
    "pattern-astral": (restriction("xs:string", "pattern=[a&#x1f600;]+"), ["a"]),
    "pattern-number": (
        restriction("xs:string", r"pattern=(\+|-)?([0-9]+(\.[0-9]*)?|\.[0-9]+)"),
        ["+1.5", "-.5"],
    ),
}

_DERIVED = (
    '<xs:restriction><xs:simpleType><xs:restriction base="xs:string"><xs:pattern value="[a-f]*"/>'
    "</xs:restriction></xs:simpleType>{}</xs:restriction>"
)
_LIST = '<xs:list itemType="{}"/>'
_UNION = '<xs:union memberTypes="{}"/>'
_INNER = "<xs:simpleType>{}</xs:simpleType>"

_COMPOSED = {
    "pattern-inherited": (_DERIVED.format('<xs:maxLength value="4"/>'), ["abc", ""]),
    "pattern-replaced": (_DERIVED.format('<xs:pattern value="[a-c]*"/>'), ["abc"]),
    "enum-of-pattern": (_DERIVED.format('<xs:enumeration value="ab"/><xs:enumeration value="cd"/>'), ["cd"]),
    "lengths": (restriction("xs:string", "minLength=1", "maxLength=3"), ["a", "abc", "abcd"]),
    "length": (restriction("xs:hexBinary", "length=2"), ["00ff", "00"]),
    "space-preserved": (restriction("xs:string", "whiteSpace=preserve"), [" a ", "a&#10;b"]),
    "space-replaced": (restriction("xs:string", "whiteSpace=replace"), [" a ", "a&#10;b"]),
    "space-collapsed": (restriction("xs:string", "whiteSpace=collapse"), [" a ", "a&#10;b", "a  b"]),
    "list-int": (_LIST.format("xs:int"), ["", "1", "1 2 -3", " 4  5 "]),
    "list-boolean": (_LIST.format("xs:boolean"), ["true false 1"]),
    "list-string": (_LIST.format("xs:string"), ["a b a", "a"]),
    "list-date": (_LIST.format("xs:date"), ["2000-01-01 1999-12-31Z"]),
    "list-double": (_LIST.format("xs:double"), ["1E0 2.5"]),
    "list-hex": (_LIST.format("xs:hexBinary"), ["00 FF"]),
    "list-enum": (
        f"<xs:list>{_INNER.format(restriction('xs:string', 'enumeration=a', 'enumeration=b'))}</xs:list>",
        ["a b b a", "b"],
    ),
    "list-n-bit": (
        f"<xs:list>{_INNER.format(restriction('xs:byte', 'minInclusive=0', 'maxInclusive=5'))}</xs:list>",
        ["0 5 3"],
    ),
    "list-length": (
        f"<xs:restriction>{_INNER.format(_LIST.format('xs:int'))}<xs:maxLength value='2'/></xs:restriction>",
        ["1 2", "1"],
    ),
    "list-enumerated": (
        f"<xs:restriction>{_INNER.format(_LIST.format('xs:int'))}"
        "<xs:enumeration value='1 2'/></xs:restriction>",
        ["1 2"],
    ),
    "union": ('<xs:union memberTypes="xs:int xs:date"/>', ["1", "2000-01-01", "-5"]),
    "union-anonymous": (
        "<xs:union memberTypes='xs:boolean'>"
        f"{_INNER.format(restriction('xs:string', 'enumeration=x'))}</xs:union>",
        ["true", "x"],
    ),
    "union-enumerated": (
        f"<xs:restriction>{_INNER.format(_UNION.format('xs:int xs:boolean'))}"
        "<xs:enumeration value='1'/><xs:enumeration value='true'/></xs:restriction>",
        ["1", "true"],
    ),
    "list-of-union": (
        f"<xs:list>{_INNER.format(_UNION.format('xs:int xs:NCName'))}</xs:list>",
        ["1 a 2"],
    ),
    "int-of-int": (
        f"<xs:restriction>{_INNER.format(restriction('xs:byte', 'minInclusive=-8', 'maxInclusive=7'))}"
        "<xs:minInclusive value='0'/></xs:restriction>",
        ["0", "7"],
    ),
}

CASES = tuple(
    values(name, texts, definition)
    for table in (_NUMBERS, _ENUMERATED, _PATTERNS, _COMPOSED)
    for name, (definition, texts) in table.items()
)
