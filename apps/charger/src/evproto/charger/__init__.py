"""A charging station composed of the evproto packages, real or simulated."""
