"""All files of one commit, and which commit changed each last."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice
from typing import NamedTuple

from forensics.errors import GitFailed
from forensics.git.commit import Signature, parse_commit
from forensics.git.runner import Git

__all__ = ["MOST_FILES", "CommitTree", "TreeFile", "last_changes", "read_tree", "tree_files"]

MOST_FILES = 1_000_000
"""Of one tree. A few kilobytes of trees can hold each other ten to the tenth power of times."""
_LONGEST_ENTRY = 1 << 20
_SECONDS = 20.0
_BATCH = 200
_KINDS = {b"100755": "executable", b"120000": "symlink", b"160000": "submodule"}


class TreeFile(NamedTuple):
    """An entry of a commit's tree that is no folder."""

    path: bytes
    kind: str
    """`file`, `executable`, `symlink` or `submodule`."""
    oid: bytes
    size: int
    """In bytes; -1 where it was not asked for, or the object is missing."""


class CommitTree(NamedTuple):
    """A commit and its files."""

    commit: bytes
    committed: Signature
    files: tuple[TreeFile, ...]
    """In git's order of paths."""
    trouble: str = ""
    """Why there may be more."""


def read_tree(git: Git, commit: bytes) -> CommitTree:
    """Every file of a commit with its size; no file is opened.

    Raises:
        GitFailed: the commit itself cannot be read.
    """
    raw = git.output(["cat-file", "commit", commit.hex()], timeout=_SECONDS)
    files: list[TreeFile] = []
    trouble = ""
    try:
        files.extend(tree_files(git, commit, sizes=True))
    except GitFailed as failure:
        trouble = str(failure)
    return CommitTree(commit, parse_commit(raw).committer, tuple(files), trouble)


def tree_files(git: Git, tree: bytes, *, sizes: bool = False) -> Iterator[TreeFile]:
    """Every file of a tree, or of the tree of a commit.

    Args:
        git: of the repository.
        tree: its id.
        sizes: whether sizes are wanted, which takes longer.

    Raises:
        GitFailed: git ended with an error, there are too many files, or a path is longer than any
            can be.
    """
    words = ["ls-tree", "-r", "-z", *(["-l"] if sizes else []), "--full-tree", tree.hex()]
    for number, entry in enumerate(_entries(git, words)):
        if number == MOST_FILES:
            raise GitFailed(f"there are more than {MOST_FILES:,} files")
        facts, _, path = entry.partition(b"\t")
        mode, _, oid, *size = facts.split()
        known = int(size[0]) if size and size[0].isdigit() else -1
        yield TreeFile(path, _KINDS.get(mode, "file"), bytes.fromhex(oid.decode()), known)


def _entries(git: Git, arguments: list[str]) -> Iterator[bytes]:
    """What git prints, cut at NUL."""
    rest = b""
    for piece in git.pieces(arguments):
        *whole, rest = (rest + piece).split(b"\0")
        if len(rest) > _LONGEST_ENTRY:
            raise GitFailed("a path is too long")
        yield from whole


def last_changes(
    git: Git, commit: bytes, paths: Collection[bytes], boundary: Collection[bytes] = ()
) -> dict[bytes, tuple[bytes, int, int]]:
    """Which commit of the first-parent line changed each path last: its id, and when it was
    committed, in seconds since 1970 and minutes east of UTC.

    Paths that no commit is known to have changed are left out, as those are that a shallow clone
    was made with.

    Args:
        git: of the repository.
        commit: where the line ends.
        paths: to look for.
        boundary: ids of commits whose parents were cut off.
    """
    from forensics.git.history import read_history

    wanted, found = set(paths), dict[bytes, tuple[bytes, int, int]]()
    if not wanted:
        return found
    try:
        line = git.output(["rev-list", "--first-parent", commit.hex()], timeout=60 * _SECONDS)
    except GitFailed:  # the history is damaged
        return found
    ids = (bytes.fromhex(one.decode()) for one in line.split())
    count = _BATCH
    while wanted and (batch := list(islice(ids, count))):
        try:
            part = read_history(git, batch)
        except GitFailed:
            break
        number = {path: at for at, path in enumerate(part.paths) if path in wanted}
        order = {oid: at for at, oid in enumerate(batch)}
        names = {at: path for path, at in number.items()}
        changes = part.changes[[int(path) in names for path in part.changes[:, 1]]]
        for row in sorted(changes.tolist(), key=lambda row: order[part.commits[row[0]]]):
            oid, path = part.commits[row[0]], names[row[1]]
            if path in wanted:
                wanted.discard(path)
                if oid not in boundary:
                    _, _, _, _, seconds, offset = part.made[row[0]].tolist()
                    found[path] = (oid, seconds, offset)
        count = min(2 * count, 5_000)
    return found
