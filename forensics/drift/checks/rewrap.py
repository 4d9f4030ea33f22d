"""`rewrap`: a SOPS file was encrypted anew, and nothing in it was rotated.

Recipients changed (`sops updatekeys`): the encrypted data keys differ, the values do not. The data
key was renewed (`sops rotate`): every value differs, and every one hides as many bytes as before.
"""

from __future__ import annotations

from forensics.drift.checks.check import Check
from forensics.drift.ledger import Entry
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
    return {
        key: each
        for key, each in got.items()
        if each.observation.kind == "ciphertext" and not key.startswith("sops.")
    }


def _hidden(each: Effective) -> frozenset[str]:
    """The length of what is encrypted."""
    return frozenset(trait for trait in each.observation.traits if trait.startswith("bytes:"))


def _data_keys(turn: Turn, environment: str) -> bool:
    """Whether the data key is encrypted in another way than before."""
    had = turn.before.environments[environment]
    has = turn.after.environments[environment]
    keys = {key for got in (had, has) for key in got if _is_data_key(key)}
    return any(key not in had or key not in has or not had[key].same(has[key]) for key in keys)


def _is_data_key(key: str) -> bool:
    return key.startswith("sops.") and key.endswith(".enc")


class Rewraps(Check):
    """Tells of each rewrap once."""

    def see(self, turn: Turn) -> None:
        """Enter the rewraps of a commit."""
        if not any(_is_data_key(key) for key in turn.keys):
            return
        names = {name for name in turn.after.environments if rewrapped(turn, name)}
        if not names:
            return
        entry = Entry(
            topic="rewrap",
            kind="rewrap",
            set_name=turn.set,
            key="sops",
            present=names,
            opened=turn.step,
            severity="low",
            certain=not turn.doubtful & names,
            paths={
                each.path.decode(errors="replace")
                for name in names
                for key, each in turn.after.environments[name].items()
                if _is_data_key(key)
            },
        )
        self._ledger.close(entry, turn.step, "encrypted anew")
