"""How the table widget looks: a header, marks, and cells under it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.styling import part_style
from tui.table.columns import Column, fitted, widths
from tui.table.pages import Pages

__all__ = ["GAP", "HEADER", "MARK_WIDTH", "Drawn"]

Row = TypeVar("Row")
GAP = 1
MARK_WIDTH = 2
HEADER = 1
_WAITING = "·"
_PARTS = ("header", "cursor", "marked", "waiting")
_STYLES = ("muted", "good", "warning", "error", "accent")


class Drawn(ScrollView, Generic[Row]):
    """What a table draws, and what it draws it from."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"table--{one}" for one in (*_PARTS, *_STYLES)}

    cursor: reactive[int] = reactive(0, repaint=False)
    hidden: reactive[frozenset[str]] = reactive(frozenset)
    """Names of columns that are left out."""

    def __init__(
        self, columns: Sequence[Column[Row]], *, name: str | None = None, classes: str = ""
    ) -> None:
        super().__init__(id=name, classes=classes)
        self.columns = tuple(columns)
        self.pages: Pages[Row] = Pages()
        self.count = 0
        self.marked: frozenset[int] = frozenset()
        """Places of marked rows among those shown."""
        self._base = Style.null()
        self._wide: dict[str, int] = {}
        self._parts: dict[str, Style] = {}
        self.sorted_by = ""
        self.descending = False

    def _style(self, part: str) -> Style:
        found = self._parts.get(part)
        if found is None:
            found = part_style(self, f"table--{part}", background=part == "cursor")
            self._parts[part] = found
        return found

    def render_lines(self, crop: Region) -> list[Strip]:
        """Several lines of the screen; what holds for each is found out once."""
        self._base, room = self.rich_style, self.scrollable_content_region.width - MARK_WIDTH
        self._wide = widths(self.columns, room, GAP, self.hidden)
        self._parts.clear()
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        width = self.scrollable_content_region.width
        index = self.scroll_offset.y + y - HEADER
        if y == 0:
            strip = self._header()
        elif index >= self.count:
            strip = Strip([])
        else:
            strip = self._line(index)
        return strip.adjust_cell_length(width, self._base).apply_style(self._base)

    def _header(self) -> Strip:
        parts = [" " * MARK_WIDTH]
        for one in self.columns:
            if (wide := self._wide.get(one.name)) is not None:
                arrow = ("v" if self.descending else "^") if one.name == self.sorted_by else ""
                title = one.title[: wide - len(arrow)] + arrow
                parts.append(fitted(title, wide, right=one.right))
                parts.append(" " * GAP)
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
            if (width := self._wide.get(one.name)) is None:
                continue
            cell = one.cell(row)
            style = self._style(cell.style) if cell.style in _STYLES else Style.null()
            segments.append(
                Segment(fitted(cell.text, width, right=one.right, middle=one.middle), style + over)
            )
            segments.append(Segment(" " * GAP, over))
        return segments
