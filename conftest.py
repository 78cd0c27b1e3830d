"""What holds for the tests of all packages."""

from hypothesis import settings

# How long an example takes says how busy the machine is, not whether a rule holds.
settings.register_profile("evproto", deadline=None)
settings.load_profile("evproto")
