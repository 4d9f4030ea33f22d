"""Trees and commits as a graph, taken down while the object database is read.

Git keeps most trees as deltas against a similar tree, and so do we: a tree is taken down as the
entries in which it differs from its delta base. That is small, needs no second look at the
repository, and tells what every commit holds.
"""

from __future__ import annotations

from array import array
from typing import NamedTuple

from forensics.git.treedelta import ABSENT, ParsedTree, parse_tree, tree_changes

__all__ = ["GraphPart", "GraphTaker"]


class GraphPart(NamedTuple):
    """Trees and commits of one task. Ids stand one after another in bytes."""

    trees: bytes
    """Ids, n of them."""
    bases: bytes
    """Of each, the tree that its changes are against; zeros for none."""
    changed: array[int]
    """Of each, how many entries it changes."""
    names: tuple[bytes, ...]
    """Distinct entry names."""
    entry_names: array[int]
    """Of each change, the place of its name in `names`."""
    entry_kinds: bytes
    """Of each change: ABSENT, BLOB or TREE."""
    entry_ids: bytes
    """Of each change, the id of what stands there now; zeros for nothing."""
    commits: bytes
    """Ids, m of them."""
    roots: bytes
    """Of each, the id of its tree."""
    parent_counts: array[int]
    parents: bytes


class GraphTaker:
    """Takes down trees and commits in the order in which they are read."""

    def __init__(self, hash_bytes: int) -> None:
        self._nothing = bytes(hash_bytes)
        self._trees: list[bytes] = []
        self._bases: list[bytes] = []
        self._changed = array("I")
        self._names: dict[bytes, int] = {}
        self._entry_names = array("I")
        self._entry_kinds = bytearray()
        self._entry_ids: list[bytes] = []
        self._commits: list[bytes] = []
        self._hex: list[bytes] = []
        self._parent_counts = array("I")

    def tree(
        self, oid: bytes, content: bytes, delta: bytes | None, base: ParsedTree | None
    ) -> ParsedTree | None:
        """Take down a tree; the answer is what it takes to do so for a tree upon it.

        Args:
            oid: its id.
            content: its entries.
            delta: what makes it of `base`.
            base: what was answered for its delta base, if that was read just before.

        Returns:
            None for a malformed tree, which is taken down as far as it can be read.
        """
        found = None
        if base is not None and delta is not None:
            found = tree_changes(content, delta, base, len(self._nothing))
        if found is not None:
            changes, parsed = found
            against = base.oid if base is not None else self._nothing
            parsed = parsed._replace(oid=oid)
        else:
            changes, whole = parse_tree(oid, content, len(self._nothing))
            against = self._nothing
            if whole is None:
                self._add(oid, against, changes)
                return None
            parsed = whole
        self._add(oid, against, changes)
        return parsed

    def _add(self, oid: bytes, base: bytes, changes: dict[bytes, tuple[int, bytes]]) -> None:
        self._trees.append(oid)
        self._bases.append(base)
        self._changed.append(len(changes))
        names = self._names
        for name, (kind, child) in changes.items():
            self._entry_names.append(names.setdefault(name, len(names)))
            self._entry_kinds.append(kind)
            self._entry_ids.append(child if kind != ABSENT else self._nothing)

    def commit(self, oid: bytes, content: bytes) -> bool:
        """Take down a commit; False for one that names no tree."""
        lines = content[: content.find(b"\nauthor ")].split(b"\n")
        length = 2 * len(oid)
        if lines[0][:5] != b"tree " or len(lines[0]) != length + 5:
            return False
        parents = [line[7:] for line in lines[1:] if line[:7] == b"parent "]
        if any(len(parent) != length for parent in parents):
            return False
        try:
            bytes.fromhex((lines[0][5:] + b"".join(parents)).decode("ascii"))
        except ValueError:
            return False
        self._commits.append(oid)
        self._hex.append(lines[0][5:])
        self._hex += parents
        self._parent_counts.append(len(parents))
        return True

    def part(self) -> GraphPart:
        """Everything taken down."""
        length = len(self._nothing)
        ids = bytes.fromhex(b"".join(self._hex).decode("ascii"))
        roots, parents, at = [], [], 0
        for count in self._parent_counts:
            roots.append(ids[at : at + length])
            at += length
            parents.append(ids[at : at + count * length])
            at += count * length
        return GraphPart(
            b"".join(self._trees),
            b"".join(self._bases),
            self._changed,
            tuple(self._names),
            self._entry_names,
            bytes(self._entry_kinds),
            b"".join(self._entry_ids),
            b"".join(self._commits),
            b"".join(roots),
            self._parent_counts,
            b"".join(parents),
        )
