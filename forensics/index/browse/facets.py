"""How many secrets there are of each rule, state, repository and so on."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from forensics.index.browse.names import Names, shown
from forensics.index.browse.sql import Sql
from forensics.index.browse.where import Where
from forensics.query.edit import exactly
from forensics.query.lexer import quoted

__all__ = ["FACETS", "Facet", "FacetValue", "facet"]

FACETS = ("state", "sev", "rule", "repo", "path", "env", "author", "owner", "stage")


class FacetValue(NamedTuple):
    """A value of a field."""

    label: str
    value: str
    """As a query has it, so that adding it gives as many secrets as counted."""
    secrets: int


class Facet(NamedTuple):
    """The most frequent values of a field."""

    field: str
    values: tuple[FacetValue, ...]
    more: int
    """How many values there are beyond these."""


def facet(
    connection: sqlite3.Connection,
    field: str,
    given: Where,
    names: Names,
    now: float,
    *,
    most: int,
) -> Facet:
    """Count secrets by the values of a field.

    Args:
        connection: of the index, inside a transaction.
        field: one of `FACETS`.
        given: the query, without the terms of that field.
        names: of the index.
        now: seconds since 1970.
        most: values to tell of.
    """

    def counted(query: str, term: Sql) -> list[tuple[object, int]]:
        return connection.execute(query.format(term.text), term.values).fetchall()

    if field in _OF_SECRETS:
        found = counted(_OF_SECRETS[field], given.secrets())
    elif field == "author":
        found = counted(_AUTHORS, given.introducers())
    elif field == "env":
        found = _environments(connection, given, names)
    elif field == "stage":
        stages = names.known.stages_of(connection, now)
        secrets = counted(_SECRETS, given.secrets())
        found = [*Counter(stages.get(secret, "") or "none" for _, secret in secrets).items()]
    else:
        found = counted(_OF_PLACES[field], given.places())
    return _made(field, found, names, most)


_OF_SECRETS = {
    "state": "SELECT coalesce(state, 'open'), count(*) FROM secret LEFT JOIN"
    " (SELECT secret.id AS secret_id, state FROM triaged JOIN secret"
    " ON secret.fingerprint = triaged.fingerprint) AS decided ON decided.secret_id = secret.id"
    " WHERE {} GROUP BY 1",
    "sev": "SELECT severity, sum(counted) FROM"
    " (SELECT rule_id, count(*) AS counted FROM secret WHERE {} GROUP BY rule_id)"
    " JOIN rule ON rule.id = rule_id GROUP BY severity",
    "rule": "SELECT rule_id, count(*) FROM secret WHERE {} GROUP BY rule_id",
    "owner": "SELECT owner, count(*) FROM triage JOIN secret USING (fingerprint)"
    " WHERE ended_by IS NULL AND owner <> '' AND {} GROUP BY 1",
}
_SECRETS = "SELECT 1, id FROM secret WHERE {}"
_AUTHORS = "SELECT person_id, count(DISTINCT secret_id) FROM introducer WHERE {} GROUP BY 1"
_OF_PLACES = {
    "repo": "SELECT repository_id, count(DISTINCT secret_id) FROM place WHERE {} GROUP BY 1",
    "path": "SELECT folder, count(DISTINCT secret_id) FROM place WHERE path_id IS NOT NULL AND {}"
    " GROUP BY 1",
}


def _environments(
    connection: sqlite3.Connection, given: Where, names: Names
) -> list[tuple[object, int]]:
    """Paths are counted together where they belong to one environment."""
    environments = names.by_row("env")
    if not environments:
        return []
    term = given.places()
    found: dict[str, set[int]] = {}
    for path, secret in connection.execute(
        f"SELECT DISTINCT path_id, secret_id FROM place WHERE {term.text}"  # noqa: S608
        " AND +path_id IN (SELECT value FROM json_each(?))",
        (*term.values, json.dumps([*environments])),
    ):
        found.setdefault(environments[path], set()).add(secret)
    return [(environment, len(secrets)) for environment, secrets in found.items()]


def _made(field: str, counted: Iterable[tuple[object, int]], names: Names, most: int) -> Facet:
    named = names.by_row(field) if field in ("rule", "repo", "author") else {}
    values = sorted(
        (_value(field, key, count, named) for key, count in counted if count),
        key=lambda one: (-one.secrets, one.label),
    )
    return Facet(field, tuple(values[:most]), max(0, len(values) - most))


def _value(field: str, key: object, count: int, named: dict[int | str, str]) -> FacetValue:
    if isinstance(key, bytes):  # a folder
        name = shown(key)
        return FacetValue(name or "/", quoted(name) + "**" if name else "/*", count)
    name = named[key] if isinstance(key, int) else str(key)
    return FacetValue(name, name if field in _PLAIN else exactly(name), count)


_PLAIN = frozenset(("state", "sev", "stage"))
