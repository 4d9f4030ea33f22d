"""Occurrences, the commits they name, and refs: rows that each run replaces as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from forensics.index.database import writing
from forensics.index.found import FoundRows
from forensics.index.records import Commit, Occurrence, Person, PlacedSighting

__all__ = ["PlacedRows"]


class PlacedRows(FoundRows):
    """What the writer knows of placed findings."""

    def place(
        self,
        occurrences: Sequence[Occurrence],
        commits: Iterable[tuple[Commit, str]],
        refs: Iterable[tuple[bytes, bytes, bytes, str]],
    ) -> None:
        """Replace the repository's occurrences and refs.

        Args:
            occurrences: all of the repository's.
            commits: every commit that an event names, with its reach.
            refs: name, target, peeled target and kind, names masked.
        """
        with writing(self._db):
            self._settle_secrets()
            self._db.execute("DELETE FROM occurrence WHERE repository_id = ?", (self.repository,))
            self._db.execute(  # left over only where somebody else was at work
                "DELETE FROM occurrence_event"
                " WHERE occurrence_id NOT IN (SELECT id FROM occurrence)"
            )
            self._db.execute("DELETE FROM ref WHERE repository_id = ?", (self.repository,))
            self._db.execute("DELETE FROM git_commit WHERE repository_id = ?", (self.repository,))
            self._db.execute(
                "DELETE FROM person WHERE id NOT IN (SELECT author_id FROM git_commit)"
                " AND id NOT IN (SELECT committer_id FROM git_commit)"
            )
            self._db.execute(
                "DELETE FROM path WHERE id NOT IN"
                " (SELECT path_id FROM occurrence WHERE path_id IS NOT NULL)"
            )
            self._db.executemany(
                "INSERT INTO ref (repository_id, name, target, peeled, kind)"
                " VALUES (?, ?, ?, ?, ?)",
                [(self.repository, *ref) for ref in refs],
            )
            self._store_commits(commits)
            self._db.executemany(
                "INSERT OR IGNORE INTO path (shown, fingerprint) VALUES (?, ?)",
                {one.path for one in occurrences if one.path is not None},
            )
            self._store_occurrences(occurrences)
            self._seal_findings()

    def _settle_secrets(self) -> None:
        """Give every secret of the repository the most specific rule that finds it now."""
        self._db.execute(
            "UPDATE secret SET (rule_id, preview, confidence) ="
            " (SELECT rule_id, sighting.preview, sighting.confidence FROM sighting"
            "  JOIN rule ON rule.id = sighting.rule_id WHERE secret_id = secret.id"
            "  ORDER BY generic, sighting.confidence DESC, name LIMIT 1)"
            " WHERE id IN (SELECT secret_id FROM sighting)"
        )

    def commits_known(self) -> dict[bytes, Commit]:
        """Commits as an earlier placing read them."""
        rows = self._db.execute(
            "SELECT oid, a.name, a.email, author_time, author_offset, c.name, c.email,"
            " commit_time, commit_offset FROM git_commit JOIN person AS a ON a.id = author_id"
            " JOIN person AS c ON c.id = committer_id WHERE repository_id = ?",
            (self.repository,),
        )
        return {
            row[0]: Commit(
                row[0],
                Person(row[1], row[2]),
                row[3],
                row[4],
                Person(row[5], row[6]),
                row[7],
                row[8],
            )
            for row in rows
        }

    def _store_commits(self, commits: Iterable[tuple[Commit, str]]) -> None:
        given = list(commits)
        people = {person for commit, _ in given for person in (commit.author, commit.committer)}
        self._db.executemany(
            "INSERT OR IGNORE INTO person (name, email) VALUES (?, ?)",
            [(person.name, person.email) for person in people],
        )
        number = {
            Person(name, email): row
            for row, name, email in self._db.execute("SELECT id, name, email FROM person")
        }
        self._db.executemany(
            "INSERT INTO git_commit (repository_id, oid, author_id, author_time, author_offset,"
            " committer_id, commit_time, commit_offset, reach) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (self.repository, one.oid, number[one.author], one.author_time, one.author_offset,
                 number[one.committer], one.commit_time, one.commit_offset, reach)
                for one, reach in given
            ],
        )  # fmt: skip

    def _store_occurrences(self, occurrences: Sequence[Occurrence]) -> None:
        db, repository = self._db, (self.repository,)
        secret = dict(db.execute("SELECT fingerprint, id FROM secret"))
        path = {(shown, mark): row for row, shown, mark in db.execute("SELECT * FROM path")}
        object_ = {
            (oid, kind): row
            for row, oid, kind in db.execute(
                "SELECT id, oid, kind FROM object WHERE repository_id = ?", repository
            )
        }
        commit = dict(
            db.execute("SELECT oid, id FROM git_commit WHERE repository_id = ?", repository)
        )
        last = int(db.execute("SELECT coalesce(max(id), 0) FROM occurrence").fetchone()[0])
        rows: list[tuple[object, ...]] = []
        events: list[tuple[object, ...]] = []
        for row, one in enumerate(occurrences, last + 1):
            place = None if one.path is None else path[one.path]
            rows.append(
                (row, self.repository, secret[one.fingerprint], place,
                 object_[one.oid, one.kind], one.reach, one.at_head, one.at_tip)
            )  # fmt: skip
            events.extend(
                (row, commit[event.commit], event.kind, event.sequence)
                for event in one.events
                if event.commit in commit
            )
        db.executemany("INSERT INTO occurrence VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        db.executemany("INSERT OR IGNORE INTO occurrence_event VALUES (?, ?, ?, ?)", events)

    def placed_sightings(self) -> list[PlacedSighting]:
        """Every sighting of the repository in an object that shows an occurrence."""
        rows = self._db.execute(
            "SELECT occurrence.id, sighting.id, sighting.secret_id, rule.name, path.shown,"
            " coalesce(ignored, '') FROM occurrence"
            " JOIN sighting ON sighting.object_id = occurrence.object_id"
            " AND sighting.secret_id = occurrence.secret_id"
            " JOIN rule ON rule.id = sighting.rule_id LEFT JOIN path ON path.id = path_id"
            " WHERE occurrence.repository_id = ? ORDER BY occurrence.id, sighting.id",
            (self.repository,),
        )
        return [PlacedSighting(*row) for row in rows]

    def introducing_commits(self) -> Mapping[int, Sequence[str]]:
        """By occurrence, ids in hexadecimal digits of the commits that introduced it: of those
        that what still leads to it most strongly leads to."""
        found: dict[int, list[str]] = {}
        for occurrence, commit in self._db.execute(
            "SELECT occurrence_id, lower(hex(git_commit.oid)) FROM occurrence_event"
            " JOIN git_commit ON git_commit.id = commit_id"
            " JOIN occurrence ON occurrence.id = occurrence_id"
            " WHERE kind = 'introduced' AND git_commit.reach = occurrence.reach"
            " AND occurrence.repository_id = ?",
            (self.repository,),
        ):
            found.setdefault(occurrence, []).append(commit)
        return found

    def lines_of(self, secret: int) -> set[int]:
        """Every line on which a secret, by its row, starts in some object of the repository."""
        rows = self._db.execute(
            "SELECT DISTINCT start_line FROM sighting JOIN object ON object.id = object_id"
            " WHERE secret_id = ? AND repository_id = ?",
            (secret, self.repository),
        )
        return {row[0] for row in rows}

    def set_ignored(self, rows: Iterable[tuple[int, int, str]]) -> None:
        """Replace what lists ignore of the repository's findings.

        Args:
            rows: occurrence, sighting and reason; an empty reason says that it is no finding.
        """
        made = list(rows)
        before = self._db.execute(
            "SELECT occurrence_id, sighting_id, reason FROM ignored"
            " JOIN occurrence ON occurrence.id = occurrence_id WHERE repository_id = ?",
            (self.repository,),
        ).fetchall()
        if sorted(made) == sorted(before):
            return
        with writing(self._db):
            self._db.execute(
                "DELETE FROM ignored WHERE occurrence_id IN"
                " (SELECT id FROM occurrence WHERE repository_id = ?)",
                (self.repository,),
            )
            self._db.executemany("INSERT INTO ignored VALUES (?, ?, ?)", made)
            self._seal_findings()
