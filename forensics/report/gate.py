"""What a policy decided, and what it says, for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from forensics.gate.drift import DriftTally
from forensics.gate.judge import Tally
from forensics.gate.policy import DriftEntry, Entry, Policy
from forensics.report.text import printable

__all__ = ["drift_words", "entry_words", "tally_lines"]

_NAMES = 6
"""Of a list, how many are shown."""


def tally_lines(policy: Policy, tally: Tally | DriftTally) -> Iterator[str]:
    """How many findings or differences fail, and how many each entry decided, as a part of a
    summary."""
    what = "difference" if isinstance(tally, DriftTally) else "finding"
    what += "" if tally.all == 1 else "s"
    verb = "fails" if 1 in (tally.all, tally.failing) else "fail"
    yield (f"gate      {tally.failing:,} of {tally.all:,} {what} {verb} ({printable(policy.name)})")
    for entry, count in tally.by_entry:
        if entry is not None:
            reason = f": {printable(entry.reason)}" if entry.reason else ""
            does = _does(entry.action, count)
            yield f"          {count:,} {does} by entry {entry.number}{reason}"
        elif count:
            yield f"          {count:,} {_does(policy.default, count)} by default"


def entry_words(entry: Entry) -> str:
    """An entry as a sentence."""
    said = []
    if entry.paths:
        said.append(f"path {_one_of(entry.paths)}")
    if entry.rules:
        said.append(f"rule {_one_of(entry.rules)}")
    if entry.severity:
        said.append(f"severity {_or_worse(entry.severity)}")
    if entry.confidence:
        said.append(f"confidence {entry.confidence:g} or more")
    if entry.status:
        said.append(f"status {_one_of(entry.status)}")
    if entry.new_since:
        said.append(f"new since {printable(entry.new_since)}")
    if entry.unrotated_days is not None:
        said.append(f"unrotated for {entry.unrotated_days:,} days or more")
    if entry.baseline:
        said.append(f"listed in {printable(entry.baseline)}")
    return _sentence(entry.action, entry.reason, said)


def drift_words(entry: DriftEntry) -> str:
    """An entry about drift as a sentence."""
    said = [
        f"{what} {_one_of(names)}"
        for what, names in (
            ("kind", entry.kinds), ("set", entry.sets), ("environment", entry.environments),
            ("key", entry.keys),
        )
        if names
    ]  # fmt: skip
    if entry.severity:
        said.append(f"severity {_or_worse(entry.severity)}")
    if entry.open_days:
        said.append(f"open for {entry.open_days:,} days or more")
    return _sentence(entry.action, entry.reason, said)


def _sentence(action: str, reason: str, said: Sequence[str]) -> str:
    reasoned = f" ({printable(reason)})" if reason else ""
    return f"{action}: {', '.join(said) or 'whatever is left'}{reasoned}"


def _one_of(names: Sequence[str]) -> str:
    shown = " or ".join(printable(one) for one in names[:_NAMES])
    return f"{shown} or {len(names) - _NAMES:,} more" if len(names) > _NAMES else shown


def _or_worse(severity: str) -> str:
    return severity if severity == "critical" else f"{severity} or worse"


def _does(action: str, count: int) -> str:
    return action if count != 1 else f"{action}{'es' if action == 'pass' else 's'}"
