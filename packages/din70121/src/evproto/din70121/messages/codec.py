"""The EXI codec of DIN SPEC 70121; its grammar is compiled on first use."""

from __future__ import annotations

from evproto.exi import Codec
from evproto.v2gtp.messages.xmldsig import XMLDSIG

from . import body_certificates, body_charging, body_identification
from .definition import V2GMessage
from .namespaces import MSG_BODY, MSG_DATA_TYPES, MSG_DEF, MSG_HEADER

MODULES = (body_identification, body_charging, body_certificates)
"""Where the messages are declared; importing them enters them in their namespace."""

CODEC = Codec("DIN SPEC 70121", MSG_DEF, MSG_HEADER, MSG_BODY, MSG_DATA_TYPES, XMLDSIG, roots=(V2GMessage,))
"""The schema set of V2G_CI_MsgDef with all that it imports."""


decode, encode = (_DIRECT := CODEC.direct(V2GMessage)).decode, _DIRECT.encode
"""The message in an EXI document (DecodeError for anything else), and the document of a message
(EncodeError when a value is out of its range)."""
