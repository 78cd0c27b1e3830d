"""Messages in Josev's JSON to EXI and back, by the namespace that Josev names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from evproto.core import DecodeError, EncodeError
from evproto.exi import Codec, Grammar
from evproto.exi.schema import Schema
from evproto.v2gtp.messages import app_protocol, xmldsig

from ..iso2 import messages as iso2
from .json_form import JsonForm

_ISO_20: Final = "urn:iso:std:iso:15118:-20:"
XMLDSIG: Final = "http://www.w3.org/2000/09/xmldsig#"
DECLARED: Final[dict[str, Codec]] = {
    "urn:iso:15118:2:2010:AppProtocol": app_protocol.CODEC,
    "urn:iso:15118:2:2013:MsgDef": iso2.CODEC,
    XMLDSIG: xmldsig.CODEC,
}
PUBLISHED: Final = {
    "urn:din:70121:2012:MsgDef": "din_spec/V2G_CI_MsgDef.xsd",
    _ISO_20 + "CommonMessages": "iso15118_20/V2G_CI_CommonMessages.xsd",
    _ISO_20 + "AC": "iso15118_20/V2G_CI_AC.xsd",
    _ISO_20 + "DC": "iso15118_20/V2G_CI_DC.xsd",
    _ISO_20 + "WPT": "iso15118_20/V2G_CI_WPT.xsd",
    _ISO_20 + "ACDP": "iso15118_20/V2G_CI_ACDP.xsd",
}
"""The sets that are read from the schemas inside Josev."""
_ROOTS: Final = {"V2G_Message", "supportedAppProtocolReq", "supportedAppProtocolRes"}


class Transcoder:
    """Encodes and decodes for the namespaces that Josev uses; their grammars are made when first needed.

    `schemas` is the folder `shared/schemas` inside Josev.
    """

    def __init__(self, schemas: Path) -> None:
        self._schemas = schemas
        self._sets: dict[str, _Set] = {}

    def encode(self, message: str, namespace: str) -> bytes:
        """The EXI stream of a message in Josev's JSON: a document, or a fragment of a part to be signed."""
        try:
            document = json.loads(message)
        except ValueError as failure:
            raise EncodeError(f"the message is no JSON: {failure}") from None
        if not isinstance(document, dict) or len(document) != 1:
            raise EncodeError("expected an object with the root element as its only key")
        ((root, value),) = document.items()
        return self._set(namespace, EncodeError).encode(root, value)

    def decode(self, stream: bytes, namespace: str) -> str:
        """The message of an EXI document, in Josev's JSON."""
        return json.dumps(self._set(namespace, DecodeError).decode(bytes(stream)))

    @staticmethod
    def is_document(namespace: str, root: str) -> bool:
        """Messages are documents; all else that Josev encodes are parts that a signature covers."""
        if namespace.startswith(_ISO_20):
            return root.endswith(("Req", "Res"))
        return root in _ROOTS

    def _set(self, namespace: str, error: type[DecodeError] | type[EncodeError]) -> _Set:
        if namespace not in self._sets:
            if namespace not in DECLARED and namespace not in PUBLISHED:
                raise error(f"no schema for the namespace {namespace!r}")
            self._sets[namespace] = _Set(namespace, self._schemas)
        return self._sets[namespace]


class _Set:
    """The grammar of one namespace, and its JSON."""

    def __init__(self, namespace: str, schemas: Path) -> None:
        self.namespace = namespace
        schema = schema_of(namespace, schemas)
        self.grammar = Grammar(schema)
        self.form = JsonForm(schema)

    def encode(self, root: str, value: object) -> bytes:
        is_fragment = not Transcoder.is_document(self.namespace, root)
        return self.grammar.encode_events(self.form.events(root, value), fragment=is_fragment)

    def decode(self, stream: bytes) -> object:
        return self.form.json(self.grammar.decode_events(stream, fragment=self.namespace == XMLDSIG))


def schema_of(namespace: str, schemas: Path) -> Schema:
    """The schema set of a namespace."""
    if namespace in DECLARED:
        return DECLARED[namespace].schema
    from evproto.exi.xsd import schema_from_xsd

    return schema_from_xsd(schemas / PUBLISHED[namespace], search=[schemas])
