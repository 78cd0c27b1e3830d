"""HomePlug Green PHY and SLAC (ISO 15118-3) for EV and EVSE."""
