"""Keys in one burst: each is for what the keys before it bring into view."""

from __future__ import annotations

from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.piloting import comes, drive, settled, until
from tests.tui.triage.scene import asks, here, only, reads, screen
from tests.tui.triage_history import Told
from tui.choosing_columns import ChooseColumns
from tui.dialogs import AskFields, AskText
from tui.help import Keys
from tui.picking import Pick
from tui.screens.triage.screen import TriageScreen


def at_once(pilot: Pilot[Any], *pressed: str) -> None:
    """As a terminal sends what is pasted into it, or typed while nobody reads."""
    for one in pressed:
        pilot.app.post_message(events.Key(one, one if len(one) == 1 else None))


def journal(told: Told) -> list[str]:
    """What was decided."""
    return [str(one.facts.get("state")) for one in told.journal() if one.kind == "triaged"]


def test_a_query_is_text_from_its_first_letter_on(told: Told) -> None:
    """And what follows Enter is a command again."""

    async def look(pilot: Pilot[Any]) -> None:
        at_once(pilot, "slash", *"fuelV", "enter", "j", "slash", "a")
        await until(pilot, lambda: screen(pilot).query_one(Input).value == "fuelV a")
        assert screen(pilot).query_one(Input).has_focus

    drive(told.index, "triage", look)
    assert not journal(told)


def test_fields_are_filled_in_one_after_another(told: Told) -> None:
    """Tab goes on before the next letter comes, and Enter gives what was typed until then."""

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, only(told))
        at_once(pilot, "r", *"ada", "tab", *"30d", "enter", "f")
        await reads(pilot, "false: #")
        await settled(pilot)
        at_once(pilot, "z")
        await reads(pilot, "took back: false")

    drive(told.index, "triage", look)
    one = told.decided(told.name(1))
    assert one is not None
    assert (one.decision.owner, one.state()) == ("ada", "confirmed")
    assert one.decision.due is not None


@pytest.mark.parametrize(
    ("opens", "dialog"),
    [("s", Pick), ("Q", Pick), ("vertical_line", ChooseColumns), ("n", AskText), ("c", AskFields)],
)
def test_no_key_for_a_dialog_is_a_command(told: Told, opens: str, dialog: type[Any]) -> None:
    """Whichever of them opens."""

    async def look(pilot: Pilot[Any]) -> None:
        at_once(pilot, opens, "f", "u", "2", "V")
        assert isinstance(await comes(pilot, dialog), dialog)
        await pilot.pause(0.2)
        assert isinstance(pilot.app.screen, dialog)
        at_once(pilot, "escape", "f")
        await reads(pilot, "takes it back")

    drive(told.index, "triage", look)
    assert journal(told) == ["false-positive"]
    assert not [one for one in told.journal() if one.kind == "revealed"]


def test_keys_behind_a_query_are_for_what_it_lists(told: Told) -> None:
    """Marks too, and what is written about these."""

    async def look(pilot: Pilot[Any]) -> None:
        at_once(pilot, "slash", *"path:many.env", "enter", "space", "space", "c", *"aqz5", "enter")
        await reads(pilot, "note: 2 secrets")
        assert isinstance(pilot.app.screen, TriageScreen)

    drive(told.index, "triage", look)
    notes = [one.facts.get("note") for one in told.journal() if one.kind == "triaged"]
    assert notes == ["aqz5", "aqz5"]


def test_a_decision_is_about_an_open_range(told: Told) -> None:
    """That is what is seen."""

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, "path:many.env")
        await pilot.press("g", "v", "j", "j", "f")
        await reads(pilot, "false: 3 secrets")

    drive(told.index, "triage", look)
    assert journal(told) == ["false-positive"] * 3


def test_screens_follow_each_other(told: Told) -> None:
    """A key after a screen's own is for that screen."""

    async def look(pilot: Pilot[Any]) -> None:
        triage, first = screen(pilot), here(pilot)
        at_once(pilot, "5", "4", "1", "2", "j")
        await until(pilot, lambda: triage.table.cursor == 1)
        assert screen(pilot) is triage
        assert here(pilot) != first

    drive(told.index, "triage", look)


def test_what_is_pasted_waits_for_the_line_it_is_for(told: Told) -> None:
    """It comes behind the key that opens that."""

    async def look(pilot: Pilot[Any]) -> None:
        at_once(pilot, "slash")
        pilot.app.post_message(events.Paste("state:open"))
        at_once(pilot, "x")
        await until(pilot, lambda: screen(pilot).query_one(Input).value == "state:openx")

    drive(told.index, "triage", look)


def test_keys_go_on_where_what_had_the_focus_is_gone(told: Told) -> None:
    """A dialog that leaves with its first key takes nothing with it."""

    async def look(pilot: Pilot[Any]) -> None:
        for _ in range(3):
            at_once(pilot, "s", "escape", "question_mark", "escape", "j", "k")
        await settled(pilot)
        first = here(pilot)
        at_once(pilot, "j")
        await until(pilot, lambda: here(pilot) != first)

    drive(told.index, "triage", look)


def test_escape_and_a_key_right_behind_it_are_two_keys(told: Told) -> None:
    """Terminals send them as they send that key with Alt; this leaves the line, then moves."""

    async def look(pilot: Pilot[Any]) -> None:
        field, first = screen(pilot).query_one(Input), here(pilot)
        at_once(pilot, "slash", "a")
        pilot.app.post_message(events.Key("alt+j", "j"))
        await until(pilot, lambda: here(pilot) != first)
        assert (field.value, field.has_focus) == ("", False)
        pilot.app.post_message(events.Key("alt+f", "f"))
        await reads(pilot, "takes it back")

    drive(told.index, "triage", look)
    assert journal(told) == ["false-positive"]


def test_a_key_with_alt_that_does_something_is_one_key(told: Told) -> None:
    """Where somebody chose it, and where it moves by words."""

    async def look(pilot: Pilot[Any]) -> None:
        pilot.app.set_keymap({"app.help": "alt+h"})
        pilot.app.post_message(events.Key("alt+h", "h"))
        await comes(pilot, Keys)
        await pilot.press("escape")
        field = screen(pilot).query_one(Input)
        at_once(pilot, "slash", *"one two")
        pilot.app.post_message(events.Key("alt+b", "b"))
        at_once(pilot, "x")
        await until(pilot, lambda: field.value == "one xtwo")

    drive(told.index, "triage", look)
