"""What people accepted, as a table or as lines of JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date

from rich.table import Table
from rich.text import Text

from forensics.drift.acceptance import Acceptance
from forensics.report.text import printable

__all__ = ["accepted_jsonl", "accepted_table"]


def accepted_table(acceptances: Iterable[Acceptance], today: date) -> Table:
    """One row each, in the order of the file; what expired says so."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("SET", "KEY", "KIND", "ENVIRONMENT", "UNTIL", "OWNER", "REASON"):
        table.add_column(name, overflow="fold", no_wrap=name in ("KIND", "UNTIL"))
    for one in acceptances:
        old = one.expired(today)
        cells = (
            one.set, one.key, one.kind or "any", one.environment or "any",
            f"{one.expires}{' expired' if old else ''}", one.owner, one.reason,
        )  # fmt: skip
        table.add_row(*(Text(printable(cell)) for cell in cells), style="dim" if old else None)
    return table


def accepted_jsonl(acceptances: Iterable[Acceptance], today: date) -> Iterator[str]:
    """One line each."""
    for one in acceptances:
        yield json.dumps(
            {
                "set": one.set, "key": one.key, "kind": one.kind or None,
                "environment": one.environment or None, "reason": one.reason, "owner": one.owner,
                "expires": one.expires.isoformat(), "expired": one.expired(today),
                "line": one.line or None,
            }
        )  # fmt: skip
