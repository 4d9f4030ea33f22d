"""Drift: keys by environments at a commit, with a slider over history."""

from __future__ import annotations

import re
from collections.abc import Callable
from textwrap import wrap
from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual import work
from textual.binding import Binding, BindingType
from textual.widgets import Input

from forensics.drift.acceptance import printable_glob
from forensics.drift.model import Row
from forensics.errors import ForensicsError
from forensics.report.drift.shown import SIGNS
from forensics.report.text import printable
from forensics.scan.drift_browsing import Browsed
from tui.dialogs import AskText
from tui.pager import Pager
from tui.screens.drift.accepting import Accept, default_name
from tui.screens.drift.cell import cell_history
from tui.screens.drift.choosing import ChooseSet
from tui.screens.drift.grid import Grid
from tui.screens.drift.looking import Looking
from tui.screens.drift.view import components
from tui.table.columns import fitted
from tui.typeahead import ASKS

__all__ = ["DriftScreen"]

_MASK = re.compile(r"\*{4}(?:#[0-9a-f]+)?")

_LONGEST = 2_000
"""Characters of a line about the past."""
_LEAST = 20
"""Cells of a key above its past."""


class DriftScreen(Looking):
    """The matrix at a commit."""

    mode = "drift"
    counts_secrets = False
    signs = (
        ("A B", "equal letters in a row: equal values"),
        *SIGNS,
        ("+", "changed since the base"),
    )
    hints = "[ ] change  { } commit  @ jump  = base  d drift  Enter past  w accept  ? keys"
    read_only_hints = "[ ] change  { } commit  @ jump  = base  d drift  Enter past  ? keys"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left_square_bracket", "change(-1)", "Previous change", id="drift.previous-change"),
        Binding("right_square_bracket", "change(1)", "Next change", id="drift.next-change"),
        Binding("left_curly_bracket", "commit(-1)", "Previous commit", id="drift.previous-commit"),
        Binding("right_curly_bracket", "commit(1)", "Next commit", id="drift.next-commit"),
        Binding("less_than_sign", "end(0)", "First commit", id="drift.first-commit"),
        Binding("greater_than_sign", "end(-1)", "Now", id="drift.last-commit"),
        Binding("at", "jump", "Jump to a date or ref", id="drift.jump"),
        Binding("equals_sign", "pin", "Pin the base, or let it go", id="drift.pin"),
        Binding("d", "only_drift", "Only drift, or all", id="drift.only-drift"),
        Binding("c", "component", "Choose a component", id="drift.component"),
        Binding("w", "accept", "Accept a difference", id="drift.accept"),
        Binding("z", "undo", "Undo what was accepted", id="drift.undo"),
        Binding("Z", "redo", "Redo", id="drift.redo"),
        Binding("slash", "filter", "Filter keys", id="drift.filter"),
        Binding("escape", "back", "Back", show=False, id="drift.back"),
        Binding("r,f5", "reload", "Read the repository again", id="drift.reload"),
    ]

    # Moving in time

    def _go(self, number: int | None, nothing: str) -> None:
        if self._asked is not None:
            if number is None or number == self._asked.number:
                self.say(nothing)
            else:
                self.say("")
                self.ask(self._asked._replace(number=number))

    def action_change(self, by: int) -> None:
        """Go to where something that is shown changed."""
        if self._browsed is not None and self._asked is not None:
            number = self._browsed.past.next_change(self._asked.number, by, self._asked.sets)
            self._go(
                number, "nothing changed after this" if by > 0 else "nothing changed before this"
            )

    def action_commit(self, by: int) -> None:
        """Go to the next commit that changes any configuration."""
        if self._browsed is not None and self._asked is not None:
            last = len(self._browsed.past.line.steps) - 1
            number = max(0, min(self._asked.number + by, last))
            self._go(number, "this is the last commit" if by > 0 else "this is the first commit")

    def action_end(self, which: int) -> None:
        """Go to the first commit, or the last."""
        if self._browsed is not None:
            number = which % len(self._browsed.past.line.steps)
            self._go(number, "this is the last commit" if which else "this is the first commit")

    @work(group="drift-jump", exclusive=True, description=ASKS)
    async def action_jump(self) -> None:
        """Go to a date, a ref or a commit."""
        found = self._browsed
        if found is None:
            return
        asked = await self.app.push_screen_wait(
            AskText("Jump to which date (2024-01-31), ref or commit?")
        )
        if asked is None:
            return
        moment = await self.asks("drift jump", lambda _: found.moment(asked))
        if moment is None:
            return
        self._go(moment.number, "that is where you are")
        if moment.remark:
            self.say(moment.remark)

    def action_pin(self) -> None:
        """Compare with this commit from now on; pinned here already, with none."""
        if self._asked is not None:
            asked = self._asked
            base = None if asked.base == asked.number else asked.number
            self.say("base pinned: + is what changed since" if base is not None else "no base")
            self.ask(asked._replace(base=base))

    # Choosing

    def action_only_drift(self) -> None:
        """Leave out what is no drift, or show it again."""
        if self._asked is not None:
            self.ask(self._asked._replace(only_drift=not self._asked.only_drift))

    def action_filter(self) -> None:
        """Say which keys."""
        self.query_one(Input).focus()

    def on_input_submitted(self) -> None:
        """Show those."""
        globs = tuple(self.query_one("#filter", Input).value.replace(",", " ").split())
        self.query_one(Grid).focus()
        if self._asked is not None:
            self.ask(self._asked._replace(globs=globs))

    def action_back(self) -> None:
        """From the filter to the matrix; there, stop reading, or let the filter go."""
        field, grid = self.query_one("#filter", Input), self.query_one(Grid)
        if grid.has_focus and self._loading:
            self.stop_reading()
        elif grid.has_focus and field.value:
            field.value = ""
            self.on_input_submitted()
        elif grid.has_focus and self._asked is not None and self._asked.opened is not None:
            self.ask(self._asked._replace(opened=None))
        grid.focus()

    @work(group="drift-component", exclusive=True, description=ASKS)
    async def action_component(self) -> None:
        """Show one component, or all."""
        found, asked = self._browsed, self._asked
        if found is None or asked is None:
            return
        sets = await self.asks("drift components", lambda index: components(found, index, asked))
        if sets is None:
            return
        chosen = await self.app.push_screen_wait(ChooseSet(sets))
        if chosen is not None and self._asked is not None:
            self.ask(self._asked._replace(sets=(chosen,) if chosen else None))

    @work(group="drift-history", exclusive=True)
    async def on_table_chosen(self) -> None:
        """Show what became of a cell."""
        found, view, grid = self._browsed, self._view, self.query_one(Grid)
        row, environment = grid.row, grid.environment
        if found is None or view is None or not isinstance(row, Row):
            return
        chosen, number = row, view.asked.number
        lines = await self.asks(
            "drift history", lambda index: cell_history(found, index, chosen, environment, number)
        )
        if lines is None:
            return
        width = max(self.size.width - 2, 20)
        texts = [
            Text(part)
            for line in lines
            for part in wrap(printable(line[:_LONGEST]), width, subsequent_indent="    ") or [""]
        ]
        place = f" in {environment}"
        name = fitted(row.key, max(width - cell_len(printable(place)), _LEAST), middle=True)
        self.app.push_screen(Pager(f"{name.rstrip()}{place}", texts))

    # Accepting

    @work(group="drift-accept", exclusive=True, description=ASKS)
    async def action_accept(self) -> None:
        """Write down that a difference is meant to be."""
        found, row = self._browsed, self.query_one(Grid).row
        if self.opened.read_only:
            self.say("nothing can be accepted: --read-only")
            return
        if found is None or self._asked is None or not isinstance(row, Row):
            self.say("no key is chosen")
            return
        events = [
            one.kind
            for one in found.past.open(self._asked.number, row.set)
            if one.key == row.key and not one.expected
        ]
        begun = {
            "set": _glob(found, row.set), "key": _glob(found, row.key),
            "kind": events[0] if len(events) == 1 else "", "expires": "90d", "file": self._file(),
        }  # fmt: skip
        given = await self.app.push_screen_wait(Accept(begun, self.today(), found.placer.canonical))
        if given is not None:
            self._last_file = str(given.file)
            self._change(lambda: self._accepting.accept(given))

    _last_file = ""

    def _file(self) -> str:
        named = self.opened.acceptances
        return self._last_file or (str(named) if named else default_name(self.opened.repository))

    def action_undo(self) -> None:
        """Take back what was accepted last."""
        self._change(self._accepting.undo)

    def action_redo(self) -> None:
        """Accept it again."""
        self._change(self._accepting.redo)

    @work(group="drift-change")
    async def _change(self, made: Callable[[], str]) -> None:
        try:
            told = await self.writes(made)
        except ForensicsError as error:
            self.say(str(error))
            return
        self.say(told)
        if self._asked is not None:
            self.ask(self._asked)


def _glob(found: Browsed, name: str) -> str:
    """A glob that means a set or key, in which a secret is anything."""
    masked = found.masked(name)
    return printable_glob(name if masked == name else _MASK.sub("*", masked))
