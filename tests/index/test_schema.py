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
            "INSERT INTO repository (id, path, fingerprint, object_format)"
            " VALUES (1, x'2f', x'01', 'sha1');"
            "INSERT INTO run (id, repository_id, started, scanner, engine)"
            " VALUES (1, 1, 0.0, 's', 'e');"
            "INSERT INTO rule (id, name, title, severity, why, remedy, generic)"
            " VALUES (1, 'a.b', 't', 'low', 'w', 'r', 0);"
            "INSERT INTO secret (id, fingerprint, preview, length, character_class, rule_id,"
            " confidence) VALUES (1, zeroblob(32), 'p', 9, 'hex', 1, 0.5);"
            "INSERT INTO object (id, repository_id, oid, kind) VALUES (1, 1, x'aa', 'blob');"
        )
        yield held


def test_every_table_is_strict(connection: sqlite3.Connection) -> None:
    """So that a column holds what it says."""
    tables = connection.execute("SELECT name, strict FROM pragma_table_list WHERE type = 'table'")
    ours = {name: strict for name, strict in tables if not name.startswith("sqlite_")}
    assert ours
    assert {*ours.values()} == {1}


SIGHTING = (
    "INSERT INTO sighting (secret_id, object_id, rule_id, start_byte, end_byte, start_line,"
    " start_column, end_line, end_column, confidence, preview, mark, by_value, run_id)"
    " VALUES ({secret}, 1, 1, {place}, 0.5, 'p', x'', 0, 1)"
)
OCCURRENCE = (
    "INSERT INTO occurrence (repository_id, secret_id, path_id, object_id, reach, at_head, at_tip,"
    " at_default, number, here) VALUES (1, 1, {path}, 1, '{reach}', {head}, 0, 0, 0, x'')"
)
SECRET = (
    "INSERT INTO secret (fingerprint, preview, length, character_class, rule_id, confidence)"
    " VALUES ({mark}, 'p', {length}, 'hex', {rule}, {confidence})"
)


def test_foreign_keys_are_on(connection: sqlite3.Connection) -> None:
    """A sighting of no secret cannot be stored."""
    assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    for statement in (
        SIGHTING.format(secret=99, place="0, 1, 1, 1, 1, 1"),
        OCCURRENCE.format(path=99, reach="branch", head=0),
        SECRET.format(mark="randomblob(32)", length=9, rule=99, confidence=0.5),
    ):
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            connection.execute(statement)


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
    statement = SIGHTING.format(secret=1, place=place)
    if allowed:
        connection.execute(statement)
    else:
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        SECRET.format(mark="randomblob(31)", length=9, rule=1, confidence=0.5),
        SECRET.format(mark="zeroblob(32)", length=9, rule=1, confidence=0.5),
        SECRET.format(mark="randomblob(32)", length=0, rule=1, confidence=0.5),
        SECRET.format(mark="randomblob(32)", length=9, rule=1, confidence=1.5),
        "UPDATE rule SET severity = 'terrible'",
        "UPDATE rule SET generic = 2",
        "INSERT INTO object (repository_id, oid, kind) VALUES (1, x'bb', 'submodule')",
        "INSERT INTO object (repository_id, oid, kind) VALUES (1, x'aa', 'blob')",
        OCCURRENCE.format(path="NULL", reach="perhaps", head=0),
        OCCURRENCE.format(path="NULL", reach="branch", head=2),
        "INSERT INTO repository (path, fingerprint, object_format) VALUES (x'30', x'03', 'md5')",
    ],
)
def test_nonsense_is_kept_out(connection: sqlite3.Connection, statement: str) -> None:
    """By a check, a unique key or a type."""
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)


def test_rows_that_each_scan_replaces_are_found_by_index(connection: sqlite3.Connection) -> None:
    """Else each row that goes is looked for in all rows that may refer to it."""
    replaced = {"occurrence", "occurrence_event", "git_commit", "person", "path", "ref"}
    tables = [row[0] for row in connection.execute("SELECT name FROM pragma_table_list")]
    keys = {
        (table, column)
        for table in tables
        for parent, column in connection.execute(
            'SELECT "table", "from" FROM pragma_foreign_key_list(?)', (table,)
        )
        if parent in replaced
    }
    indexed = {
        (table, *column)
        for table in tables
        for (name,) in connection.execute("SELECT name FROM pragma_index_list(?)", (table,))
        for column in connection.execute(
            "SELECT name FROM pragma_index_info(?) WHERE seqno = 0", (name,)
        )
    }
    indexed |= {
        (table, column)
        for table in tables
        for (column,) in connection.execute(
            "SELECT name FROM pragma_table_info(?) WHERE pk = 1", (table,)
        )
    }
    assert ("occurrence_event", "related_id") in keys
    assert keys <= indexed
