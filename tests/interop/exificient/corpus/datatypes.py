"""Every built-in type with the values at its edges (EXI 1.0 section 7.1)."""

from .case import values

_STRINGS = ["", "a", " a  b ", "äöü", "€", "\U0001f600", "x" * 130, "&lt;&amp;&gt;", "a", "&#9;tab&#10;"]
_INTEGERS = ["0", "1", "-1", "127", "128", "-128", "-129", "16383", "16384", "00012", "+7", "-0"]
_BIG = ["9223372036854775807", "9223372036854775808", "-9223372036854775809", "1" + "0" * 40, "-" + "9" * 30]
_FLOATS = str.split(
    "0 -0 1 -1 1.5 -1.25E3 1E10 1e-10 12345.678 INF -INF NaN 3.4028235E38 1.4E-45 0.1 100 1000000 "
    "9.99E99 .5 5. +3 1.7976931348623157E308 4.9E-324 123456789012345"
)
_DECIMALS = str.split(
    "0 -0 0.0 1 -1 1.5 -1.5 0.05 -0.05 100.00 12.340 +1.0 .5 5. 00.10 0.000001 9223372036854775808.5 "
    "123456789012345678901234567890.098765432109876543210987654321"
)
_ZONES = ["", "Z", "+00:00", "-00:00", "+14:00", "-14:00", "+01:30", "-00:01"]


def _zoned(*texts: str) -> list[str]:
    return [*(texts[0] + zone for zone in _ZONES), *texts[1:]]


_TABLE: dict[str, list[str]] = {
    "string": _STRINGS,
    "normalizedString": ["a b", " a ", "", "x"],
    "token": ["a b", "", "token"],
    "language": ["en", "de-AT", "x"],
    "Name": ["a:b", "_x"],
    "NMTOKEN": ["1a", "-"],
    "NCName": ["abc", "ab"],
    "ID": ["i1"],
    "anyURI": ["", "urn:x", "http://example.org/?a=b#c", "http://example.org/ä b"],
    "duration": ["P1Y2M3DT4H5M6.7S", "-P1D", "PT0S"],
    "QName": ["xs:int", "r", "c:r"],
    "NMTOKENS": ["a", "a b c", " a  b "],
    "boolean": ["true", "false", "1", "0", " true "],
    "decimal": _DECIMALS,
    "float": _FLOATS,
    "double": _FLOATS,
    "integer": _INTEGERS + _BIG,
    "nonPositiveInteger": ["0", "-1", "-300", "-" + "9" * 25],
    "negativeInteger": ["-1", "-128"],
    "nonNegativeInteger": ["0", "127", "128", "18446744073709551616"],
    "positiveInteger": ["1", "300"],
    "long": ["0", "-1", "9223372036854775807", "-9223372036854775808"],
    "int": ["0", "-1", "2147483647", "-2147483648", "+5", "007"],
    "short": ["0", "32767", "-32768"],
    "byte": ["0", "127", "-128", "-1"],
    "unsignedLong": ["0", "18446744073709551615", "9223372036854775808"],
    "unsignedInt": ["0", "4294967295"],
    "unsignedShort": ["0", "65535"],
    "unsignedByte": ["0", "255", "1"],
    "hexBinary": ["", "00", "ff", "FFee", "00" * 130],
    "base64Binary": ["", "AA==", "AAE=", "AAEC", "QUJD RA==", "/+8="],
    "dateTime": _zoned(
        "2000-01-01T00:00:00",
        "1999-12-31T23:59:59.999",
        "2026-11-28T14:35:06.000",
        "0001-01-01T00:00:00.1",
        "-0001-06-15T12:00:00Z",
        "12024-02-29T01:02:03.0450",
        "2001-10-26T21:32:52.12679",
        "2000-02-29T24:00:00",
    ),
    "time": _zoned("12:34:56", "00:00:00", "23:59:59.001", "00:00:00.100", "24:00:00"),
    "date": _zoned("2000-02-29", "1970-01-01", "-0044-03-15", "9999-12-31"),
    "gYearMonth": _zoned("2000-02", "1970-01", "-0044-03"),
    "gYear": _zoned("2000", "1970", "-0044", "12026"),
    "gMonthDay": _zoned("--02-29", "--01-01", "--12-31"),
    "gDay": _zoned("---01", "---31"),
    "gMonth": _zoned("--01", "--12"),
    "anySimpleType": ["", "x", "1"],
}

_WRONG: dict[str, list[str]] = {
    "boolean": ["yes", "TRUE", ""],
    "int": ["", "x", "2147483648", "1.0"],
    "byte": ["128", "-129"],
    "unsignedByte": ["256", "-1"],
    "decimal": ["1E1", "", "."],
    "double": ["x", ""],
    "dateTime": ["2000-13-01T00:00:00", "today"],
    "date": ["2000-02-30x", ""],
    "hexBinary": ["f", "xx"],
    "base64Binary": ["A", "????"],
}
"""Values outside their type: untyped characters where not strict, refused where strict."""

CASES = (
    *(values(name, texts) for name, texts in _TABLE.items()),
    *(values(name, texts)._replace(name=f"{name}-wrong") for name, texts in _WRONG.items()),
)
