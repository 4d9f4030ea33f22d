"""The table of the matrix: a column an environment, of which as many are shown as fit."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.message import Message

from forensics.drift.model import Row
from forensics.report.drift.shown import counts
from forensics.report.text import printable
from tui.screens.drift.view import Heading, View, cell_text
from tui.table.columns import Cell, Column
from tui.table.pages import PAGE
from tui.table.table import Table

__all__ = ["Grid"]

_KEY, _WHY, _GAP = 18, 12, 1
_NARROWEST, _WIDEST = 6, 14
_WHY_WIDE = 30
"""Cells that are left to the reason beside long keys, where there is room."""
_KEY_MOST = 80
"""Cells over which no key is in view as a whole, and takes no room of the reason either."""
_ROOMY = 100
"""Cells from which on there is a reason in any case; on fewer, only beside keys that fit: the
detail says it too."""
_EDGE = 3
"""Cells for marks before a row, and the scroll bar."""

Shown = Row | Heading


class Grid(Table[Shown]):
    """Keys by environments, with a current cell."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "h,left", "environment(-1)", "Environment to the left", show=False, id="drift.left"
        ),
        Binding(
            "l,right", "environment(1)", "Environment to the right", show=False, id="drift.right"
        ),
    ]

    class EnvironmentMoved(Message):
        """Another environment is the current one."""

    def __init__(self) -> None:
        super().__init__((Column[Shown]("key", "KEY", _key, _KEY, flexible=True, middle=True),))
        self.view: View | None = None
        self.environment = ""
        """The current one; empty where there is none."""
        self.first = 0
        """Which environment is the leftmost shown."""
        self.fit = 0
        """How many are shown."""

    def look(self, view: View | None) -> None:
        """Show a view, or nothing; the key and the environment stay the current ones, if they are
        in it."""
        row, before = self.row, self.cursor
        self.view = view
        if view is None:
            self._arrange()
            self.show(0)
            return
        names = view.matrix.environments
        if self.environment not in names:
            self.environment = names[0] if names else ""
        self._arrange()
        self.show(len(view.rows), cursor=_place(view, row, before))
        self.put_page(self.cursor // PAGE)

    def put_page(self, page: int) -> None:
        """Rows are all here."""
        if self.view is not None:
            self.put(page, self.view.rows[page * PAGE : (page + 1) * PAGE])

    def on_resize(self) -> None:
        """More environments may fit."""
        self._arrange()
        self.refresh()  # it may have been drawn at this size already, with the columns of another
        super().on_resize()
        if self.view is not None:
            self.post_message(self.EnvironmentMoved())

    def action_environment(self, by: int) -> None:
        """Go to the next one."""
        if self.view is not None and self.environment:
            names = self.view.matrix.environments
            place = max(min(names.index(self.environment) + by, len(names) - 1), 0)
            self.go_to(names[place])

    def go_to(self, environment: str) -> None:
        """Make an environment the current one."""
        if self.view is not None and environment in self.view.matrix.environments:
            self.environment = environment
            self._arrange()
            self.refresh()
            self.post_message(self.EnvironmentMoved())

    def follow(self) -> None:
        """Go to an environment that the current row has, where it lacks the current one."""
        row = self.row
        if self.view is not None and isinstance(row, Row) and self.environment not in row.cells:
            for name in self.view.matrix.environments:
                if name in row.cells:
                    self.go_to(name)
                    return

    def _arrange(self) -> None:
        """Which columns there are: the current environment's is one of them."""
        names = self.view.matrix.environments if self.view else ()
        wide = [min(max(cell_len(printable(name)) + 1, _NARROWEST), _WIDEST) for name in names]
        room = self.scrollable_content_region.width - _EDGE - _KEY - _WHY - 2 * _GAP
        at = names.index(self.environment) if self.environment in names else 0
        self.first = min(self.first, at)
        while self.first < at and sum(wide[self.first : at + 1]) + (at - self.first) > room:
            self.first += 1
        self.fit = 0
        for place in range(self.first, len(names)):
            room -= wide[place] + _GAP
            if room < -_GAP and self.fit:
                break
            self.fit += 1
        shown = range(self.first, self.first + self.fit)
        whole = self.scrollable_content_region.width - _EDGE
        left = whole - sum(wide[place] + _GAP for place in shown)
        needed = max(self.view.longest if self.view else 0, _KEY)
        longest = min(needed, _KEY_MOST, left)
        why = max(min(_WHY_WIDE, left // 3), _WHY)
        told = left - longest - _GAP >= _WHY or whole >= _ROOMY or needed > _KEY_MOST
        key = min(longest, left - _GAP - why) if told and left - longest - _GAP < why else longest
        self.columns = (
            Column[Shown](
                "key", "KEY", _key, key if told else _KEY, flexible=not told, middle=True
            ),
            *(self._column(names[place], wide[place]) for place in shown),
            *([Column[Shown]("why", "WHY", _why, _WHY, flexible=True)] if told else []),
        )

    def _column(self, name: str, wide: int) -> Column[Shown]:
        here = name == self.environment

        def cell(row: Shown) -> Cell:
            if isinstance(row, Heading) or self.view is None:
                return Cell("")
            text = cell_text(self.view, row, name)
            style = "accent" if text.endswith("+") else "" if counts(row) else "muted"
            return Cell(f"[{text or ' '}]" if here and row is self.row else text, style)

        title = f">{name}" if here else name
        return Column("=" + name, title, cell, wide)


def _key(row: Shown) -> Cell:
    if isinstance(row, Heading):
        return Cell(f"-- {row.title} --", "accent")
    return Cell(row.key, "warning" if counts(row) else "")


def _why(row: Shown) -> Cell:
    if isinstance(row, Heading):
        return Cell("")
    why = f"accepted: {row.why}" if row.accepted else row.why
    return Cell(why, "warning" if counts(row) else "muted")


def _place(view: View, row: Shown | None, before: int) -> int:
    """Where a row is now, or what is in its place."""
    if row is not None:
        wanted = (row.set, row.key if isinstance(row, Row) else "")
        for number, one in enumerate(view.rows):
            if (one.set, one.key if isinstance(one, Row) else "") == wanted:
                return number
    elif view.rows and isinstance(view.rows[0], Heading):
        return 1
    return before
