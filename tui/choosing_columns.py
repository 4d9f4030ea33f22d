"""The dialog that asks which columns to show."""

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

__all__ = ["ChooseColumns"]

_SHOWN = {True: "x", False: " "}
_KEYS = "Space show or not  Enter done  Esc back"


class ChooseColumns(ModalScreen[list[bool] | None]):
    """Asks which columns to show: for each whether it is, or None where all stays.

    Args:
        titles: of the columns, from left to right.
        wanted: whether each is shown where there is room.
    """

    DEFAULT_CSS = """
    ChooseColumns { align: center middle; }
    ChooseColumns > Vertical {
        width: 48; max-width: 95%; height: auto; max-height: 90%; border: round $primary;
        background: $surface; padding: 0 1;
    }
    ChooseColumns OptionList, ChooseColumns OptionList:focus {
        border: none; height: auto; max-height: 16; background: $surface; padding: 0;
    }
    ChooseColumns #keys { color: $text-muted; height: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="dialog.back"),
        Binding("enter", "done", "Done", priority=True, id="columns.done"),
        Binding("space", "turn", "Show or not", priority=True, id="columns.turn"),
        Binding("j", "move(1)", "Down", show=False, id="dialog.down"),
        Binding("k", "move(-1)", "Up", show=False, id="dialog.up"),
    ]

    def __init__(self, titles: Sequence[str], wanted: Sequence[bool]) -> None:
        super().__init__()
        self._titles, self._wanted = titles, [*wanted]

    def compose(self) -> ComposeResult:
        """Question, columns, keys."""
        with Vertical():
            yield Static("Which columns, where there is room?", markup=False)
            yield OptionList(*(Option(self._line(place)) for place in range(len(self._titles))))
            yield Static(_KEYS, id="keys", markup=False)

    def on_mount(self) -> None:
        """Begin at the first one."""
        self._list.focus()
        self._list.highlighted = 0

    @property
    def _list(self) -> OptionList:
        return self.query_one(OptionList)

    def _line(self, place: int) -> Text:
        return Text(f"[{_SHOWN[self._wanted[place]]}] {self._titles[place]}")

    def action_move(self, by: int) -> None:
        """Up or down."""
        (self._list.action_cursor_down if by > 0 else self._list.action_cursor_up)()

    def action_turn(self) -> None:
        """Show the column or not."""
        place = self._list.highlighted or 0
        self._wanted[place] = not self._wanted[place]
        self._list.replace_option_prompt_at_index(place, self._line(place))

    def action_done(self) -> None:
        """Those that are wanted, if any is."""
        if any(self._wanted):
            self.dismiss(self._wanted)
        else:
            self.query_one("#keys", Static).update(f"At least one stays.  {_KEYS}")

    def action_leave(self) -> None:
        """As it was."""
        self.dismiss(None)
