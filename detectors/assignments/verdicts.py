"""Which of the values that stand where assignments do are secrets."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping

from detectors.assignments.basic import basic_password
from detectors.assignments.context import ContextRules
from detectors.assignments.features import Surroundings, near, vector
from detectors.assignments.model import built_in_model
from detectors.assignments.pieces import Piece, pieces
from detectors.assignments.places import Place, places
from detectors.assignments.rejection import worth_judging
from detectors.canonical import canonical
from detectors.deadline import Deadline
from detectors.detector import Spans
from detectors.hit import Hit, Kind
from detectors.judged import Judged, judged
from detectors.rule import Rule
from detectors.secret import Secret

__all__ = ["Verdicts"]

_REMEMBERED = 100_000
"""Lines, and lines with what stands around them, whose verdicts are kept."""
_ESCAPE = re.compile(rb"""\\(["'`\\/])|((?:\\u[0-9A-Fa-f]{4})+)""")
"""What strings of all languages that have it read alike; other escapes are values' own letters in
some."""

_Found = tuple[Place, bool]
"""A place, and whether more than a context rule can know its value."""
_Looked = tuple[bytes, tuple[bool, ...], frozenset[bytes], int, int]
"""A line, what stands around it, providers named there, and where values may open."""


class Verdicts:
    """Judges lines. What one holds depends on it and a little around it alone, so verdicts are
    remembered: most lines of a version stood in the version before."""

    def __init__(self, context: ContextRules, scored: Mapping[bytes, tuple[Rule, Kind]]) -> None:
        """Judge by rules that go by a name, and by those that the model scores, by the ends of
        names."""
        self._context, self._scored = context, scored
        self._places: dict[tuple[bytes, tuple[int, int]], tuple[_Found, ...]] = {}
        self._hits: dict[_Looked, tuple[Hit, ...]] = {}
        self._around: dict[tuple[bytes, bytes], tuple[tuple[bool, ...], frozenset[bytes]]] = {}

    def of(self, content: bytes, spans: Spans, deadline: Deadline) -> Iterator[Hit]:
        """Yield what is a secret on the lines where an assignment may stand.

        Raises:
            TimeoutError: the deadline has passed.
        """
        for piece in pieces(content, spans):
            line = content[piece.start : piece.end]
            deadline.remaining()
            opens = piece.first - piece.start, piece.last - piece.start
            found = self._places.get((line, opens))
            if found is None:
                known = tuple(self._worthy(line))
                some = any(opens[0] <= place.opening <= opens[1] for place, _ in known)
                found = self._places[line, opens] = known if some else ()
            if found:
                yield from self._piece(content, piece, line, found)
        if len(self._places) + len(self._hits) + len(self._around) >= _REMEMBERED:
            self._around.clear()
            self._places.clear()
            self._hits.clear()

    def _worthy(self, line: bytes) -> Iterator[_Found]:
        """Places that are worth judging; all where a name stands that context rules go by."""
        words = built_in_model().language.words
        named = bool(self._context.names(line))
        for place in places(line):
            worthy = worth_judging(place, line, words)
            if worthy or named:
                yield place, worthy

    def _piece(
        self, content: bytes, piece: Piece, line: bytes, found: tuple[_Found, ...]
    ) -> Iterator[Hit]:
        """The secrets of a piece in which something may stand."""
        start, _, first, last = piece
        texts = piece.around(content)
        around_it = self._around.get(texts)
        if around_it is None:
            before, after = texts
            around_it = near(before + b"\n" + after), self._context.names(before)
            self._around[texts] = around_it
        judged = (line, *around_it, first - start, last - start)
        hits = self._hits.get(judged)
        if hits is None:
            around = Surroundings(line, sum(worthy for _, worthy in found), judged[1])
            hits = self._hits[judged] = tuple(
                hit
                for place, worthy in found
                if first <= place.opening + start <= last
                and (hit := self._verdict(place, around, judged[2], worthy=worthy))
            )
        for hit in hits:
            yield hit._replace(start=hit.start + start, end=hit.end + start)

    def _verdict(
        self, place: Place, around: Surroundings, providers: frozenset[bytes], *, worthy: bool
    ) -> Hit | None:
        value = around.line[place.start : place.end]
        providers |= self._context.names(around.line[: place.key_start])
        match = self._context.find(place.key, providers, value)
        if match:
            start, end = place.start + match.start, place.start + match.end
            return Hit(
                match.kind, start, end, Secret(match.plain),
                *_told(match.rule, match.confidence, start, end, around.line),
            )  # fmt: skip
        known = self._scored_rule(place) if worthy else None
        if known is None:
            return None
        rule, kind = known
        model = built_in_model()
        plain = _canonical(place, value, model.language.words)
        if plain is None:
            return None
        features = vector(place, around, model.language)
        confidence = model.confidence(features)
        if confidence < model.threshold:
            return None
        told = _told(rule, confidence, place.start, place.end, around.line)
        return Hit(
            kind, place.start, place.end, Secret(plain), *told,
            reasons=model.reasons(features),
        )  # fmt: skip

    def _scored_rule(self, place: Place) -> tuple[Rule, Kind] | None:
        """What a value at this place would be, by the end of its name."""
        if place.form == "url":
            return self._scored.get(b"url")
        name = place.key.lower().rstrip(b"_0123456789")
        if place.form == "sql":
            name = b"password"
        ends = [word for word in self._scored if name.endswith(word)]
        return self._scored[max(ends, key=len)] if ends else self._scored.get(b"*")


def _told(rule: Rule, confidence: float, start: int, end: int, line: bytes) -> Judged:
    """What the value's structure makes of it, by its line: verdicts rest on no more than that."""
    return judged(rule.structure, confidence, line[start:end], line[:start], line[end:])


def _canonical(place: Place, value: bytes, words: Container[bytes]) -> bytes | None:
    """The secret itself; None where decoding shows that there is none."""
    if place.form == "url":
        return canonical(value, "percent")
    if place.form == "scheme" and place.key[:2].lower() == b"ba":
        return basic_password(value, words)
    return _ESCAPE.sub(_unescaped, value) if place.quote and b"\\" in value else value


def _unescaped(found: re.Match[bytes]) -> bytes:
    if found[1]:
        return found[1]
    units = bytes.fromhex(found[2].replace(b"\\u", b"").decode())
    return units.decode("utf-16-be", "replace").encode()
