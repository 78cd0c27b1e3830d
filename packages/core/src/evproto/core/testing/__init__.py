"""Virtual time for tests: machines joined in memory, over links that may lose and spoil.

A second of protocol time costs microseconds, and a run is repeated exactly by its seed.
"""

from evproto.core.testing.link import Link
from evproto.core.testing.pair import Pair
from evproto.core.testing.virtual_time import VirtualTime

__all__ = ["Link", "Pair", "VirtualTime"]
