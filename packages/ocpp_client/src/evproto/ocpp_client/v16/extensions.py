"""Application notes of the Open Charge Alliance that extend OCPP 1.6, and the keys that they bring."""

from __future__ import annotations

import enum

from evproto.ocpp_client.v16.configuration import ENERGY, KEYS, SECURITY_KEYS, Key, Kind


class Extension(enum.Enum):
    """What a station may do beyond the standard."""

    PLUG_AND_CHARGE = "org.openchargealliance.iso15118pnc"
    """ISO 15118 Plug & Charge with OCPP 1.6; the station needs certificates."""
    PRICING = "org.openchargealliance.costmsg"
    """OCPP & California Pricing Requirements."""
    SIGNED_METER_VALUES = "signed meter values"
    """Signed Meter Values in OCPP."""


PLUG_AND_CHARGE_KEYS = (
    Key("CentralContractValidationAllowed", Kind.FLAG, "false"),
    Key("ContractValidationOffline", Kind.FLAG, "true"),
    Key("ISO15118PnCEnabled", Kind.FLAG, "true"),
)
PRICING_KEYS = (
    Key("CustomDisplayCostAndPrice", Kind.FLAG, "true", writable=False),
    Key("CustomIdleFeeAfterStop", Kind.FLAG, "false", writable=False),
    Key("CustomMultiLanguageMessages", Kind.FLAG, "true", writable=False),
    Key("DefaultPrice", Kind.TEXT, ""),
    Key("Language", Kind.TEXT, "en"),
    Key("NextTimeOffsetTransitionDateTime", Kind.TEXT, ""),
    Key("NumberOfDecimalsForCostValues", Kind.NUMBER, "3", writable=False, largest=9),
    Key("SupportedLanguages", Kind.TEXT, "en", writable=False),
    Key("TimeOffset", Kind.TEXT, "00:00"),
    Key("TimeOffsetNextTransition", Kind.TEXT, ""),
)
SIGNED_KEYS = (
    Key("AlignedDataSignReadings", Kind.FLAG, "false"),
    Key("AlignedDataSignUpdatedReadings", Kind.FLAG, "false"),
    Key("PublicKeyWithSignedMeterValue", Kind.TEXT, "OncePerTransaction"),
    Key("SampledDataSignReadings", Kind.FLAG, "true"),
    Key("SampledDataSignStartedReadings", Kind.FLAG, "true"),
    Key("SampledDataSignUpdatedReadings", Kind.FLAG, "false"),
    Key("StartTxnSampledData", Kind.MEASURANDS, ENERGY),
)


def keys_for(
    extensions: frozenset[Extension] = frozenset(),
    languages: tuple[str, ...] = ("en",),
    *,
    secured: bool = False,
) -> tuple[Key, ...]:
    """All keys of such a station; secured: with a network profile or certificates."""
    keys: tuple[Key, ...] = KEYS + SECURITY_KEYS if secured else KEYS
    if Extension.PLUG_AND_CHARGE in extensions:
        keys += PLUG_AND_CHARGE_KEYS
    if Extension.PRICING in extensions:
        texts = tuple(Key(f"DefaultPriceText,{language}", Kind.TEXT, "") for language in languages)
        keys += PRICING_KEYS + texts
    if Extension.SIGNED_METER_VALUES in extensions:
        keys += SIGNED_KEYS
    return keys
