"""Quarantine: what could not be read is a job that waits, until a scan reads it after all."""

from __future__ import annotations

import hmac
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from forensics.index.coverage import Coverage
from forensics.index.database import writing
from forensics.index.found import FoundRows
from forensics.index.journal import INDEX, Entry, Journal, of_scan
from forensics.index.records import Skip
from forensics.key import Key

__all__ = ["Job", "SkippedRows", "acknowledge", "jobs"]

_NAMED = 20
"""Objects that one row of the journal names."""


class Job(NamedTuple):
    """Something that could not be read or confirmed."""

    row: int
    repository: int
    path: bytes
    """Of the repository, as the index shows it."""
    oid: bytes
    """Empty where a whole pack or the history is meant."""
    reason: str
    lasting: bool
    """Whether it was read as far as these rules can, and only `forensics retry` reads it again."""
    attempts: int
    first_seen: float
    last_seen: float
    """When the runs started that first and last tried; seconds since 1970."""
    acknowledged: bool

    @property
    def state(self) -> str:
        """acknowledged; given-up, until somebody asks for a retry; or waiting for the next
        scan."""
        if self.acknowledged:
            return "acknowledged"
        return "given-up" if self.lasting else "waiting"


def _seal(key: Key, repository: int, oid: bytes, reason: str) -> bytes:
    return key.seal("acknowledged", str(repository).encode(), oid, reason.encode())


def jobs(connection: sqlite3.Connection, key: Key, repository: int | None = None) -> Iterator[Job]:
    """What waits in quarantine, of all repositories or of one by its row. An acknowledgement
    counts only if its seal is right."""
    rows = connection.execute(
        "SELECT skipped.id, skipped.repository_id, path, oid, reason, lasting, attempts,"
        " first.started, last.started, acknowledged FROM skipped"
        " JOIN repository ON repository.id = skipped.repository_id"
        " JOIN run AS first ON first.id = first_run_id JOIN run AS last ON last.id = run_id"
        " WHERE ? IS NULL OR skipped.repository_id = ? ORDER BY reason, oid",
        (repository, repository),
    )
    for row, owner, path, oid, reason, lasting, attempts, first, last, seal in rows:
        sealed = seal is not None and hmac.compare_digest(seal, _seal(key, owner, oid, reason))
        yield Job(row, owner, path, oid, reason, bool(lasting), attempts, first, last, sealed)


def acknowledge(connection: sqlite3.Connection, key: Key, chosen: Collection[Job]) -> int:
    """Record that somebody knows that these cannot be read; how many nobody had before."""
    fresh = [one for one in chosen if not one.acknowledged]
    if fresh:
        with writing(connection):
            connection.executemany(
                "UPDATE skipped SET acknowledged = ? WHERE id = ? AND oid = ? AND reason = ?",
                [
                    (_seal(key, one.repository, one.oid, one.reason), one.row, one.oid, one.reason)
                    for one in fresh
                ],
            )
            Journal(connection, key).extend(
                Entry("acknowledged", INDEX, reason, detail)
                for reason, detail in _by_reason((one.oid, one.reason) for one in fresh)
            )
    return len(fresh)


def _by_reason(rows: Iterable[tuple[bytes, str]]) -> list[tuple[str, dict[str, object]]]:
    """For the journal: each reason, how many objects, and the first of them."""
    groups: dict[str, list[str]] = {}
    for oid, reason in rows:
        groups.setdefault(reason, []).append(oid.hex())
    return [
        (reason, {"count": len(oids), "objects": sorted(filter(None, oids))[:_NAMED]})
        for reason, oids in sorted(groups.items())
    ]


class SkippedRows(FoundRows):
    """What the writer knows of what could not be read."""

    journal: Journal
    started: int | None

    def _store_skips(self, skips: Iterable[Skip]) -> None:
        self._db.executemany(
            "INSERT INTO skipped (repository_id, oid, reason, lasting, first_run_id, run_id)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET lasting = excluded.lasting,"
            " attempts = attempts + (run_id <> excluded.run_id), run_id = excluded.run_id",
            [(self.repository, *skip, self.run, self.run) for skip in skips],
        )

    def skipped(self) -> dict[str, int]:
        """How many objects could not be read, by reason."""
        return dict(
            self._db.execute(
                "SELECT reason, count(*) FROM skipped WHERE repository_id = ?"
                " GROUP BY reason ORDER BY 2 DESC, 1",
                (self.repository,),
            )
        )

    def acknowledged(self) -> int:
        """Of how many somebody has acknowledged that they cannot be read."""
        return sum(one.acknowledged for one in jobs(self._db, self._key, self.repository))

    def skipped_ids(self) -> set[bytes]:
        """Ids of the objects that this run could not read."""
        rows = self._db.execute(
            "SELECT oid FROM skipped WHERE repository_id = ? AND run_id = ?",
            (self.repository, self.run),
        )
        return {row[0] for row in rows}

    def lastingly_skipped(self) -> list[bytes]:
        """Ids of the objects that were read as far as they can be."""
        rows = self._db.execute(
            "SELECT DISTINCT oid FROM skipped WHERE repository_id = ? AND lasting",
            (self.repository,),
        )
        return [row[0] for row in rows]

    def drop_skips(self, oids: Iterable[bytes]) -> None:
        """Drop what is said of objects that have vanished."""
        with writing(self._db):
            self._db.executemany(
                "DELETE FROM skipped WHERE repository_id = ? AND oid = ?",
                [(self.repository, oid) for oid in oids],
            )
            self._seal_findings()

    def retry(self, coverage: Coverage, length: int) -> int:
        """Have the next read look again at what was given up; how many objects.

        Args:
            coverage: the scanner's.
            length: bytes of an object id.
        """
        given_up = set(self.lastingly_skipped())
        waiting = self._db.execute(
            "SELECT oid, reason FROM skipped WHERE repository_id = ?", (self.repository,)
        ).fetchall()
        if not waiting:
            return 0
        with writing(self._db):
            self.journal.extend(
                Entry("retried", INDEX, reason, detail) for reason, detail in _by_reason(waiting)
            )
            coverage.forget(given_up, length)
            self._db.execute(
                "UPDATE skipped SET lasting = 0 WHERE repository_id = ?", (self.repository,)
            )
            self._seal_findings()
        return len(waiting)

    def _drop_skips_before(self, run: int) -> None:
        """Drop what this run read after all, and what lasts from before `run`; tell the journal
        of that, and of what this run could not read for the first time."""
        read = self._db.execute(
            "DELETE FROM skipped WHERE repository_id = ?"
            " AND (run_id < ? OR (run_id < ? AND NOT lasting)) RETURNING oid, reason",
            (self.repository, run, self.run),
        ).fetchall()
        fresh = self._db.execute(
            "SELECT oid, reason FROM skipped WHERE repository_id = ? AND first_run_id = ?",
            (self.repository, self.run),
        ).fetchall()
        for kind, rows in (("read-after-all", read), ("quarantined", fresh)):
            self.journal.extend(
                Entry(kind, of_scan(self.run), reason, detail, self.started)
                for reason, detail in _by_reason(rows)
            )
