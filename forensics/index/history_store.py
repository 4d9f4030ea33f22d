"""Walked history, kept compactly, so that a later rule set needs no new walk."""

from __future__ import annotations

import hashlib
import hmac
import io
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

from forensics.key import Key

__all__ = ["HistoryStore", "StoredSegment"]


class StoredSegment(NamedTuple):
    """Some commits and what they changed against their first parents.

    Numbers in `changes` are places in the tuples here; blob 0 stands for no blob.
    """

    commits: tuple[bytes, ...]
    """Ids, in any order."""
    parents: tuple[tuple[bytes, ...], ...]
    paths: tuple[tuple[bytes, bytes], ...]
    """Names with any secret masked, and the keyed fingerprint of the whole name if one was."""
    blobs: tuple[bytes, ...]
    changes: NDArray[np.int32]
    """Shape (m, 4): commit, path, blob before, blob after."""
    people: tuple[tuple[bytes, bytes], ...]
    """Names and addresses, with any secret in them masked."""
    made: NDArray[np.int64]
    """Shape (n, 6), a row a commit: author, seconds since 1970, minutes east of UTC; committer and
    the same of that."""
    whole: frozenset[int] = frozenset()
    """Commits whose changes list everything they hold."""
    doubtful: frozenset[int] = frozenset()
    """Commits to be told again, because something was missing."""

    def same(self, other: StoredSegment) -> bool:
        """Whether another segment tells the same of the same commits."""
        return (
            self.commits == other.commits
            and self.parents == other.parents
            and self.paths == other.paths
            and self.blobs == other.blobs
            and self.whole == other.whole
            and np.array_equal(self.changes, other.changes)
            and self.people == other.people
            and np.array_equal(self.made, other.made)
        )

    def told(self) -> set[bytes]:
        """Ids of the commits that need not be told again."""
        return {oid for number, oid in enumerate(self.commits) if number not in self.doubtful}


def _frame(parts: list[bytes]) -> bytes:
    return b"".join(len(part).to_bytes(8, "big") + part for part in parts)


def _unframe(data: bytes, most: int = -1) -> list[bytes]:
    """The parts of a frame, or the first of them."""
    parts: list[bytes] = []
    at = 0
    while at < len(data) and len(parts) != most:
        length = int.from_bytes(data[at : at + 8], "big")
        parts.append(data[at + 8 : at + 8 + length])
        at += 8 + length
    return parts


def _ids(data: bytes, length: int) -> tuple[bytes, ...]:
    return tuple(np.frombuffer(data, f"V{length}").tolist())


def _saved(array: NDArray[Any]) -> bytes:
    kept = io.BytesIO()
    np.save(kept, array, allow_pickle=False)
    return kept.getvalue()


def _encode(segment: StoredSegment) -> bytes:
    length = len(segment.commits[0])
    counts = np.array([len(parents) for parents in segment.parents], "<u4")
    masked = [
        number.to_bytes(8, "big") + fingerprint
        for number, (_, fingerprint) in enumerate(segment.paths)
        if fingerprint
    ]
    parts = [
        length.to_bytes(1, "big"),
        b"".join(segment.commits),
        counts.tobytes(),
        b"".join(oid for parents in segment.parents for oid in parents),
        b"".join(name + b"\0" for name, _ in segment.paths),
        _frame(masked),
        b"".join(segment.blobs[1:]),
        _saved(segment.changes),
        _frame([part for person in segment.people for part in person]),
        _saved(segment.made),
        np.array(sorted(segment.whole), "<i4").tobytes(),
        np.array(sorted(segment.doubtful), "<i4").tobytes(),
    ]
    return bytes(isal_zlib.compress(_frame(parts), 1))


def _graph(data: bytes) -> tuple[tuple[bytes, ...], tuple[tuple[bytes, ...], ...]]:
    """The commits of a segment and the parents of each."""
    size, commits, counts, parents = _unframe(isal_zlib.decompress(data), 4)
    return _ids(commits, size[0]), _parents(counts, parents, size[0])


