"""The table widget: a million rows cost as much as those on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Generic, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.styling import part_style
from tui.table.columns import Column, fitted, widths
from tui.table.pages import Pages

__all__ = ["Table"]

Row = TypeVar("Row")
_GAP = 1
_MARK_WIDTH = 2
_HEADER = 1
_WAITING = "·"
_PARTS = ("header", "cursor", "marked", "waiting")
_STYLES = ("muted", "good", "warning", "error", "accent")


class Table(ScrollView, Generic[Row], can_focus=True):
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
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"table--{one}" for one in (*_PARTS, *_STYLES)}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "step(1)", "Next row", show=False, id="table.down"),
        Binding("k,up", "step(-1)", "Previous row", show=False, id="table.up"),
        Binding("g,home", "first", "First row", show=False, id="table.first"),
        Binding("G,end", "last", "Last row", show=False, id="table.last"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="table.page-down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="table.page-up"),
        Binding("enter", "choose", "Open", show=False, id="table.open"),
    ]

    cursor: reactive[int] = reactive(0, repaint=False)
    hidden: reactive[frozenset[str]] = reactive(frozenset)
    """Names of columns that are left out."""

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

    def __init__(
        self, columns: Sequence[Column[Row]], *, name: str | None = None, classes: str = ""
    ) -> None:
        super().__init__(id=name, classes=classes)
        self.columns = tuple(columns)
        self.pages: Pages[Row] = Pages()
        self.count = 0
        self.marked: frozenset[int] = frozenset()
        """Places of marked rows among those shown."""
        self.sorted_by = ""
        self.descending = False

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
        self.virtual_size = Size(0, count + _HEADER)

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
        self._into_view()
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
        if offset.y < _HEADER:
            self._click_header(offset.x)
            return
        index = self.scroll_offset.y + offset.y - _HEADER
        if index < self.count:
            self.move_to(index)
            if event.chain == 2:
                self.action_choose()

    def _click_header(self, x: int) -> None:
        at = _MARK_WIDTH
        for name, width in self._widths().items():
            if at <= x < at + width:
                self.post_message(self.HeaderClicked(self, name))
            at += width + _GAP

    def _tell(self) -> None:
        self.post_message(self.CursorMoved(self, self.cursor, self.row))

    def _height(self) -> int:
        return max(self.scrollable_content_region.height - _HEADER, 1)

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

    # Drawing

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

    def _widths(self) -> dict[str, int]:
        available = self.scrollable_content_region.width - _MARK_WIDTH
        return widths(self.columns, available, _GAP, self.hidden)

    def _style(self, part: str) -> Style:
        return part_style(self, f"table--{part}", background=part == "cursor")

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        width = self.scrollable_content_region.width
        index = self.scroll_offset.y + y - _HEADER
        if y == 0:
            strip = self._header()
        elif index >= self.count:
            strip = Strip([])
        else:
            strip = self._line(index)
        return strip.adjust_cell_length(width, self.rich_style).apply_style(self.rich_style)

    def _header(self) -> Strip:
        parts = [" " * _MARK_WIDTH]
        wide = self._widths()
        for one in self.columns:
            if one.name in wide:
                arrow = ("v" if self.descending else "^") if one.name == self.sorted_by else ""
                title = one.title[: wide[one.name] - len(arrow)] + arrow
                parts.append(fitted(title, wide[one.name], right=one.right))
                parts.append(" " * _GAP)
        return Strip([Segment("".join(parts), self._style("header"))])

    def _line(self, index: int) -> Strip:
        current, marked = index == self.cursor, index in self.marked
        over = self._style("cursor") if current and self.has_focus else Style.null()
        over += self._style("marked") if marked else Style.null()
        row = self.pages.row(index)
        segments = [Segment((">" if current else " ") + ("*" if marked else " "), over)]
        if row is None:
            segments.append(Segment(_WAITING, self._style("waiting") + over))
        else:
            segments += self._cells(row, over)
        return Strip(segments).extend_cell_length(self.scrollable_content_region.width, over)

    def _cells(self, row: Row, over: Style) -> list[Segment]:
        segments = []
        for one in self.columns:
            width = self._widths().get(one.name)
            if width is None:
                continue
            cell = one.cell(row)
            style = self._style(cell.style) if cell.style in _STYLES else Style.null()
            segments.append(
                Segment(fitted(cell.text, width, right=one.right, middle=one.middle), style + over)
            )
            segments.append(Segment(" " * _GAP, over))
        return segments
