"""`--query`: what to list, in the words of docs/query.md."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

    from forensics.index.browse.browser import Browser
    from forensics.index.browse.sql import Sql
    from forensics.index.database import Connection
    from forensics.query.tree import Query

__all__ = ["browser_of", "places_of", "query_option", "read_query"]


query_option = click.option(
    "-q", "--query", metavar="TEXT",
    help="Only what fits, such as 'sev:>=high -path:**/test/**'; @NAME is a saved one.",
)  # fmt: skip
_SAVED = re.compile(r"@([\w.-]+)")


def read_query(text: str | None, connection: Connection | None = None) -> Query | None:
    """What is asked for; None where nothing is given. Where it cannot be read, standard error gets
    the text with a caret under it.

    Args:
        text: a query, or `@` and the name of a saved one.
        connection: of the index that knows saved ones; without it such a name asks for everything,
            so that a text can be checked before an index is opened.

    Raises:
        QueryProblem: it cannot be read.
        UsageProblem: none is saved under that name.
    """
    if text is None:
        return None
    from forensics.query.parse import parse
    from forensics.query.problem import QueryProblem

    if named := _SAVED.fullmatch(text):
        if connection is None:
            return parse("")
        from forensics.settings.remembered import remembered_of
        from forensics.settings.saved_queries import SavedQueries

        text = SavedQueries(remembered_of(connection)).named(named[1])
    try:
        return parse(text)
    except QueryProblem as problem:
        from forensics.report.caret import pointed

        for line in pointed(problem.text, problem.position):
            click.echo(line, err=True)
        raise


def places_of(query: Query, connection: Connection) -> Sql:
    """The query for `IndexReader.findings`."""
    return browser_of(connection).places(query)


def browser_of(connection: Connection, stages: Mapping[int, str] | None = None) -> Browser:
    """Answers queries about the index.

    Args:
        connection: of the index.
        stages: of rotations by the row of the secret, where they are known already.
    """
    from forensics.index.browse.browser import Browser
    from forensics.report.known import known
    from forensics.settings.remembered import remembered_of

    visit = remembered_of(connection).last_visit()
    told = known(visit)
    if stages is not None:
        told = told._replace(stages_of=lambda _connection, _now: stages)
    return Browser(connection, told, clock=time.time)
