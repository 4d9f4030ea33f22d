"""`rotation`: a secret got a new value in one environment, and the others have not followed."""

from __future__ import annotations

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
        self._alone: dict[tuple[str, str], tuple[Step, set[str]]] = {}
        """By set and key: when production alone rotated last."""

    def see(self, turn: Turn) -> None:
        """Enter what a commit rotates."""
        for key in turn.keys:
            if not looks_secret(key) and not self._encrypted(turn, key):
                continue
            entry = self._ledger.get(_TOPIC, turn.set, key)
            rotated = _rotated(turn, key)
            row = turn.after.row(key)
            if entry is not None:
                self._go_on(turn, entry, rotated, row)
            elif rotated:
                self._perhaps_opened(turn, key, rotated, row)

    def _encrypted(self, turn: Turn, key: str) -> bool:
        row = turn.after.row(key)
        return not key.startswith("sops.") and any(
            each.observation.kind == "ciphertext" for each in row.values()
        )

    def _perhaps_opened(
        self, turn: Turn, key: str, rotated: set[str], row: dict[str, Effective]
    ) -> None:
        """A wave is open where production has not followed, or where others have begun to."""
        place = (turn.set, key)
        first, before = self._alone.pop(place, (turn.step, set[str]()))
        if turn.step.time - first.time > _WAVE:
            first, before = turn.step, set()
        reached = rotated | (before & row.keys())
        pending = {
            name
            for name, each in row.items()
            if name not in reached and each.observation.kind in _HELD
        }
        if not pending:
            return
        if self._order.highest(reached | pending) <= reached and len(reached) < _MANY:
            self._alone[place] = (turn.step if rotated >= before else first, reached)
            return
        entry = self._ledger.open(
            Entry(
                topic=_TOPIC,
                kind="rotation",
                set_name=turn.set,
                key=key,
                present=reached,
                missing=pending,
                opened=first,
                severity="high" if any(map(self._order.is_production, pending)) else "medium",
                certain=not turn.doubtful & (reached | pending),
                paths={row[name].path.decode(errors="replace") for name in row},
            )
        )
        self._pending[id(entry)] = set(pending)
        entry.note(turn.step, f"{self._order.listed(rotated)} rotated")

    def _go_on(
        self, turn: Turn, entry: Entry, rotated: set[str], row: dict[str, Effective]
    ) -> None:
        if rotated:
            entry.note(turn.step, f"{self._order.listed(rotated)} rotated")
        pending = self._pending[id(entry)]
        followed = pending & rotated
        pending -= rotated
        pending &= row.keys()
        if pending:
            entry.lacking = set(pending)
            return
        del self._pending[id(entry)]
        how = "every environment rotated" if followed else "removed"
        certain = not turn.doubtful & entry.missing
        self._ledger.close(entry, turn.step, how, certain=certain)


def _rotated(turn: Turn, key: str) -> set[str]:
    """Environments that hold a value which none had before, or now refer to one."""
    had, has = turn.before.row(key), turn.after.row(key)
    return {
        name
        for name, each in has.items()
        if name in had
        and had[name].observation.kind in _HELD
        and each.observation.kind in (*_HELD, "reference")
        and not any(each.same(other) for other in had.values())
        and not (each.observation.kind == "ciphertext" and rewrapped(turn, name))
    }
