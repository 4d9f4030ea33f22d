"""Checks of rules: what is wrong with one, and what it costs every scan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random
from time import perf_counter_ns
from typing import NamedTuple

import regex

from detectors.anchor import Anchor
from detectors.fixed_bytes import LEAST_LITERAL, longest_literal
from detectors.prefilter import Prefilter, best_prefilter
from detectors.registry import detectors_for
from detectors.rule import Rule
from detectors.scanner import Scanner
from detectors.template import expand

__all__ = [
    "Cost",
    "Problem",
    "measure_cost",
    "problems",
    "source_like_text",
]

_SEEDS = range(3)
_COMMON = (
    "return if else for while static const char int void struct self def class import from "
    "value name buffer length config error node list string data file unsigned size_t NULL "
    "len ptr next result index count offset server request header 0 1 0x1f 42 = == ( ) { } ; , ->"
)
_RARER = (
    "key path token user password_field secret_name auth machine api https://docs.internal/guide "
    "sha256 0b9e1c77a4d2 example redis:6379 en-us /* */"
)
_WORDS = _COMMON.split() * 12 + _RARER.split()


class Problem(NamedTuple):
    """One thing that is wrong with a rule."""

    rule_id: str
    field: str
    """The field of the rule to change."""
    message: str


class Cost(NamedTuple):
    """What a rule adds to the prefilter, in nanoseconds a kilobyte of source-like text."""

    without: float
    """All other rules."""
    together: float
    """All other rules and this one."""

    @property
    def added(self) -> float:
        """Nanoseconds a kilobyte that the rule adds; below zero where noise is larger."""
        return self.together - self.without


def source_like_text(size: int, seed: int = 0) -> bytes:
    """`size` bytes that look like source code to a prefilter; the same for the same seed."""
    random = Random(seed)  # noqa: S311 - text to measure with, no secret
    lines: list[str] = []
    length = 0
    while length < size:
        line = " " * random.randrange(0, 12, 4) + " ".join(random.choices(_WORDS, k=8)) + "\n"
        lines.append(line)
        length += len(line)
    return "".join(lines).encode()[:size]


def problems(rule: Rule, beside: Sequence[Rule] = ()) -> Iterator[Problem]:
    """Yield everything that is wrong with `rule` as one among the rules `beside` it.

    A rule of the same id among those is taken as an older version of it and left out.

    Raises:
        RuleError: the rule, or one beside it, does not compile.
    """
    others = [_by_itself(other) for other in beside if other.id != rule.id]
    known = {rule.id, *(other.id for other in beside)}
    for partner in rule.partners:
        if partner not in known:
            yield Problem(rule.id, "partners", f"there is no rule {partner!r}")
    if rule.identifier and not any(rule.id in other.partners for other in beside):
        yield Problem(rule.id, "identifier", "no rule names it among its `partners`")
    rule = _by_itself(rule)
    alone = Scanner(detectors_for([rule]))
    together = Scanner(detectors_for([*others, rule])) if others else alone
    anchor = None if rule.assigned else rule.to_anchor()
    if anchor:
        yield from _anchor_problems(rule, anchor)
    for template in rule.examples:
        for seed in _SEEDS:
            if problem := _example_problem(rule, anchor, template, seed, alone, together):
                yield problem
                break
    for template in rule.counterexamples:
        if any(alone.scan(expand(template, seed)).hits for seed in _SEEDS):
            yield Problem(rule.id, "counterexamples", f"{template!r} is found, and must not be")


def _by_itself(rule: Rule) -> Rule:
    """The rule as it is where nothing is paired: an example need not hold a partner too."""
    return replace(rule, partners=(), alone=True)


def _anchor_problems(rule: Rule, anchor: Anchor) -> Iterator[Problem]:
    field = "anchor" if rule.anchor else "pattern"
    if longest_literal(anchor.expression) < LEAST_LITERAL:
        yield Problem(
            rule.id,
            field,
            f"no run of {LEAST_LITERAL} fixed bytes stands in every match, so every position of"
            " every content is tried: start at a keyword or a longer prefix",
        )
    if not rule.keywords:
        yield Problem(
            rule.id, "keywords", "name literals of which one stands in every match, in lower case"
        )
    for word in rule.keywords:
        if word != word.lower():
            yield Problem(rule.id, "keywords", f"{word!r} must be in lower case")


def _example_problem(
    rule: Rule, anchor: Anchor | None, template: str, seed: int, alone: Scanner, together: Scanner
) -> Problem | None:
    content = expand(template, seed)
    if anchor and not regex.search(anchor.expression.encode(), content):
        return Problem(
            rule.id,
            "anchor" if rule.anchor else "examples",
            f"what the prefilter looks for does not stand in the example {template!r}",
        )
    lowered = content.lower()
    if rule.keywords and not any(word.encode() in lowered for word in rule.keywords):
        return Problem(rule.id, "keywords", f"none of them stands in the example {template!r}")
    if not alone.scan(content).hits:
        return Problem(rule.id, "examples", f"nothing is found in {template!r}")
    found = [hit.kind.id for hit in together.scan(content).hits]
    if rule.id not in found:
        return Problem(
            rule.id, "examples", f"{', '.join(found)} wins over this rule in {template!r}"
        )
    return None


def measure_cost(
    rule: Rule, beside: Sequence[Rule] = (), *, size: int = 1_000_000, rounds: int = 5
) -> Cost:
    """What `rule` costs the prefilter for every kilobyte, next to the rules `beside` it.

    Args:
        rule: the rule to measure.
        beside: the other rules; one of the same id is left out.
        size: bytes of generated text to look through.
        rounds: times to look through it; the fastest counts.

    Raises:
        RuleError: the rule, or one beside it, does not compile.
    """
    others = [other for other in beside if other.id != rule.id]
    prefilters = [
        best_prefilter(Scanner.anchors_of(detectors_for(rules)))
        for rules in (others, [*others, rule])
    ]
    text = source_like_text(size)
    # Taken in turns, so that both see the same load of the machine.
    taken = [[_nanoseconds(each, text) for each in prefilters] for _ in range(rounds)]
    without, together = (min(times) / size * 1000 for times in zip(*taken, strict=True))
    return Cost(without, together)


def _nanoseconds(prefilter: Prefilter, text: bytes) -> int:
    started = perf_counter_ns()
    prefilter.find(text)
    return perf_counter_ns() - started
