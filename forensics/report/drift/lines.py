"""Drift as JSON: one object, or one a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from forensics.drift.model import DriftEvent, Matrix
from forensics.report.drift.objects import event_object, matrix_head, row_object
from forensics.report.drift.shown import Values

__all__ = ["events_json", "events_jsonl", "matrix_json", "matrix_jsonl"]


def matrix_json(matrix: Matrix, values: Values) -> Iterator[str]:
    """One object, a key a line in it."""
    head = json.dumps(matrix_head(matrix), indent=2).removesuffix("\n}")
    yield f'{head},\n  "keys": ['
    last = len(matrix.rows) - 1
    for number, row in enumerate(matrix.rows):
        yield f"    {json.dumps(row_object(row, values))}{',' if number < last else ''}"
    yield "  ]\n}"


def matrix_jsonl(matrix: Matrix, values: Values) -> Iterator[str]:
    """One line a key, each with the commit that it is of."""
    for row in matrix.rows:
        whence = {"ref": matrix.ref, "commit": matrix.commit}
        yield json.dumps(whence | row_object(row, values))


def events_json(events: Iterable[DriftEvent]) -> Iterator[str]:
    """One array, an event a line in it."""
    separator = "["
    for event in events:
        yield separator + json.dumps(event_object(event))
        separator = ","
    yield "]" if separator == "," else "[]"


def events_jsonl(events: Iterable[DriftEvent]) -> Iterator[str]:
    """One line an event."""
    for event in events:
        yield json.dumps(event_object(event))
