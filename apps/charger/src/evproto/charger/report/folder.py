"""The folder of a session: trace.jsonl, session.pcapng, session.html."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, TextIO

from evproto.charger.report.capture import Conversation
from evproto.charger.report.page import render_page
from evproto.charger.report.story import Story, tell
from evproto.core import ConfigError, JsonLinesTrace, JsonValue, Trace


class SessionFolder:
    """Opens the files, takes records and packets as they come, writes the page at the end.

    Trace and capture are written at once, so that a crash leaves them complete up to that point.
    Raises ConfigError when the folder cannot be written.
    """

    def __init__(self, path: Path, *, epoch_ns: int, comment: str) -> None:
        self.path = path
        self.records: list[Trace] = []
        try:
            path.mkdir(parents=True, exist_ok=True)
            self._trace_file: TextIO = (path / "trace.jsonl").open("w", encoding="utf-8")
            self._capture_file: BinaryIO = (path / "session.pcapng").open("wb", buffering=0)
        except OSError as error:
            raise ConfigError(f"--out: cannot write to {path}: {error.strerror}") from None
        self._write_line = JsonLinesTrace(self._trace_file)
        self.conversation = Conversation(self._capture_file.write, epoch_ns=epoch_ns, comment=comment)

    @property
    def page_path(self) -> Path:
        return self.path / "session.html"

    def __call__(self, record: Trace) -> None:
        """Take a trace record."""
        self.records.append(record)
        self._write_line(record)

    def write_page(self, header: Mapping[str, JsonValue]) -> Story:
        """Write the page from all records so far; gives the story that it tells."""
        story = tell(self.records)
        self.page_path.write_text(render_page(story, header), encoding="utf-8")
        return story

    def __enter__(self) -> SessionFolder:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._trace_file.close()
        self._capture_file.close()
