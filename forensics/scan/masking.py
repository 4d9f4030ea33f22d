"""Text that is stored beside findings must not itself hold a secret."""

from __future__ import annotations

from detectors.scanner import Scanner
from forensics.index.records import Sighting
from forensics.key import Key
from forensics.scan.examine import examine

__all__ = ["Masker"]

_MASK = b"****"


class Masker:
    """Masks secrets in text, and reports those in names."""

    def __init__(self, scanner: Scanner, key: Key) -> None:
        self._scanner, self._key = scanner, key

    def mask(self, text: bytes) -> bytes:
        """`text` with every secret in it replaced."""
        masked = text
        for hit in reversed(self._scanner.scan(text).hits):
            masked = masked[: hit.start] + _MASK + masked[hit.end :]
        return masked

    def name(self, text: bytes, kind: str) -> tuple[bytes, bytes, list[Sighting]]:
        """A name masked, its fingerprint if it was, and the sightings in it.

        The sightings' object is the name, known by that fingerprint.
        """
        if self._scanner.prefilter.find(text) is None:
            return text, b"", []
        masked = self.mask(text)
        if masked == text:
            return text, b"", []
        fingerprint = self._key.fingerprint(kind.encode() + b"\0" + text)
        return masked, fingerprint, examine(self._scanner, self._key, fingerprint, kind, text)[0]
