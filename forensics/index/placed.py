"""Occurrences, the commits they name, and refs: rows that each run replaces as a whole."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from forensics.index.database import writing
from forensics.index.records import (
    Commit,
    Event,
    EventKey,
    Occurrence,
    Person,
    PlacedRef,
    PlacedSighting,
    Stay,
)
from forensics.index.stored_facts import stored_facts
from forensics.index.tally import clear, tally
from forensics.index.told import ToldRows

__all__ = ["PlacedRows"]

_PUBLIC, _SERIAL = "public key", "certificate serial"
"""Facts about private keys."""


def _as_bytes(bits: int) -> bytes:
    return bits.to_bytes((bits.bit_length() + 7) // 8, "little")


class PlacedRows(ToldRows):
    """What the writer knows of placed findings."""

    def place(
        self,
        occurrences: Sequence[Occurrence],
        commits: Iterable[tuple[Commit, str]] = (),
        refs: Iterable[PlacedRef] = (),
        stays: Iterable[Stay] = (),
        access: Mapping[Person, int] = MappingProxyType({}),
        serials: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Replace everything that was placed in the repository.

        Args:
            occurrences: all of the repository's; their places here are their numbers.
            commits: every commit that an event or a stay names, with its reach.
            refs: every ref, with what it holds.
            stays: where on the default branch secrets stood.
            access: by person, numbers of the occurrences that they had, as bits.
            serials: by `public_keys`, the serial numbers of their certificates.
        """
        with writing(self._db):
            self._tell_serials(serials)
            self._settle_secrets()
            self._clear_placed()
            self._store_people(access)
            self._store_commits(commits)
            self._db.execute(
                "INSERT OR IGNORE INTO commit_seen SELECT repository_id, oid, ? FROM git_commit"
                " WHERE repository_id = ?",
                (self.run, self.repository),
            )
            self._db.executemany(
                "INSERT INTO ref (repository_id, name, target, peeled, kind, is_default, sequence,"
                " holds) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [(self.repository, *ref[:-1], _as_bytes(ref.holds)) for ref in refs],
            )
            self._db.executemany(
                "INSERT OR IGNORE INTO path (shown, fingerprint) VALUES (?, ?)",
                {one.path for one in occurrences if one.path is not None},
            )
            self._store_occurrences(occurrences)
            self._store_stays(stays)
            tally(self._db, self.repository)
            self._seal_findings()

    def public_keys(self) -> dict[str, set[bytes]]:
        """By fingerprint of its public half, the private keys of the repository that tell it."""
        found: dict[str, set[bytes]] = {}
        for _, secret, facts in self._keys():
            found.setdefault(facts[_PUBLIC], set()).add(secret)
        return found

    def _keys(self) -> list[tuple[int, bytes, dict[str, str]]]:
        """Row of each sighting of such a key, its fingerprint, and what it says of itself."""
        rows = self._db.execute(
            "SELECT sighting.id, fingerprint, facts FROM sighting"
            " JOIN object ON object.id = object_id JOIN secret ON secret.id = secret_id"
            " WHERE repository_id = ? AND facts LIKE '%\"' || ? || '\"%'",
            (self.repository, _PUBLIC),
        )
        told = ((row, secret, dict(stored_facts(facts))) for row, secret, facts in rows)
        return [one for one in told if _PUBLIC in one[2]]

    def _tell_serials(self, serials: Mapping[str, str]) -> None:
        for row, _, facts in self._keys():
            serial = serials.get(facts[_PUBLIC], "")
            if serial == facts.pop(_SERIAL, ""):
                continue
            told = [*facts.items(), *([(_SERIAL, serial)] if serial else [])]
            self._db.execute("UPDATE sighting SET facts = ? WHERE id = ?", (json.dumps(told), row))

    def _clear_placed(self) -> None:
        clear(self._db, self.repository)
        for table in ("default_stay", "access", "occurrence", "ref"):
            self._db.execute(f"DELETE FROM {table} WHERE repository_id = ?", (self.repository,))  # noqa: S608
        self._db.execute(  # left over only where somebody else was at work
            "DELETE FROM occurrence_event WHERE occurrence_id NOT IN (SELECT id FROM occurrence)"
        )
        self._db.execute("DELETE FROM git_commit WHERE repository_id = ?", (self.repository,))
        self._db.execute(
            "DELETE FROM person WHERE id NOT IN (SELECT author_id FROM git_commit"
            " UNION SELECT committer_id FROM git_commit UNION SELECT person_id FROM access)"
        )
        self._db.execute(
            "DELETE FROM path WHERE id NOT IN"
            " (SELECT path_id FROM occurrence WHERE path_id IS NOT NULL)"
        )

    def _settle_secrets(self) -> None:
        """Give every secret of the repository the most specific rule that finds it now."""
        self._db.execute(
            "UPDATE secret SET (rule_id, preview, confidence) ="
            " (SELECT rule_id, sighting.preview, sighting.confidence FROM sighting"
            "  JOIN rule ON rule.id = sighting.rule_id WHERE secret_id = secret.id"
            "  ORDER BY generic, sighting.confidence DESC, name LIMIT 1)"
            " WHERE id IN (SELECT secret_id FROM sighting)"
        )

    def _people(self, people: Iterable[Person]) -> dict[Person, int]:
        """Rows of people, made where there is none."""
        self._db.executemany(
            "INSERT OR IGNORE INTO person (name, email) VALUES (?, ?)", [*set(people)]
        )
        rows = self._db.execute("SELECT id, name, email FROM person")
        return {Person(name, email): row for row, name, email in rows}

    def _store_people(self, access: Mapping[Person, int]) -> None:
        rows = self._people(access)
        self._db.executemany(
            "INSERT INTO access VALUES (?, ?, ?)",
            [(self.repository, rows[one], _as_bytes(holds)) for one, holds in access.items()],
        )

    def _store_commits(self, commits: Iterable[tuple[Commit, str]]) -> None:
        given = list(commits)
        number = self._people(
            person for commit, _ in given for person in (commit.author, commit.committer)
        )
        self._db.executemany(
            "INSERT INTO git_commit (repository_id, oid, author_id, author_time, author_offset,"
            " committer_id, commit_time, commit_offset, reach) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (self.repository, one.oid, number[one.author], one.author_time, one.author_offset,
                 number[one.committer], one.commit_time, one.commit_offset, reach)
                for one, reach in given
            ],
        )  # fmt: skip

    def _commit_rows(self) -> dict[bytes, int]:
        rows = self._db.execute(
            "SELECT oid, id FROM git_commit WHERE repository_id = ?", (self.repository,)
        )
        return dict(rows)

    def _store_stays(self, stays: Iterable[Stay]) -> None:
        secret = dict(self._db.execute("SELECT fingerprint, id FROM secret"))
        commit = self._commit_rows()
        self._db.executemany(
            "INSERT INTO default_stay (repository_id, secret_id, since_id, until_id, commits)"
            " VALUES (?, ?, ?, ?, ?)",
            [
                (self.repository, secret[one.fingerprint], commit[one.since],
                 commit.get(one.until or b""), one.commits)
                for one in stays
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
        last = int(db.execute("SELECT coalesce(max(id), 0) FROM occurrence").fetchone()[0])
        rows = [
            (last + 1 + number, self.repository, secret[one.fingerprint],
             None if one.path is None else path[one.path], object_[one.oid, one.kind], one.reach,
             one.at_head, one.at_tip, one.at_default, number, one.here, one.slot)
            for number, one in enumerate(occurrences)
        ]  # fmt: skip
        db.executemany("INSERT INTO occurrence VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        self._store_events(occurrences, last + 1)

    def _store_events(self, occurrences: Sequence[Occurrence], first: int) -> None:
        """Store what happened to occurrences, whose rows start at `first`."""
        commit = self._commit_rows()
        last = int(
            self._db.execute("SELECT coalesce(max(id), 0) FROM occurrence_event").fetchone()[0]
        )
        number: dict[EventKey, int] = {}
        told: list[tuple[int, Event]] = []
        for row, one in enumerate(occurrences, first):
            for event in one.events:
                if event.commit in commit:
                    told.append((row, event))
                    key = EventKey(one.fingerprint, one.path, event.commit, event.kind)
                    number[key] = last + len(told)
        self._db.executemany(
            "INSERT INTO occurrence_event (id, occurrence_id, commit_id, kind, how, slot, via,"
            " uncertain, sequence, oid, lasting) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (at, row, commit[event.commit], event.kind, event.how, event.slot, event.via,
                 event.uncertain, event.sequence, event.oid, event.lasting)
                for at, (row, event) in enumerate(told, last + 1)
            ],
        )  # fmt: skip
        self._db.executemany(
            "UPDATE occurrence_event SET related_id = ? WHERE id = ?",
            [
                (number[event.related], at)
                for at, (_, event) in enumerate(told, last + 1)
                if event.related in number
            ],
        )

    def placed_sightings(self) -> list[PlacedSighting]:
        """Every sighting of the repository in an object that shows an occurrence."""
        rows = self._db.execute(
            "SELECT occurrence.id, sighting.id, sighting.secret_id, rule.name, path.shown,"
            " coalesce(ignored, ''), lower(hex(secret.fingerprint)) FROM occurrence"
            " JOIN sighting ON sighting.object_id = occurrence.object_id"
            " AND sighting.secret_id = occurrence.secret_id"
            " JOIN secret ON secret.id = sighting.secret_id"
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
            tally(self._db, self.repository)
            self._seal_findings()
