"""Texts that people write, such as reasons and notes, without any secret in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from detectors.canonical import canonical
from forensics.index.database import Connection
from forensics.index.fingerprints import known_among, lengths_known
from forensics.index.reported import Span
from forensics.key import Key
from forensics.scan.masked_line import masked_text, merged
from forensics.scan.setup import usual_setup

__all__ = ["Texts"]

_LEAST = 4
"""Bytes of a value that is looked for."""
_RUN = re.compile(rb"\S+")
_WORD = re.compile(rb"\w+")
_ENCODED = re.compile(rb"[\w%+/.~-]+=*")
_FORMS = ("percent", "base64")
"""In which a value may stand in one word; see `detectors.canonical`."""
_MASK = "****"


class Texts:
    """Masks what rules find in a text, and every value that an index knows, whatever stands around
    it: such values are told by their fingerprints, so none is read."""

    def __init__(self, key: Key, connection: Connection | None = None) -> None:
        """Mask by rules, and by what an index knows.

        Args:
            key: the index's.
            connection: of the index; None where there is none yet.
        """
        self._key, self._db = key, connection
        self._told: dict[str, str] = {}

    def masked(self, text: str) -> str:
        """The text, any secret in it masked; all of it where that could not be told."""
        if text and text not in self._told:
            self._told[text] = self._masked(text.encode("utf-8", "surrogateescape"))
        return self._told.get(text, text)

    def _masked(self, text: bytes) -> str:
        result = usual_setup(self._key).scanner().scan(text)
        if result.timed_out or result.failed or result.unread:
            return _MASK
        spans = [*((hit.start, hit.end) for hit in result.hits), *self._known(text)]
        whole = merged(Span(start, end, 0, 0, "") for start, end in spans)
        return masked_text(text, 0, len(text), whole).decode("utf-8", "backslashreplace")

    @cached_property
    def _lengths(self) -> list[int]:
        lengths = lengths_known(self._db) if self._db is not None else []
        return [length for length in lengths if length >= _LEAST]

    def _known(self, text: bytes) -> Iterator[tuple[int, int]]:
        """Where values stand that the index knows, as they are or encoded."""
        yield from self._as_they_are(text)
        for word in _ENCODED.finditer(text):
            values = {canonical(word[0], form) for form in _FORMS} - {word[0]}
            if any(self._as_they_are(value) for value in values):
                yield word.span()

    def _as_they_are(self, text: bytes) -> list[tuple[int, int]]:
        if self._db is None or not self._lengths:
            return []
        marks = {
            (start, end): self._key.fingerprint(text[start:end])
            for start, end in _stretches(text, self._lengths)
        }
        known = known_among(self._db, list(marks.values()))
        return [span for span, mark in marks.items() if mark in known]


def _stretches(text: bytes, lengths: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Starts and ends of what may be a value of these lengths: anything without white space in it,
    and what begins and ends where words do."""
    edges: set[int] = set()
    for run in _RUN.finditer(text):
        edges.update(run.span())
        for length in lengths:
            yield from ((at, at + length) for at in range(run.start(), run.end() - length + 1))
    edges.update(edge for word in _WORD.finditer(text) for edge in word.span())
    yield from ((at, at + length) for at in edges for length in lengths if at + length in edges)
