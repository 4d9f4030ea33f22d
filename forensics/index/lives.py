"""Reads the lives of secrets out of an index."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from forensics.index.life import (
    LifeEvent,
    LifePlace,
    LifeRef,
    Moment,
    Related,
    SecretLife,
    SlotEvent,
    StayOnDefault,
)  # fmt: skip

__all__ = ["Lives"]

_Row = tuple[Any, ...]

_SECRETS = """
SELECT secret.id, lower(hex(fingerprint)), rule.name, title, severity, generic, preview,
    confidence, (SELECT facts FROM sighting WHERE secret_id = secret.id AND facts IS NOT NULL
        LIMIT 1),
    NOT EXISTS (SELECT 1 FROM occurrence WHERE secret_id = secret.id AND NOT EXISTS (
        SELECT 1 FROM swept WHERE swept.secret_id = secret.id
            AND swept.repository_id = occurrence.repository_id))
FROM secret JOIN rule ON rule.id = rule_id WHERE {where} ORDER BY secret.id
"""
_PLACES = """
SELECT occurrence.secret_id, occurrence.id, occurrence.repository_id, path.shown, object.kind,
    lower(hex(object.oid)), coalesce(
        (SELECT min(now.start_line) FROM object AS held JOIN sighting AS now
            ON now.object_id = held.id WHERE held.repository_id = occurrence.repository_id
            AND held.oid = here AND now.secret_id = occurrence.secret_id),
        min(sighting.start_line)), reach, at_tip, at_default, number, gone,
    min(by_value), CASE WHEN count(*) = count(ignored_by) THEN min(ignored_by) END, occurrence.slot
FROM occurrence JOIN finding ON finding.occurrence_id = occurrence.id
JOIN sighting ON sighting.id = sighting_id
JOIN object ON object.id = occurrence.object_id
LEFT JOIN path ON path.id = path_id
WHERE {where} GROUP BY occurrence.id ORDER BY occurrence.secret_id, path.shown, occurrence.id
"""
_EVENTS = """
SELECT occurrence.secret_id, event.id, occurrence.id, path.shown, event.kind, event.how, event.slot,
    event.via, event.uncertain, event.sequence,
    (SELECT min(start_line) FROM object JOIN sighting ON sighting.object_id = object.id
        WHERE object.repository_id = occurrence.repository_id AND object.oid = event.oid
        AND sighting.secret_id = occurrence.secret_id),
    event.lasting, event.commit_id, other.how, lower(hex(other_commit.oid)), other_path.shown,
    lower(hex(other_secret.fingerprint)), other_secret.preview
FROM occurrence_event AS event JOIN occurrence ON occurrence.id = event.occurrence_id
JOIN place ON place.occurrence_id = occurrence.id
LEFT JOIN path ON path.id = occurrence.path_id
LEFT JOIN occurrence_event AS other ON other.id = event.related_id
LEFT JOIN git_commit AS other_commit ON other_commit.id = other.commit_id
LEFT JOIN occurrence AS other_place ON other_place.id = other.occurrence_id
LEFT JOIN path AS other_path ON other_path.id = other_place.path_id
LEFT JOIN secret AS other_secret ON other_secret.id = other_place.secret_id
WHERE {where} ORDER BY occurrence.secret_id, occurrence.repository_id, event.sequence,
    event.kind DESC, path.shown
"""
_MOMENTS = """
SELECT git_commit.id, lower(hex(oid)), a.name, a.email, author_time, author_offset, c.name, c.email,
    commit_time, commit_offset, reach
FROM git_commit JOIN person AS a ON a.id = author_id JOIN person AS c ON c.id = committer_id
"""
_CONCERNING = """
WHERE git_commit.id IN (
    SELECT commit_id FROM occurrence_event JOIN occurrence ON occurrence.id = occurrence_id
        WHERE secret_id IN (SELECT value FROM json_each(?1))
    UNION SELECT since_id FROM default_stay
        WHERE secret_id IN (SELECT value FROM json_each(?1))
    UNION SELECT until_id FROM default_stay
        WHERE secret_id IN (SELECT value FROM json_each(?1)))
