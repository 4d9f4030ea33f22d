"""The seal over what people decided: that every row is one that this program wrote, and that they
are those of now.

Rows are hashed in blocks, and the hashes of all blocks added up, so that a change costs as much as
the blocks that it touches, however many there are. What is added up stays hidden under a number
that is used once: Clarke, Devadas, van Dijk, Gassend, Suh, "Incremental Multiset Hash Functions and
Their Application to Memory Integrity Checking" (2003), MSet-Add-Hash. Whoever changes a row without
the key changes the sum, and no later change of ours makes up for that.
"""

from __future__ import annotations

import hmac
import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Any, NamedTuple

from forensics.errors import IndexRefused
from forensics.index.journal import Journal
from forensics.index.snapshot import snapshot
from forensics.key import Key

__all__ = ["TriageSeal", "forged"]

_TOLD_AS = ("triaged", "undone", "reopened", "imported")
"""Rows of the journal that go with a change."""

_BLOCK = 32
"""Rows that are hashed together."""

_NONCE = 16
_ALL = 1 << 256

_Row = tuple[Any, ...]


def forged() -> IndexRefused:
    """Nothing is changed or passed on that somebody else wrote."""
    return IndexRefused(
        "triage in the index was changed by something else",
        "`forensics log verify` says whether the journal was too; move the index away, scan"
        " again and import what was exported",
    )


class _Stored(NamedTuple):
    nonce: bytes
    hidden: bytes
    """The sum, plus what the nonce gives."""
    proof: bytes

    def __str__(self) -> str:
        return ":".join(one.hex() for one in self)


class TriageSeal:
    """Seals the table `triage` of one index."""

    def __init__(self, connection: sqlite3.Connection, key: Key, journal: Journal) -> None:
        self._db, self._key, self._journal = connection, key, journal

    def right(self) -> bool:
        """Whether it is over what stands there now. Reads every row."""
        with snapshot(self._db):
            known = self._known()
            rows = self._db.execute("SELECT * FROM main.triage ORDER BY id")
            return known is not None and known == self._sum(rows)

    @contextmanager
    def changing(self, rows: Collection[int]) -> Iterator[None]:
        """Goes around a change, inside a transaction: afterwards the seal is over what stands
        there then, as it was over what stood there before.

        Args:
            rows: ids of those that are there and may change; more may be added.

        Raises:
            IndexRefused: it is not this program's seal.
        """
        last = self._last()
        blocks = {row // _BLOCK for row in (*rows, last + 1)}
        known, before = self._known(), self._sum_of(blocks)
        if known is None:
            raise forged()
        yield
        blocks.update(range((last + 1) // _BLOCK, self._last() // _BLOCK + 1))
        self._store(known + self._sum_of(blocks) - before)

    def _known(self) -> int | None:
        """The sum that was sealed; None where that is not the last word."""
        row = self._db.execute("SELECT value FROM main.meta WHERE name = 'triage'").fetchone()
        told = self._journal.last_chain(_TOLD_AS)
        if row is None:
            empty = self._db.execute("SELECT 1 FROM main.triage LIMIT 1").fetchone() is None
            return 0 if empty and not told else None
        if ":" not in row[0]:
            return self._known_of_version_2(row[0], told)
        try:
            stored = _Stored._make(bytes.fromhex(one) for one in row[0].split(":"))
        except (TypeError, ValueError):
            return None
        if not hmac.compare_digest(stored.proof, self._proof(told, stored.nonce, stored.hidden)):
            return None
        return (int.from_bytes(stored.hidden, "big") - self._cover(stored.nonce)) % _ALL

    def _known_of_version_2(self, sealed: str, told: bytes) -> int | None:
        """The same where all rows were sealed at once, as before version 3 of the schema."""
        rows = self._db.execute("SELECT * FROM main.triage ORDER BY id").fetchall()
        # As they were sealed before there were due dates.
        text = repr([row if row[-1] is not None else row[:-1] for row in rows])
        digest = self._key.seal("triage", told, text.encode()).hex()
        return self._sum(rows) if hmac.compare_digest(sealed.encode(), digest.encode()) else None

    def _store(self, total: int) -> None:
        nonce = os.urandom(_NONCE)
        hidden = ((total + self._cover(nonce)) % _ALL).to_bytes(32, "big")
        proof = self._proof(self._journal.last_chain(_TOLD_AS), nonce, hidden)
        self._db.execute(
            "INSERT OR REPLACE INTO meta VALUES ('triage', ?)",
            (str(_Stored(nonce, hidden, proof)),),
        )

    def _proof(self, told: bytes, nonce: bytes, hidden: bytes) -> bytes:
        """With the journal's last word on triage, so that older rows do not fit a newer journal."""
        return self._key.seal("triage sum", told, nonce, hidden)

    def _cover(self, nonce: bytes) -> int:
        return int.from_bytes(self._key.seal("triage nonce", nonce), "big")

    def _last(self) -> int:
        return int(self._db.execute("SELECT coalesce(max(id), 0) FROM main.triage").fetchone()[0])

    def _sum_of(self, blocks: Iterable[int]) -> int:
        rows = (
            row
            for block in sorted(blocks)
            for row in self._db.execute(
                "SELECT * FROM main.triage WHERE id BETWEEN ? AND ? ORDER BY id",
                (block * _BLOCK, block * _BLOCK + _BLOCK - 1),
            )
        )
        return self._sum(rows)

    def _sum(self, rows: Iterable[_Row]) -> int:
        """Of rows in the order of their ids, whole blocks of them."""
        total = 0
        for _, block in groupby(rows, key=lambda row: row[0] // _BLOCK):
            sealed = self._key.seal("triage rows", repr([*block]).encode())
            total += int.from_bytes(sealed, "big")
        return total % _ALL
