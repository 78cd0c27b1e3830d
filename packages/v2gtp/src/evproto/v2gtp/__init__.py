"""V2G transport: V2GTP frames, SDP, supportedAppProtocol and the SECC and EVCC endpoints."""
