"""Keys that went on under another name."""

from __future__ import annotations

from forensics.drift.walk import Turn

__all__ = ["renamed_keys"]

_Values = frozenset[tuple[str, bytes]]


def renamed_keys(turn: Turn) -> dict[str, str]:
    """Old name to new name, of keys that left all environments in a commit that brought another key
    with the same values to the same environments."""
    gone: dict[_Values, list[str]] = {}
    came: dict[_Values, list[str]] = {}
    for key in turn.keys:
        had, has = turn.before.row(key), turn.after.row(key)
        row = had if not has else has if not had else None
        if not row:
            continue
        values = frozenset((name, each.observation.fingerprint) for name, each in row.items())
        (came if has else gone).setdefault(values, []).append(key)
    return {
        old: new
        for values, names in gone.items()
        for old, new in zip(names, came.get(values, ()), strict=False)
    }
