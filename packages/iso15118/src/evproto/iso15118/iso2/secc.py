"""ISO 15118-2 as a language of the charger: `Secc` for `evproto.v2gtp.Secc`."""

from __future__ import annotations

from evproto.core import ConfigError, EncodeError
from evproto.v2gtp.charging import EvseAcLimits, EvseDcLimits, SeccConfig, SeccSession, Service
from evproto.v2gtp.language import AppProtocol, SessionContext

from .messages import MessageHeader, ResponseCode, ServiceDetailRes, encode_fragment
from .paused import PausedSessions
from .secc_charge import ChargePhase
from .timeouts import STRICT, Timeouts
from .values import finite_all, parameter_list, service
from .wire import write

APP_PROTOCOL = AppProtocol("urn:iso:15118:2:2013:MsgDef", 2, 0)
"""ISO 15118-2 as supportedAppProtocol names it."""


class Session(ChargePhase):
    """The charger's side of one conversation in ISO 15118-2, AC or DC."""


class Secc:
    """The charger's side of ISO 15118-2, configured.

    timeouts: `STRICT` or `FIELD`. paused: the memory of paused sessions of this charging point;
    without one a car that resumes gets a new session. ConfigError for a charger that cannot be.
    """

    def __init__(
        self, config: SeccConfig, *, timeouts: Timeouts = STRICT, paused: PausedSessions | None = None
    ) -> None:
        _check(config)
        self._config = config
        self._timeouts = timeouts
        self._paused = paused

    @property
    def app_protocols(self) -> tuple[AppProtocol, ...]:
        """ISO 15118-2:2014."""
        return (APP_PROTOCOL,)

    def open(self, context: SessionContext, now: float) -> SeccSession:
        """A session that waits for SessionSetupReq."""
        return Session(self._config, context, now, timeouts=self._timeouts, paused=self._paused)


def _check(config: SeccConfig) -> None:
    if not 7 <= len(config.evse_id) <= 37:
        raise ConfigError(f"evse_id {config.evse_id!r}: 7 to 37 characters")
    if not config.modes:
        raise ConfigError("modes: at least one energy transfer mode")
    if any(mode.is_dc for mode in config.modes) and config.dc_limits is None:
        raise ConfigError("dc_limits: wanted by a DC energy transfer mode")
    if any(not mode.is_dc for mode in config.modes) and config.ac_limits is None:
        raise ConfigError("ac_limits: wanted by an AC energy transfer mode")
    _check_numbers(config.dc_limits, config.ac_limits)
    if len(config.services) > 8 or any(offer.id in (0, 1) for offer in config.services):
        raise ConfigError("services: at most eight, with ids above 1")
    for offer in config.services:
        _check_service(offer)


def _check_numbers(*limits: EvseDcLimits | EvseAcLimits | None) -> None:
    for facts in limits:
        if facts is not None:
            try:
                finite_all(facts)
            except ValueError as error:
                raise ConfigError(f"{type(facts).__name__}: {error}") from error


def _check_service(offer: Service) -> None:
    """What is offered has to fit into a message: better found now than in a session."""
    try:
        detail = ServiceDetailRes(
            response_code=ResponseCode.OK, service_id=offer.id, service_parameter_list=parameter_list(offer)
        )
        write(MessageHeader(session_id=b"\0"), detail)
        encode_fragment(service(offer), "Service")
    except (EncodeError, ValueError) as error:
        raise ConfigError(f"service {offer.id}: {error}") from error
