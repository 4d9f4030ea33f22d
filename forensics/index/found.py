"""What was found: rows of secrets, objects and sightings, and the seal over them."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence

from forensics.index.coverage import Coverage
from forensics.index.database import writing
from forensics.index.records import Holdings, Sighting
from forensics.index.tally import DIGESTED
from forensics.key import Key

__all__ = ["FoundRows"]

_FINDINGS = (
    "SELECT secret.fingerprint, oid, kind, start_byte, end_byte, sighting.rule_id, ignored"
    " FROM sighting"
    " JOIN object ON object.id = object_id JOIN secret ON secret.id = secret_id"
    " WHERE repository_id = ? ORDER BY sighting.id",
    "SELECT occurrence.id, secret.fingerprint, shown, reach, at_head, at_tip, at_default, number,"
    " here, occurrence.slot"
    " FROM occurrence"
    " JOIN secret ON secret.id = secret_id LEFT JOIN path ON path.id = path_id"
    " WHERE repository_id = ? ORDER BY occurrence.id",
    "SELECT occurrence_id, commit_id, occurrence_event.kind, how, occurrence_event.sequence,"
    " occurrence_event.slot, via, uncertain, occurrence_event.oid, related_id, lasting"
    " FROM occurrence_event"
    " JOIN occurrence ON occurrence.id = occurrence_id WHERE repository_id = ?"
    " ORDER BY occurrence_event.id",
    "SELECT id, oid, author_id, author_time, committer_id, commit_time, reach FROM git_commit"
    " WHERE repository_id = ? ORDER BY id",
    "SELECT secret_id FROM swept WHERE repository_id = ? ORDER BY secret_id",
    "SELECT name, kind, is_default, sequence, holds FROM ref WHERE repository_id = ? ORDER BY id",
    "SELECT secret_id, since_id, until_id, commits FROM default_stay WHERE repository_id = ?"
    " ORDER BY id",
    "SELECT person_id, holds FROM access WHERE repository_id = ? ORDER BY person_id",
    "SELECT oid, reason FROM skipped WHERE repository_id = ? AND lasting ORDER BY id",
    "SELECT occurrence_id, sighting_id, reason FROM ignored"
    " JOIN occurrence ON occurrence.id = occurrence_id WHERE repository_id = ?"
    " ORDER BY occurrence_id, sighting_id",
    *DIGESTED,
)
"""What the seal of the findings is over."""


class FoundRows:
    """What the writer knows of findings, before they are placed."""

    _db: sqlite3.Connection
    _key: Key
    _rules: dict[str, int]
    _scanner: str
    repository: int
    run: int

    def coverage(self, scanner: str) -> Coverage:
        """What `scanner` has covered of the repository."""
        return Coverage(self._db, self._key, self.repository, scanner)

    def findings_digest(self) -> bytes:
        """A digest of everything found in the repository and where it was placed."""
        digest = hashlib.sha256()
        for query in _FINDINGS:
            rows = self._db.execute(query, (self.repository,))
            while some := rows.fetchmany(10_000):
                digest.update("".join(map(repr, some)).encode())
        return digest.digest()

    def _seal_findings(self) -> None:
        """Claim, inside a transaction, that what is found is what this program wrote."""
        self.coverage(self._scanner).add("findings", b"", self.findings_digest())

    def _store_secrets(self, sightings: Iterable[Sighting]) -> None:
        first = {one.fingerprint: one for one in sightings}
        self._db.executemany(
            "INSERT INTO secret (fingerprint, preview, length, character_class, rule_id,"
            " confidence) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (fingerprint) DO NOTHING",
            [
                (one.fingerprint, one.preview, one.length, one.character_class,
                 self._rules[one.rule], one.confidence)
                for one in first.values()
            ],
        )  # fmt: skip

    def _store_sightings(self, sightings: Sequence[Sighting]) -> None:
        objects = dict.fromkeys((one.oid, one.kind) for one in sightings)
        self._db.executemany(
            "INSERT INTO object (repository_id, oid, kind) VALUES (?, ?, ?)"
            " ON CONFLICT DO UPDATE SET gone = 0",
            [(self.repository, oid, kind) for oid, kind in objects],
        )
        self._db.executemany(
            "INSERT INTO sighting (secret_id, object_id, rule_id, preview, start_byte, end_byte,"
            " start_line, start_column, end_line, end_column, confidence, checksum, facts,"
            " reasons, decoded, partner_start, partner_end, partner_line, ignored, mark, by_value,"
            " run_id)"
            " SELECT secret.id, object.id" + ", ?" * 20 + " FROM secret, object"
            " WHERE fingerprint = ? AND repository_id = ? AND oid = ? AND kind = ?"
            " ON CONFLICT (object_id, start_byte, end_byte, secret_id) DO UPDATE SET"
            " rule_id = excluded.rule_id,"
            " preview = excluded.preview,"
            " confidence = excluded.confidence, checksum = excluded.checksum,"
            " facts = excluded.facts, reasons = excluded.reasons, decoded = excluded.decoded,"
            " partner_start = excluded.partner_start, partner_end = excluded.partner_end,"
            " partner_line = excluded.partner_line, ignored = excluded.ignored,"
            " by_value = excluded.by_value, run_id = excluded.run_id",
            [
                (self._rules[one.rule], one.preview, one.start, one.end, one.start_line,
                 one.start_column, one.end_line, one.end_column, one.confidence, one.checksum,
                 one.facts, one.reasons, one.decoded, *(one.partner or (None, None, None)),
                 one.ignored, one.mark, one.by_value, self.run, one.fingerprint, self.repository,
                 one.oid, one.kind)
                for one in sightings
            ],
        )  # fmt: skip

    def held(self) -> Holdings:
        """Which objects of the repository hold which secrets."""
        found = Holdings({}, {}, {}, {})
        marks: dict[tuple[bytes, bytes], list[bytes]] = {}
        ignores = False
        rows = self._db.execute(
            "SELECT oid, kind, fingerprint, ignored, mark, start_byte, end_byte FROM sighting"
            " JOIN object ON object.id = object_id JOIN secret ON secret.id = secret_id"
            " WHERE repository_id = ? ORDER BY sighting.id",
            (self.repository,),
        )
        for oid, kind, fingerprint, ignored, mark, start, end in rows:
            found.secrets.setdefault((oid, kind), set()).add(fingerprint)
            place = (oid, fingerprint)
            marks.setdefault(place, []).append(mark)
            found.spans.setdefault(place, []).append((start, end))
            ignores |= ignored is not None
            openly = 2 if ignored is None else int(ignored[:1] == "?")
            found.openly[place] = max(openly, found.openly.get(place, 0))
        found.marks.update((place, tuple(sorted(lines))) for place, lines in marks.items())
        if not ignores:
            found.openly.clear()
        return found

    def objects_of_other_scanners(self, scanner: str) -> list[tuple[int, bytes, str]]:
        """Row, id and kind of the objects, still there, with a sighting that no run of `scanner`
        since the last one of another confirmed."""
        return self._db.execute(
            "SELECT DISTINCT object.id, oid, kind FROM sighting"
            " JOIN object ON object.id = object_id"
            " WHERE repository_id = ? AND NOT gone AND kind <> 'ref' AND sighting.run_id < ?",
            (self.repository, self._first_run(scanner)),
        ).fetchall()

    def drop_older_sightings(self, scanner: str, objects: Iterable[int]) -> None:
        """Drop the sightings that only other scanners found: in these objects, by row, which
        `scanner` looked at; and those in names of refs that this run did not see."""
        with writing(self._db):
            before = self._first_run(scanner)
            self._db.executemany(
                "DELETE FROM sighting WHERE object_id = ? AND run_id < ?",
                [(row, before) for row in objects],
            )
            self._db.execute(
                "DELETE FROM sighting WHERE run_id < ? AND object_id IN"
                " (SELECT id FROM object WHERE repository_id = ? AND kind = 'ref')",
                (self.run, self.repository),
            )
            self._seal_findings()

    def _first_run(self, scanner: str) -> int:
        """The first of the latest runs that were all of `scanner`."""
        row = self._db.execute(
            "SELECT min(id) FROM run WHERE repository_id = :repository AND scanner = :scanner"
            " AND id > (SELECT coalesce(max(id), 0) FROM run WHERE repository_id = :repository"
            " AND scanner <> :scanner)",
            {"repository": self.repository, "scanner": scanner},
        ).fetchone()
        return int(row[0] or 0)

    def objects_with_sightings(self) -> list[bytes]:
        """Ids of the objects of the repository's database in which something was found."""
        rows = self._db.execute(
            "SELECT oid FROM object WHERE repository_id = ?"
            " AND kind IN ('blob', 'commit', 'tag', 'tree')",
            (self.repository,),
        )
        return [row[0] for row in rows]

    def any_gone(self) -> bool:
        """Whether an object with sightings had vanished when it was last looked for."""
        row = self._db.execute(
            "SELECT 1 FROM object WHERE repository_id = ? AND gone LIMIT 1", (self.repository,)
        ).fetchone()
        return row is not None

    def mark_gone(self, present: set[bytes]) -> None:
        """Mark the objects with sightings that are not among `present` as vanished."""
        gone = [(oid not in present, self.repository, oid) for oid in self.objects_with_sightings()]
        with writing(self._db):
            self._db.executemany(
                "UPDATE object SET gone = ? WHERE repository_id = ? AND oid = ?", gone
            )
