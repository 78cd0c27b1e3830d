"""What an SECC keeps of paused sessions, so that a car may resume one (ISO 15118-2, 8.4.2)."""

from __future__ import annotations

from dataclasses import dataclass, field

from evproto.v2gtp.charging import EnergyTransferMode


@dataclass(frozen=True, slots=True, kw_only=True)
class PausedSession:
    """A session to be resumed: who may, and what was agreed on."""

    session_id: bytes
    evcc_id: bytes
    mode: EnergyTransferMode | None
    schedule_id: int | None
    authorized: bool


@dataclass(slots=True)
class PausedSessions:
    """The memory of one charging point; it holds at most `capacity` sessions, the latest.

    A plain object: the application hands it to `iso2.Secc` and may store it as it likes.
    """

    capacity: int = 8
    sessions: dict[bytes, PausedSession] = field(default_factory=dict)

    def remember(self, session: PausedSession) -> None:
        """Keep a session that was paused."""
        self.sessions.pop(session.session_id, None)
        self.sessions[session.session_id] = session
        while len(self.sessions) > self.capacity:
            del self.sessions[next(iter(self.sessions))]

    def take(self, session_id: bytes, evcc_id: bytes) -> PausedSession | None:
        """The session, taken out of the memory; None for an unknown one or for another car."""
        session = self.sessions.get(session_id)
        if session is None or session.evcc_id != evcc_id:
            return None
        return self.sessions.pop(session_id)
