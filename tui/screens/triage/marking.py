"""Marking secrets of the list."""

from __future__ import annotations

from array import array
from typing import ClassVar

from textual.binding import Binding, BindingType

from forensics.index.browse.rows import SecretRow
from tui.deciding import Deciding
from tui.table.table import Table

__all__ = ["COUNTING", "Marking"]

COUNTING = "not all that fit are known yet: again in a moment"


class Marking(Deciding):
    """The part of the screen that marks."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "mark", "Mark", id="triage.mark"),
        Binding("v", "range", "Mark from here to where v is pressed again", id="triage.range"),
        Binding("asterisk", "mark_all", "Mark all matching", id="triage.all"),
    ]

    ids: array[int]
    complete: bool
    """Whether all that fit are known, and not only the first."""
    marked: dict[int, None]
    """Rows of marked secrets, in the order in which they were marked."""
    range_from: int | None
    """Where a range of marks began."""

    @property
    def table(self) -> Table[SecretRow]:
        """The list."""
        raise NotImplementedError

    def redraw_line(self) -> None:
        """Say how many are marked."""
        raise NotImplementedError

    # Marks

    def action_mark(self) -> None:
        """Mark the current secret, or take the mark away; go on to the next. In a range, end it."""
        if self.range_from is not None:
            self.action_range()
            return
        at = self.table.cursor
        if at < len(self.ids):
            row = self.ids[at]
            if row in self.marked:
                del self.marked[row]
            else:
                self.marked[row] = None
            self.show_marks()
            self.table.action_step(1)

    def action_range(self) -> None:
        """Begin a range of marks, or mark all from there to here."""
        at = self.table.cursor
        if self.range_from is None:
            self.range_begins(at)
            return
        low, high = sorted((self.range_from, at))
        self.range_from = None
        self.marked.update(dict.fromkeys(self.ids[low : high + 1]))
        self.show_marks()
        self.say(f"marked {high - low + 1:,}")

    def range_begins(self, at: int) -> None:
        """Have a range begin at a row, and say so as long as it is open."""
        self.range_from = at
        self.say(
            f"a range begins at row {at + 1:,}: v or Space marks to the cursor, Esc not",
            lasts=True,
        )

    def range_ends(self) -> None:
        """Give up a range, if one is open."""
        if self.range_from is not None:
            self.range_from = None
            self.say("")

    def action_mark_all(self) -> None:
        """Mark all that match, or none if all are."""
        if not self.complete:
            self.say(COUNTING)
        elif len(self.marked) >= len(self.ids):
            self.marked.clear()
            self.say("no mark is left")
        else:
            self.marked.update(dict.fromkeys(self.ids))
            self.say(f"marked all {len(self.ids):,} that match")
        self.show_marks()

    def show_marks(self) -> None:
        """Draw marks where marked secrets are listed."""
        marked = self.marked
        places = (place for place, row in enumerate(self.ids) if row in marked) if marked else ()
        self.table.mark(frozenset(places))
        self.redraw_line()
