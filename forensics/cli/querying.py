"""`--query`: what to list, in the words of docs/query.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from forensics.index.browse.sql import Sql
    from forensics.index.database import Connection
    from forensics.query.tree import Query

__all__ = ["places_of", "read_query"]


def read_query(text: str | None) -> Query | None:
    """What is asked for; None where nothing is given. Where it cannot be read, standard error gets
    the text with a caret under it.

    Raises:
        QueryProblem: it cannot be read.
    """
    if text is None:
        return None
    from forensics.query.parse import parse
    from forensics.query.problem import QueryProblem

    try:
        return parse(text)
    except QueryProblem as problem:
        from forensics.report.caret import pointed

        for line in pointed(problem.text, problem.position):
            click.echo(line, err=True)
        raise


def places_of(query: Query, connection: Connection) -> Sql:
    """The query for `IndexReader.findings`."""
    from forensics.index.browse.browser import Browser

    environment_of = None
    if query.names("env"):
        from forensics.drift.environments import Placer

        environment_of = Placer().environment_of

    return Browser(connection, environment_of=environment_of).places(query)
