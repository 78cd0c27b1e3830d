"""Every timer and constant of ISO 15118-3 tables 3 and A.1, in seconds.

TP_ is the time by which this side acts, TT_ the time after which the other side is given up.
The values are those of public implementations; where they differ the docstring says so.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from evproto.core import ConfigError

C_EV_MATCH_RETRY = 2
C_EV_START_ATTEN_CHAR_INDS = 3
C_EV_MATCH_MNBC = 10
C_EVSE_MATCH_PARALLEL = 5
C_EV_VALD_NB_TOGGLES = 3
"""1 to 3."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """The timers; a product may change those for which the standard gives a range."""

    tt_evse_slac_init: float = 40.0
    """State B seen until CM_SLAC_PARM.REQ: 20 to 50 s (EVerest 40, pyslac 50)."""
    tt_match_sequence: float = 0.4
    """Wait for the peer's next request."""
    tp_match_sequence: float = 0.1
    """Send the next request."""
    tt_match_response: float = 0.2
    """Wait for the peer's response."""
    tp_ev_batch_msg_interval: float = 0.02
    """Between the EV's indications: 20 to 50 ms."""
    tp_evse_avg_atten_calc: float = 0.1
    """The time an EVSE has for its average; ours takes none."""
    tt_ev_atten_results: float = 1.2
    """From the first CM_START_ATTEN_CHAR.IND, the time in which an EV takes reports."""
    tt_evse_match_session: float = 10.0
    """CM_ATTEN_CHAR.RSP until CM_VALIDATE.REQ or CM_SLAC_MATCH.REQ."""
    tt_matching_repetition: float = 10.0
    """The time in which matching may be tried anew."""
    tt_matching_rate: float = 0.4
    """Between two tries."""
    tt_match_join: float = 12.0
    """CM_SLAC_MATCH.CNF until the link is up."""
    tp_match_leave: float = 1.0
    """In which a network is left and a new key is set."""
    tt_amp_map_exchange: float = 0.2
    """Wait for CM_AMP_MAP.CNF."""
    tp_ev_vald_state_duration: float = 0.2
    """Length of each phase B or C of a toggle: 200 to 400 ms."""
    vald_state_min: float = 0.15
    """Shortest phase that an EVSE counts (EVerest: 150 ms)."""
    vald_state_max: float = 0.45
    """Longest phase that an EVSE counts (EVerest: 450 ms)."""
    tt_evse_vald_toggle: float = 3.5
    """The longest time for which an EVSE watches for toggles."""
    modem_response: float = 0.3
    """Wait for the answer of the own modem; the standard has no value."""
    link_poll: float = 0.25
    """Between two questions to the own modem while joining; the standard has no value."""
    link_watch: float = 1.0
    """The same while matched."""

    def __post_init__(self) -> None:
        for entry in fields(self):
            if not getattr(self, entry.name) > 0:
                raise ConfigError(f"{entry.name}: expected more than 0 s, got {getattr(self, entry.name)}")
