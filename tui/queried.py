"""What screens share whose list is what a query says: the line, its facets, saved queries."""

from __future__ import annotations

import re
from functools import partial
from typing import ClassVar

from textual import work

from forensics.errors import ForensicsError, UsageProblem
from forensics.index.browse.facets import Facet
from forensics.index.database import Connection
from forensics.query.edit import add, remove, wants, without_texts
from forensics.query.parse import parse
from forensics.query.problem import QueryProblem
from forensics.query.tree import Query
from tui.asking import Superseded
from tui.browsing import Browsers
from tui.columned import Columned
from tui.dialogs import AskText
from tui.facet_list import FacetList
from tui.kept import Kept
from tui.picking import Pick
from tui.query_line import QueryLine
from tui.typeahead import ASKS

__all__ = ["Queried"]

_LONG = re.compile(r"[^\s:,]{8}")
"""What could be a value."""
_KEEP_OR_DROP = ("keep it", "drop it")


class Queried(Columned):
    """A screen with a query above a list."""

    DEFAULT_CSS = """
    Queried #facets { display: none; }
    Queried.-facets #facets {
        display: block; layer: over; dock: left; width: 40; height: 100%;
        border-right: solid $primary; background: $surface;
    }
    """
    implied: ClassVar[str] = ""
    """What the query says besides, on this screen."""
    browsers: Browsers

    def __init__(self) -> None:
        super().__init__()
        self._query, self._text = Query(), ""
        self._asked = False
        """Whether somebody came with a query, or wrote one."""
        self._facets_due = False
        """Whether they are to be counted as soon as they are in view."""

    @property
    def _kept(self) -> Kept:
        return Kept(self.visit, self.mode)

    @property
    def _line(self) -> QueryLine:
        return self.query_one(QueryLine)

    def list_again(self) -> None:
        """List what the query says."""
        raise NotImplementedError

    def focus_list(self) -> None:
        """Go from the query to what it leaves."""
        raise NotImplementedError

    def enter(self, query: str) -> None:
        """Come from another screen."""
        self._asked = True
        self._line.write(query)
        self._submit(query)

    async def begin(self) -> None:
        """Ask what was asked last, unless somebody came with a query or writes one."""
        await self.begin_columns()
        if not self._asked and not self._line.text:
            self._line.write(self._kept.query())
            self._submit(self._kept.query(), keep=False)

    def _submit(self, text: str, *, keep: bool = True) -> None:
        """List what a query says; where it cannot be read, point at why and keep the rows."""
        try:
            query = parse(text)
        except QueryProblem as problem:
            self._line.problem(problem)
            if not keep:  # what was kept is of an older version
                self._line.write("")
                self.list_again()
            return
        self._line.problem(None)
        self._query, self._text = query, text
        self.count_filters()
        if keep:
            self._asked = True
            self._keep(text)
        self.asks_anew()
        self.list_again()

    @work(group="keep", exclusive=True)
    async def _keep(self, text: str) -> None:
        """Keep it for the next time, without texts, unless it holds a secret."""
        left = without_texts(text)
        self._kept.keep_query(left if await self._harmless(left) else "")

    async def _harmless(self, text: str) -> bool:
        """Whether no secret is found in a query, so that it may be written down."""
        if not _LONG.search(text):
            return True
        key = self.opened.key

        def masked(connection: Connection) -> str:
            from forensics.scan.texts import Texts

            return Texts(key, connection).masked(text)

        try:
            return await self.opened.looking.ask(f"{self.mode} keep", masked) == text
        except (Superseded, ForensicsError):
            return False

    def asks_anew(self) -> None:
        """Another query is asked."""

    def count_filters(self, more: str = "") -> None:
        """Say how many filters there are, and more."""
        filters = len(self._query.terms)
        parts = [f"{filters} filter{'s' if filters != 1 else ''}"] if filters else []
        self._line.say("  ".join([*parts, more] if more else parts))

    def on_query_line_submitted(self, event: QueryLine.Submitted) -> None:
        """List that."""
        self._submit(event.text)
        if self._text == event.text:
            self.focus_list()

    @work(group="complete", exclusive=True)
    async def on_query_line_typed(self, event: QueryLine.Typed) -> None:
        """Offer what could be typed next."""
        try:
            offered = await self.opened.asking.ask(
                f"{self.mode} complete",
                lambda index: self.browsers.completions(index, event.text, event.cursor),
            )
        except (Superseded, ForensicsError):
            return
        if self._line.text == event.text and self._line.field.has_focus:
            self._line.offer([one for one in offered if one.text != event.text])

    def action_query(self) -> None:
        """Write a query, or more of it."""
        text = self._line.text
        if text and not text.endswith(" "):
            self._line.write(f"{text} ")
        self._line.field.focus()

    # Facets

    @property
    def facets_beside(self) -> bool:
        """Whether facets stand beside the list unless they are hidden."""
        return False

    def action_facets(self) -> None:
        """Show facets, or hide them: over the list and beside it are two choices."""
        self._facets_due = True
        name = "-no-facets" if self.facets_beside else "-facets"
        self.toggle_class(name)
        if self.has_class(name) is self.facets_beside:
            self.focus_list()
        else:
            self.call_after_refresh(self.query_one(FacetList).focus)

    def on_facet_list_shown(self) -> None:
        """Count what was listed while they were out of view."""
        if self._facets_due:
            self.read_facets()

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

    @work(group="facets", exclusive=True)
    async def read_facets(self) -> None:
        """Count, field by field, what is shown of them."""
        facets = self.query_one(FacetList)
        self._facets_due = not facets.display
        if self._facets_due:
            return
        query = Query((*self._query.terms, *parse(self.implied).terms))
        facets.begin(self._text)
        for field in facets.fields:
            try:
                found = await self.opened.asking.ask(
                    f"{self.mode} facet", partial(self._facet, query, field)
                )
            except (Superseded, ForensicsError):
                return
            facets.tell(found)

    def _facet(self, query: Query, field: str, index: Connection) -> Facet:
        """Values that the screen leaves out in any case would list nothing."""
        found = self.browsers.facet(index, query, field)
        if not parse(self.implied).names(field):
            return found
        left = (one for one in found.values if wants(self.implied, field, one.value) is not False)
        return found._replace(values=tuple(left))

    # Saved queries

    @work(group="saved", exclusive=True, description=ASKS)
    async def action_saved(self) -> None:
        """Choose a saved query, save this one under a name, or drop one."""
        saved = self._kept.saved.all()
        names = [*saved]
        lines = [f"{name}  {text}" for name, text in saved.items()]
        keys = (("s", "save this one"), ("d", "drop"))
        pick = Pick("Saved queries", lines, keys=keys)
        chosen = await self.app.push_screen_wait(pick)
        if chosen is None:
            return
        if chosen < len(names):
            self._line.write(saved[names[chosen]])
            self._submit(saved[names[chosen]])
        elif chosen == len(names):
            await self._save()
        elif pick.at is not None:
            await self._drop(names[pick.at], saved[names[pick.at]])

    async def _drop(self, name: str, text: str) -> None:
        """Forget a saved query, which nothing brings back."""
        if not await self.app.push_screen_wait(Pick(f"Drop {name}? {text}", _KEEP_OR_DROP)):
            return
        try:
            self._kept.saved.drop(name)
        except UsageProblem as problem:
            self.say(str(problem))
        else:
            self.say(f"dropped {name}")

    async def _save(self) -> None:
        text = self._text
        if not text.strip():
            self.say("not saved: the query is empty; / writes one")
            return
        if not await self._harmless(text):
            self.say("not saved: there is a secret in it")
            return
        name = await self.app.push_screen_wait(AskText(f"Save under which name? {text}"))
        if not name or not name.strip():
            return
        try:
            self._kept.saved.save(name.strip(), text)
        except UsageProblem as problem:
            self.say(str(problem))
        else:
            self.say(f"saved {name.strip()}: {text}")
