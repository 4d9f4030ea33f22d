"""Rotation: filters, stories, hostile texts, an empty index and a large one."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from bench.large_index import build
from forensics.errors import IndexReadFailed, IndexRefused
from forensics.index.database import Connection, create_or_open, open_for_reading, writing
from forensics.index.lives import Lives
from forensics.index.triage import Decision, Triage
from forensics.key import Key, load_key
from forensics.lifecycle.case import cases
from tests.tui.piloting import comes, drive, grid, settled, until
from tests.tui.rotation.scene import SECRETS, here, says, screen, somebody_decides
from tui.pager import Pager
from tui.screens.rotation.listing import Listed


def test_a_filter_narrows_and_a_wrong_one_keeps_the_rows(index: Path, key: Key) -> None:
    """By stage, severity, owner, due date and text; Escape clears it."""

    async def told(pilot: Pilot[Any]) -> None:
        secret = here(pilot)
        somebody_decides(index, key, secret, Decision("confirmed", "Ada", due=1))
        await pilot.press("f5")
        await settled(pilot)
        everything = grid(pilot)[0].split()[-3]
        for text, count in (("owner:ada", "1"), ("overdue:yes", "1"), (f"fp:{secret[:12]}", "1"),
                            ("due:<2000", "1"),
                            ("stage:assigned sev:low", "0"), ("-owner:ada", "59")):  # fmt: skip
            screen(pilot).enter(text)
            await settled(pilot)
            assert f" {count} of {SECRETS}" in grid(pilot)[0], text
        screen(pilot).enter("stage:nowhere")
        await settled(pilot)
        assert grid(pilot)[2].index("^") == grid(pilot)[1].index("nowhere")
        assert "'nowhere' is no value of stage" in grid(pilot)[3]
        assert f" 59 of {SECRETS}" in grid(pilot)[0]
        await pilot.press("escape")
        await settled(pilot)
        assert grid(pilot)[0].split()[-3] == everything

    drive(index, "rotation", told)


def test_enter_shows_the_whole_story(index: Path) -> None:
    """As `forensics show` prints it."""

    async def told(pilot: Pilot[Any]) -> None:
        name = here(pilot)[:8]
        await pilot.press("enter")
        await comes(pilot, Pager)
        assert grid(pilot)[0].startswith(f"#{name}")
        assert any(line.startswith("status") for line in grid(pilot))

    drive(index, "rotation", told)


def test_a_story_that_cannot_be_read_says_so(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the last line; the list is still there."""

    def fails(*_: object) -> list[str]:
        raise IndexReadFailed("the index cannot be read: disk I/O error")

    monkeypatch.setattr("tui.screens.rotation.lists.story_lines", fails)

    async def told(pilot: Pilot[Any]) -> None:
        await pilot.press("enter")
        await until(pilot, says(pilot, "disk I/O error; Enter tries again"))
        assert here(pilot)

    drive(index, "rotation", told)


def test_nothing_known_says_what_to_do(tmp_path: Path, key: Key) -> None:
    """An index without a secret, and one of which nothing is left to rotate."""
    path = tmp_path / "empty.db"
    create_or_open(path, key).close()

    async def empty(pilot: Pilot[Any]) -> None:
        assert any("S scans" in line for line in grid(pilot))
        await pilot.press("a")
        await until(pilot, says(pilot, "no secret is chosen"))

    drive(path, "rotation", empty)


def test_an_index_that_cannot_be_read_says_so(index: Path) -> None:
    """In the first line too, as on other screens; F5 tries again."""
    broken = True

    def connect() -> Connection:
        if broken:
            raise IndexRefused("it is being repaired")
        return open_for_reading(index, load_key(create=False))

    async def told(pilot: Pilot[Any]) -> None:
        nonlocal broken
        for _ in range(2):
            assert grid(pilot)[0].endswith("  not read")
            assert any("F5 tries again" in line for line in grid(pilot))
            await pilot.press("2")
            await settled(pilot)
            assert grid(pilot)[0].endswith("  not read")
            await pilot.press("3")
            await settled(pilot)
        broken = False
        await pilot.press("f5")
        await settled(pilot)
        assert f"{SECRETS} of {SECRETS}" in grid(pilot)[0]

    drive(index, "rotation", told, connect=connect)


def test_hostile_texts_are_inert(index: Path, key: Key) -> None:
    """Markup, escapes, text that runs from right to left, and paths longer than any screen."""
    hostile = "\x1b[2J[red]\u202egnp.exe\u200b\r\nx"
    with closing(create_or_open(index, key)) as database:
        with writing(database):
            name = b"[b]\x1b[31m\xff" + b"x" * 10_000
            database.execute("UPDATE path SET shown = CAST(? || id AS BLOB)", (name,))
            database.execute("UPDATE occurrence SET slot = ?", (hostile,))
            database.execute("UPDATE rule SET name = name || ?", (hostile,))
        secret = database.execute("SELECT lower(hex(fingerprint)) FROM secret").fetchone()[0]
        Triage(database, key).decide_all([(secret, Decision("confirmed", hostile, hostile))])

    async def told(pilot: Pilot[Any]) -> None:
        screen(pilot).enter(f"fp:{secret[:12]}")
        await settled(pilot)
        shown = "\n".join(grid(pilot))
        assert "[red]" in shown
        for one in ("\x1b", "\u202e", "\u200b", "\r"):
            assert one not in shown
        assert all(len(line) <= 120 for line in grid(pilot))
        await pilot.press("enter")
        await comes(pilot, Pager)
        assert "\x1b" not in "\n".join(grid(pilot))

    drive(index, "rotation", told, size=(120, 40))


def test_forty_thousand_are_listed_and_slots_read_where_they_are_looked_at(
    tmp_path: Path, key: Key
) -> None:
    """Pages far away are as near as the first."""
    path = tmp_path / "large.db"
    build(path, 40_000)

    async def told(pilot: Pilot[Any]) -> None:
        assert "40,000 of 40,000" in grid(pilot)[0]
        await pilot.press("G")
        await settled(pilot)
        table = screen(pilot)._main()
        assert isinstance(table.row, Listed)
        assert table.cursor == table.count - 1
        assert len(table.pages._pages) < 10
        await until(pilot, lambda: table.row.slot is not None)
        items = screen(pilot)._shown["list"]
        known = sum(isinstance(one, Listed) and one.slot is not None for one in items)
        assert 64 < known <= 64 * len(table.pages._pages)
        with closing(create_or_open(path, key)) as index:
            case = next(cases(Lives(index), {}, secret=table.row.row.secret))
        assert table.row.slot == case.slot

    drive(path, "rotation", told)
