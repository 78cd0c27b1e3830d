"""Write the typed messages of evproto-ocpp-client from the JSON schemas in the package `ocpp`.

    python scripts/ocpp_messages.py FOLDER_OF_THE_PACKAGE_OCPP

The schemas are the dictionary: names, types, limits, required or not. What comes out is plain
msgspec structs with Python names; where the JSON name is not the camel case of the Python name
it stands beside the field, so no name is ever guessed at run time.
"""

from __future__ import annotations

import json
import keyword
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "packages/ocpp_client/src/evproto/ocpp_client"
TITLES = {"v16": "OCPP 1.6", "v201": "OCPP 2.0.1", "v21": "OCPP 2.1"}

INLINE_NAMES_OF_16 = {
    "AuthorizeResponse.idTagInfo": "IdTagInfo",
    "IdTagInfo.status": "AuthorizationStatus",
    "BootNotificationResponse.status": "RegistrationStatus",
    "CancelReservationResponse.status": "CancelReservationStatus",
    "ChangeAvailabilityRequest.type": "AvailabilityType",
    "ChangeAvailabilityResponse.status": "AvailabilityStatus",
    "ChangeConfigurationResponse.status": "ConfigurationStatus",
    "ClearCacheResponse.status": "ClearCacheStatus",
    "ClearChargingProfileRequest.chargingProfilePurpose": "ChargingProfilePurpose",
    "ClearChargingProfileResponse.status": "ClearChargingProfileStatus",
    "DataTransferResponse.status": "DataTransferStatus",
    "DiagnosticsStatusNotificationRequest.status": "DiagnosticsStatus",
    "FirmwareStatusNotificationRequest.status": "FirmwareStatus",
    "GetCompositeScheduleRequest.chargingRateUnit": "ChargingRateUnit",
    "GetCompositeScheduleResponse.status": "GetCompositeScheduleStatus",
    "GetCompositeScheduleResponse.chargingSchedule": "ChargingSchedule",
    "ChargingSchedule.chargingRateUnit": "ChargingRateUnit",
    "ChargingSchedule.chargingSchedulePeriod": "ChargingSchedulePeriod",
    "GetConfigurationResponse.configurationKey": "KeyValue",
    "MeterValuesRequest.meterValue": "MeterValue",
    "MeterValue.sampledValue": "SampledValue",
    "SampledValue.context": "ReadingContext",
    "SampledValue.format": "ValueFormat",
    "SampledValue.measurand": "Measurand",
    "SampledValue.phase": "Phase",
    "SampledValue.location": "Location",
    "SampledValue.unit": "UnitOfMeasure",
    "RemoteStartTransactionRequest.chargingProfile": "ChargingProfile",
    "ChargingProfile.chargingProfilePurpose": "ChargingProfilePurpose",
    "ChargingProfile.chargingProfileKind": "ChargingProfileKind",
    "ChargingProfile.recurrencyKind": "RecurrencyKind",
    "ChargingProfile.chargingSchedule": "ChargingSchedule",
    "RemoteStartTransactionResponse.status": "RemoteStartStopStatus",
    "RemoteStopTransactionResponse.status": "RemoteStartStopStatus",
    "ReserveNowResponse.status": "ReservationStatus",
    "ResetRequest.type": "ResetType",
    "ResetResponse.status": "ResetStatus",
    "SendLocalListRequest.localAuthorizationList": "AuthorizationData",
    "AuthorizationData.idTagInfo": "IdTagInfo",
    "SendLocalListRequest.updateType": "UpdateType",
    "SendLocalListResponse.status": "UpdateStatus",
    "SetChargingProfileRequest.csChargingProfiles": "ChargingProfile",
    "SetChargingProfileResponse.status": "ChargingProfileStatus",
    "StartTransactionResponse.idTagInfo": "IdTagInfo",
    "StatusNotificationRequest.errorCode": "ChargePointErrorCode",
    "StatusNotificationRequest.status": "ChargePointStatus",
    "StopTransactionRequest.reason": "Reason",
    "StopTransactionRequest.transactionData": "MeterValue",
    "StopTransactionResponse.idTagInfo": "IdTagInfo",
    "TriggerMessageRequest.requestedMessage": "MessageTrigger",
    "TriggerMessageResponse.status": "TriggerMessageStatus",
    "UnlockConnectorResponse.status": "UnlockStatus",
}
"""OCPP 1.6 schemas declare most types in place; the specification's chapter 7 names them."""


