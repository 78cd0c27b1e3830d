"""A codec for Josev (the PyPI package iso15118) in place of its Java gateway."""

from __future__ import annotations

from importlib import metadata, util
from pathlib import Path
from typing import TYPE_CHECKING

from evproto.core import ConfigError

from .transcoder import Transcoder

if TYPE_CHECKING:
    Interface = object
else:
    try:
        from iso15118.shared.iexi_codec import IEXICodec as Interface
    except ImportError:
        Interface = object


class EvprotoExiCodec(Interface):
    """Josev's codec interface over evproto's codec: `EXI().set_exi_codec(EvprotoExiCodec())`.

    ConfigError where Josev is not installed. What is wrong with a message or stream is an
    EncodeError or DecodeError with the place, which Josev turns into its own.
    """

    def __init__(self) -> None:
        self._transcoder = Transcoder(_schemas_of_josev())

    def encode(self, message: str, namespace: str) -> bytes:
        """The EXI stream of a message in Josev's JSON: a document, or a fragment that is to be signed."""
        return self._transcoder.encode(message, namespace)

    def decode(self, stream: bytes, namespace: str) -> str:
        """The message of an EXI document, in Josev's JSON."""
        return self._transcoder.decode(stream, namespace)

    def get_version(self) -> str:
        """The version of evproto-exi, for Josev's log."""
        try:
            return f"evproto-exi {metadata.version('evproto-exi')}"
        except metadata.PackageNotFoundError:
            return "evproto-exi from its sources"


def _schemas_of_josev() -> Path:
    found = util.find_spec("iso15118")
    if found is None or not found.submodule_search_locations:
        raise ConfigError("Josev is not installed: pip install 'evproto-iso15118[josev]'")
    return Path(found.submodule_search_locations[0]) / "shared" / "schemas"
