"""The keys of what has the focus."""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple

from rich.table import Table as Grid
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

__all__ = ["Keys", "ToldBinding", "told_bindings"]

_PANES = ("app.focus_next", "app.focus_previous")
"""What the library brings along, and is of use here."""


class ToldBinding(NamedTuple):
    """Something that keys do."""

    keys: str
    title: str
    name: str
    """The id that other keys are given by."""
    active: ActiveBinding


def told_bindings(screen: Screen[Any]) -> list[ToldBinding]:
    """What keys do where the user is on a screen, nearest first."""
    told: dict[str, list[ActiveBinding]] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        ours = binding.id is not None or binding.action in _PANES
        if ours and binding.description and not binding.system:
            told.setdefault(binding.id or binding.action, []).append(active)
    key = screen.app.get_key_display
    return [
        ToldBinding(
            " ".join(key(one.binding) for one in same), same[0].binding.description, name, same[0]
        )
        for name, same in told.items()
    ]


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
        for one in told_bindings(self._below):
            grid.add_row(one.keys, one.title, one.name)
        with VerticalScroll():
            yield Static(grid)
