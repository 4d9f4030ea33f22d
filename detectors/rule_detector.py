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
_NEAR = 1024
"""Bytes around a change that are looked at, at most, for the sake of what stands elsewhere."""


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


def _value(match: regex.Match[bytes]) -> bytes | None:
    return match[_group(match)]


def _group(match: regex.Match[bytes]) -> str | int:
    return "secret" if "secret" in match.re.groupindex else 0


class _Named:
    """Tells by keywords which of the rules that share an anchor may match where it stands."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._looked: tuple[Spans, int] = (), 0
        self._text = b""

    def near(self, spans: Spans, reach: int, keywords: Sequence[str]) -> bool:
        """Whether a keyword stands where a search in `spans` looks, `reach` bytes past them."""
        if self._looked != (spans, reach):
            parts = [self._content[at : to + reach] for at, to in _joined(spans, reach)]
            self._looked, self._text = (spans, reach), b"\n".join(parts).lower()
        return any(word.encode() in self._text for word in keywords)


class RuleDetector:
    """Finds what rules describe. Kind `i` and anchor `i` belong to rule `i`."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = tuple(rules)
        self.kinds: Sequence[Kind] = tuple(Kind.of(rule) for rule in self._rules)
        self._patterns: dict[int, regex.Pattern[bytes]] = {}
        self._widths: dict[int, int] = {}
        self.anchors: Sequence[Anchor] = tuple(rule.to_anchor() for rule in self._rules)
        sharing: dict[str, list[int]] = {}
        for index, anchor in enumerate(self.anchors):
            sharing.setdefault(anchor.expression, []).append(index)
        self._sharing = {
            index: max(map(self._width, those))
            for those in sharing.values()
            if len(those) > 1
            for index in those
        }
        """Of rules that share an anchor: the most bytes that a pattern of theirs looks at."""

    @property
    def version(self) -> str:
        """A digest of all rules."""
        return "rules-" + hashlib.sha256(repr(self._rules).encode()).hexdigest()[:16]

    def _pattern(self, index: int) -> regex.Pattern[bytes]:
        if index not in self._patterns:
            self._patterns[index] = self._rules[index].compiled()
        return self._patterns[index]

    def _width(self, index: int) -> int:
        if index not in self._widths:
            self._widths[index] = widest(self._rules[index].pattern)
        return self._widths[index]

    def _matches(
        self, content: bytes, spans: Mapping[int, Spans], deadline: Deadline
    ) -> Iterator[tuple[int, Iterator[regex.Match[bytes]]]]:
        """By rule that may stand there, what its pattern matches."""
        named = _Named(content)
        for index, places in spans.items():
            width = self._width(index)
            reach = width if width <= _MAX_REACH else None
            if (most := self._sharing.get(index)) is not None and most <= _MAX_REACH:
                keywords = self.anchors[index].keywords
                if keywords and not named.near(places, most, keywords):
                    continue
            yield index, matches(self._pattern(index), reach, content, places, deadline.half())

    def confirm(
        self, content: bytes, spans: Mapping[int, Spans], deadline: Deadline
    ) -> Iterator[Hit]:
        """Yield what the rules find, rule by rule.

        A rule that runs out of its share of the time does not keep the others from theirs.

        Raises:
            TimeoutError: at least one rule did, after all have had their turn.
        """
        late = False
        for index, found in self._matches(content, spans, deadline):
            try:
                for match in found:
                    if hit := self._judge(index, match):
                        yield hit
            except TimeoutError:
                late = True
        if late:
            raise TimeoutError

    def settled(self, content: bytes, spans: Mapping[int, Spans], deadline: Deadline) -> int:
        """How near a change must come, in bytes, before anything in `content` is a finding; 0 if
        something is, or where that cannot be said.

        What is refused for its value stays refused. But its match must not keep another one, which
        starts inside it, from being seen: that one would come with a change far before it.

        Raises:
            TimeoutError: the deadline has passed.
        """
        most = max(self._width(index) + self.anchors[index].width for index in spans)
        if most > _NEAR:
            return 0
        for index, found in self._matches(content, spans, deadline):
            pattern, rule = self._pattern(index), self._rules[index]
            for match in found:
                if accepted(rule, _value(match)) is not None:
                    return 0
                start, end = match.span()
                hidden = pattern.search(
                    content, start + 1, end + most, timeout=deadline.remaining()
                )
                if hidden is not None and hidden.start() < end:
                    return 0
        return most

    def _judge(self, index: int, match: regex.Match[bytes]) -> Hit | None:
        rule = self._rules[index]
        value = _value(match)
        plain = accepted(rule, value)
        if value is None or plain is None:
            return None
        start, end = match.span(_group(match))
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
