"""The query of the Rotation screen: the language of Triage, its facets, saved queries."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from bench.large_index import build
from forensics.index.database import create_or_open
from forensics.index.triage import Decision, Triage
from forensics.key import Key
from forensics.query.parse import parse
from tests.cli.command import forensics
from tests.tui.piloting import comes, drive, grid, said, settled, until
from tests.tui.triage_history import Told
from tui.dialogs import AskText
from tui.facet_list import FacetList
from tui.picking import Pick
from tui.queried import Queried
from tui.screens.overview.words import news_lines, overdue_lines, stage_lines

SECRETS = 60


@pytest.fixture
def index(tmp_path: Path, key: Key) -> Path:
    """Sixty secrets, some of them replaced."""
    assert key
    path = tmp_path / "index.db"
    build(path, SECRETS)
    return path


def listed(pilot: Pilot[Any]) -> int:
    """How many secrets are listed, by the count in the first line."""
    return int(grid(pilot)[0].split()[-3])


def text(pilot: Pilot[Any]) -> str:
    """The query as it stands there."""
    screen = pilot.app.screen
    assert isinstance(screen, Queried)
    return screen.query_one(Input).value


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
def test_facets_edit_the_query_and_count_what_it_then_lists(
    index: Path, size: tuple[int, int]
) -> None:
    """Over the list and over the board; what is not to be rotated is no stage."""

    async def told(pilot: Pilot[Any]) -> None:
        everything = listed(pilot)
        await pilot.press("backslash")
        await settled(pilot)
        facets = pilot.app.screen.query_one(FacetList)
        assert facets.has_focus
        labels = [one.value.label for one in facets.pages.here() if one.value is not None]
        assert "replaced" in labels
        assert "none" not in labels
        while (row := facets.row) is None or row.value is None or row.value.label != "replaced":
            await pilot.press("j")
        counted = row.value.secrets
        await pilot.press("enter")
        await settled(pilot)
        assert text(pilot) == "stage:replaced"
        assert 0 < listed(pilot) == counted < everything
        await pilot.press("minus")
        await settled(pilot)
        assert text(pilot) == "-stage:replaced"
        assert listed(pilot) == everything - counted
        await pilot.press("escape", "escape")
        await settled(pilot)
        assert not facets.display
        assert (text(pilot), listed(pilot)) == ("", everything)

    drive(index, "rotation", told, size=size)


def test_facets_do_not_count_what_is_not_to_be_rotated(index: Path, key: Key) -> None:
    """Nothing of it is listed."""
    with closing(create_or_open(index, key)) as database:
        secrets = database.execute("SELECT lower(hex(fingerprint)) FROM secret LIMIT 7").fetchall()
        Triage(database, key).decide_all([(secret, Decision("test")) for (secret,) in secrets])

    async def told(pilot: Pilot[Any]) -> None:
        assert listed(pilot) == SECRETS - 7
        await pilot.press("backslash")
        await settled(pilot)
        facets = pilot.app.screen.query_one(FacetList)
        for field in ("sev", "stage"):
            counted = [one.value for one in facets.pages.here() if one.field == field and one.value]
            assert sum(one.secrets for one in counted) == SECRETS - 7, field
            assert "none" not in [one.label for one in counted]

    drive(index, "rotation", told)


def test_the_query_completes_and_keeps_the_rows_where_it_is_wrong(index: Path) -> None:
    """With a caret; Escape puts back what holds."""

    async def told(pilot: Pilot[Any]) -> None:
        await pilot.press("slash", *"stage:ver")
        await settled(pilot)
        await pilot.press("tab")
        assert text(pilot) == "stage:verified"
        await pilot.press("backspace", "enter")
        await settled(pilot)
        assert listed(pilot) == SECRETS
        assert grid(pilot)[2].index("^") == grid(pilot)[1].index("verifie")
        await pilot.press("escape")
        assert text(pilot) == ""

    drive(index, "rotation", told)


def test_places_can_be_asked_for_too(told: Told) -> None:
    """All that Triage can ask for."""

    async def look(pilot: Pilot[Any]) -> None:
        for query, count in {
            "path:deploy": 2, "path:deploy status:removed": 1, "rule:github": 62,
        }.items():  # fmt: skip
            pilot.app.screen.enter(query)  # type: ignore[attr-defined]
            await settled(pilot)
            assert listed(pilot) == count, query

    drive(told.index, "rotation", look)


def test_a_query_saved_on_one_screen_is_there_on_the_other_and_for_commands(told: Told) -> None:
    """Under the name that it was given; dropped, it is gone, but not before that was asked."""

    async def look(pilot: Pilot[Any]) -> None:
        pilot.app.screen.enter("path:deploy")  # type: ignore[attr-defined]
        await settled(pilot)
        await pilot.press("Q", "s")
        dialog = await comes(pilot, AskText)
        dialog.query_one(Input).value = "no name"
        await pilot.press("enter")
        await until(pilot, lambda: "that is no name" in said(pilot))
        await pilot.press("Q")
        await comes(pilot, Pick)
        await pilot.press("s")
        dialog = await comes(pilot, AskText)
        dialog.query_one(Input).value = "deployed"
        await pilot.press("enter")
        await until(pilot, lambda: "saved deployed" in said(pilot))
        assert "@deployed  path:deploy" in forensics("query", "list", "--index", told.index).out
        await pilot.press("3")
        await settled(pilot)
        await pilot.press("Q")
        dialog = await comes(pilot, Pick)
        assert dialog.query_one(OptionList).option_count == 1
        assert any("deployed  path:deploy" in line for line in grid(pilot))
        await pilot.press("enter")
        await settled(pilot)
        assert (text(pilot), listed(pilot)) == ("path:deploy", 2)
        await pilot.press("Q")
        await comes(pilot, Pick)
        await pilot.press("d")
        await until(pilot, lambda: any("Drop deployed?" in line for line in grid(pilot)))
        await pilot.press("enter")
        await settled(pilot)
        assert "deployed" in forensics("query", "list", "--index", told.index).out
        await pilot.press("Q")
        await comes(pilot, Pick)
        await pilot.press("d")
        await until(pilot, lambda: any("Drop deployed?" in line for line in grid(pilot)))
        await pilot.press("j", "enter")
        await until(pilot, lambda: "dropped deployed" in said(pilot))

    drive(told.index, "triage", look)
    assert "no query is saved" in forensics("query", "list", "--index", told.index).err


def test_an_empty_query_is_not_saved(told: Told) -> None:
    """Which is said before anybody is asked for a name."""

    async def look(pilot: Pilot[Any]) -> None:
        await pilot.press("Q")
        await comes(pilot, Pick)
        await pilot.press("s")
        await until(pilot, lambda: "not saved: the query is empty" in said(pilot))
        assert isinstance(pilot.app.screen, Queried)

    drive(told.index, "triage", look)


def test_what_is_new_since_the_last_visit(told: Told) -> None:
    """Everything on the first one, nothing on one right after it; on the command line too."""

    def listing(count: int) -> Any:
        async def look(pilot: Pilot[Any]) -> None:
            pilot.app.screen.enter("new:visit")  # type: ignore[attr-defined]
            await settled(pilot)
            assert listed(pilot) == count

        return look

    def found() -> list[dict[str, Any]]:
        return forensics("findings", "-f", "jsonl", "-q", "new:visit", "--index", told.index).lines

    assert found()
    drive(told.index, "triage", listing(62))
    assert not found()
    drive(told.index, "triage", listing(0))
    drive(told.index, "rotation", listing(0))


def test_every_figure_leads_to_a_query_that_can_be_read() -> None:
    """On the screens that take one."""
    from forensics.index.overview import News, OverdueRow

    figures = [
        *news_lines(News(3, "new:#1", 1, "kind:scan-finished", 2, "kind:triaged")),
        *overdue_lines([OverdueRow("ab" * 32, "x", "Ada", 5)], 10**6),
        *stage_lines({"detected": 3, "": 1}, {}),
    ]
    links = [link for one in figures for _, link in one.values if link is not None]
    queries = [one.query for one in links if one.mode in ("triage", "rotation")]
    assert len(queries) >= 8
    for query in queries:
        parse(query)
