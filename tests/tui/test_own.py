"""What this session decided is known on every screen, and is no news on any."""

from __future__ import annotations

from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.piloting import comes, drive, grid, said, settled, until
from tests.tui.triage_history import Told
from tui.dialogs import AskFields
from tui.own import Own


def triage(pilot: Pilot[Any]) -> Any:
    """The Triage screen, in front or not."""
    return pilot.app.screen


async def row_of(pilot: Pilot[Any], told: Told, key: str) -> str:
    """Go to the Triage screen by its key, and read what it says of the current secret."""
    await pilot.press(key)
    await settled(pilot)
    return next(line for line in grid(pilot) if line.startswith(">"))


def test_what_was_decided_on_another_screen_is_shown_and_no_news(told: Told) -> None:
    """Nor is it stale to undo it here, decide about it again, and take that back over there."""

    async def look(pilot: Pilot[Any]) -> None:
        query = f"fp:{told.name(1)[:16]}"
        pilot.app.screen.enter(query)  # type: ignore[attr-defined]
        await settled(pilot)
        await pilot.press("3")
        await settled(pilot)
        pilot.app.screen.enter(query)  # type: ignore[attr-defined]
        await settled(pilot)
        await pilot.press("x")
        dialog = await comes(pilot, AskFields)
        dialog.query_one("#field-evidence", Input).value = "ticket 7"
        await pilot.press("enter")
        await until(pilot, lambda: "revoked: #" in said(pilot))
        assert "REV" in await row_of(pilot, told, "2")
        triage(pilot).poll()
        await settled(pilot)
        assert "stale" not in grid(pilot)[0]
        await pilot.press("a")
        await until(pilot, lambda: "takes it back" in said(pilot))
        await pilot.press("3", "z")
        await until(pilot, lambda: "took back: real" in said(pilot))
        await pilot.press("z")
        await until(pilot, lambda: "took back: revoked" in said(pilot))
        assert "NEW" in await row_of(pilot, told, "2")
        triage(pilot).poll()
        await settled(pilot)
        assert "stale" not in grid(pilot)[0]
        await pilot.press("Z")
        await until(pilot, lambda: "did again: revoked" in said(pilot))

    drive(told.index, "triage", look)
    done = told.decided(told.name(1))
    assert done is not None
    assert done.state() == "revoked"


def test_what_others_write_between_is_counted() -> None:
    """Rows of the journal before, between and after one's own."""
    own = Own()
    own.wrote([4, 5, 6])
    own.wrote([])
    own.wrote([9])
    assert [own.between(low, high) for low, high in ((0, 3), (0, 9), (4, 8), (6, 8), (8, 20))] == [
        0, 4, 2, 0, 1,
    ]  # fmt: skip


def test_what_follows_without_others_is_ones_own() -> None:
    """From a row of anybody's."""
    own = Own()
    own.wrote([4, 5])
    own.wrote([8])
    own.wrote([6])
    assert [own.from_there(row) for row in (2, 3, 4, 6, 7, 8)] == [2, 6, 6, 6, 8, 8]


def test_each_asks_for_what_it_has_not_seen() -> None:
    """The last word on each secret since then."""
    own = Own()
    own.decided({"a": None, "b": None})
    seen = own.decisions
    own.decided({"b": None})
    assert set(own.since(0)) == {"a", "b"}
    assert set(own.since(seen)) == {"b"}
    assert own.since(own.decisions) == {}
