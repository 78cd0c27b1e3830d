"""DIN SPEC 70121 and SAE J2847/2: messages, SECC and EVCC."""
