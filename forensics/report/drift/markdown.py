"""Drift as Markdown, for comments on pull requests and for pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set

from forensics.drift.model import DriftEvent, Matrix
from forensics.report.drift.shown import (
    Values,
    blocks,
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
from forensics.report.markdown_text import code, prose

__all__ = ["events_markdown", "matrix_markdown"]

_ROWS = 500
"""Of one table: GitHub refuses a comment of more than 65,536 characters."""


def matrix_markdown(
    matrix: Matrix,
    *,
    everything: bool,
    shared: Set[tuple[str, str, str]] = frozenset(),
    values: Values | None = None,
) -> Iterator[str]:
    """A heading, a table a set, what else there is in words, and a legend."""
    yield "# Drift between environments"
    yield ""
    yield f"{code(matrix.ref)} at {code(matrix.commit[:12])}"
    shown = blocks(matrix, everything=everything)
    for name, rows in shown.items():
        names = row_environments(matrix, rows)
        yield ""
        yield f"## {code(name or '.')}"
        yield ""
        yield from _head(["key", *map(prose, names), "why"])
        for row in rows[:_ROWS]:
            cells = [
                _cell(
                    mark(row.cells.get(one), shared=(row.set, row.key, one) in shared),
                    (values or {}).get((row.set, row.key, one)),
                )
                for one in names
            ]
            reason = prose(f"accepted: {row.why}" if row.accepted else row.why)
            yield _row([code(row.key), *cells, reason])
        yield from _more(len(rows))
    rest = "" if everything else left_out(matrix.rows)
    if rest:
        yield ""
        yield f"{'And' if shown else 'No drift:'} {rest}."
    if matrix.uncertain:
        yield ""
        yield "Files that do not parse, so that nothing in them is certain:"
        yield ""
        for path, why in matrix.uncertain[:_ROWS]:
            yield f"- {code(path)}: {prose(why)}"
    signs = legend(
        mark(cell, shared=(row.set, row.key, one) in shared)
        for rows in shown.values()
        for row in rows
        for one, cell in row.cells.items()
    )
    if signs:
        yield ""
        yield ", ".join(f"`{sign}` {what}" for sign, what in signs)


def events_markdown(events: Iterable[DriftEvent], *, everything: bool) -> Iterator[str]:
    """A heading and a table, open events first, the worst first."""
    found = worst_first(events)
    shown = [one for one in found if everything or not (one.expected or one.accepted)]
    yield "# History of drift between environments"
    yield ""
    closed = sum(one.closed is not None for one in shown)
    yield f"{sum(map(event_counts, found)):,} open, {closed:,} closed"
    if not shown:
        return
    yield ""
    yield from _head(["severity", "kind", "set", "key", "what", "since", "days", "until", "by"])
    for one in shown[:_ROWS]:
        until = "open" if one.closed is None else _step(one.closed.commit, step_date(one.closed))
        how = f" {prose(one.closed_how)}" if one.closed_how else ""
        note = one.acceptance if one.accepted else one.expected
        what = event_words(one) + (f"; {note}" if note else "")
        yield _row([
            one.severity, one.kind, code(one.set or "."), code(one.key), prose(what),
            _step(one.opened.commit, step_date(one.opened)),
            f"{'' if one.certain else '~'}{one.days:,.1f}", until + how,
            prose(opened_by(one)),
        ])  # fmt: skip
    yield from _more(len(shown))


def _step(commit: bytes, day: str) -> str:
    return f"{day} {code(commit.hex()[:8])}"


def _cell(sign: str, value: str | None) -> str:
    shown = f"`{sign}`" if sign else ""
    return shown if value is None else f"{shown} {code(value)}"


def _head(names: Sequence[str]) -> Iterator[str]:
    yield _row(names)
    yield _row(["---"] * len(names))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _more(number: int) -> Iterator[str]:
    if number > _ROWS:
        yield ""
        yield f"… and {number - _ROWS:,} more"
