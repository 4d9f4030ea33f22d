"""UTF-16: whole files that start with its mark, and stretches of wide letters without one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from detectors.anchor import Anchor
from detectors.decoding.decoder import Budget, Decoded
from detectors.decoding.places import Pieces
from detectors.decoding.words import STRONG, WIDE, alternatives
from detectors.detector import Spans

__all__ = ["Utf16Decoder"]

_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_LETTER = rb"[\t\n\r\x20-\x7e]"
_FORWARD = re.compile(rb"(?:" + _LETTER + rb"\x00)*+" + _LETTER + rb"?")
_BACKWARD = re.compile(rb"(?:\x00" + _LETTER + rb")*+")
_EVERYWHERE = re.compile(rb"(?:" + _LETTER + rb"\x00){7,}+" + _LETTER + rb"?")
_STEP = 4096
_LETTERS = 8
"""Letters of a word that are looked for."""
_PARTS = re.compile("[\0-\x7f]+|[^\0-\x7f]")


def _wide(word: bytes) -> str:
    """A word as it stands in UTF-16, in either order of bytes."""
    return "\0".join(word.decode())


class Utf16Decoder:
    """Turns UTF-16 into UTF-8."""

    def __init__(self) -> None:
        """Read files with a mark, and stretches that hold a word of secrets."""
        words = sorted({word[:_LETTERS] for word in (*WIDE, *STRONG)})
        found = alternatives(_wide(word) for word in words)
        self.anchors = (Anchor(r"\A(?:\xff\xfe|\xfe\xff)", 4), *found)
        self._width = max(anchor.width for anchor in found)
        self.version = f"utf-16 1 {words}"

    @cached_property
    def _words(self) -> re.Pattern[bytes]:
        return re.compile(b"|".join(one.expression.encode() for one in self.anchors[1:]))

    def decode(
        self, content: bytes, spans: Mapping[int, Spans] | None, budget: Budget
    ) -> Iterator[Decoded]:
        """Yield a file with a mark as a whole, else the stretches around words."""
        if encoding := _MARKS.get(content[:2]):
            if spans is None or 0 in spans:
                budget.item()
                yield _whole(content, encoding, budget)
            return
        if spans is None:
            for found in _EVERYWHERE.finditer(content):
                budget.item()
                yield _stretch(content, found.start(), found.end(), budget)
            return
        free = 0
        for first, last in sorted(place for at, those in spans.items() if at for place in those):
            for found in self._words.finditer(content, first, last + self._width):
                if found.start() < free:
                    continue
                budget.item()
                start = _start(content, found.start(), free)
                stretch = _FORWARD.match(content, start)
                assert stretch is not None
                free = stretch.end()
                yield _stretch(content, start, free, budget)


def _start(content: bytes, position: int, after: int) -> int:
    """Where the stretch of wide letters around `position` starts."""
    step = _STEP
    while True:
        piece = content[max(after, position - step) : position][::-1]
        found = _BACKWARD.match(piece)
        assert found is not None
        position -= found.end()
        if found.end() < len(piece) - 1 or position - 1 <= after:
            return position
        step *= 2


def _stretch(content: bytes, start: int, end: int, budget: Budget) -> Decoded:
    budget.spend((end - start) // 2)
    # Seen from its letters, the one order of bytes looks like the other, moved by one.
    big = (end - start) % 2 == 1 and start > 0 and content[start - 1] == 0
    first = start - 1 if big else start

    def outer(begin: int, finish: int) -> tuple[int, int]:
        return first + 2 * begin, min(first + 2 * finish, len(content))

    return Decoded(content[start:end:2], first, end, "utf-16", outer)


def _whole(content: bytes, encoding: str, budget: Budget) -> Decoded:
    budget.spend(len(content))
    text = content[2:].decode(encoding, "replace")
    pieces: Pieces | None = None

    def outer(start: int, end: int) -> tuple[int, int]:
        nonlocal pieces
        pieces = pieces or _pieces(text)
        return pieces(start, end)

    return Decoded(text.encode("utf-8", "replace"), 0, len(content), "utf-16", outer)


def _pieces(text: str) -> Pieces:
    pieces, inner, outside = Pieces(), 0, 2
    for found in _PARTS.finditer(text):
        part = found.group()
        size = len(part.encode("utf-8", "replace"))
        room = 4 if part > "\uffff" else 2 * len(part)
        pieces.add(inner, outside, outside + room, 2 if part.isascii() else 0)
        inner += size
        outside += room
    return pieces
