"""What was taken back last, so that it can be done again."""

from __future__ import annotations

import sqlite3

from forensics.errors import UsageProblem
from forensics.index.decision import COLUMNS, Decision, triaged

__all__ = ["taken_back"]

_CHANGES = ("triaged", "undone", "reopened", "imported")


def taken_back(connection: sqlite3.Connection) -> list[tuple[str, Decision]]:
    """The decisions that the last change of triage took back, by fingerprint.

    Raises:
        UsageProblem: the last change took nothing back.
    """
    rows = connection.execute(
        f"SELECT ended_by, coalesce(related_to, made_by), {_columns()} FROM triage"  # noqa: S608
        " JOIN journal ON journal.id = made_by WHERE ended_by >"
        " (SELECT coalesce(max(id), 0) FROM journal WHERE kind IN (?, ?, ?))"
        " ORDER BY ended_by DESC",
        tuple(one for one in _CHANGES if one != "undone"),
    ).fetchall()
    if not rows:
        raise UsageProblem(
            "there is nothing to do again", "only what was taken back last, and nothing after it"
        )
    one_change = [row[2:] for row in rows if row[1] == rows[0][1]]
    return [(one.secret, one.decision) for one in map(triaged, one_change)]


def _columns() -> str:
    return ", ".join(f"triage.{one}" for one in COLUMNS.split(", "))
