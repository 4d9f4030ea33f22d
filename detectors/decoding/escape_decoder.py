"""Decodes what is written in escapes, around the words of secrets that escapes hide."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from detectors.anchor import Anchor
from detectors.decoding.decoder import Budget, Decoded
from detectors.decoding.places import Pieces
from detectors.detector import Spans

__all__ = ["EscapeDecoder", "Escapes"]

_AROUND = 32 << 10
"""Bytes on either side of a place that are decoded with it, as far as its line goes."""
_MOST = 256 << 10
"""Bytes that are decoded at a time, however many places lie near each other."""
_SHARED = 4 << 10
"""Bytes before a place that are decoded again where the line was cut."""


class Escapes(NamedTuple):
    """A way to write characters as escapes among others that stand for themselves."""

    how: str
    mark: bytes
    """Stands in every escape."""
    one: re.Pattern[bytes]
    """Matches one escape, or a row of them in which each byte takes up the same room."""
    undo: Callable[[re.Match[bytes]], bytes]
    """What the match stands for."""

    def stretches(
        self, content: bytes, start: int, end: int
    ) -> Iterator[tuple[bytes, int, int, int]]:
        """Yield a part of `content` as stretches: what each stands for, its first byte, the one
        past its last, and how many bytes stand for one of it (0 where that cannot be said)."""
        at = start
        for found in self.one.finditer(content, start, end):
            first, last = found.span()
            if first > at:
                yield content[at:first], at, first, 1
            if inner := self.undo(found):
                scale, rest = divmod(last - first, len(inner))
                yield inner, first, last, 0 if rest else scale
            at = last
        if end > at:
            yield content[at:end], at, end, 1


class EscapeDecoder:
    """Undoes escapes on the lines where one of the given expressions stands."""

    def __init__(self, escapes: Escapes, anchors: Sequence[Anchor]) -> None:
        """Undo `escapes` where one of `anchors` stands."""
        self._escapes = escapes
        self.anchors = tuple(anchors)
        self._compiled: dict[int, re.Pattern[bytes]] = {}
        self.version = f"{escapes.how} 1 {escapes.one.pattern!r} {self.anchors}"

    def decode(
        self, content: bytes, spans: Mapping[int, Spans] | None, budget: Budget
    ) -> Iterator[Decoded]:
        """Yield the lines with escapes undone, or the whole content."""
        if spans is None:
            if self._escapes.mark in content and self._escapes.one.search(content):
                yield self._decoded(content, 0, len(content), budget)
            return
        end = 0
        for first, last in self._lines(content, spans, budget):
            if last > end:
                budget.item()
                yield self._decoded(content, first, last, budget)
                end = last

    def _places(
        self, content: bytes, spans: Mapping[int, Spans], budget: Budget
    ) -> Iterator[tuple[int, int]]:
        for index, those in spans.items():
            expression, width = self._expression(index), self.anchors[index].width
            for first, last in those:
                for found in expression.finditer(content, first, last + width):
                    budget.deadline.remaining()
                    yield found.span()

    def _lines(
        self, content: bytes, spans: Mapping[int, Spans], budget: Budget
    ) -> Iterator[tuple[int, int]]:
        """The lines to look at, in order, of very long ones what lies near."""
        first = last = 0
        for start, end in sorted(self._places(content, spans, budget)):
            if end <= last:
                continue
            low, high = max(start - _AROUND, 0), min(end + _AROUND, len(content))
            line = content.rfind(b"\n", low, start) + 1 or low
            until = content.find(b"\n", end, high)
            until = high if until < 0 else until
            if line > last or until - first > _MOST:
                if last:
                    yield first, last
                first = max(line, start - _SHARED)
            last = until
        if last:
            yield first, last

    def _expression(self, index: int) -> re.Pattern[bytes]:
        if index not in self._compiled:
            self._compiled[index] = re.compile(self.anchors[index].expression.encode())
        return self._compiled[index]

    def _decoded(self, content: bytes, start: int, end: int, budget: Budget) -> Decoded:
        budget.spend(end - start)
        escapes = self._escapes
        line = content[start:end]
        pieces: Pieces | None = None

        def outer(first: int, last: int) -> tuple[int, int]:
            nonlocal pieces
            pieces = pieces or _pieces(escapes, line, start)
            return pieces(first, last)

        return Decoded(escapes.one.sub(escapes.undo, line), start, end, escapes.how, outer)


def _pieces(escapes: Escapes, line: bytes, start: int) -> Pieces:
    pieces, length = Pieces(), 0
    for inner, outer, end, scale in escapes.stretches(line, 0, len(line)):
        pieces.add(length, start + outer, start + end, scale)
        length += len(inner)
    return pieces
