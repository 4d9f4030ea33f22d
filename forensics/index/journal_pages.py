"""The journal by pages, for those who browse it."""

from __future__ import annotations

import re
import sqlite3
from array import array
from collections.abc import Sequence

from forensics.index.journal import COLUMNS, JournalRow

__all__ = ["journal_ids", "journal_rows"]


_KINDS = re.compile(r"(?:^|\s)kind:([a-z,-]+)(?=\s|$)")
_AFTER = re.compile(r"(?:^|\s)after:([0-9]{1,18})(?=\s|$)")


def journal_ids(connection: sqlite3.Connection, wanted: str = "") -> array[int]:
    """Numbers of the rows that somebody wants, newest first.

    Args:
        connection: of the index.
        wanted: a text in their kind, actor, subject or detail, in any case of letters; besides,
            `kind:triaged,undone` wants one of these kinds, and `after:12` what came after row 12.
    """
    kinds = [kind for found in _KINDS.findall(wanted) for kind in found.split(",") if kind]
    after = max(map(int, _AFTER.findall(wanted)), default=0)
    text = _AFTER.sub(" ", _KINDS.sub(" ", wanted)).strip().lower()
    query = (
        "SELECT id FROM journal WHERE id > ?"
        " AND (? = '' OR instr(lower(kind || ' ' || actor || ' ' || subject || ' ' || detail), ?))"
    )
    if kinds:
        query += f" AND kind IN ({','.join('?' * len(kinds))})"
    rows = connection.execute(f"{query} ORDER BY id DESC", (after, text, text, *kinds))
    return array("q", (row[0] for row in rows))


def journal_rows(connection: sqlite3.Connection, ids: Sequence[int]) -> list[JournalRow]:
    """The rows with these numbers, newest first."""
    query = (
        f"SELECT {COLUMNS} FROM journal WHERE id IN ({','.join('?' * len(ids))})"  # noqa: S608
        " ORDER BY id DESC"
    )
    return [JournalRow(*row) for row in connection.execute(query, tuple(ids))]
