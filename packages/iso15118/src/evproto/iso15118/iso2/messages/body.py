"""The body of a message of ISO 15118-2 (V2G_CI_MsgBody)."""

from __future__ import annotations

from evproto.exi import ref

from .body_base import BodyElement
from .namespaces import BodyType


class Body(BodyType):
    """Holds the message proper; an empty body is legal XML but no message of the protocol."""

    body_element: BodyElement | None = ref(default=None)
