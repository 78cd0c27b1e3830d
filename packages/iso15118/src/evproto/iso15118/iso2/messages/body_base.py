"""The head of all messages of ISO 15118-2 (V2G_CI_MsgBody)."""

from .namespaces import BodyType


class BodyElement(BodyType, element="BodyElement", type="BodyBaseType", abstract=True):
    """Head of all messages."""
