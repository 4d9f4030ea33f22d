"""What was scanned before. A claim counts only if it is sealed with the key."""

from __future__ import annotations

import hashlib
import hmac
import os
import sqlite3
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from forensics.index.payloads import ABSENT, PayloadClaim, joined, packed
from forensics.key import Key

__all__ = [
    "Coverage", "KnownIds", "LastCoverage", "last_coverage", "pack_name", "payloads_covered",
]  # fmt: skip

_ANY = ""
"""Stands for every scanner in the claims that history and findings are whole."""


def pack_name(path: Path) -> bytes:
    """What stands for the path of a pack, which may hold what must not be stored."""
    return hashlib.sha256(os.fsencode(path)).digest()


class KnownIds:
    """Object ids in ascending order, one after another in one buffer."""

    def __init__(self, data: bytes, length: int) -> None:
        self.data, self._length = data, length

    def __len__(self) -> int:
        return len(self.data) // self._length

    def __getitem__(self, place: int) -> bytes:
        if place >= len(self):
            raise IndexError(place)
        return self.data[place * self._length : (place + 1) * self._length]

    def __contains__(self, oid: object) -> bool:
        if not isinstance(oid, bytes):
            return False
        place = bisect_left(self, oid)
        return place < len(self) and self[place] == oid


class Coverage:
    """Reads and writes what one scanner has covered of one repository.

    Claims are read once; what is added later does not show.
    """

    def __init__(
        self, connection: sqlite3.Connection, key: Key, repository: int, scanner: str
    ) -> None:
        self._connection, self._key = connection, key
        self._repository, self.scanner = repository, scanner
        self._claims: list[tuple[str, bytes, bytes]] | None = None

    def _seal(self, scanner: str, kind: str, name: bytes, ids: bytes) -> bytes:
        facts = (self._repository, scanner, kind, name)
        return self._key.seal("coverage", repr(facts).encode(), ids)

    def _believed(self, kind: str) -> Iterator[tuple[bytes, bytes]]:
        """Name and ids of the claims of a kind; none where any claim's seal is wrong."""
        if self._claims is None:
            rows = self._connection.execute(
                "SELECT scanner, kind, name, ids, seal FROM coverage"
                " WHERE repository_id = ? AND scanner IN (?, ?)",
                (self._repository, self.scanner, _ANY),
            ).fetchall()
            sound = all(hmac.compare_digest(row[4], self._seal(*row[:4])) for row in rows)
            self._claims = [row[1:4] for row in rows] if sound else []
        return ((name, ids) for of, name, ids in self._claims if of == kind)

    def add(self, kind: str, name: bytes, ids: bytes) -> None:
        """Record that `ids` are covered, inside the caller's transaction."""
        scanner = _ANY if kind in ("history", "findings") else self.scanner
        self._connection.execute(
            "INSERT OR REPLACE INTO coverage VALUES (?, ?, ?, ?, ?, ?)",
            (self._repository, scanner, kind, name, ids, self._seal(scanner, kind, name, ids)),
        )

    def clear(self) -> None:
        """Drop all claims, of other scanners too, inside the caller's transaction."""
        self._connection.execute(
            "DELETE FROM coverage WHERE repository_id = ?", (self._repository,)
        )

    def clear_others(self) -> None:
        """Drop the claims of other scanners, inside the caller's transaction: what this one finds
        will take the place of what they found."""
        self._connection.execute(
            "DELETE FROM coverage WHERE repository_id = ? AND scanner NOT IN (?, ?)",
            (self._repository, self.scanner, _ANY),
        )

    def forget(self, oids: Collection[bytes], length: int) -> None:
        """Take these objects out of the claims, inside the caller's transaction; packs and tips
        are looked at again.

        Args:
            oids: to be read again.
            length: bytes of an object id.
        """
        known = self.known(length)
        ids = (known[place] for place in range(len(known)))
        left = b"".join(oid for oid in ids if oid not in oids)
        packs, payloads = self.packs(), self.payloads(length).values()
        self._connection.execute(
            "DELETE FROM coverage WHERE repository_id = ? AND scanner = ?"
            " AND kind IN ('ids', 'lfs')",
            (self._repository, self.scanner),
        )
        self.add("ids", b"all", left)
        self.add_payloads(
            b"all", (one._replace(state=ABSENT) if one.oid in oids else one for one in payloads)
        )
        self.add("tips", b"", b"")
        for name in packs:
            self.add("pack", name, b"")

    def add_payloads(self, name: bytes, claims: Iterable[PayloadClaim]) -> None:
        """Record what came of payloads of LFS, inside the caller's transaction."""
        if ids := packed(claims):
            self.add("lfs", name, ids)

    def payloads(self, length: int) -> Mapping[bytes, PayloadClaim]:
        """What came of payloads of LFS, by the ids of the blobs that point to them."""
        return joined((ids for _, ids in self._believed("lfs")), length)

    def known(self, length: int) -> KnownIds:
        """All object ids covered, each `length` bytes."""
        pieces = dict(self._believed("ids"))
        if len(pieces) == 1 and b"all" in pieces:
            return KnownIds(pieces[b"all"], length)
        ids = {
            data[at : at + length] for data in pieces.values() for at in range(0, len(data), length)
        }
        return KnownIds(b"".join(sorted(ids)), length)

    def packs(self) -> dict[bytes, bytes]:
        """Packs all of whose objects are covered: checksums by path."""
        return dict(self._believed("pack"))

    def loose(self) -> bytes:
        """Ids, ascending, of the loose objects that the last scan covered."""
        return dict(self._believed("loose")).get(b"", b"")

    def history(self) -> bytes:
        """Digest of the stored history, whatever looked at its names; empty if there is none."""
        return dict(self._believed("history")).get(b"", b"")

    def names_objects(self) -> bool:
        """Whether any object is claimed to be covered."""
        return any(True for kind in ("ids", "pack", "loose") for _ in self._believed(kind))

    def findings(self) -> bytes:
        """Digest of the findings that belong to these claims; empty if there is none."""
        return dict(self._believed("findings")).get(b"", b"")

    def tips(self) -> bytes:
        """Digest of the refs and reflogs that were placed last; empty if none were."""
        return dict(self._believed("tips")).get(b"", b"")

    def consolidate(
        self,
        ids: bytes,
        packs: Iterable[tuple[bytes, bytes]],
        loose: bytes,
        tips: bytes,
        history: bytes,
        payloads: Iterable[PayloadClaim] = (),
    ) -> None:
        """Replace all claims, of other scanners too, inside the caller's transaction.

        Args:
            ids: every covered id, ascending.
            packs: the path of every pack that is covered whole, with its checksum.
            loose: ids, ascending, of the covered objects that are loose.
            tips: digest of the refs and reflogs placed.
            history: digest of the stored history.
            payloads: what came of those of LFS.
        """
        self.clear()
        self.add("ids", b"all", ids)
        self.add("loose", b"", loose)
        self.add("tips", b"", tips)
        self.add("history", b"", history)
        self.add_payloads(b"all", payloads)
        for name, checksum in packs:
            self.add("pack", name, checksum)


def payloads_covered(
    connection: sqlite3.Connection, key: Key, repository: int, length: int
) -> Collection[PayloadClaim]:
    """What the last scan of a repository knows of payloads of LFS.

    Args:
        connection: of the index.
        key: the index's.
        repository: its row.
        length: bytes of an object id.
    """
    last = last_coverage(connection, key, repository)
    return () if last is None else last.coverage.payloads(length).values()


class LastCoverage(NamedTuple):
    """What the last scan of a repository covered."""

    coverage: Coverage
    finished: bool


def last_coverage(connection: sqlite3.Connection, key: Key, repository: int) -> LastCoverage | None:
    """What the last scan of a repository, by its row, covered; None if there was none."""
    row = connection.execute(
        "SELECT scanner, finished FROM run WHERE repository_id = ? ORDER BY id DESC LIMIT 1",
        (repository,),
    ).fetchone()
    if row is None:
        return None
    return LastCoverage(Coverage(connection, key, repository, row[0]), row[1] is not None)
