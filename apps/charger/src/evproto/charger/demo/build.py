"""Puts a world together from its configuration."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address
from typing import Any

from evproto.charger.car import Car
from evproto.charger.demo.settings import DemoConfig, FaultName
from evproto.charger.demo.world import World
from evproto.charger.report.capture import Conversation
from evproto.charger.simulation import (
    AuthorizerConfig,
    Battery,
    Contactor,
    DcSupply,
    DelayedAuthorizer,
    EnergyMeter,
    IsolationConfig,
    IsolationMonitor,
    OnboardCharger,
    PowerLines,
)
from evproto.charger.station import Station, StationParts
from evproto.core import Trace, TraceSink
from evproto.iec61851 import CCS2, TYPE2_TETHERED, SupplyConfig, VehicleConfig, VehicleTiming
from evproto.iso15118 import iso2
from evproto.v2gtp.charging import (
    EnergyTransferMode,
    EvAcLimits,
    EvccConfig,
    EvDcLimits,
    EvseAcLimits,
    EvseDcLimits,
    SeccConfig,
)

EVSE_ID = "DE*EVP*E0001*1"
EVCC_ID = bytes.fromhex("02000000e001")
CALENDAR = datetime(2026, 1, 1, 12, 0, 0, 250_000, tzinfo=UTC)
"""The date of every demo session, so that equal seeds give equal bytes."""
INLET_TIMING = VehicleTiming(close_s2_s=0.1, stop_draw_s=0.1)
"""ISO 15118-2 wants the pilot to follow PowerDeliveryReq and -Res within 250 ms ([V2G2-847], [V2G2-848])."""
LEAKY_OHM = 40_000.0


def build_world(
    config: DemoConfig,
    *,
    trace: TraceSink,
    conversation: Conversation,
    stamp: Callable[[], float],
    port: int,
    sdp_target: tuple[Any, ...],
) -> World:
    """Station and car with their hardware, joined.

    `trace` gets each record with the time of `stamp`. port: TCP port of the station on ::1.
    sdp_target: socket address to which the car sends its SDP requests.
    """

    def stamped(record: Trace) -> None:
        trace(replace(record, time=stamp()))

    def wall_clock() -> datetime:
        return CALENDAR + timedelta(seconds=world.now)

    battery = Battery(config.battery)
    meter = EnergyMeter()
    outlet, inlet = Contactor(config.contactor), Contactor(config.contactor)
    supply = DcSupply(config.supply) if config.is_dc else None
    station = Station(
        pilot=_supply_config(config),
        languages=[iso2.Secc(_secc_config(config))],
        parts=StationParts(
            contactor=outlet,
            meter=meter,
            authorizer=DelayedAuthorizer(_authorizer_config(config)),
            supply=supply,
            isolation=IsolationMonitor(_isolation_config(config)) if config.is_dc else None,
        ),
        address=IPv6Address("::1"),
        port=port,
        entropy=random.Random(f"station {config.seed}").randbytes,
        wall_clock=wall_clock,
        trace=stamped,
    )
    car = Car(
        inlet=VehicleConfig(timing=INLET_TIMING),
        languages=[iso2.Evcc(_evcc_config(config, battery))],
        battery=battery,
        contactor=inlet,
        sdp_target=sdp_target,
        entropy=random.Random(f"car {config.seed}").randbytes,
        wall_clock=wall_clock,
        trace=stamped,
    )
    lines = PowerLines(
        battery=battery,
        station_contactor=outlet,
        meter=meter,
        supply=supply,
        car_contactor=inlet if config.is_dc else None,
        charger=None if config.is_dc else OnboardCharger(config.charger),
        mains_v=config.mains_v,
    )
    world = World(
        config,
        station=station,
        car=car,
        lines=lines,
        trace=stamped,
        conversation=conversation,
        stamp=stamp,
    )
    return world


def _supply_config(config: DemoConfig) -> SupplyConfig:
    return SupplyConfig(profile=CCS2 if config.is_dc else TYPE2_TETHERED, automatic_contactor=False)


def _modes(config: DemoConfig) -> tuple[EnergyTransferMode, ...]:
    if config.is_dc:
        return (EnergyTransferMode.DC_EXTENDED,)
    three = config.charger.phases == 3
    return (EnergyTransferMode.AC_THREE_PHASE if three else EnergyTransferMode.AC_SINGLE_PHASE,)


def _secc_config(config: DemoConfig) -> SeccConfig:
    supply = config.supply
    return SeccConfig(
        evse_id=EVSE_ID,
        modes=_modes(config),
        dc_limits=EvseDcLimits(
            max_voltage_v=supply.max_voltage_v,
            max_current_a=supply.max_current_a,
            max_power_w=supply.max_power_w,
            min_voltage_v=supply.min_voltage_v,
        ),
        ac_limits=EvseAcLimits(nominal_voltage_v=config.mains_v, max_current_a=config.mains_current_a),
    )


def _evcc_config(config: DemoConfig, battery: Battery) -> EvccConfig:
    return EvccConfig(
        evcc_id=EVCC_ID,
        modes=_modes(config),
        dc_limits=EvDcLimits(
            max_voltage_v=battery.max_voltage_v + 20.0,
            max_current_a=battery.max_current_a,
            energy_capacity_wh=battery.capacity_wh,
            energy_request_wh=battery.missing_wh,
            full_soc_percent=100.0,
            bulk_soc_percent=config.battery.target_soc_percent,
        ),
        ac_limits=EvAcLimits(
            max_voltage_v=400.0,
            max_current_a=config.charger.max_current_a,
            min_current_a=config.charger.min_current_a,
            energy_wh=battery.missing_wh,
        ),
        loop_interval_s=config.loop_interval_s,
        status_interval_s=config.loop_interval_s,
        ongoing_interval_s=config.ongoing_interval_s,
    )


def _authorizer_config(config: DemoConfig) -> AuthorizerConfig:
    if config.fault is FaultName.REFUSED_CARD:
        return config.authorizer.model_copy(update={"accepted": False})
    return config.authorizer


def _isolation_config(config: DemoConfig) -> IsolationConfig:
    if config.fault is FaultName.ISOLATION_FAULT:
        return config.isolation.model_copy(update={"resistance_ohm": LEAKY_OHM})
    return config.isolation
