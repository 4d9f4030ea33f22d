"""An index of an older version is brought up, with a backup of it beside."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest
from sqlite_utils import Database

from forensics.errors import ForensicsError, IndexRefused, IndexTooNew, IndexWriteFailed
from forensics.index import ours
from forensics.index.database import create_or_open, open_for_reading
from forensics.index.triage import Decision, Triage
from tests.scan.scanning import KEY

OLD = ours.SCHEMA_VERSION
Step = Callable[[Database], None]


def add_a_table(database: Database) -> None:
    """What a migration might do."""
    database.execute("CREATE TABLE added (id INTEGER PRIMARY KEY) STRICT")


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lets the program be newer than the index, by these steps."""

    def become(*steps: Step) -> None:
        more = "".join(
            "CREATE TABLE added (id INTEGER PRIMARY KEY) STRICT;\n"
            for step in steps
            if step is add_a_table
        )
        text = ours.schema() + more
        monkeypatch.setattr(ours, "schema", lambda: text)
        monkeypatch.setattr(ours, "SCHEMA_VERSION", OLD + len(steps))
        monkeypatch.setattr(
            ours, "MIGRATIONS", {OLD + number: step for number, step in enumerate(steps)}
        )
        ours._expected_objects.cache_clear()

    yield become
    monkeypatch.undo()
    ours._expected_objects.cache_clear()


def version_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def backup_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.v{OLD}.bak")


def test_an_older_index_is_brought_up(index: Path, newer: Callable[..., None]) -> None:
    """Nothing in it is lost, and opening it again finds it current."""
    newer(add_a_table)
    for _ in range(2):
        with closing(create_or_open(index, KEY)) as connection:
            assert connection.execute("SELECT count(*) FROM secret").fetchone() == (1,)
            assert connection.execute("SELECT count(*) FROM added").fetchone() == (0,)
    assert version_of(index) == OLD + 1
    open_for_reading(index, KEY).close()


def test_several_versions_are_passed_in_order(index: Path, newer: Callable[..., None]) -> None:
    """Each step finds what the one before it left."""
    told: list[int] = []
    newer(*[lambda _, number=number: told.append(number) for number in range(3)])
    create_or_open(index, KEY).close()
    assert told == [0, 1, 2]
    assert version_of(index) == OLD + 3


def test_the_backup_is_the_index_as_it_was(index: Path, newer: Callable[..., None]) -> None:
    """Whole, of the older version, and readable by nobody else."""
    with closing(sqlite3.connect(index)) as connection:
        before = [*connection.iterdump()]
    newer(add_a_table)
    create_or_open(index, KEY).close()
    with closing(sqlite3.connect(backup_of(index))) as connection:
        assert [*connection.iterdump()] == before
    assert version_of(backup_of(index)) == OLD
    assert stat.S_IMODE(backup_of(index).stat().st_mode) == 0o600


def test_a_step_that_fails_leaves_the_index_as_it_was(
    index: Path, newer: Callable[..., None]
) -> None:
    """All steps are one transaction."""

    def fail(database: Database) -> None:
        database.execute("DELETE FROM sighting")
        database.execute("INSERT INTO no_such_table VALUES (1)")

    newer(add_a_table, fail)
    with pytest.raises(IndexWriteFailed):
        create_or_open(index, KEY)
    assert version_of(index) == OLD
    with closing(sqlite3.connect(index)) as connection:
        assert connection.execute("SELECT count(*) FROM sighting").fetchone() == (1,)
        assert not connection.execute("SELECT 1 FROM sqlite_master WHERE name='added'").fetchall()


def test_reading_does_not_migrate(index: Path, newer: Callable[..., None]) -> None:
    """It says which command does."""
    before = index.read_bytes()
    newer(add_a_table)
    with pytest.raises(IndexRefused, match=r"older version.*forensics scan"):
        open_for_reading(index, KEY)
    assert index.read_bytes() == before
    assert not backup_of(index).exists()


def test_a_step_that_leaves_another_schema_is_noticed(
    index: Path, newer: Callable[..., None]
) -> None:
    """A planted index could otherwise keep its trigger by claiming an older version."""
    with closing(sqlite3.connect(index)) as connection:
        connection.execute(
            "CREATE TRIGGER t AFTER INSERT ON sighting BEGIN DELETE FROM sighting; END"
        )
    newer(add_a_table)
    with pytest.raises(IndexRefused, match="not ours"):
        create_or_open(index, KEY)


def test_the_older_version_opens_no_migrated_index(
    index: Path, newer: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says so, and leaves it alone."""
    newer(add_a_table)
    create_or_open(index, KEY).close()
    monkeypatch.setattr(ours, "SCHEMA_VERSION", OLD)
    with pytest.raises(IndexTooNew):
        create_or_open(index, KEY)


@pytest.mark.parametrize("dangling", [False, True])
def test_a_link_in_place_of_the_backup_is_not_followed(
    index: Path, tmp_path: Path, newer: Callable[..., None], dangling: bool
) -> None:
    """What it leads to is neither made nor overwritten."""
    target = tmp_path / "precious.db"
    if not dangling:
        with closing(sqlite3.connect(target)) as connection:
            connection.execute("CREATE TABLE precious (id)")
    before = target.read_bytes() if target.exists() else b""
    backup_of(index).symlink_to(target)
    newer(add_a_table)
    with suppress(ForensicsError):
        create_or_open(index, KEY).close()
    assert (target.read_bytes() if target.exists() else b"") == before
    assert version_of(index) == OLD or not backup_of(index).is_symlink()


def test_an_older_backup_is_not_overwritten_by_half_a_migration(
    index: Path, newer: Callable[..., None]
) -> None:
    """A second attempt makes its backup anew, whatever the first one left there."""
    backup_of(index).write_bytes(b"half a file")
    newer(add_a_table)
    create_or_open(index, KEY).close()
    assert version_of(backup_of(index)) == OLD


def test_triage_of_version_1_keeps_its_seal(tmp_path: Path) -> None:
    """Due dates came with version 2; what was decided before them still counts."""
    path = tmp_path / "index.db"
    with closing(create_or_open(path, KEY)) as connection:
        triage = Triage(connection, KEY)
        triage.decide_all([("ab" * 32, Decision("confirmed", "Ada"))])
        query = "SELECT sql FROM sqlite_master WHERE tbl_name = 'triage' ORDER BY type = 'index'"
        table, *others = [row[0] for row in connection.execute(query)]
        before, _, _ = table.partition(",\n    -- Until when")
        rows = connection.execute("SELECT * FROM triage").fetchall()
        for name in ("triage", "place", "introducer", "tally", "fate"):
            connection.execute(f"DROP TABLE {name}")
        for statement in (f"{before}\n) STRICT", *others):
            connection.execute(statement)
        marks = ",".join("?" * (len(rows[0]) - 1))
        insert = f"INSERT INTO triage VALUES ({marks})"  # noqa: S608
        connection.executemany(insert, [row[:-1] for row in rows])
        connection.execute("PRAGMA user_version = 1")
    with closing(create_or_open(path, KEY)) as connection:
        triage = Triage(connection, KEY)
        assert triage.sound()
        assert [one.decision for one in triage.current()] == [Decision("confirmed", "Ada")]
        triage.decide_all([("ab" * 32, Decision("confirmed", "Ada", due=9))])
        assert triage.sound()
        connection.execute("UPDATE triage SET due = 10 WHERE due = 9")
        assert not triage.sound()
