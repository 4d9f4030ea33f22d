"""Triage: a query, the secrets that fit, the selected one, decisions about them."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container

from forensics.errors import ForensicsError
from forensics.index.browse.order import Order
from forensics.index.browse.rows import SecretRow
from forensics.index.database import Connection
from forensics.query.lexer import quoted
from forensics.query.parse import parse
from forensics.query.tree import Query
from tui.asking import Superseded
from tui.browsing import Browsers
from tui.dialogs import AskText
from tui.facet_list import FacetList
from tui.later import later
from tui.page import retried
from tui.picking import Pick
from tui.query_line import QueryLine
from tui.screens.triage.columns import SORTED_BY, columns
from tui.screens.triage.detail import Detail
from tui.screens.triage.detail_lines import Highlighted
from tui.screens.triage.editing import remove_left_copies
from tui.screens.triage.highlighting import highlighted
from tui.screens.triage.listing import Listing
from tui.screens.triage.looking import LookingUp
from tui.screens.triage.reading import SecretFacts, excerpt, secret_facts
from tui.table.table import Table
from tui.typeahead import ASKS

__all__ = ["TriageScreen"]

_FACETS = ("rule", "state", "sev", "repo", "env", "path", "author", "owner")
_SETTLED = 0.05
"""Seconds for which the cursor rests before the detail is read."""


class TriageScreen(Listing, LookingUp):
    """The heart of the interface."""

    mode = "triage"
    hints = "a real  f false  w accept  c note  r rotate  u unset  z undo  V reveal  ? keys"
    read_only_hints = "/ query  o file masked  y Y copy  n N match  p + view  ? keys"
    DEFAULT_CSS = """
    TriageScreen #work { layout: vertical; layers: below over; height: 1fr; }
    TriageScreen #secrets { height: 1fr; }
    TriageScreen #detail { height: 6; }
    TriageScreen.-middle #work, TriageScreen.-wide #work { layout: horizontal; }
    TriageScreen.-middle #secrets, TriageScreen.-wide #secrets { width: 1fr; height: 100%; }
    TriageScreen.-middle #detail { width: 46%; height: 100%; border-left: solid $border; }
    TriageScreen.-wide #detail { width: 36%; height: 100%; border-left: solid $border; }
    TriageScreen.-wide #facets {
        display: block; layer: default; dock: none; width: 32; height: 100%;
        border-right: solid $border; background: $background;
    }
    TriageScreen.-wide.-no-facets #facets { display: none; }
    TriageScreen.-plain #detail { display: none; }
    TriageScreen.-zoomed #secrets, TriageScreen.-zoomed #facets { display: none; }
    TriageScreen.-zoomed #detail { width: 1fr; height: 1fr; display: block; border-left: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "query", "Query", id="triage.query"),
        Binding("escape", "back", "Back", show=False, id="triage.back"),
        Binding("backslash", "facets", "Facets", id="triage.facets"),
        Binding("s", "sort", "Sort", id="triage.sort"),
        Binding("n", "match(1)", "Next match of the quoted text", id="triage.next-match"),
        Binding("N", "match(-1)", "Previous match", id="triage.previous-match"),
        Binding("p", "preview", "Show or hide the detail", id="triage.preview"),
        Binding("plus", "zoom", "Only the detail, or not", id="triage.zoom"),
        Binding("Q", "saved", "Saved queries", id="triage.saved"),
        Binding("f5,ctrl+r", "reload", "Read again", id="triage.reload"),
    ]

    def compose_body(self) -> ComposeResult:
        """Query; facets, list and detail."""
        yield QueryLine()
        with Container(id="work"):
            yield FacetList(_FACETS)
            yield Table(columns(self.opened.now), name="secrets")
            yield Detail()

    def on_mount(self) -> None:
        """List what was listed last."""
        self.browsers = Browsers(self.opened.now, lambda: self.visit.known)
        self.table.focus()
        self._begin()
        self.run_worker(later(asyncio.to_thread, remove_left_copies), group="triage-left")

    @work(group="triage-begin")
    async def _begin(self) -> None:
        """List what was listed last, unless somebody came with a query."""
        with suppress(Superseded, ForensicsError):  # which the list says, too
            await self.visit.begin()
        self._order = self._kept.order()
        await self.begin()

    def on_unmount(self) -> None:
        """Let go of repositories."""
        if "at_hand" in self.__dict__:
            self.at_hand.close()

    @property
    def facets_beside(self) -> bool:
        """Where it is wide."""
        return self.has_class("-wide")

    @property
    def table(self) -> Table[SecretRow]:
        """The list."""
        return self.query_one("#secrets", Table)

    @property
    def detail(self) -> Detail:
        """What is shown of the current secret."""
        return self.query_one(Detail)

    # What is shown of it

    def on_table_cursor_moved(self, event: Table.CursorMoved) -> None:
        """Tell of the current secret."""
        if event.table is self.table and event.row is not None:
            self._read_detail(event.row.fingerprint)

    def reread_detail(self) -> None:
        """Something about it has changed."""
        row = self.table.row
        if row is not None:
            self._read_detail(row.fingerprint)

    @work(group="triage-detail", exclusive=True)
    async def _read_detail(self, secret: str) -> None:
        await asyncio.sleep(_SETTLED)
        now, opened, detail = self.opened.now(), self.opened, self.detail
        try:
            facts = await opened.asking.ask(
                "triage detail", lambda index: secret_facts(index, secret, now)
            )
            if facts is None:
                detail.say(f"#{secret[:8]} {self.placeless}")
                return
            detail.tell(facts, now)
            shown = await opened.looking.ask(
                "triage context", lambda index: self._around(index, facts, secret)
            )
        except Superseded:
            return
        except ForensicsError as error:
            detail.say(retried(error, between="\n"))
            return
        if shown is not None and detail.secret == secret:
            detail.show_context(shown)

    def _around(self, index: Connection, facts: SecretFacts, secret: str) -> Highlighted | None:
        if not facts.places:
            return None
        place = facts.places[0]
        found = excerpt(index, self.at_hand, place, secret)
        if found is None:
            return None
        lines = highlighted(found.lines, place.path, dark=self.app.current_theme.dark)
        return Highlighted(place, found.line, found.first, tuple(lines), found.marked)

    # Keys

    def action_back(self) -> None:
        """One step back: what is being read is given up; then from the query, facets or detail to
        the list; a range, zoom, marks, and then the query are given up."""
        if self.gives_up():
            return
        if self._line.field.has_focus:
            self._line.write(self._text)
        elif self.range_from is not None:
            self.range_ends()
        elif self.has_class("-zoomed"):
            self.remove_class("-zoomed")
        elif self.query_one(FacetList).has_focus or self.detail.has_focus:
            if not self.has_class("-wide"):
                self.remove_class("-facets")
        elif self.marked:
            self.marked.clear()
            self.show_marks()
        elif self._text:
            self._line.write("")
            self._submit("")
        self.table.focus()

    def action_preview(self) -> None:
        """Show the detail, or more of the list."""
        self.toggle_class("-plain")
        self.table.focus()

    def on_table_chosen(self, event: Table.Chosen) -> None:
        """Show nothing but what is known of it."""
        if event.table is self.table and not self.has_class("-zoomed"):
            self.action_zoom()

    def action_zoom(self) -> None:
        """Show nothing but the detail, or all again."""
        self.toggle_class("-zoomed")
        (self.detail if self.has_class("-zoomed") else self.table).focus()

    @work(group="triage-sort", exclusive=True, description=ASKS)
    async def action_sort(self) -> None:
        """Choose what to sort by; the same once more turns it around."""
        names = [*SORTED_BY]
        at = [*SORTED_BY.values()].index(self._order.by)
        chosen = await self.app.push_screen_wait(
            Pick("Sort by (the same once more turns it around)", names, at)
        )
        if chosen is not None:
            self._sort(names[chosen])

    def on_table_header_clicked(self, event: Table.HeaderClicked) -> None:
        """Sort by it."""
        if event.table is self.table and event.column in SORTED_BY:
            self._sort(event.column)

    def _sort(self, column: str) -> None:
        by = SORTED_BY[column]
        self._order = Order(by, by == self._order.by and not self._order.reverse)
        self._kept.keep_order(self._order)
        self._list()

    @work(group="triage-match", exclusive=True, description=ASKS)
    async def action_match(self, by: int) -> None:
        """Go to the next secret in the list that has the text; asks for one where the query has
        none."""
        texts = [one for one in self._query.terms if not one.field and not one.negated]
        wanted = self._text[texts[-1].start : texts[-1].end] if texts else self._found_by
        if not wanted:
            asked = await self.app.push_screen_wait(AskText("Find which text in the list?"))
            if not asked or not asked.strip():
                return
            wanted = self._found_by = quoted(asked.strip())
        query = Query((*self._query.terms, *parse(wanted).terms))
        order = self._order
        found = await self.asks(
            "triage match", lambda index: set(self.browsers.vector(index, query, order))
        )
        if found is None:
            return
        ids, at = self.ids, self.table.cursor
        steps = (at + by * step for step in range(1, len(ids) + 1))
        place = next((one % len(ids) for one in steps if ids[one % len(ids)] in found), None)
        if place is None:
            self.say(f"no secret listed has {wanted}")
            self._found_by = ""
        else:
            self.table.move_to(place)
