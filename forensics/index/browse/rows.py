"""What a list shows of each secret."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

__all__ = ["SHORT", "SecretRow", "secret_rows"]

SHORT = 8
"""Digits of a fingerprint that name a secret to people."""

_STATUSES = ("present", "removed", "stash", "reflog", "unreachable", "gone")
_RANK = "CASE status {} END".format(
    " ".join(f"WHEN '{name}' THEN {rank}" for rank, name in enumerate(_STATUSES))
)

_ROWS = f"""
WITH chosen (secret_id) AS (SELECT value FROM json_each(?)),
tallies AS (
    SELECT secret_id, sum(sightings) AS sightings, sum(places) AS places, sum(paths) AS paths,
        min(first_seen) AS first_seen, max(last_seen) AS last_seen, max(checksum) AS checksum
    FROM chosen CROSS JOIN tally USING (secret_id) GROUP BY secret_id
),
spots AS (
    SELECT secret_id, count(DISTINCT repository_id) AS repositories,
        min(repository_id) AS repository_id, min({_RANK}) AS rank, min(ignored) AS ignored
    FROM chosen CROSS JOIN place USING (secret_id) GROUP BY secret_id
)
SELECT secret.id, lower(hex(secret.fingerprint)),
    coalesce((SELECT state FROM triaged WHERE triaged.fingerprint = secret.fingerprint), 'open'),
    severity, rule.name, title, secret.preview, secret.confidence, coalesce(repositories, 0),
    coalesce(repository.path, x''),
    coalesce(sightings, (SELECT count(*) FROM sighting WHERE sighting.secret_id = secret.id)),
    coalesce(places, 0), coalesce(paths, 0), first_seen, last_seen, checksum, rank,
    EXISTS (SELECT 1 FROM occurrence WHERE occurrence.secret_id = secret.id AND at_head),
    coalesce(ignored, 0),
    coalesce((SELECT max(made_by, coalesce(reopened_by, 0)) FROM triage
        WHERE triage.fingerprint = secret.fingerprint AND ended_by IS NULL), 0)
FROM chosen
CROSS JOIN secret ON secret.id = chosen.secret_id
JOIN rule ON rule.id = rule_id
LEFT JOIN tallies ON tallies.secret_id = secret.id
LEFT JOIN spots ON spots.secret_id = secret.id
LEFT JOIN repository ON repository.id = spots.repository_id
"""  # noqa: S608  constants


class SecretRow(NamedTuple):
    """A secret, in one line."""

    id: int
    """Its row in this index."""
    fingerprint: str
    """In hexadecimal digits: what triage and marks go by."""
    state: str
    severity: str
    rule: str
    title: str
    preview: str
    confidence: float
    repositories: int
    repository: bytes
    """The path of one of them; empty where none is known yet."""
    sightings: int
    places: int
    """Places that are findings."""
    paths: int
    first_seen: int | None
    last_seen: int | None
    """Commit times; None where no commit tells."""
    checksum: int | None
    """1 if its own checksum is right, 0 if wrong, None where it has none."""
    status: str
    """The best of its places', `present` before `removed`; empty where no scan has placed it."""
    at_head: bool
    ignored: bool
    """Whether it is ignored at every place."""
    revision: int
    """Of what is decided about it, as `Triaged.revision`; 0 where nothing is."""

    @property
    def short(self) -> str:
        """What people call it by."""
        return self.fingerprint[:SHORT]


def secret_rows(connection: sqlite3.Connection, secrets: Iterable[int]) -> dict[int, SecretRow]:
    """By row: what is shown of these secrets. Those that are not there any more are left out."""
    found: dict[int, SecretRow] = {}
    for row in connection.execute(_ROWS, (json.dumps([*secrets]),)):
        rank, at_head, ignored, revision = row[-4:]
        status = "" if rank is None else _STATUSES[rank]
        found[row[0]] = SecretRow._make((*row[:-4], status, bool(at_head), bool(ignored), revision))
    return found
