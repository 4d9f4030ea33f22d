"""Rotation: stages, and what is decided there, also where somebody else was faster."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from bench.large_index import build
from forensics.index.database import create_or_open, writing
from forensics.index.triage import Decision, Triage
from forensics.key import Key
from forensics.lifecycle.stages import STAGES
from tests.tui.piloting import comes, drive, grid, settled, until
from tui.dialogs import AskFields, AskText
from tui.pager import Pager
from tui.screens.rotation.listing import Listed

SECRETS = 60


@pytest.fixture
def index(tmp_path: Path, key: Key) -> Path:
    """Sixty secrets, some of them replaced, none decided about."""
    path = tmp_path / "index.db"
    build(path, SECRETS)
    return path


def decided(index: Path, key: Key) -> dict[str, Decision]:
    """What holds now."""
    with closing(create_or_open(index, key)) as database:
        return {one.secret: one.decision for one in Triage(database, key).current()}


def somebody_decides(index: Path, key: Key, secret: str, said: Decision) -> None:
    """In another process, as far as the screen can tell."""
    with closing(create_or_open(index, key)) as database:
        Triage(database, key).decide_all([(secret, said)])


def screen(pilot: Pilot[Any]) -> Any:
    """The screen in front."""
    return pilot.app.screen


def here(pilot: Pilot[Any]) -> str:
    """The current secret."""
    return str(screen(pilot)._current())


def stage(pilot: Pilot[Any], secret: str) -> str:
    """Of a secret, as the screen has it."""
    return str(next(one.stage for one in screen(pilot)._rows if one.secret == secret))


async def fill(pilot: Pilot[Any], key: str, given: Mapping[str, str]) -> None:
    """Answer a dialog that a key opens."""
    await pilot.press(key)
    dialog = await comes(pilot, AskFields)
    for name, text in given.items():
        dialog.query_one(f"#field-{name}", Input).value = text
    await pilot.press("enter")
    await pilot.pause()


def says(pilot: Pilot[Any], text: str) -> Callable[[], bool]:
    """Whether the last line says so."""
    return lambda: text in grid(pilot)[-1]


def test_secrets_stand_under_their_stages_and_the_current_one_is_told(index: Path) -> None:
    """Its slot by environment, what is pending, and the events that show it."""

    async def told(pilot: Pilot[Any]) -> None:
        assert f"{SECRETS} of {SECRETS}" in grid(pilot)[0]
        lines = grid(pilot)
        assert any("-- DETECTED" in line for line in lines)
        assert any("SLOTS" in line for line in lines)
        screen(pilot).enter("stage:replaced")
        await settled(pilot)
        assert "-- REPLACED" in grid(pilot)[3]
        assert any("replaced 20" in line for line in grid(pilot))

    drive(index, "rotation", told)


def test_the_board_has_a_column_a_stage(index: Path) -> None:
    """From 140 columns on; left and right go from one to the next."""

    async def told(pilot: Pilot[Any]) -> None:
        heads = grid(pilot)[2]
        assert [heads.index(one.upper()) for one in STAGES] == sorted(
            heads.index(one.upper()) for one in STAGES
        )
        assert stage(pilot, here(pilot)) == "detected"
        await pilot.press("l", "l")
        await settled(pilot)
        assert stage(pilot, here(pilot)) == "replaced"
        await pilot.press("left", "left", "h")
        assert screen(pilot)._main().id == "verified"

    drive(index, "rotation", told, size=(160, 50))


def test_assigning_stays_put_until_everything_is_read_anew(index: Path, key: Key) -> None:
    """Owner and due date, in one change; the row says where it belongs now."""

    async def told(pilot: Pilot[Any]) -> None:
        secret = here(pilot)
        await fill(pilot, "a", {"owner": "Ada [b]x[/b]", "due": "2031-02-03"})
        await until(pilot, says(pilot, "assign: #"))
        assert here(pilot) == secret
        assert stage(pilot, secret) == "assigned"
        (line,) = [line for line in grid(pilot) if line.startswith(">")]
        assert "[now assi" in line
        assert "31-02-03" in line
        assert decided(index, key)[secret].owner == "Ada [b]x[/b]"
        await pilot.press("f5")
        await settled(pilot)
        assert here(pilot) == secret
        assert any("-- ASSIGNED 1" in line for line in grid(pilot))

    drive(index, "rotation", told)


def test_revoking_asks_when_and_what_shows_it(index: Path, key: Key) -> None:
    """Neither can be left out; a date that is none is refused in words."""

    async def told(pilot: Pilot[Any]) -> None:
        secret = here(pilot)
        await fill(pilot, "x", {"when": "2024-05-06", "evidence": ""})
        dialog = await comes(pilot, AskFields)
        assert any("what shows it" in line for line in grid(pilot))
        dialog.query_one("#field-evidence", Input).value = "ticket 7"
        await pilot.press("enter")
        await until(pilot, says(pilot, "revoked: #"))
        assert decided(index, key)[secret].evidence == "ticket 7"
        assert stage(pilot, secret) in ("revoked", "verified")
        await pilot.press("u")
        await until(pilot, says(pilot, "open again: #"))
        assert decided(index, key)[secret].state == "open"
        await fill(pilot, "x", {"when": "soon", "evidence": "e"})
        await until(pilot, says(pilot, "is not a date"))
        assert decided(index, key)[secret].state == "open"

    drive(index, "rotation", told)


def test_undo_and_redo_go_through_everything_this_session_did(index: Path, key: Key) -> None:
    """Decisions that stand on each other too."""

    async def told(pilot: Pilot[Any]) -> None:
        secret = here(pilot)
        await pilot.press("z")
        await until(pilot, says(pilot, "nothing to undo"))
        for owner in ("Ada", "Bo"):
            await fill(pilot, "a", {"owner": owner, "due": "none"})
            await until(pilot, lambda: Decision("open", owner) in decided(index, key).values())  # noqa: B023
            await settled(pilot)
        undone: tuple[str | None, ...] = ("Ada", None)
        for owners in (undone, ("Ada", "Bo")):
            presses = "z" if owners[1] is None else "Z"
            for expected in owners:
                await pilot.press(presses)
                await settled(pilot)
                now = decided(index, key).get(secret)
                assert (now and now.owner) == expected
        await pilot.press("Z")
        await until(pilot, says(pilot, "nothing to redo"))
        assert stage(pilot, secret) == "assigned"

    drive(index, "rotation", told)


def test_what_somebody_else_decided_meanwhile_is_not_gone_over(index: Path, key: Key) -> None:
    """Neither by a decision nor by undo: the screen says that it is stale."""

    async def told(pilot: Pilot[Any]) -> None:
        secret = here(pilot)
        other = Decision("confirmed", "Somebody else")
        somebody_decides(index, key, secret, other)
        await fill(pilot, "a", {"owner": "Ada", "due": "none"})
        await until(pilot, says(pilot, "stale: 1 changed meanwhile"))
        assert decided(index, key)[secret] == other
        await pilot.press("f5")
        await settled(pilot)
        await fill(pilot, "a", {"owner": "Ada", "due": "none"})
        await until(pilot, says(pilot, "assign: #"))
        somebody_decides(index, key, secret, other)
        await pilot.press("z")
        await until(pilot, says(pilot, "stale"))
        assert decided(index, key)[secret] == other

    drive(index, "rotation", told)


def test_one_stale_secret_keeps_all_of_a_change_from_happening(index: Path, key: Key) -> None:
    """It is one transaction."""

    async def told(pilot: Pilot[Any]) -> None:
        await pilot.press("space", "space", "space")
        marked = list(screen(pilot)._marked)
        somebody_decides(index, key, marked[1], Decision("confirmed"))
        await fill(pilot, "a", {"owner": "Ada", "due": "none"})
        await until(pilot, says(pilot, "stale: 1"))
        assert set(decided(index, key)) == {marked[1]}

    drive(index, "rotation", told)


def test_more_than_fifty_ask_for_their_number(index: Path, key: Key) -> None:
    """And only the right one goes on; the set is the one of when it was asked."""

    async def told(pilot: Pilot[Any]) -> None:
        await pilot.press("asterisk")
        assert f"{SECRETS} marked" in grid(pilot)[-1]
        await fill(pilot, "a", {"owner": "Ada", "due": "30d"})
        dialog = await comes(pilot, AskText)
        for text in ("59", str(SECRETS)):
            assert not decided(index, key)
            dialog.query_one(Input).value = text
            await pilot.press("enter")
            await pilot.pause(0.05)
        await until(pilot, lambda: len(decided(index, key)) == SECRETS)
        await settled(pilot)
        await pilot.press("z")
        await until(pilot, lambda: not decided(index, key))

    drive(index, "rotation", told)


def test_marks_from_one_row_to_another(index: Path) -> None:
    """A range, and Escape takes all marks away."""

    async def told(pilot: Pilot[Any]) -> None:
        await pilot.press("space", "j", "j", "v")
        assert "4 marked" in grid(pilot)[-1]
        await pilot.press("escape")
        assert not screen(pilot)._marked

    drive(index, "rotation", told)


def test_read_only_decides_nothing(index: Path, key: Key) -> None:
    """Every verb says so."""

    async def told(pilot: Pilot[Any]) -> None:
        for verb in ("a", "x", "u", "z", "Z"):
            await pilot.press("escape", verb)
            await until(pilot, says(pilot, "this is read-only"))
            screen(pilot).say("")
        assert not decided(index, key)

    drive(index, "rotation", told, read_only=True)


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


def test_nothing_known_says_what_to_do(tmp_path: Path, key: Key) -> None:
    """An index without a secret, and one of which nothing is left to rotate."""
    path = tmp_path / "empty.db"
    create_or_open(path, key).close()

    async def empty(pilot: Pilot[Any]) -> None:
        assert any("S scans" in line for line in grid(pilot))
        await pilot.press("a")
        await until(pilot, says(pilot, "no secret is chosen"))

    drive(path, "rotation", empty)


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


def test_forty_thousand_are_listed_and_first_rows_come_first(tmp_path: Path, key: Key) -> None:
    """Pages far away are as near as the first; while the rest is read, some rows are there."""
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
        early = screen(pilot)._rows[:1000]
        screen(pilot)._loading = True
        screen(pilot)._so_far(1000, early)
        await settled(pilot)
        assert "counting… 1,000" in grid(pilot)[0]
        assert sum(len(screen(pilot)._shown[one]) for one in STAGES) == 1000

    drive(path, "rotation", told)
