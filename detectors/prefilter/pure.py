"""The prefilter where Hyperscan has no build: slower, and the same findings."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from detectors.anchor import Anchor
from detectors.prefilter import Found

__all__ = ["PurePrefilter"]


class PurePrefilter:
    """Looks for each anchor's keywords, then for its expression."""

    name = "pure Python"

    def __init__(self, anchors: Sequence[Anchor]) -> None:
        self._anchors = [
            (index, tuple(word.encode() for word in anchor.keywords),
             regex.compile(anchor.expression.encode()))
            for index, anchor in enumerate(anchors)
        ]  # fmt: skip

    def find(self, content: bytes) -> Found | None:
        """The whole content for each anchor that stands anywhere in it; None if none does."""
        lowered = content.lower()
        found: Found = {
            index: [(0, len(content))]
            for index, keywords, expression in self._anchors
            if (not keywords or any(word in lowered for word in keywords))
            and expression.search(content)
        }
        return found or None
