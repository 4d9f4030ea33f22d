"""Triage: the list, its query and facets, orders and matches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from forensics.index.browse.facets import Facet
from forensics.index.database import Connection
from forensics.query.tree import Query
from tests.tui.piloting import drive, grid, settled
from tests.tui.triage.scene import ALL, asks, here, screen
from tests.tui.triage_history import Told
from tui.browsing import Browsers
from tui.facet_list import FacetList
from tui.screens.triage.screen import TriageScreen
from tui.table.drawing import Drawn


def test_the_list_its_counts_and_the_current_secret(told: Told) -> None:
    """At 80x24: tabs, query, header, rows; below them six lines of the current one."""

    async def look(pilot: Pilot[Any]) -> None:
        lines = grid(pilot)
        assert lines[0].endswith(f"{ALL} of {ALL}")
        assert lines[2].split() == ["STATE", "SEV^", "RULE", "SECRET", "REPO", "SIGHT", "LAST"]
        assert lines[3].split()[:4] == [">", "NEW", "CRIT", "github.pat-classic"]
        assert lines[-1].startswith(" a real  f false")
        assert f"#{here(pilot)[:8]}" in lines[-7]
        await asks(pilot, f"fp:{told.name(2)[:16]}")
        lines = grid(pilot)
        assert any("deploy/prod.yaml:2  masked: V reveals" in line for line in lines)
        assert any("token: ****" in line for line in lines)

    drive(told.index, "triage", look)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_wider_terminals_show_more_beside(told: Told, size: tuple[int, int]) -> None:
    """From 100 columns the detail stands at the right, from 140 the facets at the left."""

    async def look(pilot: Pilot[Any]) -> None:
        lines = grid(pilot)
        assert any("FACETS" in line for line in lines) is (size[0] >= 140)
        beside = any("STATE" in line and f"#{here(pilot)[:8]}" in line for line in lines)
        assert beside is (size[0] >= 100)

    drive(told.index, "triage", look, size=size)


def test_first_rows_are_drawn_before_all_are_asked_for(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever else is read would hold them up."""
    order: list[str] = []

    def noted(name: str, done: Callable[..., Any]) -> Callable[..., Any]:
        def does(*given: Any) -> Any:
            order.append(name)
            return done(*given)

        return does

    monkeypatch.setattr(Drawn, "_cells", noted("cells", Drawn._cells))
    monkeypatch.setattr(Browsers, "vector", noted("vector", Browsers.vector))

    async def look(pilot: Pilot[Any]) -> None:
        assert "vector" in order
        assert order.index("cells") < order.index("vector")

    drive(told.index, "triage", look)


def test_a_query_narrows_and_escape_clears_it(told: Told) -> None:
    """The line says how many filters there are; where nothing fits, what to do."""

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, "path:deploy sev:>=high")
        assert grid(pilot)[0].endswith(f"2 of {ALL}")
        assert grid(pilot)[1].rstrip().endswith("2 filters")
        await asks(pilot, "rule:nothing")
        assert any("Esc clears it" in line for line in grid(pilot))
        await pilot.press("escape")
        await settled(pilot)
        assert grid(pilot)[0].endswith(f"{ALL} of {ALL}")

    drive(told.index, "triage", look)


def test_a_wrong_query_has_a_caret_and_keeps_the_rows(told: Told) -> None:
    """Under the character that cannot be read."""

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, "path:deploy sev:>=hihg")
        lines = grid(pilot)
        assert lines[2].index("^") == lines[1].index(">=hihg")
        assert "high is" in lines[3]
        assert lines[0].endswith(f"{ALL} of {ALL}")
        assert lines[5].startswith("> NEW")

    drive(told.index, "triage", look)


def test_tab_completes(told: Told) -> None:
    """First a field, then a value of the index."""

    async def look(pilot: Pilot[Any]) -> None:
        await pilot.press("slash", *"ru")
        await settled(pilot)
        await pilot.press("tab")
        await settled(pilot)
        assert screen(pilot).query_one(Input).value == "rule:"
        await pilot.press("tab", "enter")
        await settled(pilot)
        assert grid(pilot)[1].split()[1] == "rule:github.pat-classic"

    drive(told.index, "triage", look)


