"""From bytes to hits: the prefilter, then each detector's confirmation, then one winner a place."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from detectors.anchor import Anchor
from detectors.deadline import Deadline
from detectors.detector import Detector, Spans
from detectors.hit import Hit, Kind
from detectors.prefilter import Found, Prefilter, best_prefilter

__all__ = ["CLEAN", "ScanResult", "Scanner"]


class ScanResult(NamedTuple):
    """What one content holds."""

    hits: tuple[Hit, ...] = ()
    """By position; no two overlap."""
    timed_out: tuple[str, ...] = ()
    """Versions of the detectors that ran out of time, whose hits may be incomplete."""
    failed: tuple[str, ...] = ()
    """Versions of the detectors that raised an error, and its kind."""


CLEAN = ScanResult()


class Scanner:
    """All detectors behind one prefilter. Stateless between contents."""

    def __init__(
        self,
        detectors: Sequence[Detector],
        *,
        prefilter: Prefilter | None = None,
        cache: Path | None = None,
        cache_key: bytes = b"",
        confirm_seconds: float = 5.0,
    ) -> None:
        """Put `detectors` to work.

        Args:
            detectors: what to look for.
            prefilter: another than the best one for this platform; it must be over the anchors
                of these detectors, in their order.
            cache: folder of the user's where the compiled prefilter is kept between runs.
            cache_key: authenticates what is read back from `cache`.
            confirm_seconds: most time that each detector may take to confirm one content.
        """
        self._detectors = tuple(detectors)
        anchors = self.anchors_of(detectors)
        self._owner = [
            (number, index)
            for number, detector in enumerate(self._detectors)
            for index in range(len(detector.anchors))
        ]
        self._confirm_seconds = confirm_seconds
        self.kinds: tuple[Kind, ...] = tuple(kind for one in detectors for kind in one.kinds)
        self._ids = {kind.id for kind in self.kinds}
        self.prefilter = prefilter or best_prefilter(anchors, cache=cache, cache_key=cache_key)
        self.reach: int = max((anchor.width + anchor.lead for anchor in anchors), default=0)
        """Most bytes around a change in which an anchor that touches it can lie."""

    @staticmethod
    def anchors_of(detectors: Sequence[Detector]) -> list[Anchor]:
        """The anchors of all `detectors`, in the order that a prefilter numbers them."""
        return [anchor for detector in detectors for anchor in detector.anchors]

    @property
    def version(self) -> str:
        """A digest that changes whenever the same bytes could give other hits."""
        names = "\n".join(detector.version for detector in self._detectors)
        return hashlib.sha256(names.encode()).hexdigest()[:32]

    def scan(self, content: bytes) -> ScanResult:
        """The hits in `content`."""
        found = self.prefilter.find(content)
        return CLEAN if found is None else self.confirm(content, found)

    def confirm(self, content: bytes, found: Found) -> ScanResult:
        """The hits in `content`, given what the prefilter found in it."""
        by_detector: dict[int, dict[int, Spans]] = {}
        for anchor in sorted(found):
            number, index = self._owner[anchor]
            by_detector.setdefault(number, {})[index] = found[anchor]
        hits: list[Hit] = []
        timed_out: list[str] = []
        failed: list[str] = []
        for number, spans in by_detector.items():
            deadline = Deadline(self._confirm_seconds)
            try:
                for hit in self._detectors[number].confirm(content, spans, deadline):
                    if not self._sound(hit, len(content)):
                        raise ValueError
                    hits.append(hit)
            except TimeoutError:
                timed_out.append(self._detectors[number].version)
            except Exception as error:
                # Another package's detector; its message could hold what it was looking at.
                failed.append(f"{self._detectors[number].version}: {type(error).__name__}")
        if not hits and not timed_out and not failed:
            return CLEAN
        return ScanResult(_winners(hits), tuple(timed_out), tuple(failed))

    def _sound(self, hit: Hit, length: int) -> bool:
        """Whether a hit, another package's perhaps, is what the interface promises."""
        return (
            hit.kind.id in self._ids
            and 0 <= hit.start < hit.end <= length
            and 0.0 <= hit.confidence <= 1.0
            and hit.checksum in (None, True, False)
            and len(hit.secret) > 0
        )


def _start(hit: Hit) -> int:
    return hit.start


def _winners(hits: list[Hit]) -> tuple[Hit, ...]:
    """One hit a place: the most specific, then the surest, then the longest."""
    ranked = sorted(
        hits,
        key=lambda hit: (
            hit.kind.generic, -hit.confidence, hit.start - hit.end, hit.start, hit.kind.id
        ),
    )  # fmt: skip
    kept: list[Hit] = []
    for hit in ranked:
        at = bisect_left(kept, hit.end, key=_start)
        if at == 0 or kept[at - 1].end <= hit.start:
            kept.insert(at, hit)
    return tuple(kept)
