"""What the lists of the Rotation screen show: rows under the stage that they were read in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from forensics.lifecycle.stages import STAGES, RotationRow
from tui.table.columns import Cell, Column

__all__ = ["Group", "Item", "Listed", "board_columns", "counted", "grouped", "list_columns"]

_SEVERITY = {"critical": ("CRIT", "error"), "high": ("HIGH", "warning"), "medium": ("MED", "")}


class Group(NamedTuple):
    """A line above the rows of a stage."""

    stage: str
    rows: int
    """How many of those that are listed are at this stage now, wherever they stand."""


class Listed(NamedTuple):
    """A row, and the stage under which it stays until everything is read anew."""

    row: RotationRow
    stage: str
    slot: str | None = None
    """None as long as it has not come into view."""


Item = Group | Listed


def grouped(rows: Sequence[RotationRow]) -> dict[str, list[Listed]]:
    """Rows by stage, in their order; those that are not to be rotated are left out."""
    found: dict[str, list[Listed]] = {stage: [] for stage in STAGES}
    for row in rows:
        if row.stage:
            found[row.stage].append(Listed(row, row.stage))
    return found


def counted(items: Iterable[Item]) -> Counter[str]:
    """How many of the rows listed are at which stage now."""
    return Counter(one.row.stage for one in items if isinstance(one, Listed))


def _name(item: Item) -> Cell:
    if isinstance(item, Group):
        return Cell(f"-- {item.stage.upper()} {item.rows:,}", "accent")
    row = item.row
    return Cell(f"{row.preview} #{row.secret[:6]}", "muted" if row.stage != item.stage else "")


def _severity(item: Item) -> Cell:
    if isinstance(item, Group):
        return Cell("")
    return Cell(*_SEVERITY.get(item.row.severity, ("LOW", "muted")))


def _slot(item: Item) -> Cell:
    if isinstance(item, Group):
        return Cell("")
    row = item.row
    now = f"[now {row.stage or row.state}] " if row.stage != item.stage else ""
    slot = "" if item.slot is None else item.slot or row.rule
    return Cell(f"{now}{slot}", "muted" if now else "")


def _left(item: Item) -> Cell:
    if isinstance(item, Group):
        return Cell("")
    row = item.row
    return Cell(f"{row.left}/{row.places}", "warning" if row.left else "muted")


def _days(item: Item) -> Cell:
    if isinstance(item, Group) or item.row.exposed_days is None:
        return Cell("")
    return Cell(f"{item.row.exposed_days:,}", "muted")


def _owner(item: Item) -> Cell:
    return Cell("" if isinstance(item, Group) else item.row.owner)


def _due(now: float) -> Callable[[Item], Cell]:
    def cell(item: Item) -> Cell:
        if isinstance(item, Group) or item.row.due is None:
            return Cell("")
        try:
            day = datetime.fromtimestamp(item.row.due, UTC).strftime("%y-%m-%d")
        except (ValueError, OverflowError, OSError):
            day = "?"
        late = item.row.overdue(now)
        return Cell(f"{day}{'!' if late else ''}", "error" if late else "")

    return cell


def list_columns(now: float) -> tuple[Column[Item], ...]:
    """Of the list of all stages."""
    return (
        Column("secret", "SECRET", _name, 22, stays=True),
        Column("severity", "SEV", _severity, 4),
        Column("slot", "SLOT", _slot, 14, flexible=True, most=60),
        Column("left", "LEFT", _left, 5, right=True),
        Column("days", "DAYS", _days, 5, right=True, least=80),
        Column("owner", "OWNER", _owner, 8, flexible=True, most=16),
        Column("due", "DUE", _due(now), 9),
    )


def board_columns(now: float) -> tuple[Column[Item], ...]:
    """Of one stage on the board."""
    return (
        Column("secret", "SECRET", _name, 12, flexible=True, most=22, stays=True),
        Column("severity", "SEV", _severity, 4),
        Column("due", "DUE", _due(now), 9),
        Column("slot", "SLOT", _slot, 12, flexible=True, least=40),
    )
