"""Smart charging (sections 3.13, 5.5, 5.7 and 5.16): profiles in, limits out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from evproto.core import DecodeError
from evproto.ocpp_client.bridge import SetLimit
from evproto.ocpp_client.codec import decode, encode
from evproto.ocpp_client.types import OcppStruct, Timestamp
from evproto.ocpp_client.v16.charge_point import Block, ChargePoint
from evproto.ocpp_client.v16.connector import Connector
from evproto.ocpp_client.v16.datatypes import ChargingProfile, ChargingSchedule, ChargingSchedulePeriod
from evproto.ocpp_client.v16.enums import (
    ChargingProfileKind,
    ChargingProfilePurpose,
    ChargingProfileStatus,
    ChargingRateUnit,
    ClearChargingProfileStatus,
    GetCompositeScheduleStatus,
)
from evproto.ocpp_client.v16.messages import (
    ClearChargingProfileRequest,
    ClearChargingProfileResponse,
    GetCompositeScheduleRequest,
    GetCompositeScheduleResponse,
    SetChargingProfileRequest,
    SetChargingProfileResponse,
)
from evproto.ocpp_client.v16.schedule import DEFAULT_PHASES, VOLTAGE, Installed, highest

STORED = "v16.profiles"
HORIZON = 86_400.0
"""Seconds over which the next change of a limit is looked for."""

MAX = ChargingProfilePurpose.CHARGE_POINT_MAX_PROFILE
DEFAULT = ChargingProfilePurpose.TX_DEFAULT_PROFILE
TX = ChargingProfilePurpose.TX_PROFILE


class SmartCharging(Block):
    """Keeps the profiles; tells the charger the limit of each connector when it changes."""

    def __init__(self, point: ChargePoint) -> None:
        super().__init__(point)
        self._installed: list[Installed] = []
        self._told: dict[int, float] = {}
        self._running: dict[int, str] = {}
        self._promised: dict[int, ChargingProfile] = {}
        self._stale = True

    def handlers(self) -> Mapping[str, Callable[[Any, float], OcppStruct]]:
        return {
            "SetChargingProfile": self._set,
            "ClearChargingProfile": self._clear,
            "GetCompositeSchedule": self._composite,
        }

    def restore(self, now: float) -> None:
        """Profiles outlive a restart, those of a transaction go with it."""
        for text in msgspec.json.decode(self._point.store.get(STORED, "[]"), type=list[str]):
            try:
                request = decode(SetChargingProfileRequest, text)
            except DecodeError:
                continue  # written by another version of the program
            self._installed.append(Installed(request.connector_id, request.cs_charging_profiles, now))

    def promise(self, connector: Connector, profile: ChargingProfile) -> None:
        """The profile of a remote start holds from the moment its transaction begins (section 5.11)."""
        self._promised[connector.id] = profile

    def accepted(self, now: float) -> None:
        """The back end has set the clock."""
        self._stale = True

    def on_timer(self, name: str, now: float) -> None:
        self._stale = True

    def settle(self, now: float) -> None:
        """After everything that happens: follow the transactions, tell limits that changed."""
        self._follow_transactions(now)
        if not self._stale:
            return
        self._stale = False
        until = now + HORIZON
        for connector in self._point.outlets():
            limit = self._limit(connector.id, now, now)
            if self._told.get(connector.id, self._point.description.max_current) != limit:
                self._point.emit(SetLimit(connector.id, limit))
            self._told[connector.id] = limit
        changes = self._changes(now, until, now)
        self._point.timers.start("charging:change", min(changes, default=until))

    # --- calls ---

    def _set(self, request: SetChargingProfileRequest, now: float) -> SetChargingProfileResponse:
        if not self._is_acceptable(request):
            return SetChargingProfileResponse(status=ChargingProfileStatus.REJECTED)
        self._install(request.connector_id, request.cs_charging_profiles, now)
        return SetChargingProfileResponse(status=ChargingProfileStatus.ACCEPTED)

    def _clear(self, request: ClearChargingProfileRequest, now: float) -> ClearChargingProfileResponse:
        kept = [one for one in self._installed if not _is_meant(one, request)]
        found = len(kept) < len(self._installed)
        self._installed = kept
        self._store()
        unknown = ClearChargingProfileStatus.UNKNOWN
        return ClearChargingProfileResponse(status=ClearChargingProfileStatus.ACCEPTED if found else unknown)

    def _composite(self, request: GetCompositeScheduleRequest, now: float) -> GetCompositeScheduleResponse:
        if request.connector_id not in self._point.connectors or request.duration <= 0:
            return GetCompositeScheduleResponse(status=GetCompositeScheduleStatus.REJECTED)
        unit = request.charging_rate_unit or ChargingRateUnit.A
        factor = 1.0 if unit is ChargingRateUnit.A else VOLTAGE * DEFAULT_PHASES
        periods: list[ChargingSchedulePeriod] = []
        duration = min(request.duration, int(HORIZON))
        until = now + duration
        for at in sorted({now, *self._changes(now, until, now)}):
            limit = round(self._limit(request.connector_id, at, now) * factor, 1)
            if not periods or periods[-1].limit != limit:
                periods.append(ChargingSchedulePeriod(start_period=round(at - now), limit=limit))
        start = self._point.clock.at(now)
        schedule = ChargingSchedule(
            charging_rate_unit=unit,
            charging_schedule_period=tuple(periods),
            duration=duration,
            start_schedule=start,
        )
        return GetCompositeScheduleResponse(
            status=GetCompositeScheduleStatus.ACCEPTED,
            connector_id=request.connector_id,
            schedule_start=start,
            charging_schedule=schedule,
        )

    # --- profiles ---

    def _is_acceptable(self, request: SetChargingProfileRequest) -> bool:
        profile, connector_id = request.cs_charging_profiles, request.connector_id
        connector = self._point.connectors.get(connector_id)
        if connector is None or not self._is_sound(profile):
            return False
        match profile.charging_profile_purpose:
            case ChargingProfilePurpose.CHARGE_POINT_MAX_PROFILE:
                relative = profile.charging_profile_kind is ChargingProfileKind.RELATIVE
                return connector_id == 0 and not relative
            case ChargingProfilePurpose.TX_DEFAULT_PROFILE:
                return True
            case ChargingProfilePurpose.TX_PROFILE:
                transaction = connector.transaction
                return transaction is not None and profile.transaction_id in (None, transaction.id)

    def _is_sound(self, profile: ChargingProfile) -> bool:
        """The limits of section 9.4, and a schedule that begins at its beginning and goes on."""
        configuration = self._point.configuration
        periods = profile.charging_schedule.charging_schedule_period
        starts = [one.start_period for one in periods]
        recurring = profile.charging_profile_kind is ChargingProfileKind.RECURRING
        return (
            0 <= profile.stack_level <= configuration.number("ChargeProfileMaxStackLevel")
            and 0 < len(periods) <= configuration.number("ChargingScheduleMaxPeriods")
            and len(self._installed) < configuration.number("MaxChargingProfilesInstalled")
            and starts[0] == 0
            and starts == sorted(set(starts))
            and all(one.limit >= 0 for one in periods)
            and not (
                recurring and None in (profile.recurrency_kind, profile.charging_schedule.start_schedule)
            )
        )

    def _install(self, connector_id: int, profile: ChargingProfile, now: float) -> None:
        """One of the same id, or of the same purpose and stack level here, is replaced (section 3.13.2)."""
        transaction_began = self._began(connector_id, profile, now)
        self._installed = [one for one in self._installed if not _is_replaced(one, connector_id, profile)]
        self._installed.append(Installed(connector_id, profile, transaction_began))
        self._store()

    def _began(self, connector_id: int, profile: ChargingProfile, now: float) -> float:
        if profile.charging_profile_purpose is not TX:
            return now
        return next((one.began for one in self._installed if _is_of_tx(one, connector_id)), now)

    def _store(self) -> None:
        self._stale = True
        texts = [
            encode(
                SetChargingProfileRequest(connector_id=one.connector_id, cs_charging_profiles=one.profile)
            ).decode()
            for one in self._installed
            if one.profile.charging_profile_purpose is not TX
        ]
        self._point.store.put(STORED, msgspec.json.encode(texts).decode())

    def _follow_transactions(self, now: float) -> None:
        """A profile of a transaction ends with it; relative ones begin with it."""
        running = {one.connector_id: one.key for one in self._point.transactions()}
        if running == self._running:
            return
        for connector_id in {*running, *self._running}:
            if running.get(connector_id) == self._running.get(connector_id):
                continue
            self._installed = [one for one in self._installed if not _is_of_tx(one, connector_id)]
            promised = self._promised.pop(connector_id, None)
            if connector_id in running and promised is not None:
                self._installed.append(Installed(connector_id, promised, now))
        self._running = running
        self._stale = True

    # --- limits ---

    def _limit(self, connector_id: int, at: float, now: float) -> float:
        """Ampere: the transaction's profile or else the default, under the station's (section 3.13.1)."""

        def when(moment: Timestamp) -> float:
            return now + self._point.clock.seconds_until(moment, now)

        def of(purpose: ChargingProfilePurpose, place: int) -> float | None:
            found = (
                one
                for one in self._installed
                if one.connector_id == place and one.profile.charging_profile_purpose is purpose
            )
            return highest(found, at, when)

        limits = [self._point.description.max_current, of(MAX, 0)]
        if connector_id:
            places = ((TX, connector_id), (DEFAULT, connector_id), (DEFAULT, 0))
            limits.append(next((limit for place in places if (limit := of(*place)) is not None), None))
        return min(limit for limit in limits if limit is not None)

    def _changes(self, since: float, until: float, now: float) -> set[float]:
        def when(moment: Timestamp) -> float:
            return now + self._point.clock.seconds_until(moment, now)

        return set().union(*(one.changes(since, until, when) for one in self._installed))


def _is_of_tx(one: Installed, connector_id: int) -> bool:
    return one.connector_id == connector_id and one.profile.charging_profile_purpose is TX


def _is_replaced(one: Installed, connector_id: int, profile: ChargingProfile) -> bool:
    old = one.profile
    if old.charging_profile_id == profile.charging_profile_id:
        return True
    return one.connector_id == connector_id and (old.charging_profile_purpose, old.stack_level) == (
        profile.charging_profile_purpose,
        profile.stack_level,
    )


def _is_meant(one: Installed, request: ClearChargingProfileRequest) -> bool:
    """By id alone, or by all the criteria that are given (section 5.5)."""
    profile = one.profile
    if request.id is not None:
        return profile.charging_profile_id == request.id
    return (
        request.connector_id in (None, one.connector_id)
        and request.charging_profile_purpose in (None, profile.charging_profile_purpose)
        and request.stack_level in (None, profile.stack_level)
    )
