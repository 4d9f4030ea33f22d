"""The keys of what has the focus."""

from __future__ import annotations

from typing import ClassVar

from rich.table import Table as Grid
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

__all__ = ["Keys"]

_PANES = ("app.focus_next", "app.focus_previous")
"""What the library brings along, and is of use here."""


class Keys(ModalScreen[None]):
    """Every key that does something where the user was.

    Args:
        below: the screen whose keys are told.
    """

    DEFAULT_CSS = """
    Keys { align: center middle; }
    Keys > VerticalScroll {
        width: 76; max-width: 90%; height: auto; max-height: 90%;
        border: round $primary; background: $surface; padding: 0 1;
    }
    Keys Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q", "dismiss", "Back", show=False, id="help.back")
    ]

    def __init__(self, below: Screen[object]) -> None:
        super().__init__()
        self._below = below

    def compose(self) -> ComposeResult:
        """Keys and what they do, nearest first."""
        grid = Grid.grid(padding=(0, 2))
        if signs := getattr(self._below, "signs", ()):
            for sign, what in (*signs, ("", "")):
                grid.add_row(sign, Text(what))
        for keys, what, name in self._told():
            grid.add_row(keys, what, name)
        with VerticalScroll():
            yield Static(grid)

    def _told(self) -> list[tuple[str, str, str]]:
        """Keys, what they do, and the id that other keys are given by."""
        told: dict[str, tuple[list[str], str]] = {}
        for active in self._below.active_bindings.values():
            binding = active.binding
            ours = binding.id is not None or binding.action in _PANES
            if ours and binding.description and not binding.system:
                keys, _ = told.setdefault(binding.id or binding.action, ([], binding.description))
                keys.append(self.app.get_key_display(binding))
        return [(" ".join(keys), what, name) for name, (keys, what) in told.items()]