"""
_SLOT_EVENT = """
SELECT occurrence.repository_id, path.shown, {slot}, lower(hex(secret.fingerprint)), preview,
    (SELECT facts FROM sighting WHERE sighting.secret_id = secret.id AND facts IS NOT NULL LIMIT 1),
    {what}, event.sequence AS place, event.commit_id
FROM mine JOIN occurrence ON occurrence.repository_id = mine.repository_id
    AND occurrence.path_id = mine.path_id
JOIN occurrence_event AS event ON event.occurrence_id = occurrence.id AND {slot} = mine.slot
JOIN place ON place.occurrence_id = occurrence.id
JOIN path ON path.id = mine.path_id
JOIN secret ON secret.id = occurrence.secret_id
WHERE event.how {how}
"""
_SLOT_EVENTS = f"""
WITH told AS (SELECT repository_id, path_id, event.slot, how, via FROM place
    JOIN occurrence_event AS event ON event.occurrence_id = place.occurrence_id
    WHERE secret_id = ?),
mine AS (SELECT repository_id, path_id, slot FROM told WHERE slot IS NOT NULL
    UNION SELECT repository_id, path_id, via FROM told WHERE how = 'renamed' AND via <> '')
{_SLOT_EVENT.format(slot="event.slot", what="event.how, event.kind, event.via", how="<> 'merged'")}
UNION ALL
{_SLOT_EVENT.format(slot="event.via", what="'introduced', 'introduced', ''", how="= 'renamed'")}
ORDER BY 1, 2, 3, place, 8 DESC
"""  # noqa: S608  of texts from here alone
"""Where a slot was renamed, its value came into the slot of the new name."""


class Lives:
    """Reads the lives of secrets."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def secrets_in(self, repository: int) -> list[str]:
        """Fingerprints of the secrets that are or were in a row."""
        rows = self._db.execute(
            "SELECT lower(hex(fingerprint)) FROM secret WHERE id IN"
            " (SELECT secret_id FROM occurrence WHERE repository_id = ?)",
            (repository,),
        )
        return [fingerprint for (fingerprint,) in rows]

    def all(
        self, repository: int | None = None, secrets: Collection[str] | None = None
    ) -> Iterator[SecretLife]:
        """Every secret that stands or stood somewhere, with what happened where it is a finding.

        Args:
            repository: only what concerns this row.
            secrets: only the secrets of these fingerprints.
        """
        term = "occurrence.secret_id > ?"
        values: list[int | str] = [0]
        rows = None
        if secrets is not None:
            rows = self._rows(secrets)
            term, values = "occurrence.secret_id IN (SELECT value FROM json_each(?))", [rows]
        if repository is not None:
            term, values = f"{term} AND occurrence.repository_id = ?", [*values, repository]
        only = f"secret.id IN (SELECT secret_id FROM place AS occurrence WHERE {term})"  # noqa: S608  see above
        moments = self._moments(rows)
        places = _Grouped(self._db.execute(_PLACES.format(where=term), values))
        events = _Grouped(self._db.execute(_EVENTS.format(where=term), values))
        stays = _Grouped(
            self._db.execute(
                "SELECT secret_id, repository_id, since_id, until_id, commits FROM default_stay"
                " WHERE ?1 IS NULL OR secret_id IN (SELECT value FROM json_each(?1))"
                " ORDER BY secret_id, id",
                (rows,),
            )
        )
        for row in self._db.execute(_SECRETS.format(where=only), values).fetchall():
            number = row[0]
            yield SecretLife(
                number, row[1], row[2], row[3], row[4], bool(row[5]), row[6], row[7], row[8],
                tuple(_place(one) for one in places.of(number)),
                tuple(_event(one, moments) for one in events.of(number)),
                tuple(
                    StayOnDefault(where, moments[since], moments.get(until), commits)
                    for _, where, since, until, commits in stays.of(number)
                ),
                bool(row[9]),
            )  # fmt: skip

    def slot_events(self, secret: int) -> list[SlotEvent]:
        """What happened to the slots that a secret, by its row, ever stood in: to it and to every
        other secret there, in an order that follows ancestry, by slot."""
        rows = self._db.execute(_SLOT_EVENTS, (secret,)).fetchall()
        moments = self._moments_of(row[-1] for row in rows)
        return [SlotEvent._make((*row[:-2], moments[row[-1]])) for row in rows]

    def refs(self) -> list[LifeRef]:
        """Every ref, in an order that follows ancestry."""
        rows = self._db.execute(
            "SELECT repository_id, name, kind, is_default, sequence, holds FROM ref"
            " ORDER BY repository_id, sequence, name"
        )
        return [
            LifeRef(row[0], row[1], row[2], bool(row[3]), row[4], int.from_bytes(row[5], "little"))
            for row in rows
        ]

    def repositories(self) -> dict[int, bytes]:
        """Where each repository was scanned, by its row, as the index shows it."""
        return dict(self._db.execute("SELECT id, path FROM repository"))

    def people(self) -> list[tuple[int, bytes, bytes, int]]:
        """Repository, name, address, and as bits the occurrences that each person had."""
        rows = self._db.execute(
            "SELECT repository_id, name, email, holds FROM access"
            " JOIN person ON person.id = person_id ORDER BY name, email"
        )
        return [(row[0], row[1], row[2], int.from_bytes(row[3], "little")) for row in rows]

    def _rows(self, secrets: Collection[str]) -> str:
        """Of secrets, as a JSON list."""
        found = (
            self._db.execute("SELECT id FROM secret WHERE fingerprint = ?", (bytes.fromhex(one),))
            for one in secrets
        )
        return json.dumps([row for rows in found for (row,) in rows])

    def _moments(self, secrets: str | None) -> Mapping[int, Moment]:
        """Of all commits, or of those that concern these secrets, by their rows."""
        rows = self._db.execute(_MOMENTS if secrets is None else _MOMENTS + _CONCERNING,
                                () if secrets is None else (secrets,))  # fmt: skip
        return {row[0]: Moment(*row[1:]) for row in rows}

    def _moments_of(self, commits: Iterable[int]) -> Mapping[int, Moment]:
        """Of a few commits, by their rows."""
        one = f"{_MOMENTS} WHERE git_commit.id = ?"
        rows = (self._db.execute(one, (commit,)).fetchone() for commit in set(commits))
        return {row[0]: Moment(*row[1:]) for row in rows}


