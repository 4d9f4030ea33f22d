"""Choosing the columns of a screen's tables, which are kept between runs."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, ClassVar

from textual import work
from textual.binding import Binding, BindingType

from forensics.errors import ForensicsError
from tui.asking import Superseded
from tui.facet_list import FacetList
from tui.polled import Polled
from tui.table.table import Table
from tui.typeahead import ASKS

__all__ = ["Columned"]


class Columned(Polled):
    """A screen whose tables show the columns that the user wants."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("vertical_line", "columns", "Columns", id="table.columns"),
    ]

    async def begin_columns(self) -> None:
        """Begin the visit, and leave out what was left out last."""
        with suppress(Superseded, ForensicsError):  # which the list says, too
            await self.visit.begin()
        hidden = self.visit.remembered.texts(f"{self.mode}-hidden")
        if hidden:
            self._hide(frozenset(hidden))

    @work(group="columns", exclusive=True, description=ASKS)
    async def action_columns(self) -> None:
        """Ask which columns to show."""
        from tui.choosing_columns import Choice, ChooseColumns

        table = next((one for one in self._tables() if one.region.width), None)
        if table is None:
            return
        names = [one.name for one in table.columns]
        choices = [
            Choice(one.title, one.name not in table.hidden, one.stays) for one in table.columns
        ]
        chosen = await self.app.push_screen_wait(ChooseColumns(choices))
        if chosen is None:
            return
        left_out = {name for name, shown in zip(names, chosen, strict=True) if not shown}
        hidden = table.hidden.difference(names) | left_out
        self.visit.remembered.keep(**{f"{self.mode}-hidden": sorted(hidden)})
        self._hide(hidden)

    def _tables(self) -> Sequence[Table[Any]]:
        return [one for one in self.query(Table) if not isinstance(one, FacetList)]

    def _hide(self, names: frozenset[str]) -> None:
        """But for what says which row is which, whatever was kept."""
        for one in self._tables():
            one.hidden = names.difference(each.name for each in one.columns if each.stays)
