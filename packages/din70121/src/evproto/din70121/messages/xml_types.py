"""The one type of XML Schema that DIN SPEC 70121 uses and ISO 15118-2 does not."""

from typing import Annotated

from evproto.exi import QName
from evproto.exi.types import XSD, TypeName

IDRef = Annotated[str, TypeName(QName(XSD, "IDREF"))]
"""xs:IDREF, which this schema puts where an xs:ID is meant."""
