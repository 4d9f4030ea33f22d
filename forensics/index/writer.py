"""The one writer of the index. Every method is one transaction."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from forensics.index.coverage import Coverage
from forensics.index.database import writing
from forensics.index.figures import FigureRows
from forensics.index.journal import Entry, Journal, of_scan, of_secret
from forensics.index.payloads import PayloadClaim
from forensics.index.placed import PlacedRows
from forensics.index.quarantine import SkippedRows
from forensics.index.records import Sighting, Skip
from forensics.index.tally import tally
from forensics.key import Key

if TYPE_CHECKING:
    from forensics.index.history_store import HistoryStore, StoredSegment

__all__ = ["IndexWriter", "RuleFacts", "repository_mark"]


def repository_mark(key: Key, path: bytes, *, folder: bool = False) -> bytes:
    """What a repository, or a folder scanned as files, is known by. The same path can be both."""
    return key.fingerprint((b"folder" if folder else b"repository") + b"\0" + path)


class RuleFacts(Protocol):
    """What the index keeps of a rule."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def why(self) -> str: ...
    @property
    def remedy(self) -> str: ...
    @property
    def generic(self) -> bool: ...


class IndexWriter(PlacedRows, SkippedRows, FigureRows):
    """Writes what one run over one repository finds."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        key: Key,
        path: bytes,
        shown: bytes,
        object_format: str,
        inside: bool = False,
    ) -> None:
        """Open the rows of the repository at `path`.

        Args:
            connection: of the index.
            key: the index's.
            path: what names the repository.
            shown: the same with any secret in it masked.
            object_format: `none` outside git.
            inside: whether the index lies inside that repository.
        """
        self._db, self._key, self._inside = connection, key, inside
        self._shown = shown.decode("utf-8", "backslashreplace")
        self.journal = Journal(connection, key)
        self.started: int | None = None
        """The row of the journal that tells of this run's start; None before it."""
        with writing(self._db):
            mark = repository_mark(key, path, folder=object_format == "none")
            self._follow_a_move(shown, mark)
            self._db.execute(
                "INSERT INTO repository (path, fingerprint, object_format) VALUES (?, ?, ?)"
                " ON CONFLICT (fingerprint) DO UPDATE SET object_format = excluded.object_format",
                (shown, mark, object_format),
            )
        self.repository: int = self._db.execute(
            "SELECT id FROM repository WHERE fingerprint = ?", (mark,)
        ).fetchone()[0]
        self.run = 0
        self._batches = 0
        self._rules: dict[str, int] = {}
        self._scanner = ""

    def _follow_a_move(self, shown: bytes, mark: bytes) -> None:
        """An index inside a repository knows that one only: where the folder was moved or
        copied, the index went with it."""
        if self._inside:
            self._db.execute(
                "UPDATE repository SET path = ?, fingerprint = ? WHERE object_format <> 'none'"
                " AND (SELECT count(*) FROM repository WHERE object_format <> 'none') = 1",
                (shown, mark),
            )

    def history(self, boundary: bytes) -> HistoryStore:
        """The repository's history as stored under that boundary."""
        from forensics.index.history_store import HistoryStore  # NumPy, which few need

        return HistoryStore(self._db, self._key, self.repository, boundary)

    def add_history(
        self,
        store: HistoryStore,
        segment: StoredSegment,
        sightings: Sequence[Sighting],
        covered: bytes,
    ) -> None:
        """Store a segment, the sightings in its path names, and the commits covered by it."""
        with writing(self._db):
            store.append(segment)
            self._store_secrets(sightings)
            self._store_sightings(sightings)
            self._cover(covered)
            self.coverage(self._scanner).add("history", b"", store.digest())
            if sightings or covered:
                self._seal_findings()

    def replace_history(self, store: HistoryStore, segments: Iterable[StoredSegment]) -> None:
        """Keep these segments in place of all that are stored."""
        with writing(self._db):
            store.clear()
            for segment in segments:
                store.append(segment)
            self.coverage(self._scanner).add("history", b"", store.digest())

    def forget_coverage(self) -> None:
        """Drop every claim that something is covered."""
        with writing(self._db):
            self.coverage(self._scanner).clear()

    def forget_history(self, store: HistoryStore) -> None:
        """Drop history, and every claim that something is covered: whatever was covered cannot
        be placed without it."""
        with writing(self._db):
            store.clear()
            self.coverage(self._scanner).clear()

    def last_scanner(self) -> str | None:
        """What the last finished run looked with; None if there was none."""
        row = self._db.execute(
            "SELECT scanner FROM run WHERE repository_id = ? AND finished IS NOT NULL"
            " ORDER BY id DESC LIMIT 1",
            (self.repository,),
        ).fetchone()
        return row[0] if row else None

    def same_scanner_before(self) -> bool:
        """Whether the last finished run looked with what this one looks with."""
        return self.last_scanner() == self._scanner

    def last_run_finished(self) -> bool:
        """Whether the newest run ended, with everything that it found placed."""
        row = self._db.execute(
            "SELECT finished FROM run WHERE repository_id = ? ORDER BY id DESC LIMIT 1",
            (self.repository,),
        ).fetchone()
        return row is not None and row[0] is not None

    def begin(self, scanner: str, engine: str, rules: Iterable[RuleFacts]) -> None:
        """Start a run and bring the rules up to date."""
        self._scanner = scanner
        with writing(self._db):
            self.coverage(scanner).clear_others()
            self.run = int(
                self._db.execute(
                    "INSERT INTO run (repository_id, started, scanner, engine)"
                    " VALUES (?, ?, ?, ?) RETURNING id",
                    (self.repository, time.time(), scanner, engine),
                ).fetchone()[0]
            )
            self._db.executemany(
                "INSERT INTO rule (name, title, severity, why, remedy, generic)"
                " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET"
                " title = excluded.title, severity = excluded.severity, why = excluded.why,"
                " remedy = excluded.remedy, generic = excluded.generic",
                [
                    (rule.id, rule.title, rule.severity, rule.why, rule.remedy, rule.generic)
                    for rule in rules
                ],
            )
            self.started = self.journal.append(
                "scan-started", of_scan(self.run), self._shown,
                {"run": self.run, "repository": self.repository, "scanner": scanner},
            )  # fmt: skip
        self._rules = dict(self._db.execute("SELECT name, id FROM rule"))

    def add(
        self,
        sightings: Sequence[Sighting] = (),
        skips: Iterable[Skip] = (),
        covered: bytes = b"",
        payloads: Sequence[PayloadClaim] = (),
    ) -> None:
        """Store a batch together with the record of what it covers.

        Args:
            sightings: all of each object that has any.
            skips: what could not be read.
            covered: ids of the objects read, one after another.
            payloads: what came of those of LFS.
        """
        skips = tuple(skips)
        with writing(self._db):
            self._store_secrets(sightings)
            self._store_sightings(sightings)
            self._store_skips(skips)
            self._cover(covered, payloads)
            if sightings or covered or any(skip.lasting for skip in skips):
                self._seal_findings()

    def _cover(self, ids: bytes, payloads: Sequence[PayloadClaim] = ()) -> None:
        if not ids and not payloads:
            return
        self._batches += 1
        name = f"{self.run}-{self._batches}".encode()
        coverage = self.coverage(self._scanner)
        if ids:
            coverage.add("ids", name, ids)
        coverage.add_payloads(name, payloads)

    def finish(
        self,
        coverage: Coverage,
        ids: bytes,
        packs: Iterable[tuple[bytes, bytes]],
        loose: bytes,
        tips: bytes,
        history: bytes,
        payloads: Iterable[PayloadClaim],
        summary: tuple[int, int, int],
    ) -> None:
        """End the run: one record of everything covered, and what is readable now is no longer
        skipped.

        Args:
            coverage: the scanner's.
            ids: every covered id, ascending.
            packs: the path of every pack that is covered whole, with its checksum.
            loose: ids, ascending, of the covered objects that are loose.
            tips: digest of the refs and reflogs placed.
            history: digest of the stored history.
            payloads: what came of those of LFS.
            summary: objects read by this run, bytes in them, and commits known in all.
        """
        with writing(self._db):
            coverage.consolidate(ids, packs, loose, tips, history, payloads)
            self._drop_skips_before(self._first_run(self._scanner))
            self._end_run(*summary)
            self._seal_findings()

    def finish_without_coverage(self, objects: int, read: int) -> None:
        """End a run over files, which are read anew each time; what it did not see is gone."""
        with writing(self._db):
            self._db.execute(
                "DELETE FROM sighting WHERE run_id < ? AND object_id IN"
                " (SELECT id FROM object WHERE repository_id = ?)",
                (self.run, self.repository),
            )
            tally(self._db, self.repository)
            self._drop_skips_before(self.run)
            self._end_run(objects, read, 0)

    def _end_run(self, objects: int, read: int, commits: int) -> None:
        self._db.execute(
            "UPDATE run SET finished = ?, objects = ?, bytes = ?, commits = ? WHERE id = ?",
            (time.time(), objects, read, commits, self.run),
        )
        self._tell_what_was_found()
        self.journal.append(
            "scan-finished", of_scan(self.run), self._shown,
            {"run": self.run, "objects": objects, "bytes": read, "skipped": self.skipped()},
            self.started,
        )  # fmt: skip

    def _tell_what_was_found(self) -> None:
        """Tell the journal of every secret that it has not been told of yet."""
        rows = self._db.execute(
            "SELECT lower(hex(fingerprint)), rule.name, preview FROM secret"
            " JOIN rule ON rule.id = rule_id WHERE secret.id IN (SELECT secret_id FROM sighting)"
            " AND NOT EXISTS (SELECT 1 FROM journal WHERE kind = 'found'"
            " AND conversation = 'secret:' || lower(hex(fingerprint))) ORDER BY secret.id"
        ).fetchall()
        self.journal.extend(
            Entry("found", of_secret(secret), secret,
                  {"rule": rule, "preview": preview, "run": self.run}, self.started)
            for secret, rule, preview in rows
        )  # fmt: skip
