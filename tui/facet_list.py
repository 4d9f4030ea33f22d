"""How many secrets there are of each rule, state and so on; choosing one edits the query."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual.binding import Binding, BindingType
from textual.message import Message

from forensics.index.browse.facets import Facet, FacetValue
from forensics.query.edit import wants
from forensics.query.parse import parse
from forensics.query.problem import QueryProblem
from forensics.report.text import repository_name
from tui.table.columns import Cell, Column
from tui.table.pages import PAGE
from tui.table.table import Table

__all__ = ["FacetList"]

_NAMES = {"sev": "severity", "repo": "repository", "env": "environment"}


class FacetLine(NamedTuple):
    """A field, or one of its values."""

    field: str
    value: FacetValue | None
    wanted: bool | None
    """Whether the query wants it; None where it does not name it."""
    more: int = 0


def _label(line: FacetLine) -> Cell:
    if line.value is None and line.more:
        return Cell(f"  and {line.more:,} more", "muted")
    if line.value is None:
        return Cell(_NAMES.get(line.field, line.field).upper(), "muted")
    sign = {True: "+", False: "-", None: " "}[line.wanted]
    style = {True: "good", False: "error", None: ""}[line.wanted]
    label = line.value.label
    if line.field == "repo":  # its start is the same for all
        label = repository_name(label.encode("utf-8", "surrogateescape")).decode("utf-8", "replace")
    return Cell(f"{sign} {label}", style)


def _count(line: FacetLine) -> Cell:
    return Cell("" if line.value is None else f"{line.value.secrets:,}", "muted")


def _same(line: FacetLine, other: FacetLine | None) -> bool:
    """Whether two lines are of the same value."""
    if other is None or line.field != other.field:
        return False
    return (line.value and line.value.value) == (other.value and other.value.value)


class FacetList(Table[FacetLine]):
    """Fields and their values with counts.

    Args:
        fields: in order.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "choose", "Only such, or no longer only", id="facets.want"),
        Binding("minus,x", "exclude", "None such, or no longer none", id="facets.exclude"),
    ]

    class Shown(Message):
        """It has come into view, by a key or since the terminal has grown."""

    class Edited(Message):
        """A value is wanted, or not."""

        def __init__(self, field: str, value: str, *, negated: bool, remove: bool) -> None:
            super().__init__()
            self.field, self.value = field, value
            self.negated, self.remove = negated, remove

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__(
            (
                Column("label", "FACETS", _label, 10, flexible=True),
                Column("count", "", _count, 6, right=True),
            ),
            name="facets",
        )
        self.fields = fields
        self._lines: dict[str, list[FacetLine]] = {}
        self._query = ""

    def on_show(self) -> None:
        """What it shows may be of another query."""
        self.post_message(self.Shown())

    def begin(self, query: str) -> None:
        """Another query is asked; what is shown goes on until it is answered."""
        self._query = query

    def tell(self, facet: Facet) -> None:
        """Show the values of a field."""
        field, lines = facet.field, []
        if facet.values:
            named = self._names(field)
            lines.append(FacetLine(field, None, None))
            lines += [
                FacetLine(field, one, self._wants(field, one.value) if named else None)
                for one in facet.values
            ]
        if facet.more:
            lines.append(FacetLine(field, None, None, facet.more))
        self._lines[field] = lines
        self._draw()

    def _draw(self) -> None:
        lines = [one for field in self.fields for one in self._lines.get(field, [])]
        top, here = self.scroll_offset.y, self.row
        place = next((at for at, one in enumerate(lines) if _same(one, here)), self.cursor)
        self.show(len(lines), cursor=place)
        for page in range(0, len(lines), PAGE):
            self.put(page // PAGE, lines[page : page + PAGE])
        self.scroll_to(y=top, animate=False, immediate=True)

    def _names(self, field: str) -> bool:
        """Whether the query says anything of a field."""
        try:
            return parse(self._query).names(field)
        except QueryProblem:
            return False

    def _wants(self, field: str, value: str) -> bool | None:
        try:
            return wants(self._query, field, value)
        except QueryProblem:
            return None

    def action_choose(self) -> None:
        """Want the value, or no longer."""
        self._edit(negated=False)

    def action_exclude(self) -> None:
        """Want none such, or no longer none."""
        self._edit(negated=True)

    def _edit(self, *, negated: bool) -> None:
        line = self.row
        if line is not None and line.value is not None:
            self.post_message(
                self.Edited(line.field, line.value.value, negated=negated,
                            remove=line.wanted is (not negated))
            )  # fmt: skip
