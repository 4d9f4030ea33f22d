"""`type`: the same key holds a text in one environment and a number, a boolean, a mapping or a list
in another."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from forensics.drift.checks.check import Check
from forensics.drift.replacing import texts_are_lists
from forensics.drift.state import Effective
from forensics.drift.walk import Turn

__all__ = ["Types"]

_TYPED = frozenset({"string", "number", "boolean"})


class Types(Check):
    """Follows the types of values."""

    def see(self, turn: Turn) -> None:
        """Enter what a commit does to the types of values."""
        for key in dict.fromkeys((*turn.keys, *turn.before.forks, *turn.after.forks)):
            row = turn.after.row(key)
            types = {name: _type(each) for name, each in row.items()}
            told = {name: each for name, each in types.items() if each}
            fork = turn.after.forks.get(key)
            if fork:
                told = {
                    name: told.get(name, "text") for name in filter(_is_value(row), fork.values)
                }
                told |= dict.fromkeys(fork.branches, "mapping or list") if told else {}
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
                how = "equal" if row or turn.after.holds_below(key) else "removed"
                self._ledger.close(entry, turn.step, how, certain=not turn.doubtful)


def _is_value(row: Mapping[str, Effective]) -> Callable[[str], bool]:
    """Whether what an environment has can be nothing but a value."""
    return lambda name: (
        row[name].observation.kind == "literal" and not texts_are_lists(row[name].path)
    )


def _type(each: Effective) -> str:
    """Of a value written in a format that tells types; empty otherwise."""
    observation = each.observation
    if observation.kind != "literal" or "[]" in observation.key:
        return ""
    return observation.type if observation.type in _TYPED else ""
