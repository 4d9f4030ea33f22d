"""What browsing stands on is worked out when findings are placed, and vouched for as they are."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from fixtures_repos.stories import Story
from forensics.index.browse.browser import Browser
from forensics.index.browse.names import Kept
from forensics.index.browse.order import Order
from forensics.index.database import create_or_open, open_for_reading
from forensics.index.ours import SCHEMA_VERSION
from forensics.index.tally import DIGESTED
from forensics.index.triage import Decision, Triage
from forensics.query.parse import parse
from tests.cli.command import ROOT
from tests.scan.scanning import KEY, scan

TABLES = ("introducer", "tally", "fate", "place")


def rows(index: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(index)) as connection:
        return {
            table: sorted(connection.execute(f"SELECT * FROM {table}").fetchall(), key=repr)  # noqa: S608
            for table in TABLES
        }


def change(index: Path, *statements: str) -> None:
    with closing(sqlite3.connect(index)) as connection:
        for one in statements:
            connection.execute(one)
        connection.commit()


def test_a_scan_leaves_them_filled(leaked_then_deleted: Story, index: Path) -> None:
    """By whom, since when, how it stands now."""
    browser = Browser(open_for_reading(index, KEY))
    (secret,) = browser.vector(parse("status:removed path:deploy"), Order())
    row = browser.rows([secret])[secret]
    assert (row.status, row.at_head, row.places, row.paths) == ("removed", False, 1, 1)
    assert row.first_seen is not None
    assert row.last_seen is not None
    assert row.first_seen < row.last_seen
    assert row.fingerprint == KEY.fingerprint(leaked_then_deleted.secret).hex()
    assert browser.total(parse("status:present")) == 0
    assert browser.total(parse("new:#0")) == 1
    assert browser.total(parse(f"new:#{browser.journal_end()}")) == 0
    browser.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE place SET folder = x'2f'",
        "UPDATE place SET ignored = 1",
        "UPDATE tally SET sightings = 9",
        "DELETE FROM introducer",
        "DELETE FROM place",
        "DELETE FROM tally",
        "UPDATE fate SET ended = 1 - ended",
    ],
)
def test_forged_ones_are_made_anew_by_the_next_scan(
    leaked_then_deleted: Story, index: Path, statement: str
) -> None:
    """Nobody hides a secret from those who browse."""
    before = rows(index)
    change(index, "PRAGMA foreign_keys = ON", statement)
    assert rows(index) != before
    scan(leaked_then_deleted.path, index)
    after = rows(index)
    assert [len(after[one]) for one in TABLES] == [len(before[one]) for one in TABLES]
    assert after["tally"] == before["tally"]
    assert [one[1:] for one in after["place"]] == [one[1:] for one in before["place"]]


def test_the_seal_is_over_each_of_them() -> None:
    """One that is forgotten could be forged."""
    assert {one for one in TABLES if any(f"FROM {one}" in query for query in DIGESTED)} == {*TABLES}


def test_an_index_without_them_gets_them(leaked_then_deleted: Story, index: Path) -> None:
    """It was written before there were any."""
    before = rows(index)
    change(index, *(f"DROP TABLE {one}" for one in TABLES), "PRAGMA user_version = 1")
    create_or_open(index, KEY).close()
    assert rows(index) == before
    with closing(sqlite3.connect(index)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    scan(leaked_then_deleted.path, index)
    assert rows(index)["tally"] == before["tally"]


def test_browsing_imports_no_library_that_takes_long(index: Path) -> None:
    """The terminal interface has 0.6 s for its first picture."""
    program = "import sys, forensics.index.browse.browser; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = {*done.stdout.split()}
    assert "forensics.index.browse.browser" in loaded
    assert not loaded & {"sqlite_utils", "numpy", "click", "rich", "textual", "pygit2", "difflib"}


def test_browsing_follows_what_another_process_writes(
    leaked_then_deleted: Story, replaced: Story, index: Path
) -> None:
    """A scan that goes on is seen, and names are looked up anew."""
    browser = Browser(open_for_reading(index, KEY))
    before = browser.total(parse("path:*"))
    assert browser.total(parse(f"repo:{replaced.path.name}")) == 0
    scan(replaced.path, index)
    assert browser.total(parse("path:*")) > before
    assert browser.total(parse(f"repo:{replaced.path.name}")) > 0
    browser.close()


def test_what_was_read_for_one_connection_serves_others(
    leaked_then_deleted: Story, replaced: Story, index: Path
) -> None:
    """Until a scan changes it; decisions do not."""
    kept = Kept()
    with (
        closing(open_for_reading(index, KEY)) as first,
        closing(open_for_reading(index, KEY)) as second,
    ):
        one, other = Browser(first, kept=kept), Browser(second, kept=kept)
        assert one.total(parse("path:deploy")) == other.total(parse("path:deploy")) == 1
        assert one._names._answers is other._names._answers
        before = one._names._answers
        with closing(create_or_open(index, KEY)) as writer:
            secret = KEY.fingerprint(leaked_then_deleted.secret).hex()
            Triage(writer, KEY).decide_all([(secret, Decision("confirmed"))])
        assert one.total(parse("path:deploy state:confirmed")) == 1
        assert one._names._answers is before
        scan(replaced.path, index)
        assert other.total(parse(f"repo:{replaced.path.name}")) > 0
        assert one.total(parse(f"repo:{replaced.path.name}")) > 0
        assert one._names._answers is other._names._answers is not before
