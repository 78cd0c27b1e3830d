"""All blocks of a 2.x station. A new block is an import and a line in `make_blocks`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evproto.ocpp_client.v2.authorization import Authorizer
from evproto.ocpp_client.v2.authorization_cache import AuthorizationCache
from evproto.ocpp_client.v2.availability import StatusReporter
from evproto.ocpp_client.v2.change_availability import ChangeAvailability
from evproto.ocpp_client.v2.charging_station import Block, ChargingStation
from evproto.ocpp_client.v2.customer_information import CustomerInformation
from evproto.ocpp_client.v2.data_transfer import DataTransfer
from evproto.ocpp_client.v2.event_streams import EventStreams
from evproto.ocpp_client.v2.events import Events
from evproto.ocpp_client.v2.faults import Faults
from evproto.ocpp_client.v2.firmware import Firmware
from evproto.ocpp_client.v2.local_list import LocalList
from evproto.ocpp_client.v2.logs import Logs
from evproto.ocpp_client.v2.master_pass import MasterPass
from evproto.ocpp_client.v2.meter_values import MeterValues
from evproto.ocpp_client.v2.monitoring import Monitoring
from evproto.ocpp_client.v2.network import Network
from evproto.ocpp_client.v2.parts import Parts
from evproto.ocpp_client.v2.payments import Payments
from evproto.ocpp_client.v2.provisioning import Registration
from evproto.ocpp_client.v2.remote_control import RemoteControl
from evproto.ocpp_client.v2.remote_trigger import RemoteTrigger
from evproto.ocpp_client.v2.reports import Reports
from evproto.ocpp_client.v2.reset import Reset
from evproto.ocpp_client.v2.resumption import Resumption
from evproto.ocpp_client.v2.samples import Sampler
from evproto.ocpp_client.v2.security_events import SecurityEvents
from evproto.ocpp_client.v2.sessions import Sessions
from evproto.ocpp_client.v2.transaction_answers import TransactionAnswers
from evproto.ocpp_client.v2.transaction_limits import TransactionLimits
from evproto.ocpp_client.v2.transactions import Transactions
from evproto.ocpp_client.v2.variables import Variables

if TYPE_CHECKING:
    from evproto.ocpp_client.v2.certificate_management import CertificateManagement


def make_blocks(station: ChargingStation) -> tuple[Block, ...]:
    """The blocks in the order in which they hear of things; those that see all of them come last."""
    parts = Parts(station)
    registration = Registration(station)  # B
    security_events = SecurityEvents(station, registration)  # A
    events = Events(station)  # N
    streams = EventStreams(station)  # N
    cache = AuthorizationCache(station)  # C
    listed = LocalList(station)  # D
    authorizer = Authorizer(station, cache, listed)  # C
    sampler = Sampler(station)
    transactions = Transactions(station, sampler)  # E
    meter = MeterValues(station, sampler, transactions)  # J
    resumption = Resumption(station, transactions)  # E17
    sessions = Sessions(station, authorizer, transactions)  # E
    limits = TransactionLimits(station, transactions)  # E16
    answers = TransactionAnswers(station, authorizer, transactions, sessions, limits)  # E, I
    master_pass = MasterPass(station, authorizer, sessions)  # C16
    availability = ChangeAvailability(station, sessions)  # G
    status = StatusReporter(station)  # G
    network = _network(station, security_events)  # A, B
    certificates = _certificates(station, security_events, network)  # A, M
    blocks = (
        registration,
        security_events,
        *([network] if network is not None else []),
        *([certificates] if certificates is not None else []),
        Firmware(station, security_events, certificates),  # L
        Variables(station),
        Reports(station, parts),
        cache,
        listed,
        authorizer,
        transactions,
        meter,
        resumption,
        sessions,
        limits,
        answers,
        master_pass,
        Reset(station, transactions),  # B
        availability,
        DataTransfer(station),  # P
        Logs(station),  # N
        CustomerInformation(station, cache, listed, parts),  # N
        Faults(station, events),  # N
        Payments(station),  # C
        RemoteControl(station, authorizer, sessions),  # F
        status,
        Monitoring(station, events, streams, parts),  # N
        streams,
        events,
    )
    return (*blocks, RemoteTrigger(station, blocks))  # F


def _network(station: ChargingStation, events: SecurityEvents) -> Network | None:
    return None if station.profile is None else Network(station, station.profile, events)


def _certificates(
    station: ChargingStation, events: SecurityEvents, network: Network | None
) -> CertificateManagement | None:
    """Imported here: a station without certificates needs no cryptography."""
    if station.certificates is None:
        return None
    from evproto.ocpp_client.v2.certificate_management import CertificateManagement

    def changed(now: float) -> None:
        if network is not None:
            network.identity_changed(now)

    return CertificateManagement(station, station.certificates, events, changed)
