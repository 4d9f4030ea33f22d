"""The table draws what is in view, asks for what it lacks, and lets nothing in the data out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tests.tui.piloting import grid
from tui.table.columns import Cell, Column, fitted, widths
from tui.table.pages import PAGE, Pages
from tui.table.table import Table

COLUMNS: tuple[Column[int], ...] = (
    Column("number", "NUMBER", lambda row: Cell(str(row)), 8, right=True),
    Column("path", "PATH", lambda row: Cell(b"a/%d" % row), 10, flexible=True),
    Column("more", "MORE", lambda row: Cell("more"), 6, least=60),
)


class Alone(App[None]):
    """A table whose rows are their own places."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.rows, self.asked = count, list[int]()
        self.told: list[str] = []

    def compose(self) -> ComposeResult:
        yield Table(COLUMNS)

    def on_mount(self) -> None:
        self.query_one(Table).show(self.rows)

    def on_table_pages_wanted(self, event: Table.PagesWanted) -> None:
        self.asked += event.pages
        for page in event.pages:
            rows = range(page * PAGE, min((page + 1) * PAGE, self.rows))
            event.table.put(page, list(rows))

    def on_table_cursor_moved(self, event: Table.CursorMoved) -> None:
        self.told.append(f"at {event.row}")

    def on_table_chosen(self, event: Table.Chosen) -> None:
        self.told.append(f"chose {event.row}")

    def on_table_header_clicked(self, event: Table.HeaderClicked) -> None:
        self.told.append(f"sort {event.column}")


def drive(
    count: int, told: Callable[[Alone, Pilot[Any]], Awaitable[None]], size: tuple[int, int]
) -> None:
    async def run() -> None:
        app = Alone(count)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await told(app, pilot)

    asyncio.run(run())


def numbers(pilot: Pilot[Any]) -> list[str]:
    """The first words of the rows in view."""
    return [" ".join(line.split()[:2]) for line in grid(pilot)[1:]]


def test_only_pages_in_view_are_asked_for_and_once() -> None:
    """Of a million rows, a jump to the end asks for the end."""

    async def told(app: Alone, pilot: Pilot[Any]) -> None:
        assert app.asked == [0]
        await pilot.press("G")
        await pilot.pause()
        assert app.asked == [0, 15_624]
        assert numbers(pilot)[-1] == "> 999999"
        await pilot.press("g", "G", "k", "j")
        await pilot.pause()
        assert app.asked == [0, 15_624]

    drive(1_000_000, told, (50, 10))


def test_g_is_the_top_and_shift_g_the_end() -> None:
    """And a page is what is in view, less a line."""

    async def told(app: Alone, pilot: Pilot[Any]) -> None:
        await pilot.press("G", "g", "pagedown", "j", "k", "k")
        await pilot.pause()
        assert app.query_one(Table).cursor == 7
        await pilot.press("pageup", "pageup")
        assert app.query_one(Table).cursor == 0

    drive(500, told, (50, 10))


def test_a_click_chooses_and_a_header_sorts() -> None:
    """The mouse works as keys do."""

    async def told(app: Alone, pilot: Pilot[Any]) -> None:
        await pilot.click(Table, offset=(5, 3))
        assert app.query_one(Table).cursor == 2
        await pilot.click(Table, offset=(5, 3), times=2)
        await pilot.click(Table, offset=(14, 0))
        await pilot.pause()
        assert app.told == ["at 0", "at 2", "chose 2", "sort path"]

    drive(9, told, (50, 12))


def test_an_empty_table_does_nothing() -> None:
    """No key fails."""

    async def told(app: Alone, pilot: Pilot[Any]) -> None:
        await pilot.press("j", "k", "g", "G", "pagedown", "pageup", "enter")
        assert app.asked == app.told == []

    drive(0, told, (50, 10))


def test_marks_need_no_colour() -> None:
    """A marked row has a star, the current one an arrow."""

    async def told(app: Alone, pilot: Pilot[Any]) -> None:
        app.query_one(Table).mark(frozenset((0, 1)))
        await pilot.pause()
        assert [line[:2] for line in grid(pilot)[1:4]] == [">*", " *", "  "]

    drive(3, told, (50, 10))


@pytest.mark.parametrize(
    ("width", "wide"),
    [
        (30, {"number": 8, "path": 21}),
        (59, {"number": 8, "path": 50}),
        (60, {"number": 8, "path": 44, "more": 6}),
        (5, {"number": 8, "path": 10}),
    ],
)
def test_columns_share_what_is_left(width: int, wide: dict[str, int]) -> None:
    """Those that a narrow table has no room for are left out."""
    assert widths(COLUMNS, width) == wide


