"""ISO 15118-2 and -20: messages, SECC and EVCC.

Each edition is a package of its own: `evproto.iso15118.iso2` is ISO 15118-2:2014.
"""

from evproto.iso15118 import iso2

__all__ = ["iso2"]
