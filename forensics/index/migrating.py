"""Steps from one version of the schema to the next."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

__all__ = ["steps"]

Statements = Callable[[], Iterable[str]]
"""Gives those that make an empty index now."""

_BROWSED = ("introducer", "place", "tally", "fate")
"""Made from other tables, so that none has to be kept."""


def steps(statements: Statements) -> Mapping[int, Callable[[Database], None]]:
    """By schema version: the step that leads to the next one, inside a transaction."""

    def to_2(database: Database) -> None:
        """Decisions get a due date, and need no place."""
        _rebuild(database, "triage", statements())

    def to_3(database: Database) -> None:
        """What browsing filters, counts and sorts by is kept, and what statuses follow from. Seals
        over findings do not cover that yet: the next scan reads everything again."""
        from forensics.index.tally import tally

        for table in _BROWSED:
            database.execute(f"DROP TABLE IF EXISTS {table}")
        for table in reversed(_BROWSED):
            _make(database, table, statements())
        for (repository,) in database.execute("SELECT id FROM repository").fetchall():
            tally(database.conn, repository)

    def to_4(database: Database) -> None:
        """Payloads of LFS are part of what is covered."""
        _rebuild(database, "coverage", statements())

    return {1: to_2, 2: to_3, 3: to_4}


def _make(database: Database, table: str, statements: Iterable[str]) -> None:
    """Make a table as it is now, with its indexes and triggers."""
    for statement in statements:
        if re.match(rf"CREATE [^(;]*\b(?:TABLE|ON) {table}\b", statement):
            database.execute(statement)


def _rebuild(database: Database, table: str, statements: Iterable[str]) -> None:
    """Give a table the shape that it has now; what is new in it is empty."""
    database.execute(f"CREATE TEMP TABLE before AS SELECT * FROM main.{table}")  # noqa: S608
    database.execute(f"DROP TABLE main.{table}")
    _make(database, table, statements)
    facts = database.execute("PRAGMA temp.table_info(before)").fetchall()
    columns = ", ".join(one[1] for one in facts)
    database.execute(
        f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM temp.before"  # noqa: S608
    )
    database.execute("DROP TABLE temp.before")
