"""`rotation`: a secret got a new value in one environment, and the others have not followed."""

from __future__ import annotations

from collections.abc import Set

from forensics.drift.checks.check import Check
from forensics.drift.checks.rewrap import rewrapped
from forensics.drift.key_names import looks_secret
from forensics.drift.ledger import Entry, Ledger
from forensics.drift.model import Step
from forensics.drift.state import Effective
from forensics.drift.walk import Turn

__all__ = ["Rotations"]

_TOPIC = "rotation"
_WAVE = 90 * 86_400
"""Seconds within which changes belong together."""
_MANY = 2
_HELD = frozenset({"literal", "ciphertext"})


class Rotations(Check):
    """Follows waves of new values."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger)
        self._pending: dict[int, set[str]] = {}
        """Of each open entry: who has not followed yet."""
        self._old: dict[int, dict[str, Effective]] = {}
        """Of each open entry: what those that rotated had before."""
        self._alone: dict[str, dict[str, tuple[Step, dict[str, Effective]]]] = {}
        """By set and key: when production alone rotated last, and what it had before."""

    def see(self, turn: Turn) -> None:
        """Enter what a commit rotates."""
        for key in turn.keys:
            if not looks_secret(key) and not self._encrypted(turn, key):
                continue
            entry = self._ledger.get(_TOPIC, turn.set, key)
            row = turn.after.row(key)
            if entry is not None:
                self._go_on(turn, entry, row)
            else:
                self._perhaps_opened(turn, key, row)

    def moved(self, before: str, after: str) -> None:
        """A wave that began before the move goes on."""
        self._alone[after] = self._alone.pop(before, {})

    def renamed(self, name: str, before: str, after: str) -> None:
        """A wave that began under the old name goes on."""
        alone = self._alone.get(name, {})
        if before in alone:
            alone[after] = alone.pop(before)

    def _encrypted(self, turn: Turn, key: str) -> bool:
        row = turn.after.row(key)
        return any(each.observation.kind == "ciphertext" for each in row.values())

    def _perhaps_opened(self, turn: Turn, key: str, row: dict[str, Effective]) -> None:
        """A wave is open where production has not followed, or where others have begun to."""
        alone = self._alone.setdefault(turn.set, {})
        first, before = alone.get(key, (turn.step, dict[str, Effective]()))
        if turn.step.time - first.time > _WAVE:
            first, before = turn.step, {}
        rotated = _rotated(turn, key, before.keys())
        if not rotated:
            return
        alone.pop(key, None)
        had = turn.before.row(key)
        old = {name: had[name] for name in rotated} | before
        reached = rotated | (before.keys() & row.keys())
        pending = {
            name
            for name, each in row.items()
            if name not in reached and each.observation.kind in _HELD
        }
        if not pending:
            return
        if self._order.highest(reached | pending) <= reached and len(reached) < _MANY:
            alone[key] = (turn.step if rotated >= before.keys() else first, old)
            return
        entry = self._enter(
            turn, key, "rotation", row.values(),
            present=reached, missing=pending, opened=first,
            severity="high" if any(map(self._order.is_production, pending)) else "medium",
        )  # fmt: skip
        self._pending[id(entry)] = set(pending)
        self._old[id(entry)] = old
        entry.note(turn.step, f"{self._order.listed(rotated)} rotated")

    def _go_on(self, turn: Turn, entry: Entry, row: dict[str, Effective]) -> None:
        pending = self._pending[id(entry)]
        rotated = _rotated(turn, entry.key, (entry.present | entry.missing) - pending)
        if rotated:
            entry.note(turn.step, f"{self._order.listed(rotated)} rotated")
        followed = pending & rotated
        pending -= rotated
        pending &= row.keys()
        old = self._old[id(entry)]
        had = turn.before.row(entry.key)
        old.update((name, had[name]) for name in followed)
        back = all(name in row and row[name].same(each) for name, each in old.items())
        if pending and not back:
            entry.lacking = set(pending)
            return
        del self._pending[id(entry)], self._old[id(entry)]
        how = "reverted" if back else "every environment rotated" if followed else "removed"
        certain = not turn.doubtful & entry.missing
        self._ledger.close(entry, turn.step, how, certain=certain)


def _rotated(turn: Turn, key: str, reached: Set[str]) -> set[str]:
    """Environments that hold a value which none had before, or now refer to one.

    What those have that the wave `reached` is new as well: one password may be rotated in one
    environment after another.
    """
    had, has = turn.before.row(key), turn.after.row(key)
    old = [each for name, each in had.items() if name not in reached]
    return {
        name
        for name, each in has.items()
        if name in had
        and had[name].observation.kind in _HELD
        and each.observation.kind in (*_HELD, "reference")
        and not any(each.same(other) for other in (had[name], *old))
        and not (each.observation.kind == "ciphertext" and rewrapped(turn, name))
    }
