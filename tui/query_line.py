"""The line in which a query is written, with what could be typed next and what is wrong."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Static

from forensics.query.complete import Completion
from forensics.query.problem import QueryProblem
from tui.inert_input import InertInput
from tui.problem_line import ProblemLine
from tui.table.columns import fitted

__all__ = ["QueryLine"]

_SHOWN_WIDTH = 38


class _Field(InertInput):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "take", "Complete", show=False, id="query.complete"),
        Binding("down", "choose(1)", "Next completion", show=False, id="query.next"),
        Binding("up", "choose(-1)", "Previous completion", show=False, id="query.previous"),
    ]

    class Asked(Message):
        """A key that is about completions."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by
            """Where to go in the list; 0 to take what is chosen."""

    def action_take(self) -> None:
        self.post_message(self.Asked(0))

    def action_choose(self, by: int) -> None:
        self.post_message(self.Asked(by))


class QueryLine(Vertical):
    """A query, a line about what it leaves, and below it while it is written what could follow."""

    DEFAULT_CSS = """
    QueryLine { height: auto; max-height: 12; }
    QueryLine > Horizontal { height: 1; background: $surface; }
    QueryLine Static { height: 1; width: auto; }
    QueryLine _Field {
        width: 1fr; height: 1; border: none; padding: 0; background: $surface;
    }
    QueryLine _Field:focus { border: none; height: 1; padding: 0; }
    QueryLine #said { color: $text-muted; padding: 0 1; }
    QueryLine ProblemLine { height: 2; width: 100%; }
    QueryLine #completions { height: auto; width: 100%; background: $boost; display: none; }
    """

    class Submitted(Message):
        """This is to be listed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Typed(Message):
        """The text has changed while somebody writes in it."""

        def __init__(self, text: str, cursor: int) -> None:
            super().__init__()
            self.text, self.cursor = text, cursor

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self._text = text
        self._offered: list[Completion] = []
        self._chosen = 0
        self._said = ""

    def compose(self) -> ComposeResult:
        """Text, what it leaves; problem; completions."""
        with Horizontal():
            yield Static(" / ", markup=False)
            yield _Field(
                self._text, placeholder="everything; / to narrow it", select_on_focus=False
            )
            yield Static("", id="said", markup=False)
        yield ProblemLine()
        yield Static("", id="completions", markup=False)

    @property
    def field(self) -> Input:
        """The field itself."""
        return self.query_one(_Field)

    @property
    def text(self) -> str:
        """The query as it stands there."""
        return self.field.value

    def write(self, text: str) -> None:
        """Have another query stand there."""
        with self.prevent(Input.Changed):
            self.field.value = text
            self.field.cursor_position = len(text)
        self.problem(None)
        self.offer([])

    def say(self, text: str) -> None:
        """What stands at the right edge."""
        if text != self._said:
            self._said = text
            self.query_one("#said", Static).update(text)

    def problem(self, problem: QueryProblem | None) -> None:
        """Point at what cannot be read, or at nothing."""
        if problem is not None:
            self.offer([])
        self.query_one(ProblemLine).tell(problem, self.field)

    def offer(self, offered: list[Completion]) -> None:
        """Show what could be typed next."""
        before, self._offered, self._chosen = self._offered, offered, 0
        if offered or before:
            self._draw()

    def _draw(self) -> None:
        shown = self.query_one("#completions", Static)
        shown.display = bool(self._offered)
        text = Text(no_wrap=True, overflow="ellipsis")
        for number, one in enumerate(self._offered):
            here = number == self._chosen
            room = _SHOWN_WIDTH if one.what else max(self.size.width - 4, 8)
            line = f"{'>' if here else ' '} {fitted(one.shown, room)} {one.what}"
            text.append(("\n" if number else "") + line, "bold" if here else "")
        shown.update(text)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Ask for what could follow; the problem may be gone."""
        event.stop()
        self.problem(None)
        self.post_message(self.Typed(event.value, event.input.cursor_position))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """List it."""
        event.stop()
        self.offer([])
        self.post_message(self.Submitted(event.value))

    def on__field_asked(self, event: _Field.Asked) -> None:
        """Go through completions, or take one."""
        event.stop()
        if not self._offered:
            if not event.by:
                self.screen.focus_next()
            return
        if event.by:
            self._chosen = (self._chosen + event.by) % len(self._offered)
            self._draw()
            return
        one = self._offered[self._chosen]
        with self.prevent(Input.Changed):
            self.field.value = one.text
            self.field.cursor_position = one.cursor
        self.offer([])
        self.post_message(self.Typed(one.text, one.cursor))
