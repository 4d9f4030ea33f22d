"""Keys that went on under another name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from forensics.drift.key_names import words_of
from forensics.drift.state import Effective
from forensics.drift.walk import Turn

__all__ = ["renamed_keys"]

_Row = Mapping[str, Effective]
_Values = frozenset[tuple[str, bytes]]

_COMMON = frozenset({"on", "off", "number", "short"})
_MOST_PAIRS = 10_000


def renamed_keys(turn: Turn) -> dict[str, str]:
    """Old name to new name, of keys that left all environments in a commit that brought another key
    with the same values to the same environments.

    Values such as `true`, which many keys have, say nothing alone: then the new key must stand in
    the old one's lines, or have the same words in its name, be it more or fewer.
    """
    gone: dict[_Values, dict[str, _Row]] = {}
    came: dict[_Values, dict[str, _Row]] = {}
    for key in turn.keys:
        had, has = turn.before.row(key), turn.after.row(key)
        row = had if not has else has if not had else None
        if not row:
            continue
        values = frozenset((name, each.observation.fingerprint) for name, each in row.items())
        (came if has else gone).setdefault(values, {})[key] = row
    renamed: dict[str, str] = {}
    for values, rows in gone.items():
        renamed |= _paired(rows, came.get(values, {}))
    return renamed


def _paired(gone: Mapping[str, _Row], came: Mapping[str, _Row]) -> dict[str, str]:
    """Each old key with the new one that most says for."""
    left = dict(came)
    if len(gone) * len(left) > _MOST_PAIRS:
        return {}
    paired: dict[str, str] = {}
    for fits in (_same_lines, _same_words, _telling):
        for old, row in gone.items():
            new = next((key for key in left if old not in paired and fits(old, row, key, left)), "")
            if new:
                paired[old] = new
                del left[new]
    return paired


def _same_lines(_old: str, had: _Row, new: str, rows: Mapping[str, _Row]) -> bool:
    return _lines(had) == _lines(rows[new])


def _same_words(old: str, _had: _Row, new: str, _rows: Mapping[str, _Row]) -> bool:
    had, has = (set(each) for each in _own_words([old, new]))
    return bool(had and has) and (had <= has or has <= had)


def _telling(_old: str, had: _Row, _new: str, _rows: Mapping[str, _Row]) -> bool:
    """Whether some value is one that hardly two keys have by chance."""
    return any(
        each.observation.kind != "empty" and not each.observation.traits & _COMMON
        for each in had.values()
    )


def _lines(row: _Row) -> dict[str, tuple[bytes, int]]:
    return {name: (each.path, each.observation.line) for name, each in row.items()}


def _own_words(keys: Sequence[str]) -> list[tuple[str, ...]]:
    """The words of keys, without the parent that all of them have."""
    parents = {key.rpartition(".")[0] for key in keys}
    shared = len(f"{parents.pop()}.") if len(parents) == 1 and "." in keys[0] else 0
    return [words_of(key[shared:]) for key in keys]
