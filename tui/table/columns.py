"""Columns of a table, and how wide they get."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Generic, NamedTuple, TypeVar

from rich.cells import cell_len, set_cell_size

from forensics.report.text import characters, printable, within

__all__ = ["Cell", "Column", "fitted", "widths"]

Row = TypeVar("Row")
_ELLIPSIS = "…"


class Cell(NamedTuple):
    """What stands in a row under a column."""

    text: str | bytes
    """As it is in the data: what could move the cursor, hide or turn around is escaped later."""
    style: str = ""
    """Name of a component style of the table, without its prefix."""


class Column(NamedTuple, Generic[Row]):
    """One column."""

    name: str
    """Its id, which sorting and remembering go by."""
    title: str
    cell: Callable[[Row], Cell]
    width: int
    """In terminal cells; the least one where it is flexible."""
    flexible: bool = False
    """Whether it shares what is left."""
    right: bool = False
    """Whether its text ends at its right edge."""
    middle: bool = False
    """Whether what does not fit is cut out of the middle, where ends tell texts apart."""
    least: int = 0
    """Width of the table under which the column is left out."""
    most: int = 0
    """Width over which a flexible one leaves room to others; none where it takes all."""
    stays: bool = False
    """Whether nobody can leave it out, since it says which row is which."""


def widths(
    columns: Sequence[Column[Row]], available: int, gap: int = 1, hidden: Collection[str] = ()
) -> dict[str, int]:
    """How wide each column gets, by name; those that a table so narrow leaves out are not there.

    Args:
        columns: from left to right.
        available: cells, scroll bar excluded.
        gap: cells between two columns.
        hidden: names of columns that are left out and make room for others.
    """
    left_out = [one for one in columns if one.name in hidden]

    def room(column: Column[Row]) -> int:
        return available + sum(one.width + gap for one in left_out if one.least <= column.least)

    shown = [one for one in columns if one.name not in hidden and one.least <= room(one)]
    spare = available - sum(one.width for one in shown) - gap * max(len(shown) - 1, 0)
    # Those with the nearest bound first: what they leave goes to the others.
    flexible = sorted(
        (one for one in shown if one.flexible),
        key=lambda one: one.most - one.width if one.most else available,
    )
    wide = {one.name: one.width for one in shown}
    for place, one in enumerate(flexible):
        share = max(spare, 0) // (len(flexible) - place)
        if one.most:
            share = min(share, max(one.most - one.width, 0))
        wide[one.name] += share
        spare -= share
    return wide


def fitted(text: str | bytes, width: int, *, right: bool = False, middle: bool = False) -> str:
    """Text of exactly so many cells in which nothing is hidden, moved or turned around; cut, with
    an ellipsis, where it is longer: at its end, or in the `middle`."""
    if width <= 0:
        return ""
    # Nothing is as narrow as nothing once it is printable, so what is far behind never shows.
    shown = printable(text[: 4 * width])
    if len(text) > 4 * width or cell_len(shown) > width:
        if middle:
            end = _ending(printable(text[-4 * width :]), width * 3 // 5)
            return _beginning(shown, width - 1 - cell_len(end)) + _ELLIPSIS + end
        return _beginning(shown, width - 1) + _ELLIPSIS
    space = " " * (width - cell_len(shown))
    return space + shown if right else shown + space


def _beginning(text: str, width: int) -> str:
    """As much of the start of a text as fits, on so many cells."""
    if not text.isascii():
        text = "".join(within(characters(text), width, cell_len))
    return set_cell_size(text, width)


def _ending(text: str, width: int) -> str:
    """As much of the end of a text as fits."""
    found = [*within(reversed(characters(text)), width, cell_len)]
    while found and not cell_len(found[-1]):  # what it belongs to is cut off
        found.pop()
    return "".join(reversed(found))
