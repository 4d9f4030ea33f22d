"""`shared`: one secret in two environments, or one SOPS data key."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.drift.checks.check import Check
from forensics.drift.key_names import looks_secret
from forensics.drift.ledger import Entry
from forensics.drift.state import Effective
from forensics.drift.walk import Turn

__all__ = ["Shared", "sharers"]

_TOPIC = "shared"


def sharers(key: str, row: dict[str, Effective]) -> set[str]:
    """Environments that get a secret which another one gets too."""
    holders: dict[bytes, set[str]] = {}
    for name, each in row.items():
        if _counts(key, each):
            holders.setdefault(each.observation.fingerprint, set()).add(name)
    return {name for names in holders.values() if len(names) > 1 for name in names}


def _counts(key: str, each: Effective) -> bool:
    """Whether it is a secret itself, and no word that stands anywhere."""
    observation = each.observation
    if key.startswith("sops."):
        return key.endswith(".enc")
    return (
        looks_secret(key)
        and observation.kind in ("literal", "ciphertext")
        and not observation.traits & {"short", "on", "off"}
        and observation.type not in ("number", "boolean", "null")
    )


class Shared(Check):
    """Follows secrets that several environments get."""

    def see(self, turn: Turn) -> None:
        """Enter what a commit does to the sharing of secrets."""
        for key, names in self._sharing(turn):
            entry = self._ledger.get(_TOPIC, turn.set, key)
            if names and entry is None:
                self._open(turn, key, names)
            elif names and entry is not None and names - entry.present:
                entry.note(turn.step, f"{self._order.listed(names - entry.present)} too")
                entry.present |= names
            elif entry is not None and not names:
                row = turn.after.row(key)
                how = "different" if len(row) > 1 else "removed"
                certain = not turn.doubtful & entry.present
                self._ledger.close(entry, turn.step, how, certain=certain)

    def _sharing(self, turn: Turn) -> Iterator[tuple[str, set[str]]]:
        for key in turn.keys:
            if key.startswith("sops.") or looks_secret(key):
                yield key, sharers(key, turn.after.row(key))

    def _open(self, turn: Turn, key: str, names: set[str]) -> None:
        row = turn.after.row(key)
        entry = self._ledger.open(
            Entry(
                topic=_TOPIC,
                kind="shared",
                set_name=turn.set,
                key=key,
                present=names,
                opened=turn.step,
                severity="high" if any(map(self._order.is_production, names)) else "medium",
                certain=not turn.doubtful & names,
                paths={row[name].path.decode(errors="replace") for name in names},
            )
        )
        if key.startswith("sops."):
            entry.note(turn.step, "one SOPS data key opens the files of all of them")
