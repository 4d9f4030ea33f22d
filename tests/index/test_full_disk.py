"""Where the index cannot grow: a clear error, and the index as it was."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from fixtures_repos.builder import Builder
from fixtures_repos.stories.story import setting, token
from forensics.errors import IndexWriteFailed
from forensics.git.repository import open_repository
from forensics.index.database import create_or_open, writing
from forensics.scan.engine import scan_repository
from tests.scan.scanning import ALL_RULES, KEY, scan

ANSWERS = ("secret", "sighting", "occurrence", "occurrence_event", "git_commit", "path", "person")


def answers(index: Path) -> list[list[tuple[object, ...]]]:
    """What the index says of findings; claims of coverage may grow, since they are true."""
    with closing(sqlite3.connect(index)) as connection:
        return [connection.execute(f"SELECT * FROM {table}").fetchall() for table in ANSWERS]  # noqa: S608


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A repository with many secrets at many paths."""
    builder = Builder(tmp_path / "large")
    for seed in range(40):
        builder.write(f"{'deep/' * 20}{seed}/{'name' * 20}.env", setting(token(seed)))
        builder.commit(f"Leak {seed}")
    return builder.path


def scan_with_room_for(index: Path, pages: int, repository: Path) -> bool:
    """Whether a scan ends well in an index that can grow by so many pages."""
    with closing(create_or_open(index, KEY)) as connection:
        used = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {used + pages}")
        try:
            scan_repository(open_repository(repository), connection, KEY, ALL_RULES, jobs=1)
        except IndexWriteFailed as error:
            return not ("full" in str(error) and "free some space" in str(error))
        finally:
            assert not connection.in_transaction
        return True


def test_no_room_in_the_middle_of_a_scan(index: Path, large: Path, tmp_path: Path) -> None:
    """Whichever write is the one that fails, what is known stays, and nothing is half placed."""
    before = answers(index)
    for pages in range(0, 100, 2):
        copy = tmp_path / f"{pages}.db"
        copy.write_bytes(index.read_bytes())
        if scan_with_room_for(copy, pages, large):
            break
        after = answers(copy)
        secrets, sightings, occurrences = map(len, after[:3])
        if occurrences == len(before[2]):
            assert after[2:] == before[2:]
        else:  # only the very last write failed
            assert (secrets, sightings, occurrences) == (40, 41, 41)
        assert {*before[0]} <= {*after[0]}
        assert {*before[1]} <= {*after[1]}
        assert len(scan(large, copy).of(token(7))) == 1
    assert pages > 5


def delete_and_fail(connection: sqlite3.Connection, error: type[BaseException]) -> None:
    with writing(connection):
        connection.execute("DELETE FROM sighting")
        if error is IndexWriteFailed:
            connection.execute("DELETE FROM no_such_table")
        raise error


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError, IndexWriteFailed])
def test_a_transaction_is_all_or_nothing(index: Path, error: type[BaseException]) -> None:
    """Whatever ends it."""
    before = answers(index)
    with closing(create_or_open(index, KEY)) as connection, pytest.raises(error):
        delete_and_fail(connection, error)
    assert answers(index) == before


def test_an_index_that_another_process_is_writing_is_waited_for_and_then_an_error(
    index: Path,
) -> None:
    """Not a traceback: somebody may look at it with another program."""
    with closing(create_or_open(index, KEY)) as one, closing(create_or_open(index, KEY)) as other:
        other.execute("PRAGMA busy_timeout = 50")
        with (
            writing(one),
            pytest.raises(IndexWriteFailed, match="locked"),
            writing(other),
        ):
            pass
