"""Where secrets can be read again: spans of objects, and names."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from typing import NamedTuple

__all__ = ["SecretPlace", "commits_with_path", "places_of"]

_AT_ONCE = 500
"""Values in one query; SQLite takes some 32,000."""


class SecretPlace(NamedTuple):
    """A span of an object in which a secret stands."""

    secret: str
    """Fingerprint in hexadecimal digits."""
    oid: bytes
    kind: str
    start: int
    end: int
    """One past the last byte."""
    decoded: bool
    """Whether the value had to be decoded from what stands there."""


def places_of(
    connection: sqlite3.Connection, repository: int, fingerprints: Collection[str]
) -> Iterator[SecretPlace]:
    """Every span of an object of the repository, still there, in which one of the secrets
    stands."""
    wanted = [bytes.fromhex(one) for one in fingerprints]
    for at in range(0, len(wanted), _AT_ONCE):
        group = wanted[at : at + _AT_ONCE]
        rows = connection.execute(
            "SELECT lower(hex(fingerprint)), oid, kind, start_byte, end_byte, decoded IS NOT NULL"  # noqa: S608  only placeholders
            " FROM secret JOIN sighting ON secret_id = secret.id"
            " JOIN object ON object.id = object_id"
            f" WHERE fingerprint IN ({','.join('?' * len(group))})"
            " AND repository_id = ? AND NOT gone ORDER BY sighting.id",
            (*group, repository),
        )
        for row in rows:
            yield SecretPlace(row[0], row[1], row[2], row[3], row[4], bool(row[5]))


def commits_with_path(
    connection: sqlite3.Connection, repository: int, mark: bytes
) -> Iterator[bytes]:
    """Ids of commits that brought a secret to the path of which `mark` is the keyed
    fingerprint."""
    rows = connection.execute(
        "SELECT DISTINCT git_commit.oid FROM path JOIN occurrence ON path_id = path.id"
        " JOIN occurrence_event ON occurrence_id = occurrence.id"
        " JOIN git_commit ON git_commit.id = commit_id"
        " WHERE path.fingerprint = ? AND occurrence.repository_id = ? AND kind = 'introduced'"
        " AND git_commit.reach <> 'gone' ORDER BY sequence",
        (mark, repository),
    )
    return (row[0] for row in rows)
