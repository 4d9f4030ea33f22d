"""What Triage keeps between runs: the last query, but nothing of a value; and when it is read."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from textual.pilot import Pilot

from fixtures_repos.stories.story import token
from forensics.index.overview import Point, point_of
from forensics.key import state_folder
from tests.tui.piloting import comes, drive, grid, settled, until
from tests.tui.triage.scene import asks, reads, screen
from tests.tui.triage_history import Told
from tui.picking import Pick
from tui.screens.triage.reading import whole_object

VALUE = token(1).decode()


def kept() -> str:
    """All that is kept."""
    return "".join(one.read_text() for one in (state_folder() / "tui").glob("*"))


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ("path:deploy sev:>=high", "path:deploy sev:>=high"),
        ("state:open something", "state:open"),
        (VALUE, ""),
        (f"path:{VALUE} state:open", ""),
        (f"state:open,confirmed {VALUE}", "state:open,confirmed"),
    ],
    ids=["fields", "text", "value", "value in a field", "beside a value"],
)
def test_the_last_query_is_there_again_without_values(
    told: Told,
    asked: str,
    left: str,
) -> None:
    """A text can be a value, so none is kept; nor a query in which a secret is found."""

    async def first(pilot: Pilot[Any]) -> None:
        await asks(pilot, asked)

    async def second(pilot: Pilot[Any]) -> None:
        assert screen(pilot)._line.text == left
        assert screen(pilot)._text == left

    drive(told.index, "triage", first)
    assert VALUE not in kept()
    drive(told.index, "triage", second)


def test_a_query_with_a_secret_is_not_saved(told: Told) -> None:
    """And that is said."""

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, VALUE)
        await pilot.press("Q")
        await comes(pilot, Pick)
        await pilot.press("s")
        await reads(pilot, "not saved: there is a secret in it")

    drive(told.index, "triage", look)
    assert VALUE not in kept()


def test_a_screen_that_opens_early_has_its_query_all_the_same(
    told: Told,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Though somebody else is reading already what was kept; what is written meanwhile stays."""

    async def first(pilot: Pilot[Any]) -> None:
        await asks(pilot, "path:deploy")

    drive(told.index, "triage", first)
    for written in ("", "sev:>=high"):
        hold = threading.Event()

        def slow(connection: Any, hold: threading.Event = hold) -> Point:
            hold.wait(60)
            return point_of(connection)

        monkeypatch.setattr("tui.visit.point_of", slow)

        async def second(
            pilot: Pilot[Any], hold: threading.Event = hold, written: str = written
        ) -> None:
            visit = pilot.app.visit  # type: ignore[attr-defined]
            visit._beginning = None
            pilot.app.run_worker(visit.begin())
            await pilot.press("2")
            if written:
                await pilot.press("slash", *written, "enter")
            await pilot.pause()
            hold.set()
            await settled(pilot)
            assert screen(pilot)._line.text == (written or "path:deploy")
            assert screen(pilot)._text == (written or "path:deploy")

        drive(told.index, "audit", second)


def test_what_is_being_read_can_be_given_up(
    told: Told,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The list and the facts go on meanwhile; nothing opens afterwards."""
    hold, reading = threading.Event(), threading.Event()

    def slow(*args: Any) -> Any:
        reading.set()
        hold.wait(60)
        return whole_object(*args)

    monkeypatch.setattr("tui.screens.triage.looking.whole_object", slow)

    async def look(pilot: Pilot[Any]) -> None:
        await pilot.press("o")
        await until(pilot, reading.is_set)
        await pilot.press("o", "o", "o", "j", "j")
        await until(pilot, lambda: screen(pilot).table.cursor == 2)
        row = screen(pilot).table.row
        assert row is not None
        await until(pilot, lambda: any(f"── #{row.short[:6]}" in one for one in grid(pilot)))
        before = pilot.app.screen
        await pilot.press("escape")
        await reads(pilot, "given up")
        hold.set()
        await settled(pilot)
        assert pilot.app.screen is before

    drive(told.index, "triage", look)
