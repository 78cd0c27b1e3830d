"""Meter values: sampled, clock-aligned and on request (sections 3.16 and 4.7)."""

from __future__ import annotations

from msgspec.structs import replace

from evproto.ocpp_client.bridge import ENERGY, Fact, Metered, Reading
from evproto.ocpp_client.codec import encode, to_builtins
from evproto.ocpp_client.types import OcppStruct
from evproto.ocpp_client.v16.charge_point import Block
from evproto.ocpp_client.v16.connector import Connector, Transaction
from evproto.ocpp_client.v16.datatypes import MeterValue, SampledValue
from evproto.ocpp_client.v16.enums import Measurand, Phase, ReadingContext, UnitOfMeasure, ValueFormat
from evproto.ocpp_client.v16.messages import MeterValuesRequest

DAY = 86_400


class SignedMeterValue(OcppStruct, frozen=True, kw_only=True, omit_defaults=False):
    """SignedMeterValueType of 2.0.1, written into the value of a sample as JSON."""

    signed_meter_data: str
    signing_method: str
    encoding_method: str
    public_key: str


class Metering(Block):
    """Makes meter values of what the charger measured last."""

    def tell(self, fact: Fact, now: float) -> None:
        if isinstance(fact, Metered) and (connector := self._point.connectors.get(fact.evse_id)) is not None:
            connector.readings = fact.readings
            if connector.transaction is not None:
                connector.transaction.energy = self.energy(connector)

    def accepted(self, now: float) -> None:
        self._schedule_aligned(now)

    def configured(self, name: str, now: float) -> None:
        if name == "ClockAlignedDataInterval":
            self._schedule_aligned(now)
        elif name == "MeterValueSampleInterval":
            for transaction in self._point.transactions():
                self._schedule_sample(transaction.connector_id, now)

    def energy(self, connector: Connector) -> int:
        """The energy register in whole Wh; 0 while the meter has said nothing."""
        for reading in connector.readings:
            if reading.measurand == ENERGY and reading.phase is None:
                return round(reading.value * (1000 if reading.unit == "kWh" else 1))
        return 0

    def began(self, transaction: Transaction, now: float) -> None:
        """A transaction begins: note its first sample, start sampling."""
        self._keep(transaction, "StopTxnSampledData", ReadingContext.TRANSACTION_BEGIN, now)
        self._schedule_sample(transaction.connector_id, now)

    def started(self, connector: Connector, transaction: Transaction, now: float) -> None:
        """The begin is queued: what StartTransaction has no room for follows it (StartTxnSampledData)."""
        if self._signs:
            begin = ReadingContext.TRANSACTION_BEGIN
            self._queue(
                connector, transaction, self._value(connector, "StartTxnSampledData", begin, now), now
            )

    def ended(self, transaction: Transaction, now: float) -> None:
        """A transaction ends: note its last sample."""
        self._point.timers.stop(f"metering:{transaction.connector_id}")
        self._keep(transaction, "StopTxnSampledData", ReadingContext.TRANSACTION_END, now)

    def trigger(self, connector: Connector, now: float, *, first: bool = False) -> None:
        """Send present values because the back end asked for them (section 5.17)."""
        value = self._value(connector, "MeterValuesSampledData", ReadingContext.TRIGGER, now)
        if value is None:
            return
        transaction = connector.transaction
        request = MeterValuesRequest(
            connector_id=connector.id,
            meter_value=(value,),
            transaction_id=transaction.id if transaction else None,
        )
        self._point.ask(request, now, first=first)

    def on_timer(self, name: str, now: float) -> None:
        if name == "aligned":
            for connector in self._point.outlets():
                self._align(connector, now)
            self._schedule_aligned(now)
            return
        connector = self._point.connectors[int(name)]
        if connector.transaction is not None:
            self._sample(connector, connector.transaction, now)
            self._schedule_sample(connector.id, now)

    def _sample(self, connector: Connector, transaction: Transaction, now: float) -> None:
        self._keep(transaction, "StopTxnSampledData", ReadingContext.SAMPLE_PERIODIC, now)
        value = self._value(connector, "MeterValuesSampledData", ReadingContext.SAMPLE_PERIODIC, now)
        self._queue(connector, transaction, value, now)

    def _align(self, connector: Connector, now: float) -> None:
        value = self._value(connector, "MeterValuesAlignedData", ReadingContext.SAMPLE_CLOCK, now)
        if connector.transaction is not None:
            self._keep(connector.transaction, "StopTxnAlignedData", ReadingContext.SAMPLE_CLOCK, now)
            self._queue(connector, connector.transaction, value, now)
        elif value is not None:
            self._point.ask(MeterValuesRequest(connector_id=connector.id, meter_value=(value,)), now)

    def _queue(
        self, connector: Connector, transaction: Transaction, value: MeterValue | None, now: float
    ) -> None:
        """What the transaction has come to is stored with the message that tells of it."""
        with self._point.store.batch():
            self._point.store.update_transaction(transaction.key, to_builtins(transaction))
            if value is not None:
                self._point.queue(
                    MeterValuesRequest(connector_id=connector.id, meter_value=(value,)),
                    transaction=transaction.key,
                    droppable=True,
                )
        self._point.kick(now)

    def _keep(self, transaction: Transaction, key: str, context: ReadingContext, now: float) -> None:
        value = self._value(self._point.connectors[transaction.connector_id], key, context, now)
        if value is not None:
            transaction.keep(value)

    def _value(
        self, connector: Connector, key: str, context: ReadingContext, now: float
    ) -> MeterValue | None:
        """The readings that the key names; None where the meter has none of them."""
        wanted = set(self._point.configuration.names(key))
        sampled = [_sampled(one, context) for one in connector.readings if _is_wanted(one, wanted)]
        if self._signs and self._is_signed(key, context):
            signed = [one for one in connector.readings if one.signed is not None and _is_wanted(one, wanted)]
            sampled += [self._signed(one, connector, context) for one in signed]
        if not sampled:
            return None
        return MeterValue(timestamp=self._point.clock.at(now), sampled_value=tuple(sampled))

    # --- what the meter signed (application note Signed Meter Values in OCPP) ---

    @property
    def _signs(self) -> bool:
        return self._point.configuration.has("SampledDataSignReadings")

    def _is_signed(self, key: str, context: ReadingContext) -> bool:
        flag = self._point.configuration.flag
        if "Aligned" in key:
            more = "AlignedDataSignUpdatedReadings" if key.startswith("MeterValues") else None
            return flag("AlignedDataSignReadings") and (more is None or flag(more))
        names = {
            ReadingContext.TRANSACTION_BEGIN: "SampledDataSignStartedReadings",
            ReadingContext.TRANSACTION_END: "SampledDataSignReadings",
        }
        return flag("SampledDataSignReadings") and flag(names.get(context, "SampledDataSignUpdatedReadings"))

    def _signed(self, reading: Reading, connector: Connector, context: ReadingContext) -> SampledValue:
        assert reading.signed is not None
        signed = SignedMeterValue(
            signed_meter_data=reading.signed.data,
            signing_method=reading.signed.signing_method,
            encoding_method=reading.signed.encoding,
            public_key=reading.signed.public_key if self._gives_key(connector.transaction) else "",
        )
        sampled = _sampled(reading, context)
        return replace(sampled, value=encode(signed).decode(), format=ValueFormat.SIGNED_DATA)

    def _gives_key(self, transaction: Transaction | None) -> bool:
        """PublicKeyWithSignedMeterValue: Never, OncePerTransaction or EveryMeterValue."""
        how = self._point.configuration.text("PublicKeyWithSignedMeterValue")
        if transaction is None or how != "OncePerTransaction":
            return how == "EveryMeterValue"
        told, transaction.key_told = transaction.key_told, True
        return not told

    def _schedule_sample(self, connector_id: int, now: float) -> None:
        interval = self._point.configuration.number("MeterValueSampleInterval")
        if interval:
            self._point.timers.start(f"metering:{connector_id}", now + interval)
        else:
            self._point.timers.stop(f"metering:{connector_id}")

    def _schedule_aligned(self, now: float) -> None:
        """From midnight on, evenly over the day (section 9.1.5)."""
        interval = self._point.configuration.number("ClockAlignedDataInterval")
        if not interval:
            self._point.timers.stop("metering:aligned")
            return
        into_day = self._point.clock.seconds_of_day(now)
        next_at = min((into_day // interval + 1) * interval, DAY)
        self._point.timers.start("metering:aligned", now + next_at - into_day)


def _is_wanted(reading: Reading, wanted: set[str]) -> bool:
    return reading.measurand in wanted or f"{reading.measurand}.{reading.phase}" in wanted


def _sampled(reading: Reading, context: ReadingContext) -> SampledValue:
    return SampledValue(
        value=f"{reading.value:.10g}",
        context=context,
        measurand=Measurand(reading.measurand),
        phase=_PHASES.get(reading.phase or ""),
        unit=_UNITS.get(reading.unit),
    )


_PHASES = {phase.value: phase for phase in Phase}
_UNITS = {unit.value: unit for unit in UnitOfMeasure}
