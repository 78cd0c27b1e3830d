"""EXI to Python objects and back, beside msgspec's JSON of the same content in the same run.

Ours is the public call (`iso2.decode`, `iso2.encode`); the peer decodes to and encodes from
msgspec Structs with the same fields, types and values. Also the cost of starting up: grammar from
classes, from XSD and from a saved file, and import with the first message in a fresh process. Where
Java and scripts/fetch_peers.py's EXIficient are at hand, XML text to EXI and back beside it, warm.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from _exificient import exificient
from _report import Figure, Times, interleave, report
from _report import options as arguments_of
from lxml import etree

from evproto.exi import Codec, Message, Options, Schema, to_xml
from evproto.iso15118.iso2 import messages as iso2
from evproto.iso15118.iso2.messages import PhysicalValue, UnitSymbol

ROUNDS = 200
ROUND_SECONDS = 0.002
STARTS = 9
FIRST_MESSAGE = (
    "from evproto.iso15118.iso2 import messages;"
    "messages.decode(messages.encode(messages.V2GMessage(header=messages.MessageHeader(session_id=bytes(8)),"
    "body=messages.Body(body_element=messages.SessionSetupReq(evcc_id=bytes(6))))))"
)


def main() -> None:
    arguments = arguments_of(__doc__).parse_args()
    figures = []
    for name, message in cases().items():
        figures += compare(name, message)
    report([*figures, *xml_figures(), *start_up()], as_json=arguments.json)


def cases() -> dict[str, iso2.V2GMessage]:
    """The messages that are timed."""
    return {
        "CurrentDemandReq": wrap(current_demand_req()),
        "ChargeParameterDiscoveryRes": wrap(charge_parameter_discovery_res()),
        "PaymentDetailsReq": wrap(payment_details_req()),
    }


def compare(name: str, message: iso2.V2GMessage) -> list[Figure]:
    """Decode and encode, ours and msgspec's, interleaved."""
    exi = iso2.encode(message)
    peer = struct_of(message)
    encoder, decoder = msgspec.json.Encoder(), msgspec.json.Decoder(type(peer))
    text = encoder.encode(peer)
    assert iso2.decode(exi) == message
    assert decoder.decode(text) == peer
    ours_decode, peer_decode, ours_encode, peer_encode = interleave(
        lambda: iso2.decode(exi),
        lambda: decoder.decode(text),
        lambda: iso2.encode(message),
        lambda: encoder.encode(peer),
        rounds=ROUNDS,
        seconds=ROUND_SECONDS,
    )
    sizes = [
        Figure(case=name, measure="size", value=len(exi), unit="B"),
        Figure(case=name, measure="size in JSON", value=len(text), unit="B"),
    ]
    return [
        *figures(name, "decode", ours_decode, peer_decode),
        *figures(name, "encode", ours_encode, peer_encode),
        *sizes,
    ]


def figures(case: str, what: str, ours: Times, peer: Times, peer_name: str = "msgspec JSON") -> list[Figure]:
    """The least and the median time, each with its ratio."""
    pairs = [("minimum", ours.minimum, peer.minimum), ("median", ours.median, peer.median)]
    return [
        Figure(
            case=case,
            measure=f"{what}, {kind}",
            value=mine * 1e9,
            unit="ns",
            peer=peer_name,
            ratio=mine / theirs,
        )
        for kind, mine, theirs in pairs
    ]


def xml_figures() -> list[Figure]:
    """XML text to EXI and back, ours and EXIficient's, for the same texts and streams in turn."""
    schemas = peer_schemas()
    if schemas is None or shutil.which("javac") is None:
        return []
    texts = {name: to_xml(message, iso2.CODEC, indent=None).encode() for name, message in cases().items()}
    schema = Schema.from_components(iso2.CODEC.schema)
    options = Options(value_partition_capacity=0)
    found = []
    with exificient(schemas.parent, "iso15118_2/V2G_CI_MsgDef.xsd", list(texts.values())) as peer:
        for number, (name, text) in enumerate(texts.items()):
            stream = schema.encode(text, options)
            assert stream == peer.stream(number)
            tree = etree.fromstring(text)
            operations: dict[str, Callable[[], object]] = {
                "encode": lambda text=text: schema.encode(text, options),
                "encode tree": lambda tree=tree: schema.encode(tree, options),
                "decode": lambda stream=stream: schema.decode_text(stream, options),
                "decode to tree": lambda stream=stream: schema.decode(stream, options),
            }
            for what, ours, theirs in peer.compare(number, operations):
                found += figures(name, f"XML, {what}", ours, theirs, "EXIficient")
    return found


