"""The journal by pages, for those who browse it."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Collection, Sequence

from forensics.index.journal import COLUMNS, JournalRow

__all__ = ["journal_ids", "journal_rows", "last_beside"]


def journal_ids(connection: sqlite3.Connection, text: str = "") -> array[int]:
    """Numbers of the rows with a text in their kind, actor, subject or detail, in any case of
    letters; newest first."""
    query = (
        "SELECT id FROM journal"
        " WHERE instr(lower(kind || ' ' || actor || ' ' || subject || ' ' || detail), ?)"
        " ORDER BY id DESC"
    )
    return array("q", (row[0] for row in connection.execute(query, (text.lower(),))))


def last_beside(connection: sqlite3.Connection, kinds: Collection[str]) -> int:
    """The number of the last row of another kind than these; 0 where there is none."""
    row = connection.execute(
        f"SELECT id FROM journal WHERE +kind NOT IN ({','.join('?' * len(kinds))})"  # noqa: S608
        " ORDER BY id DESC LIMIT 1",
        tuple(kinds),
    ).fetchone()
    return int(row[0]) if row else 0


def journal_rows(connection: sqlite3.Connection, ids: Sequence[int]) -> list[JournalRow]:
    """The rows with these numbers, newest first."""
    query = (
        f"SELECT {COLUMNS} FROM journal WHERE id IN ({','.join('?' * len(ids))})"  # noqa: S608
        " ORDER BY id DESC"
    )
    return [JournalRow(*row) for row in connection.execute(query, tuple(ids))]
