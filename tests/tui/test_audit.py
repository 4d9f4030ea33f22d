"""Audit: the journal, filtered, told, verified, exported."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from forensics.index.database import Connection, create_or_open
from forensics.index.journal import Journal, JournalRow
from forensics.index.journal_pages import journal_ids, journal_rows
from forensics.index.triage import Decision, Triage
from forensics.key import Key, load_key
from tests.cli.command import forensics
from tests.tui.piloting import comes, drive, grid, said, settled, until
from tui.dialogs import AskText
from tui.pager import Pager

DUE_2031 = 1_928_000_000  # the 4th of February


@pytest.fixture
def index(tmp_path: Path, key: Key) -> Path:
    """An index whose journal tells of 200 scans and one decision."""
    path = tmp_path / "index.db"
    with closing(create_or_open(path, key)) as database:
        journal = Journal(database, key)
        for number in range(200):
            journal.append("scan-finished", f"scan:{number}", f"/srv/{number}")
        Triage(database, key).decide_all([("ab" * 32, Decision("confirmed"))])
    return path


def test_the_newest_entry_is_first_and_the_oldest_last(index: Path) -> None:
    """Pages that are far away are read when they come into view."""

    async def told(pilot: Pilot[Any]) -> None:
        assert "201 entries" in grid(pilot)[0]
        assert grid(pilot)[3].split()[:2] == [">", "201"]
        assert any("state: confirmed" in line for line in grid(pilot))
        await pilot.press("G")
        await settled(pilot)
        assert any(line.split()[:2] == [">", "1"] for line in grid(pilot))

    drive(index, "audit", told)


def test_the_current_entry_stays_when_the_journal_is_read_again(index: Path, key: Key) -> None:
    """Wherever it stands then; who looks at the newest sees what came."""

    async def told(pilot: Pilot[Any]) -> None:
        for keys, first in ((("j", "j"), "199"), (("g",), "203")):
            await pilot.press(*keys)
            with closing(create_or_open(index, key)) as database:
                Triage(database, key).decide_all([("ab" * 32, Decision("test"))])
            await pilot.press("f5")
            await settled(pilot)
            assert any(line.split()[:2] == [">", first] for line in grid(pilot))

    drive(index, "audit", told)


def test_a_filter_narrows_and_escape_clears_it(index: Path) -> None:
    """What no entry has leaves none, and says so."""

    async def told(pilot: Pilot[Any]) -> None:
        await pilot.press("slash", *"TRIAGED", "enter")
        await settled(pilot)
        assert "1 entries" in grid(pilot)[0]
        await pilot.press("slash", *"nothing", "enter")
        await settled(pilot)
        assert grid(pilot)[3:5] == [
            "  All 201 entries are hidden by the filter.", "  Esc clears it, / edits it."
        ]  # fmt: skip
        assert not any("ab" * 32 in line for line in grid(pilot))
        await pilot.press("escape")
        await settled(pilot)
        assert "201 entries" in grid(pilot)[0]

    drive(index, "audit", told)


def test_a_filter_that_nothing_fits_leaves_no_old_message(index: Path) -> None:
    """Nor is an empty journal hidden by one."""

    async def told(pilot: Pilot[Any]) -> None:
        await pilot.press("v")
        await settled(pilot)
        assert "nothing was changed" in grid(pilot)[-1]
        pilot.app.screen.enter("kind:imported")  # type: ignore[attr-defined]
        await settled(pilot)
        assert "hidden by the filter" in grid(pilot)[3]
        assert "The chain holds" not in "\n".join(grid(pilot))
        assert grid(pilot)[-1].startswith(" / filter")

    async def empty(pilot: Pilot[Any]) -> None:
        pilot.app.screen.enter("kind:imported")  # type: ignore[attr-defined]
        await settled(pilot)
        assert grid(pilot)[3] == "  No entry yet."

    drive(index, "audit", told)
    none = index.with_name("none.db")
    create_or_open(none, load_key(create=False)).close()
    drive(none, "audit", empty)


def test_a_page_that_is_asked_for_again_is_read_once_more(index: Path) -> None:
    """What was asked before is given up, and nothing fails of that."""

    async def told(pilot: Pilot[Any]) -> None:
        for _ in range(9):
            pilot.app.screen._list()  # type: ignore[attr-defined]
            pilot.app.screen._read(0)  # type: ignore[attr-defined]
        await settled(pilot)
        assert "201 entries" in grid(pilot)[0]
        assert grid(pilot)[3].split()[:2] == [">", "201"]

    drive(index, "audit", told)


def test_kinds_and_a_beginning_can_be_asked_for(index: Path) -> None:
    """Beside a text; whatever else is written is part of the text."""

    async def told(pilot: Pilot[Any]) -> None:
        async def entries(text: str) -> str:
            await pilot.press("slash")
            pilot.app.screen.query_one(Input).value = text
            await pilot.press("enter")
            await settled(pilot)
            return grid(pilot)[0].rsplit("  ", 1)[1]

        assert await entries("kind:triaged") == "1 entries"
        assert await entries("kind:triaged,scan-finished after:199") == "2 entries"
        assert await entries("/srv/19 kind:scan-finished") == "11 entries"
        assert await entries("after:201") == "0 entries"
        assert await entries("mankind:x") == "0 entries"

    drive(index, "audit", told)


@pytest.mark.parametrize(
    ("text", "at", "why"),
    [
        ("kind:bogus", "bogus", "there is no kind 'bogus'"),
        ("/srv kind:triaged,", "", "there is no kind ''"),
        ("kind:triaged,found,Undone", "Undone", "there is no kind 'Undone'"),
        ("kind:triaged after:x", "x", "'x' is no number of an entry"),
        ("after:", "", "'' is no number of an entry"),
    ],
)
def test_a_wrong_filter_has_a_caret_and_keeps_the_rows(
    index: Path, text: str, at: str, why: str
) -> None:
    """Under what cannot be read, until it is written otherwise."""

    async def told(pilot: Pilot[Any]) -> None:
        await pilot.press("slash")
        pilot.app.screen.query_one(Input).value = text
        await pilot.press("enter")
        await settled(pilot)
        lines = grid(pilot)
        assert lines[2].index("^") == lines[1].index(text) + len(text) - len(at)
        assert why in lines[3]
        assert "201 entries" in lines[0]
        assert lines[5].split()[:2] == [">", "201"]
        await pilot.press("f5")
        await settled(pilot)
        assert why in grid(pilot)[3]
        await pilot.press("escape")
        await settled(pilot)
        assert "^" not in grid(pilot)[2]
        assert pilot.app.screen.query_one(Input).value == ""
        assert "201 entries" in grid(pilot)[0]

    drive(index, "audit", told)


def test_kinds_that_another_version_wrote_can_be_asked_for(index: Path, key: Key) -> None:
    """They stand in the list."""
    with closing(create_or_open(index, key)) as database:
        Journal(database, key).append("from-elsewhere", "index")
        assert len(journal_ids(database, "kind:from-elsewhere,triaged")) == 2


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("Jürgen Ärger", 1),
        ("JÜRGEN äRGER", 1),
        ("rger, *[b]", 1),
        ("ürgen ?rger", 0),
        ("fc", 0),  # as JSON writes it
        ("due: 2031-02", 1),
        ("owner: jürgen", 1),
        ("caused by: 1", 1),
        ("2031-03", 0),
        ("ζωη", 1),
        ("Ω", 1),
    ],
)
def test_a_filter_finds_what_the_row_shows(index: Path, key: Key, text: str, entries: int) -> None:
    """In any case of letters of any alphabet; dates and causes too, and nothing is a pattern."""
    with closing(create_or_open(index, key)) as database:
        journal = Journal(database, key)
        said = Decision("confirmed", "Jürgen Ärger, *[b]", due=DUE_2031)
        Triage(database, key).decide_all([("cd" * 32, said)])
        journal.append("reopened", "secret:x", "ΖΩΗ", related_to=1)
        found = journal_ids(database, text)
    assert len(found) == entries


def test_the_chain_is_verified(index: Path, key: Key) -> None:
    """A row that somebody changed is named."""

    with closing(create_or_open(index, key)) as database:
        head = str(Journal(database, key).head())

    async def whole(pilot: Pilot[Any]) -> None:
        await pilot.press("v")
        await settled(pilot)
        assert "nothing was changed" in grid(pilot)[-1]
        assert f" {head}" in [line.rstrip() for line in grid(pilot)]

    async def changed(pilot: Pilot[Any]) -> None:
        await pilot.press("v")
        await settled(pilot)
        assert any("row 7 is not what was written" in line for line in grid(pilot))

    drive(index, "audit", whole)
    trigger = "journal_never_changes"
    with closing(create_or_open(index, key)) as database:
        query = "SELECT sql FROM sqlite_master WHERE name = ?"
        ((text,),) = database.execute(query, (trigger,)).fetchall()
        database.execute(f"DROP TRIGGER {trigger}")
        database.execute("UPDATE journal SET actor = 'somebody' WHERE id = 7")
        database.execute(text)
    drive(index, "audit", changed)


def test_triage_that_was_changed_by_hand_is_told_as_by_the_command_line(
    index: Path, key: Key
) -> None:
    """Though the chain of the journal holds."""
    assert key
    with closing(sqlite3.connect(index)) as database, database:
        database.execute("UPDATE triage SET state = 'false-positive'")
    done = forensics("log", "verify", "--index", index)
    assert done.code == 1
    why = "triage was changed by something else"
    assert why in done.err

    async def told(pilot: Pilot[Any]) -> None:
        await pilot.press("v")
        await comes(pilot, Pager)
        assert any(why in line for line in grid(pilot)[1:4])
        await pilot.press("escape")
        await settled(pilot)
        assert "The chain holds" not in "\n".join(grid(pilot))
        assert "nothing was changed" not in said(pilot)

    drive(index, "audit", told)


def test_what_is_listed_can_be_written(index: Path, tmp_path: Path) -> None:
    """Oldest first, as the command line has it; never over a file that is there."""
    out = tmp_path / "a.jsonl"

    async def told(pilot: Pilot[Any]) -> None:
        await pilot.press("slash", *"after:198", "enter")
        await settled(pilot)
        for _ in range(2):
            await pilot.press("e")
            dialog = await comes(pilot, AskText)
            dialog.query_one(Input).value = str(out)
            await pilot.press("enter")
            await until(pilot, out.exists)
        await until(pilot, lambda: any("is there already" in line for line in grid(pilot)))

    drive(index, "audit", told)
    written = [json.loads(line) for line in out.read_text().splitlines()]
    assert [one["kind"] for one in written] == ["scan-finished", "scan-finished", "triaged"]
    assert written == forensics("log", "-f", "jsonl", "--index", index).lines[-3:]


def test_a_page_of_an_older_list_is_not_shown_under_a_newer_one(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though the newer one did not ask for it yet."""
    go_on, reading = Event(), Event()

    def late(connection: Connection, ids: Sequence[int]) -> list[JournalRow]:
        if not go_on.is_set() and 1 in ids:
            reading.set()
            go_on.wait(60)
        return journal_rows(connection, ids)

    monkeypatch.setattr("tui.screens.audit.screen.journal_rows", late)

    async def told(pilot: Pilot[Any]) -> None:
        await pilot.press("G")
        await until(pilot, reading.is_set)
        pilot.app.screen.enter("/srv")  # type: ignore[attr-defined]
        await until(pilot, lambda: "200 entries" in grid(pilot)[0])
        go_on.set()
        await settled(pilot)
        await pilot.press("G", "k", "k")
        await settled(pilot)
        assert any(line.split()[:2] == [">", "3"] for line in grid(pilot))

    drive(index, "audit", told)
