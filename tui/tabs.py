"""The line of tabs above every screen."""

from __future__ import annotations

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.widgets import Static

from forensics.settings.interface import SCREENS

__all__ = ["TABS", "Tabs"]

TABS = dict(zip(SCREENS, ("Over", "Triage", "Rotate", "Drift", "Audit"), strict=True))
"""Titles by mode, in the order of their keys."""


class Tabs(Static):
    """The five screens, each of which a click opens; at the right edge what is looked at.

    Args:
        mode: the screen that it stands on.
    """

    DEFAULT_CSS = """
    Tabs { height: 1; background: $panel; }
    """

    def __init__(self, mode: str) -> None:
        super().__init__(id="tabs")
        self._mode = mode
        self._ends: dict[str, int] = {}

    def tell(self, right: str) -> None:
        """Show this at the right edge."""
        line = Text(" ", no_wrap=True, overflow="crop")
        for number, (mode, title) in enumerate(TABS.items(), 1):
            here = mode == self._mode
            line.append(f"{number}", "bold" if here else "")
            line.append(f"[{title.upper()}] " if here else f"{title} ", "bold" if here else "")
            self._ends[mode] = line.cell_len
        room = self.screen.size.width - line.cell_len
        while cell_len(right) > max(room, 1):  # a name gives way to how much is shown
            right = f"…{right[2:]}"
        line.append(" " * (room - cell_len(right)))
        line.append(right)
        self.update(line, layout=False)  # it has its one line, whatever stands there

    async def on_click(self, event: events.Click) -> None:
        """Go to the screen whose tab was clicked."""
        mode = next((mode for mode, end in self._ends.items() if event.x < end), None)
        if mode is not None:
            await self.app.run_action(f"app.switch_mode('{mode}')")
