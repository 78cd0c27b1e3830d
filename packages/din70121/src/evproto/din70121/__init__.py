"""DIN SPEC 70121: DC charging as the first generation of CCS cars speaks it.

So far its messages, declared and held to the published schema; the SECC and the EVCC come next.
"""
