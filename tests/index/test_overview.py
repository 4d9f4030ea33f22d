"""Figures of a whole index."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bench.large_index import build
from fixtures_repos.stories import STORIES
from forensics.index.database import create_or_open, writing
from forensics.index.journal_pages import journal_ids, journal_rows
from forensics.index.overview import (
    Point,
    exposed_by_month,
    news_since,
    overdue_rows,
    point_of,
)
from forensics.index.tally import tally
from forensics.index.triage import Decision, Triage
from forensics.key import Key
from tests.cli.command import forensics


def moment(day: str) -> int:
    """Seconds since 1970."""
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())


def test_a_secret_is_exposed_from_when_it_came_to_when_it_left(tmp_path: Path, key: Key) -> None:
    """At the end of each month; one that never left counts until now, clocks may lie."""
    path = tmp_path / "index.db"
    build(path, 3)
    with closing(create_or_open(path, key)) as database, writing(database):
        database.execute("DELETE FROM occurrence_event")
        database.execute("UPDATE occurrence SET at_tip = id = 1")
        days = {2: "2020-01-15", 4: "2020-02-10", 5: "2020-04-20", 6: "2020-03-01", 7: "2019-01-01"}
        for row, day in days.items():
            database.execute(
                "INSERT OR REPLACE INTO git_commit VALUES (?, 1, ?, 1, 0, 0, 1, ?, 0, 'branch')",
                (row, bytes([row]) * 20, moment(day)),
            )
        for row, place, kind in ((2, 1, "introduced"), (4, 2, "introduced"), (5, 2, "removed"),
                                 (6, 3, "introduced"), (7, 3, "removed")):  # fmt: skip
            database.execute(
                "INSERT INTO occurrence_event"
                " VALUES (?, ?, ?, ?, ?, NULL, '', '', ?, x'', NULL, 1)",
                (row, place, row, kind, kind, row),
            )
        tally(database, 1)
    with closing(create_or_open(path, key)) as database:
        found = exposed_by_month(database, moment("2020-05-20"))
    january = 2020 * 12
    assert found == [(january + month, count) for month, count in enumerate((1, 2, 2, 1, 1))]


def test_news_are_what_their_lists_have(tmp_path: Path, key: Key) -> None:
    """After a point: none of what was there, each kind counted by what lists it."""
    story = STORIES["replaced"](tmp_path / "r")
    index = tmp_path / "index.db"
    forensics("scan", story.path, "--index", index)
    with closing(create_or_open(index, key)) as database:
        point = point_of(database)
        none = news_since(database, point)
        assert (none.secrets, none.scans, none.decisions) == (0, 0, 0)
        names = [row[0] for row in database.execute("SELECT lower(hex(fingerprint)) FROM secret")]
        triage = Triage(database, key)
        triage.decide_all([(names[0], Decision("confirmed"))])
        triage.undo()
        found = news_since(database, point)
        assert (found.secrets, found.scans, found.decisions) == (0, 0, 2)
        rows = journal_rows(database, journal_ids(database, found.decisions_filter))
        assert [one.kind for one in rows] == ["undone", "triaged"]
        earlier = news_since(database, Point("", 0))
        assert (earlier.secrets, earlier.scans, earlier.decisions) == (len(names), 1, 2)


def test_what_is_overdue_is_open_and_late(tmp_path: Path, key: Key) -> None:
    """Not what was revoked, is due later, or is ignored or away, so that no list has it; the oldest
    first."""
    path = tmp_path / "index.db"
    build(path, 5)
    with closing(create_or_open(path, key)) as database:
        names = [row[0] for row in database.execute("SELECT lower(hex(fingerprint)) FROM secret")]
        said = (
            Decision("open", "Ada", due=90), Decision("confirmed", "Bo", due=50),
            Decision("open", due=101), Decision("revoked", evidence="e", revoked_at=1, due=1),
        )  # fmt: skip
        Triage(database, key).decide_all(zip(names, said, strict=False))
        found = overdue_rows(database, 100)
        assert [(one.owner, one.due) for one in found] == [("Bo", 50), ("Ada", 90)]
        with writing(database):
            database.execute(
                "UPDATE place SET ignored = 1 WHERE secret_id ="
                " (SELECT id FROM secret WHERE lower(hex(fingerprint)) = ?)",
                (names[1],),
            )
        Triage(database, key).decide_all([("ab" * 32, Decision("confirmed", "Away", due=7))])
        assert [one.owner for one in overdue_rows(database, 100)] == ["Ada"]
