"""`rewrap`: a SOPS file was encrypted anew, and nothing in it was rotated.

Recipients changed (`sops updatekeys`): the encrypted data keys differ, the values do not. The data
key was renewed (`sops rotate`): every value differs, and every one hides as many bytes as before.
"""

from __future__ import annotations

from forensics.drift.checks.check import Check
from forensics.drift.state import Effective
from forensics.drift.walk import Turn

__all__ = ["Rewraps", "rewrapped"]


def rewrapped(turn: Turn, environment: str) -> bool:
    """Whether a commit only encrypted the values of an environment anew."""
    had = _encrypted(turn.before.environments.get(environment, {}))
    has = _encrypted(turn.after.environments.get(environment, {}))
    if not had or had.keys() != has.keys():
        return False
    changed = [key for key, each in has.items() if not had[key].same(each)]
    if not changed:
        return _data_keys(turn, environment)
    return (
        len(changed) == len(has)
        and _data_keys(turn, environment)
        and all(_hidden(had[key]) == _hidden(has[key]) for key in changed)
    )


def _encrypted(got: dict[str, Effective]) -> dict[str, Effective]:
    return {key: each for key, each in got.items() if each.observation.kind == "ciphertext"}


def _hidden(each: Effective) -> frozenset[str]:
    """The length of what is encrypted."""
    return frozenset(trait for trait in each.observation.traits if trait.startswith("bytes:"))


def _data_keys(turn: Turn, environment: str) -> bool:
    """Whether the data key is encrypted in another way than before."""
    had, has = turn.before.seals.get(environment, {}), turn.after.seals.get(environment, {})
    return had.keys() != has.keys() or any(not had[key].same(each) for key, each in has.items())


class Rewraps(Check):
    """Tells of each rewrap once."""

    def see(self, turn: Turn) -> None:
        """Enter the rewraps of a commit."""
        names = {
            name
            for name, seals in turn.after.seals.items()
            if seals and name in turn.before.seals and rewrapped(turn, name)
        }
        if names:
            rows = [each for name in names for each in turn.after.seals[name].values()]
            entry = self._enter(turn, "sops", "rewrap", rows, present=names, severity="low")
            self._ledger.close(entry, turn.step, "encrypted anew")
