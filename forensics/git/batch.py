"""Many objects by their ids, in one go."""

from __future__ import annotations

import mmap
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple

from forensics.errors import GitFailed
from forensics.git.runner import Git

__all__ = ["MISSING", "ReadObject", "Unread", "blobs_at", "kinds_of", "read_objects"]

MISSING = "it is missing"
_IN_MEMORY = 64 << 20
_MOST_FAILURES = 20
_SECONDS = 120.0


class ReadObject(NamedTuple):
    """An object with its content."""

    oid: bytes
    kind: str
    content: bytes | mmap.mmap
    """On disk where it is large."""


class Unread(NamedTuple):
    """An object that cannot be read, and why."""

    oid: bytes
    reason: str


class _Stream:
    """Pieces of output as lines and stretches."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def line(self) -> bytes:
        """The next line without its end; empty at the end of output."""
        while (end := self._rest.find(b"\n")) < 0:
            piece = next(self._pieces, b"")
            if not piece:
                return b""
            self._rest += piece
        line, self._rest = self._rest[:end], self._rest[end + 1 :]
        return line

    def take(self, length: int) -> Iterator[bytes]:
        """So many bytes, in parts.

        Raises:
            GitFailed: the output ends before.
        """
        while length:
            if not self._rest:
                self._rest = next(self._pieces, b"")
                if not self._rest:
                    raise GitFailed("git cat-file ended too soon")
            part, self._rest = self._rest[:length], self._rest[length:]
            length -= len(part)
            yield part


def read_objects(git: Git, oids: Iterable[bytes]) -> Iterator[ReadObject | Unread]:
    """Each object in the order asked for. What is missing or damaged does not stop the rest."""
    left = list(oids)
    failures = 0
    while left:
        done = 0
        try:
            for one in _read(git, left):
                yield one
                done += 1
            if done == len(left):
                return
            reason = "git could not read it"
        except GitFailed as failure:
            reason = f"git could not read it: {failure}"
            if done == len(left):  # it complained of nothing that was asked for
                return
        failures += 1
        lost = 1 if failures < _MOST_FAILURES else len(left) - done
        for oid in left[done : done + lost]:
            yield Unread(oid, reason)
        left = left[done + lost :]


def _read(git: Git, oids: list[bytes]) -> Iterator[ReadObject | Unread]:
    given = "".join(f"{oid.hex()}\n" for oid in oids).encode()
    stream = _Stream(git.pieces(["cat-file", "--batch", "--buffer"], given))
    for oid in oids:
        words = stream.line().split(b" ")
        if len(words) != 3:
            if words[-1:] == [b"missing"]:
                yield Unread(oid, MISSING)
                continue
            return
        kind, size = words[1].decode("ascii"), int(words[2])
        if size <= _IN_MEMORY:
            content: bytes | mmap.mmap = b"".join(stream.take(size))
        else:
            content = _on_disk(stream, size)
        stream.line()
        yield ReadObject(oid, kind, content)


def _on_disk(stream: _Stream, size: int) -> mmap.mmap:
    with tempfile.TemporaryFile() as file:
        for part in stream.take(size):
            file.write(part)
        file.flush()
        return mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ)


def kinds_of(git: Git, names: Iterable[str]) -> list[tuple[bytes, str]]:
    """Id and kind of what each name means, in order; an empty id and `missing` where nothing is.

    Raises:
        GitFailed: git failed, or took too long.
    """
    given = "".join(f"{name}\n" for name in names).encode("utf-8", "surrogateescape")
    told = git.output(
        ["cat-file", "--batch-check=%(objectname) %(objecttype)"], given, timeout=_SECONDS
    )
    found = []
    for line in told.splitlines():
        oid, _, kind = line.rpartition(b" ")
        known = kind in (b"commit", b"tag", b"tree", b"blob")
        found.append(
            (bytes.fromhex(oid.decode("ascii")), kind.decode("ascii"))
            if known
            else (b"", "missing")
        )
    return found


def blobs_at(git: Git, commits: Sequence[bytes], paths: Sequence[bytes]) -> list[list[bytes]]:
    """For each path, ids of the blobs at it in these commits.

    Raises:
        GitFailed: git failed, or took too long.
    """
    found: list[list[bytes]] = [[] for _ in paths]
    simple = [number for number, path in enumerate(paths) if b"\n" not in path]
    asked = [(number, commit) for number in simple for commit in commits]
    names = [f"{commit.hex()}:{os.fsdecode(paths[number])}" for number, commit in asked]
    for (number, _), (oid, kind) in zip(asked, kinds_of(git, names), strict=True):
        if kind == "blob":
            found[number].append(oid)
    for number in {*range(len(paths))}.difference(simple):  # one line cannot ask for these
        for commit in commits:
            name = f"{commit.hex()}:{os.fsdecode(paths[number])}"
            with suppress(GitFailed):
                told = git.output(["rev-parse", "--verify", "--quiet", name], timeout=_SECONDS)
                found[number].append(bytes.fromhex(told.decode("ascii").strip()))
    return found
