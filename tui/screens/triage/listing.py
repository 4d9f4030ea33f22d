"""Which secrets are listed: what a query says, in an order, and how stale that is."""

from __future__ import annotations

from array import array

from textual import work

from forensics.errors import ForensicsError
from forensics.index.browse.order import Order
from tui.asking import Superseded
from tui.browsing import First, State
from tui.page import retried
from tui.screens.triage.columns import SORTED_BY
from tui.screens.triage.detail import Detail
from tui.screens.triage.verbs import Verbs
from tui.table.pages import PAGE
from tui.table.table import Table
from tui.typeahead import LISTS, asked

__all__ = ["Listing"]

_DEFAULT = Order()


class Listing(Verbs):
    """The part of the screen that asks what a query says."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: array[int] = array("q")
        self.marked: dict[int, None] = {}
        self.range_from: int | None = None
        self.seen_decisions = 0
        self._order = _DEFAULT
        self._state: State | None = None
        self._total: int | None = None
        self.complete = False
        """Whether all that fit are known, and not only the first."""
        self._found_by = ""

    @property
    def detail(self) -> Detail:
        """What is shown of the current secret."""
        raise NotImplementedError

    def action_reload(self) -> None:
        """Read what others changed; marks, a range and the current secret stay."""
        self._list(again=True)

    @property
    def at_rest(self) -> bool:
        """As long as nobody has marked or decided anything here."""
        return not (self.marked or self.range_from is not None or self.seen_decisions)

    def read_more(self) -> None:
        """List what a scan has found so far; the current secret stays."""
        self.action_reload()

    def read_anew(self) -> None:
        """A scan has changed the index."""
        self.browsers.forget()
        self.action_reload()

    def asks_anew(self) -> None:
        """What was looked for in the list before is not any more."""
        self._found_by = ""

    def list_again(self) -> None:
        """List what the query says."""
        self._list()

    def focus_list(self) -> None:
        """Go to the list."""
        self.table.focus()

    # Listing

    @work(group="triage-list", exclusive=True, description=LISTS)
    async def _list(self, *, again: bool = False) -> None:
        """Ask for the first rows, then for all that fit."""
        if again:
            asked()
        query, order, table = self._query, self._order, self.table
        table.sorted_by = next(key for key, by in SORTED_BY.items() if by == order.by)
        table.descending = order.reverse
        self.complete = False
        if not again:
            self.range_ends()
        self.counting()
        self.redraw_line()
        ask, browsers = self.opened.asking.ask, self.browsers
        known = self.opened.own.decisions
        try:
            if not again:
                first = await ask("triage", lambda index: browsers.first(index, query, order, PAGE))
                self._show_first(first)
                await self.drawn()
            state = await ask("triage", browsers.state)
            ids = await ask("triage", lambda index: browsers.vector(index, query, order))
            total = await ask("triage", browsers.total)
        except Superseded:
            return
        except ForensicsError as error:
            self.detail.say(retried(error, between="\n"))
            self.count("not read")
            return
        self._state, self._total = state, total
        self.is_of(state.journal)
        self.seen_decisions = known
        self._show_all(ids, again=again)
        self.restyle()
        self.read_facets()

    def _show_first(self, first: First) -> None:
        self.ids = array("q", first.ids)
        self.table.show(len(first.ids), first=first.rows)

    def _show_all(self, ids: array[int], *, again: bool) -> None:
        """Show all that fit; a row that somebody chose stays the current one."""
        self.complete, cursor = True, self.table.cursor
        current = self.ids[cursor] if (again or cursor) and cursor < len(self.ids) else None
        same = not again and self.ids == ids[: len(self.ids)]
        before, self.ids = self.ids, ids
        if same:
            self.table.count_is(len(ids))
        else:
            at = ids.index(current) if current is not None and current in ids else 0
            self.table.show(len(ids), cursor=at)
        self._move_range(before)
        if self.marked:
            there = set(ids)
            self.marked = {row: None for row in self.marked if row in there}
            self.show_marks()
        self._tell_count()
        self.redraw_line()
        if not ids:
            self._say_empty()

    def _move_range(self, before: array[int]) -> None:
        """Have a range go on from the secret that it began at, wherever that is listed now."""
        if self.range_from is None:
            return
        began = before[self.range_from] if self.range_from < len(before) else None
        if began is not None and began in self.ids:
            self.range_begins(self.ids.index(began))
        else:
            self.range_ends()
            self.say("the range is given up: the secret that it began at is not listed any more")

    def _tell_count(self) -> None:
        if not self.complete:
            return
        self.count(f"{len(self.ids):,} of {self._total or 0:,}")

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
        self.count_filters(f"{len(self.marked):,} marked" if self.marked else "")

    async def on_table_pages_wanted(self, event: Table.PagesWanted) -> None:
        """Read pages."""
        if event.table is self.table:
            for page in event.pages:
                self._read_page(page)

    @work(group="triage-pages")
    async def _read_page(self, page: int) -> None:
        ids, known = self.ids, self.opened.own.decisions
        chosen = ids[page * PAGE : (page + 1) * PAGE]
        try:
            rows = await self.opened.asking.ask(
                f"triage page {page}", lambda index: self.browsers.rows(index, chosen)
            )
        except Superseded:
            return
        except ForensicsError as error:
            self.table.pages.give_up(page)
            self.say(retried(error), lasts=True)
            return
        if ids is self.ids or self.ids[page * PAGE : (page + 1) * PAGE] == chosen:
            fresh = self.decided_since(known)
            self.table.put(page, [row and fresh(row) for row in rows])
