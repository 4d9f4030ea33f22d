"""Text that is stored beside findings must not itself hold a secret."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from detectors.scanner import Scanner
from forensics.index.records import Sighting, Skip
from forensics.key import Key
from forensics.scan.examine import examine

__all__ = ["MaskedName", "Masker"]

_MASK = b"****"


class MaskedName(NamedTuple):
    """A name as it may be stored, and what was found in it."""

    shown: bytes
    fingerprint: bytes = b""
    """Of the whole name, if something in it is masked; the sightings' object is known by it."""
    sightings: tuple[Sighting, ...] = ()
    skips: tuple[Skip, ...] = ()


class Masker:
    """Masks secrets in text, and reports those in names."""

    def __init__(self, scanner: Scanner, key: Key) -> None:
        self._scanner, self._key = scanner, key

    def mask(self, text: bytes) -> bytes:
        """`text` with every secret in it replaced; all of it where that could not be told."""
        result = self._scanner.scan(text)
        if result.timed_out or result.failed or result.unread:
            return _MASK
        masked, free = text, len(text)
        for hit in reversed(result.hits):
            end = min(hit.end, free)  # secrets out of something packed share a place
            if hit.start < end:
                masked = masked[: hit.start] + _MASK + masked[end:]
                free = hit.start
        return masked

    def name(self, text: bytes, kind: str) -> MaskedName:
        """A name masked, with the sightings in it."""
        if self._scanner.prefilter.find(text) is None:
            return MaskedName(text)
        masked = self.mask(text)
        if masked == text:
            return MaskedName(text)
        fingerprint = self._key.fingerprint(kind.encode() + b"\0" + text)
        sightings, skips = examine(self._scanner, self._key, fingerprint, kind, text)
        return MaskedName(masked, fingerprint, tuple(sightings), tuple(skips))

    def skips(self, skips: Iterable[Skip]) -> list[Skip]:
        """Skips whose reasons may quote the name of a file."""
        known: dict[str, str] = {}
        masked = []
        for skip in skips:
            if skip.reason not in known:
                raw = skip.reason.encode("utf-8", "surrogateescape")
                known[skip.reason] = self.mask(raw).decode("utf-8", "backslashreplace")
            masked.append(skip._replace(reason=known[skip.reason]))
        return masked
