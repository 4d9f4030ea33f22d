"""Drift as CSV: one line a key and environment, or one an event."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from forensics.drift.model import DriftEvent, Matrix
from forensics.report.drift.objects import event_object, row_object
from forensics.report.drift.shown import Values
from forensics.report.text import printable

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
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def matrix_csv(matrix: Matrix, values: Values) -> Iterator[str]:
    """A header, and a line for each key in each environment. With values, one more column."""
    names = (*_CELL, "value") if values else _CELL
    yield _line(names)
    for row in matrix.rows:
        told = row_object(row, values)
        whence = {**told, "ref": matrix.ref, "commit": matrix.commit}
        for environment, cell in told["cells"].items():
            entry = {**whence, **cell, "environment": environment}
            yield _line([entry.get(name) for name in names])


def events_csv(events: Iterable[DriftEvent]) -> Iterator[str]:
    """A header, and a line for each event; of lists, the parts stand between spaces."""
    yield _line(_EVENT)
    for event in events:
        told = event_object(event)
        yield _line([told[name] for name in _EVENT])


def _line(cells: Sequence[object]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="").writerow([_plain(cell) for cell in cells])
    return written.getvalue()


def _plain(cell: object) -> str:
    """A cell in which a spreadsheet sees text, whatever it begins with."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, list):
        cell = " ".join(map(str, cell))
    text = printable(str(cell))
    return f"'{text}" if isinstance(cell, str) and text.startswith(_FORMULA) else text