def start_up() -> list[Figure]:
    """What a program pays before its first message."""
    found = [
        Figure(case="iso2", measure="grammar from classes", value=least(compile_classes) * 1e3, unit="ms")
    ]
    saved = Path(tempfile.mkdtemp()) / "iso2"
    Schema.from_components(iso2.CODEC.schema).save(saved)
    seconds = least(lambda: Schema.load(saved).check())
    found.append(Figure(case="iso2", measure="grammar from saved file", value=seconds * 1e3, unit="ms"))
    schemas = peer_schemas()
    if schemas is not None:
        seconds = least(lambda: compile_xsd(schemas))
        found.append(Figure(case="iso2", measure="grammar from XSD", value=seconds * 1e3, unit="ms"))
    with tempfile.TemporaryDirectory() as cache:
        started(FIRST_MESSAGE, cache)
        bare = [started("pass", cache) for _ in range(STARTS)]
        first = [started(FIRST_MESSAGE, cache) for _ in range(STARTS)]
    extra = (min(first) - min(bare)) * 1e3
    found.append(Figure(case="iso2", measure="import and first message, processor", value=extra, unit="ms"))
    median = (statistics.median(first) - statistics.median(bare)) * 1e3
    found.append(Figure(case="iso2", measure="the same, median", value=median, unit="ms"))
    return found


def compile_classes() -> None:
    Codec("again", *iso2.CODEC.namespaces).grammar.fingerprint  # noqa: B018


def compile_xsd(schemas: Path) -> None:
    from evproto.exi._native import Grammar
    from evproto.exi.xsd import schema_from_xsd

    Grammar(schema_from_xsd(schemas / "iso15118_2" / "V2G_CI_MsgDef.xsd"))


def peer_schemas() -> Path | None:
    """The schemas of the PyPI package iso15118, where scripts/fetch_peers.py has put them."""
    root = Path(os.environ.get("EVPROTO_PEER_ISO15118", Path(__file__).parent.parent / ".peers" / "iso15118"))
    folder = root / "shared" / "schemas"
    return folder if folder.is_dir() else None


def least(operation: Callable[[], object], rounds: int = 25) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        operation()
        times.append(time.perf_counter() - start)
    return min(times)


