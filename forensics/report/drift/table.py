"""Drift as tables for a terminal: keys by environments, a block a set; and events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from forensics.drift.model import DriftEvent, Matrix, Row
from forensics.report.drift.shown import (
    Values,
    blocks,
    counts,
    event_counts,
    event_words,
    left_out,
    legend,
    mark,
    opened_by,
    row_environments,
    step_date,
    worst_first,
)
from forensics.report.text import printable

__all__ = ["events_table", "matrix_table"]

_WIDE = 110
"""Columns from which on everything is shown."""
_NARROWEST = 14
"""Columns that a key needs, and the name of an environment at most where there is no room."""
_LONGEST_NAME = 24
_KEY = 36
"""Columns of a key in the history, where there is room."""
_LONGEST_VALUE = 60
_STYLE = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "", "info": "dim"}


def matrix_table(
    matrix: Matrix,
    *,
    width: int,
    everything: bool,
    shared: Set[tuple[str, str, str]] = frozenset(),
    values: Values | None = None,
) -> Iterator[RenderableType]:
    """A block a set, what else there is in words, and a legend.

    Args:
        matrix: what may be shown.
        width: columns of the screen.
        everything: show rows too that are no drift, meant to be, or accepted.
        shared: set, key and environment of values that are shared.
        values: to print below their rows.
    """
    shown = blocks(matrix, everything=everything)
    for name, rows in shown.items():
        yield Text(printable(name) or ".", style="bold")
        yield _block(matrix, rows, width, shared, values or {})
        yield Text("")
    rest = "" if everything else left_out(matrix.rows)
    if rest:
        lead = "and " if shown else "no drift: "
        yield Text(f"{lead}{rest}; --all shows them", style="dim")
    signs = legend(
        mark(cell, shared=(row.set, row.key, name) in shared)
        for rows in shown.values()
        for row in rows
        for name, cell in row.cells.items()
    )
    yield from (Text(line, style="dim") for line in _lines(signs, width))


def _lines(signs: Iterable[tuple[str, str]], width: int) -> list[str]:
    """A legend in lines that keep a sign and its meaning together."""
    lines: list[str] = []
    for sign, what in signs:
        told = f"{sign} {what}"
        if lines and len(lines[-1]) + 3 + len(told) <= width:
            lines[-1] += f"   {told}"
        else:
            lines.append(told)
    return lines


def _block(
    matrix: Matrix,
    rows: Sequence[Row],
    width: int,
    shared: Set[tuple[str, str, str]],
    values: Values,
) -> RenderableType:
    names = row_environments(matrix, rows)
    # Where environments are many, they go below each other in blocks of their own.
    room = width - 2 - _NARROWEST
    most = _LONGEST_NAME
    if sum(_cells(name, most) + 2 for name in names) > room - 2 * _NARROWEST:
        most = _NARROWEST
    per_block = max(room // (max((_cells(name, most) for name in names), default=1) + 2), 1)
    pieces = [names[at : at + per_block] for at in range(0, len(names), per_block)] or [()]
    return Group(
        *(
            _piece(piece, most, rows, width, shared, values, last=piece is pieces[-1])
            for piece in pieces
        )
    )


def _cells(name: str, most: int) -> int:
    return min(len(printable(name)), most)


def _piece(
    names: Sequence[str],
    most: int,
    rows: Sequence[Row],
    width: int,
    shared: Set[tuple[str, str, str]],
    values: Values,
    *,
    last: bool,
) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("KEY", overflow="fold", min_width=_NARROWEST)
    for name in names:
        table.add_column(printable(name), no_wrap=True, overflow="ellipsis",
                         max_width=most)  # fmt: skip
    left = width - sum(_cells(name, most) + 2 for name in names) - _NARROWEST
    why = left >= 2 * _NARROWEST
    if why:
        table.add_column("WHY", overflow="fold")
    for row in rows:
        cells = [
            mark(row.cells.get(name), shared=(row.set, row.key, name) in shared) for name in names
        ]
        reason = f"accepted: {row.why}" if row.accepted else row.why
        table.add_row(
            Text(printable(row.key)),
            *map(Text, cells),
            *([Text(printable(reason))] if why else []),
            style=None if counts(row) else "dim",
        )
        if not why and row.why and last:
            table.add_row(Text(f"  {printable(reason)}", style="dim"))
        for line in _value_lines(row, names, values):
            table.add_row(Text(f"  {line}", style="dim"))
    return table


def _value_lines(row: Row, names: Sequence[str], values: Values) -> Iterator[str]:
    """Each group with the value that it has, where that may be shown."""
    told: dict[str, str] = {}
    for name in names:
        value = values.get((row.set, row.key, name))
        if value is not None:
            told.setdefault(value, mark(row.cells[name]) or "-")
    for value, sign in sorted(told.items(), key=lambda entry: entry[1]):
        shown = printable(value)
        cut = shown if len(shown) <= _LONGEST_VALUE else f"{shown[: _LONGEST_VALUE - 1]}…"
        yield f"{sign} = {cut}"


def events_table(
    events: Iterable[DriftEvent], *, width: int, everything: bool
) -> Iterator[RenderableType]:
    """One row an event, open ones first, the worst first; and what else there is in words.

    Args:
        events: that may be shown.
        width: columns of the screen; on a narrow one, who and what closed it are left out.
        everything: show events too that are meant to be or accepted.
    """
    found = worst_first(events)
    shown = [one for one in found if everything or not (one.expected or one.accepted)]
    if shown:
        yield _events(shown, wide=width >= _WIDE)
        yield Text("")
    parts = [f"{sum(map(event_counts, found)):,} open"]
    if closed := sum(one.closed is not None for one in shown):
        parts.append(f"{closed:,} closed")
    if accepted := sum(one.accepted for one in found) * (not everything):
        parts.append(f"{accepted:,} accepted (--all shows them)")
    if any(not one.certain for one in shown):
        parts.append("~ uncertain: a version at one end does not parse, or its clock was wrong")
    yield Text(", ".join(parts), style="dim")


def _events(events: Sequence[DriftEvent], *, wide: bool) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    several = len({event.set for event in events}) > 1
    wheres = [printable(f"{event.set}: {event.key}" if several else event.key) for event in events]
    key_width = min(max(len("KEY"), *map(len, wheres)), _KEY)
    for name in ("SEVERITY", "KIND", "KEY", "WHAT", "SINCE", "DAYS", "UNTIL", "BY"):
        if wide or name not in ("KIND", "BY"):
            table.add_column(
                name, overflow="fold", justify="right" if name == "DAYS" else "left",
                no_wrap=name in ("SEVERITY", "KIND", "SINCE", "DAYS"),
                width=key_width if wide and name == "KEY" else None,
            )  # fmt: skip
    for event, where in zip(events, wheres, strict=True):
        note = event.acceptance if event.accepted else event.expected
        what = event_words(event) + (f"; {note}" if note else "")
        cells = [
            Text(event.severity.upper(), style=_STYLE[event.severity]),
            *([Text(event.kind)] if wide else []),
            Text(where),
            Text(printable(what)),
            Text(_moment(event, wide=wide)),
            Text(f"{'' if event.certain else '~'}{event.days:,.1f}"),
            Text(printable(_until(event, wide=wide))),
            *([Text(printable(opened_by(event)))] if wide else []),
        ]
        table.add_row(*cells, style=None if event_counts(event) else "dim")
    return table


def _moment(event: DriftEvent, *, wide: bool) -> str:
    commit = f" {event.opened.commit.hex()[:8]}" if wide else ""
    return f"{step_date(event.opened)}{commit}"


def _until(event: DriftEvent, *, wide: bool) -> str:
    if event.closed is None:
        return "open"
    commit = f" {event.closed.commit.hex()[:8]} {event.closed_how}" if wide else ""
    return f"{step_date(event.closed)}{commit}".strip()
