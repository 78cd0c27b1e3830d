"""Meter values of the last readings, as SampledDataCtrlr and AlignedDataCtrlr want them (block J)."""

from __future__ import annotations

from evproto.ocpp_client.bridge import ENERGY, Reading, SignedReading
from evproto.ocpp_client.v2.charging_station import ChargingStation
from evproto.ocpp_client.v2.evse import Evse, Transaction
from evproto.ocpp_client.v21.datatypes import MeterValue, SampledValue, SignedMeterValue, UnitOfMeasure
from evproto.ocpp_client.v21.enums import LocationEnum, MeasurandEnum, PhaseEnum, ReadingContextEnum
from evproto.ocpp_client.version import Version

SAMPLED = "SampledDataCtrlr"
ALIGNED = "AlignedDataCtrlr"


class Sampler:
    """Makes meter values; `list_` names the variable with the measurands that are wanted."""

    def __init__(self, station: ChargingStation) -> None:
        self._station = station

    def take(
        self, evse: Evse, controller: str, list_: str, context: ReadingContextEnum, now: float
    ) -> MeterValue | None:
        """The present readings; None where none is wanted or the meter has none of them."""
        model = self._station.model
        if not model.flag(controller, "Enabled", default=True):
            return None
        wanted = set(model.names(controller, list_))
        signs = self.signs(controller, list_)
        total_only = controller == SAMPLED and model.flag(SAMPLED, "RegisterValuesWithoutPhases")
        sampled = tuple(
            self._sampled(one, context, evse.transaction if signs else None)
            for one in evse.readings
            if one.measurand in wanted and not (total_only and one.measurand == ENERGY and one.phase)
        )
        return MeterValue(timestamp=self._station.clock.at(now), sampled_value=sampled) if sampled else None

    def begin(self, evse: Evse, now: float) -> tuple[MeterValue, ...]:
        """The values of the begin of the transaction; the same moment is kept for its end."""
        assert evse.transaction is not None
        evse.transaction.metered = True
        context = ReadingContextEnum.TRANSACTION_BEGIN
        self.keep(evse, SAMPLED, "TxEndedMeasurands", context, now)
        return _only(self.take(evse, SAMPLED, "TxStartedMeasurands", context, now))

    def end(self, evse: Evse, now: float) -> tuple[MeterValue, ...]:
        """All values that were kept, and those of the end."""
        assert evse.transaction is not None
        self.keep(evse, SAMPLED, "TxEndedMeasurands", ReadingContextEnum.TRANSACTION_END, now)
        return tuple(evse.transaction.samples)

    def keep(self, evse: Evse, controller: str, list_: str, context: ReadingContextEnum, now: float) -> bool:
        """Keep the present readings for the Ended event; gives whether there were any."""
        assert evse.transaction is not None
        value = self.take(evse, controller, list_, context, now)
        if value is not None:
            evse.transaction.keep(value)
        return value is not None

    def signs(self, controller: str, list_: str) -> bool:
        """Whether these values go signed; 2.1 asks for each kind of event of its own."""
        model = self._station.model
        if not model.flag(controller, "SignReadings"):
            return False
        if controller == ALIGNED or self._station.version is Version.V201 or list_ == "TxEndedMeasurands":
            return True
        kind = "SignStartedReadings" if list_ == "TxStartedMeasurands" else "SignUpdatedReadings"
        return model.flag(controller, kind)

    def _sampled(
        self, reading: Reading, context: ReadingContextEnum, transaction: Transaction | None
    ) -> SampledValue:
        signed = None
        if transaction is not None and reading.signed is not None:
            signed = self._signed(reading.signed, transaction)
        return SampledValue(
            value=reading.value,
            context=context,
            measurand=MeasurandEnum(reading.measurand),
            phase=PhaseEnum(reading.phase) if reading.phase else None,
            location=LocationEnum(reading.location),
            signed_meter_value=signed,
            unit_of_measure=UnitOfMeasure(unit=reading.unit),
        )

    def _signed(self, reading: SignedReading, transaction: Transaction) -> SignedMeterValue:
        when = self._station.model.names("OCPPCommCtrlr", "PublicKeyWithSignedMeterValue")
        tells_key = when == ("EveryMeterValue",) or (
            when == ("OncePerTransaction",) and not transaction.key_told
        )
        transaction.key_told = transaction.key_told or tells_key
        return SignedMeterValue(
            signed_meter_data=reading.data,
            encoding_method=reading.encoding,
            signing_method=reading.signing_method,
            public_key=reading.public_key if tells_key else "",
        )


def energy(evse: Evse) -> float | None:
    """The energy register in Wh; None while the meter has said nothing."""
    for reading in evse.readings:
        if reading.measurand == ENERGY and reading.phase is None:
            return reading.value * (1000 if reading.unit == "kWh" else 1)
    return None


def _only(value: MeterValue | None) -> tuple[MeterValue, ...]:
    return () if value is None else (value,)
