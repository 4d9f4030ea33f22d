"""The journal by pages, for those who browse it."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Sequence
from typing import NamedTuple

from forensics.index.journal import COLUMNS, JournalRow

__all__ = ["JournalFilter", "journal_ids", "journal_kinds", "journal_rows"]


class JournalFilter(NamedTuple):
    """Which rows; what is empty does not count."""

    kinds: tuple[str, ...] = ()
    conversation: str = ""
    text: str = ""
    """Part of kind, actor, subject or detail, in any case of letters."""


def journal_ids(connection: sqlite3.Connection, chosen: JournalFilter) -> array[int]:
    """Numbers of the rows that are chosen, newest first."""
    terms: list[str] = ["1"]
    values: list[str] = []
    if chosen.kinds:
        terms.append(f"kind IN ({','.join('?' * len(chosen.kinds))})")
        values += chosen.kinds
    if chosen.conversation:
        terms.append("conversation = ?")
        values.append(chosen.conversation)
    if chosen.text:
        terms.append("instr(lower(kind || ' ' || actor || ' ' || subject || ' ' || detail), ?)")
        values.append(chosen.text.lower())
    query = f"SELECT id FROM journal WHERE {' AND '.join(terms)} ORDER BY id DESC"  # noqa: S608
    return array("q", (row[0] for row in connection.execute(query, values)))


def journal_rows(connection: sqlite3.Connection, ids: Sequence[int]) -> list[JournalRow]:
    """The rows with these numbers, newest first."""
    query = (
        f"SELECT {COLUMNS} FROM journal WHERE id IN ({','.join('?' * len(ids))})"  # noqa: S608
        " ORDER BY id DESC"
    )
    return [JournalRow(*row) for row in connection.execute(query, tuple(ids))]


def journal_kinds(connection: sqlite3.Connection) -> dict[str, int]:
    """How many rows there are of each kind, the most frequent first."""
    return dict(
        connection.execute("SELECT kind, count(*) FROM journal GROUP BY kind ORDER BY 2 DESC, 1")
    )
