"""Random messages in Josev's JSON, from the schemas alone: every message, every optional part."""

from __future__ import annotations

import base64
import random
import string
from typing import Any

from evproto.exi.schema import Content, Group, Particle, Primitive, QName, Schema, TypeRef

XMLDSIG = "http://www.w3.org/2000/09/xmldsig#"
CANONICAL = "http://www.w3.org/TR/canonical-exi/"
_ALWAYS = {"SchemaID", "SAScheduleTupleID"}
"""Optional, but the Java binding has no word for their absence: it writes 0 then."""
_MOST = 3
_DEEPEST = 14


class RandomJson:
    """Makes up the JSON of elements of a schema set.

    Signatures have the shape that V2G gives them; wildcards and mixed content stay empty.
    """

    def __init__(self, schema: Schema, chance: random.Random) -> None:
        self.schema = schema
        self.chance = chance

    def of(self, element: int) -> Any:
        """Content for an element, by its index."""
        return self._of_type(self.schema.elements[element].type, 0)

    def _of_type(self, reference: TypeRef, depth: int) -> Any:
        if not reference.is_complex:
            return self._simple(reference.index)
        made = self.schema.complex_types[reference.index]
        found: dict[str, Any] = {}
        for use in made.attributes:
            if use.required or self.chance.random() < 0.5:
                found[use.name.local] = self._simple(use.type)
        if made.content is Content.SIMPLE and made.simple is not None:
            found["value"] = self._simple(made.simple)
        elif made.particle is not None and made.content is not Content.MIXED:
            self._fill(made.particle, found, depth + 1, repeated=False)
        return found

    def _fill(self, particle: Particle, found: dict[str, Any], depth: int, *, repeated: bool) -> None:
        most = _MOST if particle.maximum is None else min(particle.maximum, max(_MOST, particle.minimum))
        repeated = repeated or particle.maximum is None or particle.maximum > 1
        wanted = particle.minimum if depth > _DEEPEST else self.chance.randint(particle.minimum, most)
        if particle.group is not None:
            wanted = min(wanted, 1)
        elif particle.element is not None and self.schema.elements[particle.element].name.local in _ALWAYS:
            wanted = max(wanted, 1)
        for _ in range(wanted):
            if particle.element is not None:
                self._element(particle.element, found, depth, repeated=repeated)
            elif particle.children:
                is_choice = particle.group is Group.CHOICE
                for child in [self.chance.choice(particle.children)] if is_choice else particle.children:
                    self._fill(child, found, depth, repeated=repeated)

    def _element(self, index: int, found: dict[str, Any], depth: int, *, repeated: bool) -> None:
        usable = [one for one in self._substitutes(index) if not self._is_abstract(one)]
        if not usable:
            return
        element = self.schema.elements[self.chance.choice(usable)]
        signature = element.name == QName(XMLDSIG, "Signature")
        value = self._signature() if signature else self._of_type(element.type, depth)
        if repeated:
            found.setdefault(element.name.local, []).append(value)
        else:
            found[element.name.local] = value

    def _signature(self) -> Any:
        references = [
            {
                "URI": f"#ID{number}",
                "Transforms": {"Transform": [{"Algorithm": CANONICAL}]},
                "DigestMethod": {"Algorithm": "http://www.w3.org/2001/04/xmlenc#sha256"},
                "DigestValue": base64.b64encode(self.chance.randbytes(32)).decode(),
            }
            for number in range(self.chance.randint(1, 3))
        ]
        signed_info = {
            "CanonicalizationMethod": {"Algorithm": CANONICAL},
            "SignatureMethod": {"Algorithm": "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"},
            "Reference": references,
        }
        value = base64.b64encode(self.chance.randbytes(64)).decode()
        return {"SignedInfo": signed_info, "SignatureValue": {"value": value}}

    def _is_abstract(self, index: int) -> bool:
        element = self.schema.elements[index]
        of_type = element.type.is_complex and self.schema.complex_types[element.type.index].abstract
        return element.abstract or of_type

    def _substitutes(self, head: int) -> list[int]:
        found = [head]
        for index, element in enumerate(self.schema.elements):
            if element.substitutes == head:
                found += self._substitutes(index)
        return found

    def _simple(self, index: int) -> Any:
        made = self.schema.simple_types[index]
        least = max(1, made.min_length)
        length = self.chance.randint(least, max(least, min(made.max_length or 12, 12)))
        if made.enumeration:
            return self.chance.choice(made.enumeration)
        match made.primitive:
            case Primitive.BOOLEAN:
                return self.chance.random() < 0.5
            case Primitive.INTEGER:
                low = -(2**31) if made.minimum is None else made.minimum
                high = 2**31 if made.maximum is None else made.maximum
                return self.chance.choice((low, high, self.chance.randint(low, high)))
            case Primitive.HEX_BINARY:
                return self.chance.randbytes(length).hex().upper()
            case Primitive.BASE64_BINARY:
                return base64.b64encode(self.chance.randbytes(length)).decode()
        return self.chance.choice(string.ascii_letters) + "".join(
            self.chance.choices(string.ascii_letters + string.digits + "äß€", k=length - 1)
        )
