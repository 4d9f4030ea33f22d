"""The board of the Rotation screen and the list in its place: what is current and marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Static

from forensics.lifecycle.stages import STAGES
from tui.deciding import Deciding
from tui.facet_list import FacetList
from tui.query_line import QueryLine
from tui.screens.rotation.listing import (
    Group,
    Item,
    Listed,
    board_columns,
    counted,
    list_columns,
)
from tui.table.table import Table

__all__ = ["Board"]

_FACETS = ("stage", "sev", "owner", "rule", "repo", "env", "path")


class Board(Deciding):
    """A board of stages from 140 columns on, else one list."""

    DEFAULT_CSS = """
    Board #work { layout: vertical; layers: below over; }
    Board #list { height: 1fr; }
    Board #board { height: 3fr; display: none; }
    Board #board Vertical { width: 1fr; border-right: solid $border; }
    Board #board Static { height: 1; text-style: bold; color: $accent; padding: 0 1; }
    Board #board Table { height: 1fr; }
    Board #detail { height: 8; border-top: solid $border; padding: 0 1; }
    Board #detail Static { width: 100%; }
    Board.-middle #work { layout: horizontal; }
    Board.-middle #list { width: 5fr; height: 100%; }
    Board.-middle #detail {
        width: 3fr; height: 100%; border-top: none; border-left: solid $border;
    }
    Board.-middle #detail Static { width: 1fr; }
    Board.-wide #list { display: none; }
    Board.-wide #board { display: block; }
    Board.-wide #detail { height: 2fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "mark", "Mark", id="rotation.mark"),
        Binding("v", "range", "Mark from here to where v is pressed again", id="rotation.range"),
        Binding("asterisk", "all", "Mark all listed", id="rotation.all"),
        Binding("h,left", "column(-1)", "Stage to the left", show=False, id="rotation.left"),
        Binding("l,right", "column(1)", "Stage to the right", show=False, id="rotation.right"),
    ]

    def compose_body(self) -> ComposeResult:
        """Query, facets, list or board, the current secret."""
        now = self.opened.now()
        yield QueryLine()
        with Vertical(id="work"):
            yield FacetList(_FACETS)
            yield Table(list_columns(now), name="list")
            with Horizontal(id="board"):
                for stage in STAGES:
                    with Vertical():
                        yield Static(stage.upper(), id=f"title-{stage}", markup=False)
                        yield Table(board_columns(now), name=stage)
            with VerticalScroll(id="detail", can_focus=False):
                yield Static(id="told", markup=False)

    def on_mount(self) -> None:
        """Nothing is shown yet."""
        self._shown: dict[str, list[Item]] = {}
        self._marked: dict[str, None] = {}
        self._range_from = -1
        """Where a range of marks began, in the list that has the focus."""
        self._main().focus()

    def _main(self) -> Table[Item]:
        """The list, or the stage of the board that has the focus."""
        if isinstance(self.focused, Table) and self.focused.id in self._lists():
            return self.focused
        return self.query_one("#detected" if self.has_class("-wide") else "#list", Table)

    def _lists(self) -> Sequence[str]:
        """Names of the tables in which secrets stand now."""
        return STAGES if self.has_class("-wide") else ("list",)

    def _current(self) -> str:
        item = self._main().row
        return item.row.secret if isinstance(item, Listed) else ""

    def on_resize(self) -> None:
        """The board takes the place of the list, or the other way round."""
        before = self.focused
        if isinstance(before, Table) and before.id in self._lists():
            # Textual says which size it is once this is done, and draws that later.
            self.call_later(self.call_after_refresh, self._go_on, before.id, self._current())

    def _go_on(self, before: str, secret: str) -> None:
        """Go on at the same secret, wherever it stands now."""
        if before in self._lists():
            return
        for name in self._lists():
            for place, one in enumerate(self._shown.get(name, [])):
                if isinstance(one, Listed) and one.row.secret == secret:
                    table = self.query_one(f"#{name}", Table)
                    table.move_to(place)
                    table.focus()
                    return
        self.query_one("#detected" if self.has_class("-wide") else "#list", Table).focus()

    def action_column(self, by: int) -> None:
        """Go to another stage of the board."""
        if self.has_class("-wide"):
            here = self._main().id or ""
            at = STAGES.index(here) if here in STAGES else 0
            self.query_one(f"#{STAGES[(at + by) % len(STAGES)]}", Table).focus()

    def action_mark(self) -> None:
        """Mark the current secret, or take the mark away; go on to the next. In a range, end it."""
        if self._range_from >= 0:
            self.action_range()
            return
        secret, table = self._current(), self._main()
        if secret and self._marked.pop(secret, 1) is not None:
            self._marked[secret] = None
        table.action_step(1)
        self._show_marks()

    def action_range(self) -> None:
        """Begin a range of marks, or mark all from there to here."""
        table = self._main()
        if self._range_from < 0:
            self._range_from = table.cursor
            self.say("a range begins here: v or Space marks to the cursor, Esc not")
            return
        first, last = sorted((self._range_from, table.cursor))
        self._range_from = -1
        self._mark_all(self._shown.get(table.id or "", [])[first : last + 1])

    def action_all(self) -> None:
        """Mark all that is listed: on the board, of this stage."""
        self._mark_all(self._shown.get(self._main().id or "", []))

    def _mark_all(self, items: Sequence[Item]) -> None:
        self._marked.update((one.row.secret, None) for one in items if isinstance(one, Listed))
        self._show_marks()

    def _tell_stages(self) -> None:
        """Say how many are at each stage now; the rows stay where they are."""
        items = self._shown["list"]
        stages = counted(items)
        for stage in STAGES:
            title = f"{stage.upper()} {stages[stage]:,}"
            self.query_one(f"#title-{stage}", Static).update(title)
        table = self.query_one("#list", Table)
        for place, one in enumerate(items):
            if isinstance(one, Group) and one.rows != stages[one.stage]:
                items[place] = one._replace(rows=stages[one.stage])
                table.pages.replace(place, items[place])

    def _show_marks(self) -> None:
        for name, items in self._shown.items():
            places = frozenset(
                place for place, one in enumerate(items)
                if isinstance(one, Listed) and one.row.secret in self._marked
            ) if self._marked else frozenset()  # fmt: skip
            self.query_one(f"#{name}", Table).mark(places)
        self.say(f"{len(self._marked):,} marked" if self._marked else "", lasts=True)
