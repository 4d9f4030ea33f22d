"""Choosing one of a few things."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.text import Text
from textual.widgets import OptionList

from forensics.report.text import printable
from tui.lines_dialog import LinesDialog

__all__ = ["Pick"]


class Pick(LinesDialog[int]):
    """Asks for one of several lines: its place, or None where the user would rather not.

    Args:
        question: what is asked.
        lines: what there is.
        at: the place to begin at.
        keys: other keys that choose; the answer to one is its place after all lines.
    """

    def __init__(
        self, question: str, lines: Sequence[str], at: int = 0, keys: Sequence[tuple[str, str]] = ()
    ) -> None:
        super().__init__(question, at)
        self._lines, self._keys = lines, keys
        for number, (key, what) in enumerate(keys):
            self._bindings.bind(key, f"take({len(lines) + number})", what)

    def lines(self) -> Iterable[Text]:
        """What there is."""
        return (Text(printable(one)) for one in self._lines)

    def keys(self) -> str:
        """What keys do."""
        more = "".join(f"{key} {what}  " for key, what in self._keys)
        return f"Enter choose  {more}Esc back"

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

    def action_take(self, answer: int) -> None:
        """What a key stands for."""
        self.dismiss(answer)
