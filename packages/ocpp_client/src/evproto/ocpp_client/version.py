"""The three versions of OCPP: subprotocol, actions and what their RPC allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from importlib import import_module
from typing import Any

from evproto.ocpp_client.types import OcppStruct


@dataclass(frozen=True)
class _Traits:
    subprotocol: str
    module: str
    has_send: bool


class Version(Enum):
    """A version of OCPP. Its messages are loaded when they are first needed."""

    V16 = _Traits("ocpp1.6", "v16", has_send=False)
    V201 = _Traits("ocpp2.0.1", "v201", has_send=False)
    V21 = _Traits("ocpp2.1", "v21", has_send=True)

    @property
    def subprotocol(self) -> str:
        """The WebSocket subprotocol."""
        return self.value.subprotocol

    @property
    def has_send(self) -> bool:
        """Whether SEND and CALLRESULTERROR exist (2.1)."""
        return self.value.has_send

    @classmethod
    def of_subprotocol(cls, subprotocol: str) -> Version:
        """The version of a subprotocol; ValueError when it is none of ours."""
        for version in cls:
            if version.subprotocol == subprotocol:
                return version
        raise ValueError(f"unknown OCPP subprotocol {subprotocol!r}")

    @cached_property
    def actions(self) -> Mapping[str, tuple[type[OcppStruct], type[OcppStruct]]]:
        """Every action with its request and its response."""
        actions: Mapping[str, tuple[type[OcppStruct], type[OcppStruct]]] = self._messages.ACTIONS
        return actions

    @cached_property
    def one_way(self) -> Mapping[str, type[OcppStruct]]:
        """Every action that goes by SEND."""
        one_way: Mapping[str, type[OcppStruct]] = getattr(self._messages, "ONE_WAY", {})
        return one_way

    @cached_property
    def action_of(self) -> Mapping[type[OcppStruct], str]:
        """The action of a request or a one-way message."""
        calls = {request: action for action, (request, _) in self.actions.items()}
        return calls | {message: action for action, message in self.one_way.items()}

    @cached_property
    def _messages(self) -> Any:
        return import_module(f"evproto.ocpp_client.{self.value.module}.messages")
