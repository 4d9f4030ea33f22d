"""Rotation: what is decided there, also where somebody else was faster."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from forensics.index.database import create_or_open
from forensics.index.triage import Decision, Triage
from forensics.key import Key
from tests.tui.piloting import NOW, comes, drive, grid, said, settled, until
from tests.tui.rotation.scene import SECRETS, here, says, screen, somebody_decides, stage
from tui.dialogs import AskFields, AskText
from tui.screens.rotation.listing import Group

DUE_2031, DUE_2032 = 1_930_000_000, 1_960_000_000


def decided(index: Path, key: Key) -> dict[str, Decision]:
    """What holds now."""
    with closing(create_or_open(index, key)) as database:
        return {one.secret: one.decision for one in Triage(database, key).current()}


async def fill(pilot: Pilot[Any], key: str, given: Mapping[str, str]) -> None:
    """Answer a dialog that a key opens."""
    await pilot.press(key)
    dialog = await comes(pilot, AskFields)
    for name, text in given.items():
        dialog.query_one(f"#field-{name}", Input).value = text
    await pilot.press("enter")
    await pilot.pause()


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


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
def test_counts_of_stages_follow_what_is_decided(index: Path, size: tuple[int, int]) -> None:
    """Over the list and on the board, while the row stays; undone, they are as they were."""

    def count(pilot: Pilot[Any], stage: str) -> int:
        if size[0] < 140:
            return next(
                one.rows for one in screen(pilot)._shown["list"]
                if isinstance(one, Group) and one.stage == stage
            )  # fmt: skip
        title = screen(pilot).query_one(f"#title-{stage}", Static)
        return int(str(title.render()).split()[-1])

    async def told(pilot: Pilot[Any]) -> None:
        secret, before = here(pilot), count(pilot, "detected")
        assert f"DETECTED {before}" in "\n".join(grid(pilot))
        await fill(pilot, "a", {"owner": "Ada", "due": "none"})
        await until(pilot, says(pilot, "assign: #"))
        assert here(pilot) == secret
        assert count(pilot, "detected") == before - 1
        assert f"DETECTED {before - 1}" in "\n".join(grid(pilot))
        if size[0] >= 140:
            assert count(pilot, "assigned") == 1
        await pilot.press("z")
        await until(pilot, says(pilot, "took back"))
        assert f"DETECTED {before}" in "\n".join(grid(pilot))

    drive(index, "rotation", told, size=size)


@pytest.mark.parametrize(
    ("given", "owners", "years"),
    [
        ({"owner": "Grace"}, ("Grace", "Grace"), (2031, 2032)),
        ({"due": "2033-05-05"}, ("Ada", "Bo"), (2033, 2033)),
        ({"owner": "none"}, ("", ""), (2031, 2032)),
        ({"due": "none"}, ("Ada", "Bo"), (None, None)),
    ],
)
def test_what_is_not_said_of_several_stays_as_it_is_with_each(
    index: Path,
    key: Key,
    given: Mapping[str, str],
    owners: tuple[str, str],
    years: tuple[int | None, int | None],
) -> None:
    """Owner and due date alike; only the word takes them away, and nothing at all is no answer."""

    async def told(pilot: Pilot[Any]) -> None:
        await pilot.press("space", "space")
        marked = list(screen(pilot)._marked)
        for secret, owner, due in zip(marked, ("Ada", "Bo"), (DUE_2031, DUE_2032), strict=True):
            somebody_decides(index, key, secret, Decision("confirmed", owner, due=due))
        await pilot.press("f5")
        await settled(pilot)
        await fill(pilot, "a", {})
        dialog = await comes(pilot, AskFields)
        assert any("nothing is changed" in line for line in grid(pilot))
        for name, text in given.items():
            dialog.query_one(f"#field-{name}", Input).value = text
        await pilot.press("enter")
        await until(pilot, says(pilot, "assign: 2 secrets"))
        holds = decided(index, key)
        assert tuple(holds[one].owner for one in marked) == owners
        dues = [holds[one].due for one in marked]
        assert tuple(one and datetime.fromtimestamp(one, UTC).year for one in dues) == years

    drive(index, "rotation", told)


def test_an_overdue_secret_is_handed_on_and_keeps_its_date(index: Path, key: Key) -> None:
    """To the second: what stands in a field, and is not changed, is not said again."""

    async def told(pilot: Pilot[Any]) -> None:
        secret = here(pilot)
        somebody_decides(index, key, secret, Decision("confirmed", "Ada", due=int(NOW) - 9))
        await pilot.press("f5")
        await settled(pilot)
        await fill(pilot, "a", {"owner": "Grace"})
        await until(pilot, says(pilot, "assign: #"))
        assert decided(index, key)[secret] == Decision("confirmed", "Grace", due=int(NOW) - 9)
        await fill(pilot, "a", {"due": "", "owner": ""})
        await until(pilot, lambda: decided(index, key)[secret] == Decision("confirmed"))

    drive(index, "rotation", told)


def test_revoking_asks_when_and_what_shows_it(index: Path, key: Key) -> None:
    """Neither can be left out; a date that is none is refused in words, and the dialog stays."""

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
        await until(pilot, lambda: any("is not a date" in line for line in grid(pilot)))
        assert isinstance(pilot.app.screen, AskFields)
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
        assert f"{SECRETS} marked" in said(pilot)
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


def test_read_only_decides_nothing(index: Path, key: Key) -> None:
    """Every verb says so."""

    async def told(pilot: Pilot[Any]) -> None:
        for verb in ("a", "x", "u", "z", "Z"):
            await pilot.press("escape", verb)
            await until(pilot, says(pilot, "this is read-only"))
            screen(pilot).say("")
        assert not decided(index, key)

    drive(index, "rotation", told, read_only=True)
