"""Where a secret is best looked at, and what else stands in the same object."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from typing import NamedTuple

from forensics.index.reported import Span
from forensics.key import Key

__all__ = ["ShownPlace", "fingerprints_at", "fingerprints_of", "shown_places", "spans_in"]

_AT_ONCE = 400

_PLACES = """
SELECT occurrence.repository_id, path.shown, object.kind,
    CASE WHEN object.kind = 'blob' AND here <> x'' THEN here ELSE object.oid END,
    coalesce((SELECT lower(hex(git_commit.oid)) FROM occurrence_event
        JOIN git_commit ON git_commit.id = commit_id
        WHERE occurrence_id = occurrence.id AND occurrence_event.kind = 'introduced'
        ORDER BY sequence LIMIT 1), ''),
    at_head, at_tip
FROM occurrence JOIN object ON object.id = object_id LEFT JOIN path ON path.id = path_id
WHERE occurrence.secret_id = (SELECT id FROM secret WHERE fingerprint = ?)
ORDER BY object.gone, at_head DESC, at_default DESC, at_tip DESC, occurrence.id LIMIT ?
"""


class ShownPlace(NamedTuple):
    """An object in which a secret stands: at a tip, if it stands at one."""

    repository: int
    """Its row."""
    path: bytes | None
    kind: str
    oid: bytes
    commit: str
    """The commit that introduced it there, in hexadecimal digits; empty if none did."""
    at_head: bool
    at_tip: bool

    @property
    def in_name(self) -> bool:
        """Whether it stands in the name of a file or a ref, so that there is nothing to read."""
        return self.kind in ("path", "ref")


def shown_places(
    connection: sqlite3.Connection, secret: str, most: int = 1
) -> tuple[ShownPlace, ...]:
    """Places of a secret, by its fingerprint, those first where people work."""
    rows = connection.execute(_PLACES, (bytes.fromhex(secret), most))
    return tuple(ShownPlace._make((*row[:-2], bool(row[-2]), bool(row[-1]))) for row in rows)


def spans_in(
    connection: sqlite3.Connection, repository: int, oids: Iterable[bytes]
) -> dict[bytes, list[Span]]:
    """By id, every span of these objects in which a secret stands, in the order of their
    starts."""
    found: dict[bytes, list[Span]] = {}
    for oid in oids:
        rows = connection.execute(
            "SELECT start_byte, end_byte, start_line, end_line, lower(hex(fingerprint))"
            " FROM object JOIN sighting ON object_id = object.id"
            " JOIN secret ON secret.id = secret_id"
            " WHERE repository_id = ? AND oid = ? ORDER BY start_byte, end_byte, fingerprint",
            (repository, oid),
        )
        found[oid] = [Span(*row) for row in rows]
    return found


def fingerprints_at(
    connection: sqlite3.Connection, key: Key, repository: int, paths: Collection[bytes], most: int
) -> list[str]:
    """Secrets that stand or stood at any of these paths, or in the name of one."""
    found: dict[str, None] = {}
    chosen = [*paths]
    for at in range(0, len(chosen), _AT_ONCE):
        group = chosen[at : at + _AT_ONCE]
        marks = ",".join("?" * len(group))
        rows = connection.execute(
            "SELECT DISTINCT lower(hex(secret.fingerprint)) FROM path"  # noqa: S608  placeholders
            " JOIN occurrence ON path_id = path.id JOIN secret ON secret.id = secret_id"
            f" WHERE (shown IN ({marks}) OR path.fingerprint IN ({marks}))"
            " AND repository_id = ? LIMIT ?",
            (*group, *(key.fingerprint(b"path\0" + one) for one in group), repository, most),
        )
        found.update((row[0], None) for row in rows)
    return [*found][:most]


def fingerprints_of(connection: sqlite3.Connection, repository: int, most: int) -> list[str]:
    """Secrets of a repository, those found last first."""
    rows = connection.execute(
        "SELECT lower(hex(fingerprint)) FROM secret WHERE id IN"
        " (SELECT secret_id FROM place WHERE repository_id = ?) ORDER BY id DESC LIMIT ?",
        (repository, most),
    )
    return [row[0] for row in rows]
