"""Which part of the drift somebody asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from forensics.drift.acceptance import fits
from forensics.drift.model import DriftEvent, Matrix, Row

__all__ = ["Choice"]


class Choice(NamedTuple):
    """Sets, keys, environments, kinds and severities; each empty for all."""

    sets: tuple[str, ...] = ()
    """Globs."""
    keys: tuple[str, ...] = ()
    """Globs."""
    between: tuple[str, ...] = ()
    """Two environments, by their canonical names."""
    kinds: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()

    def events(self, events: Iterable[DriftEvent]) -> tuple[DriftEvent, ...]:
        """The events that are asked for."""
        return tuple(
            event
            for event in events
            if self._wanted(event.set, event.key)
            and (not self.kinds or event.kind in self.kinds)
            and (not self.severities or event.severity in self.severities)
            and (not self.between or _between(event, self.between))
        )

    def matrix(self, matrix: Matrix, events: Iterable[DriftEvent]) -> Matrix:
        """The rows that are asked for, with no other environments than those.

        Args:
            matrix: of these events.
            events: as `events` chose them.
        """
        rows: Iterable[Row] = (row for row in matrix.rows if self._wanted(row.set, row.key))
        if self.kinds or self.severities:
            about = {(event.set, event.key) for event in events if event.closed is None}
            rows = (row for row in rows if (row.set, row.key) in about)
        names: Sequence[str] = matrix.environments
        if self.between:
            names = [name for name in names if name in self.between]
            rows = (_narrowed(row, names) for row in rows)
        return matrix._replace(
            environments=tuple(names),
            rows=tuple(row for row in rows if row.cells),
            uncertain=matrix.uncertain,
        )

    def named(self, name: str) -> bool:
        """Whether a set is asked for."""
        return not self.sets or any(fits(name, glob) for glob in self.sets)

    def _wanted(self, name: str, key: str) -> bool:
        return self.named(name) and (not self.keys or any(fits(key, glob) for glob in self.keys))


def _between(event: DriftEvent, pair: Sequence[str]) -> bool:
    """Whether an event sets the two apart, or is about one of them alone."""
    present, missing = ({*pair} & {*side} for side in (event.present, event.missing))
    if event.present and event.missing:
        return bool(present and missing)
    everyone = {*event.present, *event.missing}
    return len(present | missing) == min(len(everyone), 2)


def _narrowed(row: Row, names: Sequence[str]) -> Row:
    cells = {name: row.cells[name] for name in names if name in row.cells}
    if not row.drift and len({(cell.state, cell.group) for cell in cells.values()}) < 2:
        return row._replace(cells=cells, why="")
    return row._replace(cells=cells)
