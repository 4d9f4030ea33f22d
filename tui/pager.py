"""A long text, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Input, Static

from forensics.report.text import printable
from tui.inert_input import InertInput

__all__ = ["Pager"]


class _Lines(ScrollView, can_focus=True):
    DEFAULT_CSS = "_Lines { height: 1fr; }"

    def __init__(self, lines: Sequence[Text]) -> None:
        super().__init__()
        self.lines = lines
        self.found = -1
        self.virtual_size = Size(max((one.cell_len for one in lines), default=0), len(lines))

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        x, top = self.scroll_offset
        width = self.scrollable_content_region.width
        if top + y >= len(self.lines):
            return Strip.blank(width, self.rich_style)
        line = self.lines[top + y]
        if top + y == self.found:
            line = line.copy()
            line.stylize("reverse")
        strip = Strip(line.render(self.app.console)).crop(x, x + width)
        return strip.adjust_cell_length(width, self.rich_style).apply_style(self.rich_style)


class Pager(ModalScreen[None]):
    """Shows lines and finds text in them.

    Args:
        title: for the first line.
        lines: what is shown; nothing in them may be a secret.
        at: the line to begin at, from 0.
    """

    DEFAULT_CSS = """
    Pager { background: $background; }
    Pager > .bar { height: 1; background: $panel; color: $text-muted; }
    Pager > Input, Pager > Input:focus { height: 1; border: none; padding: 0; }
    Pager > Input { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "Back", id="pager.back"),
        Binding("j,down", "scroll(1)", "Down", show=False, id="pager.down"),
        Binding("k,up", "scroll(-1)", "Up", show=False, id="pager.up"),
        Binding("space,pagedown", "page(1)", "Page down", show=False, id="pager.page-down"),
        Binding("b,pageup", "page(-1)", "Page up", show=False, id="pager.page-up"),
        Binding("g,home", "jump(0)", "Top", show=False, id="pager.first"),
        Binding("G,end", "jump(-1)", "End", show=False, id="pager.last"),
        Binding("slash", "search", "Find", id="pager.find"),
        Binding("n", "again(1)", "Next match", show=False, id="pager.next"),
        Binding("N", "again(-1)", "Previous match", show=False, id="pager.previous"),
    ]

    def __init__(self, title: str, lines: Sequence[Text], at: int = 0) -> None:
        super().__init__()
        self._title, self._lines, self._at = title, _Lines(lines), at
        self._wanted = ""

    def compose(self) -> ComposeResult:
        """Title, lines, what is looked for, keys."""
        yield Static(printable(self._title), classes="bar", markup=False)
        yield self._lines
        yield InertInput(placeholder="find")
        yield Static("/ find  n N next, previous  Esc back", classes="bar", markup=False)

    def on_mount(self) -> None:
        """Begin at a line, a little below the top."""
        self._lines.focus()
        self.call_after_refresh(self._go, max(self._at - 3, 0))

    def _go(self, line: int) -> None:
        self._lines.scroll_to(y=line, animate=False, immediate=True)

    def action_leave(self) -> None:
        """Close the line for finding, else the pager."""
        field = self.query_one(Input)
        if field.display:
            field.display = False
            self._lines.focus()
        else:
            self.dismiss()

    def action_scroll(self, by: int) -> None:
        self._go(self._lines.scroll_offset.y + by)

    def action_page(self, by: int) -> None:
        self.action_scroll(by * max(self._lines.size.height - 1, 1))

    def action_jump(self, to: int) -> None:
        self._go(to if to >= 0 else len(self._lines.lines))

    def action_search(self) -> None:
        """Ask what to look for."""
        field = self.query_one(Input)
        field.display = True
        field.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Find it, from here on."""
        self._wanted = event.value.lower()
        self.query_one(Input).display = False
        self._lines.focus()
        self._lines.found = self._lines.scroll_offset.y - 1
        self.action_again(1)

    def action_again(self, by: int) -> None:
        """The next line with it, around the end."""
        lines = self._lines.lines
        if not self._wanted or not lines:
            return
        for step in range(1, len(lines) + 1):
            at = (self._lines.found + by * step) % len(lines)
            if self._wanted in lines[at].plain.lower():
                self._lines.found = at
                self._go(max(at - 3, 0))
                self._lines.refresh()
                return
        self.query(".bar").last(Static).update(f"nothing found: {printable(self._wanted)}")