@dataclass
class Field:
    json_name: str
    python_name: str
    annotation: str
    default: str | None


@dataclass
class Struct:
    name: str
    fields: list[Field]


@dataclass
class Version:
    key: str
    enums: dict[str, list[str]] = field(default_factory=dict)
    datatypes: dict[str, Struct] = field(default_factory=dict)
    messages: dict[str, Struct] = field(default_factory=dict)
    actions: list[str] = field(default_factory=list)
    one_way: list[str] = field(default_factory=list)


def main() -> None:
    package = Path(sys.argv[1])
    for key in TITLES:
        version = read_version(key, package / key / "schemas")
        folder = TARGET / key
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "enums.py").write_text(enums_module(version))
        (folder / "datatypes.py").write_text(datatypes_module(version))
        (folder / "messages.py").write_text(messages_module(version))
        print(f"{key}: {len(version.actions)} actions, {len(version.datatypes)} data types")


# --- reading the schemas ---------------------------------------------------------------------


def read_version(key: str, folder: Path) -> Version:
    version = Version(key)
    for path in sorted(folder.glob("*.json")):
        schema = json.loads(path.read_text(encoding="utf-8-sig"))
        name = path.stem if path.stem.endswith(("Request", "Response")) else f"{path.stem}Request"
        Reader(version, schema).message(name)
    requests = [name.removesuffix("Request") for name in version.messages if name.endswith("Request")]
    version.actions = [name for name in requests if f"{name}Response" in version.messages]
    version.one_way = [
        name for name in version.messages if name.removesuffix("Request") not in version.actions
    ]
    version.one_way = [name for name in version.one_way if not name.endswith("Response")]
    return version


class Reader:
    """Reads one schema file into the version."""

    def __init__(self, version: Version, schema: dict[str, Any]) -> None:
        self.version = version
        self.schema = schema

    def message(self, name: str) -> None:
        self.version.messages[name] = Struct(name, list(self.fields(name, self.schema)))

    def fields(self, owner: str, node: dict[str, Any]) -> Iterator[Field]:
        required = set(node.get("required", ()))
        for json_name, child in node.get("properties", {}).items():
            annotation = self.annotation(owner, json_name, child)
            default = None
            if json_name not in required:
                default = self.default(annotation, child)
                if default == "None":
                    annotation += " | None"
            yield Field(json_name, python_name(json_name), annotation, default)

    def annotation(self, owner: str, json_name: str, node: dict[str, Any]) -> str:
        if json_name == "customData":
            return "CustomData"
        if "$ref" in node:
            definition = node["$ref"].rsplit("/", 1)[1]
            return self.named(definition.removesuffix("Type"), self.schema["definitions"][definition])
        kind = node.get("type")
        if kind == "array":
            item = self.annotation(owner, json_name, node["items"])
            return bounded(
                f"tuple[{item}, ...]", min_length=node.get("minItems"), max_length=node.get("maxItems")
            )
        if "enum" in node or kind == "object":
            if kind == "object" and not node.get("properties"):
                return "dict[str, Any]"
            return self.named(INLINE_NAMES_OF_16[f"{owner}.{json_name}"], node)
        return scalar(node)

    def named(self, name: str, node: dict[str, Any]) -> str:
        if "enum" in node:
            known = self.version.enums.setdefault(name, [])
            known += [value for value in node["enum"] if value not in known]
            return f"enums.{name}"
        if name not in self.version.datatypes:
            self.version.datatypes[name] = struct = Struct(name, [])
            struct.fields = list(self.fields(name, node))
            del self.version.datatypes[name]  # so that it stands after what it uses
            self.version.datatypes[name] = struct
        return f"datatypes.{name}"

    def default(self, annotation: str, node: dict[str, Any]) -> str:
        value = node.get("default")
        if value is None:
            return "None"
        if annotation.startswith("enums."):
            return f"{annotation}.{member_name(value)}"
        return repr(value)


def scalar(node: dict[str, Any]) -> str:
    limits = {"ge": node.get("minimum"), "le": node.get("maximum")}
    match node.get("type"):
        case "string" if node.get("format") == "date-time":
            return "Timestamp"
        case "string":
            return bounded("str", max_length=node.get("maxLength"))
        case "integer":
            return bounded(
                "int", **{key: None if value is None else int(value) for key, value in limits.items()}
            )
        case "number":
            return bounded("float", **limits)
        case "boolean":
            return "bool"
        case _:
            return "Any"


