"""The four namespaces of ISO 15118-2 and the bases of the classes in them."""

from evproto.exi import Message, Namespace

MSG_DEF = Namespace("urn:iso:15118:2:2013:MsgDef", qualified_attributes=True)
MSG_HEADER = Namespace("urn:iso:15118:2:2013:MsgHeader", qualified_attributes=True)
MSG_BODY = Namespace("urn:iso:15118:2:2013:MsgBody", qualified_attributes=True)
MSG_DATA_TYPES = Namespace("urn:iso:15118:2:2013:MsgDataTypes", qualified_attributes=True)


class DataType(Message, namespace=MSG_DATA_TYPES, base=True):
    """Base of the types that messages share."""


class BodyElement(Message, namespace=MSG_BODY, element="BodyElement", type="BodyBaseType", abstract=True):
    """Head of all messages."""
