"""`placeholder`: a stand-in, a local address or debugging in production."""

from __future__ import annotations

from forensics.drift.checks.check import Check
from forensics.drift.key_names import looks_secret
from forensics.drift.state import Effective
from forensics.drift.walk import Turn

__all__ = ["Placeholders"]

_DEBUGGING = "debugging is on"
_PIPELINES = (b".github/", b".gitlab-ci")
"""What is local there is local to the runner."""


def _out_of_place(key: str, each: Effective) -> str:
    """Why a value does not belong into production; empty if nothing says so."""
    observation = each.observation
    if each.path.startswith(_PIPELINES):
        return ""
    if observation.kind == "placeholder":
        # `***` hides a secret; elsewhere it may mean all.
        return "a placeholder" if looks_secret(key) or "signs" not in observation.traits else ""
    if observation.kind != "literal":
        return ""
    if "local" in observation.traits:
        return "an address of this machine only"
    if "debug" in observation.traits:
        return _DEBUGGING
    return ""


def _severity(wrong: dict[str, str], row: dict[str, Effective]) -> str:
    """A base is often overridden from outside, and debugging opens no door by itself."""
    own = any(row[name].layer != "base" for name in wrong)
    return "high" if own and set(wrong.values()) != {_DEBUGGING} else "medium"


class Placeholders(Check):
    """Follows what production gets that it should not."""

    def see(self, turn: Turn) -> None:
        """Enter what a commit brings into production or takes out of it."""
        for key in turn.keys:
            row = turn.after.row(key)
            wrong = {
                name: why
                for name, each in row.items()
                if self._order.is_production(name) and (why := _out_of_place(key, each))
            }
            entry = self._ledger.get("placeholder", turn.set, key)
            if wrong and entry is None:
                entry = self._enter(
                    turn, key, "placeholder", [row[name] for name in wrong],
                    present=wrong.keys(), severity=_severity(wrong, row),
                )  # fmt: skip
                entry.note(turn.step, "; ".join(sorted(set(wrong.values()))))
            elif entry is not None and not wrong:
                how = "replaced" if any(map(self._order.is_production, row)) else "removed"
                doubt = turn.doubtful & entry.present
                self._ledger.close(entry, turn.step, how, certain=not doubt)
