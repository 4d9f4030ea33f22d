"""The interface that every detector has. `docs/detectors.md` shows one being written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, runtime_checkable

from detectors.anchor import Anchor
from detectors.deadline import Deadline
from detectors.hit import Hit, Kind

__all__ = ["Detector", "Settling", "Spans"]

Spans = Sequence[tuple[int, int]]
"""Ascending, disjoint `(first, last)` positions, both inclusive, where a finding may start."""


class Detector(Protocol):
    """Turns bytes into hits, for the contents in which one of its anchors stands."""

    @property
    def version(self) -> str:
        """Names this detector and changes whenever the same bytes could give other hits."""

    @property
    def kinds(self) -> Sequence[Kind]:
        """Everything it can report."""

    @property
    def anchors(self) -> Sequence[Anchor]:
        """What the prefilter looks for on its behalf. Contents without any are never seen."""

    def confirm(
        self, content: bytes, spans: Mapping[int, Spans], deadline: Deadline
    ) -> Iterator[Hit]:
        """Yield the hits in `content`.

        Args:
            content: the whole content, so that boundaries and lookbehinds see what is there.
            spans: by index into `anchors`, for the anchors found, where a finding may start.
            deadline: to be asked for the time left in whatever may take long.

        Raises:
            TimeoutError: the deadline has passed; the caller records it.
        """


@runtime_checkable
class Settling(Protocol):
    """What a detector may do beside: tell which versions of a content need not be looked at."""

    def settled(self, content: bytes, spans: Mapping[int, Spans], deadline: Deadline) -> int:
        """How near a change must come, in bytes, before anything in `content` is a hit; 0 if
        something is, or where that cannot be said.

        Raises:
            TimeoutError: the deadline has passed.
        """
