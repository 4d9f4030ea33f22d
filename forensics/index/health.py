"""What can be wrong inside an index that opens."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from forensics.index.journal import Journal
from forensics.index.triage import Triage
from forensics.key import Key

__all__ = ["faults", "key_id"]


def key_id(connection: sqlite3.Connection) -> str:
    """The id of the key that an index was made with."""
    row = connection.execute("SELECT value FROM meta WHERE name = 'key_id'").fetchone()
    return str(row[0]) if row else ""


def faults(connection: sqlite3.Connection, key: Key) -> Iterator[tuple[str, str]]:
    """What is damaged or was changed by something else, each with what to do about it."""
    try:
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            yield "it is damaged", "move it away and scan again"
            return
        if problems := Journal(connection, key).verify():
            yield f"its journal: {problems[0]}", "`forensics log verify` names all that is wrong"
        if not Triage(connection, key).sound():
            yield (
                "triage in it was changed by something else, and none of it counts",
                "`forensics triage import` a file of decisions that you trust",
            )
    except sqlite3.DatabaseError:
        yield "it is damaged", "move it away and scan again"