@given(st.text(max_size=60) | st.binary(max_size=60), st.integers(0, 20), st.booleans())
def test_text_takes_exactly_its_room(text: str | bytes, width: int, right: bool) -> None:
    """Wide, combining, invisible and undecodable characters included; nothing acts."""
    shown = fitted(text, width, right=right)
    assert cell_len(shown) == width
    assert not any(one < " " or one in "\x7f\u200b\u202e\u2066" for one in shown)


def test_long_text_costs_what_is_shown_of_it() -> None:
    """Ten megabytes of accents on one letter as well."""
    assert fitted("a" * 10_000_000, 5) == "aaaa…"
    assert cell_len(fitted("e" + "\u0301" * 10_000_000, 5)) == 5


def test_pages_that_were_not_looked_at_go_first() -> None:
    """And are asked for again."""
    pages: Pages[str] = Pages(kept=2)
    for page in (0, 1):
        assert pages.lacking(page * PAGE, page * PAGE) == [page]
        pages.put(page, [f"{page}"])
    assert pages.row(0) == "0"
    pages.put(2, ["2"])
    assert (pages.row(0), pages.row(PAGE), pages.row(2 * PAGE)) == ("0", None, "2")
    assert pages.lacking(PAGE, PAGE) == [1]
    assert pages.lacking(PAGE, PAGE) == []
    pages.give_up(1)
    assert pages.lacking(PAGE, PAGE) == [1]


def test_another_answer_is_asked_for_though_the_last_one_did_not_come() -> None:
    """Nobody answers that any more."""
    pages: Pages[str] = Pages()
    assert pages.lacking(0, 0) == [0]
    pages.clear()
    assert pages.lacking(0, 0) == [0]


def test_a_text_cut_in_its_middle_keeps_both_ends() -> None:
    """As many cells as asked for, whatever is in it."""
    assert fitted("Deployment/web:spec.replicas", 12, middle=True) == "Depl…eplicas"
    assert fitted("short", 12, middle=True) == "short       "
    for width in range(1, 30):
        for text in ("\u6f22" * 50, "a\u202eb" * 50, "x" * 100_000, b"\xff" * 50):
            assert cell_len(fitted(text, width, middle=True)) == width


@pytest.mark.parametrize("middle", [False, True])
@pytest.mark.parametrize(
    "character",
    ["e\u0301", "\u0915\u094d\u0937", "\U0001f1e9\U0001f1ea", "\u6f22", "\u1112\u1161\u11ab"],
)
def test_no_character_is_cut_in_two(character: str, middle: bool) -> None:
    """A letter goes with its marks, a flag with both of its letters."""
    for width in range(1, 20):
        shown = fitted(character * 30, width, middle=middle)
        assert cell_len(shown) == width
        for part in shown.split("…"):
            text = part.strip(" ")
            assert text == character * (len(text) // len(character))


def test_what_a_bounded_column_leaves_goes_to_the_others() -> None:
    """However the columns are ordered."""
    path, why = (
        Column[int]("path", "PATH", lambda row: Cell(str(row)), 10, flexible=True, most=16),
        Column[int]("why", "WHY", lambda row: Cell(str(row)), 10, flexible=True),
    )
    assert widths((path, why), 61) == widths((why, path), 61) == {"path": 16, "why": 44}
    assert widths((path,), 61) == {"path": 16}
    assert widths((path, why), 25) == {"path": 12, "why": 12}


def test_rows_that_come_into_view_by_a_better_count_are_asked_for() -> None:
    """Also where nobody scrolls; the first page that came along is not."""

    async def told(app: Alone, pilot: Pilot[Any]) -> None:
        table = app.query_one(Table)
        app.asked.clear()
        table.show(PAGE, first=list(range(PAGE)))
        await pilot.pause()
        assert app.asked == []
        assert app.told[-1] == "at 0"
        app.rows = 3 * PAGE
        table.count_is(3 * PAGE)
        await pilot.pause()
        assert app.asked == [1]
        assert grid(pilot)[PAGE + 5].split()[0] == str(PAGE + 4)

    drive(10, told, (60, 100))


def test_a_step_draws_the_two_rows_that_change_and_no_other() -> None:
    """What scrolls draws all that is in view."""
    drawn: list[int] = []

    def cell(row: int) -> Cell:
        drawn.append(row)
        return Cell(str(row))

    async def told(app: Alone, pilot: Pilot[Any]) -> None:
        app.query_one(Table).columns = (Column("number", "NUMBER", cell, 8),)
        drawn.clear()
        await pilot.press("j")
        await pilot.pause()
        assert sorted(set(drawn)) == [0, 1]
        assert [line[0] for line in grid(pilot)[1:4]] == [" ", ">", " "]
        drawn.clear()
        await pilot.press("G")
        await pilot.pause()
        assert sorted(set(drawn)) == [*range(91, 100)]

    drive(100, told, (80, 10))
