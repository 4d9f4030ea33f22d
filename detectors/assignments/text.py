"""How much a value reads like language: letter pairs and dictionary words."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

__all__ = ["Language", "Likeness", "letter_pairs"]

_SHORTEST, _LONGEST = 3, 14
_CHUNK = re.compile(rb"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_LEET = bytes.maketrans(b"013457@$!", b"oieastasi")


class Likeness(NamedTuple):
    """What stands in a value of language."""

    pairs: float
    """Mean log2 probability of its letter pairs; about -3 for words, -5 for random letters."""
    worst: float
    """That of its four least likely letters in a row."""
    covered: float
    """Share of its letters that stand in dictionary words."""
    longest: int
    """Letters of its longest dictionary word."""
    leet: float
    """Share that stands in dictionary words once digits are read as the letters they look like."""


def letter_pairs(counts: Mapping[str, int]) -> list[float]:
    """Log2 probability of each letter after each other, 27 by 27, the first for no letter.

    Args:
        counts: words, lower case, and how often each stands in a text.
    """
    table = [[1.0] * 27 for _ in range(27)]
    for word, count in counts.items():
        before = 0
        for letter in word.encode():
            number = letter - 96
            if not 1 <= number <= 26:
                before = 0
                continue
            table[before][number] += count
            before = number
    return [math.log2(cell / sum(row)) for row in table for cell in row]


class Language:
    """Letter pairs and words that source code and its comments are written in."""

    def __init__(self, pairs: list[float], words: Iterable[str]) -> None:
        self._pairs = pairs
        self.words = frozenset(word.encode() for word in words)

    def covered(self, text: bytes, shortest: int = _SHORTEST) -> tuple[int, int]:
        """Letters of `text`, lower case, that fit into words of so many letters or more without
        overlap, and the longest."""
        words, size = self.words, len(text)
        best = [0] * (size + 1)
        longest = 0
        for end in range(1, size + 1):
            most = best[end - 1]
            for start in range(max(0, end - _LONGEST), end - shortest + 1):
                length = end - start
                if best[start] + length > most and text[start:end] in words:
                    most = best[start] + length
                    longest = max(longest, length)
            best[end] = most
        return best[size], longest

    def likeness(self, value: bytes) -> Likeness:
        """What stands of language in `value`, of which at most 64 bytes are looked at."""
        value = value[:64]
        chunks = [chunk.lower() for chunk in _CHUNK.findall(value)]
        scores: list[float] = []
        letters = covered = longest = 0
        for chunk in chunks:
            before = 0
            for letter in chunk:
                scores.append(self._pairs[before * 27 + letter - 96])
                before = letter - 96
            letters += len(chunk)
            some, word = self.covered(chunk)
            covered += some
            longest = max(longest, word)
        if not letters:
            return Likeness(0.0, 0.0, 0.0, 0, 0.0)
        worst = min(
            (sum(scores[at : at + 4]) / 4 for at in range(max(1, len(scores) - 3))), default=0.0
        )
        plain = re.sub(rb"[^a-z]", b"", value.lower().translate(_LEET))
        leet = self.covered(plain)[0] / len(plain) if plain else 0.0
        return Likeness(sum(scores) / letters, worst, covered / letters, longest, leet)
