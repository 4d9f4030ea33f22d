"""Findings about environment variables as a table for a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from forensics.drift.env_vars.model import EnvFinding
from forensics.report.env_vars.words import since_words, told
from forensics.report.text import printable

__all__ = ["findings_table"]


def findings_table(findings: Iterable[EnvFinding]) -> Table:
    """A row a finding."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("kind", "variable", "component", "where", "what", "since"):
        table.add_column(name, overflow="fold")
    for one in findings:
        row = (
            one.kind, one.name, one.component or ".", f"{printable(one.path)}:{one.line}",
            told(one), since_words(one) or "?",
        )  # fmt: skip
        table.add_row(*(Text(printable(cell)) for cell in row))
    return table
