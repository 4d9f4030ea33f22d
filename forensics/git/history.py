"""Which commit put which blob at which path, read for any set of commits.

Each commit is compared with its first parent, so that what any commit holds follows exactly
from what its first parent holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forensics.errors import GitFailed
from forensics.git.log_output import moment, whole_tokens
from forensics.git.runner import Git

__all__ = ["MOST_CHANGES", "HistoryPart", "read_history"]

_SUBMODULE = b"160000"
MOST_CHANGES = 2_000_000
"""Of one commit. A tree of a few kilobytes can hold its parts ten to the tenth power of times."""
_LOG = (
    "log", "--stdin", "--no-walk=unsorted", "--ignore-missing", "--raw", "-z", "--no-renames",
    "--no-abbrev", "--diff-merges=first-parent", "--encoding=none", "--date=raw",
    "--format=%x01%H %P%x02%ad%x02%cd%x02%an%x02%ae%x02%cn%x02%ce",
)  # fmt: skip


class HistoryPart(NamedTuple):
    """Some commits and what they changed against their first parents.

    Commits, paths and blobs are numbered by their places here.
    """

    commits: tuple[bytes, ...]
    """Ids, in any order."""
    parents: tuple[tuple[bytes, ...], ...]
    """Ids of each commit's parents, which need not be here."""
    paths: tuple[bytes, ...]
    blobs: tuple[bytes, ...]
    """Ids; number 0 is empty and stands for no blob."""
    changes: NDArray[np.int32]
    """Shape (m, 4): commit, path, blob before, blob after; grouped by commit."""
    people: tuple[tuple[bytes, bytes], ...]
    """Names and addresses."""
    made: NDArray[np.int64]
    """Shape (n, 6), a row a commit: author, seconds since 1970, minutes east of UTC; committer and
    the same of that."""
    whole: frozenset[int] = frozenset()
    """Commits whose changes list everything they hold, because no parent could be read."""
    doubtful: frozenset[int] = frozenset()
    """Commits to be told again, because something was missing."""


class _Parser:
    """Takes the output of git log in pieces."""

    def __init__(self) -> None:
        self._commits: list[bytes] = []
        self._parents: list[tuple[bytes, ...]] = []
        self._paths: dict[bytes, int] = {}
        self._blobs: dict[bytes, int] = {}
        self._changes: list[int] = []
        self._people: dict[tuple[bytes, bytes], int] = {}
        self._made: list[int] = []
        self._since = 0

    def feed(self, tokens: Sequence[bytes]) -> None:
        """Take whole tokens: a header, or a change and its path."""
        paths, blobs, changes = self._paths, self._blobs, self._changes
        commit = len(self._commits) - 1
        stream = iter(tokens)
        for token in stream:
            if token[:1] == b"\x01":
                ids, *made = token[1:].split(b"\x02", 6)
                first, *rest = ids.decode("ascii").split()
                self._commits.append(bytes.fromhex(first))
                self._parents.append(tuple(map(bytes.fromhex, rest)))
                self._take_people(*made)
                commit += 1
                self._since = len(changes)
                continue
            before_mode, after_mode, before, after, status = token.lstrip(b"\n:").split(b" ")
            old = new = 0
            if status != b"A" and before_mode != _SUBMODULE:
                old = blobs.setdefault(before, len(blobs) + 1)
            if status != b"D" and after_mode != _SUBMODULE:
                new = blobs.setdefault(after, len(blobs) + 1)
            path = next(stream)
            if old != new:
                changes += (commit, paths.setdefault(path, len(paths)), old, new)
        if len(changes) - self._since > 4 * MOST_CHANGES:
            raise GitFailed("a commit changes too much")

    def _take_people(self, authored: bytes, committed: bytes, *people: bytes) -> None:
        """Take dates as git writes them, and name and address of author and committer."""
        for date, person in ((authored, people[:2]), (committed, people[2:4])):
            name, email = person
            number = self._people.setdefault((name, email), len(self._people))
            self._made += (number, *moment(date))

    def part(self) -> HistoryPart:
        """Everything taken so far."""
        ids = (bytes.fromhex(name.decode("ascii")) for name in self._blobs)
        return HistoryPart(
            tuple(self._commits),
            tuple(self._parents),
            tuple(self._paths),
            (b"", *ids),
            np.array(self._changes, np.int32).reshape(-1, 4),
            tuple(self._people),
            np.array(self._made, np.int64).reshape(-1, 6),
        )


def read_history(git: Git, commits: Iterable[bytes]) -> HistoryPart:
    """What these commits changed.

    Raises:
        GitFailed: git stopped at something damaged or missing, or a commit changes more than
            `MOST_CHANGES` paths.
    """
    given = "\n".join(oid.hex() for oid in commits)
    parser = _Parser()
    if given:
        for tokens in whole_tokens(git.pieces(_LOG, given.encode() + b"\n")):
            parser.feed(tokens)
    return parser.part()
