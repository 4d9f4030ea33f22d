"""The journal by pages, for those who browse it."""

from __future__ import annotations

import re
import sqlite3
from array import array
from collections.abc import Sequence

from forensics.index.journal import COLUMNS, JournalRow
from forensics.index.journal_filter import journal_filter

__all__ = ["DATES", "journal_ids", "journal_rows"]

DATES = ("due", "expires", "revoked_at")
"""Facts of a row that are days, in seconds since 1970."""

# As people see them: what JSON has escaped is not found as it is written there.
_FACTS = """CASE WHEN json_valid(detail) THEN (
    SELECT group_concat(
        CASE key WHEN 'revoked_at' THEN 'revoked' ELSE key END || ': ' || CASE
            WHEN key IN ('{}') AND type = 'integer' THEN date(value, 'unixepoch')
            WHEN type IN ('true', 'false') THEN upper(substr(type, 1, 1)) || substr(type, 2)
            ELSE value END,
        '  ')
    FROM json_each(detail)
) ELSE detail END""".format("', '".join(DATES))  # noqa: S608  constants
_BESIDES = (
    "lower(kind || ' ' || actor || ' ' || subject || coalesce('  caused by: ' || related_to, ''))"
)
# What takes long is worked out only where a word of the text is in the detail as it is written.
_TOLD = f"({_BESIDES} GLOB ? OR instr(lower(detail), ?) AND lower({_FACTS}) GLOB ?)"
_LONGEST = 1000
_WORD = re.compile("[a-z]*")


def journal_ids(connection: sqlite3.Connection, wanted: str = "") -> array[int]:
    """Numbers of the rows that somebody wants, newest first.

    Args:
        connection: of the index.
        wanted: a text in their kind, actor, subject or detail, as people see them, in any case of
            letters; besides, `kind:triaged,undone` wants one of these kinds, and `after:12` what
            came after row 12.

    Raises:
        QueryProblem: a kind is none, or what stands after `after:` no number.
    """
    there = connection.execute("SELECT DISTINCT kind FROM journal") if "kind:" in wanted else ()
    kinds, after, text = journal_filter(wanted, {kind for (kind,) in there})
    query, given = "SELECT id FROM journal WHERE id > ?", [after, *kinds]
    if kinds:
        query += f" AND kind IN ({','.join('?' * len(kinds))})"
    if text:
        query += f" AND {_TOLD}"
        pattern = f"*{''.join(map(_any_case, text[:_LONGEST]))}*"
        given += [pattern, max(_WORD.findall(text.lower()), key=len), pattern]
    rows = connection.execute(f"{query} ORDER BY id DESC", given)
    return array("q", (row[0] for row in rows))


def _any_case(character: str) -> str:
    """A pattern for a character; SQLite lowers none but those of ASCII."""
    if character.isascii():
        return f"[{character}]" if character in "*?[" else character.lower()
    cases = {character, character.lower(), character.upper()}
    return f"[{''.join(sorted(one for one in cases if len(one) == 1))}]"


def journal_rows(connection: sqlite3.Connection, ids: Sequence[int]) -> list[JournalRow]:
    """The rows with these numbers, newest first."""
    query = (
        f"SELECT {COLUMNS} FROM journal WHERE id IN ({','.join('?' * len(ids))})"  # noqa: S608
        " ORDER BY id DESC"
    )
    return [JournalRow(*row) for row in connection.execute(query, tuple(ids))]
