"""The root of all messages of ISO 15118-2 (8.3.2, V2G_CI_MsgDef)."""

from __future__ import annotations

from evproto.exi import Message, element

from .body import Body
from .header import MessageHeader
from .namespaces import MSG_DEF


class V2GMessage(Message, namespace=MSG_DEF, element="V2G_Message", type=None):
    """A message: who speaks in which session, and what is said."""

    header: MessageHeader = element("Header")
    body: Body = element("Body")