def started(code: str, cache: str) -> float:
    """Seconds of processor time of a fresh interpreter up to the end of the code, whose modules
    are compiled in `cache` as an installer compiles them. A busy machine stretches the wall's."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-c", f"{code}\nimport os; os._exit(0)"],
        env={**env, "PYTHONPYCACHEPREFIX": cache},
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def struct_of(value: Any) -> Any:
    """A msgspec Struct with the fields and values of a message, its inner messages too."""
    if isinstance(value, tuple):
        return tuple(struct_of(item) for item in value)
    if not isinstance(value, Message):
        return value
    names = type(value).__exi__.specs
    inner = {name: struct_of(getattr(value, name)) for name in names}
    return struct_type(value, inner)(**inner)


STRUCTS: dict[object, Any] = {}


def struct_type(message: Message, inner: dict[str, Any]) -> Any:
    """A Struct class for an object: one for each combination of the types in its fields."""
    specs = type(message).__exi__.specs
    types = {name: type_of(item) for name, item in inner.items()}
    key = (type(message), tuple(types.items()))
    if key not in STRUCTS:
        fields = [
            (name, types[name] | None, None) if specs[name].default is None else (name, types[name])
            for name in inner
        ]
        names = {name: specs[name].name or name for name in inner}
        STRUCTS[key] = msgspec.defstruct(
            type(message).__name__,
            fields,
            frozen=True,
            kw_only=True,
            gc=False,
            omit_defaults=True,
            rename=names,
        )
    return STRUCTS[key]


def type_of(item: Any) -> Any:
    if isinstance(item, tuple):
        return tuple[type_of(item[0]), ...] if item else tuple[()]
    return type(item)


def wrap(body: iso2.BodyElement) -> iso2.V2GMessage:
    header = iso2.MessageHeader(session_id=bytes.fromhex("0102030405060708"))
    return iso2.V2GMessage(header=header, body=iso2.Body(body_element=body))


def volts(value: float) -> PhysicalValue:
    return PhysicalValue.from_si(value, UnitSymbol.V)


def amperes(value: float) -> PhysicalValue:
    return PhysicalValue.from_si(value, UnitSymbol.A)


def watts(value: float) -> PhysicalValue:
    return PhysicalValue.from_si(value, UnitSymbol.W)


def seconds(value: float) -> PhysicalValue:
    return PhysicalValue.from_si(value, UnitSymbol.S)


def current_demand_req() -> iso2.CurrentDemandReq:
    """With all its options."""
    return iso2.CurrentDemandReq(
        dc_ev_status=iso2.DCEVStatus(
            ev_ready=True, ev_error_code=iso2.DCEVErrorCode.NO_ERROR, ev_ress_soc=42
        ),
        ev_target_current=amperes(125.5),
        ev_maximum_voltage_limit=volts(450),
        ev_maximum_current_limit=amperes(200),
        ev_maximum_power_limit=watts(60000),
        bulk_charging_complete=False,
        charging_complete=False,
        remaining_time_to_full_soc=seconds(2400),
        remaining_time_to_bulk_soc=seconds(1200),
        ev_target_voltage=volts(398.5),
    )


def charge_parameter_discovery_res() -> iso2.ChargeParameterDiscoveryRes:
    """With twelve power limits and twelve tariff slots."""
    limits = tuple(
        iso2.PMaxScheduleEntry(
            time_interval=iso2.RelativeTimeInterval(start=hour * 7200), p_max=watts(11000 + 500 * hour)
        )
        for hour in range(12)
    )
    slots = tuple(
        iso2.SalesTariffEntry(
            time_interval=iso2.RelativeTimeInterval(start=hour * 7200), e_price_level=1 + hour % 3
        )
        for hour in range(12)
    )
    schedule = iso2.SAScheduleTuple(
        sa_schedule_tuple_id=1,
        p_max_schedule=iso2.PMaxSchedule(p_max_schedule_entry=limits),
        sales_tariff=iso2.SalesTariff(sales_tariff_id=1, num_e_price_levels=3, sales_tariff_entry=slots),
    )
    return iso2.ChargeParameterDiscoveryRes(
        response_code=iso2.ResponseCode.OK,
        evse_processing=iso2.EVSEProcessing.FINISHED,
        sa_schedules=iso2.SAScheduleList(sa_schedule_tuple=(schedule,)),
        evse_charge_parameter=iso2.DCEVSEChargeParameter(
            dc_evse_status=iso2.DCEVSEStatus(
                notification_max_delay=0,
                evse_notification=iso2.EVSENotification.NONE,
                evse_isolation_status=iso2.IsolationLevel.VALID,
                evse_status_code=iso2.DCEVSEStatusCode.EVSE_READY,
            ),
            evse_maximum_current_limit=amperes(300),
            evse_maximum_power_limit=watts(150000),
            evse_maximum_voltage_limit=volts(920),
            evse_minimum_current_limit=amperes(1),
            evse_minimum_voltage_limit=volts(150),
            evse_peak_current_ripple=amperes(1.5),
        ),
    )


def payment_details_req() -> iso2.PaymentDetailsReq:
    """With three certificates of 770 to 790 bytes; the bytes are arbitrary."""
    certificates = [bytes((7 * at + seed) % 256 for at in range(770 + 10 * seed)) for seed in range(3)]
    return iso2.PaymentDetailsReq(
        emaid="DE1ABCDABCDEF12",
        contract_signature_cert_chain=iso2.CertificateChain(
            id="id1",
            certificate=certificates[0],
            sub_certificates=iso2.SubCertificates(certificate=tuple(certificates[1:])),
        ),
    )


if __name__ == "__main__":
    main()
