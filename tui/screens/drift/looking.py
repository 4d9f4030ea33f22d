"""Looking at the matrix: the slider, the rows, the current cell, the signs."""

from __future__ import annotations

import re
from math import inf

from rich.cells import cell_len
from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import Input, Static

from forensics.report.text import printable
from forensics.scan.drift_browsing import Browsed
from tui.inert_input import InertInput
from tui.screens.drift.cell import cell_detail
from tui.screens.drift.grid import Grid
from tui.screens.drift.loading import Loading
from tui.screens.drift.slider import slider
from tui.screens.drift.view import (
    Asked,
    Heading,
    Open,
    View,
    components,
    unparsed,
    view_of,
)
from tui.table.table import Table

__all__ = ["Looking"]

_DAY = 86_400
_SIDE_BY_SIDE = 6
"""Environments of all components, up to which they are shown together at first."""


class Looking(Loading):
    """A screen that shows a history at one of its commits."""

    DEFAULT_CSS = """
    Looking #slider { height: 1; background: $surface; }
    Looking #filter { height: 1; border: none; padding: 0 1; background: $surface; }
    Looking #filter:focus { border: none; background: $boost; }
    Looking #main { height: 1fr; layout: vertical; }
    Looking Grid { height: 1fr; }
    Looking #drift-detail { height: 6; border-top: solid $border; padding: 0 1; }
    Looking.-middle #main, Looking.-wide #main { layout: horizontal; }
    Looking.-middle #drift-detail, Looking.-wide #drift-detail {
        height: 1fr; border-top: none; border-left: solid $border; width: 34;
    }
    Looking.-wide #drift-detail { width: 56; }
    Looking #legend { height: 1; padding: 0 1; color: $text-muted; }
    """

    def compose_body(self) -> ComposeResult:
        """Slider, filter, matrix, what the current cell says, signs."""
        yield Static(id="slider", markup=False)
        yield InertInput(placeholder="/ keys like: DB_*, *URL*", id="filter")
        with Container(id="main"):
            yield Grid()
            yield Static(id="drift-detail", markup=False)
        yield Static(id="legend", markup=False)

    def on_mount(self) -> None:
        """Show what the index has, and what the repository has more."""
        self._asked: Asked | None = None
        self._view: View | None = None
        self._entered: Asked | None = None
        self.query_one(Grid).focus()
        super().on_mount()

    def enter(self, query: str) -> None:
        """Show of which keys something is open that began so many days ago, such as `age:7..30`,
        the first included; of all components, now."""
        ages = re.fullmatch(r"age:(\d{1,6})\.\.(\d{0,6})", query)
        if ages is None:
            return
        now = self.opened.now()
        first = now - int(ages[2]) * _DAY if ages[2] else -inf
        last = now - int(ages[1]) * _DAY if int(ages[1]) else inf
        self._entered = Asked(0, opened=(first, last))
        if self._browsed is not None and self._asked is not None:
            self._show_entered(self._browsed)

    def _show_entered(self, found: Browsed) -> None:
        if self._entered is not None:
            self.query_one("#filter", Input).value = ""
            asked, self._entered = self._entered, None
            self.ask(asked._replace(number=len(found.past.line.steps) - 1))

    def take(self, found: Browsed) -> None:
        """Show another line; the same commits stay where one is and what is pinned."""
        numbers = {step.commit: number for number, step in enumerate(found.past.line.steps)}
        last = len(numbers) - 1
        before, asked = self._browsed, self._asked
        self._browsed = found
        if self._entered is not None:
            self._show_entered(found)
            return
        if before is None or asked is None:
            self._begin(found, Asked(last))
            return
        steps = before.past.line.steps
        at_end = asked.number == len(steps) - 1
        number = last if at_end else numbers.get(steps[asked.number].commit, last)
        base = None if asked.base is None else numbers.get(steps[asked.base].commit)
        self.ask(asked._replace(number=number, base=base))

    @work(group="drift-begin")
    async def _begin(self, found: Browsed, asked: Asked) -> None:
        """With all components, or with the worst where all have too many environments to be side
        by side."""
        sets = await self.asks(
            "drift components", lambda index: components(found, index, asked), self._not_read
        )
        if sets is None:
            return
        if len({name for one in sets for name in one.environments}) > _SIDE_BY_SIDE:
            asked = asked._replace(sets=(sets[0].set,))
        if self._asked is None and self._browsed is found:
            self.ask(asked)

    def tell(self, text: str) -> None:
        """In the last line; in the middle while there is nothing else."""
        self.say(text, lasts=True)
        if self._view is None:
            self._tell_instead(text)

    def ask(self, asked: Asked) -> None:
        """Look at something else."""
        if self._browsed is not None:
            asked = asked._replace(accepted=self._accepting.counting, today=self.today())
            self._asked = asked
            self._slide()
            self._look(self._browsed, asked)

    @work(group="drift-look")
    async def _look(self, found: Browsed, asked: Asked) -> None:
        view = await self.asks(
            "drift view", lambda index: view_of(found, index, asked), self._not_read
        )
        if view is None:
            return
        self._view = view
        self._slide()
        grid = self.query_one(Grid)
        grid.look(view)
        self._say_count(view)
        if not view.rows:
            self._tell_instead(_empty(found, view, bool(found.past.sets(asked.number))))
        elif grid.row is not None:
            grid.follow()
            self._detail()

    def _not_read(self, why: str) -> None:
        """Show nothing of another step in place of this one."""
        self._view = None
        self.query_one(Grid).look(None)
        self.count("not read")
        self.query_one("#legend", Static).update("")
        self._slide()
        self._tell_instead(why)

    def _tell_instead(self, text: str) -> None:
        self.query_one("#drift-detail", Static).update(printable(text))

    def _say_count(self, view: View) -> None:
        all_keys = len(view.matrix.rows)
        self.count(
            f"{view.keys:,} of {all_keys:,} keys" if view.keys < all_keys else f"{all_keys:,} keys"
        )
        self._legend()

    def _legend(self) -> None:
        grid, view, found = self.query_one(Grid), self._view, self._browsed
        if view is None or found is None:
            return
        names = view.matrix.environments
        parts = [*view.legend]
        if grid.fit < len(names):
            until = grid.first + grid.fit
            parts.insert(0, f"environments {grid.first + 1}-{until} of {len(names)}: h l")
        if view.asked.sets is not None and len(found.past.sets(view.asked.number)) > 1:
            parts.insert(0, "one component: c shows others")
        if view.asked.opened is not None:
            parts.insert(0, "only what opened then: Esc shows all")
        if view.asked.only_drift:
            parts.insert(0, "only drift")
        text = "  ".join(map(printable, parts))
        room = self.size.width - 2
        while cell_len(text) > room and len(parts) > 1:
            parts.pop()
            text = "  ".join([*map(printable, parts), "? says all"])
        line = Text(text, no_wrap=True, overflow="ellipsis")
        self.query_one("#legend", Static).update(line)

    def _slide(self) -> None:
        if self._browsed is not None and self._asked is not None:
            line, asked, view = self._browsed.past.line, self._asked, self._view
            counts = view.counts if view and len(view.counts) == len(line.steps) else ()
            now = view.open if view and view.asked.number == asked.number else None
            text = slider(line, asked.number, asked.base, counts, now, self.size.width)
            self.query_one("#slider", Static).update(Text(text, no_wrap=True))

    def on_resize(self) -> None:
        """The slider gets longer or shorter."""
        super().on_resize()
        self._slide()
        self.call_after_refresh(self._legend)

    def on_table_pages_wanted(self, event: Table.PagesWanted) -> None:
        """All rows are here."""
        for page in event.pages:
            self.query_one(Grid).put_page(page)

    def on_table_cursor_moved(self) -> None:
        """Say all of the current cell."""
        self.query_one(Grid).follow()
        self._detail()

    def on_table_header_clicked(self, event: Table.HeaderClicked) -> None:
        """Go to an environment."""
        self.query_one(Grid).go_to(event.column.removeprefix("="))

    def on_grid_environment_moved(self) -> None:
        """The same key elsewhere."""
        self._legend()
        self._detail()

    @work(group="drift-detail")
    async def _detail(self) -> None:
        found, view, grid = self._browsed, self._view, self.query_one(Grid)
        row, environment = grid.row, grid.environment
        if found is None or view is None or row is None:
            return
        if isinstance(row, Heading):
            lines = [row.title, _words(view.open_of(row.set))]
        else:
            chosen = row
            answer = await self.asks(
                "drift detail",
                lambda index: cell_detail(found, index, view, chosen, environment),
                self._tell_instead,
            )
            if answer is None:
                return
            lines = answer
            if grid.row is not row or grid.environment != environment:
                return
        self.query_one("#drift-detail", Static).update("\n".join(map(printable, lines)))


def _words(open_now: Open) -> str:
    accepted = f", {open_now.accepted:,} accepted" if open_now.accepted else ""
    return f"{open_now.counting:,} open{accepted}"


def _empty(found: Browsed, view: View, any_sets: bool) -> str:
    asked = view.asked
    if not any_sets:
        return "No configuration of several environments at this commit."
    if asked.globs:
        return "No key is like that; Esc clears the filter."
    if asked.only_drift:
        return "No drift here; d shows all keys."
    if asked.opened is not None:
        return "Nothing is open that began then; Esc shows all keys."
    if view.matrix.uncertain:
        path, why = view.matrix.uncertain[0]
        told = f"{found.masked(str(path))}: {found.masked(why)}"
        return f"No key can be told: {unparsed(view.matrix)}, such as {told}"
    if asked.sets is None:
        return "No file here has keys at this commit."
    return "This component has no keys at this commit; c chooses another."
