"""Whether a database is an index of this key's, and of which version."""

from __future__ import annotations

import hmac
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from importlib.resources import files
from pathlib import Path

from forensics.errors import IndexRefused, IndexTooNew, KeyProblem
from forensics.index.migrating import steps
from forensics.key import Key

__all__ = [
    "ANOTHER", "APPLICATION_ID", "MIGRATIONS", "SCHEMA_VERSION", "by_newer_version",
    "has_our_tables", "is_busy", "schema", "seal", "statements", "version_of_ours",
]  # fmt: skip

SCHEMA_VERSION = 4
APPLICATION_ID = 0x67666F72
ANOTHER = "name another index with --index"
"""What to do about one that cannot be used."""


@cache
def schema() -> str:
    """The statements that make an empty index of the current version."""
    return (files("forensics.index") / "schema.sql").read_text("utf-8")


MIGRATIONS = steps(lambda: statements(schema()))
"""By schema version: the step that leads to the next one, inside a transaction. sqlite-utils can
rebuild a table in ways that SQLite itself cannot."""


def is_busy(error: sqlite3.Error) -> bool:
    """Whether somebody else has it locked."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


def _objects(connection: sqlite3.Connection) -> set[tuple[str, str, str | None]]:
    return set(
        connection.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
        )
    )


@cache
def _expected_objects() -> frozenset[tuple[str, str, str | None]]:
    with closing(sqlite3.connect(":memory:")) as empty:
        empty.executescript(schema())
        return frozenset(_objects(empty))


def seal(key: Key, index_id: str) -> str:
    """What proves that whoever made an index had the key."""
    return key.seal("index", index_id.encode()).hex()


def by_newer_version(connection: sqlite3.Connection) -> bool:
    """Whether an open index was written by a newer version."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0]) > SCHEMA_VERSION


def has_our_tables(connection: sqlite3.Connection) -> bool:
    """Whether exactly the tables, views and indexes of this version are there."""
    return _objects(connection) == _expected_objects()


def _has_all_of_ours(connection: sqlite3.Connection) -> bool:
    """Whether every table, view and index of this version is there as this version has it: what
    others a newer version added changes nothing for whoever reads these."""
    return _expected_objects() <= _objects(connection)


def version_of_ours(
    connection: sqlite3.Connection, path: Path, key: Key | None, *, newer: bool = False
) -> int:
    """The schema version of an index that is ours; or, if `newer`, one of a newer version that has
    all that this one has.

    Raises:
        IndexRefused, IndexTooNew, KeyProblem: it is not.
    """
    try:
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        if is_busy(error):
            raise IndexRefused(
                f"{path} is locked by another program, which lets nobody read it",
                "try again once that has ended",
            ) from None
        raise IndexRefused(
            f"{path} cannot be read: {error}", f"free some space, or {ANOTHER}"
        ) from None
    except sqlite3.DatabaseError:
        raise IndexRefused(f"{path} is not an index of git-forensics", ANOTHER) from None
    if application != APPLICATION_ID:
        raise IndexRefused(f"{path} is not an index of git-forensics", ANOTHER)
    if version > SCHEMA_VERSION and not (newer and _has_all_of_ours(connection)):
        raise IndexTooNew(f"{path} was written by a newer version", "update git-forensics")
    if version < SCHEMA_VERSION and version not in MIGRATIONS:
        raise IndexRefused(f"{path} has a version that never was", ANOTHER)
    if version == SCHEMA_VERSION and not has_our_tables(connection):
        raise IndexRefused(f"{path} has tables or triggers that are not ours", ANOTHER)
    facts = dict(connection.execute("SELECT name, value FROM meta"))
    if key is not None:
        if facts.get("key_id") != key.id:
            raise KeyProblem(
                f"{path} was made with the key {facts.get('key_id')}, and yours is {key.id}",
                "import that key with `forensics key import`, or name another index with --index",
            )
        if not hmac.compare_digest(
            str(facts.get("seal")).encode(), seal(key, str(facts.get("index_id"))).encode()
        ):
            raise IndexRefused(f"{path} was not made with your key, though it says so", ANOTHER)
    return version


def statements(script: str) -> Iterator[str]:
    """The statements of a script, one at a time."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement.strip()
            statement = ""
