"""What browsing asks for again and again, worked out when findings are placed."""

from __future__ import annotations

import sqlite3

from forensics.index import fate

__all__ = ["DIGESTED", "PLACED", "UNPLACED", "clear", "tally"]

PLACED = "EXISTS (SELECT 1 FROM place WHERE place.secret_id = secret.id)"
"""Over `secret`: that it is a finding somewhere."""

UNPLACED = (
    "(NOT EXISTS (SELECT 1 FROM tally WHERE tally.secret_id = secret.id)"
    " AND EXISTS (SELECT 1 FROM sighting WHERE sighting.secret_id = secret.id))"
)
"""Over `secret`: that no scan has placed it yet. Others that have no place are not shown."""

DIGESTED = (
    "SELECT occurrence_id, path_id, folder, status, ignored FROM place WHERE repository_id = ?"
    " ORDER BY occurrence_id",
    "SELECT introducer.occurrence_id, person_id FROM introducer JOIN place USING (occurrence_id)"
    " WHERE repository_id = ? ORDER BY introducer.occurrence_id, person_id",
    "SELECT secret_id, sightings, places, paths, first_seen, last_seen, checksum FROM tally"
    " WHERE repository_id = ? ORDER BY secret_id",
    fate.DIGESTED,
)
"""What the seal of a repository's findings is over, here."""

# As the view `finding` has it; the plus keeps SQLite from going through all sightings of a secret.
_PLACES = """
INSERT INTO place
SELECT occurrence.id, occurrence.secret_id, occurrence.repository_id, path_id,
    coalesce(CAST(substr(shown, 1, instr(shown, x'2f')) AS BLOB), x''),
    CASE WHEN gone OR reach = 'gone' THEN 'gone' WHEN at_tip THEN 'present'
        WHEN reach IN ('branch', 'tag') THEN 'removed' WHEN reach = 'none' THEN 'unreachable'
        ELSE reach END,
    min(
        CASE WHEN substr(sighting.ignored, 1, 1) <> '?' THEN sighting.ignored ELSE reason END
        IS NOT NULL
    )
FROM occurrence
JOIN sighting ON sighting.object_id = occurrence.object_id
    AND +sighting.secret_id = occurrence.secret_id
LEFT JOIN ignored ON ignored.occurrence_id = occurrence.id AND sighting_id = sighting.id
JOIN object ON object.id = occurrence.object_id
LEFT JOIN path ON path.id = path_id
WHERE occurrence.repository_id = ? AND (reason IS NULL OR reason <> '')
GROUP BY occurrence.id
"""

_INTRODUCERS = """
INSERT INTO introducer
SELECT DISTINCT place.occurrence_id, author_id, place.secret_id FROM place
JOIN occurrence_event AS event ON event.occurrence_id = place.occurrence_id
JOIN git_commit ON git_commit.id = commit_id
WHERE place.repository_id = ? AND event.kind = 'introduced' AND author_id IS NOT NULL
"""

_TALLIES = """
INSERT INTO tally
SELECT seen.secret_id, :repository, sightings, coalesce(places, 0), coalesce(paths, 0), first_seen,
    last_seen, checksum
FROM (
    SELECT secret_id, count(*) AS sightings, max(checksum) AS checksum
    FROM sighting JOIN object ON object.id = object_id
    WHERE object.repository_id = :repository GROUP BY secret_id
) AS seen
LEFT JOIN (
    SELECT secret_id, count(*) AS places, count(DISTINCT path_id) AS paths FROM place
    WHERE repository_id = :repository GROUP BY secret_id
) AS placed ON placed.secret_id = seen.secret_id
LEFT JOIN (
    SELECT place.secret_id, max(commit_time) AS last_seen,
        min(CASE event.kind WHEN 'introduced' THEN commit_time END) AS first_seen
    FROM place JOIN occurrence_event AS event ON event.occurrence_id = place.occurrence_id
    JOIN git_commit ON git_commit.id = commit_id
    WHERE place.repository_id = :repository GROUP BY place.secret_id
) AS told ON told.secret_id = seen.secret_id
"""


def tally(connection: sqlite3.Connection, repository: int) -> None:
    """Work out the rows of a repository anew, inside the caller's transaction."""
    clear(connection, repository)
    connection.execute(_PLACES, (repository,))
    connection.execute(_INTRODUCERS, (repository,))
    connection.execute(_TALLIES, {"repository": repository})
    fate.store_fates(connection, repository)


def clear(connection: sqlite3.Connection, repository: int) -> None:
    """Drop the rows of a repository, inside the caller's transaction."""
    connection.execute("DELETE FROM place WHERE repository_id = ?", (repository,))
    connection.execute("DELETE FROM tally WHERE repository_id = ?", (repository,))
    connection.execute("DELETE FROM fate WHERE repository_id = ?", (repository,))
    connection.execute(  # left over only where somebody else was at work
        "DELETE FROM introducer WHERE occurrence_id NOT IN (SELECT occurrence_id FROM place)"
    )
