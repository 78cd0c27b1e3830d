"""Simulated hardware: battery, power supply, contactor, meter, onboard charger, and the cable."""

from evproto.charger.simulation.authorizer import AuthorizerConfig, DelayedAuthorizer
from evproto.charger.simulation.battery import Battery, BatteryConfig
from evproto.charger.simulation.cable import PowerLines, Sample
from evproto.charger.simulation.contactor import Contactor, ContactorConfig
from evproto.charger.simulation.dc_supply import DcSupply, DcSupplyConfig
from evproto.charger.simulation.isolation import IsolationConfig, IsolationMonitor
from evproto.charger.simulation.meter import EnergyMeter
from evproto.charger.simulation.onboard_charger import OnboardCharger, OnboardChargerConfig

__all__ = [
    "AuthorizerConfig",
    "Battery",
    "BatteryConfig",
    "Contactor",
    "ContactorConfig",
    "DcSupply",
    "DcSupplyConfig",
    "DelayedAuthorizer",
    "EnergyMeter",
    "IsolationConfig",
    "IsolationMonitor",
    "OnboardCharger",
    "OnboardChargerConfig",
    "PowerLines",
    "Sample",
]
