"""The dialog that asks which columns to show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, NamedTuple

from rich.text import Text
from textual.binding import Binding, BindingType

from tui.lines_dialog import LinesDialog

__all__ = ["Choice", "ChooseColumns"]

_SHOWN = {True: "x", False: " "}


class Choice(NamedTuple):
    """A column."""

    title: str
    wanted: bool
    """Whether it is shown where there is room."""
    stays: bool = False
    """Whether it is shown in any case, since it says which row is which."""


class ChooseColumns(LinesDialog[list[bool]]):
    """Asks which columns to show: for each whether it is, or None where all stays.

    Args:
        columns: from left to right.
    """

    DEFAULT_CSS = "ChooseColumns > Vertical { width: 48; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "done", "Done", priority=True, id="columns.done"),
        Binding("space", "turn", "Show or not", priority=True, id="columns.turn"),
    ]

    def __init__(self, columns: Sequence[Choice]) -> None:
        super().__init__("Which columns, where there is room?")
        self._columns = [*columns]

    def lines(self) -> Iterable[Text]:
        """Columns, with a mark where they are shown."""
        return map(_line, self._columns)

    def keys(self) -> str:
        """What keys do."""
        return "Space show or not  Enter done  Esc back"

    def action_turn(self) -> None:
        """Show the column or not."""
        place = self.list.highlighted or 0
        one = self._columns[place]
        if one.stays:
            self.say(f"{one.title} says which row is which, so it stays.")
            return
        one = self._columns[place] = one._replace(wanted=not one.wanted)
        self.list.replace_option_prompt_at_index(place, _line(one))

    def action_done(self) -> None:
        """Those that are wanted."""
        self.dismiss([one.wanted for one in self._columns])


def _line(one: Choice) -> Text:
    return Text(f"[{_SHOWN[one.wanted]}] {one.title}")
