"""Files and where they belong, in every format."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from forensics.drift.explained import Explained
from forensics.report.text import json_text, printable

__all__ = ["placed_csv", "placed_json", "placed_jsonl", "placed_table"]

_FIELDS = ("path", "set", "environment", "role", "layer", "rule", "why", "used")
_WIDE = 110


def _object(one: Explained) -> dict[str, Any]:
    return {
        "path": json_text(one.path),
        "set": one.set or None,
        "environment": one.environment or None,
        "role": one.role or None,
        "layer": one.layer,
        "rule": one.rule or None,
        "why": one.why,
        "used": [{"set": name, "environment": where or None} for name, where in one.used],
    }


def placed_json(files: Sequence[Explained]) -> Iterator[str]:
    """One array."""
    yield json.dumps([_object(one) for one in files], indent=2)


def placed_jsonl(files: Iterable[Explained]) -> Iterator[str]:
    """One line a file."""
    for one in files:
        yield json.dumps(_object(one))


def placed_csv(files: Iterable[Explained]) -> Iterator[str]:
    """A header, and one line a file."""
    yield ",".join(_FIELDS)
    for one in files:
        told = _object(one) | {"used": _used(one)}
        written = io.StringIO()
        cells = [printable("" if told[name] is None else str(told[name])) for name in _FIELDS]
        safe = [f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell for cell in cells]
        csv.writer(written, lineterminator="").writerow(safe)
        yield written.getvalue()


def _used(one: Explained) -> str:
    """By set, the environments."""
    by_set: dict[str, list[str]] = {}
    for name, where in one.used:
        by_set.setdefault(name, []).append(where or "those named inside")
    return "; ".join(f"{name}: {', '.join(where)}" for name, where in by_set.items())


def placed_table(files: Iterable[Explained], *, width: int) -> Table:
    """One row a file; on a narrow screen without the role."""
    wide = width >= _WIDE
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("FILE", "ROLE", "USED IN", "WHY"):
        if wide or name != "ROLE":
            table.add_column(name, overflow="fold")
    for one in files:
        used = _used(one) or ("nothing to compare it with" if one.set else "")
        cells = [printable(one.path), *([one.role] if wide else []), used, one.why]
        table.add_row(*(Text(printable(cell)) for cell in cells), style=None if one.used else "dim")
    return table
