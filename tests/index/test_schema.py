"""The schema itself keeps nonsense out."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from forensics.index.database import in_memory
from tests.scan.scanning import KEY


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(in_memory(KEY)) as held:
        held.executescript(
            "INSERT INTO repository VALUES (1, x'2f', 'sha1');"
            "INSERT INTO run (id, repository_id, started, scanner, engine)"
            " VALUES (1, 1, 0.0, 's', 'e');"
            "INSERT INTO rule VALUES (1, 'a.b', 't', 'low', 'w', 'r');"
            "INSERT INTO secret VALUES (1, zeroblob(32), 'p', 9, 'hex', 1, 0.5);"
            "INSERT INTO object (id, repository_id, oid, kind) VALUES (1, 1, x'aa', 'blob');"
        )
        yield held


def test_every_table_is_strict(connection: sqlite3.Connection) -> None:
    """So that a column holds what it says."""
    tables = connection.execute("SELECT name, strict FROM pragma_table_list WHERE type = 'table'")
    ours = {name: strict for name, strict in tables if not name.startswith("sqlite_")}
    assert ours
    assert {*ours.values()} == {1}


SIGHTING = "INSERT INTO sighting VALUES (1, 1, 1, 1, {}, 0.5, NULL, 1)"


def test_foreign_keys_are_on(connection: sqlite3.Connection) -> None:
    """A sighting of no secret cannot be stored."""
    assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        connection.execute(
            "INSERT INTO sighting VALUES (1, 99, 1, 1, 0, 1, 1, 1, 1, 1, 0.5, NULL, 1)"
        )
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        connection.execute("INSERT INTO occurrence VALUES (1, 1, 1, 99, 1, 'ref', 0, 0)")


@pytest.mark.parametrize(
    ("place", "allowed"),
    [
        ("0, 5, 1, 1, 1, 5", True),
        ("5, 5, 1, 1, 1, 5", False),
        ("-1, 5, 1, 1, 1, 5", False),
        ("0, 5, 0, 1, 1, 5", False),
        ("0, 5, 1, 0, 1, 5", False),
        ("0, 5, 2, 1, 1, 5", False),
        ("'a', 5, 1, 1, 1, 5", False),
    ],
)
def test_a_span_is_a_span(connection: sqlite3.Connection, place: str, allowed: bool) -> None:
    """Bytes from 0, lines and columns from 1, the end not before the start."""
    statement = SIGHTING.format(place)
    if allowed:
        connection.execute(statement)
    else:
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO secret VALUES (2, zeroblob(31), 'p', 9, 'hex', 1, 0.5)",
        "INSERT INTO secret VALUES (2, zeroblob(32), 'p', 9, 'hex', 1, 0.5)",
        "INSERT INTO secret VALUES (2, randomblob(32), 'p', 0, 'hex', 1, 0.5)",
        "INSERT INTO secret VALUES (2, randomblob(32), 'p', 9, 'hex', 1, 1.5)",
        "INSERT INTO rule VALUES (2, 'c.d', 't', 'terrible', 'w', 'r')",
        "INSERT INTO object (repository_id, oid, kind) VALUES (1, x'bb', 'submodule')",
        "INSERT INTO object (repository_id, oid, kind) VALUES (1, x'aa', 'blob')",
        "INSERT INTO occurrence VALUES (1, 1, 1, NULL, 1, 'perhaps', 0, 0)",
        "INSERT INTO occurrence VALUES (1, 1, 1, NULL, 1, 'ref', 2, 0)",
        "INSERT INTO repository VALUES (2, x'30', 'md5')",
    ],
)
def test_nonsense_is_kept_out(connection: sqlite3.Connection, statement: str) -> None:
    """By a check, a unique key or a type."""
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)
