"""Which secrets were looked for by their values, and what that found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from forensics.index.database import Connection, writing
from forensics.index.found import FoundRows
from forensics.index.records import Sighting

__all__ = ["SweptRows", "holds_more_than", "samples_of"]


def holds_more_than(connection: Connection, most: int) -> bool:
    """Whether the index knows more secrets than that, of all its repositories."""
    rows = connection.execute("SELECT 1 FROM secret LIMIT 1 OFFSET ?", (most,))
    return rows.fetchone() is not None


def samples_of(connection: Connection, repository: int) -> dict[bytes, Sighting]:
    """For each secret of a repository that is not ignored in all objects, what is the same
    wherever it stands, as a sighting in no object."""
    rows = connection.execute(
        "SELECT fingerprint, rule.name, sighting.preview, length, character_class,"
        " sighting.confidence, checksum, facts, max(by_value = 0) FROM sighting"
        " JOIN object ON object.id = object_id JOIN secret ON secret.id = secret_id"
        " JOIN rule ON rule.id = sighting.rule_id WHERE repository_id = ? AND NOT gone"
        " AND (ignored IS NULL OR substr(ignored, 1, 1) = '?') GROUP BY fingerprint",
        (repository,),
    )
    return {
        fingerprint: Sighting(
            b"", "", rule, fingerprint, preview, length, characters, confidence,
            None if checksum is None else bool(checksum), 0, 0, 0, 0, 0, 0, facts,
            by_value=True,
        )
        for fingerprint, rule, preview, length, characters, confidence, checksum, facts, _ in rows
    }  # fmt: skip


class SweptRows(FoundRows):
    """What the writer knows of values looked for."""

    @property
    def connection(self) -> Connection:
        """Of the index."""
        return self._db

    def samples(self) -> dict[bytes, Sighting]:
        """As `samples_of`, of this repository."""
        return samples_of(self._db, self.repository)

    def swept(self) -> set[bytes]:
        """Fingerprints of the secrets that were looked for in every object covered."""
        rows = self._db.execute(
            "SELECT fingerprint FROM swept JOIN secret ON secret.id = secret_id"
            " WHERE repository_id = ?",
            (self.repository,),
        )
        return {row[0] for row in rows}

    def spans_of(self, oids: Iterable[bytes]) -> dict[tuple[bytes, bytes], list[tuple[int, int]]]:
        """Spans of the sightings in these objects, by object id and fingerprint."""
        found: dict[tuple[bytes, bytes], list[tuple[int, int]]] = {}
        for oid in oids:
            rows = self._db.execute(
                "SELECT fingerprint, start_byte, end_byte FROM object"
                " JOIN sighting ON object_id = object.id JOIN secret ON secret.id = secret_id"
                " WHERE repository_id = ? AND oid = ?",
                (self.repository, oid),
            )
            for fingerprint, start, end in rows:
                found.setdefault((oid, fingerprint), []).append((start, end))
        return found

    def add_swept(self, sightings: Sequence[Sighting], secrets: Iterable[bytes]) -> None:
        """Store what was found by value, and that these secrets were looked for everywhere."""
        with writing(self._db):
            self._store_sightings(sightings)
            self._db.executemany(
                "INSERT OR IGNORE INTO swept SELECT ?, id FROM secret WHERE fingerprint = ?",
                [(self.repository, one) for one in secrets],
            )
            self._seal_findings()

    def forget_swept(self) -> None:
        """Drop every claim that values were looked for."""
        with writing(self._db):
            self._db.execute("DELETE FROM swept WHERE repository_id = ?", (self.repository,))
            self._seal_findings()
