"""ISO 15118-2 as a language of the car: `Evcc` for `evproto.v2gtp.Evcc`."""

from __future__ import annotations

from evproto.core import ConfigError
from evproto.v2gtp.charging import EvAcLimits, EvccConfig, EvccSession, EvDcLimits
from evproto.v2gtp.language import AppProtocol, SessionContext

from .evcc_charge import ChargePhase
from .secc import APP_PROTOCOL
from .timeouts import STRICT, Timeouts
from .values import finite_all


class Session(ChargePhase):
    """The car's side of one conversation in ISO 15118-2, AC or DC."""

    def begin(self, now: float) -> None:
        """Send the first request."""
        self._send("SessionSetupReq", now)


class Evcc:
    """The car's side of ISO 15118-2, configured.

    timeouts: `STRICT` or `FIELD`. ConfigError for a car that cannot be.
    """

    def __init__(self, config: EvccConfig, *, timeouts: Timeouts = STRICT) -> None:
        _check(config)
        self._config = config
        self._timeouts = timeouts

    @property
    def app_protocols(self) -> tuple[AppProtocol, ...]:
        """ISO 15118-2:2014."""
        return (APP_PROTOCOL,)

    def open(self, context: SessionContext, now: float) -> EvccSession:
        """A session that has sent SessionSetupReq."""
        session = Session(self._config, context, now, timeouts=self._timeouts)
        session.begin(now)
        return session


def _check(config: EvccConfig) -> None:
    if not 1 <= len(config.evcc_id) <= 6:
        raise ConfigError(f"evcc_id {config.evcc_id.hex()}: 1 to 6 bytes, usually the MAC address")
    if not config.modes:
        raise ConfigError("modes: at least one energy transfer mode")
    if any(mode.is_dc for mode in config.modes) and config.dc_limits is None:
        raise ConfigError("dc_limits: wanted by a DC energy transfer mode")
    if any(not mode.is_dc for mode in config.modes) and config.ac_limits is None:
        raise ConfigError("ac_limits: wanted by an AC energy transfer mode")
    if config.resume is not None and not 1 <= len(config.resume) <= 8:
        raise ConfigError(f"resume {config.resume.hex()}: 1 to 8 bytes")
    if config.departure_s is not None and not 0 <= config.departure_s < 2**32:
        raise ConfigError(f"departure_s {config.departure_s}: seconds from now, below 2**32")
    for facts in (config, config.dc_limits, config.ac_limits):
        if facts is not None:
            _check_numbers(facts)


def _check_numbers(facts: EvccConfig | EvDcLimits | EvAcLimits) -> None:
    try:
        finite_all(facts)
    except ValueError as error:
        raise ConfigError(f"{type(facts).__name__}: {error}") from error
