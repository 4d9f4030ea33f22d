"""History where git gives up: commit by commit, going on past what is missing or damaged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import numpy as np

from forensics.git.history import HistorySegment
from forensics.git.inflate import Damaged
from forensics.git.plan import ObjectPlan, Skipped
from forensics.git.repository import Repository
from forensics.git.single import SingleObjects, single_objects

__all__ = ["read_history_carefully"]

_PARENT = re.compile(rb"^parent ((?:[0-9a-f]{2})+)$", re.MULTILINE)
_TREE = re.compile(rb"tree ((?:[0-9a-f]{2})+)$", re.MULTILINE)
_FOLDER, _SUBMODULE = b"40000", b"160000"
_TREES_KEPT = 4096

Entries = dict[bytes, tuple[bytes, bytes]]


class _Trees:
    """Reads trees, each damaged one reported once."""

    def __init__(self, single: SingleObjects, hash_bytes: int) -> None:
        self._single, self._hash_bytes = single, hash_bytes
        self._kept: dict[bytes, Entries | None] = {}
        self.lost: dict[bytes, str] = {}

    def raw(self, oid: bytes, kind: str) -> bytes | None:
        """The content of an object, or None with the loss recorded."""
        if oid in self.lost:
            return None
        try:
            found, content = self._single.read(oid)
        except Damaged as damage:
            self.lost[oid] = str(damage)
            return None
        if found != kind:
            self.lost[oid] = f"it is a {found} where a {kind} is named"
            return None
        return content

    def entries(self, oid: bytes) -> Entries | None:
        """Mode and id by name; None for a tree that cannot be read."""
        if oid not in self._kept:
            if len(self._kept) > _TREES_KEPT:
                self._kept.clear()
            content = self.raw(oid, "tree")
            self._kept[oid] = None if content is None else self._parse(oid, content)
        return self._kept[oid]

    def _parse(self, oid: bytes, content: bytes) -> Entries | None:
        """Source of the format: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects"""
        found: Entries = {}
        at = 0
        while at < len(content):
            space = content.find(b" ", at)
            end = content.find(b"\0", space)
            if space < 0 or end < 0 or end + self._hash_bytes >= len(content):
                self.lost[oid] = "it is a malformed tree"
                return None
            mode, name = content[at:space], content[space + 1 : end]
            at = end + 1 + self._hash_bytes
            found[name] = mode, content[end + 1 : at]
        return found

    def changes(
        self, before: bytes | None, after: bytes | None, under: bytes = b""
    ) -> Iterator[tuple[bytes, bytes, bytes]]:
        """Path, blob before and blob after, for every path that differs. Empty ids stand for no
        blob. What lies below a tree that cannot be read counts as unchanged."""
        if before == after:
            return
        old = self.entries(before) if before else {}
        new = self.entries(after) if after else {}
        if old is None or new is None:
            return
        for name in sorted(old.keys() | new.keys()):
            was, now = old.get(name), new.get(name)
            if was == now:
                continue
            path = under + name
            yield from self.changes(_folder(was), _folder(now), path + b"/")
            if _blob(was) != _blob(now):
                yield path, _blob(was), _blob(now)


def _folder(entry: tuple[bytes, bytes] | None) -> bytes | None:
    return entry[1] if entry and entry[0] == _FOLDER else None


def _blob(entry: tuple[bytes, bytes] | None) -> bytes:
    return entry[1] if entry and entry[0] not in (_FOLDER, _SUBMODULE) else b""


def _shallow(repository: Repository) -> set[bytes]:
    try:
        text = (repository.common_dir / "shallow").read_bytes()
    except OSError:
        return set()
    lines = (line for line in text.split() if re.fullmatch(rb"(?:[0-9a-f]{2})+", line))
    return {bytes.fromhex(line.decode()) for line in lines}


def read_history_carefully(
    repository: Repository, made: ObjectPlan, tips: Iterable[bytes], known: Iterable[bytes]
) -> tuple[HistorySegment, list[Skipped]]:
    """What `read_history` gives, for a history in which something is missing or damaged.

    Args:
        repository: to read.
        made: the plan of the read going on.
        tips: ids of commits to start from.
        known: ids of commits walked before.

    Returns:
        The commits that can be read, and what cannot, each once.
    """
    cut, done = _shallow(repository), set(known)
    with single_objects(repository, made) as single:
        trees = _Trees(single, repository.hash_bytes)
        roots: dict[bytes, bytes] = {}
        parents: dict[bytes, tuple[bytes, ...]] = {}
        waiting = [tip for tip in tips if tip not in done]
        while waiting:
            commit = waiting.pop()
            if commit in parents or commit in done:
                continue
            raw = trees.raw(commit, "commit")
            header = (raw or b"").partition(b"\n\n")[0]
            root = _TREE.match(header)
            if root is None:
                trees.lost.setdefault(commit, "it is a malformed commit")
                continue
            roots[commit] = bytes.fromhex(root[1].decode())
            named = [] if commit in cut else _PARENT.findall(header)
            parents[commit] = tuple(bytes.fromhex(oid.decode()) for oid in named)
            waiting.extend(parents[commit])
        order = _children_first(parents)
        paths: dict[bytes, int] = {}
        blobs: dict[bytes, int] = {b"": 0}
        changes: list[tuple[int, int, int, int]] = []
        for number, commit in enumerate(order):
            first = parents[commit][0] if parents[commit] else None
            before = _root_of(first, roots, trees) if first else None
            if first and before is None:
                continue  # what it changed cannot be told
            for path, old, new in trees.changes(before, roots[commit]):
                changes.append(
                    (number, paths.setdefault(path, len(paths)),
                     blobs.setdefault(old, len(blobs)), blobs.setdefault(new, len(blobs)))
                )  # fmt: skip
        segment = HistorySegment(
            tuple(order),
            tuple(parents[commit] for commit in order),
            tuple(paths),
            tuple(blobs),
            np.array(changes, np.int32).reshape(-1, 4),
        )
        return segment, [Skipped(oid, reason) for oid, reason in trees.lost.items()]


def _root_of(commit: bytes, roots: dict[bytes, bytes], trees: _Trees) -> bytes | None:
    """The tree of a commit, also of one that an earlier walk has taken."""
    if commit not in roots:
        root = _TREE.match(trees.raw(commit, "commit") or b"")
        if root is None:
            return None
        roots[commit] = bytes.fromhex(root[1].decode())
    return roots[commit]


def _children_first(parents: dict[bytes, tuple[bytes, ...]]) -> list[bytes]:
    """The commits in an order in which each comes before its parents."""
    children = dict.fromkeys(parents, 0)
    for group in parents.values():
        for parent in group:
            if parent in children:
                children[parent] += 1
    ready = [commit for commit, count in children.items() if not count]
    order: list[bytes] = []
    while ready:
        commit = ready.pop()
        order.append(commit)
        for parent in parents[commit]:
            if parent in children:
                children[parent] -= 1
                if not children[parent]:
                    ready.append(parent)
    return order
