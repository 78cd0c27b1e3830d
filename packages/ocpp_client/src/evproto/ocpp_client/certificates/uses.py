"""What certificates are for, in the words of 2.x, and how orders about them end."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class RootUse(enum.Enum):
    """What a root certificate of the back end's choice is trusted for."""

    V2G = "V2GRootCertificate"
    MO = "MORootCertificate"
    CSMS = "CSMSRootCertificate"
    MANUFACTURER = "ManufacturerRootCertificate"
    OEM = "OEMRootCertificate"


class OwnUse(enum.Enum):
    """What a certificate of the station itself is for; its key never leaves the station."""

    CHARGING_STATION = "ChargingStationCertificate"
    V2G = "V2GCertificate"
    V2G_20 = "V2G20Certificate"

    @property
    def root(self) -> RootUse:
        """The hierarchy that it has to come from."""
        return RootUse.CSMS if self is OwnUse.CHARGING_STATION else RootUse.V2G


class InstallStatus(enum.Enum):
    """How the installation of a root certificate ended."""

    ACCEPTED = "Accepted"
    REJECTED = "Rejected"
    """The certificate is no good, or there is no more room."""
    FAILED = "Failed"
    """The certificate is good, but could not be stored."""


class DeleteStatus(enum.Enum):
    """How the deletion of a certificate ended."""

    ACCEPTED = "Accepted"
    FAILED = "Failed"
    """It may not be deleted, or could not be."""
    NOT_FOUND = "NotFound"


@dataclass(frozen=True, slots=True)
class Installing:
    """How an installation ended, and why."""

    status: InstallStatus
    reason: str = ""
