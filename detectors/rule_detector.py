"""The detector behind all rules."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

import regex

from detectors.acceptance import accepted
from detectors.anchor import Anchor, widest
from detectors.deadline import Deadline
from detectors.detector import Spans
from detectors.hit import Hit, Kind
from detectors.judged import AROUND, judged
from detectors.rule import Rule
from detectors.secret import Secret

__all__ = ["RuleDetector", "matches"]

_MAX_REACH = 32_768
"""Bytes. A pattern that looks at more is searched for up to the end of the content."""


def _joined(spans: Spans, reach: int) -> Iterator[tuple[int, int]]:
    """`spans`, those that are no further than `reach` apart joined.

    A search looks `reach` bytes past its span. Joined, no byte is searched more than twice.
    """
    start, end = 0, -1
    for first, last in spans:
        if end < 0:
            start = first
        elif first > end + reach:
            yield start, end
            start = first
        end = last
    if end >= 0:
        yield start, end


def matches(
    pattern: regex.Pattern[bytes],
    reach: int | None,
    content: bytes,
    spans: Spans,
    deadline: Deadline,
) -> Iterator[regex.Match[bytes]]:
    """What `pattern.finditer(content)` gives, looked for only where a match may start.

    `reach` is the most bytes a match can look at, or None if that is not bounded.
    """
    free = 0
    for first, last in spans if reach is None else _joined(spans, reach):
        position = max(first, free)
        while position <= last:
            end = len(content) if reach is None else min(len(content), last + reach)
            found = pattern.search(content, position, end, timeout=deadline.remaining())
            if found is None:
                if reach is None:
                    return
                break
            if reach is not None and found.start() > last:
                break
            yield found
            free = position = max(found.end(), found.start() + 1)


class RuleDetector:
    """Finds what rules describe. Kind `i` and anchor `i` belong to rule `i`."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = tuple(rules)
        self.kinds: Sequence[Kind] = tuple(Kind.of(rule) for rule in self._rules)
        self._patterns: dict[int, tuple[regex.Pattern[bytes], int | None]] = {}
        self.anchors: Sequence[Anchor] = tuple(rule.to_anchor() for rule in self._rules)

    @property
    def version(self) -> str:
        """A digest of all rules."""
        return "rules-" + hashlib.sha256(repr(self._rules).encode()).hexdigest()[:16]

    def _pattern(self, index: int) -> tuple[regex.Pattern[bytes], int | None]:
        if index not in self._patterns:
            rule = self._rules[index]
            width = widest(rule.pattern)
            self._patterns[index] = rule.compiled(), width if width <= _MAX_REACH else None
        return self._patterns[index]

    def confirm(
        self, content: bytes, spans: Mapping[int, Spans], deadline: Deadline
    ) -> Iterator[Hit]:
        """Yield what the rules find, rule by rule.

        A rule that runs out of its share of the time does not keep the others from theirs.

        Raises:
            TimeoutError: at least one rule did, after all have had their turn.
        """
        late = False
        for index, places in spans.items():
            try:
                for match in matches(*self._pattern(index), content, places, deadline.half()):
                    if hit := self._judge(index, match):
                        yield hit
            except TimeoutError:
                late = True
        if late:
            raise TimeoutError

    def _judge(self, index: int, match: regex.Match[bytes]) -> Hit | None:
        rule = self._rules[index]
        group = "secret" if "secret" in match.re.groupindex else 0
        value = match[group]
        plain = accepted(rule, value)
        if plain is None:
            return None
        start, end = match.span(group)
        before, after = (
            match.string[max(0, start - AROUND) : start],
            match.string[end : end + AROUND],
        )
        return Hit(
            self.kinds[index],
            start,
            end,
            Secret(plain),
            *judged(rule.structure, rule.confidence, value, before, after),
        )
