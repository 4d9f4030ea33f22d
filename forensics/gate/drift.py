"""Deciding about drift between environments, as `judge.py` does about findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from forensics.drift.acceptance import concerned, fits
from forensics.drift.model import DriftEvent
from forensics.gate.judge import at_least
from forensics.gate.policy import FAIL, DriftEntry, Policy

__all__ = ["DriftTally", "judge_drift"]


class DriftTally(NamedTuple):
    """How many differences count, how many fail, and what decided."""

    all: int
    failing: int
    by_entry: tuple[tuple[DriftEntry | None, int], ...]
    """Of each entry, and at the end of none, how many it decided."""


def judge_drift(
    policy: Policy, events: Iterable[DriftEvent], canonical: Callable[[str], str]
) -> DriftTally:
    """What a policy says of the differences that are open, neither accepted nor meant to be.

    Args:
        policy: whose entries of drift apply.
        events: of any kind.
        canonical: the one way to write an environment's name.
    """
    environments = {
        one.number: tuple(canonical(name) for name in one.environments) for one in policy.drift
    }
    decided: Counter[int] = Counter()
    failing = 0
    for event in events:
        if event.closed is not None or event.accepted or event.severity == "info":
            continue
        entry = next(
            (one for one in policy.drift if _fits(one, environments[one.number], event)), None
        )
        decided[0 if entry is None else entry.number] += 1
        failing += (policy.default if entry is None else entry.action) == FAIL
    entries = tuple((one, decided[one.number]) for one in policy.drift)
    return DriftTally(decided.total(), failing, (*entries, (None, decided[0])))


def _fits(entry: DriftEntry, environments: tuple[str, ...], event: DriftEvent) -> bool:
    return (
        (not entry.kinds or event.kind in entry.kinds)
        and (not entry.severity or at_least(event.severity, entry.severity))
        and event.days >= entry.open_days
        and _any(entry.sets, event.set)
        and _any(entry.keys, event.key)
        and (not environments or _about(entry.action, environments, event))
    )


def _any(globs: tuple[str, ...], text: str) -> bool:
    return not globs or any(fits(text, glob) for glob in globs)


def _about(action: str, environments: tuple[str, ...], event: DriftEvent) -> bool:
    """What is in doubt fails: an entry that lets pass has to name all environments concerned."""
    named = [any(fits(name, glob) for glob in environments) for name in concerned(event)]
    return any(named) if action == FAIL else bool(named) and all(named)
