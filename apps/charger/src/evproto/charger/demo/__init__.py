"""The demo: one station and one car, on loopback in real time or in virtual time."""
