"""What is shown of the matrix: rows, signs and words, of a commit, a choice and a base."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable
from datetime import date
from math import inf
from typing import NamedTuple

from rich.cells import cell_len

from forensics.drift.acceptance import Acceptance, fits
from forensics.drift.cell_past import changed_since
from forensics.drift.model import DriftEvent, Matrix, Row
from forensics.index.database import Connection
from forensics.report.drift.shown import (
    counts,
    event_counts,
    legend,
    mark,
    marked_shared,
)
from forensics.report.text import printable
from forensics.scan.drift_browsing import Browsed

__all__ = [
    "Asked", "Component", "Heading", "Open", "View", "cell_text", "components", "unparsed",
    "view_of",
]  # fmt: skip


_LONGEST = 120
"""Characters of a key that are measured."""


class Asked(NamedTuple):
    """What somebody wants to see."""

    number: int
    """Of the step."""
    sets: tuple[str, ...] | None = None
    """None for all."""
    globs: tuple[str, ...] = ()
    """Of keys; empty for all."""
    only_drift: bool = False
    base: int | None = None
    """The step that letters are compared with."""
    opened: tuple[float, float] | None = None
    """Only keys of which something is open that began then, in seconds since 1970."""
    accepted: tuple[Acceptance, ...] = ()
    today: date | None = None


class Open(NamedTuple):
    """How many differences are open and not meant to be."""

    counting: int
    accepted: int


class Heading(NamedTuple):
    """A line above the keys of a set."""

    set: str
    title: str
    """Its name, secrets masked."""


class View(NamedTuple):
    """What is shown."""

    asked: Asked
    matrix: Matrix
    rows: tuple[Row | Heading, ...]
    keys: int
    """How many of the rows are keys."""
    longest: int
    """Cells of the longest key, up to some."""
    shared: frozenset[tuple[str, str, str]]
    changed: frozenset[tuple[str, str, str]]
    """Set, key and environment of what is not as it was at the base."""
    legend: tuple[str, ...]
    """What the signs mean that are there."""
    counts: tuple[int, ...]
    """After each step: how many differences of the sets asked for are open, accepted or not."""
    events: tuple[DriftEvent, ...]
    """Those that are open now, those marked that are accepted."""

    @property
    def open(self) -> Open:
        """Of all sets asked for."""
        return _open(self.events)

    def open_of(self, name: str) -> Open:
        """Of one set."""
        return _open(one for one in self.events if one.set == name)


def _open(events: Iterable[DriftEvent]) -> Open:
    found = [one.accepted for one in events if not one.expected]
    return Open(found.count(False), found.count(True))


def view_of(browsed: Browsed, connection: Connection, asked: Asked) -> View:
    """Look at a step."""
    past, read = browsed.past, browsed.read(connection)
    matrix = past.matrix(asked.number, read, asked.sets, asked.accepted, asked.today)
    sets = past.sets(asked.number) if asked.sets is None else asked.sets
    events = past.judged(asked.number, read, sets, asked.accepted, asked.today)
    began = {(one.set, one.key) for one in events if _began(one, asked)}
    shown = [row for row in matrix.rows if _wanted(row, asked, began)]
    names = [*dict.fromkeys(row.set for row in shown)]
    several = len(past.sets(asked.number)) > 1
    rows: list[Row | Heading] = []
    for row in shown:
        if several and (not rows or rows[-1].set != row.set):
            rows.append(Heading(row.set, browsed.masked(row.set) or "."))
        rows.append(row)
    shared = marked_shared(events)
    changed: set[tuple[str, str, str]] = set()
    if asked.base is not None:
        for name in names:
            found = changed_since(past, asked.base, asked.number, name, read)
            changed.update((name, *one) for one in found)
    environments = {name for row in shown for name in row.cells}
    matrix = matrix._replace(
        environments=tuple(name for name in matrix.environments if name in environments)
    )
    longest = max((cell_len(printable(row.key[:_LONGEST])) for row in shown), default=0)
    signs = legend({
        mark(cell, shared=(row.set, row.key, name) in shared)
        for row in shown
        for name, cell in row.cells.items()
        if cell.state != "value" or (row.set, row.key, name) in shared
    })  # fmt: skip
    words = [f"{sign} {what}" for sign, what in signs if sign != "A"]
    words += ["+ changed since the base"] * (asked.base is not None)
    if matrix.uncertain:
        words.insert(0, unparsed(matrix))
    words.append("equal letters, equal values")
    return View(
        asked, matrix, tuple(rows), len(shown), longest, frozenset(shared), frozenset(changed),
        tuple(words), past.open_counts(asked.sets),
        events,
    )  # fmt: skip


def unparsed(matrix: Matrix) -> str:
    """How many files do not parse, in words."""
    many = len(matrix.uncertain)
    return f"{many:,} files do not parse" if many != 1 else "1 file does not parse"


class Component(NamedTuple):
    """A set that has keys."""

    set: str
    title: str
    """Its name, secrets masked."""
    open: int
    environments: frozenset[str]


def components(browsed: Browsed, connection: Connection, asked: Asked) -> list[Component]:
    """All that have keys after a step, those with most that is open first."""
    past, read = browsed.past, browsed.read(connection)
    matrix = past.matrix(asked.number, read)
    environments: dict[str, set[str]] = {}
    for row in matrix.rows:
        environments.setdefault(row.set, set()).update(row.cells)
    events = past.judged(asked.number, read, [*environments], asked.accepted, asked.today)
    count = Counter(event.set for event in events if event_counts(event))
    return [
        Component(name, browsed.masked(name) or ".", count[name], frozenset(environments[name]))
        for name in sorted(environments, key=lambda name: (-count[name], name))
    ]


def _began(event: DriftEvent, asked: Asked) -> bool:
    first, last = asked.opened or (-inf, inf)
    return event_counts(event) and first < event.opened.time <= last


def _wanted(row: Row, asked: Asked, began: Container[tuple[str, str]]) -> bool:
    if asked.only_drift and not counts(row):
        return False
    if asked.opened is not None and (row.set, row.key) not in began:
        return False
    return not asked.globs or any(fits(row.key, glob) for glob in asked.globs)


def cell_text(view: View, row: Row, environment: str) -> str:
    """A cell in a few characters."""
    place = (row.set, row.key, environment)
    text = mark(row.cells.get(environment), shared=place in view.shared)
    return text + "+" if place in view.changed else text
