"""Header, body and root of the messages of DIN SPEC 70121 (V2G_CI_MsgHeader, V2G_CI_MsgDef)."""

from __future__ import annotations

from evproto.exi import Message, element, ref
from evproto.v2gtp.messages.xmldsig import Signature

from .namespaces import MSG_DEF, MSG_HEADER, BodyElement
from .simple_types import SessionID
from .status import Notification


class MessageHeader(Message, namespace=MSG_HEADER):
    """Stands before each body; the signature is declared and never used."""

    session_id: SessionID = element("SessionID")
    notification: Notification | None = element("Notification", default=None)
    signature: Signature | None = ref(default=None)


class Body(Message, namespace=MSG_DEF):
    """Holds the message proper."""

    body_element: BodyElement | None = ref(default=None)


class V2GMessage(Message, namespace=MSG_DEF, element="V2G_Message", type=None):
    """A message: who speaks in which session, and what is said."""

    header: MessageHeader = element("Header")
    body: Body = element("Body")
