"""Choosing one of a few things."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from forensics.report.text import printable

__all__ = ["Pick"]


class Pick(ModalScreen[int | None]):
    """Asks for one of several lines: its place, or None where the user would rather not.

    Args:
        question: what is asked.
        lines: what there is.
        at: the place to begin at.
        keys: other keys that choose; the answer to one is its place after all lines.
    """

    DEFAULT_CSS = """
    Pick { align: center middle; }
    Pick > Vertical {
        width: 72; max-width: 95%; height: auto; max-height: 90%; border: round $primary;
        background: $surface; padding: 0 1;
    }
    Pick OptionList, Pick OptionList:focus {
        border: none; height: auto; max-height: 16; background: $surface; padding: 0;
    }
    Pick #keys { color: $text-muted; height: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="dialog.back"),
        Binding("j", "move(1)", "Down", show=False, id="dialog.down"),
        Binding("k", "move(-1)", "Up", show=False, id="dialog.up"),
    ]

    def __init__(
        self, question: str, lines: Sequence[str], at: int = 0, keys: Sequence[tuple[str, str]] = ()
    ) -> None:
        super().__init__()
        self._question, self._lines, self._at, self._keys = question, lines, at, keys
        for number, (key, what) in enumerate(keys):
            self._bindings.bind(key, f"take({len(lines) + number})", what)

    def compose(self) -> ComposeResult:
        """Question, lines, keys."""
        with Vertical():
            yield Static(printable(self._question), markup=False)
            yield OptionList(*(Option(Text(printable(one))) for one in self._lines))
            more = "".join(f"{key} {what}  " for key, what in self._keys)
            yield Static(f"Enter choose  {more}Esc back", id="keys", markup=False)

    def on_mount(self) -> None:
        """Begin at the line that holds now."""
        found = self.query_one(OptionList)
        found.focus()
        if self._lines:
            found.highlighted = min(self._at, len(self._lines) - 1)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """That one."""
        self.dismiss(event.option_index)

    @property
    def at(self) -> int | None:
        """The line that the cursor is at, or was when this was left."""
        return self._at if self._lines else None

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Another line is current."""
        self._at = event.option_index

    def action_move(self, by: int) -> None:
        """Up or down."""
        found = self.query_one(OptionList)
        (found.action_cursor_down if by > 0 else found.action_cursor_up)()

    def action_take(self, answer: int) -> None:
        """What a key stands for."""
        self.dismiss(answer)

    def action_leave(self) -> None:
        """None."""
        self.dismiss(None)
