"""Drift as objects for JSON. These fields are a contract: they may be added to, not changed."""

from __future__ import annotations

from typing import Any

from forensics.drift.model import Cell, DriftEvent, Matrix, Row, Step
from forensics.report.drift.shown import Values
from forensics.report.text import iso_date

__all__ = ["event_object", "matrix_head", "row_object"]


def _cell(cell: Cell, value: str | None) -> dict[str, Any]:
    found = {
        "state": cell.state,
        "class": cell.group or None,
        "path": cell.path or None,
        "line": cell.line or None,
        "layer": cell.layer or None,
    }
    return found if value is None else found | {"value": value}


def row_object(row: Row, values: Values) -> dict[str, Any]:
    """One key in all environments of its set."""
    return {
        "set": row.set,
        "key": row.key,
        "cells": {
            name: _cell(cell, values.get((row.set, row.key, name)))
            for name, cell in row.cells.items()
        },
        "drift": row.drift,
        "why": row.why or None,
        "accepted": row.accepted,
    }


def matrix_head(matrix: Matrix) -> dict[str, Any]:
    """What a matrix is of, without its keys."""
    return {
        "ref": matrix.ref,
        "commit": matrix.commit,
        "environments": list(matrix.environments),
        "uncertain": [{"path": path, "why": why} for path, why in matrix.uncertain],
    }


def _moment(step: Step | None) -> tuple[str | None, str | None, str | None, int | None]:
    """Commit, date, author and time."""
    if step is None:
        return None, None, None, None
    return step.commit.hex(), iso_date(step.time, step.offset), step.author, step.time


def _commit(step: Step) -> dict[str, str | None]:
    return {
        "commit": step.commit.hex(),
        "date": iso_date(step.time, step.offset),
        "by": step.author,
    }


def event_object(event: DriftEvent) -> dict[str, Any]:
    """A difference from the commit that opened it to what closed it."""
    opened, closed = _moment(event.opened), _moment(event.closed)
    return {
        "kind": event.kind,
        "set": event.set,
        "key": event.key,
        "present": list(event.present),
        "missing": list(event.missing),
        "opened_commit": opened[0],
        "opened_date": opened[1],
        "opened_by": opened[2],
        "opened_time": opened[3],
        "opened_in": [_commit(step) for step in event.opened_in],
        "closed_commit": closed[0],
        "closed_date": closed[1],
        "closed_by": closed[2],
        "closed_time": closed[3],
        "closed_in": [_commit(step) for step in event.closed_in],
        "closed_how": event.closed_how or None,
        "days": round(event.days, 1),
        "severity": event.severity,
        "certain": event.certain,
        "expected": event.expected or None,
        "accepted": event.accepted,
        "acceptance": event.acceptance or None,
        "steps": [
            {"commit": step.commit.hex(), "date": iso_date(step.time, step.offset),
             "by": step.author, "what": what}
            for step, what in event.steps
        ],
        "paths": list(event.paths),
    }  # fmt: skip