class _Grouped:
    """Rows in the order of their first column, asked for in that order."""

    def __init__(self, rows: Iterable[_Row]) -> None:
        self._groups = groupby(rows, key=lambda row: row[0])
        self._ahead: tuple[int, list[_Row]] | None = None

    def of(self, number: int) -> list[_Row]:
        """The rows that start with `number`."""
        while self._ahead is None or self._ahead[0] < number:
            try:
                first, group = next(self._groups)
            except StopIteration:
                return []
            self._ahead = first, list(group)
        return self._ahead[1] if self._ahead[0] == number else []


def _place(row: _Row) -> LifePlace:
    _, number, repository, path, kind, oid, line, reach, at_tip, at_default, bit = row[:11]
    gone, by_value, ignored, slot = row[11:]
    return LifePlace(
        number, repository, path, kind, oid, line, reach, bool(at_tip), bool(at_default), bit,
        bool(gone), bool(by_value), ignored, slot,
    )  # fmt: skip


def _event(row: _Row, moments: Mapping[int, Moment]) -> LifeEvent:
    _, number, place, path, kind, how, slot, via, uncertain, sequence, line = row[:11]
    lasting, commit = row[11:13]
    related = None if row[13] is None else Related(*row[13:])
    return LifeEvent(
        number, place, path, kind, how, slot, via, uncertain, sequence, line, related,
        bool(lasting), moments[commit],
    )  # fmt: skip
