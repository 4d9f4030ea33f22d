"""What became of each secret, worked out when findings are placed: what its status follows from.

`forensics.lifecycle.status` says what follows. It takes the same facts out of a secret's life; this
module out of tables, for all secrets at once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from forensics.index.records import BESIDE

__all__ = [
    "DIGESTED", "JOINED", "Fate", "Standing", "standing_counts", "standings", "store_fates",
]  # fmt: skip

DIGESTED = "SELECT * FROM fate WHERE repository_id = ? ORDER BY secret_id"

_BYTES = bytes(range(256))

# The places of a secret and its events, each first by occurrence. `left` asks for a bit of what the
# refs that are worked on hold, all of them in one.
_FATES = """
INSERT INTO fate
WITH told AS (
    SELECT occurrence_id, event.kind, how, uncertain <> '' AS uncertain, lasting, commit_time,
        git_commit.reach IN ('branch', 'tag') AS weighed,
        event.kind = 'removed' AND lasting AND how NOT IN ('moved', 'merged') AS ended,
        event.kind IN ('removed', 'changed') AND lasting AND how IN ('replaced', 'externalised')
            AS changed,
        event.kind <> 'introduced' AND commit_time < min(
            CASE event.kind WHEN 'introduced' THEN commit_time END
        ) OVER (
            PARTITION BY occurrence_id ORDER BY event.sequence, event.kind DESC
            ROWS UNBOUNDED PRECEDING
        ) AS backwards
    FROM place JOIN occurrence_event AS event USING (occurrence_id)
    JOIN git_commit ON git_commit.id = commit_id
    WHERE place.repository_id = :repository
),
events AS (
    SELECT occurrence_id, max(ended AND weighed) AS ended, max(changed AND weighed) AS changed,
        max(changed AND weighed AND how = 'replaced') AS replaced, max(ended) AS ended_any,
        max(changed) AS changed_any, max(changed AND how = 'replaced') AS replaced_any,
        max(how = 'rolled-back' AND lasting) AS back,
        max(uncertain OR coalesce(backwards, 0)) AS doubtful,
        min(CASE kind WHEN 'introduced' THEN commit_time END) AS came,
        max(CASE kind WHEN 'removed' THEN commit_time END) AS went
    FROM told GROUP BY occurrence_id
),
spots AS (
    SELECT occurrence.id, occurrence.secret_id, NOT ignored AS counts,
        occurrence.reach IN ('branch', 'tag') AS worked_on, at_tip, gone,
        object.kind = 'file' OR at_default OR (
            at_tip AND number / 8 < length(:held)
            AND (instr(:bytes, substr(:held, number / 8 + 1, 1)) - 1) >> (number % 8) & 1
        ) AS left
    FROM place JOIN occurrence ON occurrence.id = place.occurrence_id
    JOIN object ON object.id = occurrence.object_id
    WHERE place.repository_id = :repository
)
SELECT secret_id, :repository, 1, max(counts), sum(left), max(at_tip), max(worked_on),
    max(coalesce(ended, 0)), max(coalesce(changed, 0)), max(coalesce(replaced, 0)),
    max(coalesce(ended_any, 0)), max(coalesce(changed_any, 0)), max(coalesce(replaced_any, 0)),
    max(left AND coalesce(back, 0)), max(at_tip AND coalesce(back, 0)),
    max(gone OR coalesce(doubtful, 0)), min(came), max(went)
FROM spots LEFT JOIN events ON events.occurrence_id = spots.id GROUP BY secret_id
"""

JOINED = """
SELECT secret_id, max(placed) AND NOT max(counts) AS ignored, sum(left) > 0 AS present,
    max(at_tip) AS at_tip, max(back) AS back, max(back_at_tip) AS back_at_tip,
    CASE max(worked_on) WHEN 1 THEN max(ended) ELSE max(ended_any) END AS ended,
    CASE max(worked_on) WHEN 1 THEN max(changed) ELSE max(changed_any) END AS changed,
    CASE max(worked_on) WHEN 1 THEN max(replaced) ELSE max(replaced_any) END AS replaced,
    max(worked_on) AS worked_on, max(doubtful) AS doubtful, min(came) AS came, sum(left) AS left
