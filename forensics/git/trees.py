"""Looking paths up in commits, tree by tree."""

from __future__ import annotations

import re
from collections import OrderedDict

from forensics.git.inflate import Damaged
from forensics.git.single import SingleObjects

__all__ = ["PathLookup"]

_ROOT = re.compile(rb"tree ((?:[0-9a-f]{2})+)\n")
_ENTRY = re.compile(rb"([0-7]{1,7}) ([^\0]+)\0", re.DOTALL)
_FOLDERS = frozenset((b"40000", b"040000"))
_KEPT = 4096

Entries = dict[bytes, tuple[bool, bytes]]


class PathLookup:
    """Finds what stands at a path of a commit; trees read are remembered."""

    def __init__(self, single: SingleObjects, hash_bytes: int) -> None:
        self._single, self._hash_bytes = single, hash_bytes
        self._trees: OrderedDict[bytes, Entries] = OrderedDict()
        self._roots: dict[bytes, bytes] = {}

    def blob(self, commit: bytes, path: bytes) -> bytes | None:
        """Id of the blob at a path of a commit, or of a tree; None if none can be found there."""
        tree = self._root(commit)
        *folders, name = path.split(b"/")
        for folder in folders:
            is_folder, tree = self._entries(tree).get(folder, (False, b""))
            if not is_folder:
                return None
        is_folder, oid = self._entries(tree).get(name, (True, b""))
        return None if is_folder else oid

    def _root(self, commit: bytes) -> bytes:
        if commit not in self._roots:
            try:
                kind, content = self._single.read(commit)
            except Damaged:
                kind, content = "", b""
            found = _ROOT.match(content) if kind == "commit" else None
            self._roots[commit] = bytes.fromhex(found[1].decode()) if found else commit
        return self._roots[commit]

    def _entries(self, tree: bytes) -> Entries:
        """Whether each entry is a folder, and its id, by name.

        Source: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
        """
        if tree in self._trees:
            return self._trees[tree]
        found: Entries = {}
        try:
            kind, content = self._single.read(tree) if tree else ("", b"")
        except Damaged:
            kind, content = "", b""
        at = 0
        while kind == "tree" and (entry := _ENTRY.match(content, at)):
            at = entry.end() + self._hash_bytes
            found[entry[2]] = entry[1] in _FOLDERS, content[entry.end() : at]
        self._trees[tree] = found
        if len(self._trees) > _KEPT:
            self._trees.popitem(last=False)
        return found
