"""Figures of a whole index, the cheap ones first."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from forensics.index.browse.browser import Browser
from forensics.index.journal_pages import journal_ids
from forensics.index.tally import PLACED, UNPLACED
from forensics.query.parse import parse

__all__ = [
    "CoverageFigures",
    "News",
    "OverdueRow",
    "Point",
    "counts_by_state",
    "coverage_figures",
    "exposed_by_month",
    "newest_secret",
    "news_since",
    "overdue_rows",
    "point_of",
    "scanned_to_end",
    "secrets_after",
]

_SHOWN = f"({PLACED} OR {UNPLACED})"
_FIRST_YEAR = 1970
_MONTH = f"CAST(max({{}}, 0) / 86400 * 12 / 365.2425 AS INTEGER) + {_FIRST_YEAR * 12}"
"""As `_month`."""


class Point(NamedTuple):
    """Up to where somebody has seen an index."""

    index_id: str
    journal: int
    """The last row of the journal."""


class News(NamedTuple):
    """What came after a point, and what lists the same."""

    secrets: int
    secrets_query: str
    """As the query language has it."""
    scans: int
    scans_filter: str
    """As `journal_ids` takes it."""
    decisions: int
    decisions_filter: str


class OverdueRow(NamedTuple):
    """A secret that should have been rotated."""

    secret: str
    preview: str
    owner: str
    due: int


class CoverageFigures(NamedTuple):
    """What was scanned."""

    repositories: int
    unfinished: int
    objects: int
    started: float | None
    """When the last scan began, in seconds since 1970."""
    finished: float | None
    skipped: tuple[tuple[str, int, int], ...]
    """Reason, how many, and how many of these somebody acknowledged, the most first."""


def counts_by_state(connection: sqlite3.Connection) -> dict[tuple[str, str], int]:
    """How many secrets there are, by state and severity; those that lists show."""
    rows = connection.execute(
        "SELECT coalesce(triaged.state, 'open'), severity, count(*) FROM secret"  # noqa: S608
        " JOIN rule ON rule.id = rule_id"
        " LEFT JOIN triaged ON triaged.fingerprint = secret.fingerprint"
        f" WHERE {_SHOWN} GROUP BY 1, 2"
    )
    return {(state, severity): count for state, severity, count in rows}


def point_of(connection: sqlite3.Connection) -> Point:
    """Where an index stands."""
    ((index,),) = connection.execute(
        "SELECT value FROM main.meta WHERE name = 'index_id'"
    ).fetchall()
    row = connection.execute("SELECT coalesce(max(id), 0) FROM journal").fetchone()
    return Point(index, row[0])


def news_since(connection: sqlite3.Connection, point: Point) -> News:
    """What came after a point."""
    secrets = f"new:#{point.journal}"
    scans = f"kind:scan-finished after:{point.journal}"
    decisions = f"kind:triaged,undone,reopened,imported after:{point.journal}"
    return News(
        Browser(connection).total(parse(secrets)), secrets,
        len(journal_ids(connection, scans)), scans,
        len(journal_ids(connection, decisions)), decisions,
    )  # fmt: skip


def overdue_rows(connection: sqlite3.Connection, now: float) -> list[OverdueRow]:
    """Secrets whose due date has passed and that are not said to be revoked, the oldest first;
    those that lists show, and of which a place is not ignored."""
    rows = connection.execute(
        "SELECT lower(hex(triage.fingerprint)), preview, owner, due FROM triage"
        " JOIN secret ON secret.fingerprint = triage.fingerprint"
        " WHERE ended_by IS NULL AND due <= ? AND state IN ('open', 'confirmed')"
        " AND EXISTS (SELECT 1 FROM place WHERE place.secret_id = secret.id AND NOT ignored)"
        " ORDER BY due",
        (int(now),),
    )
    return [OverdueRow(*row) for row in rows]


def newest_secret(connection: sqlite3.Connection) -> int:
    """The last row of a secret; 0 where there is none."""
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM secret").fetchone()[0])


def secrets_after(connection: sqlite3.Connection, row: int) -> int:
    """How many secrets lists show that were stored after that one, by a scan that may still run:
    the journal is told of them only at its end."""
    found = connection.execute(
        f"SELECT count(*) FROM secret WHERE id > ? AND {_SHOWN}",  # noqa: S608
        (row,),
    )
    return int(found.fetchone()[0])


def scanned_to_end(connection: sqlite3.Connection) -> bool:
    """Whether there was a scan, and the last one of every repository came to its end."""
    rows = connection.execute(
        "SELECT (SELECT finished FROM run WHERE repository_id = repository.id"
        " ORDER BY id DESC LIMIT 1) FROM repository"
    ).fetchall()
    return bool(rows) and all(finished is not None for (finished,) in rows)


def coverage_figures(connection: sqlite3.Connection) -> CoverageFigures:
    """What was scanned, when, and what could not be read."""
    last = connection.execute(
        "SELECT repository_id, max(id), started, finished, scanner FROM run GROUP BY repository_id"
    ).fetchall()
    objects = 0
    for repository, _, _, _, scanner in last:
        row = connection.execute(
            "SELECT coalesce(sum(length(ids)), 0) / CASE object_format WHEN 'sha1' THEN 20"
            " ELSE 32 END FROM coverage JOIN repository ON repository.id = repository_id"
            " WHERE repository_id = ? AND scanner = ? AND kind = 'ids'",
            (repository, scanner),
        ).fetchone()
        objects += row[0] or 0
    skipped = connection.execute(
        "SELECT reason, count(*), count(acknowledged) FROM skipped GROUP BY 1 ORDER BY 2 DESC, 1"
    ).fetchall()
    newest = max(last, key=lambda row: row[1], default=(0, 0, None, None, ""))
    return CoverageFigures(
        len(last), sum(row[3] is None for row in last), objects, newest[2], newest[3],
        tuple(skipped),
    )  # fmt: skip


def exposed_by_month(connection: sqlite3.Connection, now: float) -> list[tuple[int, int]]:
    """How many secrets stood at a tip at the end of each month, from the first one to now; months
    are numbered from the year 0. Dates are those of commits, which can lie."""
    rows = connection.execute(
        f"SELECT {_MONTH.format('came')}, {_MONTH.format('went')}, count(*) FROM"  # noqa: S608
        " (SELECT min(came) AS came, CASE max(at_tip) WHEN 0 THEN max(went) END AS went FROM fate"
        "  GROUP BY secret_id HAVING max(placed)) WHERE came IS NOT NULL GROUP BY 1, 2"
    )
    change: dict[int, int] = {}
    last = _month(now)
    for came, went, count in rows:
        first = min(came, last)
        change[first] = change.get(first, 0) + count
        if went is not None:
            gone = max(min(went, last + 1), first)
            change[gone] = change.get(gone, 0) - count
    return list(_summed(change, last))


def _summed(change: dict[int, int], last: int) -> Iterable[tuple[int, int]]:
    total = 0
    for month in range(min(change, default=last), last + 1):
        total += change.get(month, 0)
        yield month, total


def _month(seconds: float) -> int:
    """Months since the year 0; what is before 1970 counts as its first one."""
    days = max(int(seconds) // 86_400, 0)
    return _FIRST_YEAR * 12 + int(days * 12 / 365.2425)
