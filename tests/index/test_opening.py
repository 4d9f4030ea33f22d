"""Opening an index: ours, and nobody else's."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from forensics.errors import ForensicsError, IndexRefused, IndexTooNew, IndexWriteFailed, KeyProblem
from forensics.index.database import create_or_open, in_memory, open_for_reading, writing
from forensics.index.ours import SCHEMA_VERSION
from forensics.key import Key
from tests.scan.scanning import KEY

Opener = Callable[[Path, Key], sqlite3.Connection]
both_ways = pytest.mark.parametrize("opener", [create_or_open, open_for_reading])


def change(path: Path, *statements: str, values: tuple[str, ...] = ()) -> bytes:
    """Change an index behind our back; gives its bytes from then on."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        for statement in statements:
            connection.execute(statement, values)
        connection.commit()
    return path.read_bytes()


def test_a_new_index_is_the_users_own(tmp_path: Path) -> None:
    """Nobody else can read it or its folder."""
    path = tmp_path / "folder" / "index.db"
    create_or_open(path, KEY).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert path.read_bytes()[:15] == b"SQLite format 3"


@both_ways
def test_an_index_opens_again(index: Path, opener: Opener) -> None:
    """For writing and for reading."""
    with closing(opener(index, KEY)) as connection:
        assert connection.execute("SELECT count(*) FROM secret").fetchone() == (1,)


def test_reading_cannot_write(index: Path) -> None:
    """SQLite itself sees to it."""
    with (
        closing(open_for_reading(index, KEY)) as connection,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        connection.execute("DELETE FROM secret")


def test_what_a_newer_version_writes_meanwhile_is_not_written_over(index: Path) -> None:
    """Whoever has it open sees that before each change."""
    with closing(create_or_open(index, KEY)) as connection:
        with writing(connection):
            connection.execute("UPDATE secret SET preview = 'one'")
        with closing(sqlite3.connect(index)) as newer:
            newer.execute("PRAGMA user_version = 99")
        with pytest.raises(IndexTooNew, match="newer version"), writing(connection):
            connection.execute("UPDATE secret SET preview = 'two'")
        assert connection.execute("SELECT preview FROM secret").fetchone() == ("one",)


@both_ways
def test_another_key_is_a_clear_error(index: Path, opener: Opener) -> None:
    """It names both keys, and nothing is changed."""
    other = Key(b"\1" * 32, "another")
    before = index.read_bytes()
    with pytest.raises(KeyProblem, match=f"{KEY.id}.*{other.id}.*forensics key import"):
        opener(index, other)
    assert index.read_bytes() == before


@both_ways
def test_a_claim_to_be_made_with_a_key_is_not_enough(index: Path, opener: Opener) -> None:
    """Only who has the key can seal an index."""
    other = Key(b"\1" * 32, "another")
    before = change(index, "UPDATE meta SET value = ? WHERE name = 'key_id'", values=(other.id,))
    with pytest.raises(IndexRefused, match="not made with your key"):
        opener(index, other)
    assert index.read_bytes() == before


@both_ways
@pytest.mark.parametrize("fact", ["seal", "index_id"])
@pytest.mark.parametrize("value", [None, "", "ключ", "0" * 64])
def test_a_seal_that_is_wrong_or_missing_is_refused(
    index: Path, opener: Opener, fact: str, value: str | None
) -> None:
    """Whatever stands in its place."""
    if value is None:
        change(index, "DELETE FROM meta WHERE name = ?", values=(fact,))
    else:
        change(index, "UPDATE meta SET value = ? WHERE name = ?", values=(value, fact))
    with pytest.raises(IndexRefused):
        opener(index, KEY)


@both_ways
def test_a_newer_version_is_a_clear_error(index: Path, opener: Opener) -> None:
    """Its index is left alone."""
    before = change(index, f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    with pytest.raises(IndexTooNew, match="update git-forensics"):
        opener(index, KEY)
    assert index.read_bytes() == before


@both_ways
@pytest.mark.parametrize("version", [0, -1])
def test_a_version_that_never_was_is_refused(index: Path, opener: Opener, version: int) -> None:
    """No migration starts from it."""
    change(index, f"PRAGMA user_version = {version}")
    with pytest.raises(IndexRefused):
        opener(index, KEY)


@both_ways
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER t AFTER INSERT ON sighting BEGIN DELETE FROM sighting; END",
        "CREATE TRIGGER t AFTER INSERT ON skipped BEGIN SELECT 1; END",
        "CREATE TABLE more (a)",
        "CREATE VIEW more AS SELECT * FROM secret",
        "CREATE INDEX more ON secret (preview)",
        "CREATE VIRTUAL TABLE more USING fts5(a)",
        "DROP INDEX sighting_secret",
        "DROP TABLE skipped",
        "ALTER TABLE secret ADD COLUMN more TEXT",
        "ALTER TABLE secret RENAME COLUMN preview TO shown",
    ],
)
def test_what_is_not_our_schema_is_refused(index: Path, opener: Opener, statement: str) -> None:
    """A trigger would run when we write, a view when we read."""
    before = change(index, statement)
    with pytest.raises(IndexRefused, match="not ours"):
        opener(index, KEY)
    assert index.read_bytes() == before


