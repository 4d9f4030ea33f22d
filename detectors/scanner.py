"""From bytes to hits: the prefilter, confirmation, decoding, one winner a place."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from detectors.anchor import Anchor
from detectors.composite import paired
from detectors.deadline import Deadline
from detectors.decoding.decoder import Budget
from detectors.decoding.unwrap import Decoding, Looked, unwrap
from detectors.detector import Detector, Settling, Spans
from detectors.hit import Hit, Kind
from detectors.ignoring import Ignorer, is_pending
from detectors.inline import ignored_inline
from detectors.prefilter import Found, Prefilter, best_prefilter
from detectors.winners import winners

__all__ = ["CLEAN", "ScanResult", "Scanner"]


class ScanResult(NamedTuple):
    """What one content holds."""

    hits: tuple[Hit, ...] = ()
    """By position. No two overlap, but those found in one packed thing can share a place."""
    timed_out: tuple[str, ...] = ()
    """Versions of the detectors that ran out of time, whose hits may be incomplete."""
    failed: tuple[str, ...] = ()
    """Versions of the detectors that raised an error, and its kind."""
    unread: tuple[str, ...] = ()
    """Why something that is encoded or packed in it was not looked at."""


CLEAN = ScanResult()


class Scanner:
    """All detectors and decoders behind one prefilter. Stateless between contents."""

    def __init__(
        self,
        detectors: Sequence[Detector],
        *,
        decoding: Decoding | None = None,
        prefilter: Prefilter | None = None,
        cache: Path | None = None,
        cache_key: bytes = b"",
        confirm_seconds: float = 5.0,
        ignorers: Sequence[Ignorer] = (),
        marks: bool = True,
        most_hits: int = 10_000,
    ) -> None:
        """Put `detectors` to work.

        Args:
            detectors: what to look for.
            decoding: which encodings to undo; none by default.
            prefilter: another than the best one for this platform; it must be over the anchors
                of these detectors, in their order, and then of the decoders.
            cache: folder of the user's where the compiled prefilter is kept between runs.
            cache_key: authenticates what is read back from `cache`.
            confirm_seconds: most time that each detector, and all decoding together, may take
                for one content.
            ignorers: what the user has said to ignore, beside marks in the contents.
            marks: whether marks in the contents ignore anything.
            most_hits: hits of each detector that are kept of one content, and of all of them:
                what is done with each hit, such as looking for marks, has no time limit.
        """
        self._detectors = tuple(detectors)
        self._decoding = decoding or Decoding()
        anchors = self.anchors_of(detectors, decoding)
        self._owner = [
            (number, index)
            for number, own in enumerate(
                [
                    *(one.anchors for one in self._detectors),
                    *(one.anchors for one in self._decoding.decoders),
                ]
            )
            for index in range(len(own))
        ]
        self._confirm_seconds = confirm_seconds
        self._ignorers = tuple(ignorers)
        self.marks = marks
        self._most_hits = most_hits
        self._too_many = f"it holds more than {most_hits:,} secrets"
        self.kinds: tuple[Kind, ...] = tuple(kind for one in detectors for kind in one.kinds)
        self._by_id = {kind.id: kind for kind in self.kinds}
        self.prefilter = prefilter or best_prefilter(anchors, cache=cache, cache_key=cache_key)
        self.reach: int = max((anchor.width for anchor in anchors), default=0)
        """Most bytes around a change in which an anchor that touches it can lie."""
        self._by_line = {number for number, anchor in enumerate(anchors) if anchor.by_line}

    @staticmethod
    def anchors_of(detectors: Sequence[Detector], decoding: Decoding | None = None) -> list[Anchor]:
        """The anchors of all `detectors` and decoders, in the order that a prefilter numbers
        them."""
        anchors = [anchor for detector in detectors for anchor in detector.anchors]
        for decoder in decoding.decoders if decoding else ():
            anchors += decoder.anchors
        return anchors

    @property
    def version(self) -> str:
        """A digest that changes whenever the same bytes could give other hits."""
        versions = [detector.version for detector in self._detectors]
        versions += [ignorer.version for ignorer in self._ignorers]
        versions += [] if self.marks else ["no marks"]
        names = "\n".join([*versions, self._decoding.version])
        return hashlib.sha256(names.encode()).hexdigest()[:32]

    def settled(self, content: bytes, found: Found) -> int:
        """How near a change must come, in bytes, before anything in `content` is a finding, where
        nothing in it is one; 0 if that cannot be said.

        Where lines are judged, the rest of each line that a change touches counts as near.
        """
        if found.keys() <= self._by_line:
            return self.reach
        most = self.reach
        for number, spans in self._by_owner(found).items():
            if number >= len(self._detectors):
                return 0
            detector = self._detectors[number]
            if all(detector.anchors[index].by_line for index in spans):
                continue
            if not isinstance(detector, Settling):
                return 0
            try:
                near = detector.settled(content, spans, Deadline(self._confirm_seconds))
            except TimeoutError:
                return 0
            if not near:
                return 0
            most = max(most, near)
        return most

    def scan(self, content: bytes) -> ScanResult:
        """The hits in `content`."""
        found = self.prefilter.find(content)
        return CLEAN if found is None else self.confirm(content, found)

    def confirm(self, content: bytes, found: Found) -> ScanResult:
        """The hits in `content`, given what the prefilter found in it."""
        timed_out: list[str] = []
        failed: list[str] = []
        unread: list[str] = []
        looked = self._look(content, found, None, timed_out, failed, unread)
        hits = looked.hits
        if looked.places:

            def look(inner: bytes, budget: Budget) -> Looked:
                found = self.prefilter.find(inner)
                if found is None:
                    return Looked()
                return self._look(inner, found, budget.deadline, timed_out, failed, unread)

            deadline = Deadline(self._confirm_seconds)
            budget = Budget(len(content), self._decoding.limits, deadline)
            hits = unwrap(self._decoding, look, content, looked, budget)
            unread += budget.unread
            failed += budget.failed
            if budget.late:
                timed_out.append("decoding")
        if not hits and not timed_out and not failed and not unread:
            return CLEAN
        hits = tuple(self._with_ignored(content, hit) for hit in self._most(hits, unread))
        return ScanResult(
            hits,
            tuple(dict.fromkeys(timed_out)),
            tuple(dict.fromkeys(failed)),
            tuple(dict.fromkeys(unread)),
        )

    def _look(
        self,
        content: bytes,
        found: Found,
        shared: Deadline | None,
        timed_out: list[str],
        failed: list[str],
        unread: list[str],
    ) -> Looked:
        """What stands in `content` as it is. Each detector has time of its own, if none is
        shared."""
        hits: list[Hit] = []
        places: dict[int, dict[int, Spans]] = {}
        for number, spans in self._by_owner(found).items():
            if number >= len(self._detectors):
                places[number - len(self._detectors)] = spans
                continue
            deadline = shared or Deadline(self._confirm_seconds)
            most = len(hits) + self._most_hits
            try:
                for hit in self._detectors[number].confirm(content, spans, deadline):
                    if not self._sound(hit, len(content)):
                        raise ValueError
                    if len(hits) == most:
                        unread.append(self._too_many)
                        break
                    hits.append(hit)
            except TimeoutError:
                timed_out.append(self._detectors[number].version)
            except Exception as error:
                # Another package's detector; its message could hold what it was looking at.
                failed.append(f"{self._detectors[number].version}: {type(error).__name__}")
        return Looked(self._won(content, hits) if hits else (), places)

    def _by_owner(self, found: Found) -> dict[int, dict[int, Spans]]:
        """What was found, by the number of the detector or decoder and the index of its anchor."""
        by_owner: dict[int, dict[int, Spans]] = {}
        for anchor in sorted(found):
            number, index = self._owner[anchor]
            by_owner.setdefault(number, {})[index] = found[anchor]
        return by_owner

    def _won(self, content: bytes, hits: list[Hit]) -> tuple[Hit, ...]:
        """One hit a place, secrets joined with their ids.

        What is left out because nothing it belongs to stands near it makes room for what it won
        over, so that this is done again without it.
        """
        while True:
            won = [self._told(hit) if hit.facts else hit for hit in winners(hits)]
            joined, left_out = paired(content, won, self._by_id)
            if not left_out:
                return joined
            places = {(hit.kind.id, hit.start, hit.end) for hit in left_out}
            hits = [hit for hit in hits if (hit.kind.id, hit.start, hit.end) not in places]

    def _told(self, hit: Hit) -> Hit:
        """A hit without those of its facts in which another secret stands."""
        together = "\n".join(text for _, text in hit.facts).encode()
        if self.prefilter.find(together) is None:
            return hit
        return hit._replace(facts=tuple(fact for fact in hit.facts if not self._secret(fact[1])))

    def _secret(self, text: str) -> bool:
        content = text.encode()
        deadline = Deadline(self._confirm_seconds)
        for anchor, spans in (self.prefilter.find(content) or {}).items():
            number, index = self._owner[anchor]
            if number >= len(self._detectors):
                continue
            try:
                found = list(self._detectors[number].confirm(content, {index: spans}, deadline))
            except Exception:
                return True
            if any(not each.kind.pairing.identifier for each in found):
                return True
        return False

    def _with_ignored(self, content: bytes, hit: Hit) -> Hit:
        """The hit with what ignores it: its detector, a mark beside it, or a list."""
        if hit.ignored and not is_pending(hit.ignored):
            return hit
        reasons = [ignored_inline(content, hit.start, hit.end)] if self.marks else []
        reasons += [ignorer.reason(content, hit) for ignorer in self._ignorers]
        reasons = [reason for reason in (*reasons, hit.ignored) if reason]
        if not reasons:
            return hit
        sure = next((reason for reason in reasons if not is_pending(reason)), "")
        return hit._replace(ignored=sure or "\n".join(reasons))

    def _sound(self, hit: Hit, length: int) -> bool:
        """Whether a hit, another package's perhaps, is what the interface promises."""
        return (
            hit.kind.id in self._by_id
            and 0 <= hit.start < hit.end <= length
            and 0.0 <= hit.confidence <= 1.0
            and hit.checksum in (None, True, False)
            and len(hit.secret) > 0
        )

    def _most(self, hits: tuple[Hit, ...], unread: list[str]) -> tuple[Hit, ...]:
        """As many hits as are kept, by position; those that are no guesses first."""
        if len(hits) <= self._most_hits:
            return hits
        unread.append(self._too_many)
        kept = sorted(hits, key=lambda hit: hit.kind.generic)[: self._most_hits]
        return tuple(sorted(kept, key=lambda hit: (hit.start, hit.end, hit.kind.id)))
