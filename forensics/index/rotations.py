"""What a list of rotations says of every secret, out of what is kept of each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from sys import intern
from typing import NamedTuple

from forensics.index.fate import JOINED, Fate

__all__ = ["Rotation", "rotations"]

# `began` is the first event that brought a secret by ancestry in each repository, and the earliest
# of these; what has no place counts as one repository. One pass over all events costs least.
_ROTATIONS = f"""
WITH joined AS ({JOINED}),
first AS (
    SELECT place.secret_id AS secret_id, commit_time,
        min((place.repository_id << 40) + event.sequence)
    FROM occurrence_event AS event JOIN place ON place.occurrence_id = event.occurrence_id
    JOIN git_commit ON git_commit.id = commit_id
    WHERE event.kind = 'introduced' GROUP BY place.secret_id, place.repository_id
),
began AS (SELECT secret_id, min(commit_time) AS began FROM first GROUP BY secret_id),
said AS (
    SELECT fingerprint, owner, due, max(made_by, coalesce(reopened_by, 0)) AS revision,
        coalesce(revoked_at, changed) AS since,
        CASE WHEN reopened_by IS NOT NULL OR expires <= :now THEN 'open' ELSE state END AS state
    FROM triage WHERE ended_by IS NULL
)
SELECT secret.id, lower(hex(secret.fingerprint)), rule.name, severity, preview,
    ignored, present, at_tip, back, back_at_tip, ended, changed, replaced,
    NOT doubtful AND NOT EXISTS (
        SELECT 1 FROM occurrence WHERE occurrence.secret_id = joined.secret_id AND NOT EXISTS (
            SELECT 1 FROM swept WHERE swept.secret_id = occurrence.secret_id
                AND swept.repository_id = occurrence.repository_id)
    ), left,
    (SELECT coalesce(sum(places), 0) FROM tally WHERE tally.secret_id = joined.secret_id), began,
    CASE WHEN replaced AND ended AND NOT present THEN (
        SELECT max(commit_time) FROM place
        JOIN occurrence_event AS event ON event.occurrence_id = place.occurrence_id
        JOIN git_commit ON git_commit.id = commit_id
        WHERE place.secret_id = joined.secret_id AND event.kind = 'removed' AND lasting
            AND how NOT IN ('moved', 'merged')
            AND (NOT worked_on OR git_commit.reach IN ('branch', 'tag'))
    ) END, came,
    coalesce(state, 'open'), coalesce(owner, ''), due, coalesce(revision, 0),
    CASE WHEN state <> 'open' THEN since END
FROM joined JOIN secret ON secret.id = joined.secret_id JOIN rule ON rule.id = rule_id
LEFT JOIN began ON began.secret_id = joined.secret_id
LEFT JOIN said ON said.fingerprint = secret.fingerprint
"""  # noqa: S608  constants


class Rotation(NamedTuple):
    """Facts about one secret. All times are seconds since 1970."""

    id: int
    """Its row."""
    secret: str
    """Fingerprint in hexadecimal digits."""
    rule: str
    severity: str
    preview: str
    fate: Fate
    certain: bool
    """Whether its value was looked for, and nothing that happened to it is uncertain."""
    left: int
    """Places at which it stands where people work."""
    places: int
    began: int | None
    """When the first commit that brought it was made."""
    over: int | None
    """Of what was replaced and is gone: when it was last taken away for good."""
    came: int | None
    """When a commit first had it, by the committers' clocks."""
    state: str
    """By what people said, that holds now."""
    owner: str
    due: int | None
    revision: int
    """See `forensics.index.decision.Triaged`."""
    since: int | None
    """Of what holds now: when that came about."""


def rotations(connection: sqlite3.Connection, now: float) -> Iterator[Rotation]:
    """Of all secrets that stand or stood somewhere.

    Args:
        connection: of the index.
        now: seconds since 1970.
    """
    for row in connection.execute(_ROTATIONS, {"now": now}):
        number, secret, rule, severity, preview = row[:5]
        fate, (certain, *rest) = Fate._make(map(bool, row[5:13])), row[13:]
        yield Rotation(
            number, secret, intern(rule), intern(severity), preview, fate, bool(certain), *rest
        )
