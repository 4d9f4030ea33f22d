"""What the refs of an index lead to."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from forensics.index.history_store import HistoryStore
from forensics.key import Key

__all__ = ["LedTo", "RefTip"]

_WHOLE = b""
"""What cuts off the history of a clone that is not shallow."""
_NONE = (-1, -1)


class RefTip(NamedTuple):
    """A ref and the commit that it names."""

    name: bytes
    kind: str
    """As of `PlacedRef`."""
    is_default: bool
    commit: bytes


class LedTo:
    """The refs of one repository, and which commits each leads to; of a shallow clone, none."""

    def __init__(self, connection: sqlite3.Connection, key: Key, repository: int) -> None:
        self._db, self._repository = connection, repository
        self._parents = HistoryStore(connection, key, repository, _WHOLE).parents()

    def tips(self) -> list[RefTip]:
        """Every ref, in an order that follows ancestry."""
        rows = self._db.execute(
            "SELECT name, kind, is_default, peeled FROM ref WHERE repository_id = ?"
            " ORDER BY sequence, name",
            (self._repository,),
        )
        return [RefTip(name, kind, bool(default), tip) for name, kind, default, tip in rows]

    def first_and_last(
        self, first: Mapping[bytes, int], last: Mapping[bytes, int]
    ) -> dict[bytes, tuple[int, int]]:
        """By commit, of all that refs lead to: the least of `first` and the greatest of `last`
        among the numbers of itself and of the commits above it; -1 where none has one.

        Every commit is looked at once, however many refs lead to it.
        """
        parents, found = self._parents, dict[bytes, tuple[int, int]]()
        todo = [tip.commit for tip in self.tips() if tip.commit in parents]
        while todo:
            commit = todo[-1]
            if commit in found:
                todo.pop()
                continue
            above = parents[commit]
            waiting = [one for one in above if one not in found and one in parents]
            if waiting:
                todo += waiting
                continue
            todo.pop()
            known = found.get(above[0], _NONE) if above else _NONE
            for one in above[1:]:
                known = _joined(known, found.get(one, _NONE))
            if commit in first or commit in last:
                known = _joined(known, (first.get(commit, -1), last.get(commit, -1)))
            found[commit] = known
        return found


def _joined(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    if one == other or other == _NONE:
        return one
    first = min(one[0], other[0]) if min(one[0], other[0]) >= 0 else max(one[0], other[0])
    return first, max(one[1], other[1])
