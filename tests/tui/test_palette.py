"""The command palette: what this application does, and nothing that Textual brings along."""

from __future__ import annotations

from typing import Any

import pytest
from textual.command import CommandList, CommandPalette
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.piloting import comes, drive, said, settled, until
from tests.tui.triage_history import Told
from tui.help import Keys
from tui.pager import Pager
from tui.tabs import TABS

SAME = ["Theme: dark", "Theme: light", "Theme: contrast", "Keys", "Quit"]


async def offered(pilot: Pilot[Any], letters: str = "", first: str = "") -> dict[str, str]:
    """Open the palette, write letters; what it offers by its title, and the keys that do the same.

    Args:
        pilot: drives it.
        letters: of what is looked for.
        first: the title that comes first, once it is there.
    """
    await pilot.press("ctrl+p")
    palette = await comes(pilot, CommandPalette)
    palette.query_one(Input).value = letters

    def found() -> dict[str, str]:
        hits = [getattr(one, "hit") for one in palette.query_one(CommandList).options]  # noqa: B009
        return {str(one.text): str(one.help or "") for one in hits}

    await until(pilot, lambda: next(iter(found()), None) == (first or "Overview"), first)
    return found()


async def chosen(pilot: Pilot[Any], letters: str, title: str) -> None:
    """Choose what a few letters find first."""
    await offered(pilot, letters, title)
    await pilot.press("enter")
    if isinstance(pilot.app.screen, CommandPalette):
        await pilot.press("enter")
    await until(pilot, lambda: not isinstance(pilot.app.screen, CommandPalette))


@pytest.mark.parametrize("mode", TABS)
def test_it_offers_screens_what_can_be_done_here_and_themes(told: Told, mode: str) -> None:
    """In that order, each with its keys; no picture of the screen, no panel of Textual's."""
    verbs = {
        "overview": ("Read again", "f5"),
        "triage": ("False positive", "f"),
        "rotation": ("Revoked, with evidence", "x"),
        "drift": ("Pin the base, or let it go", "="),
        "audit": ("Verify the chain", "v"),
    }

    async def look(pilot: Pilot[Any]) -> None:
        commands = await offered(pilot)
        titles = [*commands]
        assert titles[:5] == [one.capitalize() for one in TABS]
        assert titles[-6:] == ["Scan, or see how far it is", *SAME]
        title, key = verbs[mode]
        assert commands[title] == key
        others = {what for where, (what, _) in verbs.items() if where != mode} - {"Read again"}
        assert not others & {*titles}
        assert not {"Screenshot", "Maximize", "Minimize", "Theme", "Next row"} & {*titles}
        await pilot.press("escape")

    drive(told.index, mode, look)


def test_what_is_chosen_is_done(told: Told) -> None:
    """As by its key: a decision about the current secret, another screen, colours, the keys."""

    async def look(pilot: Pilot[Any]) -> None:
        await chosen(pilot, "false pos", "False positive")
        await until(pilot, lambda: "z takes it back" in said(pilot))
        await chosen(pilot, "theme: li", "Theme: light")
        await until(pilot, lambda: pilot.app.theme == "forensics-light")
        await chosen(pilot, "audit", "Audit")
        await until(pilot, lambda: pilot.app.current_mode == "audit")
        await settled(pilot)
        await chosen(pilot, "keys", "Keys")
        await comes(pilot, Keys)

    drive(told.index, "triage", look)
    assert told.journal()[-1].facts["state"] == "false-positive"


def test_in_front_of_a_screen_it_offers_what_can_be_done_there(told: Told) -> None:
    """Nothing of the screen below."""

    async def look(pilot: Pilot[Any]) -> None:
        await pilot.press("enter")
        await comes(pilot, Pager)
        commands = await offered(pilot, first="Back")
        assert [*commands] == ["Back", "Find", *SAME[:3]]

    drive(told.index, "audit", look)
