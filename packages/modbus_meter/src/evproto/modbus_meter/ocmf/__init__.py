"""Open Charge Metering Format: parse, verify, write and sign."""

from evproto.modbus_meter.ocmf.keys import CURVES, Curve, PublicKey, parse_curve, parse_public_key
from evproto.modbus_meter.ocmf.parse import parse_ocmf
from evproto.modbus_meter.ocmf.record import (
    MeterStatus,
    Ocmf,
    OcmfReading,
    Payload,
    Signature,
    TimeStatus,
    TransactionReason,
)
from evproto.modbus_meter.ocmf.secp192k1 import Secp192k1Signer
from evproto.modbus_meter.ocmf.signing import (
    KeySigner,
    Signer,
    Verdict,
    sign_payload,
    verify_ocmf,
)
from evproto.modbus_meter.ocmf.write import write_payload

__all__ = [
    "CURVES",
    "Curve",
    "KeySigner",
    "MeterStatus",
    "Ocmf",
    "OcmfReading",
    "Payload",
    "PublicKey",
    "Secp192k1Signer",
    "Signature",
    "Signer",
    "TimeStatus",
    "TransactionReason",
    "Verdict",
    "parse_curve",
    "parse_ocmf",
    "parse_public_key",
    "sign_payload",
    "verify_ocmf",
    "write_payload",
]
