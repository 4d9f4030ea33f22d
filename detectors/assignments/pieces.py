"""Pieces of a content that are judged on their own: lines, and windows of long lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from detectors.anchor import LINE_AFTER, LINE_BEFORE, LONG_LINE
from detectors.detector import Spans

__all__ = ["Piece", "pieces"]

_SEEN = 800
"""Bytes of a long line that are seen on both sides of an anchor's end."""


class Piece(NamedTuple):
    """A line, or a window of a long one, by positions in the content."""

    start: int
    end: int
    first: int
    """Values that open from here on are judged."""
    last: int
    """And up to here."""

    def around(self, content: bytes) -> tuple[bytes, bytes]:
        """What stands before it and after it, as far as it is judged by that."""
        return (
            content[max(0, self.start - LINE_BEFORE) : self.start],
            content[self.end : self.end + LINE_AFTER],
        )


def pieces(content: bytes, spans: Spans) -> Iterator[Piece]:
    """The lines in which an anchor ends, once each, and of long lines a window for each anchor.

    What a piece is does not depend on where in the content or in a long line it stands.
    """
    line_start, line_end = 0, -1
    for _, anchor_end in spans:
        at = anchor_end - 1
        if at <= line_end and line_end - line_start <= LONG_LINE:
            continue
        if at > line_end:
            line_start = content.rfind(b"\n", 0, at) + 1
            line_end = content.find(b"\n", at)
            line_end = len(content) if line_end < 0 else line_end
        if line_end - line_start <= LONG_LINE:
            yield Piece(line_start, line_end, line_start, line_end)
        else:
            # An anchor ends behind the quote that opens a value, or behind the first byte of one.
            yield Piece(max(line_start, at - _SEEN), min(line_end, at + _SEEN), at - 2, at)
