"""Which secrets are listed: what a query says, in an order, and how stale that is."""

from __future__ import annotations

import re
from array import array
from functools import partial

from textual import work

from forensics.errors import ForensicsError
from forensics.index.browse.facets import Facet
from forensics.index.browse.order import Order
from forensics.index.database import Connection
from forensics.query.edit import add, remove, without_texts
from forensics.query.parse import parse
from forensics.query.problem import QueryProblem
from forensics.query.tree import Query
from tui.asking import Superseded
from tui.screens.triage.browsing import First, State
from tui.screens.triage.columns import SORTED_BY
from tui.screens.triage.detail import Detail
from tui.screens.triage.facet_list import FacetList
from tui.screens.triage.kept import Kept
from tui.screens.triage.query_line import QueryLine
from tui.screens.triage.verbs import Verbs
from tui.table.pages import PAGE
from tui.table.table import Table

__all__ = ["Listing"]

_DEFAULT = Order()
_LONG = re.compile(r"[^\s:,]{8}")
"""What could be a value."""


class Listing(Verbs):
    """The part of the screen that asks what a query says."""

    _line: QueryLine
    _kept: Kept

    def __init__(self) -> None:
        super().__init__()
        self.ids: array[int] = array("q")
        self.marked: dict[int, None] = {}
        self.range_from: int | None = None
        self.own_rows = 0
        self._query, self._text = Query(), ""
        self._order = _DEFAULT
        self._state: State | None = None
        self._stale = ""
        self._total: int | None = None
        self._asked = False
        """Whether somebody came with a query, or wrote one."""
        self._complete = False
        """Whether all that fit are known, and not only the first."""
        self._found_by = ""

    @property
    def detail(self) -> Detail:
        """What is shown of the current secret."""
        raise NotImplementedError

    def action_reload(self) -> None:
        """Read what others changed; marks and the current secret stay."""
        self._list(again=True)

    # What is asked

    def enter(self, query: str) -> None:
        """Come from another screen."""
        self._asked = True
        self._line.write(query)
        self._submit(query)

    @property
    def at_rest(self) -> bool:
        """As long as nobody has marked or decided anything here."""
        return not (self.marked or self.range_from is not None or self.own_rows)

    def read_more(self) -> None:
        """List what a scan has found so far; the current secret stays."""
        self.action_reload()

    def read_anew(self) -> None:
        """A scan has changed the index."""
        self.browsers.forget()
        self.action_reload()

    def _submit(self, text: str, *, keep: bool = True) -> None:
        """List what a query says; where it cannot be read, point at why and keep the rows."""
        try:
            query = parse(text)
        except QueryProblem as problem:
            self._line.problem(problem)
            if not keep:  # what was kept is of an older version
                self._line.write("")
                self._list()
            return
        self._line.problem(None)
        self._query, self._text = query, text
        self._found_by = ""
        if keep:
            self._asked = True
            self._keep(text)
        self._list()

    @work(group="triage-keep", exclusive=True)
    async def _keep(self, text: str) -> None:
        """Keep it for the next time, unless it holds a secret."""
        left = without_texts(text)
        harmless = await self.harmless(left)
        self._kept.keep(left if harmless else "", self._order)

    async def harmless(self, text: str) -> bool:
        """Whether no secret is found in a query, so that it may be written down."""
        if not _LONG.search(text):
            return True
        key = self.opened.key

        def masked(_: Connection) -> str:
            from forensics.scan.deciding import mask_text

            return mask_text(text, key)

        try:
            return await self.opened.looking.ask("triage keep", masked) == text
        except (Superseded, ForensicsError):
            return False

    def on_query_line_submitted(self, event: QueryLine.Submitted) -> None:
        """List that."""
        self._submit(event.text)
        if self._text == event.text:
            self.table.focus()

    @work(group="triage-complete", exclusive=True)
    async def on_query_line_typed(self, event: QueryLine.Typed) -> None:
        """Offer what could be typed next."""
        more = self._kept.points()
        try:
            offered = await self.opened.asking.ask(
                "triage complete",
                lambda index: self.browsers.completions(index, event.text, event.cursor, more),
            )
        except Superseded:
            return
        if self._line.text == event.text and self._line.field.has_focus:
            self._line.offer([one for one in offered if one.text != event.text])

    def on_facet_list_edited(self, event: FacetList.Edited) -> None:
        """Have the query say so: there is one truth."""
        try:
            if event.remove:
                text = remove(self._text, event.field, event.value, negated=event.negated)
            else:
                text = add(self._text, event.field, event.value, negated=event.negated)
        except QueryProblem as problem:
            self.say(str(problem))
            return
        self._line.write(text)
        self._submit(text)

    # Listing

    @work(group="triage-list", exclusive=True)
    async def _list(self, *, again: bool = False) -> None:
        """Ask for the first rows, then for all that fit."""
        query, order, table = self._query, self._order, self.table
        table.sorted_by = next(key for key, by in SORTED_BY.items() if by == order.by)
        table.descending = order.reverse
        current = self.ids[table.cursor] if again and table.cursor < len(self.ids) else None
        self.range_from, self._complete = None, False
        self.counting()
        self.redraw_line()
        ask, browsers = self.opened.asking.ask, self.browsers
        try:
            if not again:
                first = await ask("triage", lambda index: browsers.first(index, query, order, PAGE))
                self._show_first(first)
            state = await ask("triage", browsers.state)
            ids = await ask("triage", lambda index: browsers.vector(index, query, order))
            total = await ask("triage", browsers.total)
        except Superseded:
            return
        except ForensicsError as error:
            self.detail.say(f"{error}\nF5 tries again.")
            self.count("")
            return
        self._state, self._stale, self.own_rows = state, "", 0
        self._total = total
        self._show_all(ids, current, again=again)
        self._read_facets()

    def _show_first(self, first: First) -> None:
        self.ids = array("q", first.ids)
        self.table.show(len(first.ids), first=first.rows)

    def _show_all(self, ids: array[int], current: int | None, *, again: bool) -> None:
        self._complete = True
        same = not again and self.ids == ids[: len(self.ids)]
        self.ids = ids
        if same:
            self.table.count_is(len(ids))
        else:
            at = ids.index(current) if current is not None and current in ids else 0
            self.table.show(len(ids), cursor=at)
        if self.marked:
            there = set(ids)
            self.marked = {row: None for row in self.marked if row in there}
            self.show_marks()
        self._tell_count()
        self.redraw_line()
        if not ids:
            self._say_empty()

    def _tell_count(self) -> None:
        if not self._complete:
            return
        stale = f"stale {self._stale}  " if self._stale else ""
        self.count(f"{stale}{len(self.ids):,} of {self._total or 0:,}")

    def _say_empty(self) -> None:
        if self._total:
            self.detail.say(
                f"None of {self._total:,} secrets fits the query.\nEsc clears it, / edits it."
            )
        elif self._state is not None and self._state.finished and not self.scan_runs:
            self.detail.say("No secret was found: this is clean, as far as the last scan looked.")
        else:
            self.detail.say(self.no_secret)

    @property
    def placeless(self) -> str:
        """Why a secret stands nowhere."""
        if self.scan_runs:
            return "was just found; where it stands is told once the scan is done."
        if self._state is not None and not self._state.finished:
            return "was found by a scan that did not end; S goes on with it."
        return "is in the index, but stands nowhere any more."

    def redraw_line(self) -> None:
        """Say how many filters and marks there are."""
        filters, marks = len(self._query.terms), len(self.marked)
        parts = [f"{filters} filter{'s' if filters != 1 else ''}"] if filters else []
        if marks:
            parts.append(f"{marks:,} marked")
        self._line.say("  ".join(parts))

    async def on_table_pages_wanted(self, event: Table.PagesWanted) -> None:
        """Read pages."""
        if event.table is self.table:
            for page in event.pages:
                self._read_page(page)

    @work(group="triage-pages")
    async def _read_page(self, page: int) -> None:
        ids = self.ids
        chosen = ids[page * PAGE : (page + 1) * PAGE]
        try:
            rows = await self.opened.asking.ask(
                f"triage page {page}", lambda index: self.browsers.rows(index, chosen)
            )
        except Superseded:
            return
        except ForensicsError as error:
            self.table.pages.give_up(page)
            self.say(f"{error}; F5 tries again")
            return
        if ids is self.ids or self.ids[page * PAGE : (page + 1) * PAGE] == chosen:
            self.table.put(page, rows)

    @work(group="triage-facets", exclusive=True)
    async def _read_facets(self) -> None:
        facets = self.query_one(FacetList)
        if not facets.display:
            return
        query = self._query
        facets.begin(self._text)
        for field in facets.ORDER:
            try:
                found = await self.opened.asking.ask(
                    "triage facet",
                    partial(self._facet, query, field),
                )
            except Superseded:
                return
            facets.tell(found)

    def _facet(self, query: Query, field: str, index: Connection) -> Facet:
        return self.browsers.facet(index, query, field)

    # Others

    @work(group="triage-poll", exclusive=True)
    async def _poll(self) -> None:
        """See whether somebody else has changed anything."""
        before = self._state
        if before is None or not self.is_current or self.scan_runs:
            return  # what a scan writes is no change by somebody else
        try:
            now = await self.opened.asking.ask("triage poll", self.browsers.state)
        except (Superseded, ForensicsError):
            return
        if before is not self._state:
            return
        theirs = now.journal - before.journal - self.own_rows
        if theirs > 0:
            self._stale = f"+{theirs:,}"
            self._tell_count()
