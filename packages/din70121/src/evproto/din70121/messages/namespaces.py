"""The four namespaces of DIN SPEC 70121 and the bases of the classes in them."""

from evproto.exi import Message, Namespace

MSG_DEF = Namespace("urn:din:70121:2012:MsgDef")
MSG_HEADER = Namespace("urn:din:70121:2012:MsgHeader")
MSG_BODY = Namespace("urn:din:70121:2012:MsgBody")
MSG_DATA_TYPES = Namespace("urn:din:70121:2012:MsgDataTypes")


class DataType(Message, namespace=MSG_DATA_TYPES, base=True):
    """Base of the types that messages share."""


class BodyElement(Message, namespace=MSG_DEF, element="BodyElement", type="BodyBaseType", abstract=True):
    """Head of all messages; unlike in ISO 15118-2 it stands in the namespace of the definition."""
