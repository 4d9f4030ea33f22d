"""Runs of encoded characters, on one line or wrapped over many."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from detectors.decoding.decoder import Budget
from detectors.decoding.places import Pieces

__all__ = ["Run", "Runs"]

_WRAPPED = 32
"""Characters. Text whose lines are shorter was not wrapped by a program."""
_BETWEEN = (
    rb"(?:\r?\n[ \t]*|(?:\\r)?\\n[ \t]*|\\\r?\n[ \t]*"
    rb"|[\"'][ \t]*[+.,]?[ \t]*\\?\r?\n[ \t]*[+.]?[ \t]*[\"'])"
)
"""What stands between two lines of wrapped text: a line break, one that is escaped or follows a
backslash, or the ends of two quoted strings."""
_LOOK_BACK = 128
"""Bytes in which what stands between two lines fits."""
_STEP = 4096


class Run(NamedTuple):
    """Encoded characters without what stands between their lines."""

    text: bytes
    pieces: Pieces
    start: int
    """In the content."""
    end: int
    """In the content, padding included."""


class Runs:
    """Finds runs over one alphabet."""

    def __init__(self, alphabet: bytes, least: int) -> None:
        """Runs over `alphabet`; where they are looked for everywhere, of `least` characters."""
        self._alphabet = alphabet
        one = b"[" + re.escape(alphabet) + b"]"
        alone = rb"(?=={0,2}(?:[\s\"'\\`<)\]};,&]|\Z))"
        long, short = one + b"{%d,}+" % _WRAPPED, one + b"{1,%d}+" % (4 * _WRAPPED)
        self._block = re.compile(
            b"(?:%s(?:%s%s%s)*+(?:%s%s%s)?+|%s++)" % (
                long, _BETWEEN, long, alone, _BETWEEN, short, alone, one)
        )  # fmt: skip
        self._before = re.compile(one + _BETWEEN + rb"\Z")
        self._parts = re.compile(_BETWEEN + b"|(%s++)" % one)
        self._any = re.compile(one + b"{%d}" % least)

    def around(self, content: bytes, position: int, after: int, budget: Budget) -> Run:
        """The run in which `position` lies, as far as it stands after `after`."""
        start = self._start_of_line(content, position, after)
        while True:
            budget.deadline.remaining()
            joint = self._before.search(content, max(after, start - _LOOK_BACK), start)
            if joint is None:
                break
            end = joint.start() + 1
            earlier = self._start_of_line(content, end, after)
            if end - earlier < _WRAPPED:
                break
            start = earlier
        return self._from(content, start, position)

    def everywhere(self, content: bytes) -> Iterator[Run]:
        """All runs, one after another."""
        at = 0
        while found := self._any.search(content, at):
            run = self._from(content, found.start(), found.start())
            yield run
            at = run.end

    def _start_of_line(self, content: bytes, position: int, after: int) -> int:
        start, step = position, _STEP
        while start > after:
            piece = content[max(after, start - step) : start]
            kept = len(piece.rstrip(self._alphabet))
            start -= len(piece) - kept
            if kept:
                break
            step *= 2
        if start < position and content[start - 1 : start + 1] == b"\\n":
            start += 1  # the `n` of an escaped line break
        return start

    def _from(self, content: bytes, start: int, position: int) -> Run:
        found = self._block.match(content, start)
        if found is None or found.end() <= position:  # joined backwards, but not forwards
            start = self._start_of_line(content, position, start)
            found = self._block.match(content, start)
        end = found.end() if found else position + 1
        pieces, parts, length = Pieces(), [], 0
        for part in self._parts.finditer(content, start, end):
            if part.lastindex:
                parts.append(part.group())
                pieces.add(length, part.start(), part.end())
                length += part.end() - part.start()
        padding = len(content[end : end + 2]) - len(content[end : end + 2].lstrip(b"="))
        return Run(b"".join(parts), pieces, start, end + padding)
