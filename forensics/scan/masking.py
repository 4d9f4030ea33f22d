"""Text that is stored beside findings must not itself hold a secret."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from detectors.scanner import Scanner
from forensics.index.records import Sighting, Skip
from forensics.key import Key
from forensics.scan.examine import examine

if TYPE_CHECKING:
    from forensics.scan.by_value import Look

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
    """Masks secrets in text, and reports those in names: what rules find, and values that it has
    learned, whatever stands around these."""

    def __init__(self, scanner: Scanner, key: Key) -> None:
        self._scanner, self._key = scanner, key
        self._looks: list[Look] = []

    def learn(self, looks: Iterable[Look]) -> None:
        """Mask these values from now on, too."""
        self._looks += looks

    def knows_of(self, text: bytes) -> bool:
        """Whether a value that it has learned stands in a text."""
        return any(look(text) for look in self._looks)

    def mask(self, text: bytes) -> bytes:
        """`text` with every secret in it replaced; all of it where that could not be told."""
        result = self._scanner.scan(text)
        if result.timed_out or result.failed or result.unread:
            return _MASK
        spans = [(hit.start, hit.end) for hit in result.hits]
        spans += [(one.start, one.end) for one in self._by_value(text)]
        masked, free = text, len(text)
        for start, last in sorted(spans, reverse=True):
            end = min(last, free)  # secrets out of something packed share a place
            if start < end:
                masked = masked[:start] + _MASK + masked[end:]
                free = start
        return masked

    def name(self, text: bytes, kind: str) -> MaskedName:
        """A name masked, with the sightings in it."""
        by_value = self._by_value(text)
        if not by_value and self._scanner.prefilter.find(text) is None:
            return MaskedName(text)
        masked = self.mask(text)
        if masked == text:
            return MaskedName(text)
        fingerprint = self._key.fingerprint(kind.encode() + b"\0" + text)
        sightings, skips = examine(self._scanner, self._key, fingerprint, kind, text)
        taken = {one.fingerprint for one in sightings}
        sightings += [
            one._replace(oid=fingerprint, kind=kind)
            for one in by_value
            if one.fingerprint not in taken
        ]
        return MaskedName(masked, fingerprint, tuple(sightings), tuple(skips))

    def _by_value(self, text: bytes) -> Sequence[Sighting]:
        return [one for look in self._looks for one in look(text) or ()]

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
