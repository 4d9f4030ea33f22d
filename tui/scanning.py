"""The scan that runs, looked at and stopped: a line on every screen, and a box in front of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

if TYPE_CHECKING:
    from tui.scans import Scans

__all__ = ["ScanLine", "Scanning"]

_EACH = 0.5
"""Seconds between two looks."""


class ScanLine(Static):
    """How far the scan is; nothing where none runs."""

    DEFAULT_CSS = """
    ScanLine { height: 1; padding: 0 1; background: $boost; color: $accent; display: none; }
    """

    def tell(self, text: str) -> None:
        """Show it, or with no text nothing."""
        if text != self._told:
            self._told = text
            self.display = bool(text)
            self.update(Text(text, no_wrap=True, overflow="ellipsis"))

    _told = ""

    async def on_click(self) -> None:
        """Look at it."""
        await self.app.run_action("scan")


class Scanning(ModalScreen[bool]):
    """How far the scan is, in full; True where the user wants it stopped. It goes on meanwhile.

    Args:
        scans: what runs.
        leaving: whether stopping it means leaving the interface.
    """

    DEFAULT_CSS = """
    Scanning { align: center middle; }
    Scanning > Vertical {
        width: 72; max-width: 95%; height: auto; border: round $primary; background: $surface;
        padding: 0 1;
    }
    Scanning Static { height: auto; }
    Scanning #keys { color: $text-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "stop", "Stop the scan", id="scan.stop"),
        Binding("escape", "leave", "Back: it goes on", id="scan.back"),
        Binding("q,ctrl+q", "quit", "Back, or stop and leave", show=False, id="scan.quit"),
    ]

    def __init__(self, scans: Scans, *, leaving: bool = False) -> None:
        super().__init__()
        self._scans, self._leaving = scans, leaving

    def compose(self) -> ComposeResult:
        """Figures, notes, keys."""
        with Vertical():
            yield Static(id="progress", markup=False)
            yield Static(id="notes", markup=False)
            yield Static(id="keys", markup=False)

    def on_mount(self) -> None:
        """Look now, and again and again."""
        self._look()
        self.set_interval(_EACH, self._look)

    def _look(self) -> None:
        run = self._scans.last
        assert run is not None
        self.query_one("#progress", Static).update("\n".join(run.lines()))
        self.query_one("#notes", Static).update("\n".join(run.notes))
        if not self._scans.at_work:
            keys = "q leaves  Esc back" if self._leaving else "Esc back"
        elif self._leaving:
            keys = "x or q stops it and leaves: what was read is kept  Esc back: it goes on"
        else:
            keys = "x stops it: what was read is kept  Esc back: it goes on"
        self.query_one("#keys", Static).update(keys)

    def action_stop(self) -> None:
        """Stop it."""
        self.dismiss(self._scans.at_work or self._leaving)

    def action_leave(self) -> None:
        """Let it go on."""
        self.dismiss(False)

    def action_quit(self) -> None:
        """The second time, leave; else back."""
        self.dismiss(self._leaving)
