"""History where git gives up: commit by commit, going on past what is missing or damaged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from forensics.git.commit import CommitHeader, parse_commit
from forensics.git.history import MOST_CHANGES, HistoryPart
from forensics.git.inflate import Damaged
from forensics.git.plan import ObjectPlan, Skipped
from forensics.git.repository import Repository
from forensics.git.single import SingleObjects, single_objects

__all__ = ["read_history_carefully"]

_PARENT = re.compile(rb"^parent ((?:[0-9a-f]{2})+)$", re.MULTILINE)
_ROOT = re.compile(rb"tree ((?:[0-9a-f]{2})+)$", re.MULTILINE)
_MODE = re.compile(rb"[0-7]{1,7}")
_KIND_OF_ENTRY, _FOLDER, _SUBMODULE = 0o170000, 0o040000, 0o160000
_TREES_KEPT = 4096
_MOST_PATH = 1 << 16
"""Bytes of a folder's path; deeper ones are cut off."""

Entry = tuple[int, bytes]
Entries = dict[bytes, Entry]


class _Header(NamedTuple):
    """What is needed of a commit."""

    tree: bytes
    parents: tuple[bytes, ...]
    made: CommitHeader


_NOBODY = parse_commit(b"")


class _Trees:
    """Reads trees, each damaged one reported once."""

    def __init__(self, single: SingleObjects, hash_bytes: int) -> None:
        self._single, self._hash_bytes = single, hash_bytes
        self._kept: dict[bytes, Entries | None] = {}
        self._headers: dict[bytes, _Header | None] = {}
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
        """Kind of entry and id by name; None for a tree that cannot be read."""
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
            cut_off = space < 0 or end < 0 or end + self._hash_bytes >= len(content)
            if cut_off or not _MODE.fullmatch(content, at, space):
                self.lost[oid] = "it is a malformed tree"
                return None
            mode, name = int(content[at:space], 8) & _KIND_OF_ENTRY, content[space + 1 : end]
            at = end + 1 + self._hash_bytes
            found[name] = mode, content[end + 1 : at]
        return found

    def header(self, commit: bytes) -> _Header | None:
        """What is needed of a commit; None for one that cannot be read."""
        if commit not in self._headers:
            raw = self.raw(commit, "commit")
            header = (raw or b"").partition(b"\n\n")[0]
            root = _ROOT.match(header)
            if raw is not None and root is None:
                self.lost[commit] = "it is a malformed commit"
            self._headers[commit] = root and _Header(
                bytes.fromhex(root[1].decode()),
                tuple(bytes.fromhex(oid.decode()) for oid in _PARENT.findall(header)),
                parse_commit(header),
            )
        return self._headers[commit]

    def changes(
        self, before: bytes | None, after: bytes | None
    ) -> Iterator[tuple[bytes, bytes, bytes]]:
        """Path, blob before and blob after, for every path that differs. Empty ids stand for no
        blob. What lies below a tree that cannot be read counts as unchanged."""
        stack = [(b"", before, after)]
        visited = 0
        while stack:
            under, before, after = stack.pop()
            if before == after:
                continue
            visited += 1
            if visited > MOST_CHANGES or len(under) > _MOST_PATH:
                self.lost[after or before or b""] = "it holds too many paths"
                return
            old = self.entries(before) if before else {}
            new = self.entries(after) if after else {}
            if old is None or new is None:
                continue
            for name in sorted(old.keys() | new.keys()):
                was, now = old.get(name), new.get(name)
                if was == now:
                    continue
                path = under + name
                if _folder(was) or _folder(now):
                    stack.append((path + b"/", _folder(was), _folder(now)))
                if _blob(was) != _blob(now):
                    yield path, _blob(was), _blob(now)


def _folder(entry: Entry | None) -> bytes | None:
    return entry[1] if entry and entry[0] == _FOLDER else None


def _blob(entry: Entry | None) -> bytes:
    return entry[1] if entry and entry[0] not in (_FOLDER, _SUBMODULE) else b""


def _shallow(repository: Repository) -> set[bytes]:
    lines = (
        line for line in repository.boundary().split() if re.fullmatch(rb"(?:[0-9a-f]{2})+", line)
    )
    return {bytes.fromhex(line.decode()) for line in lines}


def read_history_carefully(
    repository: Repository,
    made: ObjectPlan,
    commits: Iterable[bytes],
    trees_named: Iterable[bytes] = (),
) -> tuple[HistoryPart, list[Skipped]]:
    """What `read_history` gives, for a history in which something is missing or damaged.

    A commit whose first parent cannot be read lists everything it holds. A commit whose own tree
    cannot be read changes nothing, as far as can be told.

    Args:
        repository: to read.
        made: the plan of the read going on.
        commits: ids of the commits to read.
        trees_named: ids of trees to take as if each were a commit of its own.

    Returns:
        The commits that can be read, and what cannot, each once.
    """
    cut = _shallow(repository)
    ids: list[bytes] = []
    parents: list[tuple[bytes, ...]] = []
    paths: dict[bytes, int] = {}
    blobs: dict[bytes, int] = {b"": 0}
    changes: list[tuple[int, int, int, int]] = []
    people: dict[tuple[bytes, bytes], int] = {}
    made_by: list[tuple[int, int, int]] = []
    whole: set[int] = set()
    doubtful: set[int] = set()
    with single_objects(repository, made) as single:
        trees = _Trees(single, repository.hash_bytes)

        def take(
            oid: bytes,
            above: tuple[bytes, ...],
            before: bytes | None,
            root: bytes,
            header: CommitHeader,
        ) -> None:
            for count, (path, old, new) in enumerate(trees.changes(before, root)):
                if count == MOST_CHANGES:
                    trees.lost[root] = "it holds too many paths"
                    break
                changes.append(
                    (len(ids), paths.setdefault(path, len(paths)),
                     blobs.setdefault(old, len(blobs)), blobs.setdefault(new, len(blobs)))
                )  # fmt: skip
            ids.append(oid)
            parents.append(above)
            for one in header:
                number = people.setdefault((one.name, one.email), len(people))
                made_by.append((number, one.time, one.offset))

        for oid in commits:
            header = trees.header(oid)
            if header is None:
                continue
            root = header.tree
            above = () if oid in cut else header.parents
            first = trees.header(above[0]) if above else None
            before = first.tree if first and trees.entries(first.tree) is not None else None
            lost = len(trees.lost)
            number = len(ids)
            if trees.entries(root) is None:
                before = root  # nothing differs that could be told
                doubtful.add(number)
            elif above and before is None:
                whole.add(number)
                doubtful.add(number)
            take(oid, above, before, root, header.made)
            if len(trees.lost) > lost:
                doubtful.add(number)
        for oid in trees_named:
            number, lost = len(ids), len(trees.lost)
            whole.add(number)
            take(oid, (), None, oid, _NOBODY)
            if len(trees.lost) > lost:
                doubtful.add(number)
        part = HistoryPart(
            tuple(ids),
            tuple(parents),
            tuple(paths),
            tuple(blobs),
            np.array(changes, np.int32).reshape(-1, 4),
            tuple(people),
            np.array(made_by, np.int64).reshape(-1, 6),
            frozenset(whole),
            frozenset(doubtful),
        )
        return part, [Skipped(oid, reason) for oid, reason in trees.lost.items()]
