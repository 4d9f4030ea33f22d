"""Choosing a component."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from forensics.report.text import printable
from tui.inert_input import InertInput
from tui.screens.drift.view import Component

__all__ = ["ChooseSet"]

_MOST = 200


class ChooseSet(ModalScreen[str | None]):
    """Asks which component; empty for all of them, None where the user would rather not.

    Args:
        sets: in the order to show them in.
    """

    DEFAULT_CSS = """
    ChooseSet { align: center middle; }
    ChooseSet > Vertical {
        width: 72; max-width: 95%; height: auto; max-height: 90%; border: round $primary;
        background: $surface; padding: 0 1;
    }
    ChooseSet Input { border: none; height: 1; padding: 0; background: $boost; }
    ChooseSet Input:focus, ChooseSet OptionList:focus { border: none; }
    ChooseSet OptionList { height: auto; max-height: 16; border: none; padding: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="dialog.back"),
        Binding("down", "list", "To the list", show=False, id="choose.list"),
    ]

    def __init__(self, sets: Sequence[Component]) -> None:
        super().__init__()
        self._sets = sets
        self._shown: list[str] = []

    def compose(self) -> ComposeResult:
        """Question, part of a name, list."""
        with Vertical():
            yield Static("Which component? Part of its name, then Enter.", markup=False)
            yield InertInput()
            yield OptionList()
            yield Static("", id="more", markup=False)

    def on_mount(self) -> None:
        """Show all."""
        self._list("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show those with this in their names."""
        self._list(event.value)

    def _list(self, part: str) -> None:
        named = [one for one in self._sets if part.lower() in one.title.lower()]
        if not part:
            count = sum(one.open for one in self._sets)
            named.insert(0, Component("", "all components", count, frozenset()))
        self._shown = [one.set for one in named[:_MOST]]
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(
            Option(Text(f"{printable(one.title)}  ({one.open:,} open)", no_wrap=True))
            for one in named[:_MOST]
        )
        if self._shown:
            options.highlighted = 0
        left = len(named) - _MOST
        self.query_one("#more", Static).update(f"and {left:,} more" if left > 0 else "")

    def on_input_submitted(self) -> None:
        """Take what is highlighted."""
        place = self.query_one(OptionList).highlighted
        if place is not None:
            self.dismiss(self._shown[place])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take it."""
        self.dismiss(self._shown[event.option_index])

    def action_list(self) -> None:
        """From the field to the list."""
        self.query_one(OptionList).focus()

    def action_leave(self) -> None:
        """Take none."""
        self.dismiss(None)
