"""The EXI codec of ISO 15118-2; its grammar is compiled on first use."""

from __future__ import annotations

from evproto.exi import Codec, Message, QName
from evproto.v2gtp.messages.xmldsig import XMLDSIG

from .definition import V2GMessage
from .namespaces import MSG_BODY, MSG_DATA_TYPES, MSG_DEF, MSG_HEADER

CODEC = Codec("ISO 15118-2", MSG_DEF, MSG_HEADER, MSG_BODY, MSG_DATA_TYPES, XMLDSIG, roots=(V2GMessage,))
"""The schema set of V2G_CI_MsgDef with all that it imports."""


decode, encode = (_DIRECT := CODEC.direct(V2GMessage)).decode, _DIRECT.encode
"""The message in an EXI document (DecodeError for anything else), and the document of a message
(EncodeError when a value is out of its range)."""


def decode_fragment(data: bytes) -> object:
    """The root object of an EXI fragment over this schema set; DecodeError for anything else."""
    return CODEC.decode_fragment(data)


def encode_fragment(part: Message, element: str | QName | None = None) -> bytes:
    """The EXI fragment that a signature digests (8.4.2 of EXI); `element` where the class has several."""
    return CODEC.encode_fragment(part, element)
