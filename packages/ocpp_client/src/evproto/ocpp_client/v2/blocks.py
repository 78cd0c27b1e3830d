"""All blocks of a 2.x station. A new block is an import and a line in `make_blocks`."""

from __future__ import annotations

from evproto.ocpp_client.v2.authorization import Authorizer
from evproto.ocpp_client.v2.availability import StatusReporter
from evproto.ocpp_client.v2.charging_station import Block, ChargingStation
from evproto.ocpp_client.v2.meter_values import MeterValues
from evproto.ocpp_client.v2.provisioning import Registration
from evproto.ocpp_client.v2.resumption import Resumption
from evproto.ocpp_client.v2.samples import Sampler
from evproto.ocpp_client.v2.sessions import Sessions
from evproto.ocpp_client.v2.transaction_answers import TransactionAnswers
from evproto.ocpp_client.v2.transaction_limits import TransactionLimits
from evproto.ocpp_client.v2.transactions import Transactions


def make_blocks(station: ChargingStation) -> tuple[Block, ...]:
    """The blocks in the order in which they hear of things; status comes last and sees all of them."""
    registration = Registration(station)  # B
    authorizer = Authorizer(station)  # C
    sampler = Sampler(station)
    transactions = Transactions(station, sampler)  # E
    meter = MeterValues(station, sampler, transactions)  # J
    resumption = Resumption(station, transactions)  # E17
    sessions = Sessions(station, authorizer, transactions)  # E
    limits = TransactionLimits(station, transactions)  # E16
    answers = TransactionAnswers(station, authorizer, transactions, sessions, limits)  # E, I
    status = StatusReporter(station)  # G
    return (
        registration,
        authorizer,
        transactions,
        meter,
        resumption,
        sessions,
        limits,
        answers,
        status,
    )
