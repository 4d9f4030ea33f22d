"""The application as a whole: screens, keys, themes, refusals and crashes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from textual.events import Key as KeyPressed
from textual.events import MouseDown, Paste
from textual.pilot import Pilot
from textual.widgets import Input

from forensics.errors import IndexRefused
from forensics.index.database import create_or_open, open_for_reading
from forensics.index.ours import SCHEMA_VERSION
from forensics.index.triage import Decision, Triage
from forensics.key import Key
from tests.cli.command import forensics
from tests.tui.piloting import comes, drive, grid, settled, until
from tests.tui.terminal import START, run_in_terminal
from tui.dialogs import AskText
from tui.help import Keys
from tui.page import Page, hinted
from tui.tabs import TABS


@pytest.mark.parametrize(
    ("column", "mode"), [(2, "overview"), (8, "triage"), (16, "rotation"), (24, "drift")]
)
def test_a_click_on_a_tab_opens_its_screen(index: Path, column: int, mode: str) -> None:
    """As its number does."""

    async def told(pilot: Pilot[Any]) -> None:
        await pilot.click(offset=(column, 0))
        await until(pilot, lambda: pilot.app.current_mode == mode)
        assert "[" in grid(pilot)[0]

    drive(index, "audit", told)


def test_q_leaves(index: Path) -> None:
    """And the terminal is as it was."""
    code, written = run_in_terminal(
        START, "tui", index, "--screen", "audit", keys="q", once="No entry"
    )
    assert code == 0
    assert written.rstrip().endswith(("\x1b[?1049l", "h", "l", "u"))


def test_without_a_terminal_it_says_what_prints_the_same(index: Path) -> None:
    """And leaves with 2."""
    done = forensics("tui", index)
    assert (done.code, "forensics findings" in done.error()) == (2, True)


def test_another_key_is_a_line_before_the_screen_is_taken(tmp_path: Path, key: Key) -> None:
    """As for every other command."""
    path = tmp_path / "index.db"
    with closing(create_or_open(path, Key(bytes(32), "another"))):
        pass
    code, written = run_in_terminal(START, "tui", path, "--screen", "audit")
    assert code == 2
    assert "was made with the key" in written
    assert "\x1b[?1049h" not in written


def test_keys_are_told_and_can_be_others(index: Path) -> None:
    """The help says the keys that are in force, and the ids to change them by."""

    async def told(pilot: Pilot[Any]) -> None:
        pilot.app.set_keymap({"audit.verify": "w"})
        await pilot.press("question_mark")
        await comes(pilot, Keys)
        lines = [line.split() for line in grid(pilot)]
        assert any({"w", "audit.verify"} <= {*words} for words in lines)

    drive(index, "audit", told, size=(100, 40))


@pytest.mark.parametrize("size", [(79, 24), (80, 23), (20, 5)])
def test_a_screen_that_is_too_small_says_so(index: Path, size: tuple[int, int]) -> None:
    """Instead of showing half of it."""

    async def told(pilot: Pilot[Any]) -> None:
        text = " ".join(" ".join(grid(pilot)).split())
        assert "80 columns and 24 lines" in text

    drive(index, "audit", told, size=size)


def test_keys_of_hints_stand_out() -> None:
    """Whether they are signs or names; words of a message never do."""
    line = hinted("j k line  Enter go there  ? keys  counting is done")
    assert line.plain == "j k line  Enter go there  ? keys  counting is done"
    bold = [line.plain[one.start : one.end] for one in line.spans if one.style == "bold"]
    assert bold == ["j k", "Enter", "?"]


@pytest.mark.parametrize("size", [(79, 24), (80, 23)])
def test_where_it_is_too_small_no_key_does_anything(index: Path, size: tuple[int, int]) -> None:
    """Nor does the mouse or what is pasted, also in front of a dialog; but q leaves, and in a
    size that does it goes on."""

    async def told(pilot: Pilot[Any]) -> None:
        await pilot.press("e")
        field = (await comes(pilot, AskText)).query_one(Input)
        await pilot.resize_terminal(*size)
        await pilot.pause()
        assert "80 columns and 24 lines" in " ".join(" ".join(grid(pilot)).split())
        await pilot.press("x", "escape")
        pilot.app.post_message(Paste("pasted"))
        await pilot.click(offset=(10, 10))
        assert isinstance(pilot.app.screen, AskText)
        await pilot.resize_terminal(80, 24)
        assert field.value == "audit.jsonl"
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, AskText))
        await pilot.resize_terminal(*size)
        await pilot.press("q")
        assert not pilot.app._running or pilot.app._exit

    drive(index, "audit", told)


@pytest.mark.parametrize("keys", ["234", "2345", "153", "54321"])
def test_screens_that_are_asked_for_at_once_come_one_after_another(index: Path, keys: str) -> None:
    """Also where each is shown for the first time; the last one stays."""

    async def told(pilot: Pilot[Any]) -> None:
        for key in keys:
            pilot.app.post_message(KeyPressed(key, key))
        await settled(pilot)
        assert pilot.app.current_mode == [*TABS][int(keys[-1]) - 1]

    drive(index, "overview", told)


def test_what_is_said_is_never_cut_without_a_mark(index: Path) -> None:
    """Longer than the line it has more lines; longer than these it ends with a mark."""

    async def told(pilot: Pilot[Any]) -> None:
        page = pilot.app.screen
        assert isinstance(page, Page)
        words = [f"word{number}" for number in range(40)]
        page.say(" ".join(words))
        await pilot.pause()
        shown = " ".join(grid(pilot)[-4:]).split()
        assert [one for one in shown if one.startswith("word")] == words
        page.say("x" * 1000)
        await pilot.pause()
        assert "".join(line.strip() for line in grid(pilot)[-4:]) == "x" * 315 + "…"
        page.say("")
        await pilot.pause()
        assert grid(pilot)[-1].startswith(" / filter")
        assert not grid(pilot)[-2].startswith(" x")

    drive(index, "audit", told)


@pytest.mark.parametrize("keys", [["j"], ["f5"], ["x"], ["1", "5"]])
def test_what_happened_is_said_until_the_next_key(index: Path, keys: list[str]) -> None:
    """Whatever that does; what holds on is said until it does not."""

    async def told(pilot: Pilot[Any]) -> None:
        await pilot.press("v")
        await until(pilot, lambda: "nothing was changed" in grid(pilot)[-1])
        page = pilot.app.screen
        assert isinstance(page, Page)
        for key in keys:
            await pilot.press(key)
            await settled(pilot)
        assert grid(pilot)[-1].startswith(" / filter")
        page.say("it goes on", lasts=True)
        await pilot.resize_terminal(100, 24)
        await pilot.press("j")
        assert grid(pilot)[-1] == " it goes on"

    drive(index, "audit", told)


def test_a_click_goes_on_too(index: Path) -> None:
    """As a key."""

    async def told(pilot: Pilot[Any]) -> None:
        await pilot.press("v")
        await until(pilot, lambda: "nothing was changed" in grid(pilot)[-1])
        pilot.app.post_message(MouseDown(None, 10, 5, 0, 0, 1, False, False, False))
        await pilot.pause()
        assert grid(pilot)[-1].startswith(" / filter")

    drive(index, "audit", told)


@pytest.mark.parametrize("mode", TABS)
def test_every_screen_says_what_holds_for_all_of_it(index: Path, key: Key, mode: str) -> None:
    """That it is read-only, and that triage was forged, also once another one is in front."""
    with closing(create_or_open(index, key)) as database:
        Triage(database, key).decide_all([("ab" * 32, Decision("confirmed"))])
        database.execute("UPDATE triage SET state = 'false-positive'")

    async def told(pilot: Pilot[Any]) -> None:
        await pilot.press(str([*TABS].index(mode) + 1))
        await settled(pilot)
        assert pilot.app.current_mode == mode
        text = "\n".join(grid(pilot))
        assert "changed without your key, so none of it counts" in " ".join(text.split())
        assert "read-only: nothing is decided" in text
        await pilot.press(str((*TABS,).index(mode) % 5 + 2 if mode != "audit" else 1))
        await settled(pilot)
        assert pilot.app.current_mode != mode
        assert "read-only: nothing is decided" in "\n".join(grid(pilot))

    drive(index, "overview", told, read_only=True)


def test_forged_triage_is_said(index: Path, key: Key) -> None:
    """By the interface as it is started."""
    with closing(create_or_open(index, key)) as database:
        Triage(database, key).decide_all([("ab" * 32, Decision("confirmed"))])
        database.execute("UPDATE triage SET state = 'false-positive'")
    code, written = run_in_terminal(
        START, "tui", index, "--screen", "audit", keys="q", once="without your key"
    )
    assert (code, "none of it counts" in written) == (0, True)


def test_an_index_of_a_newer_version_is_read_only(index: Path) -> None:
    """And says so, if it has all the tables of this one, whatever else it has."""
    with closing(sqlite3.connect(index)) as other:
        other.execute("CREATE TABLE later (what TEXT)")
        other.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    code, written = run_in_terminal(
        START, "tui", index, "--screen", "audit", keys="q", once="written by a newer version"
    )
    assert (code, "read-only" in written) == (0, True)


def test_an_index_of_a_newer_version_with_other_tables_is_refused(index: Path) -> None:
    """What they mean cannot be known."""
    with closing(sqlite3.connect(index)) as other:
        other.execute("ALTER TABLE triage ADD COLUMN more TEXT")
        other.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    code, written = run_in_terminal(START, "tui", index)
    assert code == 2
    assert "was written by a newer version" in written


def test_an_index_that_nobody_may_read_says_why(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program holds it."""
    monkeypatch.setattr("forensics.index.database._BUSY_SECONDS", 0.1)
    with closing(sqlite3.connect(index, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(IndexRefused) as refused:
            open_for_reading(index)
    assert "locked by another program" in str(refused.value)
    assert "free some space" not in str(refused.value)


@pytest.mark.parametrize("kind", ["dumb", "unknown"])
def test_a_terminal_without_screens_is_told_what_prints_the_same(index: Path, kind: str) -> None:
    """And nothing is drawn."""
    code, written = run_in_terminal(START, "tui", index, kind=kind)
    assert code == 2
    assert "shows no screens" in written
    assert "\x1b[?1049h" not in written
