"""The header of a message of ISO 15118-2 (8.3.3, V2G_CI_MsgHeader)."""

from __future__ import annotations

from evproto.exi import Message, element, ref
from evproto.v2gtp.messages.xmldsig import Signature

from .namespaces import MSG_HEADER
from .simple_types import SessionID
from .status import Notification


class MessageHeader(Message, namespace=MSG_HEADER):
    """Stands before each body; the signature covers parts of the body by their Id."""

    session_id: SessionID = element("SessionID")
    notification: Notification | None = element("Notification", default=None)
    signature: Signature | None = ref(default=None)
