"""What dialogs share in which one of several lines is current."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, TypeVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from forensics.report.text import printable

__all__ = ["LinesDialog"]

Answer = TypeVar("Answer")


class LinesDialog(ModalScreen[Answer | None]):
    """A question, lines, and the keys; None is the answer where the user would rather not.

    Args:
        question: what is asked.
        at: the line to begin at.
    """

    DEFAULT_CSS = """
    LinesDialog { align: center middle; }
    LinesDialog > Vertical {
        width: 72; max-width: 95%; height: auto; max-height: 90%; border: round $primary;
        background: $surface; padding: 0 1;
    }
    LinesDialog OptionList, LinesDialog OptionList:focus {
        border: none; height: auto; max-height: 16; background: $surface; padding: 0;
    }
    LinesDialog #keys { color: $text-muted; height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="dialog.back"),
        Binding("j", "move(1)", "Down", show=False, id="dialog.down"),
        Binding("k", "move(-1)", "Up", show=False, id="dialog.up"),
    ]

    def __init__(self, question: str, at: int = 0) -> None:
        super().__init__()
        self._question, self._at = question, at

    def lines(self) -> Iterable[Text]:
        """What there is."""
        raise NotImplementedError

    def keys(self) -> str:
        """What keys do."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Question, lines, keys."""
        with Vertical():
            yield Static(printable(self._question), markup=False)
            yield OptionList(*map(Option, self.lines()))
            yield Static(self.keys(), id="keys", markup=False)

    def on_mount(self) -> None:
        """Begin at the line that holds now."""
        self.list.focus()
        if self.list.option_count:
            self.list.highlighted = min(self._at, self.list.option_count - 1)

    @property
    def list(self) -> OptionList:
        """The lines."""
        return self.query_one(OptionList)

    def say(self, text: str) -> None:
        """Say something above the keys."""
        self.query_one("#keys", Static).update(f"{printable(text)}\n{self.keys()}")

    def action_move(self, by: int) -> None:
        """Up or down."""
        (self.list.action_cursor_down if by > 0 else self.list.action_cursor_up)()

    def action_leave(self) -> None:
        """As it was."""
        self.dismiss(None)
