"""Charging-station side of OCPP 1.6, 2.0.1 and 2.1.

The messages of each version stand in `v16`, `v201` and `v21`, each with `enums`, `datatypes` and
`messages`; import the version that you need.
"""

from evproto.ocpp_client.codec import decode, encode, to_builtins
from evproto.ocpp_client.types import CustomData, OcppStruct, Timestamp

__all__ = ["CustomData", "OcppStruct", "Timestamp", "decode", "encode", "to_builtins"]
