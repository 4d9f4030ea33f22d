"""The detector behind another scanner's rules."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

import regex

from detectors.anchor import Anchor, widest
from detectors.deadline import Deadline
from detectors.detector import Spans
from detectors.entropy import shannon
from detectors.foreign.allowing import Judged, allowed_by_content
from detectors.foreign.records import ForeignConfig, ForeignRule, Required
from detectors.hit import Hit, Kind
from detectors.ignoring import is_pending
from detectors.rule_detector import matches
from detectors.secret import Secret

__all__ = ["ForeignDetector", "foreign_kind"]

_REACH = 16_384
"""Bytes. A match is looked for no further past its anchor."""
_NEAR = 2_048
"""Bytes around a keyword in which a pattern without fixed bytes is looked for."""
_REQUIRED_REACH = 65_536
"""Bytes around a match in which what it requires is looked for."""
_MOST_REQUIRED = 1_000
_SURE, _UNSURE = 0.8, 0.4


def foreign_kind(rule: ForeignRule, tool: str) -> Kind:
    """What a rule reports, in our terms; its file says nothing of severity or remedies."""
    return Kind(
        rule.id,
        rule.title,
        "medium",
        f"A rule of a {tool} configuration found it; its title is all that is said of it there.",
        "Find out what it opens, rotate it there, and let the program read it from a secret store.",
        # What only some paths make a finding must not take the place of what is one anywhere.
        generic="generic" in rule.name.lower() or bool(rule.path),
    )


class ForeignDetector:
    """Finds what the rules of a configuration describe. Anchor `i` belongs to rule `i`."""

    def __init__(self, config: ForeignConfig) -> None:
        self._config = config
        self._number = {rule.name: number for number, rule in enumerate(config.rules)}
        self._shown = [rule for rule in config.rules if rule.reported]
        self._kinds = {rule.name: foreign_kind(rule, config.tool) for rule in self._shown}
        self._patterns: dict[str, tuple[regex.Pattern[bytes], int]] = {}
        self._starts: dict[str, regex.Pattern[bytes]] = {}
        self._anchors = tuple(
            Anchor(
                rule.anchor,
                widest(rule.anchor),
                rule.lead,
                keywords=rule.keywords if rule.near else (),
            )
            for rule in self._shown
        )

    @property
    def version(self) -> str:
        """A digest of all rules and allowlists."""
        facts = repr((self._config.rules, self._config.allowlists))
        return f"{self._config.tool}-" + hashlib.sha256(facts.encode()).hexdigest()[:16]

    @property
    def kinds(self) -> Sequence[Kind]:
        """One for each rule that reports on its own."""
        return tuple(self._kinds.values())

    @property
    def anchors(self) -> Sequence[Anchor]:
        """One for each rule that reports on its own."""
        return self._anchors

    def _pattern(self, rule: ForeignRule) -> tuple[regex.Pattern[bytes], int]:
        if rule.name not in self._patterns:
            reach = min(widest(rule.pattern), _REACH)
            self._patterns[rule.name] = regex.compile(rule.pattern.encode()), reach
        return self._patterns[rule.name]

    def confirm(
        self, content: bytes, spans: Mapping[int, Spans], deadline: Deadline
    ) -> Iterator[Hit]:
        """Yield what the rules find, rule by rule; one that runs out of its share of the time does
        not keep the others from theirs.

        Raises:
            TimeoutError: at least one rule did, after all have had their turn.
        """
        late = False
        for index, places in spans.items():
            rule = self._shown[index]
            try:
                share = deadline.half()
                for match in self._matches(rule, content, places, share):
                    if hit := self._judge(rule, content, match, share):
                        yield hit
            except TimeoutError:
                late = True
        if late:
            raise TimeoutError

    def _matches(
        self, rule: ForeignRule, content: bytes, spans: Spans, deadline: Deadline
    ) -> Iterator[regex.Match[bytes]]:
        """What the rule's pattern matches, looked for only as far from its anchors as is said."""
        pattern, reach = self._pattern(rule)
        if rule.near:
            starts = list(self._anchored(rule, content, spans, deadline))
            places = [(max(0, at - _NEAR), at + _NEAR) for at in starts]
            yield from matches(pattern, reach, content, places, deadline)
        elif rule.lead:
            starts = list(self._anchored(rule, content, spans, deadline))
            places = [(max(0, at - rule.lead), at) for at in starts]
            yield from matches(pattern, reach, content, places, deadline)
        else:
            free = 0
            for at in self._anchored(rule, content, spans, deadline):
                end = min(len(content), at + reach)
                found = pattern.match(content, at, end, timeout=deadline.remaining())
                if found is not None and at >= free:
                    yield found
                    free = max(found.end(), at + 1)

    def _anchored(
        self, rule: ForeignRule, content: bytes, spans: Spans, deadline: Deadline
    ) -> Iterator[int]:
        """Where the rule's anchors start, each once."""
        anchor = self._anchor_of(rule)
        free = 0
        for first, last in spans:
            position = max(first, free)
            while found := anchor.search(content, position, last, timeout=deadline.remaining()):
                free = position = found.start() + 1
                yield found.start()

    def _anchor_of(self, rule: ForeignRule) -> regex.Pattern[bytes]:
        if rule.name not in self._starts:
            self._starts[rule.name] = regex.compile(rule.anchor.encode())
        return self._starts[rule.name]

    def _judge(
        self, rule: ForeignRule, content: bytes, match: regex.Match[bytes], deadline: Deadline
    ) -> Hit | None:
        found = _secret(rule, match)
        if found is None:
            return None
        start, end = found
        secret = content[start:end]
        if rule.entropy and shannon(secret) <= rule.entropy:
            return None
        partner: tuple[int, int] | None = None
        for required in rule.required:
            partner = self._required(required, content, match, deadline)
            if partner is None:
                return None
        first = _first(rule, content, match.start())
        judged = Judged(content, first, content[first : match.end()], secret)
        reasons = [
            reason
            for one in (*rule.allowlists, *self._config.allowlists)
            if (reason := allowed_by_content(one, judged))
        ]
        sure = next((reason for reason in reasons if not is_pending(reason)), "")
        kind = self._kinds[rule.name]
        return Hit(
            kind, start, end, Secret(secret), _UNSURE if kind.generic else _SURE,
            partner=partner if len(rule.required) == 1 else None,
            ignored=sure or "\n".join(reasons),
        )  # fmt: skip

    def _required(
        self, required: Required, content: bytes, match: regex.Match[bytes], deadline: Deadline
    ) -> tuple[int, int] | None:
        """Where what a match requires stands near enough, if it does."""
        rule = self._config.rules[self._number[required.rule]]
        pattern, _ = self._pattern(rule)
        first = max(0, match.start() - _REQUIRED_REACH)
        last = min(len(content), match.end() + _REQUIRED_REACH)
        seconds = deadline.remaining()
        for count, one in enumerate(pattern.finditer(content, first, last, timeout=seconds)):
            if count >= _MOST_REQUIRED:
                return None
            found = _secret(rule, one)
            if found is None or (rule.entropy and shannon(content[slice(*found)]) <= rule.entropy):
                continue
            if _near_enough(required, content, one.start(), match.start()):
                return found
        return None


def _secret(rule: ForeignRule, match: regex.Match[bytes]) -> tuple[int, int] | None:
    """The span of the secret in a match, if anything is in it."""
    if rule.group:
        span = match.span(rule.group)
    else:
        groups = (match.span(number) for number in range(1, len(match.groups()) + 1))
        span = next(((start, end) for start, end in groups if end > start), match.span())
    return span if span[1] > span[0] >= 0 else None


def _first(rule: ForeignRule, content: bytes, start: int) -> int:
    """Where a match starts, with the run of bytes before it that belongs to it."""
    mask, most = rule.run
    least = max(0, start - most)
    while start > least and mask >> content[start - 1] & 1:
        start -= 1
    return start


def _near_enough(required: Required, content: bytes, one: int, other: int) -> bool:
    """Whether what starts at `one` is as near to what starts at `other` as is required."""
    low, high = sorted((one, other))
    if required.lines is not None and content.count(b"\n", low, high) > required.lines:
        return False
    if required.columns is None:
        return True
    columns = [place - content.rfind(b"\n", 0, place) for place in (one, other)]
    return abs(columns[0] - columns[1]) <= required.columns
