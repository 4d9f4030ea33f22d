"""Text that is stored beside findings must not itself hold a secret."""

from __future__ import annotations

from detectors.scanner import Scanner
from forensics.git.history import HistorySegment
from forensics.index.history_store import StoredSegment
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

    def segment(self, segment: HistorySegment) -> tuple[StoredSegment, list[Sighting]]:
        """A walked segment as it may be stored, and the sightings in its path names."""
        sightings: list[Sighting] = []
        paths: list[tuple[bytes, bytes]] = []
        for path in segment.paths:
            masked, fingerprint, seen = self.name(path, "path")
            paths.append((masked, fingerprint))
            sightings += seen
        stored = StoredSegment(
            segment.commits, segment.parents, tuple(paths), segment.blobs, segment.changes
        )
        return stored, sightings