@both_ways
@pytest.mark.parametrize(
    "content", [b"rubbish", b"\0" * 5000, b"SQLite format 3\0" + b"\xff" * 5000, b"x" * 100_000]
)
def test_what_is_not_sqlite_is_refused(tmp_path: Path, opener: Opener, content: bytes) -> None:
    """And stays as it was, with nothing left beside it."""
    path = tmp_path / "index.db"
    path.write_bytes(content)
    with pytest.raises(IndexRefused, match="not an index"):
        opener(path, KEY)
    assert path.read_bytes() == content
    assert [*tmp_path.iterdir()] == [path]


@both_ways
@pytest.mark.parametrize("begin", [0.05, 0.2, 0.5, 0.9])
def test_a_damaged_index_never_ends_in_a_traceback(
    index: Path, opener: Opener, begin: float
) -> None:
    """Half of its pages may be another program's."""
    content = bytearray(index.read_bytes())
    start = int(len(content) * begin)
    content[start:] = b"\xaa" * (len(content) - start)
    index.write_bytes(content)
    with suppress(ForensicsError):
        opener(index, KEY).close()


def test_an_index_whose_creation_was_cut_short_is_made_anew(tmp_path: Path) -> None:
    """A kill or a full disk may leave an empty file, or one with SQLite's first page only."""
    for content in ("empty", "first page"):
        path = tmp_path / f"{content}.db"
        path.touch()
        if content == "first page":
            with closing(sqlite3.connect(path)) as connection:
                connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
                connection.execute("PRAGMA journal_mode = WAL")
        with closing(create_or_open(path, KEY)) as connection:
            assert connection.execute("SELECT count(*) FROM secret").fetchone() == (0,)


@both_ways
def test_there_is_no_index(tmp_path: Path, opener: Opener) -> None:
    """Reading says what to do, and makes none; nor does writing where it cannot."""
    (tmp_path / "file").touch()
    with pytest.raises((IndexRefused, IndexWriteFailed)):
        opener(tmp_path / "file" / "index.db", KEY)
    with pytest.raises(IndexRefused, match="forensics scan"):
        open_for_reading(tmp_path / "index.db", KEY)
    assert not (tmp_path / "index.db").exists()


@pytest.mark.parametrize("name", ["a?mode=memory", "a#b", "a%41", "a b", "ü", b"\xff"])
def test_an_index_may_have_any_name(tmp_path: Path, name: str | bytes) -> None:
    """SQLite's file names are addresses; ours are paths."""
    path = tmp_path / os.fsdecode(name)
    create_or_open(path, KEY).close()
    assert path.stat().st_size > 0
    open_for_reading(path, KEY).close()


def test_an_index_in_memory_has_the_same_schema(index: Path) -> None:
    """Folders and streams are reported by the same queries."""
    query = "SELECT type, name, sql FROM sqlite_master ORDER BY name"
    with closing(in_memory(KEY)) as held, closing(open_for_reading(index, KEY)) as kept:
        assert held.execute(query).fetchall() == kept.execute(query).fetchall()