FROM fate GROUP BY secret_id
"""
"""Of each secret, over all repositories: the fields of `Fate`, and more."""

_STANDINGS = f"""
WITH joined AS ({JOINED}),
said AS (
    SELECT secret.id AS secret_id, owner <> '' AS owned, coalesce(revoked_at, changed) AS since,
        CASE WHEN reopened_by IS NOT NULL OR expires <= :now THEN 'open' ELSE state END AS state
    FROM triage JOIN secret USING (fingerprint) WHERE ended_by IS NULL
)
SELECT joined.secret_id, ignored, present, at_tip, back, back_at_tip, ended, changed, replaced,
    coalesce(state, 'open') AS state, coalesce(owned, 0) AS owned,
    state = 'revoked' AND NOT doubtful AND coalesce(since >= came, 1) AND NOT EXISTS (
        SELECT 1 FROM occurrence WHERE occurrence.secret_id = joined.secret_id AND NOT EXISTS (
            SELECT 1 FROM swept WHERE swept.secret_id = occurrence.secret_id
                AND swept.repository_id = occurrence.repository_id)) AS certain
FROM joined LEFT JOIN said USING (secret_id)
"""  # noqa: S608  constants

_COUNTS = f"""
SELECT count(*), ignored, present, at_tip, back, back_at_tip, ended, changed, replaced, state,
    owned, certain FROM ({_STANDINGS}) GROUP BY 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
"""  # noqa: S608  constants


class Fate(NamedTuple):
    """What became of a secret, as far as its status follows from it."""

    ignored: bool
    """At every place."""
    present: bool
    """Where people work."""
    at_tip: bool
    back: bool
    back_at_tip: bool
    ended: bool
    changed: bool
    replaced: bool


class Standing(NamedTuple):
    """What the stage of a secret follows from."""

    fate: Fate
    state: str
    """By what people said, that holds now."""
    owned: bool
    certain: bool
    """Of what is said to be revoked: whether its value was looked for, and nothing that happened to
    it is uncertain."""


def store_fates(connection: sqlite3.Connection, repository: int) -> None:
    """Work out the rows of a repository, which has none, inside the caller's transaction."""
    refs = connection.execute(
        f"SELECT holds FROM ref WHERE repository_id = ? AND kind NOT IN ({_BESIDE})",  # noqa: S608
        (repository, *sorted(BESIDE)),
    )
    values = {"repository": repository, "bytes": _BYTES, "held": _joined(row[0] for row in refs)}
    connection.execute(_FATES, values)


_BESIDE = ", ".join("?" * len(BESIDE))


def _joined(holds: Iterable[bytes]) -> bytes:
    """All bits of these, the lowest first."""
    held = 0
    for one in holds:
        held |= int.from_bytes(one, "little")
    return held.to_bytes((held.bit_length() + 7) // 8, "little")


def standing_counts(connection: sqlite3.Connection, now: float) -> Iterator[tuple[int, Standing]]:
    """What all secrets follow that stand or stood somewhere, and how many each."""
    return _told(connection.execute(_COUNTS, {"now": now}))


def standings(connection: sqlite3.Connection, now: float) -> Iterator[tuple[int, Standing]]:
    """The same of each secret, by its row."""
    return _told(connection.execute(_STANDINGS, {"now": now}))


def _told(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, Standing]]:
    known: dict[tuple[Any, ...], Standing] = {}  # few of them differ
    for number, *told in rows:
        one = known.get(key := tuple(told))
        if one is None:
            *flags, state, owned, certain = told
            one = Standing(Fate._make(map(bool, flags)), state, bool(owned), bool(certain))
            known[key] = one
        yield number, one