def test_facets_edit_the_query(told: Told) -> None:
    """Over the list where there is no room beside it; what is chosen stands in the query."""

    async def look(pilot: Pilot[Any]) -> None:
        await pilot.press("backslash")
        await settled(pilot)
        assert any("github.pat-classic" in line for line in grid(pilot))
        await pilot.press("j", "enter")
        await settled(pilot)
        assert "rule:=github.pat-classic" in grid(pilot)[1] or "rule:github" in grid(pilot)[1]
        await pilot.press("enter")
        await settled(pilot)
        assert "rule:" not in grid(pilot)[1]
        await pilot.press("minus")
        await settled(pilot)
        assert "-rule:" in grid(pilot)[1]
        assert grid(pilot)[0].endswith(f"0 of {ALL}")

    drive(told.index, "triage", look)


def test_facets_over_the_list_and_beside_it_are_two_choices(told: Told) -> None:
    """Those that were looked at where it is narrow stand beside the list where it is wide; those
    that were hidden there can be looked at where it is narrow."""

    def facets(pilot: Pilot[Any]) -> bool:
        return any("FACETS" in line for line in grid(pilot))

    async def look(pilot: Pilot[Any]) -> None:
        await pilot.press("backslash")
        await settled(pilot)
        await pilot.resize_terminal(160, 40)
        await settled(pilot)
        assert any("FACETS" in line and "STATE" in line for line in grid(pilot))
        assert screen(pilot).query_one(FacetList).region.right == screen(pilot).table.region.x
        await pilot.press("backslash")
        await settled(pilot)
        assert not facets(pilot)
        await pilot.resize_terminal(80, 24)
        await settled(pilot)
        assert facets(pilot)
        await pilot.press("backslash")
        await settled(pilot)
        assert not facets(pilot)
        await pilot.resize_terminal(160, 40)
        await settled(pilot)
        assert not facets(pilot)
        await pilot.press("backslash")
        await settled(pilot)
        assert facets(pilot)

    drive(told.index, "triage", look)


def test_facets_that_come_into_view_count_what_is_listed(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the terminal grows; once, also where they were there from the start."""
    counted: list[str] = []
    count = TriageScreen._facet

    def counting(self: TriageScreen, query: Query, field: str, index: Connection) -> Facet:
        counted.append(field)
        return count(self, query, field, index)

    monkeypatch.setattr(TriageScreen, "_facet", counting)

    def rules(pilot: Pilot[Any]) -> list[int]:
        found = screen(pilot).query_one(FacetList).pages.here()
        return [one.value.secrets for one in found if one.value and one.field == "rule"]

    async def look(pilot: Pilot[Any]) -> None:
        assert not counted
        await pilot.resize_terminal(160, 40)
        await settled(pilot)
        assert sum(rules(pilot)) == ALL
        await pilot.resize_terminal(120, 40)
        await asks(pilot, "path:deploy")
        await pilot.resize_terminal(160, 40)
        await settled(pilot)
        assert sum(rules(pilot)) == 2

    async def wide(pilot: Pilot[Any]) -> None:
        assert sum(rules(pilot)) == ALL
        assert len(counted) == len({*counted})

    drive(told.index, "triage", wide, size=(160, 40))
    counted.clear()
    drive(told.index, "triage", look, size=(120, 40))


def test_space_twice_on_a_facet_changes_nothing(told: Told) -> None:
    """Though other values move up once it is wanted."""

    async def look(pilot: Pilot[Any]) -> None:
        facets = screen(pilot).query_one(FacetList)
        facets.focus()
        await pilot.pause()
        place = next(
            at for at in reversed(range(facets.count))
            if (line := facets.pages.row(at)) is not None and line.value is not None
        )  # fmt: skip
        facets.move_to(place)
        await pilot.press("space")
        await settled(pilot)
        assert screen(pilot)._text
        await pilot.press("space")
        await settled(pilot)
        assert not screen(pilot)._text

    drive(told.index, "triage", look, size=(160, 60))
