"""The table widget: a million rows cost as much as those on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message

from tui.table.drawing import GAP, HEADER, MARK_WIDTH, Drawn

__all__ = ["Table"]

Row = TypeVar("Row")


class Table(Drawn[Row], can_focus=True):
    """Rows under a header, with a cursor and marks.

    It holds no data source. What it lacks it asks for with `PagesWanted`; `put` gives it. A mark
    before a row says `>` for the cursor and `*` for a marked row, so that neither needs a colour.
    """

    DEFAULT_CSS = """
    Table { background: $background; overflow-x: hidden; scrollbar-gutter: stable; }
    Table > .table--header { color: $text-muted; text-style: bold; }
    Table > .table--cursor { background: $primary 35%; text-style: bold; }
    Table > .table--marked { color: $accent; }
    Table > .table--waiting, Table > .table--muted { color: $text-muted; }
    Table > .table--good { color: $success; }
    Table > .table--warning { color: $warning; }
    Table > .table--error { color: $error; }
    Table > .table--accent { color: $accent; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "step(1)", "Next row", show=False, id="table.down"),
        Binding("k,up", "step(-1)", "Previous row", show=False, id="table.up"),
        Binding("g,home", "first", "First row", show=False, id="table.first"),
        Binding("G,end", "last", "Last row", show=False, id="table.last"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="table.page-down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="table.page-up"),
        Binding("enter", "choose", "Open", show=False, id="table.open"),
    ]

    class PagesWanted(Message):
        """Rows are to be shown that are not here."""

        def __init__(self, table: Table[Any], pages: Sequence[int]) -> None:
            super().__init__()
            self.table, self.pages = table, pages

    class CursorMoved(Message):
        """Another row is the current one, or it has come."""

        def __init__(self, table: Table[Any], index: int, row: Any) -> None:
            super().__init__()
            self.table, self.index, self.row = table, index, row

    class Chosen(Message):
        """Somebody wants to see more of a row."""

        def __init__(self, table: Table[Any], index: int, row: Any) -> None:
            super().__init__()
            self.table, self.index, self.row = table, index, row

    class HeaderClicked(Message):
        """A column was clicked."""

        def __init__(self, table: Table[Any], column: str) -> None:
            super().__init__()
            self.table, self.column = table, column

    # What is shown

    def show(self, count: int, *, cursor: int = 0, first: Sequence[Row] = ()) -> None:
        """Show another answer of so many rows, of which only the first page is here, if any."""
        self.pages.clear()
        self.marked = frozenset()
        if first:
            self.pages.put(0, first)
        self._resize(count)
        self.cursor = max(min(cursor, count - 1), 0)
        self._into_view()
        self.refresh()
        self._ask()
        if first:
            self._tell()

    def count_is(self, count: int) -> None:
        """How many rows there are, known better."""
        self._resize(count)
        self.refresh()
        self._ask()

    def _resize(self, count: int) -> None:
        self.count = count
        self.virtual_size = Size(0, count + HEADER)

    def put(self, page: int, rows: Sequence[Row]) -> None:
        """Rows that were asked for."""
        here = self.row is not None
        self.pages.put(page, rows)
        self.refresh()
        if not here and self.row is not None:
            self._tell()

    def again(self) -> None:
        """Read the same rows anew, where they are."""
        self.pages.clear()
        self.refresh()
        self._ask()

    def mark(self, marked: frozenset[int]) -> None:
        """Mark these rows and no others."""
        self.marked = marked
        self.refresh()

    @property
    def row(self) -> Row | None:
        """The current row, if it is here."""
        return self.pages.row(self.cursor) if self.count else None

    # Moving

    def move_to(self, index: int) -> None:
        """Make a row the current one."""
        self.cursor = max(min(index, self.count - 1), 0)

    def watch_cursor(self, before: int, after: int) -> None:
        """Bring it into view."""
        top = self.scroll_offset.y
        self._into_view()
        if self.scroll_offset.y == top:  # no other line changes
            for index in (before, after):
                self.refresh(Region(0, index - top + HEADER, self.size.width, 1))
        else:
            self.refresh()
        if before != after:
            self._tell()

    def action_step(self, by: int) -> None:
        self.move_to(self.cursor + by)

    def action_page(self, by: int) -> None:
        self.move_to(self.cursor + by * max(self._height() - 1, 1))

    def action_first(self) -> None:
        self.move_to(0)

    def action_last(self) -> None:
        self.move_to(self.count - 1)

    def action_choose(self) -> None:
        if self.row is not None:
            self.post_message(self.Chosen(self, self.cursor, self.row))

    def on_click(self, event: events.Click) -> None:
        """A row becomes the current one; twice opens it. A column is to be sorted by."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        if offset.y < HEADER:
            self._click_header(offset.x)
            return
        index = self.scroll_offset.y + offset.y - HEADER
        if index < self.count:
            self.move_to(index)
            if event.chain == 2:
                self.action_choose()

    def _click_header(self, x: int) -> None:
        at = MARK_WIDTH
        for name, width in self._wide.items():
            if at <= x < at + width:
                self.post_message(self.HeaderClicked(self, name))
            at += width + GAP

    def _tell(self) -> None:
        self.post_message(self.CursorMoved(self, self.cursor, self.row))

    def _height(self) -> int:
        return max(self.scrollable_content_region.height - HEADER, 1)

    def _into_view(self) -> None:
        top, height = self.scroll_offset.y, self._height()
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, immediate=True)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, immediate=True)

    def _ask(self) -> None:
        if self.count:
            top = self.scroll_offset.y
            pages = self.pages.lacking(top, min(top + self._height(), self.count) - 1)
            if pages:
                self.post_message(self.PagesWanted(self, pages))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Ask for what comes into view."""
        super().watch_scroll_y(old_value, new_value)
        self._ask()

    def on_resize(self) -> None:
        """More rows may be in view."""
        self._into_view()
        self._ask()

    def on_focus(self) -> None:
        """The cursor stands out."""
        self.refresh()

    def on_blur(self) -> None:
        """It does not any more."""
        self.refresh()
