"""Known values that stand in a content cut into pieces, or of which only a piece stands there."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from detectors.assignments.model import built_in_model
from detectors.literals.forms import too_short

__all__ = ["CutValues", "Part"]

_GRAM = 8
"""Bytes that the shortest piece has."""
_LONGEST = 1 << 14
"""Bytes of a value of which pieces are looked for."""
_LONGEST_LEAST = 32
"""Of however long a value, so many bytes in a row are a piece: text in base64 is wrapped."""
_MOST_ALIKE = 8
"""Places in values at which the same bytes may stand and be looked at."""
_LEAST_EDGE = 4
"""Bytes of a piece behind a joint, where chance may have put fewer."""
_UNFAMILIAR = 6
"""Letters and digits outside of words which make a piece of a value tell something of it."""
_LEAST_WORD = 4
_PRONOUNCED = -4.2
"""Mean log2 probability of its letter pairs from which a word is one, in whatever dictionary."""
_LEAST_DIFFERENT = 5
_ADDRESS = re.compile(rb"[a-z.]*@[a-z-]+(?:\.[a-z]{2,})+")
_JOINT = re.compile(
    rb"""(?:["'`]\s{0,200}+\)?\s{0,200}+[+.,&|]{1,2}\s{0,200}+["'`]|\\{1,8}+[rnt]|[\s"'`\\])+"""
)
"""What programs and files put between pieces of a text: line ends, quotes, an operator."""
_WORD = re.compile(rb"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_TELLING = re.compile(rb"[A-Za-z0-9]")


class Part(NamedTuple):
    """A stretch of a content that is one of a value, too."""

    start: int
    end: int
    secret: str
    first: int
    """Its first byte in the value, from 1, joints not counted."""
    last: int


class _Value(NamedTuple):
    text: bytes
    """Without joints."""
    secret: str
    least: int
    """Bytes in a row that are a piece of it."""


class _Joined:
    """A content without what joins pieces, and where its bytes come from."""

    def __init__(self, content: bytes) -> None:
        self._origins: list[int] = []
        self._starts: list[int] = []
        kept: list[bytes] = []
        at = length = 0
        ends = [(one.start(), one.end()) for one in _JOINT.finditer(content)]
        for end, after in [*ends, (len(content), len(content))]:
            if end > at:
                self._origins.append(at)
                self._starts.append(length)
                kept.append(content[at:end])
                length += end - at
            at = after
        self.text = b"".join(kept)

    def stretches(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Of a stretch of the text: where what stands between its joints starts, in the text and in
        the content, and its length."""
        number = bisect_right(self._starts, start) - 1
        while start < end:
            following = self._starts[number + 1 : number + 2]
            stop = min([end, *following])
            yield start, self._origins[number] + start - self._starts[number], stop - start
            start, number = stop, number + 1


class CutValues:
    """Finds pieces of values: all of one after another, or one that is long and no plain words.

    Args:
        values: with the fingerprints of their secrets.
    """

    def __init__(self, values: Iterable[tuple[bytes, str]]) -> None:
        self._values: list[_Value] = []
        self._grams: dict[bytes, list[tuple[int, int]]] = {}
        self._judged: dict[bytes, bool] = {}
        for value, secret in values:
            text = _JOINT.sub(b"", value)[:_LONGEST]
            if len(text) >= _GRAM and not (too_short(text) and self._familiar(text)):
                least = max(_GRAM, min(-(-len(text) // 3), _LONGEST_LEAST))
                self._add(_Value(text, secret, least))

    def __repr__(self) -> str:
        return f"CutValues({len(self._values)})"

    def _add(self, value: _Value) -> None:
        number = len(self._values)
        self._values.append(value)
        step = value.least - _GRAM + 1  # whatever is long enough has one of these in it
        for at in range(0, len(value.text) - _GRAM + 1, step):
            those = self._grams.setdefault(value.text[at : at + _GRAM], [])
            if len(those) < _MOST_ALIKE:
                those.append((number, at))

    def standing_in(self, content: bytes) -> Iterator[Part]:
        """Their pieces in a content, each between its joints; whole values that no joint cuts are
        among them."""
        grams = self._grams
        if not grams:
            return
        joined = _Joined(content)
        text = joined.text
        done = 0
        seeds = [at for at in range(len(text) - _GRAM + 1) if text[at : at + _GRAM] in grams]
        for seed in seeds:
            if seed + _GRAM <= done:
                continue
            for number, at in grams[text[seed : seed + _GRAM]]:
                value = self._values[number]
                start, end = _widest(text, seed, value.text, at)
                whole = end - start == len(value.text)
                if whole or (end - start >= value.least and not self._familiar(text[start:end])):
                    done = max(done, end)
                    yield from _parts(joined, start, end, value, at - (seed - start))

    def _familiar(self, text: bytes) -> bool:
        known = self._judged.get(text)
        if known is None:
            known = self._judged[text] = _familiar(text)
        return known


def _familiar(text: bytes) -> bool:
    """Whether a text is made of words and names, so that it tells nothing."""
    language = built_in_model().language
    words = (word.lower() for word in _WORD.findall(_ADDRESS.sub(b"", text)))
    unfamiliar = len(_TELLING.findall(_ADDRESS.sub(b"", text)))
    for word in words:
        pronounced = len(word) >= _LEAST_WORD and language.likeness(word).pairs > _PRONOUNCED
        unfamiliar -= len(word) if pronounced else language.covered(word, _LEAST_WORD)[0]
    return unfamiliar < _UNFAMILIAR or len(set(text)) < _LEAST_DIFFERENT


def _widest(text: bytes, seed: int, value: bytes, at: int) -> tuple[int, int]:
    """The stretch of `text` around a place that is one of the value around its own."""
    start, first = seed, at
    while start and first and text[start - 1] == value[first - 1]:
        start, first = start - 1, first - 1
    end, last = seed + _GRAM, at + _GRAM
    while end < len(text) and last < len(value) and text[end] == value[last]:
        end, last = end + 1, last + 1
    return start, end


def _parts(joined: _Joined, start: int, end: int, value: _Value, first: int) -> Iterator[Part]:
    whole = end - start == len(value.text)
    for at, origin, length in joined.stretches(start, end):
        if whole or length >= _LEAST_EDGE or start < at < end - length:
            number = first + at - start
            yield Part(origin, origin + length, value.secret, number + 1, number + length)
