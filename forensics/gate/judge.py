"""Deciding: the first entry that fits a finding, else what the policy says of the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from forensics.gate.facts import Facts
from forensics.gate.policy import FAIL, SEVERITIES, Entry, Policy
from forensics.gate.rule_names import RuleNames
from forensics.index.records import Finding
from forensics.scan.listed import Known

__all__ = ["Judge", "Tally", "at_least"]


class Tally(NamedTuple):
    """How many findings count, how many fail, and what decided."""

    all: int
    failing: int
    by_entry: tuple[tuple[Entry | None, int], ...]
    """Of each entry, and at the end of none, how many it decided."""


class Judge:
    """Applies one policy, and counts what it decided."""

    def __init__(self, policy: Policy, names: RuleNames, baselines: Mapping[str, Known]) -> None:
        """Apply `policy`, whose entries mean rules as `names` has it, and these baselines."""
        self.policy, self.names = policy, names
        self._baselines = baselines
        self._rules = {one.number: names.of(one.rules) for one in policy.entries}
        self._decided: Counter[int] = Counter()
        self._failing = 0
        self._paths: dict[tuple[int, bytes], bool] = {}

    def judged(self, findings: Iterable[Finding], facts: Facts | None) -> Iterator[Finding]:
        """The findings, those that count with what the gate says of them.

        Args:
            findings: of one index.
            facts: of it; None where there is none, and no finding either.
        """
        for one in findings:
            if not one.counts:
                yield one
                continue
            assert facts is not None
            entry = self.entry_for(one, facts)
            action = self.policy.default if entry is None else entry.action
            self._decided[0 if entry is None else entry.number] += 1
            self._failing += action == FAIL
            yield one._replace(gate=action)

    def tally(self) -> Tally:
        """What was decided so far."""
        entries = [(one, self._decided[one.number]) for one in self.policy.entries]
        return Tally(self._decided.total(), self._failing, (*entries, (None, self._decided[0])))

    def entry_for(self, finding: Finding, facts: Facts) -> Entry | None:
        """The entry that decides."""
        return next((one for one in self.policy.entries if self._fits(one, finding, facts)), None)

    def _fits(self, entry: Entry, finding: Finding, facts: Facts) -> bool:
        """Whether all conditions hold, what is cheap to tell first."""
        if entry.severity and not at_least(finding.severity, entry.severity):
            return False
        if finding.confidence < entry.confidence:
            return False
        if entry.rules and finding.rule not in self._rules[entry.number]:
            return False
        if entry.paths and not self._at(entry, finding.path):
            return False
        if entry.new_since:
            told = facts.new_since(entry.new_since, finding)
            # What is in doubt fails: an entry that lets pass wants all of them to be new.
            if not (any(told) if entry.action == FAIL else all(told)):
                return False
        if entry.baseline and not facts.known(self._baselines[entry.baseline], finding):
            return False
        if not entry.status and entry.unrotated_days is None:
            return True
        standing = facts.standing(finding)
        if standing is None or (entry.status and standing.status not in entry.status):
            return False
        days = standing.unrotated_days
        return entry.unrotated_days is None or (days is not None and days >= entry.unrotated_days)

    def _at(self, entry: Entry, path: bytes | None) -> bool:
        if path is None:
            return False
        if (known := self._paths.get((entry.number, path))) is None:
            text = path.decode("utf-8", "surrogateescape")
            known = any(one.fullmatch(text) for one in entry.patterns)
            self._paths[entry.number, path] = known
        return known


def at_least(severity: str, least: str) -> bool:
    """Whether it is as bad, or worse."""
    return SEVERITIES.index(severity) <= SEVERITIES.index(least)
