"""Prices and costs over DataTransfer (application note OCPP & California Pricing Requirements)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import msgspec

from evproto.ocpp_client.bridge import Fact, Metered, Unplugged
from evproto.ocpp_client.bridge_pricing import FinalCostTold, Prices, PriceTold, RunningCostTold
from evproto.ocpp_client.codec import encode
from evproto.ocpp_client.types import OcppStruct, Timestamp
from evproto.ocpp_client.v16.charge_point import Block, ChargePoint
from evproto.ocpp_client.v16.connector import Connector
from evproto.ocpp_client.v16.data_transfer import Vendor
from evproto.ocpp_client.v16.enums import ChargePointStatus
from evproto.ocpp_client.v16.extensions import Extension
from evproto.ocpp_client.v16.messages import DataTransferRequest
from evproto.ocpp_client.v16.metering import Metering

VENDOR = Extension.PRICING.value
HYSTERESIS = 0.05
"""How far the power has to leave its threshold, as a part of it, to cross it anew."""


class Text(OcppStruct, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """A text in another language."""

    content: str
    format: str = "UTF8"
    language: str = ""


class ChargingPrice(OcppStruct, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """What energy and time cost while the vehicle charges."""

    k_wh_price: float | None = None
    hour_price: float | None = None
    flat_fee: float | None = None


class IdlePrice(OcppStruct, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """What time costs while it does not."""

    grace_minutes: int | None = None
    hour_price: float | None = None


class NextPeriod(OcppStruct, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """Prices that hold later."""

    at_time: Timestamp
    charging_price: ChargingPrice
    idle_price: IdlePrice | None = None


class TriggerMeterValue(OcppStruct, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """When the back end wants to hear of the meter."""

    at_time: Timestamp | None = None
    at_energyk_wh: float | None = None
    at_powerk_w: float | None = None
    at_cp_status: tuple[ChargePointStatus, ...] = msgspec.field(name="atCPStatus", default=())


class SetUserPrice(OcppStruct, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """What charging will cost this driver."""

    id_token: str
    price_text: str
    price_text_extra: tuple[Text, ...] = ()


class RunningCost(OcppStruct, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """What a transaction costs so far."""

    transaction_id: int
    timestamp: Timestamp
    meter_value: float
    cost: float
    state: str
    charging_price: ChargingPrice
    idle_price: IdlePrice | None = None
    next_period: NextPeriod | None = None
    trigger_meter_value: TriggerMeterValue | None = None


class FinalCost(OcppStruct, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """What a transaction has cost."""

    transaction_id: int
    cost: float
    price_text: str
    price_text_extra: tuple[Text, ...] = ()
    qr_code_text: str | None = None


class ConnectorUnplugged(OcppStruct, frozen=True, kw_only=True):
    """The vehicle has left after its transaction (CustomIdleFeeAfterStop)."""

    transaction_id: int
    timestamp: Timestamp


@dataclass(slots=True)
class _Watch:
    """What a meter value is to be sent for at one connector; `above`: on which side the power was."""

    wanted: TriggerMeterValue
    status: ChargePointStatus
    energy_told: bool = False
    above: bool | None = None


class Pricing(Block):
    """Passes prices and costs on to the display, and sends meter values when the back end wants them."""

    def __init__(self, point: ChargePoint, metering: Metering) -> None:
        super().__init__(point)
        self._metering = metering
        self._watched: dict[int, _Watch] = {}
        self._ended: dict[int, int] = {}
        self._places: dict[int, int] = {}

    def vendor(self) -> Vendor:
        """What the back end may send."""
        return Vendor(
            VENDOR,
            {
                "SetUserPrice": (SetUserPrice, self._on_price),
                "RunningCost": (RunningCost, self._on_running),
                "FinalCost": (FinalCost, self._on_final),
            },
        )

    def tell(self, fact: Fact, now: float) -> None:
        match fact:
            case Metered(evse_id):
                self._on_metered(evse_id, now)
            case Unplugged(evse_id=evse_id):
                self._on_unplugged(evse_id, now)
            case _:
                pass

    def settle(self, now: float) -> None:
        """After everything that happens: the status of a connector may be another."""
        for connector in self._point.outlets():
            watch = self._watched.get(connector.id)
            if watch is not None and connector.status is not watch.status:
                watch.status = connector.status
                if connector.status in watch.wanted.at_cp_status:
                    self._metering.trigger(connector, now)
            transaction = connector.transaction
            if transaction is None:
                self._watched.pop(connector.id, None)
            elif transaction.id is not None:
                self._places[connector.id] = transaction.id
                self._ended[connector.id] = transaction.id

    def on_timer(self, name: str, now: float) -> None:
        """The time of a trigger has come."""
        connector = self._point.connectors[int(name)]
        if connector.id in self._watched:
            self._metering.trigger(connector, now)

    # --- from the back end ---

    def _on_price(self, message: SetUserPrice, now: float) -> None:
        self._point.emit(PriceTold(message.id_token, _texts(message.price_text, message.price_text_extra)))

    def _on_running(self, message: RunningCost, now: float) -> None:
        connector = self._charging(message.transaction_id)
        if connector is None:
            return
        following = message.next_period
        self._point.emit(
            RunningCostTold(
                evse_id=connector.id,
                cost=self._rounded(message.cost),
                state=message.state,
                prices=_prices(message.charging_price, message.idle_price),
                next_at=str(following.at_time) if following else None,
                next_prices=_prices(following.charging_price, following.idle_price) if following else None,
            )
        )
        self._watch(connector, message.trigger_meter_value, now)

    def _on_final(self, message: FinalCost, now: float) -> None:
        place = next((at for at, id in self._places.items() if id == message.transaction_id), None)
        self._point.emit(
            FinalCostTold(
                evse_id=place,
                cost=self._rounded(message.cost),
                texts=_texts(message.price_text, message.price_text_extra),
                qr_code=message.qr_code_text,
            )
        )

    def _charging(self, transaction_id: int) -> Connector | None:
        for connector in self._point.outlets():
            if connector.transaction is not None and connector.transaction.id == transaction_id:
                return connector
        return None

    def _rounded(self, cost: float) -> float:
        return round(cost, self._point.configuration.number("NumberOfDecimalsForCostValues"))

    # --- meter values on conditions ---

    def _watch(self, connector: Connector, wanted: TriggerMeterValue | None, now: float) -> None:
        """New conditions take the place of the old ones."""
        timer = f"pricing:{connector.id}"
        self._point.timers.stop(timer)
        self._watched.pop(connector.id, None)
        if wanted is None:
            return
        self._watched[connector.id] = _Watch(wanted, connector.status)
        if wanted.at_time is not None:
            wait = self._point.clock.seconds_until(wanted.at_time, now)
            self._point.timers.start(timer, now + max(wait, 0.0))

    def _on_metered(self, evse_id: int, now: float) -> None:
        watch, connector = self._watched.get(evse_id), self._point.connectors.get(evse_id)
        if watch is None or connector is None:
            return
        if self._energy_reached(watch, connector) or self._power_crossed(watch, connector):
            self._metering.trigger(connector, now)

    def _energy_reached(self, watch: _Watch, connector: Connector) -> bool:
        limit = watch.wanted.at_energyk_wh
        if limit is None or watch.energy_told:
            return False
        watch.energy_told = self._metering.energy(connector) >= limit * 1000
        return watch.energy_told

    def _power_crossed(self, watch: _Watch, connector: Connector) -> bool:
        """Not at the first value, and not for every tremble around the threshold."""
        limit = watch.wanted.at_powerk_w
        power = _power(connector)
        if limit is None or math.isnan(power):
            return False
        margin = limit * HYSTERESIS
        before = watch.above
        if before is None:
            watch.above = power >= limit
        elif (power > limit + margin) if not before else (power < limit - margin):
            watch.above = not before
        return before is not None and before is not watch.above

    # --- the vehicle leaves ---

    def _on_unplugged(self, evse_id: int, now: float) -> None:
        """CustomIdleFeeAfterStop: the back end charges until now for the place."""
        id = self._ended.pop(evse_id, None)
        if id is None or not self._point.configuration.flag("CustomIdleFeeAfterStop"):
            return
        data = encode(ConnectorUnplugged(transaction_id=id, timestamp=self._point.clock.at(now))).decode()
        request = DataTransferRequest(vendor_id=VENDOR, message_id="ConnectorUnplugged", data=data)
        self._point.ask(request, now)


def _power(connector: Connector) -> float:
    """kW as the meter told it last, over all phases."""
    for reading in connector.readings:
        if reading.measurand == "Power.Active.Import" and reading.phase is None:
            return reading.value / (1 if reading.unit == "kW" else 1000)
    return math.nan


def _prices(charging: ChargingPrice, idle: IdlePrice | None) -> Prices:
    return Prices(
        per_kwh=charging.k_wh_price,
        per_hour=charging.hour_price,
        flat_fee=charging.flat_fee,
        idle_per_hour=idle.hour_price if idle else None,
        idle_grace_minutes=idle.grace_minutes if idle else None,
    )


def _texts(text: str, more: tuple[Text, ...]) -> dict[str, str]:
    return {"": text} | {one.language: one.content for one in more}
