"""Whole sessions of Supply and Vehicle through the physics of the pilot."""

from __future__ import annotations

from evproto.iec61851 import PilotState, Simulation, Supply, Vehicle


def test_a_session_charges_at_the_offer_and_ends_with_an_open_contactor() -> None:
    supply, vehicle = Supply(), Vehicle()
    simulation = Simulation(supply, vehicle)
    simulation.run(1.0)
    assert supply.state is PilotState.A1
    simulation.plug_in()
    supply.authorize(simulation.now)
    supply.offer(16.0, simulation.now)
    vehicle.request_power(simulation.now)
    simulation.run(5.0)
    assert (supply.state, vehicle.state) == (PilotState.C2, PilotState.C2)
    assert supply.contactor_closed
    assert 15.9 < simulation.supply_board.currents_a[0] <= 16.0
    vehicle.release_power(simulation.now)
    simulation.run(7.0)
    assert supply.state is PilotState.B2
    assert not supply.contactor_closed
    simulation.plug_out()
    simulation.run(8.0)
    assert (supply.state, vehicle.state) == (PilotState.A1, PilotState.A1)
    assert not supply.authorized
