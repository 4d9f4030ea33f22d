"""What the list shows of a secret."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from forensics.index.browse.rows import SecretRow
from forensics.report.text import repository_name
from tui.table.columns import Cell, Column

__all__ = ["SEVERITIES", "SORTED_BY", "STATES", "Mark", "age", "columns"]

_DAY = 86_400
_PREVIEW = 14


class Mark(NamedTuple):
    """A word short enough for a column, and its style."""

    text: str
    style: str


STATES = {
    "open": Mark("NEW", "accent"),
    "confirmed": Mark("REAL", "error"),
    "false-positive": Mark("FP", "muted"),
    "accepted": Mark("ACC", "warning"),
    "revoked": Mark("REV", "good"),
    "test": Mark("TEST", "muted"),
}
SEVERITIES = {
    "critical": Mark("CRIT", "error"),
    "high": Mark("HIGH", "error"),
    "medium": Mark("MED", "warning"),
    "low": Mark("LOW", "muted"),
}
SORTED_BY = {
    "state": "state", "severity": "severity", "rule": "rule", "sightings": "sightings",
    "last": "last", "first": "first", "paths": "paths",
}  # fmt: skip
"""By column, what the index sorts by."""


def age(seconds: int | None, now: float) -> str:
    """How long ago, in few characters."""
    if seconds is None:
        return "-"
    days = max(int(now - seconds), 0) // _DAY
    if days < 100:
        return f"{days}d"
    return f"{days // 30}mo" if days < 720 else f"{days // 365}y"


def _repository(row: SecretRow) -> Cell:
    name = repository_name(row.repository)
    return Cell(name + b" +%d" % (row.repositories - 1) if row.repositories > 1 else name)


def _secret(row: SecretRow) -> Cell:
    preview = row.preview
    if len(preview) > _PREVIEW:
        preview = preview[: _PREVIEW - 1] + "…"
    return Cell(f"{preview}#{row.short[:6]}")


def _mark(marks: dict[str, Mark], name: str) -> Cell:
    mark = marks.get(name, Mark(name.upper(), ""))
    return Cell(mark.text, mark.style)


def columns(clock: Callable[[], float]) -> tuple[Column[SecretRow], ...]:
    """The columns; where there is little room, some are left out.

    Args:
        clock: seconds since 1970.
    """
    return (
        Column("state", "STATE", lambda row: _mark(STATES, row.state), 5),
        Column("severity", "SEV", lambda row: _mark(SEVERITIES, row.severity), 4),
        Column("rule", "RULE", lambda row: Cell(row.rule), 12, flexible=True, most=32),
        Column("secret", "SECRET", _secret, 21, stays=True),
        Column("status", "WHERE", lambda row: Cell(row.status or "-", "muted"), 11, least=88),
        Column("repository", "REPO", _repository, 10, least=76),
        Column("paths", "PATHS", lambda row: Cell(f"{row.paths:,}"), 5, right=True, least=102),
        Column("sightings", "SIGHT", lambda row: Cell(f"{row.sightings:,}"), 6, right=True,
               least=56),
        Column("first", "FIRST", lambda row: Cell(age(row.first_seen, clock()), "muted"), 5,
               right=True, least=94),
        Column("last", "LAST", lambda row: Cell(age(row.last_seen, clock()), "muted"), 5,
               right=True),
    )  # fmt: skip
