"""Every time of the control pilot with its pair of roles and its clause, in seconds.

"Seq" is a sequence of IEC 61851-1 Table A.6; T_step_EF and T_step_X1 are ISO 15118-3 Table 3.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyTiming:
    """The times of the supply; the defaults meet the standards' limits."""

    debounce_s: float = 0.03
    """How long a level stands before it counts. With `debounce_limit_s` inside the 100 ms of Seq 2 and 8."""
    debounce_limit_s: float = 0.08
    """The longest that readings may flutter before the last counts."""
    sample_timeout_s: float = 1.0
    """Silence of the board after which the vehicle's state is unknown and the contactor opens."""
    settle_s: float = 0.05
    """Readings this soon after a change of the signal may still be of the one before."""
    close_delay_s: float = 0.5
    """C2 stands this long before the contactor closes (Seq 4: at most 3 s); longer than the C of a
    B-C-B toggle (ISO 15118-3: at most 400 ms, 450 ms with tolerance)."""
    stop_s: float = 6.0
    """Seq 10.2: a vehicle that does not answer x1 is switched off under load after at least this."""
    diode_fault_s: float = 1.0
    """A missing negative half counts as a fault after this; the contactor must be open within 3 s."""
    pwm_interval_s: float = 5.0
    """Seq 6: the least time between two changes of a nominal duty cycle."""
    t_step_x1_s: float = 3.0
    """T_step_X1: the least time in x1 between two PWM signals."""
    t_step_ef_s: float = 4.0
    """T_step_EF: the time in E or F of an error step or a wake-up (A.5.3)."""
    ready_s: float = 0.75
    """x1 between E or F and PWM."""
    f_after_fault_s: float = 0.3
    """A.5: the least time in F after a fault."""
    fault_unlock_s: float = 5.0
    """After a fault the plug is released this long after the contactor opened."""
    feedback_s: float = 0.5
    """The contactor's auxiliary contact follows the command within this, or the contactor is faulty."""
    lock_s: float = 3.0
    """The lock follows its command within this, or it is faulty."""
    self_test_s: float = 1.0
    """The residual current device trips and comes back within this in its self-test."""
    overcurrent_s: float = 7.0
    """More than offered for longer than this is a fault; Seq 6 gives the vehicle 5 s to follow."""
    toggle_min_s: float = 0.15
    """The shortest phase of a B-C-B toggle, TP_EV_vald_state_duration 200 ms less 50 ms."""
    toggle_max_s: float = 0.45
    """The longest phase of a B-C-B toggle, 400 ms plus 50 ms."""
    toggle_window_s: float = 3.5
    """TT_EVSE_vald_toggle: the longest sequence of toggles."""
    phase_cut_delay_s: float = 0.1
    """Between the contactor's opening and the cut of the pilot when phases are switched."""
    phase_switch_delay_s: float = 0.1
    """Between the cut of the pilot and the move of the phase relay."""
    phase_dwell_s: float = 45.0
    """How long the pilot stays cut after the phases were switched: some vehicles need it."""
    phase_dwell_under_load_s: float = 60.0
    """The same when the contactor had to open under load."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleTiming:
    """The times of the vehicle; the defaults meet the standards' limits."""

    debounce_s: float = 0.05
    """How long a new signal stands before it counts."""
    debounce_limit_s: float = 0.1
    """The longest that readings may flutter before the last counts."""
    sample_timeout_s: float = 1.0
    """Silence of the board after which the vehicle stops as if the pilot were lost."""
    close_s2_s: float = 0.2
    """From the wish to charge in B2 to C2."""
    stop_draw_s: float = 0.5
    """From the end of the draw to the opening of S2: Seq 7 and Seq 10.1 (at most 3 s)."""
    toggle_s: float = 0.3
    """The length of each B and C phase of a B-C-B toggle: TP_EV_vald_state_duration, 200 to 400 ms."""
