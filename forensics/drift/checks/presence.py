"""`missing` and `extra`: a key that some environments of a set have and others lack."""

from __future__ import annotations

from forensics.drift.checks.check import Check
from forensics.drift.expected import own_entry
from forensics.drift.key_names import looks_secret
from forensics.drift.ledger import Entry
from forensics.drift.walk import Turn

__all__ = ["Presence"]

_TOPIC = "presence"
_REMOVED = "environment removed"
_FOR_TESTS = 1
"""Tier up to which an environment is for tests of developers."""


class Presence(Check):
    """Follows who has which key."""

    def see(self, turn: Turn) -> None:
        """Enter what a commit does to the presence of keys."""
        for key in turn.keys:
            self._key(turn, key)

    def _key(self, turn: Turn, key: str) -> None:
        row = turn.after.row(key)
        present = set(row)
        missing = turn.after.environments.keys() - present - turn.after.otherwise(key)
        entry = self._ledger.get(_TOPIC, turn.set, key)
        if entry is None:
            missing -= turn.after.uncertain  # it may be there: what does not parse lacks nothing
        else:
            missing -= turn.after.unknown
        if present and missing:
            if entry is None:
                entry = self._opened(turn, key, present, missing)
            else:
                self._go_on(turn, entry, present, missing)
            entry.having, entry.lacking = present, missing
            entry.paths.update(each.file for each in row.values())
        elif entry is not None:
            doubt = turn.doubtful & (entry.present | entry.missing)
            how = _how_closed(turn, key, present)
            self._ledger.close(entry, turn.step, how, certain=not doubt)

    def _opened(self, turn: Turn, key: str, present: set[str], missing: set[str]) -> Entry:
        returned = turn.after.environments.keys() - turn.before.environments.keys()
        if returned:
            entry = self._ledger.resumed(_TOPIC, turn.set, key, _REMOVED)
            if entry is not None:
                entry.note(turn.step, f"{self._order.listed(returned)} is back")
                entry.missing |= missing
                return entry
        kind = self._kind(present, missing)
        severity = self._severity(key, kind, missing)
        entry = self._enter(
            turn, key, kind, (), present=present, missing=missing, severity=severity, topic=_TOPIC
        )
        entry.expected = self._expected(turn, key, present, missing)
        return entry

    def _expected(self, turn: Turn, key: str, present: set[str], missing: set[str]) -> str:
        tests = {name for name in present | missing if not self._order.tier(name)}
        if not (present - tests and missing - tests) and tests:
            return "tests need other keys than what they test"
        return own_entry(key, turn.after, missing)

    def _kind(self, present: set[str], missing: set[str]) -> str:
        """What only the higher environments have, and they are few, is extra there; else it is
        missing in the others."""
        tier = self._order.tier
        only_above = min(map(tier, present)) > max(map(tier, missing))
        return "extra" if only_above and len(present) <= len(missing) else "missing"

    def _severity(self, key: str, kind: str, missing: set[str]) -> str:
        if any(map(self._order.is_production, missing)):
            return "high"
        if kind == "extra" or all(self._order.tier(name) <= _FOR_TESTS for name in missing):
            return "low"
        return "high" if looks_secret(key) else "medium"

    def _go_on(self, turn: Turn, entry: Entry, present: set[str], missing: set[str]) -> None:
        """Partial steps of a difference that stays one."""
        row = turn.before.row(entry.key)
        for names, what in (
            (present - row.keys() if row else set[str](), "got it"),
            (missing & row.keys(), "lost it"),
            (missing - turn.before.environments.keys(), "came without it"),
        ):
            if names:
                entry.note(turn.step, f"{self._order.listed(names)} {what}")
        entry.missing |= missing
        entry.expected = entry.expected and self._expected(turn, entry.key, present, missing)


def _how_closed(turn: Turn, key: str, present: set[str]) -> str:
    had = turn.before.row(key).keys()
    gone = turn.before.environments.keys() - turn.after.environments.keys()
    if gone and not (present - had) and not (had - gone - present):
        return _REMOVED
    if present and turn.after.otherwise(key):
        return "another type"
    return "added" if present else "removed"
