"""CSV that spreadsheets show and do not calculate."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from forensics.report.text import printable

__all__ = ["as_text", "csv_line"]

_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes a cell for a formula by, full-width forms included.
Source: https://owasp.org/www-community/attacks/CSV_Injection"""


def as_text(text: bytes | str) -> str:
    """A cell in which a spreadsheet sees text, whatever it begins with: an apostrophe makes it
    so."""
    shown = printable(text)
    return f"'{shown}" if shown.lstrip(" ").startswith(_FORMULA) else shown


def csv_line(cells: Iterable[object]) -> str:
    """A line without its end. Lists stand as their parts with spaces between, nothing as an empty
    cell."""
    written = io.StringIO()
    csv.writer(written, lineterminator="").writerow([_cell(cell) for cell in cells])
    return written.getvalue()


def _cell(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return str(cell)
    return as_text(" ".join(map(str, cell)) if isinstance(cell, list) else str(cell))
