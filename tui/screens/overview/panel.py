"""Figures under a title; each can be entered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from tui.styling import part_style
from tui.table.columns import fitted

__all__ = ["Figure", "Link", "Panel"]


class Link(NamedTuple):
    """Where a figure leads."""

    mode: str
    query: str = ""


class Figure(NamedTuple):
    """A line: words, and figures at its right edge."""

    label: str
    values: tuple[tuple[str, Link | None], ...] = ()
    """Each with where it leads; nowhere where it is only to be read."""
    style: str = ""
    """Name of a component style of the panel, without its prefix."""
    width: int = 7
    """Cells of each value."""


class Panel(Widget, can_focus=True):
    """A title over lines, with a cursor on one figure while it has the focus. A first line without
    words stands beside the title."""

    DEFAULT_CSS = """
    Panel { height: auto; max-width: 56; padding: 0 1; }
    Panel:focus { background: $surface; }
    Panel > .panel--title { color: $primary; text-style: bold; }
    Panel > .panel--muted { color: $text-muted; }
    Panel > .panel--strong { text-style: bold; }
    Panel > .panel--late { color: $error; text-style: bold; }
    Panel > .panel--here { background: $primary 35%; text-style: bold; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"panel--{one}" for one in ("title", "muted", "strong", "late", "here")
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "step(1)", "Next figure", show=False, id="overview.down"),
        Binding("k,up", "step(-1)", "Previous figure", show=False, id="overview.up"),
        Binding("l,right", "across(1)", "Figure to the right", show=False, id="overview.right"),
        Binding("h,left", "across(-1)", "Figure to the left", show=False, id="overview.left"),
        Binding("enter", "choose", "Go there", id="overview.open"),
    ]

    class Entered(Message):
        """Somebody wants to see what a figure counts."""

        def __init__(self, link: Link) -> None:
            super().__init__()
            self.link = link

    class Left(Message):
        """The cursor wants to go on to another panel."""

        def __init__(self, panel: Panel, by: int) -> None:
            super().__init__()
            self.panel, self.by = panel, by

    def __init__(self, title: str, name: str) -> None:
        super().__init__(id=name)
        self._title = title
        self.figures: Sequence[Figure] = (Figure("counting…", style="muted"),)
        self._at = (0, 0)

    def show(self, figures: Sequence[Figure], title: str = "") -> None:
        """Show other figures."""
        before = self._lines
        self._title = title or self._title
        self.figures = figures
        places = self._places()
        if self._at not in places:
            self._at = places[0] if places else (0, 0)
        self.refresh(layout=self._lines != before)  # all of the screen

    def _places(self) -> list[tuple[int, int]]:
        return [
            (line, column)
            for line, figure in enumerate(self.figures)
            for column, (_, link) in enumerate(figure.values)
            if link is not None
        ]

    def action_step(self, by: int) -> None:
        """The nearest figure above or below; past the last one, the next panel."""
        line, column = self._at
        lines = sorted({place[0] for place in self._places()})
        further = [one for one in lines if (one - line) * by > 0]
        if not further:
            self.post_message(self.Left(self, by))
            return
        target = further[0] if by > 0 else further[-1]
        columns = [place[1] for place in self._places() if place[0] == target]
        self._at = target, min(columns, key=lambda one: abs(one - column))
        self.refresh()

    def action_across(self, by: int) -> None:
        """The next figure of the line."""
        line, column = self._at
        further = [one for at, one in self._places() if at == line and (one - column) * by > 0]
        if further:
            self._at = line, further[0] if by > 0 else further[-1]
            self.refresh()

    def enter_at(self, by: int) -> None:
        """The cursor comes from another panel."""
        places = self._places()
        if places:
            self._at = places[0] if by > 0 else places[-1]
        self.focus()

    def action_choose(self) -> None:
        """Go where the current figure leads."""
        if self._at in self._places():
            link = self.figures[self._at[0]].values[self._at[1]][1]
            if link is not None:
                self.post_message(self.Entered(link))

    def on_click(self, event: events.Click) -> None:
        """Enter what was clicked."""
        offset = event.get_content_offset(self)
        line = -1 if offset is None else offset.y - self._first
        if offset is None or not 0 <= line < len(self.figures):
            return
        figure = self.figures[line]
        columns = [place[1] for place in self._places() if place[0] == line]
        if columns:
            left = self.size.width - figure.width * len(figure.values)
            clicked = (offset.x - left) // figure.width
            self._at = line, min(columns, key=lambda one: abs(one - clicked))
            self.refresh()
            self.action_choose()

    def on_focus(self) -> None:
        """The cursor shows."""
        self.scroll_visible(animate=False)
        self.refresh()

    def on_blur(self) -> None:
        """It does not any more."""
        self.refresh()

    def render(self) -> Text:
        """Title and lines."""
        width = self.size.width
        text = Text(no_wrap=True, end="")
        if self._first:
            text.append(fitted(self._title.upper(), width), self._style("title"))
        for line, figure in enumerate(self.figures):
            room = max(width - figure.width * len(figure.values), 0)
            here = self.has_focus and line == self._at[0] and figure.values
            mark = ">" if here and figure.values[self._at[1]][1] is not None else " "
            style = self._style(figure.style)
            if line or self._first:
                text.append("\n")
                text.append(mark + fitted(figure.label, max(room - 1, 0)), style)
            else:
                text.append(fitted(self._title.upper(), room), self._style("title"))
            for column, (value, _) in enumerate(figure.values):
                shown = fitted(value, figure.width - 1, right=True)
                lead = len(shown) - len(shown.lstrip())
                text.append(" " + " " * lead, style)
                over = self._style("here") if here and column == self._at[1] else Style.null()
                text.append(shown[lead:], style + over)
        return text

    def _style(self, name: str) -> Style:
        if not name:
            return Style.null()
        return part_style(self, f"panel--{name}", background=name == "here")

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """A line each, under the title."""
        return self._lines

    @property
    def _lines(self) -> int:
        return self._first + len(self.figures)

    @property
    def _first(self) -> int:
        """Where the first line of figures is drawn."""
        return 0 if self.figures and not self.figures[0].label else 1