def bounded(annotation: str, **limits: float | None) -> str:
    words = [f"{key}={value}" for key, value in limits.items() if value is not None]
    return f"Annotated[{annotation}, Meta({', '.join(words)})]" if words else annotation


def python_name(json_name: str) -> str:
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", json_name)
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name).lower()
    name = (
        name.replace("so_c", "soc")
        .replace("so_h", "soh")
        .replace("v2_x", "v2x")
        .replace("iso_15118", "iso15118")
    )
    return f"{name}_" if keyword.iskeyword(name) else name


def camel(name: str) -> str:
    first, *rest = name.rstrip("_").split("_")
    return first + "".join(word.capitalize() for word in rest)


def member_name(value: str) -> str:
    name = re.sub(r"([a-z])([A-Z])", r"\1_\2", value)
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    name = re.sub(r"\W+", "_", name).strip("_").upper()
    return f"_{name}" if name[0].isdigit() or (keyword.iskeyword(name.lower()) and name == "NONE_") else name


# --- writing the modules ---------------------------------------------------------------------

SOURCE = """\
Names, limits and types follow the JSON schemas in the PyPI package ocpp 2.1.0;
scripts/ocpp_messages.py writes this file anew."""


def enums_module(version: Version) -> str:
    lines = [f'"""Enumerations of {TITLES[version.key]}.\n\n{SOURCE}\n"""', "", "from enum import Enum", ""]
    for name, values in sorted(version.enums.items()):
        lines += ["", f"class {name}(Enum):"]
        lines += [f"    {member_name(value)} = {json.dumps(value)}" for value in values]
        lines += [""]
    return "\n".join(lines)


def datatypes_module(version: Version) -> str:
    body = [line for struct in version.datatypes.values() for line in struct_lines(struct, local=True)]
    head = f'"""Data types of {TITLES[version.key]}.\n\n{SOURCE}\n"""'
    return "\n".join([head, "", *imports(version, body, datatypes=False), *body])


def messages_module(version: Version) -> str:
    body = [line for struct in version.messages.values() for line in struct_lines(struct, local=False)]
    body += ["", "ACTIONS: dict[str, tuple[type[OcppStruct], type[OcppStruct]]] = {"]
    body += [f'    "{name}": ({name}Request, {name}Response),' for name in version.actions]
    body += ["}", '"""Every action with its request and its response."""', ""]
    if version.one_way:
        body += ["ONE_WAY: dict[str, type[OcppStruct]] = {"]
        body += [f'    "{name.removesuffix("Request")}": {name},' for name in version.one_way]
        body += ["}", '"""What goes by SEND and is never answered."""', ""]
    head = f'"""Messages of {TITLES[version.key]}.\n\n{SOURCE}\n"""'
    return "\n".join([head, "", *imports(version, body, datatypes=True), *body])


def imports(version: Version, body: list[str], *, datatypes: bool) -> list[str]:
    text = "\n".join(body)
    package = f"evproto.ocpp_client.{version.key}"
    typing = [name for name in ("Annotated", "Any") if re.search(rf"\b{name}\b", text)]
    msgspec = [name for name in ("Meta", "field") if re.search(rf"\b{name}\(", text)]
    types = [name for name in ("CustomData", "OcppStruct", "Timestamp") if re.search(rf"\b{name}\b", text)]
    ours = ["datatypes", "enums"] if datatypes else ["enums"]
    lines = [f"from typing import {', '.join(typing)}", ""] if typing else []
    lines += [f"from msgspec import {', '.join(msgspec)}", ""] if msgspec else []
    return [
        *lines,
        f"from evproto.ocpp_client.types import {', '.join(types)}",
        f"from {package} import {', '.join(ours)}",
        "",
    ]


def struct_lines(struct: Struct, *, local: bool) -> Iterator[str]:
    yield ""
    yield f"class {struct.name}(OcppStruct, frozen=True, kw_only=True):"
    if not struct.fields:
        yield "    pass"
    for item in sorted(struct.fields, key=lambda item: item.default is not None):
        annotation = item.annotation.replace("datatypes.", "") if local else item.annotation
        line = f"    {item.python_name}: {annotation}"
        if camel(item.python_name) != item.json_name:
            default = "" if item.default is None else f"default={item.default}, "
            line += f' = field({default}name="{item.json_name}")'
        elif item.default is not None:
            line += f" = {item.default}"
        yield line
    yield ""


if __name__ == "__main__":
    main()
