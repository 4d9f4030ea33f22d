"""`type`: the same key holds a text in one environment and a number or boolean in another."""

from __future__ import annotations

from forensics.drift.checks.check import Check
from forensics.drift.state import Effective
from forensics.drift.walk import Turn

__all__ = ["Types"]

_TYPED = frozenset({"string", "number", "boolean"})


class Types(Check):
    """Follows the types of values."""

    def see(self, turn: Turn) -> None:
        """Enter what a commit does to the types of values."""
        for key in turn.keys:
            row = turn.after.row(key)
            types = {name: _type(each) for name, each in row.items()}
            told = {name: each for name, each in types.items() if each}
            entry = self._ledger.get("type", turn.set, key)
            if len(set(told.values())) > 1:
                if entry is None:
                    entry = self._enter(
                        turn, key, "type", (), present=told.keys(), severity="medium"
                    )
                    names = self._order.arranged(told)
                    entry.note(turn.step, ", ".join(f"{name}: {told[name]}" for name in names))
                entry.paths.update(each.file for each in row.values())
            elif entry is not None:
                how = "equal" if row else "removed"
                self._ledger.close(entry, turn.step, how, certain=not turn.doubtful)


def _type(each: Effective) -> str:
    """Of a value written in a format that tells types; empty otherwise."""
    observation = each.observation
    if observation.kind != "literal" or "[]" in observation.key:
        return ""
    return observation.type if observation.type in _TYPED else ""
