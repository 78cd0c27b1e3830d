"""Charging-station side of OCPP 1.6, 2.0.1 and 2.1.

The messages of each version stand in `v16`, `v201` and `v21`, each with `enums`, `datatypes` and
`messages`; import the version that you need. `Rpc` is the RPC of OCPP-J as a machine.
"""

from evproto.ocpp_client.codec import decode, encode, to_builtins
from evproto.ocpp_client.rpc import Rpc, RpcLimits
from evproto.ocpp_client.rpc_events import (
    CallAnswered,
    CallFailed,
    CallReceived,
    Failure,
    PeerFault,
    ResponseRefused,
    RpcEvent,
    SendReceived,
)
from evproto.ocpp_client.rpc_frames import ErrorCode
from evproto.ocpp_client.types import CustomData, OcppStruct, Timestamp
from evproto.ocpp_client.version import Version

__all__ = [
    "CallAnswered",
    "CallFailed",
    "CallReceived",
    "CustomData",
    "ErrorCode",
    "Failure",
    "OcppStruct",
    "PeerFault",
    "ResponseRefused",
    "Rpc",
    "RpcEvent",
    "RpcLimits",
    "SendReceived",
    "Timestamp",
    "Version",
    "decode",
    "encode",
    "to_builtins",
]
