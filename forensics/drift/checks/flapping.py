"""`flapping`: a value that goes back to what it was, and back again."""

from __future__ import annotations

from typing import NamedTuple

from forensics.drift.checks.check import Check
from forensics.drift.ledger import Entry, Ledger
from forensics.drift.model import Step
from forensics.drift.walk import Turn

__all__ = ["Flapping"]

_DAY = 86_400
_WITHIN = 90 * _DAY
_RETURNS = 2
_REMEMBERED = 8


class _Past(NamedTuple):
    value: bytes
    step: Step


class Flapping(Check):
    """Remembers the last values of each key in each environment."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger)
        self._past: dict[str, dict[tuple[str, str], list[_Past]]] = {}
        """By set, then by key and environment."""
        self._last: dict[int, Step] = {}
        """Of each open entry: the commit that last let it flap."""

    def see(self, turn: Turn) -> None:
        """Enter the keys that a commit lets flap."""
        if not turn.after.environments:
            for entry in self._ledger.about(turn.set):
                if entry.topic == "flapping":
                    del self._last[id(entry)]
                    self._ledger.close(entry, turn.step, "removed")
        for key in turn.keys:
            if self._together(turn, key):
                continue
            for name in turn.after.environments:
                if name in turn.before.environments and name not in turn.doubtful:
                    self._key(turn, key, name)

    def _together(self, turn: Turn, key: str) -> bool:
        """Whether all environments had the same before, and have the same again."""
        return all(
            (
                len(values) == len(state.environments)
                and len({each.observation.fingerprint for each in values.values()}) == 1
            )
            or not values
            for state, values in ((s, s.row(key)) for s in (turn.before, turn.after))
        )

    def _key(self, turn: Turn, key: str, name: str) -> None:
        had = turn.before.environments[name].get(key)
        has = turn.after.environments[name].get(key)
        old = had.observation.fingerprint if had else b""
        new = has.observation.fingerprint if has else b""
        if old == new:
            return
        past = self._past.setdefault(turn.set, {}).setdefault((key, name), [])
        if not past:
            past.append(_Past(old, turn.step))
        past.append(_Past(new, turn.step))
        del past[:-_REMEMBERED]
        returns = [
            at
            for at in range(2, len(past))
            if past[at].value == past[at - 2].value != past[at - 1].value
        ]
        if len(returns) < _RETURNS or returns[-1] != len(past) - 1:
            return
        entry = self._ledger.get("flapping", turn.set, key)
        if entry is not None and turn.step.time - self._last[id(entry)].time > _WITHIN:
            self._settle(entry)
            entry = None
        first = past[returns[-_RETURNS] - 1].step
        if entry is not None:
            entry.present.add(name)
            entry.note(turn.step, f"{name} went back again")
        elif turn.step.time - first.time > _WITHIN:
            return
        else:
            entry = self._enter(
                turn, key, "flapping", [each for each in (had, has) if each is not None],
                present={name}, severity="low", opened=first,
            )  # fmt: skip
        self._last[id(entry)] = turn.step

    def moved(self, before: str, after: str) -> None:
        """What values were before the move counts."""
        self._past[after] = self._past.pop(before, {})

    def renamed(self, name: str, before: str, after: str) -> None:
        """What the key's values were under the old name counts."""
        past = self._past.get(name, {})
        for key, environment in [each for each in past if each[0] == before]:
            past[after, environment] = past.pop((key, environment))

    def finish(self, now: int) -> None:
        """End what has been quiet for long."""
        for entry in self._ledger.of("flapping"):
            if now > self._last[id(entry)].time + _WITHIN:
                self._settle(entry)

    def ends(self, entry: Entry) -> int | None:
        """Once it has been quiet for long."""
        return self._last[id(entry)].time + _WITHIN if entry.topic == "flapping" else None

    def _settle(self, entry: Entry) -> None:
        self._ledger.close(entry, self._last.pop(id(entry)), "settled")
