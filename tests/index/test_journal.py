"""The journal is append-only, and any change of it shows."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress

import pytest

from forensics.errors import UsageProblem
from forensics.index.database import in_memory, writing
from forensics.index.journal import INDEX, Entry, Head, Journal, read_head
from forensics.key import Key
from tests.scan.scanning import KEY

Db = sqlite3.Connection


@pytest.fixture
def db() -> Iterator[Db]:
    """An index whose journal has four rows, the last of them caused by the second."""
    with closing(in_memory(KEY)) as connection:
        journal = Journal(connection, KEY)
        with writing(connection):
            journal.extend(Entry("tried", INDEX, f"row {number}") for number in range(1, 4))
            journal.append("tried", INDEX, "row 4", {"number": 4}, related_to=2)
        yield connection


def unguarded(db: Db, statement: str, *values: object) -> None:
    """Change the file as somebody could who has it, and no key."""
    for trigger in ("journal_keeps_its_rows", "journal_never_changes"):
        db.execute(f"DROP TRIGGER IF EXISTS {trigger}")
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute(statement, values)


def test_what_was_written_is_read(db: Db) -> None:
    """In order, with cause and detail."""
    rows = list(Journal(db, KEY).rows(INDEX))
    assert [row.subject for row in rows] == ["row 1", "row 2", "row 3", "row 4"]
    assert (rows[3].related_to, rows[3].facts) == (2, {"number": 4})
    assert not list(Journal(db, KEY).rows("secret:00"))


def test_an_untouched_journal_has_no_problem(db: Db) -> None:
    """With its own head, now or as it was before, and without."""
    journal = Journal(db, KEY)
    early = journal.head()
    with writing(db):
        journal.append("tried", INDEX)
    for head in (None, early, journal.head(), Head(-1, early.chain)):
        assert journal.verify(head) == []
    assert (early.length, journal.head().length) == (4, 5)


@pytest.mark.parametrize("detail", ["{x}", "{" * 100_000 + "}"])
def test_a_detail_that_is_none_says_nothing(db: Db, detail: str) -> None:
    """Its row is listed all the same, and told to be wrong."""
    unguarded(db, "UPDATE journal SET detail = ? WHERE id = 4", detail)
    journal = Journal(db, KEY)
    assert [row.facts for row in journal.rows()] == [{}] * 4
    assert "row 4 is not what was written there" in journal.verify()


def test_an_end_that_is_no_text_of_ours_is_told(db: Db) -> None:
    """In whatever letters, and what comes after it is told with that."""
    unguarded(db, "UPDATE meta SET value = 'é' WHERE name = 'journal'")
    journal = Journal(db, KEY)
    assert journal.verify() == ["it does not end where the index says that it ends"]
    with writing(db):
        journal.append("tried", INDEX)
    assert "before row 5 it did not end where the index said" in journal.verify()


def test_an_empty_journal_has_no_problem() -> None:
    """Nor has its head."""
    with closing(in_memory(KEY)) as connection:
        journal = Journal(connection, KEY)
        assert journal.verify(journal.head()) == []


CHANGES = [
    "UPDATE journal SET subject = 'another' WHERE id = 2",
    "UPDATE journal SET time = time + 1 WHERE id = 1",
    "UPDATE journal SET actor = 'somebody else' WHERE id = 4",
    "UPDATE journal SET related_to = NULL WHERE id = 4",
    "UPDATE journal SET detail = '{}' WHERE id = 4",
    "UPDATE journal SET chain = zeroblob(32) WHERE id = 4",
    "DELETE FROM journal WHERE id = 1",
    "DELETE FROM journal WHERE id = 3",
    "DELETE FROM journal WHERE id = 4",
    "DELETE FROM journal",
    "DELETE FROM meta WHERE name = 'journal'",
    "INSERT INTO journal SELECT 5, time, conversation, NULL, actor, kind, subject, detail,"
    " chain FROM journal WHERE id = 4",
    "UPDATE journal SET id = CASE id WHEN 2 THEN 30 ELSE id END",
]
"""What somebody without the key may do."""


@pytest.mark.parametrize("statement", CHANGES)
def test_any_change_is_found(db: Db, statement: str) -> None:
    """Without a head kept elsewhere."""
    unguarded(db, statement)
    assert Journal(db, KEY).verify()


@pytest.mark.parametrize("statement", CHANGES)
def test_a_row_written_afterwards_hides_no_change(db: Db, statement: str) -> None:
    """Not even one at the end, which the new row stands on."""
    unguarded(db, statement)
    journal = Journal(db, KEY)
    with writing(db):
        (made,) = journal.extend([Entry("tried", INDEX)])
    assert [row.kind for row in journal.rows() if row.id == made] == ["tried"]
    assert journal.verify()


def test_an_exchange_of_two_rows_is_found(db: Db) -> None:
    """Though each of them is genuine."""
    for old, new in ((2, 20), (3, 2), (20, 3)):
        unguarded(db, "UPDATE journal SET id = ? WHERE id = ?", new, old)
    assert Journal(db, KEY).verify()


def test_a_return_to_an_older_copy_is_found_by_the_head(db: Db) -> None:
    """Which the file itself cannot tell."""
    journal = Journal(db, KEY)
    older = db.execute("SELECT value FROM meta WHERE name = 'journal'").fetchone()[0]
    with writing(db):
        journal.append("tried", INDEX, "to be hidden")
    head = journal.head()
    unguarded(db, "DELETE FROM journal WHERE id = 5")
    unguarded(db, "UPDATE meta SET value = ? WHERE name = 'journal'", older)
    assert journal.verify() == []
    assert "cut off" in journal.verify(head)[0]


def test_a_head_with_another_count_is_not_in_it(db: Db) -> None:
    """The chain alone is right."""
    journal = Journal(db, KEY)
    assert journal.verify(journal.head()._replace(length=3))


def test_another_key_finds_every_row_wrong(db: Db) -> None:
    """So nobody without the key can write one that looks right."""
    assert len(Journal(db, Key(bytes(32), "another")).verify()) >= 4


def test_a_journal_belongs_to_its_index(db: Db) -> None:
    """Carried over to another one, its first row is wrong."""
    unguarded(db, "UPDATE meta SET value = 'another' WHERE name = 'index_id'")
    assert "row 1 is not what was written there" in Journal(db, KEY).verify()


@pytest.mark.parametrize("statement", ["DELETE FROM journal", "UPDATE journal SET subject = ''"])
def test_this_program_itself_cannot_change_a_row(db: Db, statement: str) -> None:
    """By mistake, that is."""
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.execute(statement)


def test_a_row_that_is_not_committed_leaves_no_gap(db: Db) -> None:
    """The next one takes its place."""
    journal = Journal(db, KEY)
    with suppress(ZeroDivisionError), writing(db):
        journal.append("tried", INDEX)
        1 / 0  # noqa: B018
    with writing(db):
        assert journal.append("tried", INDEX) == 5
    assert journal.verify() == []


@pytest.mark.parametrize("text", ["", "1:", ":", "x:" + "0" * 64, "0" * 63, "-2:" + "0" * 64, "é"])
def test_what_is_no_head_is_an_error(text: str) -> None:
    """One that says where to get one."""
    with pytest.raises(UsageProblem, match="log verify"):
        read_head(text)


@pytest.mark.parametrize("write", [str, lambda head: head.chain, lambda head: f" {head}\n"])
def test_a_head_is_read_as_it_was_printed(db: Db, write: Callable[[Head], str]) -> None:
    """Or its digits alone."""
    journal = Journal(db, KEY)
    assert journal.verify(read_head(write(journal.head()))) == []
