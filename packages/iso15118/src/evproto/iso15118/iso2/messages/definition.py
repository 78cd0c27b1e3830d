"""The root of all messages of ISO 15118-2, its header and its body (8.3.2, 8.3.3)."""

from __future__ import annotations

from evproto.exi import Message, element, ref
from evproto.v2gtp.messages.xmldsig import Signature

from .namespaces import MSG_BODY, MSG_DEF, MSG_HEADER, BodyElement
from .simple_types import SessionID
from .status import Notification


class MessageHeader(Message, namespace=MSG_HEADER):
    """Stands before each body; the signature covers parts of the body by their Id."""

    session_id: SessionID = element("SessionID")
    notification: Notification | None = element("Notification", default=None)
    signature: Signature | None = ref(default=None)


class Body(Message, namespace=MSG_BODY):
    """Holds the message proper; an empty body is legal XML but no message of the protocol."""

    body_element: BodyElement | None = ref(default=None)


class V2GMessage(Message, namespace=MSG_DEF, element="V2G_Message", type=None):
    """A message: who speaks in which session, and what is said."""

    header: MessageHeader = element("Header")
    body: Body = element("Body")
