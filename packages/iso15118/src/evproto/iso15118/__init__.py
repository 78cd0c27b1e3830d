"""ISO 15118-2 and -20: messages, SECC and EVCC."""
