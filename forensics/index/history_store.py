"""History as stored: trees, what each changes against another, and commits. From it follows
what every commit holds, so a later rule set can place old blobs without reading anything."""

from __future__ import annotations

import hmac
import sqlite3
from dataclasses import dataclass, fields

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

from forensics.key import Key

__all__ = ["HistorySegment", "HistoryStore"]

Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class HistorySegment:
    """Trees and commits that some batches of a scan read.

    Objects are numbered by their places in `ids`, of which number 0 is all zeros and stands for
    nothing; names by their places in `names`.
    """

    ids: NDArray[np.bytes_]
    """Ascending, each once."""
    names: tuple[tuple[bytes, bytes], ...]
    """Entry names with any secret masked, and the keyed fingerprint of the name if one was."""
    trees: Ints
    """Shape (n,)."""
    bases: Ints
    """Shape (n,): the tree that each tree's changes are against, or 0."""
    changed: Ints
    """Shape (n,): how many entries each changes."""
    entry_names: Ints
    """Shape (m,), tree after tree."""
    entry_kinds: Ints
    """Shape (m,): 0 nothing there, 1 a blob, 2 a tree."""
    entry_ids: Ints
    """Shape (m,)."""
    commits: Ints
    """Shape (c,)."""
    roots: Ints
    """Shape (c,): the tree of each commit."""
    parent_counts: Ints
    """Shape (c,)."""
    parents: Ints
    """Shape (p,), commit after commit."""


_ARRAYS = tuple(field.name for field in fields(HistorySegment) if field.type == "Ints")


def _frame(parts: list[bytes]) -> bytes:
    return b"".join(len(part).to_bytes(8, "big") + part for part in parts)


def _unframe(data: bytes) -> list[bytes]:
    parts, at = [], 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 8], "big")
        parts.append(data[at + 8 : at + 8 + length])
        at += 8 + length
    return parts


def _encode(segment: HistorySegment) -> bytes:
    masked = [
        number.to_bytes(8, "big") + fingerprint
        for number, (_, fingerprint) in enumerate(segment.names)
        if fingerprint
    ]
    arrays = [getattr(segment, name).astype("<i4").tobytes() for name in _ARRAYS]
    parts = [b"\0".join(name for name, _ in segment.names), _frame(masked), *arrays]
    # Ids do not compress.
    return _frame([
        segment.ids.dtype.itemsize.to_bytes(1, "big"),
        segment.ids.tobytes(),
        isal_zlib.compress(_frame(parts), 1),
    ])  # fmt: skip


def _decode(data: bytes) -> HistorySegment:
    size, ids, packed = _unframe(data)
    names, masked, *arrays = _unframe(isal_zlib.decompress(packed))
    fingerprints = {int.from_bytes(entry[:8], "big"): entry[8:] for entry in _unframe(masked)}
    split = names.split(b"\0") if names else []
    return HistorySegment(
        np.frombuffer(ids, f"S{size[0]}"),
        tuple((name, fingerprints.get(number, b"")) for number, name in enumerate(split)),
        *(np.frombuffer(array, "<i4") for array in arrays),
    )


class HistoryStore:
    """The segments of one repository, oldest first."""

    def __init__(self, connection: sqlite3.Connection, key: Key, repository: int) -> None:
        self._connection, self._key, self._repository = connection, key, repository

    def _seal(self, sequence: int, data: bytes) -> bytes:
        return self._key.seal("history", repr((self._repository, sequence)).encode(), data)

    def intact(self) -> bool:
        """Whether all segments are there as they were written."""
        return len(self.load()) == self._count()

    def _count(self) -> int:
        row = self._connection.execute(
            "SELECT count(*) FROM history WHERE repository_id = ?", (self._repository,)
        ).fetchone()
        return int(row[0])

    def load(self) -> list[HistorySegment]:
        """All segments whose seals are right."""
        rows = self._connection.execute(
            "SELECT sequence, data, seal FROM history WHERE repository_id = ? ORDER BY sequence",
            (self._repository,),
        )
        return [
            _decode(data)
            for sequence, data, seal in rows
            if hmac.compare_digest(seal, self._seal(sequence, data))
        ]

    def append(self, segment: HistorySegment) -> None:
        """Keep another segment, inside the caller's transaction."""
        row = self._connection.execute(
            "SELECT coalesce(max(sequence), -1) + 1 FROM history WHERE repository_id = ?",
            (self._repository,),
        ).fetchone()
        data = _encode(segment)
        self._connection.execute(
            "INSERT INTO history VALUES (?, ?, ?, ?)",
            (self._repository, row[0], data, self._seal(row[0], data)),
        )

    def replace(self, segment: HistorySegment) -> None:
        """Keep this segment in place of all others, inside the caller's transaction."""
        self._connection.execute("DELETE FROM history WHERE repository_id = ?", (self._repository,))
        self.append(segment)
