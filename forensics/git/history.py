"""History as one stream: which commit put which blob at which path.

Each commit is compared with its first parent, so that what any commit holds follows exactly
from what its first parent holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forensics.git.runner import Git

__all__ = ["HistorySegment", "read_history"]

_SUBMODULE = b"160000"
_LOG = (
    "log", "--stdin", "--ignore-missing", "--topo-order", "--raw", "-z", "--no-renames",
    "--no-abbrev", "--diff-merges=first-parent", "--format=%x01%H %P",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HistorySegment:
    """Commits and what they changed against their first parents.

    Commits, paths and blobs are numbered by their places in the tuples here.
    """

    commits: tuple[bytes, ...]
    """Ids; children before their parents."""
    parents: tuple[tuple[bytes, ...], ...]
    """Ids of each commit's parents, which may lie in an older segment or be absent."""
    paths: tuple[bytes, ...]
    blobs: tuple[bytes, ...]
    """Ids; number 0 is the empty id and stands for no blob."""
    changes: NDArray[np.int32]
    """Shape (m, 4): commit, path, blob before, blob after; grouped by commit."""


class _Parser:
    """Takes the output of git log in pieces."""

    def __init__(self) -> None:
        self.commits: list[bytes] = []
        self.parents: list[tuple[bytes, ...]] = []
        self._paths: dict[bytes, int] = {}
        self._blobs: dict[bytes, int] = {}
        self._changes: list[int] = []

    def feed(self, tokens: Sequence[bytes]) -> None:
        """Take whole tokens: a header, or a change and its path."""
        paths, blobs, changes = self._paths, self._blobs, self._changes
        commit = len(self.commits) - 1
        at, end = 0, len(tokens)
        while at < end:
            token = tokens[at]
            if token[:1] == b"\x01":
                ids = [bytes.fromhex(part) for part in token[1:].decode("ascii").split()]
                self.commits.append(ids[0])
                self.parents.append(tuple(ids[1:]))
                commit += 1
                at += 1
                continue
            before_mode, after_mode, before, after, _ = token.lstrip(b"\n:").split(b" ")
            if before_mode == _SUBMODULE or not before.strip(b"0"):
                old = 0
            else:
                old = blobs.setdefault(before, len(blobs) + 1)
            if after_mode == _SUBMODULE or not after.strip(b"0"):
                new = 0
            else:
                new = blobs.setdefault(after, len(blobs) + 1)
            if old != new:
                path = paths.setdefault(tokens[at + 1], len(paths))
                changes += (commit, path, old, new)
            at += 2

    def segment(self) -> HistorySegment:
        """Everything taken so far."""
        ids = (bytes.fromhex(name.decode("ascii")) for name in self._blobs)
        return HistorySegment(
            tuple(self.commits),
            tuple(self.parents),
            tuple(self._paths),
            (b"", *ids),
            np.array(self._changes, np.int32).reshape(-1, 4),
        )


def _whole_tokens(pieces: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Split at NUL, holding back what a later piece completes: half a token, or a change whose
    path has not come yet."""
    rest = b""
    for piece in pieces:
        tokens = (rest + piece).split(b"\0")
        keep = 1
        at, end = 0, len(tokens) - 1
        while at < end:
            step = 1 if tokens[at][:1] == b"\x01" else 2
            if at + step > end:
                keep = 2
                break
            at += step
        rest = b"\0".join(tokens[-keep:])
        yield tokens[:-keep]
    if rest:
        yield [rest]


def read_history(git: Git, tips: Iterable[bytes], exclude: Iterable[bytes] = ()) -> HistorySegment:
    """The commits that `tips` reach and `exclude` does not.

    Args:
        git: of the repository.
        tips: ids of commits to start from; those that do not exist are passed over.
        exclude: ids of commits that were read before, with all that they reach.

    Raises:
        GitFailed: git stopped at something damaged or missing.
    """
    given = [oid.hex() for oid in tips] + [f"^{oid.hex()}" for oid in exclude]
    parser = _Parser()
    if given:
        for tokens in _whole_tokens(git.pieces(_LOG, "\n".join(given).encode() + b"\n")):
            parser.feed(tokens)
    return parser.segment()