def _parents(counts: bytes, parents: bytes, length: int) -> tuple[tuple[bytes, ...], ...]:
    ids = _ids(parents, length)
    ends = np.cumsum(np.frombuffer(counts, "<u4")).tolist()
    return tuple(map(ids.__getitem__, map(slice, [0, *ends], ends)))


def _decode(data: bytes) -> StoredSegment:
    (
        size, commits, counts, parents, names, masked, blobs, changes, people, made, whole, doubtful
    ) = _unframe(isal_zlib.decompress(data))  # fmt: skip
    named = _unframe(people)
    length = size[0]
    fingerprints = {int.from_bytes(entry[:8], "big"): entry[8:] for entry in _unframe(masked)}
    return StoredSegment(
        _ids(commits, length),
        _parents(counts, parents, length),
        tuple(
            (name, fingerprints.get(number, b""))
            for number, name in enumerate(names.split(b"\0")[:-1])
        ),
        (b"", *_ids(blobs, length)),
        np.load(io.BytesIO(changes), allow_pickle=False),
        tuple(zip(named[::2], named[1::2], strict=True)),
        np.load(io.BytesIO(made), allow_pickle=False),
        frozenset(np.frombuffer(whole, "<i4").tolist()),
        frozenset(np.frombuffer(doubtful, "<i4").tolist()),
    )  # fmt: skip


class HistoryStore:
    """The segments of one repository."""

    def __init__(
        self, connection: sqlite3.Connection, key: Key, repository: int, boundary: bytes
    ) -> None:
        """Look at what was stored.

        Args:
            connection: of the index.
            key: the index's.
            repository: its row.
            boundary: what cuts history off, the content of the `shallow` file; segments of
                another boundary are not believed.
        """
        self._connection, self._key, self._repository = connection, key, repository
        self._boundary = boundary

    def _seal(self, sequence: int, data: bytes) -> bytes:
        facts = repr((self._repository, sequence)).encode()
        return self._key.seal("history 3", facts, self._boundary, data)

    def digest(self) -> bytes:
        """A digest of all segments, as far as their seals tell them apart."""
        rows = self._connection.execute(
            "SELECT seal FROM history WHERE repository_id = ? ORDER BY sequence",
            (self._repository,),
        )
        return hashlib.sha256(b"".join(row[0] for row in rows)).digest()

    def sound(self, segments: Sequence[StoredSegment]) -> bool:
        """Whether `segments`, as loaded, are all that there are."""
        row = self._connection.execute(
            "SELECT count(*) FROM history WHERE repository_id = ?", (self._repository,)
        ).fetchone()
        return len(segments) == int(row[0])

    def load(self) -> list[StoredSegment]:
        """All segments whose seals are right."""
        return [_decode(data) for data in self._sealed()]

    def parents(self) -> dict[bytes, tuple[bytes, ...]]:
        """The parents of every commit in them."""
        return {
            commit: above
            for data in self._sealed()
            for commit, above in zip(*_graph(data), strict=True)
        }

    def _sealed(self) -> Iterator[bytes]:
        rows = self._connection.execute(
            "SELECT sequence, data, seal FROM history WHERE repository_id = ? ORDER BY sequence",
            (self._repository,),
        )
        return (
            data
            for sequence, data, seal in rows
            if hmac.compare_digest(seal, self._seal(sequence, data))
        )

    def append(self, segment: StoredSegment) -> None:
        """Keep another segment, inside the caller's transaction."""
        if not segment.commits:
            return
        row = self._connection.execute(
            "SELECT coalesce(max(sequence), -1) + 1 FROM history WHERE repository_id = ?",
            (self._repository,),
        ).fetchone()
        data = _encode(segment)
        self._connection.execute(
            "INSERT INTO history VALUES (?, ?, ?, ?)",
            (self._repository, row[0], data, self._seal(row[0], data)),
        )

    def clear(self) -> None:
        """Drop all segments, inside the caller's transaction."""
        self._connection.execute("DELETE FROM history WHERE repository_id = ?", (self._repository,))
