"""Where each secret of a repository can be read again."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

__all__ = ["Source", "sources_of_secrets"]


class Source(NamedTuple):
    """A sighting of a secret in an object that can be read by its id."""

    fingerprint: str
    preview: str
    rule: str
    oid: bytes
    """Empty where it stands only in names of paths or refs."""
    start: int
    end: int


def sources_of_secrets(connection: sqlite3.Connection, repository: int) -> list[Source]:
    """Every secret of a repository, by its row, with up to a few places each; those that are
    simplest to read come first."""
    rows = connection.execute(
        "SELECT lower(hex(secret.fingerprint)), secret.preview, rule.name,"
        " CASE WHEN kind IN ('blob', 'commit', 'tag') AND NOT gone THEN oid ELSE x'' END,"
        " start_byte, end_byte FROM (SELECT *, row_number() OVER (PARTITION BY secret_id ORDER BY"
        " gone, kind NOT IN ('blob', 'commit', 'tag'), decoded IS NOT NULL, object_id) AS place"
        " FROM sighting JOIN object ON object.id = object_id WHERE repository_id = ?) AS chosen"
        " JOIN secret ON secret.id = chosen.secret_id JOIN rule ON rule.id = secret.rule_id"
        " WHERE place <= 4 ORDER BY secret.fingerprint, place",
        (repository,),
    )
    return [Source(*row) for row in rows]
