"""How a charger shows itself over SunSpec: common model, meter, and as a DER when it can discharge.

Model 1 and a meter (201 to 204 with scale factors, 211 to 214 with floats); 701 to 704 and 713 for a
bidirectional one; evproto's own EVSE model only when asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from evproto.core import ConfigError
from evproto.sunspec.definitions import Library, vendor_model
from evproto.sunspec.server import DeviceServer, ServedModel, WriteHook
from evproto.sunspec.types import Value

_PHASES = "ABC"
_METERS = {(1, False): 201, (2, False): 202, (3, False): 203, (1, True): 211, (2, True): 212, (3, True): 213}
_LIBRARY = Library()


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who the charger is, in the words of model 1."""

    manufacturer: str
    model: str
    serial_number: str
    version: str = ""
    options: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratings:
    """What a bidirectional charger can do: watts, volts, amperes of each phase, watt-hours."""

    charge_w: float
    discharge_w: float
    voltage_v: float
    current_a: float
    battery_wh: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What the meter shows now; power and current into the vehicle are positive."""

    voltages_v: Sequence[float]
    currents_a: Sequence[float]
    powers_w: Sequence[float]
    frequency_hz: float
    import_wh: float
    export_wh: float = 0.0
    state_of_charge_pct: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector:
    """What the EVSE model shows; `state` is A to F, limits in amperes of each phase."""

    state: Literal["A", "B", "C", "D", "E", "F"]
    transfer: Literal["IDLE", "CHARGING", "DISCHARGING", "PAUSED"]
    session_wh: float
    max_current_a: float


class ChargerDevice:
    """The charger's registers: `server` is served, `update` and `update_connector` keep them true."""

    def __init__(
        self,
        identity: Identity,
        *,
        phases: int = 3,
        floats: bool = True,
        delta: bool = False,
        ratings: Ratings | None = None,
        evse_model: bool = False,
        unit: int = 1,
        on_write: WriteHook | None = None,
    ) -> None:
        if phases not in (1, 2, 3):
            raise ConfigError(f"phases: {phases} is not 1 to 3")
        if delta and phases != 3:
            raise ConfigError("a delta connection has three phases")
        self._phases = phases
        self._floats = floats
        self._ratings = ratings
        self._meter = _model(_METERS[phases, floats] + int(delta))
        models = [_common(identity, unit), self._meter]
        self._der = {number: _model(number) for number in (701, 702, 703, 704, 713)} if ratings else {}
        models += self._der.values()
        self._evse = ServedModel(vendor_model("evse")) if evse_model else None
        if self._evse:
            self._evse.set({"A_SF": -1, "Pct_SF": -1, "ALimTms": 0})
            models.append(self._evse)
        if not floats:
            self._meter.set(
                {"A_SF": -2, "V_SF": -1, "Hz_SF": -2, "W_SF": 1 if phases == 3 else 0, "TotWh_SF": 0}
            )
        if ratings:
            self._rate(ratings)
        self.server = DeviceServer(models, unit=unit, on_write=on_write)

    def update(self, measured: Measured) -> None:
        """Show new meter values."""
        self._meter.set(self._meter_values(measured))
        if not self._ratings:
            return
        power = sum(measured.powers_w)
        self._der[701].set(
            {
                "W": -power,  # a DER counts power into the grid as positive
                "A": sum(measured.currents_a),
                "Hz": measured.frequency_hz,
                "LNV": sum(measured.voltages_v) / len(measured.voltages_v),
                "TotWhInj": int(measured.export_wh),
                "TotWhAbs": int(measured.import_wh),
                "InvSt": "RUNNING" if power else "STANDBY",
            }
        )
        charge = measured.state_of_charge_pct
        available = None
        if charge is not None and self._ratings.battery_wh is not None:
            available = charge / 100 * self._ratings.battery_wh
        self._der[713].set({"SoC": charge, "WHAvail": available})

    def update_connector(self, connector: Connector, power_w: float, charge_pct: float | None = None) -> None:
        """Show the state of the connector in the EVSE model."""
        if self._evse is None:
            raise ConfigError("the EVSE model was not asked for")
        self._evse.set(
            {
                "St": connector.state,
                "Chg": connector.transfer,
                "W": round(power_w),
                "SesWh": round(connector.session_wh),
                "SoC": charge_pct,
                "AMax": connector.max_current_a,
            }
        )

    def _meter_values(self, measured: Measured) -> dict[str, Value]:
        values: dict[str, Value] = {
            "A": sum(measured.currents_a),
            "PhV": sum(measured.voltages_v) / len(measured.voltages_v),
            "W": sum(measured.powers_w),
            "Hz": measured.frequency_hz,
            "TotWhImp": measured.import_wh if self._floats else int(measured.import_wh),
            "TotWhExp": measured.export_wh if self._floats else int(measured.export_wh),
            "Evt": 0,
        }
        for index, phase in enumerate(_PHASES[: self._phases]):
            values[f"Aph{phase}"] = measured.currents_a[index]
            values[f"PhVph{phase}"] = measured.voltages_v[index]
            values[f"Wph{phase}"] = measured.powers_w[index]
        return values

    def _rate(self, ratings: Ratings) -> None:
        self._der[701].set(
            {
                "ACType": {1: "SINGLE_PHASE", 2: "SPLIT_PHASE", 3: "THREE_PHASE"}[self._phases],
                "A_SF": -1,
                "V_SF": -1,
                "Hz_SF": -2,
                "W_SF": 0,
                "TotWh_SF": 0,
            }
        )
        limits = {
            "WMax": ratings.discharge_w,
            "WChaRteMax": ratings.charge_w,
            "WDisChaRteMax": ratings.discharge_w,
            "VNom": ratings.voltage_v,
            "AMax": ratings.current_a,
        }
        rated = {f"{name}Rtg": value for name, value in limits.items()}
        self._der[702].set({"W_SF": 0, "V_SF": -1, "A_SF": -1, **rated, **limits})
        self._der[703].set({"ES": "ENABLED", "V_SF": -1, "Hz_SF": -2})
        self._der[704].set(
            {
                "PF_SF": -2,
                "WMaxLimPct_SF": -1,
                "WSet_SF": 0,
                "WSetPct_SF": -1,
                "WMaxLimPct": 100,
                "WMaxLimPctEna": "DISABLED",
                "WSetEna": "DISABLED",
                "WSet": 0,
            }
        )
        self._der[713].set({"WH_SF": 0, "Pct_SF": -1, "WHRtg": ratings.battery_wh})


def _model(number: int) -> ServedModel:
    definition = _LIBRARY.get(number)
    assert definition is not None
    return ServedModel(definition)


def _common(identity: Identity, unit: int) -> ServedModel:
    model = _model(1)
    model.set(
        {
            "Mn": identity.manufacturer,
            "Md": identity.model,
            "SN": identity.serial_number,
            "Vr": identity.version or None,
            "Opt": identity.options or None,
            "DA": unit,
        }
    )
    return model
