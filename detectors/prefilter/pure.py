"""The prefilter where Hyperscan has no build: slower, and the same findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from detectors.anchor import LONG_LINE, Anchor
from detectors.prefilter import Found

__all__ = ["PurePrefilter"]


class PurePrefilter:
    """Looks for each anchor's keywords, then for its expression."""

    name = "pure Python"

    def __init__(self, anchors: Sequence[Anchor]) -> None:
        self._anchors = [
            (index, tuple(word.encode() for word in anchor.keywords),
             regex.compile(anchor.expression.encode()), anchor.by_line)
            for index, anchor in enumerate(anchors)
        ]  # fmt: skip

    def find(self, content: bytes) -> Found | None:
        """For each anchor that stands anywhere in the content, the whole of it, or where anchors
        end that are judged by their line; None if none does."""
        lowered = content.lower()
        found: Found = {}
        for index, keywords, expression, by_line in self._anchors:
            if keywords and not any(word in lowered for word in keywords):
                continue
            if by_line:
                if ends := list(_ends(content, expression)):
                    found[index] = ends
            elif expression.search(content):
                found[index] = [(0, len(content))]
        return found or None


def _ends(content: bytes, expression: regex.Pattern[bytes]) -> Iterator[tuple[int, int]]:
    """Where the first match of each line ends, and of a long line each match."""
    at, last = 0, -1
    while match := expression.search(content, at):
        end = match.end()
        if end > last:
            yield end, end
            last = end
        line_end = content.find(b"\n", end - 1)
        line_start = content.rfind(b"\n", 0, end - 1) + 1
        whole = line_end >= 0 and line_end - line_start <= LONG_LINE
        at = line_end + 1 if whole else match.start() + 1
