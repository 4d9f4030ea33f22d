"""Figures of the overview lead to lists of as many."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from textual.pilot import Pilot

from fixtures_repos.builder import Builder
from fixtures_repos.stories.story import setting, token
from forensics.index.database import create_or_open
from forensics.index.triage import Decision, Triage
from tests.cli.command import forensics
from tests.tui.piloting import NOW, drive, grid, settled
from tests.tui.test_overview import line_of
from tests.tui.triage_history import Told
from tui.screens.overview.panel import Panel


def links(pilot: Pilot[Any]) -> list[tuple[str, int, int]]:
    """Every figure that can be entered: its panel, line and place in that; dates are none."""
    return [
        (panel.id or "", line, column)
        for panel in pilot.app.screen.query(Panel)
        if panel.id not in ("coverage", "drift")
        for line, figure in enumerate(panel.figures)
        for column, (text, link) in enumerate(figure.values)
        if link is not None and text.isdecimal()
    ]


def test_every_figure_leads_to_as_many(told: Told) -> None:
    """As it counts, whatever was asked there before; also what is new since the last visit."""

    async def first(pilot: Pilot[Any]) -> None:
        await pilot.press("2")

    drive(told.index, "overview", first)
    with closing(create_or_open(told.index, told.key)) as database:
        triage = Triage(database, told.key)
        said = (Decision("confirmed", "Ada", due=int(NOW) - 9), Decision("false-positive"))
        triage.decide_all([(told.name(10 + n), one) for n, one in enumerate(said)])
        triage.undo([told.name(11)])
    builder = Builder(told.index.with_name("more"))
    builder.write("prod.env", setting(token(80)) + setting(token(81)))
    builder.commit("More")
    builder.populate()
    forensics("scan", builder.path, "--index", told.index)
    seen = set()

    async def look(pilot: Pilot[Any]) -> None:
        assert line_of(pilot, "new secrets").split()[-1] == "2"
        assert line_of(pilot, " scans").split()[-1] == "1"
        assert line_of(pilot, "decisions, also").split()[-1] == "3"
        for name, line, column in links(pilot):
            panel = pilot.app.screen.query_one(f"#{name}", Panel)
            panel.focus()
            panel._at = line, column
            count, link = panel.figures[line].values[column]
            await pilot.press("enter")
            await settled(pilot)
            shown = grid(pilot)[0].rsplit("  ", 1)[1].split()[0]
            assert shown == count, (name, link)
            seen.add(name)
            await pilot.press("1")
            await settled(pilot)

    drive(told.index, "overview", look, size=(120, 40))
    assert seen == {"secrets", "stages", "news", "overdue"}
