"""Drift as CSV: one line a key and environment, or one an event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from forensics.drift.model import DriftEvent, Matrix
from forensics.report.csv_cells import csv_line
from forensics.report.drift.objects import event_object, row_object
from forensics.report.drift.shown import Values

__all__ = ["events_csv", "matrix_csv"]

_CELL = (
    "set", "key", "environment", "state", "class", "path", "line", "layer", "drift", "accepted",
    "why", "ref", "commit",
)  # fmt: skip
_EVENT = (
    "kind", "severity", "set", "key", "present", "missing", "opened_commit", "opened_date",
    "opened_by", "closed_commit", "closed_date", "closed_by", "closed_how", "days", "certain",
    "expected", "accepted", "acceptance", "paths",
)  # fmt: skip


def matrix_csv(matrix: Matrix, values: Values) -> Iterator[str]:
    """A header, and a line for each key in each environment. With values, one more column."""
    names = (*_CELL, "value") if values else _CELL
    yield csv_line(names)
    for row in matrix.rows:
        told = row_object(row, values)
        whence = {**told, "ref": matrix.ref, "commit": matrix.commit}
        for environment, cell in told["cells"].items():
            entry = {**whence, **cell, "environment": environment}
            yield csv_line([entry.get(name) for name in names])


def events_csv(events: Iterable[DriftEvent]) -> Iterator[str]:
    """A header, and a line for each event; of lists, the parts stand between spaces."""
    yield csv_line(_EVENT)
    for event in events:
        told = event_object(event)
        yield csv_line([told[name] for name in _EVENT])
