"""What reports that leave the team need beside findings: where else in an object secrets stand."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

__all__ = ["RuleFacts", "Span", "current_places", "repository_path", "rule_facts", "spans_to_mask"]


class Span(NamedTuple):
    """A secret at a span of an object, as `Sighting` has it."""

    start: int
    end: int
    start_line: int
    end_line: int
    secret: str
    """Fingerprint in hexadecimal digits."""


class RuleFacts(NamedTuple):
    """What the index keeps of a rule."""

    id: str
    title: str
    severity: str
    why: str
    remedy: str
    generic: bool


def spans_to_mask(
    connection: sqlite3.Connection, repository: int
) -> Mapping[tuple[bytes, str], list[Span]]:
    """By id and kind, in the order of their starts, every span in which a secret stands: of each
    object that shows a finding, and of each commit and tag."""
    rows = connection.execute(
        "SELECT oid, kind, start_byte, end_byte, start_line, end_line, lower(hex(fingerprint))"
        " FROM object JOIN sighting ON object_id = object.id JOIN secret ON secret.id = secret_id"
        " WHERE repository_id = ?1 AND (kind IN ('commit', 'tag')"
        " OR object.id IN (SELECT object_id FROM occurrence WHERE repository_id = ?1)"
        " OR oid IN (SELECT here FROM occurrence WHERE repository_id = ?1))"
        " ORDER BY object.id, start_byte, end_byte, fingerprint",
        (repository,),
    )
    found: dict[tuple[bytes, str], list[Span]] = {}
    for oid, kind, *span in rows:
        found.setdefault((oid, kind), []).append(Span(*span))
    return found


def current_places(connection: sqlite3.Connection, repository: int) -> Mapping[int, bytes]:
    """By row of an occurrence that stands at a tip, the id of a blob that holds it there."""
    return dict(
        connection.execute(
            "SELECT id, here FROM occurrence WHERE repository_id = ? AND here <> x''",
            (repository,),
        )
    )


def rule_facts(connection: sqlite3.Connection) -> Mapping[str, RuleFacts]:
    """Every rule that scans into this index looked for, by its id."""
    rows = connection.execute("SELECT name, title, severity, why, remedy, generic FROM rule")
    return {
        name: RuleFacts(name, title, severity, why, remedy, bool(generic))
        for name, title, severity, why, remedy, generic in rows
    }


def repository_path(connection: sqlite3.Connection, repository: int) -> tuple[bytes, bytes]:
    """Where a repository was scanned, as the index shows it, and the mark of the whole path."""
    row = connection.execute(
        "SELECT path, fingerprint FROM repository WHERE id = ?", (repository,)
    ).fetchone()
    return row[0], row[1]
