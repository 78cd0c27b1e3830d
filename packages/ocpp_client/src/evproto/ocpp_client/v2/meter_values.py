"""Block J: meter values of what the charger measured last."""

from __future__ import annotations

from collections.abc import Collection

from evproto.ocpp_client.bridge import ENERGY, Fact, Metered, Reading
from evproto.ocpp_client.v2.charging_station import Block
from evproto.ocpp_client.v2.evse import Evse
from evproto.ocpp_client.v21.datatypes import MeterValue, SampledValue, UnitOfMeasure
from evproto.ocpp_client.v21.enums import LocationEnum, MeasurandEnum, PhaseEnum, ReadingContextEnum


class MeterValues(Block):
    """Keeps the readings of each EVSE and makes meter values of them."""

    name = "meter"

    def tell(self, fact: Fact, now: float) -> None:
        if isinstance(fact, Metered) and (evse := self._station.evses.get(fact.evse_id)) is not None:
            evse.readings = fact.readings
            if evse.transaction is not None:
                evse.transaction.energy = energy(evse)

    def value(
        self, evse: Evse, measurands: Collection[str], context: ReadingContextEnum, now: float
    ) -> MeterValue | None:
        """The readings of these measurands; None where the meter has none of them."""
        sampled = tuple(_sampled(one, context) for one in evse.readings if one.measurand in measurands)
        return MeterValue(timestamp=self._station.clock.at(now), sampled_value=sampled) if sampled else None

    def transaction_value(self, evse: Evse, context: ReadingContextEnum, now: float) -> MeterValue | None:
        """What SampledDataCtrlr wants at the begin and the end of a transaction."""
        began = context is ReadingContextEnum.TRANSACTION_BEGIN
        names = "TxStartedMeasurands" if began else "TxEndedMeasurands"
        return self.value(evse, self._station.model.names("SampledDataCtrlr", names), context, now)


def energy(evse: Evse) -> float | None:
    """The energy register in Wh; None while the meter has said nothing."""
    for reading in evse.readings:
        if reading.measurand == ENERGY and reading.phase is None:
            return reading.value * (1000 if reading.unit == "kWh" else 1)
    return None


def _sampled(reading: Reading, context: ReadingContextEnum) -> SampledValue:
    return SampledValue(
        value=reading.value,
        context=context,
        measurand=MeasurandEnum(reading.measurand),
        phase=PhaseEnum(reading.phase) if reading.phase else None,
        location=LocationEnum(reading.location),
        unit_of_measure=UnitOfMeasure(unit=reading.unit),
    )
