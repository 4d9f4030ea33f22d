"""What the refs of an index lead to."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from forensics.index.history_store import HistoryStore
from forensics.key import Key

__all__ = ["LedTo", "RefTip"]

_WHOLE = b""
"""What cuts off the history of a clone that is not shallow."""


class RefTip(NamedTuple):
    """A ref and the commit that it names."""

    name: bytes
    kind: str
    """As of `PlacedRef`."""
    commit: bytes


class LedTo:
    """The refs of one repository, and which commits each leads to; of a shallow clone, none."""

    def __init__(self, connection: sqlite3.Connection, key: Key, repository: int) -> None:
        self._db, self._repository = connection, repository
        store = HistoryStore(connection, key, repository, _WHOLE)
        self._parents = {
            commit: above
            for segment in store.load()
            for commit, above in zip(segment.commits, segment.parents, strict=True)
        }

    def tips(self) -> Iterator[RefTip]:
        """Every ref, in an order that follows ancestry."""
        rows = self._db.execute(
            "SELECT name, kind, peeled FROM ref WHERE repository_id = ? ORDER BY sequence, name",
            (self._repository,),
        )
        return map(RefTip._make, rows.fetchall())

    def above(self, commit: bytes) -> set[bytes]:
        """A commit and everything above it."""
        found: set[bytes] = set()
        todo = [commit]
        while todo:
            one = todo.pop()
            if one in self._parents and one not in found:
                found.add(one)
                todo.extend(self._parents[one])
        return found
