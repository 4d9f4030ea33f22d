"""`value` and `stale`: a value that was the same in all environments, and is no longer.

`stale` where production kept what the others gave up, `value` otherwise. Where values never were
the same, or their key or form says that they should differ, there is no drift.
"""

from __future__ import annotations

from collections.abc import Mapping

from forensics.drift.checks.check import Check
from forensics.drift.expected import meant
from forensics.drift.key_names import looks_secret
from forensics.drift.ledger import Entry, Ledger
from forensics.drift.walk import Turn

__all__ = ["Values"]

_TOPIC = "value"


class _Wave:
    """The values that environments had since they parted."""

    def __init__(self, old: bytes, new: Mapping[str, bytes]) -> None:
        self.old = old
        self.seen = {old, *new.values()}
        self.moved = {name for name, value in new.items() if value != old}
        self.own_way: set[str] = set()
        """Environments that got a value which no other had before."""


class Values(Check):
    """Follows values that were once the same."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger)
        self._waves: dict[int, _Wave] = {}
        self._together: dict[str, set[str]] = {}
        """By set: keys of which one commit gave all environments the same new value."""

    def see(self, turn: Turn) -> None:
        """Enter what a commit does to the sameness of values."""
        for key in turn.keys:
            if looks_secret(key):
                continue  # rotation follows these
            entry = self._ledger.get(_TOPIC, turn.set, key)
            if entry is None:
                self._perhaps_opened(turn, key)
            else:
                self._go_on(turn, key, entry)

    def moved(self, before: str, after: str) -> None:
        """What changed together before the move did so."""
        self._together[after] = self._together.pop(before, set())

    def renamed(self, name: str, before: str, after: str) -> None:
        """What changed together under the old name did so."""
        together = self._together.get(name, set())
        if before in together:
            together.remove(before)
            together.add(after)

    def _perhaps_opened(self, turn: Turn, key: str) -> None:
        had, has = turn.before.row(key), turn.after.row(key)
        both = [name for name in has if name in had]
        if len(both) < 2 or len({had[name].observation.fingerprint for name in both}) > 1:
            return
        row = {name: has[name] for name in both}
        values = {name: each.observation.fingerprint for name, each in row.items()}
        old = had[both[0]].observation.fingerprint
        if len(set(values.values())) == 1:
            if old not in values.values():
                self._together.setdefault(turn.set, set()).add(key)
            return
        if len({each.observation.type for each in row.values()}) > 1:
            return  # told as a different type
        if meant(key, row, changed_together=key in self._together.get(turn.set, ())):
            return
        wave = _Wave(old, values)
        behind = set(both) - wave.moved
        stale = bool(behind) and self._order.highest(both) <= behind
        entry = self._enter(
            turn, key, "stale" if stale else "value", row.values(),
            present=row.keys(), missing=behind if stale else set(), topic=_TOPIC,
            severity="medium" if any(map(self._order.is_production, both)) else "low",
        )  # fmt: skip
        self._waves[id(entry)] = wave
        entry.note(turn.step, f"{self._order.listed(wave.moved)} changed")

    def _go_on(self, turn: Turn, key: str, entry: Entry) -> None:
        had, has = turn.before.row(key), turn.after.row(key)
        wave = self._waves[id(entry)]
        both = [name for name in has if name in entry.present]
        values = {name: has[name].observation.fingerprint for name in both}
        certain = not turn.doubtful & entry.present
        if len(both) < 2:
            self._close(turn, entry, "removed", certain)
            return
        if len(set(values.values())) == 1:
            same = next(iter(values.values()))
            self._close(turn, entry, "reverted" if same == wave.old else "equal", certain)
            return
        changed = {
            name
            for name in both
            if name in had and had[name].observation.fingerprint != values[name]
        }
        if changed:
            entry.note(turn.step, f"{self._order.listed(changed)} changed")
        wave.own_way.update(
            name for name in changed if name not in wave.moved and values[name] not in wave.seen
        )
        wave.seen.update(values[name] for name in changed)
        if entry.missing:
            entry.lacking = {name for name in both if values[name] == wave.old} or entry.lacking
        if wave.own_way and wave.own_way | wave.moved >= set(both):
            entry.expected = "each environment has gone its own way since"

    def _close(self, turn: Turn, entry: Entry, how: str, certain: bool) -> None:
        del self._waves[id(entry)]
        self._ledger.close(entry, turn.step, how, certain=certain)
