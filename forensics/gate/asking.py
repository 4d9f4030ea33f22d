"""Which entry would decide about a finding of which only some things are said, and which entries
can never decide."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from forensics.gate.judge import at_least
from forensics.gate.policy import DriftEntry, Entry, Policy
from forensics.gate.rule_names import RuleNames

__all__ = ["Asked", "Candidate", "candidates", "shadowed"]


class Asked(NamedTuple):
    """What is said of a finding; None where nothing is."""

    path: str | None = None
    rule: str | None = None
    severity: str | None = None
    confidence: float | None = None
    status: str | None = None


class Candidate(NamedTuple):
    """An entry that could decide, and what else would have to hold for that."""

    entry: Entry
    open: tuple[str, ...]
    """Names of conditions about which nothing is said; empty where it does decide."""


def candidates(policy: Policy, names: RuleNames, asked: Asked) -> Iterator[Candidate]:
    """The entries that could decide, in order, up to the first that does."""
    for entry in policy.entries:
        told = _conditions(entry, names, asked)
        if False in told.values():
            continue
        unsaid = tuple(name for name, holds in told.items() if holds is None)
        yield Candidate(entry, unsaid)
        if not unsaid:
            return


def _conditions(entry: Entry, names: RuleNames, asked: Asked) -> dict[str, bool | None]:
    """By the names of its conditions, whether they hold; None where nobody said."""
    told: dict[str, bool | None] = {}
    path = asked.path
    if entry.paths:
        fits = path is not None and any(one.fullmatch(path) for one in entry.patterns)
        told["paths"] = None if path is None else fits
    if entry.rules:
        told["rules"] = None if asked.rule is None else asked.rule in names.of(entry.rules)
    if entry.severity:
        severe = asked.severity is not None and at_least(asked.severity, entry.severity)
        told["severity"] = None if asked.severity is None else severe
    if entry.confidence:
        told["confidence"] = (
            None if asked.confidence is None else asked.confidence >= entry.confidence
        )
    if entry.status:
        told["status"] = None if asked.status is None else asked.status in entry.status
    if entry.new_since:
        told["new-since"] = None
    if entry.unrotated_days is not None:
        told["unrotated-days"] = None
    if entry.baseline:
        told["baseline"] = None
    return told


def shadowed(policy: Policy) -> Iterator[tuple[Entry | DriftEntry, Entry | DriftEntry]]:
    """Entries that never decide, because an earlier one fits all that they fit; with that one.
    Simple cases only."""
    for number, later in enumerate(policy.entries):
        for earlier in policy.entries[:number]:
            if _wider(earlier, later):
                yield later, earlier
                break
    for number, drift in enumerate(policy.drift):
        for before in policy.drift[:number]:
            if _wider_drift(before, drift):
                yield drift, before
                break


def _wider(one: Entry, other: Entry) -> bool:
    days = one.unrotated_days
    return (
        _covers(one.paths, other.paths, _covers_path)
        and _covers(one.rules, other.rules)
        and _as_bad(one.severity, other.severity)
        and one.confidence <= other.confidence
        and _covers(one.status, other.status)
        and one.new_since in ("", other.new_since)
        and one.baseline in ("", other.baseline)
        # What is in doubt is new for an entry that fails, and not for one that lets pass.
        and (not one.new_since or one.action == other.action)
        and (days is None or (other.unrotated_days is not None and other.unrotated_days >= days))
    )


def _wider_drift(one: DriftEntry, other: DriftEntry) -> bool:
    return (
        _covers(one.kinds, other.kinds)
        and _covers(one.sets, other.sets)
        and _covers(one.environments, other.environments)
        and (not one.environments or one.action == other.action)
        and _covers(one.keys, other.keys)
        and _as_bad(one.severity, other.severity)
        and one.open_days <= other.open_days
    )


def _covers_path(wide: str, narrow: str) -> bool:
    return wide == narrow or (wide.endswith("/**") and narrow.startswith(wide[:-2]))


def _same(wide: str, narrow: str) -> bool:
    return wide == narrow


def _covers(
    wide: tuple[str, ...], narrow: tuple[str, ...], covers: Callable[[str, str], bool] = _same
) -> bool:
    """Whether what any of `narrow` means, one of `wide` means too; none at all means everything."""
    return not wide or (
        bool(narrow) and all(any(covers(one, each) for one in wide) for each in narrow)
    )


def _as_bad(wide: str, narrow: str) -> bool:
    return not wide or (bool(narrow) and at_least(narrow, wide))
