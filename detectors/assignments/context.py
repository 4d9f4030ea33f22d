"""Rules that know a provider's name beside a value of ordinary shape."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import regex

from detectors.acceptance import accepted
from detectors.assignments.key_words import key_words
from detectors.hit import Kind
from detectors.rule import Rule

__all__ = ["ContextMatch", "ContextRules"]

_MOST_WORDS = 4
_FARTHER = 0.85
"""Factor for the confidence where the provider is named near the place, not in it."""
_SEPARATOR = re.compile(r"[\W_]+")


class ContextMatch(NamedTuple):
    """A value that a context rule knows."""

    rule: Rule
    kind: Kind
    start: int
    """First byte of the secret in the value."""
    end: int
    plain: bytes
    """The secret in canonical form."""
    confidence: float


class _Known:
    """One rule, its expressions compiled when they are first needed."""

    def __init__(self, rule: Rule, kind: Kind) -> None:
        self.rule, self.kind = rule, kind

    @cached_property
    def key(self) -> regex.Pattern[bytes]:
        return regex.compile(self.rule.key.encode())

    @cached_property
    def pattern(self) -> regex.Pattern[bytes]:
        return self.rule.compiled()


class ContextRules:
    """Context rules by the words that they go by."""

    def __init__(self, rules: Sequence[tuple[Rule, Kind]]) -> None:
        self._by_name: dict[bytes, list[_Known]] = {}
        for rule, kind in rules:
            known = _Known(rule, kind)
            for name in rule.context:
                plain = _SEPARATOR.sub("", name.lower()).encode()
                self._by_name.setdefault(plain, []).append(known)
        self._starts = {name[:end] for name in self._by_name for end in range(1, len(name) + 1)}

    def names(self, text: bytes) -> frozenset[bytes]:
        """Names of providers that stand in `text` as whole words."""
        if not self._by_name:
            return frozenset()
        words = key_words(text)
        found: set[bytes] = set()
        for first, joined in enumerate(words):
            following = iter(words[first + 1 : first + _MOST_WORDS])
            while joined in self._starts:
                if joined in self._by_name:
                    found.add(joined)
                joined += next(following, b"\0")
        return frozenset(found)

    def find(self, key: bytes, near: frozenset[bytes], value: bytes) -> ContextMatch | None:
        """The surest rule that knows `value`.

        Args:
            key: the name that the value is given to.
            near: `names` of the text around it.
            value: the whole value, without quotes.
        """
        own = self.names(key)
        best: ContextMatch | None = None
        lowered = key.lower()
        for names, factor in ((own, 1.0), (near - own, _FARTHER)):
            known = {each.rule.id: each for name in names for each in self._by_name[name]}
            for _, each in sorted(known.items()):
                if best and best.confidence >= each.rule.confidence * factor:
                    continue
                if not each.rule.key or each.key.search(lowered):
                    best = _match(each, value, factor) or best
            if best:
                return best
        return None


def _match(known: _Known, value: bytes, factor: float) -> ContextMatch | None:
    rule = known.rule
    match = known.pattern.fullmatch(value)
    if match is None:
        return None
    group = "secret" if "secret" in match.re.groupindex else 0
    plain = accepted(rule, match[group])
    if plain is None:
        return None
    return ContextMatch(
        rule, known.kind, match.start(group), match.end(group), plain, rule.confidence * factor
    )
