"""Application notes to OCPP 1.6: Plug & Charge, California Pricing, signed meter values."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from evproto.core import ConfigError
from evproto.ocpp_client import Timestamp
from evproto.ocpp_client.bridge import (
    ENERGY,
    Flow,
    FlowChanged,
    Metered,
    Reading,
    SignedReading,
    Start,
    TokenRefused,
)
from evproto.ocpp_client.bridge_authorization import CertificateHash, ContractPresented
from evproto.ocpp_client.bridge_pricing import FinalCostTold, Prices, PriceTold, RunningCostTold
from evproto.ocpp_client.bridge_security import (
    EvCertificateBrought,
    EvCertificateNeeded,
    OcspBrought,
    OcspNeeded,
)
from evproto.ocpp_client.certificates import (
    CertificateStore,
    MemoryVault,
    OwnUse,
    RootUse,
    hash_data,
    new_key,
)
from evproto.ocpp_client.certificates.testing import Authority
from evproto.ocpp_client.v16 import messages as m
from evproto.ocpp_client.v16.enums import DataTransferStatus, ReadingContext, ValueFormat
from evproto.ocpp_client.v16.extensions import Extension

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
V2G = Authority("v2g", NOON)
PNC, COST = "org.openchargealliance.iso15118pnc", "org.openchargealliance.costmsg"
HASH = CertificateHash(
    algorithm="SHA256",
    issuer_name_hash="aa",
    issuer_key_hash="bb",
    serial_number="1",
    responder_url="http://ocsp.example/",
)
CONTRACT = ContractPresented(emaid="NLABCC12345678", evse_id=1, hashes=(HASH,), verified=True)


def extended(make_bench: Any, extension: Extension, **keys: Any) -> Any:
    parts: dict[str, Any] = {"extensions": frozenset({extension})}
    if extension is Extension.PLUG_AND_CHARGE:
        parts["certificates"] = CertificateStore(MemoryVault(), new_key)
    about = {"serial_number": "SN-1"}
    return make_bench(parts=parts, about=about, **keys).boot()


def send(bench: Any, vendor: str, message: str, data: Any) -> tuple[str, Any]:
    """What the station answers to a message of a vendor: its status and its data."""
    text = data if isinstance(data, str) else json.dumps(data)
    answer = bench.call(m.DataTransferRequest(vendor_id=vendor, message_id=message, data=text))
    try:
        return answer.status.value, json.loads(answer.data) if answer.data else None
    except json.JSONDecodeError:
        return answer.status.value, answer.data


def answering(bench: Any, answers: dict[str, Any]) -> None:
    """What the back end answers to DataTransfer, by message."""

    def answer(request: Any) -> m.DataTransferResponse:
        data = answers.get(request.message_id)
        status = DataTransferStatus.UNKNOWN_MESSAGE_ID if data is None else DataTransferStatus.ACCEPTED
        return m.DataTransferResponse(status=status, data=None if data is None else json.dumps(data))

    bench.script("DataTransfer", answer)


def asked(bench: Any, message: str) -> list[Any]:
    return [json.loads(one.data) for one in bench.said(m.DataTransferRequest) if one.message_id == message]


# --- Plug & Charge ---


@pytest.fixture
def pnc(make_bench: Any) -> Any:
    return extended(make_bench, Extension.PLUG_AND_CHARGE, CpoName="CPO")


def test_plug_and_charge_needs_certificates(make_bench: Any) -> None:
    with pytest.raises(ConfigError, match="certificates"):
        make_bench(parts={"extensions": frozenset({Extension.PLUG_AND_CHARGE})})


def test_a_contract_is_authorized_with_the_hashes_of_its_chain(pnc: Any) -> None:
    answering(pnc, {"Authorize": {"idTokenInfo": {"status": "Accepted"}, "certificateStatus": "Accepted"}})
    pnc.plug(1)
    pnc.tell(CONTRACT)
    (request,) = asked(pnc, "Authorize")
    assert request["idToken"] == {"idToken": "NLABCC12345678", "type": "eMAID"}
    assert request["iso15118CertificateHashData"][0]["responderURL"] == "http://ocsp.example/"
    assert "certificate" not in request
    pnc.run(1.0)
    (start,) = pnc.said(m.StartTransactionRequest)
    assert (start.id_tag, pnc.told(Start)) == ("NLABCC12345678", [Start(1)])
    assert "NLABCC" not in repr(CONTRACT)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"idTokenInfo": {"status": "Blocked"}}, "Blocked"),
        ({"idTokenInfo": {"status": "NotAllowedTypeEVSE"}}, "Invalid"),
        ({"idTokenInfo": {"status": "Accepted"}, "certificateStatus": "CertificateRevoked"}, "Invalid"),
        ({"what": "else"}, "the back end did not answer"),
        (None, "the back end did not answer"),
    ],
)
def test_a_contract_that_the_back_end_refuses_does_not_charge(pnc: Any, answer: Any, reason: str) -> None:
    answering(pnc, {"Authorize": answer})
    pnc.plug(1)
    pnc.tell(CONTRACT)
    assert pnc.told(TokenRefused) == [TokenRefused(reason, 1)]
    assert pnc.told(Start) == []


def test_a_contract_without_our_root_goes_whole_only_where_the_back_end_verifies(pnc: Any) -> None:
    answering(pnc, {"Authorize": {"idTokenInfo": {"status": "Accepted"}}})
    strange = ContractPresented(emaid="NLABCC12345678", evse_id=1, certificate="PEM")
    pnc.plug(1)
    pnc.tell(strange)
    assert (asked(pnc, "Authorize"), len(pnc.told(TokenRefused))) == ([], 1)
    pnc.configure(CentralContractValidationAllowed=True)
    pnc.tell(strange)
    assert asked(pnc, "Authorize")[0]["certificate"] == "PEM"


def test_offline_a_verified_contract_counts_like_any_token(pnc: Any) -> None:
    pnc.configure(AllowOfflineTxForUnknownId=True)
    pnc.offline()
    pnc.plug(1)
    pnc.tell(ContractPresented(emaid="NLABCC12345678", evse_id=1, hashes=(HASH,)))
    assert pnc.told(Start) == []
    pnc.tell(CONTRACT)
    assert pnc.told(Start) == [Start(1)]


def test_switched_off_no_contract_charges(pnc: Any) -> None:
    pnc.configure(ISO15118PnCEnabled=False)
    pnc.plug(1)
    pnc.tell(CONTRACT)
    assert len(pnc.told(TokenRefused)) == 1


def test_a_v2g_certificate_is_asked_for_signed_listed_and_deleted(pnc: Any) -> None:
    answering(pnc, {"SignCertificate": {"status": "Accepted"}})
    installing = {"certificateType": "V2GRootCertificate", "certificate": V2G.pem}
    assert send(pnc, PNC, "InstallCertificate", installing) == ("Accepted", {"status": "Accepted"})
    triggering = {"requestedMessage": "SignV2GCertificate"}
    assert send(pnc, PNC, "TriggerMessage", triggering) == ("Accepted", {"status": "Accepted"})
    (request,) = asked(pnc, "SignCertificate")
    assert request["certificateType"] == "V2GCertificate"
    issued = V2G.under("sub").sign(request["csr"])
    bringing = {"certificateChain": issued.chain_pem, "certificateType": "V2GCertificate"}
    assert send(pnc, PNC, "CertificateSigned", bringing)[1] == {"status": "Accepted"}
    store = pnc.parts["certificates"]
    assert store.own.current(OwnUse.V2G, NOON).leaf == issued.certificate
    _, found = send(pnc, PNC, "GetInstalledCertificateIds", {"certificateType": ["V2GCertificateChain"]})
    (chain,) = found["certificateHashDataChain"]
    assert len(chain["childCertificateHashData"]) == 1
    deleting = {"certificateHashData": chain["certificateHashData"]}
    assert send(pnc, PNC, "DeleteCertificate", deleting)[1] == {"status": "Accepted"}
    assert store.own.current(OwnUse.V2G, NOON) is None


def test_roots_for_contracts_are_listed_and_deleted(pnc: Any) -> None:
    send(pnc, PNC, "InstallCertificate", {"certificateType": "MORootCertificate", "certificate": V2G.pem})
    _, found = send(pnc, PNC, "GetInstalledCertificateIds", "{}")
    assert found["certificateHashDataChain"][0]["certificateType"] == "MORootCertificate"
    data = hash_data(V2G.certificate, V2G.certificate)
    deleting = {
        "certificateHashData": {
            "hashAlgorithm": "SHA256",
            "issuerNameHash": data.issuer_name_hash,
            "issuerKeyHash": data.issuer_key_hash,
            "serialNumber": data.serial_number,
        }
    }
    assert send(pnc, PNC, "DeleteCertificate", deleting)[1] == {"status": "Accepted"}
    assert send(pnc, PNC, "DeleteCertificate", deleting)[1] == {"status": "NotFound"}
    assert pnc.parts["certificates"].roots.certificates(RootUse.MO) == []


def test_what_vehicles_need_goes_to_the_back_end_and_back(pnc: Any) -> None:
    answering(
        pnc,
        {
            "Get15118EVCertificate": {"status": "Accepted", "exiResponse": "gJgC"},
            "GetCertificateStatus": {"status": "Accepted", "ocspResult": "T0NTUA=="},
        },
    )
    pnc.tell(EvCertificateNeeded(id=1, request="gJgA", schema="urn:iso:15118:2:2013:MsgDef"))
    pnc.tell(OcspNeeded(id=2, certificate=HASH))
    assert asked(pnc, "Get15118EVCertificate")[0]["exiRequest"] == "gJgA"
    assert pnc.told(EvCertificateBrought) == [EvCertificateBrought(1, "gJgC")]
    assert pnc.told(OcspBrought) == [OcspBrought(2, "T0NTUA==")]


@pytest.mark.parametrize("data", ["", "no json", "[]", '{"certificateType":1}', "[" * 10_000])
def test_data_that_is_not_as_it_should_be_is_rejected(pnc: Any, data: str) -> None:
    assert send(pnc, PNC, "InstallCertificate", data)[0] == "Rejected"
    assert send(pnc, PNC, "Nothing", data)[0] == "UnknownMessageId"
    assert send(pnc, "com.example", "Nothing", data)[0] == "UnknownVendorId"


# --- California Pricing ---


@pytest.fixture
def priced(make_bench: Any) -> Any:
    return extended(make_bench, Extension.PRICING, CustomIdleFeeAfterStop=True)


def running(bench: Any, trigger: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    data = {
        "transactionId": bench.station.transaction_ids[1],
        "timestamp": "2026-01-01T12:00:00Z",
        "meterValue": 1234,
        "cost": 1.23456,
        "state": "Charging",
        "chargingPrice": {"kWhPrice": 0.123, "hourPrice": 2.0, "flatFee": 42.42},
        **more,
    }
    return data if trigger is None else data | {"triggerMeterValue": trigger}


def triggered(bench: Any) -> int:
    """How many meter values were sent because the back end wanted them."""
    values = [one.meter_value[0] for one in bench.said(m.MeterValuesRequest)]
    return sum(one.sampled_value[0].context is ReadingContext.TRIGGER for one in values)


def test_the_price_of_a_driver_is_told_in_all_its_languages(priced: Any) -> None:
    extra = [{"format": "UTF8", "language": "nl", "content": "€0,12/kWh"}]
    data = {"idToken": "TAG", "priceText": "€0.12/kWh", "priceTextExtra": extra, "vendorExtra": 1}
    assert send(priced, COST, "SetUserPrice", data)[0] == "Accepted"
    (told,) = priced.told(PriceTold)
    assert (told.token, told.texts) == ("TAG", {"": "€0.12/kWh", "nl": "€0,12/kWh"})
    assert "TAG" not in repr(told)


def test_running_and_final_cost_are_told_for_their_transaction(priced: Any) -> None:
    priced.charge(1)
    following = {"atTime": "2026-01-01T13:00:00Z", "chargingPrice": {"kWhPrice": 0.1}}
    idle = {"graceMinutes": 30, "hourPrice": 1.0}
    send(priced, COST, "RunningCost", running(priced, idlePrice=idle, nextPeriod=following))
    (told,) = priced.told(RunningCostTold)
    assert (told.evse_id, told.cost, told.state) == (1, 1.235, "Charging")
    assert told.prices == Prices(
        per_kwh=0.123, per_hour=2.0, flat_fee=42.42, idle_per_hour=1.0, idle_grace_minutes=30
    )
    assert (told.next_at, told.next_prices) == ("2026-01-01T13:00:00.000Z", Prices(per_kwh=0.1))
    id = priced.station.transaction_ids[1]
    priced.unplug(1)
    final = {"transactionId": id, "cost": 3.31, "priceText": "GBP 2.81", "qrCodeText": "https://x/"}
    send(priced, COST, "FinalCost", final)
    assert priced.told(FinalCostTold) == [
        FinalCostTold(evse_id=1, cost=3.31, texts={"": "GBP 2.81"}, qr_code="https://x/")
    ]


def test_the_back_end_hears_of_the_meter_at_the_time_that_it_wants(priced: Any) -> None:
    priced.charge(1)
    at = str(Timestamp.of(NOON + timedelta(seconds=priced.now + 30)))
    send(priced, COST, "RunningCost", running(priced, {"atTime": at}))
    priced.run(29.0)
    assert triggered(priced) == 0
    priced.run(2.0)
    assert triggered(priced) == 1


def metered(bench: Any, *, energy: float = 1000.0, power: float = 11_000.0) -> None:
    readings = (
        Reading(measurand=ENERGY, value=energy, unit="Wh"),
        Reading(measurand="Power.Active.Import", value=power, unit="W"),
    )
    bench.station.tell(Metered(1, readings), bench.now)
    bench.pump()


def test_the_back_end_hears_of_the_meter_once_at_an_energy(priced: Any) -> None:
    priced.charge(1)
    send(priced, COST, "RunningCost", running(priced, {"atEnergykWh": 5.0}))
    counts = []
    for energy in (4999, 5000, 5001):
        metered(priced, energy=energy)
        counts.append(triggered(priced))
    assert counts == [0, 1, 1]


def test_the_back_end_hears_of_the_meter_whenever_the_power_crosses_a_value(priced: Any) -> None:
    priced.charge(1)
    send(priced, COST, "RunningCost", running(priced, {"atPowerkW": 8.0}))
    counts = []
    for power in (11_000, 8_100, 7_900, 7_000, 7_900, 9_000):
        metered(priced, power=power)
        counts.append(triggered(priced))
    assert counts == [0, 0, 0, 1, 1, 2]


def test_the_back_end_hears_of_the_meter_when_a_status_comes(priced: Any) -> None:
    priced.charge(1)
    send(priced, COST, "RunningCost", running(priced, {"atCPStatus": ["SuspendedEV"]}))
    priced.tell(FlowChanged(1, Flow.SUSPENDED_EVSE))
    assert triggered(priced) == 0
    priced.tell(FlowChanged(1, Flow.SUSPENDED_EV))
    assert triggered(priced) == 1


def test_the_vehicle_that_leaves_after_its_transaction_is_told(priced: Any) -> None:
    priced.charge(1)
    id = priced.station.transaction_ids[1]
    priced.token("TAG", 1)
    priced.run(1.0)
    assert asked(priced, "ConnectorUnplugged") == []
    priced.unplug(1)
    (message,) = asked(priced, "ConnectorUnplugged")
    assert message["transactionId"] == id
    priced.plug(1)
    priced.unplug(1)
    assert len(asked(priced, "ConnectorUnplugged")) == 1


def test_prices_have_their_keys_and_a_text_for_each_language(make_bench: Any) -> None:
    parts = {"extensions": frozenset({Extension.PRICING}), "languages": ("en", "nl")}
    bench = make_bench(parts=parts).boot()
    keys = ("CustomDisplayCostAndPrice", "SupportedLanguages", "DefaultPriceText,nl", "DefaultPriceText,fr")
    answer = bench.call(m.GetConfigurationRequest(key=keys))
    assert {one.key: one.value for one in answer.configuration_key} == {
        "CustomDisplayCostAndPrice": "true",
        "SupportedLanguages": "en,nl",
        "DefaultPriceText,nl": "",
    }
    assert answer.unknown_key == ("DefaultPriceText,fr",)
    bench.configure(TimeOffset="+01:00", DefaultPrice='{"priceText":"0.15"}')


# --- signed meter values ---


def signing(make_bench: Any, **keys: Any) -> Any:
    return extended(
        make_bench,
        Extension.SIGNED_METER_VALUES,
        StopTxnSampledData=ENERGY,
        MeterValueSampleInterval=60,
        **keys,
    )


def meter(bench: Any, energy: float) -> None:
    signed = SignedReading(data=f"T0NNRnw{energy:.0f}", encoding="OCMF", public_key="a2V5")
    reading = Reading(measurand=ENERGY, value=energy, unit="Wh", signed=signed)
    bench.station.tell(Metered(1, (reading,)), bench.now)
    bench.pump()


def session(bench: Any) -> m.StopTransactionRequest:
    meter(bench, 1000)
    bench.plug(1)
    meter(bench, 1000)
    bench.token("TAG", 1)
    meter(bench, 1000)
    bench.run(1.0)
    meter(bench, 2500)
    bench.station.tell(Metered(1, bench.station._point.connectors[1].readings), bench.now)
    bench.token("TAG", 1)
    bench.run(1.0)
    (stop,) = bench.said(m.StopTransactionRequest)
    assert isinstance(stop, m.StopTransactionRequest)
    return stop


def signed_in(values: Any) -> list[tuple[str, dict[str, str]]]:
    return [
        (sample.context.value, json.loads(sample.value))
        for value in values
        for sample in value.sampled_value
        if sample.format is ValueFormat.SIGNED_DATA
    ]


def test_signed_values_of_begin_and_end_are_in_the_stop_of_a_transaction(make_bench: Any) -> None:
    stop = session(signing(make_bench))
    (begin, first), (end, last) = signed_in(stop.transaction_data)
    assert (begin, end) == ("Transaction.Begin", "Transaction.End")
    assert last == {
        "signedMeterData": "T0NNRnw2500",
        "signingMethod": "",
        "encodingMethod": "OCMF",
        "publicKey": "",
    }
    assert first["publicKey"] == "a2V5"  # once per transaction


def test_the_begin_is_told_right_after_the_start(make_bench: Any) -> None:
    bench = signing(make_bench)
    session(bench)
    values = bench.said(m.MeterValuesRequest)
    assert [context for context, _ in signed_in(values[0].meter_value)] == ["Transaction.Begin"]
    assert bench.actions().index("StartTransaction") < bench.actions().index("MeterValues")


@pytest.mark.parametrize(
    ("keys", "count"),
    [({"SampledDataSignReadings": False}, 0), ({"SampledDataSignStartedReadings": False}, 1)],
)
def test_keys_say_what_is_signed(make_bench: Any, keys: dict[str, bool], count: int) -> None:
    stop = session(signing(make_bench, **keys))
    assert len(signed_in(stop.transaction_data)) == count


@pytest.mark.parametrize(("how", "given"), [("Never", 0), ("EveryMeterValue", 2)])
def test_a_key_says_how_often_the_public_key_goes(make_bench: Any, how: str, given: int) -> None:
    stop = session(signing(make_bench, PublicKeyWithSignedMeterValue=how))
    assert sum(bool(data["publicKey"]) for _, data in signed_in(stop.transaction_data)) == given


def test_without_the_extension_nothing_is_signed(make_bench: Any) -> None:
    stop = session(make_bench(StopTxnSampledData=ENERGY).boot())
    assert signed_in(stop.transaction_data) == []
