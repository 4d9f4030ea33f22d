"""The lists of the Rotation screen: read, filtered, marked, told of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from rich.text import Text
from textual import work
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from forensics.errors import ForensicsError
from forensics.index.browse.names import Known
from forensics.index.browse.order import Order
from forensics.index.database import Connection
from forensics.index.lives import Lives
from forensics.index.overview import point_of
from forensics.lifecycle.case import slots
from forensics.lifecycle.stages import STAGES, RotationRow, rotation_rows
from forensics.report.story import story_lines
from forensics.report.text import printable, shortened
from tui.asking import Superseded
from tui.browsing import Browsers
from tui.facet_list import FacetList
from tui.page import retried
from tui.pager import Pager
from tui.screens.rotation.board import Board
from tui.screens.rotation.detail import detail_lines
from tui.screens.rotation.listing import (
    Group,
    Item,
    Listed,
    grouped,
)
from tui.table.pages import PAGE
from tui.table.table import Table
from tui.typeahead import LISTS

__all__ = ["Lists"]

_LONGEST, _OF_STORY = 300, 2000
"""Characters of one line of the detail, and of the story."""
_MEANING = {
    "detected": "nobody takes care of these yet: a assigns",
    "assigned": "somebody takes care of these",
    "replaced": "another value stands in every place: revoke the old one, then x",
    "revoked": "said to be revoked, but it still stands somewhere, or was not looked for by value",
    "verified": "revoked, and found nowhere where people work",
}


class Lists(Board):
    """Reads, lists what is wanted, and tells of the current secret."""

    implied = "-stage:none"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "query", "Query", id="rotation.query"),
        Binding("backslash", "facets", "Facets", id="rotation.facets"),
        Binding("Q", "saved", "Saved queries", id="rotation.saved"),
        Binding("escape", "back", "Back, clear", show=False, id="rotation.back"),
        Binding("f5", "reload", "Read again", id="rotation.reload"),
    ]

    def on_mount(self) -> None:
        """Read everything."""
        self.browsers = Browsers(self.opened.now, self._known)
        self._rows: list[RotationRow] = []
        self._loading = True
        self._seen_decisions = 0
        self._ask_first()
        self._load()

    def _known(self) -> Known:
        """What stages are: those of the rows that are listed."""
        return self.visit.known._replace(
            stages_of=lambda _connection, _now: {one.id: one.stage for one in self._rows}
        )

    @work(group="rotation-begin")
    async def _ask_first(self) -> None:
        await self.begin()

    def list_again(self) -> None:
        """List what the query says."""
        self._list()

    def focus_list(self) -> None:
        """Go to the list, or the first stage."""
        self._main_list().focus()

    @work(group="rotation", exclusive=True)
    async def _load(self) -> None:
        self._loading = True
        self.counting()
        now, known = self.opened.now(), self.opened.own.decisions
        try:
            journal, self._rows = await self.opened.asking.ask(
                "rotation", lambda index: (point_of(index).journal, rotation_rows(index, now))
            )
        except Superseded:
            return
        except ForensicsError as error:
            self._fails(error)
            return
        self._loading = False
        self.is_of(journal)
        self._seen_decisions = known
        self.restyle()
        self._list()

    @work(group="rotation-list", exclusive=True, description=LISTS)
    async def _list(self) -> None:
        """List those of the rows that are wanted."""
        rows, query = self._rows, self._query

        def arranged(index: Connection) -> dict[str, list[Item]]:
            if not query.terms:
                return _arranged(rows)
            fitting = {*self.browsers.vector(index, query, Order())}
            return _arranged([row for row in rows if row.id in fitting])

        try:
            shown = await self.opened.asking.ask("rotation list", arranged)
        except Superseded:
            return
        except ForensicsError as error:
            self._fails(error)
            return
        keep = self._current()
        self._shown = shown
        self._range_from = -1
        for name, items in shown.items():
            table = self.query_one(f"#{name}", Table)
            table.show(len(items), cursor=_place(items, keep))
        if self._marked:
            there = {one.row.secret for one in shown["list"] if isinstance(one, Listed)}
            self._marked = {secret: None for secret in self._marked if secret in there}
            self._show_marks()
        self._tell_stages()
        listed = sum(len(shown[stage]) for stage in STAGES)
        if not self._loading:
            self.count(f"{listed:,} of {len(rows):,}")
        if not listed and not self._loading:
            self._empty(filtered=bool(query.terms))
        self.read_facets()

    def _fails(self, error: ForensicsError) -> None:
        self.count("not read")
        self._tell(retried(error, between="\n").splitlines())

    def _empty(self, *, filtered: bool) -> None:
        if filtered:
            self._tell(["No secret fits; Esc clears the query."])
        elif self._rows:
            self._tell(["Nothing is to be rotated: every secret was triaged away or is ignored."])
        else:
            runs = self.scan_runs
            self._tell(["Stages are told once the scan is done." if runs else self.no_secret])

    def on_table_pages_wanted(self, event: Table.PagesWanted) -> None:
        """Give pages: they are at hand, but for slots."""
        if event.table.id not in ("list", *STAGES):
            return
        items = self._shown.get(event.table.id, [])
        for page in event.pages:
            event.table.put(page, items[page * PAGE : (page + 1) * PAGE])
            self._read_slots(event.table, items, page)

    @work(group="rotation-slots")
    async def _read_slots(self, table: Table[Item], items: list[Item], page: int) -> None:
        places = range(page * PAGE, min((page + 1) * PAGE, len(items)))
        lacking = {
            one.row.secret: place for place in places
            if isinstance(one := items[place], Listed) and one.slot is None
        }  # fmt: skip
        if not lacking:
            return
        try:
            found = await self.opened.asking.ask(
                f"rotation {table.id} {page}", lambda index: slots(Lives(index), [*lacking])
            )
        except (Superseded, ForensicsError):
            return
        for secret, place in lacking.items():
            item = items[place]  # it may have been decided about meanwhile
            if isinstance(item, Listed):
                items[place] = item._replace(slot=found.get(secret, ""))
        if self._shown.get(table.id or "") is items:
            table.put(page, items[places.start : places.stop])

    def on_table_cursor_moved(self, event: Table.CursorMoved) -> None:
        """Tell of the current row."""
        if event.table is self._main():
            self._tell_of(event.row)

    def on_descendant_focus(self) -> None:
        """Another stage of the board: tell of its current row."""
        if isinstance(self.focused, Table):
            self._range_from = -1
            self._tell_of(self.focused.row)

    def _tell_of(self, item: Item | None) -> None:
        if isinstance(item, Group):
            self._tell([f"{item.stage.upper()}  {item.rows:,}", _MEANING[item.stage]])
        elif isinstance(item, Listed):
            self._read(item.row.secret)

    @work(group="rotation-detail", exclusive=True)
    async def _read(self, secret: str) -> None:
        now = self.opened.now()
        try:
            lines = await self.opened.asking.ask(
                "rotation detail", lambda index: detail_lines(index, secret, now)
            )
        except Superseded:
            return
        except ForensicsError as error:
            lines = [str(error)]
        self._tell(lines)

    def _tell(self, lines: Sequence[str]) -> None:
        told = "\n".join(printable(shortened(one, _LONGEST)) for one in lines)
        self.query_one("#told", Static).update(told)
        self.query_one("#detail", VerticalScroll).scroll_home(animate=False)

    def _main_list(self) -> Table[Any]:
        return self.query_one("#detected" if self.has_class("-wide") else "#list", Table)

    def action_back(self) -> None:
        """From query or facets to the list; there, give up a range, marks, then the query."""
        if self._line.field.has_focus:
            self._line.write(self._text)
        elif self.query_one(FacetList).has_focus:
            self.remove_class("-facets")
        elif self._range_from >= 0:
            self._range_from = -1
            self._show_marks()
        elif self._marked:
            self._marked.clear()
            self._show_marks()
        elif self._text:
            self._line.write("")
            self._submit("")
            return
        self._main_list().focus()

    def enter(self, query: str) -> None:
        """List what somebody wants to look at."""
        super().enter(query)
        self.focus_list()

    def action_reload(self) -> None:
        """Read what others changed."""
        self._load()

    def read_anew(self) -> None:
        """Read what a scan found."""
        self._load()

    @work(group="rotation-story", exclusive=True)
    async def on_table_chosen(self, event: Table.Chosen) -> None:
        """Show the whole story of a secret."""
        if isinstance(event.row, Listed):
            secret, key = event.row.row.secret, self.opened.key
            try:
                lines = await self.opened.asking.ask(
                    "rotation story",
                    lambda index: [
                        Text(printable(shortened(one, _OF_STORY)))
                        for one in story_lines(index, key, secret)
                    ],
                )
            except Superseded:
                return
            except ForensicsError as error:
                self.say(retried(error, "Enter"))
                return
            self.app.push_screen(Pager(f"#{secret[:8]}", lines))


def _arranged(rows: Sequence[RotationRow]) -> dict[str, list[Item]]:
    """Rows for the list and for each stage of the board."""
    stages = grouped(rows)
    items: list[Item] = []
    for stage, listed in stages.items():
        if listed:
            items += [Group(stage, len(listed)), *listed]
    return {"list": items, **{stage: [*listed] for stage, listed in stages.items()}}


def _place(items: Sequence[Item], secret: str) -> int:
    """Where a secret is listed, or the first one."""
    for place, one in enumerate(items):
        if isinstance(one, Listed) and one.row.secret == secret:
            return place
    return next((place for place, one in enumerate(items) if isinstance(one, Listed)), 0)
