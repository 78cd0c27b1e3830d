"""A charging station of OCPP 1.6: all its blocks behind one machine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from evproto.core import ConfigError, StateError, TraceSink
from evproto.ocpp_client.bridge import Description, Fact, MessageLost
from evproto.ocpp_client.bridge_security import UseNetwork
from evproto.ocpp_client.clock import WallClock
from evproto.ocpp_client.conversation import Conversation
from evproto.ocpp_client.device_model import Changed, DeviceModel
from evproto.ocpp_client.device_model.v16_keys import ConfigurationKeys
from evproto.ocpp_client.network_profile import NetworkProfile
from evproto.ocpp_client.outbox import Delivered, GivenUp, Outbox
from evproto.ocpp_client.rpc import Rpc, RpcLimits
from evproto.ocpp_client.rpc_events import CallAnswered, CallFailed, CallReceived
from evproto.ocpp_client.rpc_frames import ErrorCode
from evproto.ocpp_client.store import Store
from evproto.ocpp_client.types import OcppStruct
from evproto.ocpp_client.v16.authorization import Authorizer
from evproto.ocpp_client.v16.charge_point import Block, ChargePoint, RefusedError, Reply, StationEvent
from evproto.ocpp_client.v16.configuration import Configuration, Key, Keys
from evproto.ocpp_client.v16.connection import Connection
from evproto.ocpp_client.v16.data_transfer import DataTransfer
from evproto.ocpp_client.v16.diagnostics import Diagnostics
from evproto.ocpp_client.v16.enums import RegistrationStatus
from evproto.ocpp_client.v16.extensions import Extension, keys_for
from evproto.ocpp_client.v16.firmware import Firmware
from evproto.ocpp_client.v16.local_list import LocalList
from evproto.ocpp_client.v16.metering import Metering
from evproto.ocpp_client.v16.pricing import Pricing
from evproto.ocpp_client.v16.registration import Registration
from evproto.ocpp_client.v16.remote_control import RemoteControl
from evproto.ocpp_client.v16.remote_trigger import RemoteTrigger
from evproto.ocpp_client.v16.reservations import Reservations
from evproto.ocpp_client.v16.security import Security
from evproto.ocpp_client.v16.security_events import SecurityEvents
from evproto.ocpp_client.v16.sessions import Sessions
from evproto.ocpp_client.v16.settings import Settings, retry_policy
from evproto.ocpp_client.v16.smart_charging import SmartCharging
from evproto.ocpp_client.v16.status import StatusReporter
from evproto.ocpp_client.v16.transactions import TransactionIds, Transactions
from evproto.ocpp_client.version import Version

if TYPE_CHECKING:
    from evproto.ocpp_client.certificates import CertificateStore, OwnUse
    from evproto.ocpp_client.v16.certificates import Certificates


class Station(Conversation[StationEvent]):
    """All feature profiles of OCPP 1.6, and the security whitepaper.

    The charger tells facts by `tell`; what comes out as events are requests to the charger, news,
    and whatever the RPC has to report. After `Restart` make a new station on the same store.

    clock: an aware wall time that was read at the monotonic time `now`. defaults: values of
    configuration keys that the back end has not set. model: a device model that the keys are to live
    in, made with `v16_model`; without one they live in the store, which is smaller. profile: the
    back end as it was configured; with it the station changes its password and its security profile
    when the back end says so, and tells by `UseNetwork`. certificates: what the whitepaper's messages
    about them work on. extensions: application notes that the station follows; languages: of its
    display.
    """

    def __init__(
        self,
        description: Description,
        store: Store,
        clock: datetime,
        now: float,
        *,
        defaults: dict[str, str] | None = None,
        model: DeviceModel | None = None,
        profile: NetworkProfile | None = None,
        certificates: CertificateStore | None = None,
        extensions: frozenset[Extension] = frozenset(),
        languages: tuple[str, ...] = ("en",),
        limits: RpcLimits | None = None,
        trace: TraceSink | None = None,
    ) -> None:
        super().__init__(trace=trace)
        own = {"NumberOfConnectors": str(description.evse_count), "SupportedLanguages": ",".join(languages)}
        if certificates is not None:
            own["CertificateStoreMaxLength"] = str(certificates.roots.most)
            own["AdditionalRootCertificateCheck"] = str(certificates.roots.signed_by_the_old).lower()
        if Extension.PLUG_AND_CHARGE in extensions and certificates is None:
            raise ConfigError("extensions: Plug & Charge needs certificates")
        secured = profile is not None or certificates is not None
        keys = keys_for(extensions, languages, secured=secured)
        handled = HANDLED if certificates is None else HANDLED | HANDLED_WITH_CERTIFICATES
        rpc = Rpc(Version.V16, handled, self._no_id, limits=limits, trace=trace)
        self._outbox = Outbox(Version.V16, rpc, store, adapter=TransactionIds(store), trace=trace)
        self._point = ChargePoint(
            description,
            store,
            self._make_configuration(store, (defaults or {}) | own, keys, model, now),
            WallClock(clock, now),
            self._outbox,
            self._timers,
        )
        self._outbox.set_policy(retry_policy(self._point))
        self._make_blocks(profile, certificates, extensions)
        for block in self._blocks.values():
            block.restore(now)

    # --- the charger ---

    def tell(self, fact: Fact, now: float) -> None:
        """Take a fact from the charger. StateError where it names an EVSE that does not exist."""
        evse_id = getattr(fact, "evse_id", None)
        if evse_id is not None and evse_id not in self._point.connectors:
            raise StateError(f"there is no EVSE {evse_id}")
        for block in self._blocks.values():
            block.tell(fact, now)
        self._settle(now)

    def transfer(self, vendor_id: str, message_id: str | None, data: str | None, now: float) -> None:
        """Send a vendor's data to the back end; `DataAnswered` follows. EncodeError where it is too long."""
        self._data.transfer(vendor_id, message_id, data, now)
        self._settle(now)

    @property
    def network(self) -> UseNetwork:
        """What to connect to after a start. StateError where the station was given no profile."""
        if self._connection is None:
            raise StateError("the station was made without a network profile")
        return self._connection.network

    @property
    def online(self) -> bool:
        """Whether the back end is connected and has accepted the station."""
        return self._point.online

    @property
    def statuses(self) -> dict[int, str]:
        """The present status of each connector, in the words of 1.6."""
        return {one.id: one.status.value for one in self._point.connectors.values()}

    @property
    def transaction_ids(self) -> dict[int, int | None]:
        """By connector: the back end's id of the transaction that runs there, None until it is known."""
        return {one.connector_id: one.id for one in self._point.transactions()}

    # --- the back end ---

    def connected(self, now: float) -> None:
        """The link stands: register, or say what changed while it did not."""
        self._outbox.connected(now)
        self._point.linked = True
        self._registration.linked(now)
        if self._point.accepted:
            for block in self._blocks.values():
                block.reconnected(now)
        self._settle(now)

    def disconnected(self, now: float) -> None:
        """The link is gone: charging goes on, and what must arrive waits."""
        self._point.linked = False
        self._outbox.disconnected(now)
        self._settle(now)

    def receive(self, item: str, now: float) -> None:
        """A text frame of the back end."""
        self._outbox.receive(item, now)
        self._settle(now)

    def next_output(self) -> str | None:
        return self._outbox.next_output()

    def next_event(self) -> StationEvent | None:
        return self._point.events.popleft() if self._point.events else None

    @property
    def deadline(self) -> float | None:
        due = [at for at in (super().deadline, self._outbox.deadline) if at is not None]
        return min(due, default=None)

    def advance(self, now: float) -> None:
        self._outbox.advance(now)
        super().advance(now)
        self._settle(now)

    def _on_timer(self, name: str, now: float) -> None:
        prefix, _, rest = name.partition(":")
        self._blocks[prefix].on_timer(rest, now)

    # --- making ---

    def _make_blocks(
        self,
        profile: NetworkProfile | None,
        certificates: CertificateStore | None,
        extensions: frozenset[Extension],
    ) -> None:
        """By the prefix of their timers."""
        point = self._point
        self._registration = Registration(point)
        self._status = StatusReporter(point)
        self._metering = Metering(point)
        self._reservations = Reservations(point)
        authorizer = Authorizer(point)
        self._transactions = Transactions(point, authorizer, self._reservations, self._metering)
        sessions = Sessions(point, authorizer, self._reservations, self._transactions)
        self._charging = SmartCharging(point)
        self._control = RemoteControl(point, authorizer, sessions, self._transactions, self._charging)
        events = SecurityEvents(point, certified=certificates is not None)
        self._connection = None if profile is None else Connection(point, profile, certificates, events)
        trust = None if certificates is None else self._make_certificates(certificates, events)
        self._firmware = Firmware(point, events, trust)
        diagnostics = Diagnostics(point)
        trigger = RemoteTrigger(
            point, self._registration, self._status, self._metering, self._firmware, diagnostics
        )
        self._pricing = Pricing(point, self._metering) if Extension.PRICING in extensions else None
        vendors = [] if self._pricing is None else [self._pricing.vendor()]
        contracts = None
        if trust is not None and Extension.PLUG_AND_CHARGE in extensions:
            from evproto.ocpp_client.v16.plug_and_charge import PlugAndCharge

            contracts = PlugAndCharge(point, authorizer, sessions, trust)
            vendors.append(contracts.vendor())
        self._data = DataTransfer(point, tuple(vendors))
        takers = {} if self._connection is None else self._connection.takers()
        self._blocks: dict[str, Block] = {
            "registration": self._registration,
            "status": self._status,
            "metering": self._metering,
            "reservations": self._reservations,
            "authorizer": authorizer,
            "transactions": self._transactions,
            "sessions": sessions,
            "remote": self._control,
            "charging": self._charging,
            "events": events,
            "firmware": self._firmware,
            "diagnostics": diagnostics,
            "trigger": trigger,
            "security": Security(point, trigger, self._firmware, trust),
            "list": LocalList(point),
            "data": self._data,
            "settings": Settings(point, self._outbox, self._changed, takers),
        }
        if self._connection is not None:
            self._blocks["connection"] = self._connection
        if trust is not None:
            self._blocks["certificates"] = trust
        if self._pricing is not None:
            self._blocks["pricing"] = self._pricing
        if contracts is not None:
            self._blocks["contracts"] = contracts
        self._handlers: dict[str, Callable[[Any, float], OcppStruct]] = {}
        self._slow_handlers: dict[str, Callable[[Any, Reply, float], None]] = {}
        for block in self._blocks.values():
            self._handlers.update(block.handlers())
            self._slow_handlers.update(block.slow_handlers())

    def _make_configuration(
        self,
        store: Store,
        values: dict[str, str],
        keys: tuple[Key, ...],
        model: DeviceModel | None,
        now: float,
    ) -> Keys:
        """Raises ConfigError for a model that was made for another station."""
        if model is None:
            return Configuration(store, values, keys)
        found = ConfigurationKeys(model, [key.name for key in keys])
        if missing := [key.name for key in keys if not found.has(key.name)]:
            raise ConfigError(f"the device model lacks {', '.join(missing)}; make it with v16_model")
        for name in ("NumberOfConnectors", "AdditionalRootCertificateCheck"):
            if name in values:
                found.put(name, values[name], now)

        def changed(change: Changed, at: float) -> None:
            if (name := found.name_of(change)) is not None:
                self._point.afterwards(lambda later: self._on_configured(name, later))

        model.subscribe(changed)
        return found

    def _make_certificates(self, store: CertificateStore, events: SecurityEvents) -> Certificates:
        """Imported here: a station without certificates needs no cryptography."""
        from evproto.ocpp_client.v16.certificates import Certificates

        def changed(use: OwnUse, now: float) -> None:
            if self._connection is not None:
                self._connection.identity_changed(use, now)

        return Certificates(self._point, store, events, changed)

    # --- acting on what happened ---

    def _settle(self, now: float) -> None:
        """Handle all events of the outbox, then what follows from the new state of things."""
        while True:
            while (event := self._outbox.next_event()) is not None:
                self._on_event(event, now)
            self._point.act_afterwards(now)
            if not self._outbox_has_events(now):
                break
        self._control.settle(now)
        self._charging.settle(now)
        self._firmware.settle(now)
        if self._pricing is not None:
            self._pricing.settle(now)
        self._status.publish(now)

    def _outbox_has_events(self, now: float) -> bool:
        event = self._outbox.next_event()
        if event is not None:
            self._on_event(event, now)
        return event is not None

    def _on_event(self, event: Any, now: float) -> None:
        match event:
            case CallReceived():
                self._on_call(event, now)
            case CallAnswered(id=id, response=response):
                self._point.answered(id, response, now)
                self._after_registration(now)
            case CallFailed(id=id):
                self._point.answered(id, None, now)
            case Delivered():
                self._transactions.delivered(event, now)
            case GivenUp(action=action, reason=reason):
                self._point.emit(MessageLost(action, reason))
            case _:
                self._point.emit(event)

    def _after_registration(self, now: float) -> None:
        self._outbox.set_accepted(self._point.accepted, now)
        if self._registration.fresh:
            self._registration.fresh = False
            for block in self._blocks.values():
                block.accepted(now)

    def _on_call(self, call: CallReceived, now: float) -> None:
        if self._registration.status is RegistrationStatus.REJECTED:
            self._outbox.refuse(call.id, ErrorCode.SECURITY_ERROR, "the station is not registered", now)
        elif (slow := self._slow_handlers.get(call.action)) is not None:
            slow(call.request, partial(self._outbox.respond, call.id), now)
        else:
            self._answer(call, now)
            self._point.act_afterwards(now)

    def _answer(self, call: CallReceived, now: float) -> None:
        try:
            response = self._handlers[call.action](call.request, now)
        except RefusedError as refused:
            self._outbox.refuse(call.id, refused.code, refused.description, now)
        else:
            self._outbox.respond(call.id, response, now)

    def _changed(self, name: str, now: float) -> None:
        """A device model tells of its changes by itself."""
        if isinstance(self._point.configuration, Configuration):
            self._on_configured(name, now)

    def _on_configured(self, name: str, now: float) -> None:
        for block in self._blocks.values():
            block.configured(name, now)

    @staticmethod
    def _no_id() -> str:
        raise StateError("every call of a station brings its own id")


HANDLED = frozenset(
    {
        "CancelReservation",
        "ChangeAvailability",
        "ChangeConfiguration",
        "ClearCache",
        "ClearChargingProfile",
        "DataTransfer",
        "ExtendedTriggerMessage",
        "GetCompositeSchedule",
        "GetConfiguration",
        "GetDiagnostics",
        "GetLocalListVersion",
        "GetLog",
        "RemoteStartTransaction",
        "RemoteStopTransaction",
        "ReserveNow",
        "Reset",
        "SendLocalList",
        "SetChargingProfile",
        "TriggerMessage",
        "UnlockConnector",
        "UpdateFirmware",
    }
)

HANDLED_WITH_CERTIFICATES = frozenset(
    {
        "CertificateSigned",
        "DeleteCertificate",
        "GetInstalledCertificateIds",
        "InstallCertificate",
        "SignedUpdateFirmware",
    }
)
