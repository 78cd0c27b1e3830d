"""Control pilot and proximity of IEC 61851-1 and SAE J1772 for EV and EVSE."""
