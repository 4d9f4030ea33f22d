"""What each tree holds of the blobs and names that matter.

Most trees hold nothing that matters, and most that do hold the same as the tree that they are a
delta of. So holdings are nodes that trees share: a node maps entry names to blobs or to nodes,
and equal nodes are one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forensics.index.history_store import HistorySegment

__all__ = ["EMPTY", "Flags", "Holdings", "Node"]

_BLOB, _TREE = 1, 2

Flags = NDArray[np.bool_]


class Node:
    """Entries that matter, by name: the number of a blob, or the node of a tree below."""

    __slots__ = ("entries", "number")

    def __init__(self, number: int, entries: dict[int, int | Node]) -> None:
        self.number, self.entries = number, entries


EMPTY = Node(0, {})


class Holdings:
    """Answers what a tree holds; each tree is worked out once, after those it builds on."""

    def __init__(self, graph: HistorySegment, blobs: Flags, names: Flags) -> None:
        """Prepare for a graph.

        Args:
            graph: all trees and commits.
            blobs: shape (len(graph.ids),): which objects matter.
            names: shape (len(graph.names),): which entry names matter.
        """
        self._blobs, self._names = blobs.tolist(), names.tolist()
        rows = np.full(len(graph.ids), -1, np.int32)
        rows[graph.trees[::-1]] = np.arange(len(graph.trees) - 1, -1, -1, dtype=np.int32)
        self.row_of = rows
        """Row of each tree by its number as an object; -1 for what is no tree, or unread."""
        self._first = np.concatenate([[0], np.cumsum(graph.changed)]).tolist()
        base = rows[graph.bases]
        own = names[graph.entry_names] | ((graph.entry_kinds == _BLOB) & blobs[graph.entry_ids])
        below = np.where(graph.entry_kinds == _TREE, rows[graph.entry_ids], -1)
        unread = (graph.entry_kinds == _TREE) & (below < 0)
        self._base = base.tolist()
        self._matters = _closure(graph, base, own, below).tolist()
        self.uncertain = _closure(graph, base, unread, below).tolist()
        """By row: whether something below could not be read."""
        self._entry_names = graph.entry_names.data
        self._entry_kinds = graph.entry_kinds.data
        self._entry_ids = graph.entry_ids.data
        self._below = below.data
        self._nodes: dict[int, Node] = {}
        self._interned: dict[frozenset[tuple[int, int, int]], Node] = {frozenset(): EMPTY}

    def node(self, row: int) -> Node:
        """What the tree of this row holds."""
        if row < 0 or not self._matters[row]:
            return EMPTY
        waiting = [row]
        entered: set[int] = set()
        while waiting:
            one = waiting[-1]
            if one in self._nodes:
                waiting.pop()
                continue
            missing = [need for need in self._needs(one) if need not in self._nodes]
            if not missing or one in entered:
                # A tree that is met again while it waits for itself is damaged, and holds nothing.
                self._nodes[one] = self._build(one)
                waiting.pop()
                continue
            entered.add(one)
            waiting += missing
        return self._nodes[row]

    def _needs(self, row: int) -> list[int]:
        needs = [
            below
            for below in self._below[self._first[row] : self._first[row + 1]]
            if below >= 0 and self._matters[below]
        ]
        base = self._base[row]
        if base >= 0 and self._matters[base]:
            needs.append(base)
        return needs

    def _build(self, row: int) -> Node:
        base = self._nodes.get(self._base[row], EMPTY)
        entries: dict[int, int | Node] | None = None
        for at in range(self._first[row], self._first[row + 1]):
            name, kind = self._entry_names[at], self._entry_kinds[at]
            now: int | Node | None = None
            if kind == _BLOB:
                blob = self._entry_ids[at]
                if self._blobs[blob] or self._names[name]:
                    now = blob
            elif kind == _TREE:
                below = self._nodes.get(self._below[at], EMPTY)
                if below is not EMPTY or self._names[name]:
                    now = below
            held = base.entries if entries is None else entries
            if held.get(name) == now:
                continue
            if entries is None:
                entries = dict(base.entries)
            if now is None:
                entries.pop(name, None)
            else:
                entries[name] = now
        return base if entries is None else self._intern(entries)

    def _intern(self, entries: dict[int, int | Node]) -> Node:
        facts = frozenset(
            (name, 0, held) if isinstance(held, int) else (name, 1, held.number)
            for name, held in entries.items()
        )
        known = self._interned.get(facts)
        if known is None:
            known = self._interned[facts] = Node(len(self._interned), entries)
        return known


def _closure(
    graph: HistorySegment, base: NDArray[np.int32], own: Flags, below: NDArray[np.int32]
) -> Flags:
    """Rows of trees in which, or below which, an entry is flagged, those included that may only
    have inherited it."""
    count = len(graph.trees)
    tree_of = np.repeat(np.arange(count), graph.changed)
    inherits = np.where(base >= 0, base, np.arange(count))
    found = np.zeros(count, np.bool_)
    while True:
        flagged = own | ((below >= 0) & found[below]) if count else own
        reached = found.copy()
        reached[tree_of[flagged]] = True
        jump = inherits
        while True:
            wider = reached | reached[jump]
            if np.array_equal(wider, reached) and np.array_equal(jump, jump[jump]):
                break
            reached, jump = wider, jump[jump]
        if np.array_equal(reached, found):
            return found
        found = reached
